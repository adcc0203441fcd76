//! The prompt on a terminal: keys go in, and what stands on the screen comes out.
//!
//! The terminal is a PTY, made the controlling terminal of `foil repl` by `setsid --ctty` (util-linux), so that
//! Ctrl-C travels as it does for people.

use std::{
    fs::{self, File},
    io::{Read, Write},
    os::unix::{fs::PermissionsExt, process::ExitStatusExt},
    path::Path,
    process::{Child, Command, ExitStatus},
    sync::mpsc::{Receiver, RecvTimeoutError, channel},
    thread,
    time::{Duration, Instant},
};

use rustix::{
    process::{Pid, Signal, kill_process},
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize},
};

use crate::server::{Answer, Server};
use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![
    lines_are_typed_completed_and_remembered,
    ctrl_c_stops_the_line_or_the_command_and_never_the_prompt,
    an_idle_prompt_obeys_sigterm_whatever_commands_held,
    a_passphrase_is_asked_once_a_session_and_only_the_right_one_is_kept,
    what_is_published_can_be_used_to_read,
    names_of_the_ledger_in_use_are_completed_and_quoted,
];

const PATIENCE: Duration = Duration::from_secs(30);
const CTRL_C: &str = "\x03";
const CTRL_D: &str = "\x04";
/// What the editor sends when a line is done: before that it shows the prompt anew with each key.
const ENTERED: &str = "\x1b[?2004l";

/// `foil` at a terminal.
pub(crate) struct Prompt {
    keys: File,
    screen: Receiver<Vec<u8>>,
    seen: String,
    /// What stood before that which was waited for last
    pub(crate) since_last: String,
    child: Child,
}

impl Prompt {
    /// The command of these arguments.
    pub(crate) fn start(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new("setsid");
        command.args(["--ctty", env!("CARGO_BIN_EXE_foil")]).args(args);
        Self::run(command, folder)
    }

    /// Lines that a shell runs.
    pub(crate) fn shell(folder: &Path, script: &str) -> Self {
        let mut command = Command::new("setsid");
        command.args(["--ctty", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_foil")]);
        Self::run(command, folder)
    }

    fn run(mut command: Command, folder: &Path) -> Self {
        let keys = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&keys).unwrap();
        unlockpt(&keys).unwrap();
        tcsetwinsize(&keys, Winsize { ws_row: 50, ws_col: 200, ws_xpixel: 0, ws_ypixel: 0 }).unwrap();
        let name = ptsname(&keys, Vec::new()).unwrap().into_string().unwrap();
        let terminal = File::options().read(true).write(true).open(name).unwrap();
        let child = command
            .current_dir(folder)
            .env_clear()
            .env("PATH", std::env::var("PATH").unwrap())
            .env("HOME", folder)
            .env("TERM", "xterm")
            .stdin(terminal.try_clone().unwrap())
            .stdout(terminal.try_clone().unwrap())
            .stderr(terminal)
            .spawn()
            .unwrap();
        let keys = File::from(keys);
        let mut output = keys.try_clone().unwrap();
        let (sender, screen) = channel();
        thread::spawn(move || {
            let mut buffer = [0; 4096];
            // The PTY reports an error when its other side is closed: that is the end.
            while let Ok(count @ 1..) = output.read(&mut buffer) {
                let _ = sender.send(buffer[..count].to_vec());
            }
        });
        Self { keys, screen, seen: String::new(), since_last: String::new(), child }
    }

    pub(crate) fn press(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
    }

    /// Waits until this stands on the screen, behind what was waited for before.
    pub(crate) fn expect(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(at) = self.seen.find(text) {
                self.since_last = self.seen[..at].to_owned();
                self.seen.drain(..at + text.len());
                return;
            }
            match self.screen.recv_timeout(end.saturating_duration_since(Instant::now())) {
                Ok(bytes) => self.seen.push_str(&String::from_utf8_lossy(&bytes)),
                Err(RecvTimeoutError::Timeout) => panic!("no {text:?}, but:\n{:?}", self.seen),
                Err(RecvTimeoutError::Disconnected) => panic!("ended without {text:?}:\n{:?}", self.seen),
            }
        }
    }

    /// Waits until the terminal is as is told.
    fn wait_until(&self, what: &str, is_so: impl Fn(&File) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !is_so(&self.keys) {
            assert!(Instant::now() < end, "never: {what}");
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// Types a line, and waits for what it says.
    pub(crate) fn say(&mut self, line: &str, answer: &str) {
        self.press(&format!("{line}\r"));
        self.expect(answer);
    }

    pub(crate) fn end(mut self) -> ExitStatus {
        let end = Instant::now() + PATIENCE;
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(Instant::now() < end, "still running:\n{:?}", self.seen);
            thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Prompt {
    fn drop(&mut self) {
        // After a failed test too nothing is left running.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A folder with a key and a ledger of one entry.
fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for line in ["keygen gateway", "chain init cold-room -k gateway --origin test/cold-room"] {
        let foil = Command::new(env!("CARGO_BIN_EXE_foil"))
            .args(line.split(' '))
            .current_dir(folder.path())
            .env_clear()
            .env("HOME", folder.path())
            .output()
            .unwrap();
        assert!(foil.status.success(), "{foil:?}");
    }
    folder
}

fn lines_are_typed_completed_and_remembered() -> Tested {
    needs::tool("setsid")?;
    let folder = prepared();
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("Ctrl-D leaves");
    prompt.expect("foil> ");
    prompt.press("key sh\t gate\t");
    prompt.expect("key show ");
    prompt.say(".did", "a public key");
    prompt.expect("foil> ");
    prompt.press("use col\tgatew\t");
    prompt.say("", "cold-room(1)> ");
    prompt.say("device read sim:cold-room --count 2 -q | sign | chain append @ -q", "cold-room(5)> ");
    prompt.say("chain cat @ --last 1 | cat > 'last one'", "cold-room(5)> ");
    prompt.press("chain cat @ --dev\t\t");
    prompt.expect("--device cold-room");
    prompt.say(" --type status --as csv", "n,received");
    prompt.expect("cold-room(5)> ");
    prompt.say(" use", "/gateway.pem");
    prompt.expect("cold-room(5)> ");
    prompt.say("key show 'gate", "");
    prompt.say("way'", "no key \"gate\\nway\"");
    prompt.expect("cold-room(5) [2]> ");
    // What was typed before is offered, dim.
    prompt.press("chain ca");
    prompt.expect("\x1b[2mt @ --device cold-room");
    prompt.press(CTRL_C);
    prompt.expect("cold-room(5) [2]> ");
    prompt.press(CTRL_D);
    assert_eq!(prompt.end().code(), Some(0));
    let kept = folder.path().join("last one");
    assert!(fs::read_to_string(kept).unwrap().contains("\"status\":\"stopped\""));
    let history = folder.path().join(".local/state/foil/history");
    let lines = fs::read_to_string(&history).unwrap();
    assert!(lines.contains("use cold-room gateway\n") && !lines.contains("\n use"), "{lines}");
    assert_eq!(fs::metadata(&history).unwrap().permissions().mode() & 0o777, 0o600);
    Ok(())
}

fn ctrl_c_stops_the_line_or_the_command_and_never_the_prompt() -> Tested {
    needs::tool("setsid")?;
    let folder = prepared();
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    prompt.press("half a line");
    prompt.press(CTRL_C);
    prompt.expect("foil> ");
    prompt.say("use cold-room gateway", "cold-room(1)> ");
    for everlasting in [
        "chain cat @ --follow",
        "chain cat @ --follow | cat",
        "chain cat @ --follow --json | jq . ; ls",
        "while true; do chain cat @ --follow | cat; done",
        "device read sim:cold-room",
        "cat | cat",
    ] {
        prompt.say(everlasting, "\n");
        thread::sleep(Duration::from_millis(500));
        prompt.press(CTRL_C);
        prompt.expect("cold-room(1) [130]> ");
    }
    // What the interrupted commands held is free again.
    prompt.say("chain cat @ --as csv", "n,received");
    prompt.expect("cold-room(1)> ");
    prompt.say("exit 7", "");
    assert_eq!(prompt.end().code(), Some(7));
    Ok(())
}

fn an_idle_prompt_obeys_sigterm_whatever_commands_held() -> Tested {
    needs::tool("setsid")?;
    let folder = prepared();
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    prompt.say("chain cat cold-room --follow", "\n");
    thread::sleep(Duration::from_millis(500));
    prompt.press(CTRL_C);
    prompt.expect("foil [130]> ");
    thread::sleep(Duration::from_millis(200));
    let id = Pid::from_raw(prompt.child.id().cast_signed()).unwrap();
    kill_process(id, Signal::TERM).unwrap();
    assert_eq!(prompt.end().signal(), Some(15));
    Ok(())
}

/// The keys `gateway` and `other` under passphrases, with the ledger of the first.
fn locked() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, passphrase) in [("gateway", "correct horse"), ("other", "battery staple")] {
        let file = folder.path().join("passphrase");
        fs::write(&file, passphrase).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        run_in(folder.path(), &["keygen", name, "--passphrase-file", "passphrase"]);
        if name == "gateway" {
            let init = ["chain", "init", "cold-room", "-k", name, "--origin", "test/cold-room"];
            run_in(folder.path(), &[&init[..], &["--passphrase-file", "passphrase"]].concat());
        }
        fs::remove_file(file).unwrap();
    }
    folder
}

fn run_in(folder: &Path, words: &[&str]) {
    let mut foil = Command::new(env!("CARGO_BIN_EXE_foil"));
    let run = foil.args(words).current_dir(folder).env_clear().env("HOME", folder).output().unwrap();
    assert!(run.status.success(), "{run:?}");
}

fn a_passphrase_is_asked_once_a_session_and_only_the_right_one_is_kept() -> Tested {
    needs::tool("setsid")?;
    let folder = locked();
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    prompt.say("use cold-room gateway", "cold-room(1)> ");
    // A wrong one is not kept.
    prompt.say("chain tick", "/gateway.pem: ");
    prompt.say("wrong donkey", "the passphrase does not open it");
    prompt.expect("cold-room(1) [2]> ");
    // Both stages need it, and one asks.
    let pipe = "device read sim:cold-room --count 2 -q | sign | chain append @ -q";
    prompt.say(pipe, "/gateway.pem: ");
    prompt.say("correct horse", "cold-room(5)> ");
    assert!(!prompt.since_last.contains("Passphrase"), "{:?}", prompt.since_last);
    // From then on neither a pipe nor a command asks.
    for (line, size) in [(pipe, 9), ("chain tick -q", 10), ("foil chain tick -q > receipt; :", 11)] {
        prompt.say(line, &format!("cold-room({size})> "));
        assert!(!prompt.since_last.contains("Passphrase"), "{line}: {:?}", prompt.since_last);
    }
    // Another key has its own.
    prompt.say("use cold-room other", ENTERED);
    prompt.expect("cold-room(11)> ");
    prompt.say("key show other.pem", "Passphrase of other.pem: ");
    prompt.say("battery staple", "a secret key with a passphrase");
    prompt.say("key show ./other.pem gateway.pem", "a secret key with a passphrase");
    prompt.expect("cold-room(11)> ");
    assert!(!prompt.since_last.contains("Passphrase"), "{:?}", prompt.since_last);
    // No other program is told.
    prompt.say("chain cat @ 0 | sh -c 'env; ls -l /proc/self/fd' > told", ENTERED);
    prompt.expect("cold-room(11)> ");
    let told = fs::read_to_string(folder.path().join("told")).unwrap();
    assert!(told.contains("FOIL_LEDGER=") && !told.contains("assphrase"), "{told}");
    assert!(!told.contains("FOIL_PASSPHRASES") && !told.contains("horse"), "{told}");
    // A file that holds another key by now is asked for.
    fs::copy(folder.path().join("other.pem"), folder.path().join("gateway.pem")).unwrap();
    prompt.say("key show gateway.pem", "Passphrase of gateway.pem: ");
    prompt.say("battery staple", "a secret key with a passphrase");
    prompt.expect("cold-room(11)> ");
    prompt.press(CTRL_D);
    assert_eq!(prompt.end().code(), Some(0));
    // Another session knows nothing.
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    prompt.say("key show other.pem", "Passphrase of other.pem: ");
    // Ctrl-C at the question stops the command, and not the prompt. The question stands there before its answer is hidden.
    prompt.wait_until("keys are hidden", |keys| {
        let modes = tcgetattr(keys).unwrap().local_modes;
        !modes.intersects(LocalModes::ECHO | LocalModes::ISIG)
    });
    prompt.press(CTRL_C);
    prompt.expect("foil [130]> ");
    prompt.say("key show other.did", "a public key");
    Ok(())
}

fn what_is_published_can_be_used_to_read() -> Tested {
    needs::tool("setsid")?;
    let folder = prepared();
    run_in(folder.path(), &["chain", "publish", "cold-room", "site"]);
    let site = folder.path().join("site");
    let server =
        Server::start(move |path| fs::read(site.join(path)).map_or(Answer::Status(404), Answer::Bytes));
    let host = server.url().replace("http://", "");
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    let places = [("site".to_owned(), "site(1)> ".to_owned()), (server.url(), format!("{host}> "))];
    for (place, shown) in places {
        prompt.say(&format!("use {place} gateway"), &shown);
        for (reads, answer) in [
            ("chain status --json", "\"origin\":\"test/cold-room\""),
            ("chain cat --json", "\"type\":\"ledger\""),
            ("chain cat @ 0 | cut -c1-6", "{\"n\":0"),
            ("registry show @", "admin"),
            ("chain stub --json", "\"origin\""),
            ("verify @", "sound: 1 entry"),
        ] {
            prompt.say(reads, answer);
            prompt.expect(&shown);
        }
        for writes in ["append @ records", "tick", "tick @", "pack", "prune --before 1", "repair"] {
            prompt.say(&format!("chain {writes}"), "is a published log, not a ledger");
            prompt.expect("foil chain clone");
            prompt.expect(&shown.replace("> ", " [2]> "));
        }
    }
    assert!(!folder.path().join("http:").exists());
    // What cannot be read is not used.
    prompt.say("use http://127.0.0.1:1", ENTERED);
    prompt.expect("foil repl: error: http://127.0.0.1:1/checkpoint: ");
    prompt.expect(&format!("{host} [2]> "));
    Ok(())
}

fn names_of_the_ledger_in_use_are_completed_and_quoted() -> Tested {
    needs::tool("setsid")?;
    let folder = prepared();
    for who in ["rental", "excavator"] {
        run_in(folder.path(), &["keygen", who]);
    }
    let mut prompt = Prompt::start(folder.path(), &["repl"]);
    prompt.expect("foil> ");
    prompt.say("use cold-room gateway", "cold-room(1)> ");
    let reading = r#"{"type":"reading","device":"Kühlraum 3","time":"2026-03-01T06:00:00Z","values":{"oil pressure":1}}"#;
    fs::write(folder.path().join("reading"), reading).unwrap();
    prompt.say("sign reading | chain append -q", "cold-room(2)> ");
    prompt.say(
        "registry enroll --party 'Acme Rental' --key rental -k rental -k gateway -q | chain append -q",
        "cold-room(3)> ",
    );
    prompt.say(
        "registry enroll --device 'excavator 07' --key excavator --owner 'Acme Rental' -k rental -k excavator -q | chain append -q",
        "cold-room(4)> ",
    );
    // Tab puts in the only name that there is, quoted where it has to be.
    prompt.press("chain cat --device K\t");
    prompt.expect("--device 'Kühlraum 3' ");
    prompt.press("--field o\t");
    prompt.expect("--field 'oil pressure' ");
    prompt.say("--json", "\"oil pressure\":1");
    prompt.expect("cold-room(4)> ");
    prompt.press("registry show @ exc\t");
    prompt.expect("@ 'excavator 07' ");
    prompt.say("--human", "Acme Rental");
    prompt.expect("cold-room(4)> ");
    prompt.press("registry show @ --owner A\t");
    prompt.expect("--owner 'Acme Rental' ");
    prompt.say("--human", "excavator 07");
    prompt.expect("cold-room(4)> ");
    // The device stands first where the ledger is left out.
    prompt.press("registry retire \t\t");
    prompt.expect("excavator 07");
    prompt.press(CTRL_C);
    prompt.expect("cold-room(4)> ");
    Ok(())
}
