//! What keeps the readings of a device: a pipe of three processes, or a gateway.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    thread::{self, JoinHandle},
};

use counterfoil::json;

use super::super::{cable::peak_memory, rig::signal};
use crate::run::Folder;

/// Which of the two.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// `device read | sign | chain append`
    Pipe,
    /// `gateway run`, with a spill file on another disk than the ledger's
    Gateway,
}

/// Its processes, and what they said.
pub struct Recorder {
    /// The first reads the device, the last writes the ledger
    processes: Vec<Child>,
    /// The ledger's size by the last receipt, once the writer has ended
    acknowledged: Option<JoinHandle<u64>>,
}

impl Recorder {
    /// Begins to record a port into `disk/book`, by the clock of the file `clock`.
    pub fn start(way: Way, folder: &Folder, port: &Path) -> Self {
        let mut processes = match way {
            Way::Pipe => pipe(folder, port),
            Way::Gateway => vec![gateway(folder, port)],
        };
        let receipts = processes.last_mut().unwrap().stdout.take().unwrap();
        Self { processes, acknowledged: Some(thread::spawn(|| last_size(receipts))) }
    }

    /// Whether the writer has ended.
    pub fn has_ended(&mut self) -> bool {
        self.processes.last_mut().unwrap().try_wait().unwrap().is_some()
    }

    /// The most memory that each process had so far, in KiB.
    pub fn peaks(&self) -> Vec<u64> {
        self.processes.iter().map(|process| peak_memory(process.id())).collect()
    }

    /// Kills the writer.
    pub fn kill(&self) {
        signal(self.processes.last().unwrap(), "KILL");
    }

    /// Ends the reader in order, and waits for all; their exit statuses, and the size of the ledger as it was acknowledged.
    pub fn end(&mut self) -> (Vec<Option<i32>>, u64) {
        if self.processes[0].try_wait().unwrap().is_none() {
            signal(&self.processes[0], "TERM");
        }
        let codes = self.processes.iter_mut().rev().map(|process| process.wait().unwrap().code());
        let mut codes: Vec<_> = codes.collect();
        codes.reverse();
        (codes, self.acknowledged.take().unwrap().join().unwrap())
    }
}

fn pipe(folder: &Folder, port: &Path) -> Vec<Child> {
    let mut read = folder.foil(&["device", "read"]);
    read.arg(port).args(["--device", "probe", "--backoff", "10ms..50ms"]);
    with_clock(&mut read, &folder.path("clock"));
    let mut read = read.stderr(Stdio::null()).spawn().unwrap();
    let mut sign = folder.foil(&["sign", "-k", "gateway"]);
    sign.stdin(read.stdout.take().unwrap()).stderr(Stdio::null());
    let mut sign = sign.spawn().unwrap();
    let mut append = folder.foil(&["chain", "append", "disk/book", "-k", "gateway"]);
    let append = append.stdin(sign.stdout.take().unwrap()).stderr(Stdio::null()).spawn().unwrap();
    vec![read, sign, append]
}

fn gateway(folder: &Folder, port: &Path) -> Child {
    let text = format!(
        "ledger = \"disk/book\"\nkey = \"gateway\"\nspill = \"spill\"\n\n[[port]]\nport = \"{}\"\n\
         device = \"probe\"\nbackoff = \"10ms..50ms\"\n",
        port.display()
    );
    fs::write(folder.path("gateway.toml"), text).unwrap();
    let mut run = folder.foil(&["gateway", "run"]);
    with_clock(&mut run, &folder.path("clock"));
    run.stderr(Stdio::null()).spawn().unwrap()
}

/// The clock of libfaketime follows a file.
pub fn with_clock(command: &mut Command, file: &Path) {
    let find = Command::new("sh").args(["-c", "faketime -f +0 printenv LD_PRELOAD"]).output().unwrap();
    let library = String::from_utf8(find.stdout).unwrap();
    command.env("LD_PRELOAD", library.trim()).env("FAKETIME_TIMESTAMP_FILE", file);
    command.env("FAKETIME_NO_CACHE", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
}

/// The size in the last of some receipts; 0 if there is none.
fn last_size(receipts: ChildStdout) -> u64 {
    let last = BufReader::new(receipts).lines().map_while(Result::ok).last();
    last.map_or(0, |receipt| {
        let receipt = json::parse_object(receipt.as_bytes()).unwrap();
        receipt.get("size").and_then(json::Value::as_u64).unwrap()
    })
}
