//! Which machine this is: two that write copies of one ledger fork it, so each must know its own.
//!
//! ```text
//! /etc/machine-id                      the same on a clone
//! STATE/foil/machine   16 hex digits   random, made once: another one on a clone with a state folder of its own
//! --machine, $FOIL_MACHINE             what the operator says instead, for containers, where neither lasts
//! ```
//!
//! Several users of one machine have a state folder each. They know each other's ledgers by the run of the machine in which
//! they write; `lock` keeps what they are called, so that they do after the next start, too.

use std::{
    fs::File,
    path::{Path, PathBuf},
};

use anyhow::Context;
use rustix::fs::{FlockOperation, flock};

use super::lock::LastWriter;
use crate::{hash::Hash, ledger::files::store, machine};

/// The most users of one machine that are told apart.
const MAX_HOMES: usize = 6;

/// The longest name that an operator may give a machine.
pub const MAX_NAME: usize = 64;

/// Which machine writes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineId {
    name: String,
    /// What tells it from its clones; `None`: the operator named the machine, or it can keep nothing
    home: Option<String>,
    named: bool,
}

impl MachineId {
    /// A machine that its operator named. `None`: that is no name.
    pub fn named(name: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._:@-".contains(&byte);
        let fits = (1..=MAX_NAME).contains(&name.len()) && name.bytes().all(plain);
        fits.then(|| Self { name: name.to_owned(), home: None, named: true })
    }

    /// The machine that this is, with what its state folder says; and why it says nothing, if so.
    pub fn found(state: &Path) -> (Self, Option<anyhow::Error>) {
        let home = home(state);
        let (home, why) = match home {
            Ok(home) => (Some(home), None),
            Err(why) => (None, Some(why)),
        };
        (Self { name: machine::id(), home, named: false }, why)
    }

    /// Whether it is the one that wrote last, or one that is not known to be another.
    pub(super) fn is_of(&self, last: &LastWriter, boot: &str) -> bool {
        if last.machine.is_empty() {
            return true;
        }
        if last.machine != self.name || self.named {
            return last.machine == self.name;
        }
        let same_run = !boot.is_empty() && last.boot == boot;
        let same_home = match &self.home {
            Some(home) => last.homes.contains(home),
            None => last.homes.is_empty(),
        };
        same_run || same_home
    }

    /// Who wrote last, once this machine has.
    pub(super) fn after(&self, last: &LastWriter, boot: &str) -> LastWriter {
        let before = if self.is_of(last, boot) { last.homes.clone() } else { Vec::new() };
        let mut homes: Vec<String> =
            before.into_iter().filter(|home| Some(home) != self.home.as_ref()).collect();
        homes.extend(self.home.clone());
        homes.drain(..homes.len().saturating_sub(MAX_HOMES));
        LastWriter { machine: self.name.clone(), homes, boot: boot.to_owned(), ..LastWriter::default() }
    }
}

/// The random id in a state folder, which is made if there is none. One that a power cut has torn is none.
fn home(state: &Path) -> anyhow::Result<String> {
    let path = state.join("machine");
    if let Some(home) = read(&path) {
        return Ok(home);
    }
    let absent: Vec<&Path> = state.ancestors().take_while(|folder| !folder.is_dir()).collect();
    store::make_folders(state).with_context(|| path.display().to_string())?;
    // An id that a power cut takes away makes this machine a stranger to its own ledgers. Where a folder above may not be
    // opened, only that cut can do harm.
    for made in absent {
        let _ = store::sync_folder(store::folder_of(made));
    }
    // Two that begin at once must agree.
    let turn = File::open(state).with_context(|| state.display().to_string())?;
    flock(&turn, FlockOperation::LockExclusive)?;
    if let Some(home) = read(&path) {
        return Ok(home);
    }
    let home = Hash(machine::random()?).to_string()[..16].to_owned();
    store::replace(&path, format!("{home}\n").as_bytes())?;
    Ok(home)
}

fn read(path: &Path) -> Option<String> {
    let bytes = store::read_small(path, 100).ok()??;
    let text = str::from_utf8(&bytes).ok()?.trim_end();
    let fits = text.len() == 16 && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| text.to_owned())
}

/// Another machine wrote a ledger last.
#[derive(Debug)]
pub struct WrittenElsewhere {
    ledger: PathBuf,
    machine: String,
    /// It has the same machine id as this one
    clone: bool,
}

impl WrittenElsewhere {
    /// That machine, if it is not this one.
    pub(super) fn of(ledger: &Path, last: &LastWriter, here: &MachineId, boot: &str) -> Option<Self> {
        let (machine, clone) = (last.machine.clone(), last.machine == here.name);
        (!here.is_of(last, boot)).then(|| Self { ledger: ledger.to_owned(), machine, clone })
    }
}

impl std::fmt::Display for WrittenElsewhere {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (ledger, machine) = (self.ledger.display(), &self.machine);
        if self.clone {
            write!(
                f,
                "{ledger}: another machine wrote here last, with the same machine id ({machine}): a clone of this one, or this one with another state folder"
            )
        } else {
            write!(f, "{ledger}: another machine ({machine}) wrote here last")
        }
    }
}

impl std::error::Error for WrittenElsewhere {}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine(name: &str, home: Option<&str>) -> MachineId {
        MachineId { name: name.to_owned(), home: home.map(str::to_owned), named: false }
    }

    /// `lock` as this machine leaves it.
    fn left_by(here: &MachineId, boot: &str) -> LastWriter {
        here.after(&LastWriter::default(), boot)
    }

    #[test]
    fn a_clone_with_a_state_folder_of_its_own_is_another_machine() {
        let (gateway, clone) = (machine("a", Some("1")), machine("a", Some("2")));
        let lock = left_by(&gateway, "boot");
        assert!(gateway.is_of(&lock, "boot") && gateway.is_of(&lock, "later"));
        assert!(!clone.is_of(&lock, "elsewhere"));
        assert!(!machine("b", Some("1")).is_of(&lock, "elsewhere"), "moved with its state folder");
    }

    #[test]
    fn users_of_one_machine_know_each_other_after_the_next_start_too() {
        let (root, service, third) =
            (machine("a", Some("1")), machine("a", Some("2")), machine("a", Some("3")));
        let lock = left_by(&root, "first");
        assert!(service.is_of(&lock, "first"));
        let lock = service.after(&lock, "first");
        assert!(
            root.is_of(&lock, "second") && service.is_of(&lock, "second") && !third.is_of(&lock, "second")
        );
    }

    #[test]
    fn a_name_is_the_operators_word() {
        let (here, there) = (MachineId::named("dock-7").unwrap(), MachineId::named("dock-8").unwrap());
        let lock = left_by(&here, "first");
        assert!(here.is_of(&lock, "second") && !there.is_of(&lock, "first"));
        assert!(!machine("a", Some("1")).is_of(&lock, "first"));
        assert!(["", "a b", "a\"b", &"x".repeat(65)].iter().all(|name| MachineId::named(name).is_none()));
    }

    #[test]
    fn a_machine_that_can_keep_nothing_is_known_by_its_machine_id_alone() {
        let here = machine("a", None);
        assert!(here.is_of(&left_by(&here, "first"), "second"));
        assert!(
            !here.is_of(&left_by(&machine("a", Some("1")), "first"), "second"),
            "the state folder is gone"
        );
    }

    #[test]
    fn the_id_in_the_state_folder_stays_and_a_torn_one_is_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let state = folder.path().join("deep/foil");
        let first = home(&state).unwrap();
        assert_eq!(home(&state).unwrap(), first);
        std::fs::write(state.join("machine"), "").unwrap();
        assert_ne!(home(&state).unwrap(), first);
    }
}
