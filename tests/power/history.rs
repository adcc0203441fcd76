//! Every folder that POSIX lets a disk show after a power cut, from the calls of one run.
//!
//! ```text
//! fsync, fdatasync of a file     makes its bytes and its length durable, not its name
//! fsync of a folder              makes its names durable, not what they name
//! everything else                there or not, each 512 bytes and each name by itself, in any combination
//! ```
//!
//! A file may have its length without its bytes: then there are zeros, or somebody else's old bytes. A file
//! system that keeps things in order – ext4 does, mostly – shows fewer states than these.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
};

use super::{
    Dice,
    disk::{Change, Disk, Id, Node},
    trace::Call,
};
use crate::run::Folder;

/// What disks write whole.
const SECTOR: usize = 512;

/// A change, the call that made it, and the one that made it durable.
struct Step {
    change: Change,
    at: usize,
    durable: usize,
}

/// What a run did to a folder, and what it said.
pub struct History {
    before: Disk,
    /// As the running system shows it
    live: Disk,
    /// The folder's path, as the kernel says it
    root: String,
    steps: Vec<Step>,
    /// Standard output
    said: Vec<(usize, Vec<u8>)>,
    /// The calls that make something durable, with what they name
    pub syncs: Vec<(usize, String)>,
    open: HashMap<i64, Open>,
}

/// An open file.
struct Open {
    file: Id,
    position: usize,
    append: bool,
}

/// A cut: after which call, and which of the changes that were not durable are there all the same.
pub struct Cut {
    pub at: usize,
    kept: Vec<bool>,
}

impl History {
    /// What these calls did to a folder that was so before. One of the calls that make something durable may
    /// be left out, as if the program had none there.
    pub fn new(before: Disk, folder: &Folder, calls: &[Call], without: Option<usize>) -> Self {
        let root = fs::canonicalize(folder).unwrap().to_str().unwrap().to_owned();
        let live = before.clone();
        let (steps, said, syncs, open) = (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        let mut history = Self { before, live, root, steps, said, syncs, open };
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.result >= 0) {
            history.take(at, call, without);
        }
        history
    }

    fn take(&mut self, at: usize, call: &Call, without: Option<usize>) {
        match call.name.as_str() {
            "open" | "openat" | "creat" => self.open(at, call),
            "close" => drop(self.open.remove(&call.descriptor(0))),
            "read" => self.advance(call.descriptor(0), call.result),
            "lseek" => self.advance_to(call.descriptor(0), call.result),
            "write" => self.write(at, call),
            "pwrite64" => self.write_at(at, call),
            "copy_file_range" => self.copy(at, call),
            "ftruncate" => {
                let length = usize::try_from(call.number(1)).unwrap();
                let file = self.file(call.descriptor(0));
                self.steps(at, file.map(|file| Change::Length { file, length }));
            }
            "fsync" | "fdatasync" => self.sync(at, call, without),
            "mkdir" | "mkdirat" => self.make(at, call),
            "unlink" | "rmdir" | "unlinkat" => {
                let name = self.place(call, 0);
                self.steps(at, name.map(|(folder, name)| Change::Name { folder, name, node: None }));
            }
            "rename" => self.rename(at, call),
            "linkat" => self.link(at, call),
            name => assert!(
                (0..call.args.len()).all(|arg| !call.path_of(arg).starts_with(&self.root)),
                "the model of a disk knows no {name}: {call:?}"
            ),
        }
    }

    /// Where a name stands: the argument is a path, or a folder's descriptor and a path.
    fn place(&self, call: &Call, arg: usize) -> Option<(Id, String)> {
        let of_folder = call.name.ends_with("at") || call.name == "openat";
        let base = if of_folder { call.path_of(arg) } else { self.root.clone() };
        let path = call.text(arg + usize::from(of_folder));
        let path = if path.starts_with('/') { path } else { format!("{base}/{path}") };
        let (folder, name) = path.strip_prefix(&self.root)?.rsplit_once('/')?;
        Some((self.live.find(folder)?, name.to_owned()))
    }

    fn open(&mut self, at: usize, call: &Call) {
        // A folder itself, or something below it.
        let path = call.path_of_result();
        let Some(path) = path.strip_prefix(&self.root) else { return };
        let flags = call.args.join("|");
        let file = self.live.find(path).unwrap_or_else(|| {
            let (folder, name) = self.place(call, 0).unwrap();
            self.live.0.push(Node::File { bytes: Vec::new(), mode: 0o644 });
            let node = self.live.0.len() - 1;
            self.before.0.push(self.live.0[node].clone());
            self.steps(at, [Change::Name { folder, name, node: Some(node) }]);
            node
        });
        if flags.contains("O_TRUNC") {
            self.steps(at, [Change::Length { file, length: 0 }]);
        }
        let open = Open { file, position: 0, append: flags.contains("O_APPEND") };
        self.open.insert(call.result, open);
    }

    fn file(&self, descriptor: i64) -> Option<Id> {
        self.open.get(&descriptor).map(|open| open.file)
    }

    fn advance(&mut self, descriptor: i64, by: i64) {
        if let Some(open) = self.open.get_mut(&descriptor) {
            open.position += usize::try_from(by).unwrap();
        }
    }

    fn advance_to(&mut self, descriptor: i64, to: i64) {
        if let Some(open) = self.open.get_mut(&descriptor) {
            open.position = usize::try_from(to).unwrap();
        }
    }

    fn write(&mut self, at: usize, call: &Call) {
        let mut bytes = call.bytes(1);
        bytes.truncate(usize::try_from(call.result).unwrap());
        let descriptor = call.descriptor(0);
        let Some(open) = self.open.get(&descriptor) else {
            if descriptor == 1 {
                self.said.push((at, bytes));
            }
            return;
        };
        let (file, append, position) = (open.file, open.append, open.position);
        let offset = if append { self.live.bytes(file).len() } else { position };
        self.bytes(at, file, offset, &bytes);
        self.advance(descriptor, call.result);
    }

    fn write_at(&mut self, at: usize, call: &Call) {
        let Some(file) = self.file(call.descriptor(0)) else { return };
        let mut bytes = call.bytes(1);
        bytes.truncate(usize::try_from(call.result).unwrap());
        self.bytes(at, file, usize::try_from(call.number(3)).unwrap(), &bytes);
    }

    fn copy(&mut self, at: usize, call: &Call) {
        assert!(call.args[1] == "NULL" && call.args[3] == "NULL", "the model knows only this form: {call:?}");
        let (from, to) = (call.descriptor(0), call.descriptor(2));
        let (Some(source), Some(target)) = (self.open.get(&from), self.open.get(&to)) else { return };
        let (begin, file, offset) = (source.position, target.file, target.position);
        let source = source.file;
        let end = begin + usize::try_from(call.result).unwrap();
        let bytes = self.live.bytes(source)[begin..end].to_vec();
        self.bytes(at, file, offset, &bytes);
        self.advance(from, call.result);
        self.advance(to, call.result);
    }

    /// Bytes that come into a file: each sector by itself, and the length by itself.
    fn bytes(&mut self, at: usize, file: Id, offset: usize, bytes: &[u8]) {
        let (length, end) = (self.live.bytes(file).len(), offset + bytes.len());
        if end > length {
            let fresh = length.max(offset);
            let noise = Change::Bytes { file, offset: fresh, bytes: vec![0xa5; end - fresh] };
            self.steps(at, [Change::Length { file, length: end }, noise]);
        }
        let mut begin = offset;
        while begin < end {
            let until = end.min(begin - begin % SECTOR + SECTOR);
            let bytes = bytes[begin - offset..until - offset].to_vec();
            self.steps(at, [Change::Bytes { file, offset: begin, bytes }]);
            begin = until;
        }
    }

    fn make(&mut self, at: usize, call: &Call) {
        let Some((folder, name)) = self.place(call, 0) else { return };
        let node = self.live.0.len();
        self.live.0.push(Node::Folder(BTreeMap::new()));
        self.before.0.push(Node::Folder(BTreeMap::new()));
        self.steps(at, [Change::Name { folder, name, node: Some(node) }]);
    }

    /// A second name for what has one.
    fn link(&mut self, at: usize, call: &Call) {
        let (Some(from), Some((folder, name))) = (self.place(call, 0), self.place(call, 2)) else { return };
        let node = self.live.names(from.0)[&from.1];
        self.steps(at, [Change::Name { folder, name, node: Some(node) }]);
    }

    fn rename(&mut self, at: usize, call: &Call) {
        let (Some(from), Some(to)) = (self.place(call, 0), self.place(call, 1)) else { return };
        let node = self.live.names(from.0)[&from.1];
        self.steps(at, [Change::Move { from, to, node }]);
    }

    fn steps(&mut self, at: usize, changes: impl IntoIterator<Item = Change>) {
        for change in changes {
            self.live.apply(&change);
            self.steps.push(Step { change, at, durable: usize::MAX });
        }
    }

    fn sync(&mut self, at: usize, call: &Call, without: Option<usize>) {
        let Some(node) = self.file(call.descriptor(0)) else { return };
        let path = call.path_of(0).trim_start_matches(&self.root).to_owned();
        self.syncs.push((at, format!("{} of .{path}", call.name)));
        if without == Some(self.syncs.len() - 1) {
            return;
        }
        for step in self.steps.iter_mut().filter(|step| step.durable == usize::MAX) {
            if step.change.is_of(node) {
                step.durable = at;
            }
        }
    }

    /// The cuts after every call: all combinations of what was not durable then, or, where there are more than
    /// `limit`, the extreme ones and others at random.
    pub fn cuts(&self, limit: usize, dice: &mut Dice) -> Vec<Cut> {
        let said = self.said.iter().map(|(at, _)| *at);
        let syncs = self.syncs.iter().map(|(at, _)| *at);
        let mut calls: Vec<usize> = self.steps.iter().map(|step| step.at).chain(said).chain(syncs).collect();
        calls.sort_unstable();
        calls.dedup();
        let cuts = calls.into_iter().flat_map(|at| {
            let open = self.steps.iter().filter(|step| step.at <= at && step.durable > at).count();
            dice.subsets(open, limit).into_iter().map(move |kept| Cut { at, kept })
        });
        cuts.collect()
    }

    /// What the disk shows after a cut.
    pub fn disk(&self, cut: &Cut) -> Disk {
        let mut disk = self.before.clone();
        let mut kept = cut.kept.iter();
        for step in self.steps.iter().filter(|step| step.at <= cut.at) {
            if step.durable <= cut.at || *kept.next().unwrap() {
                disk.apply(&step.change);
            }
        }
        disk
    }

    /// What was said until a cut.
    pub fn said(&self, cut: &Cut) -> Vec<String> {
        let said = self.said.iter().filter(|(at, _)| *at <= cut.at).flat_map(|(_, bytes)| bytes).copied();
        let said = String::from_utf8(said.collect()).unwrap();
        // Half a line is none.
        said.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n')).map(ToOwned::to_owned).collect()
    }
}
