//! Disks that are full or read-only, outputs without a reader, and signals in the middle of a stream.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};

use crate::{
    books::{self, APPEND, numbered},
    run::{Folder, Run, feed},
};

/// Runs a line of `sh` in which `"$@"` is `foil` with these words.
fn shell(folder: &Folder, line: &str, words: &[&str], input: impl Into<Vec<u8>>) -> Run {
    let foil = folder.foil(words);
    let mut sh = Command::new("sh");
    sh.args(["-c", line, "sh"]).arg(foil.get_program()).args(foil.get_args());
    sh.current_dir(folder).env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    feed(
        sh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
        input.into(),
    )
}

#[test]
fn a_file_that_may_not_grow_loses_nothing() {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 3));
    let input = numbered(3, 2_000);
    // Again and again, and none makes it worse.
    for _ in 0..3 {
        let run = shell(&folder, "ulimit -f 64; exec \"$@\"", APPEND, &*input);
        assert_eq!((run.code, run.out.as_str()), (Some(2), ""), "{}", run.err);
        assert!(run.err.contains("entries/000000000000.jsonl: File too large"), "{}", run.err);
        books::assert_sound(&folder, "after EFBIG");
    }
    assert!(!folder.path("book/replaced").exists(), "a line that was torn off is kept nowhere");
    let receipts = books::appended(&folder, &*input);
    assert!(receipts[0].get("skipped").unwrap().as_u64().unwrap() > 100, "{receipts:?}");
    assert_eq!(books::records(&folder), books::once(&numbered(0, 2_000)));
    books::assert_sound(&folder, "after all");
}

#[test]
fn whatever_writes_says_that_a_file_may_not_grow() {
    let folder = books::folder();
    for words in [&["keygen", "new"][..], &["chain", "publish", "book", "public"]] {
        let run = shell(&folder, "ulimit -f 0; exec \"$@\"", words, "");
        assert!(run.code == Some(2) && run.err.contains("File too large"), "{:?} {}", run.code, run.err);
    }
}

#[test]
fn what_cannot_be_acknowledged_is_no_success() {
    for (line, code, says) in [
        ("exec \"$@\" >/dev/full", 2, "standard output: No space left on device"),
        ("exec \"$@\" >&-", 2, "standard output: Bad file descriptor"),
        ("(\"$@\"; echo $? >status) | true; exit $(cat status)", 141, ""),
    ] {
        let folder = books::folder();
        // More than one batch: the reader of the pipe is gone for sure by the last one.
        let run = shell(&folder, line, APPEND, numbered(0, 10_001));
        assert_eq!((run.code, run.out.as_str()), (Some(code), ""), "{line}: {}", run.err);
        assert!(run.err.contains(says), "{line}: {}", run.err);
        books::assert_sound(&folder, line);
        let init = shell(&folder, line, &["chain", "init", "new", "-k", "gateway"], "");
        assert!(code == 141 || init.code == Some(code), "{line}: {}", init.err);
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_printing() {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 5_000));
    let line = "(\"$@\"; echo $? >status) | head -1 >/dev/null; exit $(cat status)";
    let run = shell(&folder, line, &["chain", "cat", "book"], "");
    assert_eq!((run.code, run.err.as_str()), (Some(141), ""));
}

/// An appender that has acknowledged a first record.
fn running(folder: &Folder) -> (Child, impl Write + use<>, impl Iterator<Item = String> + use<>) {
    let mut child = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut receipts = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    stdin.write_all(numbered(0, 1).as_bytes()).unwrap();
    receipts.next().unwrap();
    (child, stdin, receipts)
}

fn signal(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
    std::thread::sleep(Duration::from_millis(200));
}

#[test]
fn terminated_it_drains_its_input_and_commits() {
    let folder = books::folder();
    let (mut child, mut stdin, receipts) = running(&folder);
    signal(&child, Signal::TERM);
    stdin.write_all(numbered(1, 4).as_bytes()).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert_eq!(receipts.count(), 1);
    assert_eq!(books::records(&folder), books::once(&numbered(0, 4)));
}

#[test]
fn terminated_with_an_input_that_stays_open_it_commits_and_says_143() {
    let folder = books::folder();
    let (mut child, mut stdin, receipts) = running(&folder);
    let begin = Instant::now();
    signal(&child, Signal::TERM);
    stdin.write_all(numbered(1, 4).as_bytes()).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(143));
    let took = begin.elapsed();
    assert!(took > Duration::from_secs(4) && took < Duration::from_secs(12), "{took:?}");
    assert_eq!(receipts.count(), 1);
    assert_eq!(books::records(&folder), books::once(&numbered(0, 4)));
}

#[test]
fn interrupted_it_commits_what_it_has_read() {
    let folder = books::folder();
    let words = [APPEND, &["--delay", "1m"]].concat();
    let mut child = folder.foil(&words).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(numbered(0, 3).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(500));
    signal(&child, Signal::INT);
    let output: Run = child.wait_with_output().unwrap().into();
    assert_eq!((output.code, books::receipts(&output).len()), (Some(130), 1), "{}", output.err);
    assert_eq!(books::records(&folder), books::once(&numbered(0, 3)));
    drop(stdin);
}

#[test]
fn interrupted_in_a_pipe_it_still_hears_the_last_words() {
    let folder = books::folder();
    let (mut child, mut stdin, receipts) = running(&folder);
    signal(&child, Signal::INT);
    stdin.write_all(numbered(1, 4).as_bytes()).unwrap();
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(130), "nothing is lost, and Ctrl-C was heard");
    assert_eq!(receipts.count(), 1);
    assert_eq!(books::records(&folder), books::once(&numbered(0, 4)));
}

#[test]
fn interrupted_twice_it_ends_at_once() {
    let folder = books::folder();
    let (mut child, stdin, _receipts) = running(&folder);
    let begin = Instant::now();
    signal(&child, Signal::INT);
    signal(&child, Signal::INT);
    let ended = child.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&ended), Some(2));
    assert!(begin.elapsed() < Duration::from_millis(1_500), "{:?}", begin.elapsed());
    drop(stdin);
}

#[test]
fn ctrl_c_on_a_pipe_keeps_that_the_device_was_let_go() {
    let folder = books::folder();
    let mut read = folder.foil(&["device", "read", "sim:cold-room"]).spawn().unwrap();
    let sign = folder.foil(&["sign", "-k", "gateway"]).stdin(read.stdout.take().unwrap()).spawn();
    let mut sign = sign.unwrap();
    let mut append = folder.foil(APPEND).stdin(sign.stdout.take().unwrap()).spawn().unwrap();
    let mut receipts = BufReader::new(append.stdout.take().unwrap()).lines();
    receipts.next().unwrap().unwrap();
    // The terminal sends it to all of them; the last may be the first to hear it.
    for stage in [&append, &sign, &read] {
        kill_process(Pid::from_child(stage), Signal::INT).unwrap();
    }
    for stage in [&mut read, &mut sign, &mut append] {
        assert_eq!(stage.wait().unwrap().code(), Some(130));
    }
    let last = books::good(&folder, &["chain", "cat", "book", "--last", "1", "--records"]).out;
    assert!(last.contains(r#""status":"stopped""#) && last.contains(r#""why":"interrupted""#), "{last}");
}

#[test]
fn a_source_that_never_pauses_does_not_keep_it_from_ending() {
    let folder = books::folder();
    let child = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let pid = Pid::from_child(&child);
    let ending = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_secs(1));
        kill_process(pid, Signal::INT).unwrap();
    });
    let begin = Instant::now();
    let run = feed(child, "{\"again\":1}\n".repeat(4_000_000).into());
    ending.join().unwrap();
    assert_eq!(run.code, Some(130), "{}", run.err);
    assert!(begin.elapsed() < Duration::from_secs(10), "{:?}", begin.elapsed());
    let acknowledged =
        books::receipts(&run).last().map_or(1, |last| last.get("size").unwrap().as_u64().unwrap());
    assert_eq!(books::size(&folder), acknowledged);
}
