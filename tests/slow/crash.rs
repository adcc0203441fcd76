//! Writers that die, or whose disk fails, at every system call: nothing acknowledged is lost, nothing that
//! was not sent appears, and the next writer goes on.
//!
//! `strace` kills the process, or lets a call fail, at its nth call of a kind.

use std::{collections::HashMap, fs, sync::Mutex};

use counterfoil::json::Value;

use crate::{
    books::{self, APPEND, numbered},
    power::trace,
    run::{Folder, Run, feed},
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    killed_at_every_call_of_an_append,
    every_write_and_sync_fails_once,
    killed_at_every_call_of_a_recovery,
    killed_across_the_end_of_a_file,
    killed_at_every_call_of_an_init,
];

/// The calls that change something on disk, and those that open what is to be changed.
pub const CALLS: &[&str] = &[
    "openat",
    "write",
    "pwrite64",
    "fsync",
    "fdatasync",
    "rename",
    "ftruncate",
    "mkdir",
    "unlink",
    "flock",
    "rmdir",
    "unlinkat",
    "copy_file_range",
    "chmod",
    "fchmod",
    "linkat",
];

/// Runs `foil` under `strace` with these options.
pub fn traced(folder: &Folder, options: &[&str], words: &[&str], input: &str) -> Run {
    let run = feed(trace::start(folder, options, words), input.into());
    if let Some(fault) = options.iter().find(|option| trace::is_fault(option)) {
        let happened = if fault.contains("signal=KILL") {
            run.code.is_none()
        } else {
            fs::read_to_string(folder.path("trace")).unwrap().contains("(INJECTED)")
        };
        assert!(happened, "{fault}: it did not happen");
    }
    run
}

/// The calls of the main thread, in order, as names and lines of the trace.
pub fn calls(folder: &Folder) -> Vec<(String, String)> {
    let trace = fs::read_to_string(folder.path("trace")).unwrap();
    let main = trace.split_whitespace().next().unwrap().to_owned();
    let of_main = trace.lines().filter_map(|line| line.strip_prefix(&main).map(str::trim));
    let named = |line: &str| Some((line.split_once('(')?.0.to_owned(), line.to_owned()));
    of_main.filter_map(named).filter(|(name, _)| CALLS.contains(&name.as_str())).collect()
}

/// Every call of the main thread that changes something, from the first one on that names `from`, as the name and
/// the place of this one among the calls of that name.
pub fn places(folder: &Folder, words: &[&str], input: &str, from: &str) -> Vec<(String, usize)> {
    let twin = books::copy(folder);
    let run = traced(&twin, &["-e", &format!("trace={}", CALLS.join(","))], words, input);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let (mut counts, mut places, mut begun) = (HashMap::new(), Vec::new(), false);
    let (calls, main) = (trace::calls(&twin), trace::main_thread(&twin));
    for call in calls.into_iter().filter(|call| call.thread == main) {
        let count = counts.entry(call.name.clone()).or_insert(0);
        *count += 1;
        begun |= call.args.iter().any(|arg| arg.contains(from));
        if begun {
            places.push((call.name, *count));
        }
    }
    assert!(places.len() > 10, "{places:?}");
    places
}

/// Does a thing at every place, on two threads.
pub fn everywhere(places: &[(String, usize)], test: impl Fn(&str, usize) + Sync) {
    let next = Mutex::new(places.iter());
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some((name, nth)) = { next.lock().unwrap().next() } {
                    test(name, *nth);
                }
            });
        }
    });
}

/// Appends `input` on a copy of the folder with a fault; then its producer sends again what was not
/// acknowledged, and everything must be there, once.
fn survives(folder: &Folder, before: &str, input: &str, fault: &str, check: impl Fn(&Folder, &str)) {
    let folder = books::copy(folder);
    let size = books::size(&folder);
    let broken = traced(&folder, &["-e", fault], APPEND, input);
    let acknowledged = !books::receipts(&broken).is_empty();
    let committed = books::size(&folder) > size;
    assert!(broken.code != Some(0) || acknowledged, "{fault}: success without a receipt");
    assert!(committed || !acknowledged, "{fault}: acknowledged and not there");
    check(&folder, fault);
    let mut expected = books::once(before);
    let mut again = |times: usize| expected.extend(input.lines().map(|line| (line.to_owned(), times)));
    if acknowledged {
        again(1);
    } else {
        let receipts = books::appended(&folder, input);
        // What was committed and not acknowledged is known for what it is when it is sent again.
        again(1);
        let new = receipts[0].get("first").unwrap();
        let recovered = receipts[0].get("skipped").and_then(Value::as_u64).unwrap_or(0);
        let all = recovered == input.lines().count() as u64;
        assert_eq!(new.as_u64().is_none(), all, "{fault}: {receipts:?}");
    }
    assert_eq!(books::records(&folder), expected, "{fault}");
    check(&folder, fault);
    let mended = folder.run(&["chain", "repair", "book", "-n"]);
    assert_eq!(mended.code, Some(0), "{fault}: tree/ after the next append: {}", mended.err);
}

fn killed_at_every_call_of_an_append() -> Tested {
    needs::tool("strace")?;
    let folder = books::folder();
    let before = numbered(0, 3);
    books::appended(&folder, &*before);
    let input = numbered(3, 6);
    let places = places(&folder, APPEND, &input, "book/lock");
    everywhere(&places, |call, nth| {
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        survives(&folder, &before, &input, &fault, books::assert_sound);
    });
    Ok(())
}

fn every_write_and_sync_fails_once() -> Tested {
    needs::tool("strace")?;
    let folder = books::folder();
    let before = numbered(0, 3);
    books::appended(&folder, &*before);
    let input = numbered(3, 6);
    let mut places = places(&folder, APPEND, &input, "book/lock");
    places.retain(|(call, _)| call != "flock");
    everywhere(&places, |call, nth| {
        let makes =
            ["openat", "mkdir", "rename", "copy_file_range"].contains(&call) || call.contains("write");
        // Nothing is out of room or over a quota by being synced, cut, or taken away.
        for error in if makes { &["EIO", "ENOSPC", "EDQUOT", "EINTR"][..] } else { &["EIO", "EINTR"] } {
            let fault = format!("inject={call}:error={error}:when={nth}");
            survives(&folder, &before, &input, &fault, books::assert_sound);
        }
    });
    Ok(())
}

/// A folder in which a writer died after its lines were on disk.
fn with_tail(before: &str, tail: &str) -> Folder {
    let folder = books::folder();
    books::appended(&folder, before);
    let killed = traced(&folder, &["-e", "inject=fdatasync:signal=KILL:when=1"], APPEND, tail);
    assert_ne!(killed.code, Some(0));
    folder
}

fn killed_at_every_call_of_a_recovery() -> Tested {
    needs::tool("strace")?;
    let (before, tail) = (numbered(0, 3), numbered(3, 6));
    let folder = with_tail(&before, &tail);
    let entries = folder.path("book/entries/000000000000.jsonl");
    let torn = fs::read_to_string(&entries).unwrap() + "{\"n\":7,\"recei";
    fs::write(&entries, torn).unwrap();
    let places = places(&folder, APPEND, &tail, "book/lock");
    assert!(places.iter().any(|(call, _)| call == "mkdir"), "replaced/ is made: {places:?}");
    everywhere(&places, |call, nth| {
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        survives(&folder, &before, &tail, &fault, books::assert_sound);
    });
    Ok(())
}

fn killed_across_the_end_of_a_file() -> Tested {
    needs::tool("strace")?;
    let before = numbered(0, 65_533);
    let folder = books::folder();
    for part in before.lines().collect::<Vec<_>>().chunks(65_533) {
        books::appended(&folder, part.join("\n"));
    }
    let input = numbered(65_533, 65_540);
    let mut places = places(&folder, APPEND, &input, "book/lock");
    places.retain(|(call, _)| ["pwrite64", "fdatasync", "fsync", "rename"].contains(&call.as_str()));
    let synced = places.iter().filter(|(call, _)| call == "fdatasync").count();
    assert_eq!(synced, 2, "two files: {places:?}");
    let unchecked = |_: &Folder, _: &str| {};
    everywhere(&places, |call, nth| {
        survives(&folder, &before, &input, &format!("inject={call}:signal=KILL:when={nth}"), unchecked);
    });
    Ok(())
}

fn killed_at_every_call_of_an_init() -> Tested {
    needs::tool("strace")?;
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    let init = &["chain", "init", "book", "-k", "gateway", "--writers", "anyone"];
    for (kind, acceptable) in [("signal=KILL", None), ("error=EIO", Some(2))] {
        everywhere(&places(&folder, init, "", "\"book\""), |call, nth| {
            let fault = format!("inject={call}:{kind}:when={nth}");
            let folder = books::copy(&folder);
            let broken = traced(&folder, &["-e", &fault], init, "");
            let there = folder.path("book/checkpoint").exists();
            assert!(there || broken.out.is_empty(), "{fault}: acknowledged and not there");
            assert!(broken.code != Some(0) || !broken.out.is_empty(), "{fault}: success without a receipt");
            if let Some(code) = acceptable {
                assert!([Some(0), Some(code)].contains(&broken.code), "{fault}: {:?}", broken.code);
            }
            let again = folder.run(init);
            assert_eq!(again.code, Some(if there { 2 } else { 0 }), "{fault}: {}", again.err);
            books::appended(&folder, numbered(0, 2));
            assert_eq!(books::records(&folder), books::once(&numbered(0, 2)), "{fault}");
            books::assert_sound(&folder, &fault);
            let left = fs::read_dir(folder.path("")).unwrap().map(|entry| entry.unwrap().file_name());
            let left: Vec<_> = left.filter(|name| name.to_string_lossy().contains("tmp")).collect();
            assert!(left.is_empty(), "{fault}: {left:?}");
        });
    }
    Ok(())
}
