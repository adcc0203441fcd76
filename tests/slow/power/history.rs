//! Every folder that POSIX lets a disk show after a power cut, from the calls of one run.
//!
//! ```text
//! fsync, fdatasync of a file     makes its bytes and its length durable, not its name
//! fsync of a folder              makes its names durable, not what they name
//! everything else                there or not, each 512 bytes and each name by itself, in any combination
//! ```
//!
//! A file may have its length without its bytes: then there are zeros, or old bytes of another file. A file
//! system that keeps things in order – ext4 does, mostly – shows fewer states than these.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
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
    /// The last call
    end: usize,
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
    /// A folder that is so before, and to which so many calls are coming.
    pub fn new(before: Disk, folder: &Folder, calls: usize) -> Self {
        let root = fs::canonicalize(folder).unwrap().to_str().unwrap().to_owned();
        let live = before.clone();
        let (steps, said, syncs, open) = (Vec::new(), Vec::new(), Vec::new(), HashMap::new());
        Self { before, live, root, steps, said, syncs, open, end: calls - 1 }
    }

    /// What these calls did. One of those that make something durable may be left out, as if the program had
    /// none there.
    pub fn follow(&mut self, calls: &[Call], without: Option<usize>) {
        for (at, call) in calls.iter().enumerate().filter(|(_, call)| call.result >= 0) {
            self.take(at, call, without);
        }
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
            "rename" => self.rename(at, call, [0, 1]),
            "renameat2" => self.rename(at, call, [0, 2]),
            "linkat" => self.link(at, call),
            name => assert!(
                (0..call.args.len()).all(|arg| !call.path_of(arg).starts_with(&self.root)),
                "the model of a disk knows no {name}: {call:?}"
            ),
        }
    }

    /// Where a name stands: the argument is a path, or a folder's descriptor and a path.
    fn place(&self, call: &Call, arg: usize) -> Option<(Id, String)> {
        let of_folder = call.name.ends_with("at") || call.name == "renameat2";
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
            let mode = call.args.last().and_then(|mode| u32::from_str_radix(mode, 8).ok());
            self.live.0.push(Node::File { bytes: Vec::new(), mode: mode.unwrap_or(0) & 0o755 });
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

    /// Within a folder all of it happens, or nothing; of two folders each has its own part of it.
    fn rename(&mut self, at: usize, call: &Call, [from, to]: [usize; 2]) {
        let (Some((folder, from)), Some(to)) = (self.place(call, from), self.place(call, to)) else { return };
        let node = self.live.names(folder)[&from];
        if folder == to.0 {
            return self.steps(at, [Change::Move { folder, from, to: to.1, node }]);
        }
        let new = Change::Name { folder: to.0, name: to.1.clone(), node: Some(node) };
        self.steps(at, [new, Change::Moved { folder, from, to, node }]);
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
            if step.change.of() == node {
                step.durable = at;
            }
        }
    }

    /// The cuts after every call: all combinations of what was not durable then, or, where there are more than
    /// `limit`, the extreme ones, others at random, and those in which one file or folder, or one name, has
    /// nothing of it and all others have everything: that is what a sync prevents. A limit of two means: all or
    /// nothing.
    pub fn cuts(&self, limit: usize, dice: &mut Dice) -> Vec<Cut> {
        let said = self.said.iter().map(|(at, _)| *at);
        let syncs = self.syncs.iter().map(|(at, _)| *at);
        let mut calls: Vec<usize> = self.steps.iter().map(|step| step.at).chain(said).chain(syncs).collect();
        calls.push(self.end);
        calls.sort_unstable();
        calls.dedup();
        // Between writes to one file a cut shows nothing that it could not show after the last of them.
        let written: Vec<Option<Id>> = calls.iter().map(|at| self.written(*at)).collect();
        let more = |n: usize| written[n].is_some() && written.get(n + 1) == Some(&written[n]);
        let calls: Vec<usize> = (0..calls.len()).filter(|n| !more(*n)).map(|n| calls[n]).collect();
        let cuts = calls.into_iter().flat_map(|at| {
            let open = self.steps.iter().filter(|step| step.at <= at && step.durable > at);
            let open: Vec<&Change> = open.map(|step| &step.change).collect();
            let mut sets = dice.subsets(open.len(), limit);
            if sets.len() >= limit && limit > 2 {
                let each: BTreeSet<Id> = open.iter().map(|it| it.of()).collect();
                sets.extend(each.into_iter().map(|one| open.iter().map(|it| it.of() != one).collect()));
                let names = (0..open.len()).filter(|n| open[*n].is_name());
                sets.extend(names.map(|one| (0..open.len()).map(|n| n != one).collect()));
            }
            sets.into_iter().map(move |kept| Cut { at, kept })
        });
        cuts.collect()
    }

    /// The file into which a call wrote.
    fn written(&self, call: usize) -> Option<Id> {
        let first = self.steps.partition_point(|step| step.at < call);
        match self.steps.get(first).filter(|step| step.at == call)?.change {
            Change::Bytes { file, .. } | Change::Length { file, .. } => Some(file),
            _ => None,
        }
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
