//! Who may open a port, and who has it open.
//!
//! ```text
//! crw-rw---- root dialout /dev/ttyUSB0      the device file's group, and whether it may read and write
//! /etc/group  dialout:x:20:alice            whether the user is in it, also where this session does not know yet
//! /proc/77/fd/3 → /dev/ttyUSB0              who has it open, as far as this user may look
//! ```

use std::{
    fs,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

use rustix::fs::{Access, access};

use super::list::{self, PortHolder};

/// Who may open a port, and who has it open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortAccess {
    /// The device file, links followed
    pub path: PathBuf,
    /// Whether this process may read and write it
    pub allowed: bool,
    /// The group of the device file, by name, or by number where it has none
    pub group: String,
    /// Whether that group may read and write it
    pub group_allowed: bool,
    /// Who this process is, by name, or by number
    pub user: String,
    /// Whether the user is in that group
    pub member: GroupMember,
    /// A process that has it open, and is not this one; `None`: none that this user may look into
    pub holder: Option<PortHolder>,
}

/// Whether a user is in a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupMember {
    /// Yes
    Yes,
    /// Since after this session began, so it does not count in it
    AtNextLogin,
    /// No
    No,
}

/// Looks at a port; `None`: there is no such file. `root` is `/`, or a folder that looks like it.
pub fn look(root: &Path, path: &Path) -> Option<PortAccess> {
    let path = fs::canonicalize(path).ok()?;
    let file = fs::metadata(&path).ok()?;
    let user = user(root);
    let (group, members) = group(root, file.gid());
    let in_session = rustix::process::getegid().as_raw() == file.gid()
        || rustix::process::getgroups().is_ok_and(|groups| groups.iter().any(|id| id.as_raw() == file.gid()));
    let member = match () {
        () if in_session => GroupMember::Yes,
        () if members.contains(&user) => GroupMember::AtNextLogin,
        () => GroupMember::No,
    };
    Some(PortAccess {
        allowed: access(&path, Access::READ_OK | Access::WRITE_OK).is_ok(),
        group,
        group_allowed: file.mode() & 0o060 == 0o060,
        user,
        member,
        holder: list::holder(root, &path),
        path,
    })
}

/// Whether a device file is a pseudo-terminal, which has eight data bits and no speed, whatever it is told.
pub fn is_pseudo_terminal(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|file| (136..144).contains(&rustix::fs::major(file.rdev())))
}

/// The names of all processes that run.
pub fn running(root: &Path) -> Vec<String> {
    let processes = fs::read_dir(root.join("proc")).into_iter().flatten().flatten();
    let names = processes.filter_map(|entry| fs::read_to_string(entry.path().join("comm")).ok());
    names.map(|name| name.trim().to_owned()).collect()
}

/// The name of this process's user, or its number where it has none.
pub fn user(root: &Path) -> String {
    let id = rustix::process::geteuid().as_raw().to_string();
    let users = fs::read_to_string(root.join("etc/passwd")).unwrap_or_default();
    let name = users.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        (fields.nth(1) == Some(&id)).then(|| name.to_owned())
    });
    name.unwrap_or(id)
}

/// The name of a group, or its number where it has none, and who is in it.
fn group(root: &Path, id: u32) -> (String, Vec<String>) {
    let id = id.to_string();
    let groups = fs::read_to_string(root.join("etc/group")).unwrap_or_default();
    let found = groups.lines().find_map(|line| {
        let mut fields = line.split(':');
        let name = fields.next()?;
        let members = (fields.nth(1) == Some(&id)).then(|| fields.next().unwrap_or_default())?;
        Some((name.to_owned(), members.split(',').map(str::to_owned).collect()))
    });
    found.unwrap_or((id, Vec::new()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_says_its_group_and_whether_the_user_is_in_it() {
        let root = tempfile::tempdir().unwrap();
        let port = root.path().join("ttyUSB0");
        fs::write(&port, "").unwrap();
        let (uid, gid) = (rustix::process::geteuid().as_raw(), fs::metadata(&port).unwrap().gid());
        fs::create_dir(root.path().join("etc")).unwrap();
        fs::write(
            root.path().join("etc/passwd"),
            format!("root:x:99999:0::/:/bin/sh\nalice:x:{uid}:7::/:/bin/sh\n"),
        )
        .unwrap();
        fs::write(root.path().join("etc/group"), format!("tty:x:99999:\ndialout:x:{gid}:bob,alice\n"))
            .unwrap();
        let access = look(root.path(), &port).unwrap();
        assert_eq!((access.user.as_str(), access.group.as_str()), ("alice", "dialout"));
        assert_eq!((access.allowed, access.member, access.holder), (true, GroupMember::Yes, None));
        assert_eq!(group(root.path(), 88_888), ("88888".to_owned(), Vec::new()));
        assert_eq!(group(root.path(), gid).1, ["bob", "alice"]);
        assert_eq!(look(root.path(), &root.path().join("ttyUSB1")), None);
    }
}
