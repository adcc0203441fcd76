//! Clones that die, or whose disk fails, at every system call: the folder of the clone holds nothing, or what it held
//! before, or all of it; and the same command comes to the same files as one that was never disturbed.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    sync::Mutex,
};

use crate::{
    books::{self, numbered},
    crash::{everywhere, places},
    power::trace,
    publishing::files,
    run::{Folder, Run, feed},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![killed_at_every_call_of_a_clone, every_call_of_a_clone_fails_once];

const CLONE: &[&str] = &["chain", "clone", "book", "copy", "--key", "gateway.did"];

/// A ledger of 260 entries, and, if there is to be one, a clone of its first 250.
fn folder(older: bool) -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 250));
    if older {
        books::good(&folder, CLONE);
    }
    books::appended(&folder, numbered(250, 260));
    folder
}

fn survives(older: bool, kind: &str) {
    let folder = folder(older);
    let sizes = [older.then_some("250"), Some("260")];
    let found = Mutex::new(BTreeSet::new());
    everywhere(&places(&folder, CLONE, "", "copy"), |call, nth| {
        let fault = format!("inject={call}:{kind}:when={nth}");
        let folder = books::copy(&folder);
        // Threads verify, so that the last calls are not the same each time, and may not come to pass.
        let broken = feed(trace::start(&folder, &["-e", &fault], CLONE), Vec::new());
        let size = size_for_readers(&folder, &fault);
        if broken.code == Some(0) {
            assert_eq!(size.as_deref(), Some("260"), "{fault}: success, and not there");
        }
        found.lock().unwrap().insert(size);
        let again = folder.run(CLONE);
        assert_eq!(again.code, Some(0), "{fault}: {}", again.err);
        assert!(!folder.path("copy.cloning").exists() && !folder.path("copy/clone.tmp").exists(), "{fault}");
        assert!(of_ledger(&folder, "copy") == of_ledger(&folder, "book"), "{fault}");
    });
    let all: BTreeSet<Option<String>> = sizes.iter().map(|size| size.map(str::to_owned)).collect();
    assert_eq!(found.into_inner().unwrap(), all);
}

/// What of a ledger is copied.
fn of_ledger(folder: &Folder, name: &str) -> BTreeMap<String, Vec<u8>> {
    let mut files = files(&folder.path(name));
    files.retain(|name, _| name != "lock" && name != "state.json");
    files
}

/// How many entries a reader finds between a death and the next run; `None`: there is no clone.
fn size_for_readers(folder: &Folder, fault: &str) -> Option<String> {
    if !folder.path("copy").exists() {
        return None;
    }
    let mut foil = folder.foil(&["verify", "copy", "--key", "gateway.did", "--json"]);
    let run: Run = foil.env("XDG_STATE_HOME", folder.path("reader")).output().unwrap().into();
    assert_eq!(run.code, Some(0), "{fault}: {}{}", run.out, run.err);
    let checkpoint = fs::read_to_string(folder.path("copy/checkpoint")).unwrap();
    Some(checkpoint.lines().nth(1).unwrap().to_owned())
}

fn killed_at_every_call_of_a_clone() -> Tested {
    needs::tool("strace")?;
    survives(false, "signal=KILL");
    survives(true, "signal=KILL");
    Ok(())
}

fn every_call_of_a_clone_fails_once() -> Tested {
    needs::tool("strace")?;
    survives(false, "error=EIO");
    survives(true, "error=EIO");
    Ok(())
}
