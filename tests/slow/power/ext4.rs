//! Power cuts on ext4: a real file system on a [disk that writes down](super::fuse) what comes, and forgets what
//! was not flushed.
//!
//! All mounts are in a mount namespace of a process that ends with us, so that none stays behind however we end.

use std::{
    collections::HashSet,
    fs::{self, File, OpenOptions},
    path::PathBuf,
    process::{Child, Command, ExitStatus, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread::JoinHandle,
    time::Duration,
};

use super::{
    Dice, Found, Outcome, Scene,
    disk::Disk,
    fuse::{self, Tape},
    look_at_all, play,
    tape::{Cut, Recorded},
    trace,
};
use crate::{books, run::Folder, support::needs::Lacking};

/// How a scene is played.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Pace {
    /// As it goes
    Quick,
    /// Everything is written back after each call, so that nothing comes to the disk together
    Slow,
    /// Every sync is left out, and answered as if it had been done
    Unsynced,
}

/// An ext4 file system with these options, and room for its copies.
pub struct Ext4 {
    tape: Arc<Mutex<Tape>>,
    options: String,
    server: Option<JoinHandle<()>>,
    space: Space,
}

/// A mount namespace, and a folder that is mounted in memory there.
struct Space {
    holder: Child,
    folder: tempfile::TempDir,
}

impl Space {
    fn new() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        let mut unshare = Command::new("unshare");
        // It says that it is there, and ends when its input does.
        unshare.args(["--mount", "--propagation", "private", "sh", "-c", "echo; exec cat >/dev/null"]);
        let holder =
            unshare.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()?;
        let mut space = Self { holder, folder };
        let mut byte = [0];
        std::io::Read::read_exact(space.holder.stdout.as_mut()?, &mut byte).ok()?;
        let here = space.folder.path().to_str()?.to_owned();
        (space.inside(&["mount", "-t", "tmpfs", "foil-ram", &here], Stdio::null())
            && ["disk", "book", "0", "1"].iter().all(|name| fs::create_dir(space.path(name)).is_ok()))
        .then_some(space)
    }

    /// Runs something in the namespace.
    fn inside(&self, words: &[&str], stdin: Stdio) -> bool {
        let mut enter = Command::new("nsenter");
        enter.args(["--mount", "--target", &self.holder.id().to_string()]).args(words).stdin(stdin);
        enter.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// The path of something in the folder, as it is in the namespace.
    fn there(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }

    /// The same, as it can be reached from here.
    fn path(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/root{}", self.holder.id(), self.there(name)))
    }

    fn mount(&self, image: &str, at: &str, options: &str) -> bool {
        let options = format!("loop,{options}");
        self.inside(
            &["mount", "-t", "ext4", "-o", &options, &self.there(image), &self.there(at)],
            Stdio::null(),
        )
    }

    /// A process that another thread is starting holds all our files for a moment: then it is tried again.
    fn unmount(&self, at: &str) -> bool {
        (0..500).any(|_| {
            let done = self.inside(&["umount", &self.there(at)], Stdio::null());
            done || {
                std::thread::sleep(Duration::from_millis(10));
                false
            }
        })
    }
}

impl Drop for Space {
    fn drop(&mut self) {
        // The mounts go with the last process in the namespace.
        let _ = self.holder.kill();
        let _ = self.holder.wait();
    }
}

impl Ext4 {
    pub fn new(kilobytes: usize, make: &[&str], options: &str) -> Result<Self, Lacking> {
        Self::mounted(kilobytes, make, options).ok_or_else(|| {
            Lacking::new("an ext4 of its own", "no root, loop device, FUSE or mkfs.ext4 is at hand here")
        })
    }

    /// None where any of what it takes is missing.
    fn mounted(kilobytes: usize, make: &[&str], options: &str) -> Option<Self> {
        let space = Space::new()?;
        let image = space.path("image");
        File::create(&image).ok()?.set_len(kilobytes as u64 * 1_024).ok()?;
        // Nothing is left to be written in the background later.
        let mut mkfs = Command::new("mkfs.ext4");
        mkfs.args(["-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0"]).args(make).arg(&image);
        mkfs.stderr(Stdio::null()).status().ok().filter(ExitStatus::success)?;
        let fuse = OpenOptions::new().read(true).write(true).open("/dev/fuse").ok()?;
        let options_of_fuse = "fd=0,rootmode=40000,user_id=0,group_id=0";
        let (disk, image) = (space.there("disk"), fs::read(image).ok()?);
        let mount = ["mount", "-i", "-t", "fuse", "-o", options_of_fuse, "foil-disk", &disk];
        if !space.inside(&mount, fuse.try_clone().ok()?.into()) {
            return None;
        }
        let tape = Arc::new(Mutex::new(Tape { image, events: Vec::new() }));
        let shared = Arc::clone(&tape);
        let server = Some(std::thread::spawn(move || fuse::serve(&fuse, &shared)));
        let ext4 = Self { tape, options: options.to_owned(), server, space };
        ext4.space.mount("disk/disk", "book", options).then_some(ext4)
    }

    /// Plays a scene, and cuts after every write that came to the disk, in at most `limit` ways each.
    pub fn cut(&self, scene: &Scene, pace: Pace, limit: usize) -> Outcome {
        let folder = Folder::at(self.space.path("book"));
        crate::books::copy_into(scene.folder, "", &folder, "");
        rustix::fs::syncfs(File::open(&folder).unwrap()).unwrap();
        let image = {
            let mut tape = self.tape.lock().unwrap();
            tape.events.clear();
            tape.image.clone()
        };
        let said = self.play(&folder, scene, pace);
        rustix::fs::syncfs(File::open(&folder).unwrap()).unwrap();
        let recorded =
            Recorded { image, said, events: std::mem::take(&mut self.tape.lock().unwrap().events) };
        let mut cuts = recorded.cuts(limit, &mut Dice(7));
        let mut seen = HashSet::new();
        cuts.retain(|cut| seen.insert(recorded.digest(cut)));
        let show = |thread: usize, cut: &Cut| {
            let mounted = self.mount(thread, &recorded.disk(cut));
            let said = recorded.said(cut.at);
            let files = Disk::read(mounted.folder().as_ref());
            (files.digest() ^ said.len() as u64, (mounted, said))
        };
        look_at_all(&cuts, show, |cut, (mounted, said)| {
            let folder = mounted.folder();
            books::restart(&folder);
            let why = format!("cut after {} of {} writes", cut.at, recorded.events.len());
            (scene.check)(&Found { folder, said, done: false, why });
        })
    }

    /// What was said, and how much the disk had when it was read.
    fn play(&self, folder: &Folder, scene: &Scene, pace: Pace) -> Vec<(usize, String)> {
        let mut said = Vec::new();
        let mut hear = |line| said.push((self.tape.lock().unwrap().events.len(), line));
        let slow = format!("inject={}:delay_exit=4000", trace::CALLS.join(","));
        let traced = |fault: &str| trace::start(folder, &["-e", fault], scene.words);
        match pace {
            Pace::Quick => {
                let foil = folder.foil(scene.words).stdin(Stdio::piped()).spawn().unwrap();
                play(foil, scene.pieces, hear);
            }
            Pace::Slow => while_synced(folder, || play(traced(&slow), scene.pieces, &mut hear)),
            Pace::Unsynced => play(traced("inject=fsync,fdatasync:retval=0"), scene.pieces, hear),
        }
        said
    }

    /// Mounts a disk as a cut left it.
    fn mount(&self, thread: usize, disk: &[u8]) -> Mounted<'_> {
        let (image, at) = (format!("{thread}.image"), thread.to_string());
        fs::write(self.space.path(&image), disk).unwrap();
        assert!(self.space.mount(&image, &at, &self.options), "a cut left what ext4 does not mount");
        Mounted { space: &self.space, at }
    }
}

/// Does something while everything is written back again and again.
fn while_synced(folder: &Folder, work: impl FnOnce()) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let disk = File::open(folder).unwrap();
            while !done.load(Ordering::Relaxed) {
                rustix::fs::syncfs(&disk).unwrap();
            }
        });
        work();
        done.store(true, Ordering::Relaxed);
    });
}

/// A file system that is unmounted at the end.
struct Mounted<'a> {
    space: &'a Space,
    at: String,
}

impl Mounted<'_> {
    fn folder(&self) -> Folder {
        Folder::at(self.space.path(&self.at))
    }
}

impl Drop for Mounted<'_> {
    fn drop(&mut self) {
        self.space.unmount(&self.at);
    }
}

impl Drop for Ext4 {
    fn drop(&mut self) {
        self.space.unmount("book");
        self.space.unmount("disk");
        let _ = self.space.holder.kill();
        let _ = self.server.take().map(JoinHandle::join);
    }
}
