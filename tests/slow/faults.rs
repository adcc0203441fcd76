//! What comes before an acknowledgement, disks that take a part of a write, and a repair that dies.

use std::{collections::BTreeMap, fs, io::Write, process::Child, time::Duration};

use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, prlimit};

use crate::{
    books::{self, APPEND, numbered},
    crash::{everywhere, places, traced},
    power::trace::{self, Call},
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    acknowledged_only_when_everything_is_synced,
    a_short_write_is_gone_on_with,
    a_repair_that_dies_or_fails_at_any_call_does_no_harm,
];

/// Follows what is written and not yet durable, in all threads.
#[derive(Default)]
struct Unsynced {
    /// By path, the line of the trace in which the write began
    dirty: BTreeMap<String, usize>,
    acknowledged: usize,
    root: String,
}

impl Unsynced {
    fn take(&mut self, call: &Call) {
        match call.name.as_str() {
            "write" if call.descriptor(0) == 1 => {
                assert_eq!(self.dirty, BTreeMap::new(), "written and not synced before a receipt");
                self.acknowledged += 1;
            }
            "write" | "pwrite64" | "ftruncate" | "copy_file_range" => {
                let to = if call.name == "copy_file_range" { 2 } else { 0 };
                self.soil(call.path_of(to), call);
            }
            // A sync makes durable what was there when it began, and only when it has ended.
            "fsync" | "fdatasync" => {
                let path = call.path_of(0);
                if self.dirty.get(&path).is_some_and(|at| *at < call.began) {
                    self.dirty.remove(&path);
                }
            }
            "rename" if call.text(1).contains("book/") => {
                if call.text(1).ends_with("book/checkpoint") {
                    assert_eq!(self.dirty, BTreeMap::new(), "the commit point comes after all it commits");
                }
                self.soil(self.parent(&call.text(1)), call);
            }
            "mkdir" if call.text(0).contains("book") => self.soil(self.parent(&call.text(0)), call),
            _ => {}
        }
    }

    fn parent(&self, path: &str) -> String {
        let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        format!("{}/{folder}", self.root).trim_end_matches('/').to_owned()
    }

    fn soil(&mut self, path: String, call: &Call) {
        if is_truth(&path) {
            self.dirty.insert(path, call.ended);
        }
    }
}

/// Whether a file or folder must survive a power cut: `tree/`, `lock` and what was seen need not.
fn is_truth(path: &str) -> bool {
    ["/book", "/book/entries", "/book/replaced"].iter().any(|end| path.ends_with(end))
        || ["/book/entries/", "/book/checkpoint", "/book/replaced/"].iter().any(|part| path.contains(part))
}

/// The root of a folder as the kernel says it.
fn root(folder: &Folder) -> String {
    fs::canonicalize(folder).unwrap().to_str().unwrap().to_owned()
}

fn acknowledged_when_synced(folder: &Folder, words: &[&str], input: &str) -> usize {
    let options = trace::everything();
    let run = traced(folder, &options.each_ref().map(String::as_str), words, input);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let mut unsynced = Unsynced { root: root(folder), ..Unsynced::default() };
    let calls = trace::calls(folder);
    calls.iter().filter(|call| call.result >= 0).for_each(|call| unsynced.take(call));
    unsynced.acknowledged
}

fn acknowledged_only_when_everything_is_synced() -> Tested {
    needs::tool("strace")?;
    let words = [APPEND, &["--delay", "1m"]].concat();
    assert_eq!(acknowledged_when_synced(&books::folder(), &words, &numbered(0, 10_001)), 2);
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    assert_eq!(acknowledged_when_synced(&folder, &["chain", "init", "book", "-k", "gateway"], ""), 1);
    Ok(())
}

/// Lets a disk take only the first bytes of a write – the limit of a file's size does that – and the rest when
/// it is asked again. Answers what the write said.
fn interrupt(folder: &Folder, child: &mut Child, input: &str, limit: u64) -> i64 {
    let text = || fs::read_to_string(folder.path("trace")).unwrap_or_default();
    let until = |done: &dyn Fn() -> bool| {
        let waited = (0..2_000).any(|_| {
            done() || {
                std::thread::sleep(Duration::from_millis(10));
                false
            }
        });
        assert!(waited, "{}", text());
    };
    until(&|| text().contains('\n'));
    let pid = Pid::from_raw(trace::main_thread(folder).try_into().unwrap());
    let limited = |current| Rlimit { current, maximum: None };
    prlimit(pid, Resource::Fsize, limited(Some(limit))).unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    until(&|| text().contains("stopped by SIGSTOP"));
    let said = trace::calls(folder).iter().rfind(|call| call.name == "pwrite64").unwrap().result;
    prlimit(pid, Resource::Fsize, limited(None)).unwrap();
    kill_process(pid.unwrap(), Signal::CONT).unwrap();
    said
}

fn a_short_write_is_gone_on_with() -> Tested {
    needs::tool("strace")?;
    let (before, input) = (numbered(0, 3), numbered(3, 6));
    for taken in [1, 59, 61, 100] {
        let folder = books::folder();
        books::appended(&folder, &*before);
        let length = fs::metadata(folder.path("book/entries/000000000000.jsonl")).unwrap().len();
        // The first one of these calls writes `lock`.
        let fault = ["-e", "trace=openat,pwrite64", "-e", "inject=pwrite64:signal=STOP:when=2"];
        let mut child = trace::start(&folder, &fault, APPEND);
        let said = interrupt(&folder, &mut child, &input, length + taken);
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(said, i64::try_from(taken).unwrap());
        assert_eq!(books::records(&folder), books::once(&numbered(0, 6)));
        books::assert_sound(&folder, "after a short write");
    }
    Ok(())
}

fn a_repair_that_dies_or_fails_at_any_call_does_no_harm() -> Tested {
    needs::tool("strace")?;
    let folder = books::folder();
    books::appended(&folder, numbered(0, 300));
    fs::write(folder.path("book/tree/0"), [7; 32 * 200]).unwrap();
    let repair = &["chain", "repair", "book"];
    for kind in ["signal=KILL", "error=EIO", "error=ENOSPC", "error=EINTR"] {
        everywhere(&places(&folder, repair, "", "book/lock"), |call, nth| {
            let fault = format!("inject={call}:{kind}:when={nth}");
            let folder = books::copy(&folder);
            let broken = traced(&folder, &["-e", &fault], repair, "");
            books::assert_sound(&folder, &fault);
            let dry = folder.run(&["chain", "repair", "book", "-n"]);
            assert!(broken.code != Some(0) || dry.code == Some(0), "{fault}: success, and not repaired");
            for words in [&repair[..], &["chain", "repair", "book", "-n"]] {
                let run = folder.run(words);
                assert_eq!(run.code, Some(0), "{fault}: {words:?}: {}", run.err);
            }
            books::appended(&folder, numbered(300, 301));
            assert_eq!(books::records(&folder), books::once(&numbered(0, 301)), "{fault}");
        });
    }
    Ok(())
}
