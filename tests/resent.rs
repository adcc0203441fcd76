//! Records that are sent again because they were not acknowledged: each is written once.

use std::{io::Write, process::Stdio};

use counterfoil::json::Value;

use crate::{
    books::{self, APPEND, numbered},
    run::Folder,
};

/// A writer that is killed when it is about to hand out its receipt: standard output is a pipe that is full.
fn killed_before_its_receipt(folder: &Folder, input: &str, quiet: bool) {
    let words = if quiet { [APPEND, &["-q"]].concat() } else { APPEND.to_vec() };
    let (reader, writer) = std::io::pipe().unwrap();
    let mut full = writer.try_clone().unwrap();
    rustix::fs::fcntl_setfl(&full, rustix::fs::OFlags::NONBLOCK).unwrap();
    while full.write(&[0; 4096]).is_ok() {}
    rustix::fs::fcntl_setfl(&full, rustix::fs::OFlags::empty()).unwrap();
    let size = books::size(folder);
    let mut child = folder.foil(&words).stdin(Stdio::piped()).stdout(writer).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    let lines = input.lines().count() as u64;
    while books::size(folder) < size + lines {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    drop((reader, stdin));
}

#[test]
fn killed_between_commit_and_receipt_nothing_is_doubled() {
    for quiet in [false, true] {
        let folder = books::folder();
        books::appended(&folder, numbered(0, 3));
        killed_before_its_receipt(&folder, &numbered(3, 40), quiet);
        let receipts = books::appended(&folder, numbered(3, 40));
        assert_eq!(receipts.len(), 1);
        assert_eq!(
            (receipts[0].get("first"), receipts[0].get("skipped")),
            (Some(&Value::Null), Some(&37u32.into()))
        );
        assert_eq!(books::records(&folder), books::once(&numbered(0, 40)));
        // Now the producer was told, and the same once more is something new.
        books::appended(&folder, numbered(39, 41));
        assert_eq!(books::size(&folder), 43);
        books::assert_sound(&folder, "sent again");
    }
}

#[test]
fn what_is_sent_again_bit_by_bit_is_not_doubled() {
    let folder = books::folder();
    killed_before_its_receipt(&folder, &numbered(0, 6), false);
    let words = [APPEND, &["--delay", "0s"]].concat();
    let mut child = folder.foil(&words).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for line in numbered(0, 8).lines().chain(["{\"n\":5}"]) {
        writeln!(stdin, "{line}").unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut expected = books::once(&numbered(0, 8));
    expected.insert("{\"n\":5}".to_owned(), 2);
    assert_eq!(books::records(&folder), expected, "what comes behind something new is new");
}

#[test]
fn a_numbered_record_is_known_whenever_it_comes() {
    let folder = books::folder();
    let reading = |seq: u32| format!("{{\"seq\":{seq},\"stream\":\"b1e4\",\"type\":\"note\"}}\n");
    killed_before_its_receipt(&folder, &(reading(0) + &reading(1)), false);
    let words = [APPEND, &["--delay", "0s"]].concat();
    let mut child = folder.foil(&words).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    for line in [reading(7), reading(1), reading(8), reading(0)] {
        stdin.write_all(line.as_bytes()).unwrap();
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(books::records(&folder).values().all(|count| *count == 1), "{:?}", books::records(&folder));
}

#[test]
fn an_equal_record_of_another_writer_is_written() {
    let folder = books::folder();
    let mut child = folder.foil(&[APPEND, &["-q"]].concat()).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(numbered(0, 1).as_bytes()).unwrap();
    while books::size(&folder) < 2 {
        std::thread::sleep(std::time::Duration::from_millis(5));
    }
    books::appended(&folder, numbered(0, 1));
    assert_eq!(books::size(&folder), 3);
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn what_was_acknowledged_is_a_new_entry_when_it_comes_again() {
    let folder = books::folder();
    // The good lines before a bad one are acknowledged, whatever comes of the run.
    let run = books::append(&folder, numbered(0, 2) + "no record\n");
    assert_eq!((run.code, books::receipts(&run).len()), (Some(2), 1));
    books::appended(&folder, numbered(0, 2));
    assert_eq!(books::size(&folder), 5);
    // With -q they are not, if the run did not end well: the file is sent again when it is mended.
    let quiet = [APPEND, &["-q"]].concat();
    assert_eq!(folder.feed(&quiet, numbered(5, 7) + "no record\n").code, Some(2));
    assert_eq!(folder.feed(&quiet, numbered(5, 8)).code, Some(0));
    assert_eq!(books::size(&folder), 8);
    assert_eq!(folder.feed(&quiet, numbered(7, 8)).code, Some(0));
    assert_eq!(books::size(&folder), 9);
}

#[test]
fn a_quiet_run_that_left_something_out_acknowledged_nothing() {
    let folder = books::folder();
    let words = [APPEND, &["-q", "--keep-going"]].concat();
    let run = folder.feed(&words, numbered(0, 3) + "no record\n" + &numbered(3, 5));
    assert_eq!((run.code, books::size(&folder)), (Some(1), 6), "{}", run.err);
    let again = folder.feed(&words, numbered(0, 5));
    assert_eq!(again.code, Some(0), "{}", again.err);
    assert_eq!(books::records(&folder), books::once(&numbered(0, 5)));
}

#[test]
fn a_dry_run_makes_no_lock() {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 2));
    std::fs::remove_file(folder.path("book/lock")).unwrap();
    let run = folder.feed(&[APPEND, &["-n"]].concat(), numbered(2, 3));
    assert_eq!((run.code, folder.path("book/lock").exists()), (Some(0), false), "{}", run.err);
}
