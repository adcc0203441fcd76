//! Many writers of one ledger: none loses a record, none writes a record twice, and the lock says whose turn it
//! is.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Write},
    process::Stdio,
    time::{Duration, Instant},
};

use rustix::fs::{FlockOperation, flock};

use crate::{
    books::{self, APPEND, numbered},
    run::Folder,
};

/// Holds the lock of the ledger as another process would.
fn hold_lock(folder: &Folder) -> File {
    let lock = File::options().read(true).write(true).open(folder.path("book/lock")).unwrap();
    flock(&lock, FlockOperation::LockExclusive).unwrap();
    lock
}

#[test]
fn eight_writers_beside_an_everlasting_one_lose_nothing() {
    const BATCHES: usize = 5;
    let folder = books::folder();
    let mut lasting = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = lasting.stdin.take().unwrap();
    let mut receipts = BufReader::new(lasting.stdout.take().unwrap()).lines();
    std::thread::scope(|scope| {
        for writer in 0..8 {
            let folder = &folder;
            scope.spawn(move || {
                for batch in 0..BATCHES {
                    let said = |n| format!("{{\"seq\":{},\"writer\":{writer}}}\n", batch * 3 + n);
                    books::appended(folder, (0..3).map(said).collect::<String>());
                }
            });
        }
        for seq in 0..10 {
            writeln!(stdin, "{{\"seq\":{seq},\"writer\":8}}").unwrap();
            receipts.next().unwrap().unwrap();
        }
    });
    drop(stdin);
    assert!(lasting.wait().unwrap().success());
    let said = folder.run(&["chain", "cat", "book", "--records"]).out;
    for writer in 0..=8 {
        let mine = format!(",\"writer\":{writer}}}");
        let seqs: Vec<_> = said.lines().filter_map(|line| line.strip_suffix(&mine)).collect();
        let count = if writer == 8 { 10 } else { 3 * BATCHES };
        let expected: Vec<_> = (0..count).map(|seq| format!("{{\"seq\":{seq}")).collect();
        assert_eq!(seqs, expected, "each once, in order");
    }
    books::assert_sound(&folder, "after many writers");
}

#[test]
fn a_held_lock_is_busy_and_an_interrupt_ends_the_waiting() {
    let folder = books::folder();
    let lock = hold_lock(&folder);
    let words = [APPEND, &["--wait", "0s"]].concat();
    let run = folder.feed(&words, numbered(0, 1));
    assert_eq!((run.code, run.out.as_str()), (Some(75), ""));
    assert_eq!(run.err, "foil chain append: error: book: another process holds the lock\n");
    let repair = folder.run(&["chain", "repair", "book", "--wait", "100ms"]);
    assert_eq!(repair.code, Some(75), "{}", repair.err);

    let words = [APPEND, &["--wait", "1h"]].concat();
    let mut child = folder.foil(&words).stdin(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(numbered(0, 1).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));

    let waiting = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let letting_go = std::thread::spawn(move || {
        std::thread::sleep(Duration::from_millis(200));
        drop(lock);
    });
    let run = crate::run::feed(waiting, numbered(0, 1).into());
    letting_go.join().unwrap();
    assert_eq!(run.code, Some(0), "{}", run.err);
}

#[test]
fn a_lock_that_is_replaced_while_waiting_is_not_mistaken() {
    let folder = books::folder();
    let old = hold_lock(&folder);
    let waiting = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let mut child = waiting;
    child.stdin.take().unwrap().write_all(numbered(0, 1).as_bytes()).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    // The file is restored, and another writer locks the new one.
    fs::copy(folder.path("book/lock"), folder.path("book/lock.new")).unwrap();
    fs::rename(folder.path("book/lock.new"), folder.path("book/lock")).unwrap();
    let new = hold_lock(&folder);
    drop(old);
    std::thread::sleep(Duration::from_millis(200));
    assert_eq!(books::size(&folder), 1, "it waits for the new lock");
    drop(new);
    assert!(child.wait().unwrap().success());
    assert_eq!(books::size(&folder), 2);
}

#[test]
fn another_machine_is_refused_until_it_is_said_to_be_gone() {
    let folder = books::folder();
    let lock = folder.path("book/lock");
    let text = fs::read_to_string(&lock).unwrap();
    let (before, after) = text.split_once("\"machine\":\"").unwrap();
    let (_, after) = after.split_once('"').unwrap();
    fs::write(&lock, format!("{before}\"machine\":\"another\"{after}")).unwrap();
    let run = books::append(&folder, numbered(0, 1));
    assert_eq!((run.code, run.out.as_str()), (Some(2), ""));
    assert!(run.err.contains("another machine (another) wrote here last") && run.err.contains("--moved"));
    let run = folder.feed(&[APPEND, &["--moved"]].concat(), numbered(0, 1));
    assert_eq!(run.code, Some(0), "{}", run.err);
    books::appended(&folder, numbered(1, 2));
    assert_eq!(books::records(&folder), books::once(&numbered(0, 2)));
}

#[test]
fn a_batch_ends_at_its_limit_at_the_delay_or_with_the_input() {
    let folder = books::folder();
    let run = folder.feed(&[APPEND, &["--delay", "1m"]].concat(), numbered(0, 10_001));
    let receipts = books::receipts(&run);
    let spans: Vec<_> = receipts.iter().map(|receipt| receipt.get("last").unwrap().as_u64()).collect();
    assert_eq!(spans, [Some(10_000), Some(10_001)]);

    let begin = Instant::now();
    let run = folder.feed(&[APPEND, &["--delay", "1m"]].concat(), numbered(0, 3));
    assert_eq!((run.code, books::receipts(&run).len()), (Some(0), 1));
    assert!(begin.elapsed() < Duration::from_secs(30), "the end of the input ends the batch");

    let words = [APPEND, &["--delay", "300ms"]].concat();
    let mut child = folder.foil(&words).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    for _ in 0..2 {
        let begin = Instant::now();
        stdin.write_all(b"{\"a\":1}\n").unwrap();
        std::thread::sleep(Duration::from_millis(50));
        stdin.write_all(b"{\"a\":2}\n").unwrap();
        let receipt = lines.next().unwrap().unwrap();
        let took = begin.elapsed();
        assert!(took >= Duration::from_millis(295) && took < Duration::from_secs(5), "{took:?}: {receipt}");
    }
    drop(stdin);
    assert!(child.wait().unwrap().success());
    assert_eq!(books::size(&folder), 1 + 10_001 + 3 + 4);
}

#[test]
fn refused_records_cost_no_batch_each_and_are_named() {
    let folder = books::folder();
    fs::remove_dir_all(folder.path("book")).unwrap();
    folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", "plant7/signed"]);
    let signed = folder.feed(&["sign", "-k", "gateway"], numbered(0, 4)).out;
    let signed: Vec<_> = signed.lines().collect();
    let input = format!("{}\n{{}}\nnope\n{}\n{{\"b\":1}}\n{}\n", signed[0], signed[1], signed[2]);
    let run = folder.feed(&[APPEND, &["--keep-going"]].concat(), &*input);
    assert_eq!((run.code, books::receipts(&run).len()), (Some(1), 1), "{}", run.err);
    let named: Vec<_> = run.err.lines().map(|line| line.split(':').nth(2).unwrap().trim()).collect();
    assert_eq!(named, ["line 3", "line 2", "line 5"]);
    let run = folder.feed(APPEND, format!("{}\n{{}}\n{}\n", signed[3], signed[0]));
    assert_eq!((run.code, books::receipts(&run).len()), (Some(2), 1));
    assert_eq!(books::size(&folder), 1 + 3 + 1);
    books::assert_sound(&folder, "after refusals");
}
