//! Inputs longer than a batch, which are read while the batch before is being written.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write as _},
    process::Stdio,
};

use crate::books::{self, APPEND, numbered};

/// The numbers of the first and the last entry of each receipt.
fn spans(receipts: &[counterfoil::json::Object]) -> Vec<(u64, u64)> {
    let number = |receipt: &counterfoil::json::Object, name| receipt.get(name).unwrap().as_u64().unwrap();
    receipts.iter().map(|receipt| (number(receipt, "first"), number(receipt, "last"))).collect()
}

#[test]
fn a_long_input_is_written_in_order() {
    let folder = books::folder();
    let input = numbered(0, 25_003);
    let words = [APPEND, &["--delay", "1h"]].concat();
    let run = folder.feed(&words, input.clone());
    assert_eq!(run.code, Some(0), "{}", run.err);
    assert_eq!(spans(&books::receipts(&run)), [(1, 10_000), (10_001, 20_000), (20_001, 25_003)]);
    let said = folder.run(&["chain", "cat", "book", "--records", "1.."]);
    assert!(said.out == input, "other records, or another order: {}", said.err);
    books::assert_sound(&folder, "after a long input");
}

#[test]
fn a_bad_line_in_a_later_batch_ends_the_run_though_the_input_goes_on() {
    let folder = books::folder();
    let mut child = folder.foil(APPEND).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all((numbered(0, 12_000) + "{\"n\":01}\n").as_bytes()).unwrap();
    // The source lives on: the command may not wait for its end.
    assert_eq!(child.wait().unwrap().code(), Some(2));
    let mut told = String::new();
    child.stderr.take().unwrap().read_to_string(&mut told).unwrap();
    assert!(told.starts_with("foil chain append: error: line 12001: "), "{told}");
    let receipts = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    assert!(receipts.last().unwrap().contains("\"last\":12000,"));
    assert_eq!(books::size(&folder), 12_001);
    drop(stdin);
}

#[test]
fn bad_lines_are_passed_over_in_every_batch_and_told_in_order() {
    let folder = books::folder();
    let mut input = String::new();
    for n in 0..21_000 {
        let bad = n % 7_000 == 13;
        writeln!(input, "{}", if bad { "no".to_owned() } else { format!("{{\"n\":{n}}}") }).unwrap();
    }
    let run = folder.feed(&[APPEND, &["--keep-going"]].concat(), input);
    assert_eq!(run.code, Some(1));
    let told: Vec<_> = run.err.lines().filter_map(|line| line.split(": ").nth(2)).collect();
    assert_eq!(told, ["line 14", "line 7014", "line 14014"]);
    assert_eq!(books::size(&folder), 21_000 - 3 + 1);
}

#[test]
fn bad_lines_alone_are_told_before_the_input_ends() {
    let folder = books::folder();
    let mut child = folder.foil(&[APPEND, &["--keep-going"]].concat()).stdin(Stdio::piped()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(b"no\n").unwrap();
    let mut told = BufReader::new(child.stderr.take().unwrap()).lines();
    assert!(told.next().unwrap().unwrap().contains("line 1: "));
    drop(stdin);
    assert_eq!(child.wait().unwrap().code(), Some(1));
}
