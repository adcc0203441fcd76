//! Writers that die, or whose disk fails, at every system call: nothing acknowledged is lost, nothing that
//! nobody sent appears, and the next writer goes on.
//!
//! `strace` kills the process, or lets a call fail, at its nth call of a kind. Without `strace`, or where
//! tracing is not allowed, these tests are skipped, and say so.

use std::{
    collections::{BTreeMap, HashMap},
    fmt::Write,
    fs,
    process::{Command, Stdio},
    sync::Mutex,
};

use counterfoil::json::Value;

use crate::{
    books::{self, APPEND, numbered},
    run::{Folder, Run, feed},
};

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
    "chmod",
    "fchmod",
    "linkat",
];

/// Whether processes can be traced here.
#[allow(clippy::print_stderr)]
pub fn can_trace() -> bool {
    let traced =
        Command::new("strace").args(["-f", "-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    let can = traced.is_ok_and(|status| status.success());
    if !can {
        eprintln!("SKIPPED: no strace, or tracing is not allowed here: crashes were NOT tested");
    }
    can
}

/// Runs `foil` under `strace` with these options.
pub fn traced(folder: &Folder, options: &[&str], words: &[&str], input: &str) -> Run {
    let foil = folder.foil(words);
    let mut strace = Command::new("strace");
    strace.args(["-f", "--seccomp-bpf", "-o"]).arg(folder.path("trace")).args(options);
    strace.arg(foil.get_program()).args(foil.get_args()).current_dir(folder).env_clear();
    strace.envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    let child = strace.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    feed(child, input.into())
}

/// The calls of the main thread, in order.
pub fn calls(folder: &Folder) -> Vec<(String, String)> {
    let trace = fs::read_to_string(folder.path("trace")).unwrap();
    let main = trace.split_whitespace().next().unwrap().to_owned();
    let of_main = trace.lines().filter_map(|line| line.strip_prefix(&main).map(str::trim));
    let named = |line: &str| Some((line.split_once('(')?.0.to_owned(), line.to_owned()));
    of_main.filter_map(named).filter(|(name, _)| CALLS.contains(&name.as_str())).collect()
}

/// Every call from the first one on that names `from`, as the name and how manieth of that name it is.
pub fn places(folder: &Folder, words: &[&str], input: &str, from: &str) -> Vec<(String, usize)> {
    let twin = books::copy(folder);
    let run = traced(&twin, &["-e", &format!("trace={}", CALLS.join(","))], words, input);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let (mut counts, mut places, mut begun) = (HashMap::new(), Vec::new(), false);
    for (name, line) in calls(&twin) {
        let count = counts.entry(name.clone()).or_insert(0);
        *count += 1;
        begun |= line.contains(from);
        if begun {
            places.push((name, *count));
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
        // Between the commit point and the acknowledgement nobody can know: at least once, not exactly once.
        again(if committed { 2 } else { 1 });
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

#[test]
fn killed_at_every_call_of_an_append_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
    let folder = books::folder();
    let before = numbered(0, 3);
    books::appended(&folder, &*before);
    let input = numbered(3, 6);
    let places = places(&folder, APPEND, &input, "book/lock");
    everywhere(&places, |call, nth| {
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        survives(&folder, &before, &input, &fault, books::assert_sound);
    });
}

#[test]
fn every_write_and_sync_fails_once_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
    let folder = books::folder();
    let before = numbered(0, 3);
    books::appended(&folder, &*before);
    let input = numbered(3, 6);
    let mut places = places(&folder, APPEND, &input, "book/lock");
    places.retain(|(call, _)| call != "flock");
    everywhere(&places, |call, nth| {
        let error = if call.contains("write") { "ENOSPC" } else { "EIO" };
        let fault = format!("inject={call}:error={error}:when={nth}");
        survives(&folder, &before, &input, &fault, books::assert_sound);
    });
}

/// A folder in which a writer died after its lines were on disk.
fn with_tail(before: &str, tail: &str) -> Folder {
    let folder = books::folder();
    books::appended(&folder, before);
    let killed = traced(&folder, &["-e", "inject=fdatasync:signal=KILL:when=1"], APPEND, tail);
    assert_ne!(killed.code, Some(0));
    folder
}

#[test]
fn killed_at_every_call_of_a_recovery_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
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
}

#[test]
fn killed_across_the_end_of_a_file_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
    let before = numbered(0, 65_533);
    let folder = books::folder();
    for part in before.lines().collect::<Vec<_>>().chunks(65_533) {
        books::appended(&folder, part.join("\n"));
    }
    let input = numbered(65_533, 65_540);
    let mut places = places(&folder, APPEND, &input, "book/lock");
    places.retain(|(call, _)| ["pwrite64", "fdatasync", "fsync", "rename"].contains(&call.as_str()));
    assert!(places.iter().filter(|(call, _)| call == "fdatasync").count() == 2, "two files: {places:?}");
    let unchecked = |_: &Folder, _: &str| {};
    everywhere(&places, |call, nth| {
        survives(&folder, &before, &input, &format!("inject={call}:signal=KILL:when={nth}"), unchecked);
    });
}

#[test]
fn killed_at_every_call_of_an_init_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
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
}

#[test]
fn acknowledged_only_when_everything_is_synced_unless_strace_is_missing() {
    if !can_trace() {
        return;
    }
    let folder = books::folder();
    let trace = format!("trace={}", CALLS.join(","));
    let words = [APPEND, &["--delay", "1m"]].concat();
    let run = traced(&folder, &["-y", "-e", &trace], &words, &numbered(0, 10_001));
    assert_eq!(books::receipts(&run).len(), 2, "{}", run.err);
    let mut acknowledged = 0;
    // What was changed and not made durable since, by the path in the trace.
    let mut dirty: BTreeMap<String, String> = BTreeMap::new();
    for (name, line) in calls(&folder) {
        let path = |line: &str| line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
        match name.as_str() {
            "write" if line.starts_with("write(1<") => {
                assert_eq!(dirty, BTreeMap::new(), "written and not synced before a receipt");
                acknowledged += 1;
            }
            "write" | "pwrite64" | "ftruncate" if is_truth(&path(&line)) => {
                dirty.insert(path(&line), line);
            }
            "fsync" | "fdatasync" => drop(dirty.remove(&path(&line))),
            "rename" if line.contains("book/checkpoint") => {
                assert_eq!(dirty, BTreeMap::new(), "the commit point comes after all it commits");
                dirty.insert(fs::canonicalize(folder.path("book")).unwrap().display().to_string(), line);
            }
            _ => {}
        }
    }
    assert_eq!(acknowledged, 2);
}

/// Whether a file must survive a power cut: `tree/`, `lock` and what was seen need not.
fn is_truth(path: &str) -> bool {
    path.contains("/book/entries/") || path.contains("/book/checkpoint")
}

#[test]
fn a_big_tail_is_taken_up_whole() {
    // What a writer leaves that had taken up a full batch and added its own.
    let folder = books::folder();
    let tail = numbered(0, 15_000);
    let entries = folder.path("book/entries/000000000000.jsonl");
    let mut text = fs::read_to_string(&entries).unwrap();
    let (_, received) = text.split_once("\"received\":").unwrap();
    let received = received[..26].to_owned();
    for (n, record) in (1..).zip(tail.lines()) {
        writeln!(text, "{{\"n\":{n},\"received\":{received},\"record\":{record}}}").unwrap();
    }
    fs::write(&entries, text).unwrap();
    let receipts = books::appended(&folder, numbered(0, 10));
    let recovered = receipts[0].get("recovered").unwrap().to_string();
    assert_eq!((recovered.as_str(), receipts[0].get("skipped").unwrap().as_u64()), ("[1,15000]", Some(10)));
    assert_eq!(books::records(&folder), books::once(&tail));
    books::assert_sound(&folder, "a big tail");
}
