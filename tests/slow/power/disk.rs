//! A disk in memory: files and folders, and changes to them that may be left out.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::PermissionsExt,
    path::Path,
};

/// A number that means a file or folder, whatever its name.
pub type Id = usize;

/// A file or a folder.
#[derive(Clone)]
pub enum Node {
    File { bytes: Vec<u8>, mode: u32 },
    Folder(BTreeMap<String, Id>),
}

/// Files and folders; the first is the folder of all.
#[derive(Clone)]
pub struct Disk(pub Vec<Node>);

/// Something that is done to a disk.
#[derive(Clone)]
pub enum Change {
    Bytes {
        file: Id,
        offset: usize,
        bytes: Vec<u8>,
    },
    Length {
        file: Id,
        length: usize,
    },
    Name {
        folder: Id,
        name: String,
        node: Option<Id>,
    },
    Move {
        folder: Id,
        from: String,
        to: String,
        node: Id,
    },
    /// The name that goes when something got one in another folder: not before it has that
    Moved {
        folder: Id,
        from: String,
        to: (Id, String),
        node: Id,
    },
}

impl Disk {
    /// A folder as it is.
    pub fn read(path: &Path) -> Self {
        let mut disk = Self(Vec::new());
        disk.take_in(path);
        disk
    }

    fn take_in(&mut self, path: &Path) -> Id {
        let id = self.0.len();
        if path.is_dir() {
            self.0.push(Node::Folder(BTreeMap::new()));
            for entry in fs::read_dir(path).unwrap() {
                let entry = entry.unwrap();
                let node = self.take_in(&entry.path());
                self.names(id).insert(entry.file_name().into_string().unwrap(), node);
            }
        } else {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            self.0.push(Node::File { bytes: fs::read(path).unwrap(), mode });
        }
        id
    }

    /// Writes it down as a folder.
    pub fn write(&self, path: &Path) {
        self.write_node(0, path);
    }

    fn write_node(&self, id: Id, path: &Path) {
        match &self.0[id] {
            Node::File { bytes, mode } => {
                fs::write(path, bytes).unwrap();
                fs::set_permissions(path, fs::Permissions::from_mode(*mode)).unwrap();
            }
            Node::Folder(names) => {
                fs::create_dir_all(path).unwrap();
                for (name, node) in names {
                    self.write_node(*node, &path.join(name));
                }
            }
        }
    }

    /// A number that tells it from others.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.digest_node(0, &mut hasher);
        hasher.finish()
    }

    fn digest_node(&self, id: Id, hasher: &mut DefaultHasher) {
        match &self.0[id] {
            Node::File { bytes, .. } => bytes.hash(hasher),
            Node::Folder(names) => {
                names.len().hash(hasher);
                for (name, node) in names {
                    name.hash(hasher);
                    self.digest_node(*node, hasher);
                }
            }
        }
    }

    pub fn names(&mut self, folder: Id) -> &mut BTreeMap<String, Id> {
        match &mut self.0[folder] {
            Node::Folder(names) => names,
            Node::File { .. } => panic!("a file where a folder should be"),
        }
    }

    pub fn bytes(&mut self, file: Id) -> &mut Vec<u8> {
        match &mut self.0[file] {
            Node::File { bytes, .. } => bytes,
            Node::Folder(_) => panic!("a folder where a file should be"),
        }
    }

    /// What has this path below the folder of all.
    pub fn find(&self, path: &str) -> Option<Id> {
        let parts = path.split('/').filter(|part| !part.is_empty() && *part != ".");
        parts.into_iter().try_fold(0, |id, part| match &self.0[id] {
            Node::Folder(names) => names.get(part).copied(),
            Node::File { .. } => None,
        })
    }

    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Bytes { file, offset, bytes } => {
                let end = offset + bytes.len();
                let all = self.bytes(*file);
                all.resize(all.len().max(end), 0);
                all[*offset..end].copy_from_slice(bytes);
            }
            Change::Length { file, length } => self.bytes(*file).resize(*length, 0),
            Change::Name { folder, name, node: Some(node) } => {
                self.names(*folder).insert(name.clone(), *node);
            }
            Change::Name { folder, name, node: None } => drop(self.names(*folder).remove(name)),
            Change::Move { folder, from, to, node } => {
                let names = self.names(*folder);
                if names.get(from) == Some(node) {
                    names.remove(from);
                }
                names.insert(to.clone(), *node);
            }
            Change::Moved { folder, from, to, node } => {
                if self.names(to.0).get(&to.1) == Some(node) {
                    self.names(*folder).remove(from);
                }
            }
        }
    }
}

impl Change {
    /// Whether it is about a name, and not about what has it.
    pub fn is_name(&self) -> bool {
        !matches!(self, Self::Bytes { .. } | Self::Length { .. })
    }

    /// The file or folder whose sync makes it durable. A shorter length counts as one, though `fdatasync` does
    /// not have to keep it: what is cut off there is written over or set aside.
    pub fn of(&self) -> Id {
        match self {
            Self::Bytes { file, .. } | Self::Length { file, .. } => *file,
            Self::Name { folder, .. } | Self::Move { folder, .. } | Self::Moved { folder, .. } => *folder,
        }
    }
}
