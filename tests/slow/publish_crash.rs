//! Publishers that die, or whose disk fails, at every system call: readers always find a whole log, and the
//! next publisher comes to the same files as one that was never disturbed.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    books::{self, numbered},
    crash::{CALLS, calls, everywhere, places, traced},
    publishing::{files, published},
    run::{Folder, Run},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    killed_at_every_call_of_a_publication,
    every_call_of_a_publication_fails_once,
    what_is_obsolete_goes_after_an_interruption_wherever_it_is,
    the_checkpoint_comes_when_all_under_it_is_durable,
    the_marker_is_durable_before_anything_else,
];

pub const PUBLISH: &[&str] = &["chain", "publish", "book", "public"];

/// A ledger of 260 entries that is published up to entry 249, so that partial tiles become full.
pub fn grown() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 250));
    published(&folder);
    books::appended(&folder, numbered(250, 260));
    folder
}

/// The answer of a verifier that reads between a publisher's death and the next one.
pub fn sizes_for_readers(folder: &Folder, fault: &str) -> Option<String> {
    if !folder.path("public/checkpoint").exists() {
        return None;
    }
    let mut foil = folder.foil(&["verify", "public", "--key", "gateway.did", "--json"]);
    let run: Run = foil.env("XDG_STATE_HOME", folder.path("reader")).output().unwrap().into();
    assert!(run.code == Some(0) && run.out.contains("\"findings\":[]"), "{fault}: {}{}", run.out, run.err);
    Some(run.out.split("\"size\":").nth(1).unwrap().split(',').next().unwrap().to_owned())
}

fn survives(folder: &Folder, expected: &BTreeMap<String, Vec<u8>>, kind: &str, sizes: &[Option<&str>]) {
    let found = std::sync::Mutex::new(BTreeSet::new());
    everywhere(&places(folder, PUBLISH, "", "public"), |call, nth| {
        let fault = format!("inject={call}:{kind}:when={nth}");
        let folder = books::copy(folder);
        let broken = traced(&folder, &["-e", &fault], PUBLISH, "");
        let size = sizes_for_readers(&folder, &fault);
        if broken.code == Some(0) {
            assert_eq!(&size.as_deref(), sizes.last().unwrap(), "{fault}: success, and not there");
        }
        found.lock().unwrap().insert(size);
        published(&folder);
        assert!(
            files(&folder.path("public")) == *expected,
            "{fault}: {:?}",
            files(&folder.path("public")).keys()
        );
        assert!(!folder.path("public/.publishing").exists(), "{fault}");
    });
    let all: BTreeSet<Option<String>> = sizes.iter().map(|size| size.map(str::to_owned)).collect();
    assert_eq!(found.into_inner().unwrap(), all);
}

fn killed_at_every_call_of_a_publication() -> Tested {
    needs::tool("strace")?;
    let folder = grown();
    let twin = books::copy(&folder);
    published(&twin);
    survives(&folder, &files(&twin.path("public")), "signal=KILL", &[Some("250"), Some("260")]);
    let first = books::copy(&folder);
    std::fs::remove_dir_all(first.path("public")).unwrap();
    let twin = books::copy(&first);
    published(&twin);
    survives(&first, &files(&twin.path("public")), "signal=KILL", &[None, Some("260")]);
    Ok(())
}

fn every_call_of_a_publication_fails_once() -> Tested {
    needs::tool("strace")?;
    let folder = grown();
    let twin = books::copy(&folder);
    published(&twin);
    survives(&folder, &files(&twin.path("public")), "error=EIO", &[Some("250"), Some("260")]);
    Ok(())
}

fn what_is_obsolete_goes_after_an_interruption_wherever_it_is() -> Tested {
    needs::tool("strace")?;
    let folder = grown();
    // The checkpoint stands, and nothing was taken away yet; then the log goes on.
    let fault = "inject=unlinkat:signal=KILL:when=1";
    assert_ne!(traced(&folder, &["-e", fault], PUBLISH, "").code, Some(0));
    assert!(
        folder.path("public/tile/entries/000.p/250").exists()
            && folder.path("public/tile/entries/000").exists()
    );
    books::appended(&folder, numbered(260, 1_000));
    published(&folder);
    let partial = files(&folder.path("public")).into_keys().filter(|name| name.contains(".p/"));
    let expected = ["tile/0/003.p/232", "tile/1/000.p/1", "tile/1/000.p/3", "tile/entries/003.p/232"];
    assert_eq!(partial.collect::<Vec<_>>(), expected);
    Ok(())
}

fn the_checkpoint_comes_when_all_under_it_is_durable() -> Tested {
    needs::tool("strace")?;
    let folder = grown();
    let run = traced(&folder, &["-y", "-e", &format!("trace={}", CALLS.join(","))], PUBLISH, "");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let (mut dirty, mut stated, mut removed) = (BTreeSet::new(), 0, 0);
    let base = std::fs::canonicalize(folder.path("")).unwrap();
    for (name, line) in calls(&folder).into_iter().filter(|(_, line)| !line.contains("= -1 E")) {
        let open = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        let named = || base.join(line.split('"').nth(if name == "rename" { 3 } else { 1 }).unwrap());
        match name.as_str() {
            "write" if open().contains("/public/") => drop(dirty.insert(open())),
            "mkdir" => drop(dirty.insert(named().parent().unwrap().display().to_string())),
            "rename" => {
                assert!(
                    !dirty.contains(&base.join("public/.publishing/new").display().to_string()),
                    "{line}"
                );
                if named().ends_with("public/checkpoint") {
                    assert!(dirty.is_empty(), "the checkpoint comes before {dirty:?}");
                    stated += 1;
                }
                dirty.insert(named().parent().unwrap().display().to_string());
            }
            "fsync" => drop(dirty.remove(&open())),
            "unlinkat" | "rmdir" => {
                assert_eq!(stated, 1, "taken away before the checkpoint: {line}");
                assert!(dirty.is_empty(), "taken away before the checkpoint is durable: {dirty:?}");
                removed += 1;
            }
            _ => {}
        }
    }
    assert!(stated == 1 && removed > 2);
    Ok(())
}

fn the_marker_is_durable_before_anything_else() -> Tested {
    needs::tool("strace")?;
    let folder = grown();
    std::fs::remove_dir_all(folder.path("public")).unwrap();
    let run = traced(&folder, &["-y", "-e", &format!("trace={}", CALLS.join(","))], PUBLISH, "");
    assert_eq!(run.code, Some(0), "{}", run.err);
    let calls = calls(&folder);
    let first =
        |name: &str, what: &str| calls.iter().position(|(call, line)| call == name && line.contains(what));
    let made =
        calls.iter().position(|(_, line)| line.contains("public/.publishing/") && line.contains("O_EXCL"));
    let steps = [
        first("mkdir", "public/.publishing\""),
        made,
        first("fsync", "public/.publishing>"),
        calls.iter().enumerate().position(|(at, (call, line))| {
            call == "fsync" && line.contains("/public>") && made.is_some_and(|made| at > made)
        }),
        first("mkdir", "public/tile\""),
    ];
    assert!(steps.iter().all(Option::is_some) && steps.is_sorted(), "{steps:?}");
    Ok(())
}
