//! A cable whose other end the test holds: a pseudo-terminal that is plugged in and out when the test says so, and a
//! process that reads it, of which the test sees every record as it comes. So tests wait for events, and for no clock.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    os::fd::{AsRawFd, OwnedFd},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc::{Receiver, channel},
    time::{Duration, Instant},
};

use counterfoil::json::{self, Object};
use rustix::{
    fs::{Mode, OFlags},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
};

use super::rig::foil;

/// How long a test waits for what must come, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// A device's end of a line, under a link that stays.
pub struct Cable {
    folder: tempfile::TempDir,
    plug: Option<Plug>,
}

/// A pseudo-terminal, as the kernel makes it: with line editing and echo.
struct Plug {
    master: fs::File,
    path: PathBuf,
}

impl Plug {
    fn new() -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let path = ptsname(&master, Vec::new()).unwrap().into_string().unwrap().into();
        Self { master: master.into(), path }
    }
}

impl Cable {
    pub fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), plug: None }
    }

    pub fn plugged_in() -> Self {
        let mut cable = Self::new();
        cable.plug_in();
        cable
    }

    /// The name that stays.
    pub fn port(&self) -> PathBuf {
        self.folder.path().join("port")
    }

    /// The device file behind it.
    pub fn path(&self) -> &Path {
        &self.plug.as_ref().unwrap().path
    }

    /// Plugs it in; answers the name that it has now.
    pub fn plug_in(&mut self) -> PathBuf {
        let plug = Plug::new();
        let path = plug.path.clone();
        std::os::unix::fs::symlink(&path, self.port()).unwrap();
        self.plug = Some(plug);
        path
    }

    /// Pulls it out.
    pub fn unplug(&mut self) {
        fs::remove_file(self.port()).unwrap();
        self.plug = None;
    }

    pub fn say(&self, bytes: &[u8]) {
        (&self.plug.as_ref().unwrap().master).write_all(bytes).unwrap();
    }

    /// Says all of it, or nothing where the line is full.
    pub fn try_say(&self, bytes: &[u8]) -> bool {
        let mut master = &self.plug.as_ref().unwrap().master;
        rustix::fs::fcntl_setfl(master, OFlags::NONBLOCK).unwrap();
        let count = master.write(bytes).unwrap_or(0);
        rustix::fs::fcntl_setfl(master, OFlags::empty()).unwrap();
        if count > 0 {
            self.say(&bytes[count..]);
        }
        count > 0
    }

    /// The other side's end, opened as a program does that knows nothing of serial ports.
    pub fn open(&self) -> OwnedFd {
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
        rustix::fs::open(self.path(), flags, Mode::empty()).unwrap()
    }

    /// What the other side has sent, as far as it is here.
    pub fn heard(&self) -> Vec<u8> {
        let master = &self.plug.as_ref().unwrap().master;
        rustix::fs::fcntl_setfl(master, OFlags::NONBLOCK).unwrap();
        let mut bytes = vec![0; 65_536];
        let count = { master }.read(&mut bytes).unwrap_or(0);
        rustix::fs::fcntl_setfl(master, OFlags::empty()).unwrap();
        bytes.truncate(count);
        bytes
    }

    /// Reads it, to the end of the test or its own.
    pub fn reader(&self, arguments: &[&str]) -> Reader {
        let mut command = foil(&["device", "read"]);
        command.arg(self.port()).args(["--device", "probe", "--backoff", "10ms..50ms"]).args(arguments);
        Reader::spawn(&mut command)
    }
}

/// Does to an open terminal what a driver does whose device is gone: every read is at its end from now on.
#[allow(unsafe_code)] // a request without argument, of which no crate knows
pub fn hang_up(tty: &OwnedFd) -> std::io::Result<()> {
    // SAFETY: the descriptor is open, and the request has no argument.
    match unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCVHANGUP) } {
        0 => Ok(()),
        _ => Err(std::io::Error::last_os_error()),
    }
}

/// Whether a terminal is held by TIOCEXCL.
#[allow(unsafe_code)] // the request writes one int
pub fn is_exclusive(tty: &OwnedFd) -> bool {
    let mut exclusive: libc::c_int = 0;
    // SAFETY: the descriptor is open, and the request writes one int.
    let asked = unsafe { libc::ioctl(tty.as_raw_fd(), libc::TIOCGEXCL, &raw mut exclusive) };
    asked == 0 && exclusive != 0
}

/// A process that reads.
pub struct Reader {
    pub child: Child,
    records: Receiver<Object>,
    talk: Receiver<String>,
}

impl Reader {
    pub fn spawn(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let records = lines(child.stdout.take().unwrap(), |line| {
            json::parse_object(line.as_bytes()).unwrap_or_else(|error| panic!("{error}: {line}"))
        });
        let talk = lines(child.stderr.take().unwrap(), |line| line);
        Self { child, records, talk }
    }

    /// The next record; waits for it.
    pub fn next(&mut self) -> Object {
        match self.records.recv_timeout(PATIENCE) {
            Ok(record) => record,
            Err(why) => panic!("no more records: {why}; {:?}", self.talk.try_iter().collect::<Vec<_>>()),
        }
    }

    /// All records up to the first with this word, the status or `reading`.
    pub fn until(&mut self, word: &str) -> Vec<Object> {
        let mut records = vec![self.next()];
        while word_of(records.last().unwrap()) != word {
            records.push(self.next());
        }
        records
    }

    /// Waits for its end: its exit status, the rest of its records, and all it said.
    pub fn end(mut self) -> (Option<i32>, Vec<Object>, Vec<String>) {
        let records = self.records.iter().collect();
        let talk = self.talk.iter().collect();
        (self.child.wait().unwrap().code(), records, talk)
    }

    /// Waits until the process sleeps.
    pub fn wait_until_idle(&self) {
        let deadline = Instant::now() + PATIENCE;
        let mut before = self.cpu();
        loop {
            std::thread::sleep(Duration::from_millis(300));
            let now = self.cpu();
            if now.saturating_sub(before) < Duration::from_millis(30) {
                return;
            }
            before = now;
            assert!(Instant::now() < deadline, "it never sleeps");
        }
    }

    /// The time for which all its threads have run.
    pub fn cpu(&self) -> Duration {
        let tasks = fs::read_dir(format!("/proc/{}/task", self.child.id())).unwrap();
        let of_task = |task: fs::DirEntry| -> u64 {
            let text = fs::read_to_string(task.path().join("schedstat")).unwrap_or_default();
            text.split(' ').next().and_then(|nanos| nanos.parse().ok()).unwrap_or(0)
        };
        Duration::from_nanos(tasks.flatten().map(of_task).sum())
    }

    /// The most memory that it ever had, in KiB.
    pub fn peak(&self) -> u64 {
        peak_memory(self.child.id())
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The most resident memory that a process ever had, in KiB.
pub fn peak_memory(pid: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// A record in one word.
pub fn word_of(record: &Object) -> &str {
    record.str("status").unwrap_or("reading")
}

fn lines<T: Send + 'static>(
    from: impl Read + Send + 'static,
    make: impl Fn(String) -> T + Send + 'static,
) -> Receiver<T> {
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for line in BufReader::new(from).lines().map_while(Result::ok) {
            if sender.send(make(line)).is_err() {
                return;
            }
        }
    });
    receiver
}
