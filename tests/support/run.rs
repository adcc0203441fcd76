//! Runs the command `foil` in a folder of its own, away from the user's keys and settings.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Output, Stdio},
};

/// A folder for one test, with its own home.
pub struct Folder {
    path: PathBuf,
    /// Removes it at the end; `None`: another test value does
    _temporary: Option<tempfile::TempDir>,
}

/// What a run gave.
pub struct Run {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Folder {
    pub fn new() -> Self {
        let temporary = tempfile::tempdir().unwrap();
        Self { path: temporary.path().to_owned(), _temporary: Some(temporary) }
    }

    /// A folder in memory, where there is such: syncs cost nothing there.
    pub fn in_memory() -> Self {
        let temporary = tempfile::tempdir_in("/dev/shm").or_else(|_| tempfile::tempdir()).unwrap();
        Self { path: temporary.path().to_owned(), _temporary: Some(temporary) }
    }

    /// A folder that is there already, and is removed elsewhere.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), _temporary: None }
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// `foil` with these words, ready for more settings.
    pub fn foil(&self, words: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_foil"));
        let path = std::env::var("PATH").unwrap();
        command.args(words).current_dir(&self.path).env_clear().env("PATH", path);
        // Times for people are local.
        command.env("TZ", "UTC0");
        command.env("HOME", &self.path).env("XDG_STATE_HOME", self.path("state"));
        command.env("XDG_CONFIG_HOME", self.path("config"));
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs `foil` to its end.
    pub fn run(&self, words: &[&str]) -> Run {
        self.foil(words).output().unwrap().into()
    }

    /// Runs `foil` to its end on this input.
    pub fn feed(&self, words: &[&str], input: impl Into<Vec<u8>>) -> Run {
        let child = self.foil(words).stdin(Stdio::piped()).spawn().unwrap();
        feed(child, input.into())
    }

    /// Makes a key whose seed is 32 times the same byte, so that signatures are the same every time.
    pub fn fixed_key(&self, name: &str, seed: u8) {
        let key = counterfoil::key::SecretKey::from_seed(&[seed; 32]);
        let text = counterfoil::key::pem::write(&key).unwrap();
        counterfoil::key::file::create(&self.path(name), &text, &key.public()).unwrap();
    }
}

impl AsRef<Path> for Folder {
    fn as_ref(&self) -> &Path {
        &self.path
    }
}

/// Gives a process its input from a thread of its own, so that neither waits for the other.
pub fn feed(mut child: Child, input: Vec<u8>) -> Run {
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || {
        // A process that stops at an error does not read the rest.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    output.into()
}

impl From<Output> for Run {
    fn from(output: Output) -> Self {
        Self {
            code: code(output.status),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

fn code(status: ExitStatus) -> Option<i32> {
    status.code()
}
