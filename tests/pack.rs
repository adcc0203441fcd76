//! Packed files of entries: read as plain ones are, and what was done to them shows.

use std::{
    fs,
    sync::LazyLock,
    time::{Duration, Instant},
};

use counterfoil::{
    ledger::files::{self, gzip},
    verify::{self, VerifyReport},
};
use proptest::prelude::*;

use crate::ledgers::{self, Ledger, found, options};

/// Verifies a ledger of these lines, plain and packed, and gives both reports.
fn both(ledger: &Ledger, lines: &[u8]) -> [VerifyReport; 2] {
    [false, true].map(|pack| {
        let folder = tempfile::tempdir().unwrap();
        ledgers::write(&ledger.view, folder.path());
        let plain = folder.path().join("entries/000000000000.jsonl");
        if pack {
            fs::remove_file(plain).unwrap();
            fs::write(folder.path().join("entries/000000000000.jsonl.gz"), packed(lines)).unwrap();
        } else {
            fs::write(plain, lines).unwrap();
        }
        let view = files::folder::Folder::new(folder.path());
        verify::ledger(&view, &ledger.trust(), &options(1)).unwrap()
    })
}

fn packed(lines: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    gzip::pack(lines, &mut bytes).unwrap();
    bytes
}

/// Verifies a small ledger whose packed file has these bytes.
fn judge(ledger: &Ledger, bytes: &[u8]) -> VerifyReport {
    let folder = tempfile::tempdir().unwrap();
    ledgers::write(&ledger.view, folder.path());
    fs::remove_file(folder.path().join("entries/000000000000.jsonl")).unwrap();
    fs::write(folder.path().join("entries/000000000000.jsonl.gz"), bytes).unwrap();
    verify::ledger(&files::folder::Folder::new(folder.path()), &ledger.trust(), &options(1)).unwrap()
}

#[test]
fn every_flipped_byte_of_a_packed_file_is_a_finding_with_its_name() {
    let ledger = Ledger::of(5);
    let whole = packed(&ledger.view.files[&0]);
    assert!(judge(&ledger, &whole).findings().is_empty());
    for at in 0..whole.len() {
        let mut bent = whole.clone();
        bent[at] ^= 1 << (at % 3);
        let report = judge(&ledger, &bent);
        assert!(!report.sound() && report.vouched.is_empty(), "byte {at} of {}", whole.len());
        let named =
            |finding: &&verify::Finding| finding.file.as_deref() == Some("entries/000000000000.jsonl.gz");
        assert!(report.findings().iter().any(named), "byte {at}: {:?}", found(&report));
    }
}

#[test]
fn packed_files_that_are_cut_doubled_or_something_else() {
    let ledger = Ledger::of(5);
    let whole = packed(&ledger.view.files[&0]);
    let named = [&[0x1f, 0x8b, 8, 8, 0, 0, 0, 0, 0, 3][..], b"x\0", &whole[10..]].concat();
    for (bent, why) in [
        (whole[..whole.len() - 1].to_vec(), "cut off"),
        (whole[..200].to_vec(), "cut off"),
        (Vec::new(), "cut off"),
        ([&whole[..], &whole].concat(), "something stands behind its end"),
        ([&whole[..], b"\0"].concat(), "something stands behind its end"),
        (named, "not as foil chain pack does it"),
        (ledger.view.files[&0].clone(), "not as foil chain pack does it"),
    ] {
        let report = judge(&ledger, &bent);
        let said: Vec<String> = report.findings().iter().map(ToString::to_string).collect();
        let expected =
            format!("entries/000000000000.jsonl.gz: malformed: not read to its end: packed, and {why}");
        assert!(!report.sound() && said.iter().any(|said| said.starts_with(&expected)), "{said:?}");
    }
}

#[test]
fn bombs_end_soon() {
    let ledger = Ledger::of(5);
    let begin = Instant::now();
    for byte in [0, b'\n', b'x'] {
        let mut bomb = Vec::new();
        gzip::pack(std::io::Read::take(std::io::repeat(byte), 1 << 27), &mut bomb).unwrap();
        assert!(bomb.len() < 1 << 20);
        let begin = Instant::now();
        let report = judge(&ledger, &bomb);
        assert!(!report.sound() && begin.elapsed() < Duration::from_secs(20), "{:?}", begin.elapsed());
    }
    assert!(begin.elapsed() < Duration::from_secs(120));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn packed_and_plain_have_the_same_findings(
        at in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), what in 0..8, byte: u8
    ) {
        static LEDGER: LazyLock<Ledger> = LazyLock::new(|| Ledger::of(300));
        let whole = &LEDGER.view.files[&0];
        let mut lines: Vec<Vec<u8>> = whole.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
        let (line, second) = (at.index(lines.len()), other.index(lines.len()));
        match what {
            0 => drop(lines.remove(line)),
            1 => lines.insert(second, lines[line].clone()),
            2 => lines.swap(line, second),
            3 => lines.truncate(line),
            4 => lines.insert(line, vec![byte; 70_000]),
            5 => lines[line].iter_mut().for_each(|old| *old = byte),
            6 => lines.iter_mut().for_each(|line| line.splice(line.len() - 1.., *b"\r\n").for_each(drop)),
            _ => lines[line][second.min(100)] = byte,
        }
        let [plain, packed] = both(&LEDGER, &lines.concat());
        let said = |report: &VerifyReport| report.to_object().to_canonical().replace(".jsonl.gz", ".jsonl");
        prop_assert_eq!(said(&plain), said(&packed));
    }
}
