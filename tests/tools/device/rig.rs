//! What tests of devices share: a simulated device on a pseudo-terminal, and what is read of it.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use counterfoil::json::{self, Object};

/// A simulated device, stopped when the test is over.
pub struct Device {
    child: Child,
    folder: tempfile::TempDir,
}

impl Device {
    pub fn simulate(arguments: &[&str]) -> Self {
        Self::in_folder(tempfile::tempdir().unwrap(), arguments)
    }

    /// Plays a script.
    pub fn play(script: &str, arguments: &[&str]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("script");
        fs::write(&path, script).unwrap();
        let mut all = vec!["--script", path.to_str().unwrap()];
        all.extend(arguments);
        Self::in_folder(folder, &all)
    }

    pub fn in_folder(folder: tempfile::TempDir, arguments: &[&str]) -> Self {
        let link = folder.path().join("port");
        let mut command = foil(&["device", "simulate", "--pace", "0s", "--seed", "1", "--link"]);
        command.arg(&link).args(arguments).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().unwrap();
        let device = Self { child, folder };
        wait_for(|| device.port().exists());
        device
    }

    pub fn port(&self) -> PathBuf {
        self.folder.path().join("port")
    }

    /// Reads it to the end.
    pub fn read(&self, arguments: &[&str]) -> Output {
        self.reader(arguments).output().unwrap()
    }

    pub fn reader(&self, arguments: &[&str]) -> Command {
        let mut command = foil(&["device", "read"]);
        command.arg(self.port()).args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }
}

impl Drop for Device {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

pub fn foil(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_foil"));
    command.args(arguments).stdin(Stdio::null());
    command
}

pub fn wait_for(mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(20);
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The records of an output, which must be numbered without a gap.
pub fn records(output: &Output) -> Vec<Object> {
    let parse = |line: &str| json::parse_object(line.as_bytes()).unwrap_or_else(|e| panic!("{e}: {line}"));
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let records: Vec<_> = text.lines().map(parse).collect();
    for (at, record) in records.iter().enumerate() {
        assert_eq!(record.get("seq"), Some(&at.into()), "{record}");
    }
    records
}

/// Every record in one word: the status, or `reading`.
pub fn words(records: &[Object]) -> Vec<&str> {
    records.iter().map(|record| record.str("status").unwrap_or("reading")).collect()
}

pub fn readings(records: &[Object]) -> Vec<&Object> {
    records.iter().filter(|record| record.str("type") == Some("reading")).collect()
}

pub fn talk(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn signal(child: &Child, name: &str) {
    let status = Command::new("kill").args(["-s", name, &child.id().to_string()]).status().unwrap();
    assert!(status.success());
}
