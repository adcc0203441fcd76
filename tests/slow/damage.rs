//! Damage that could hide another fault, or look like thousands: levels of the tree lost beside a changed entry,
//! and packed files with a bad byte.

use std::fs;

use counterfoil::{
    ledger::files::{folder::Folder, gzip},
    tlog::view::Memory,
    verify::{self, FindingKind, Severity, VerifyReport},
};

use crate::{
    ledgers::{self, found, options},
    shift::LEDGER,
    support::trial::trials,
};

trials![
    a_changed_entry_is_named_whichever_levels_are_lost,
    what_differs_is_not_called_wrong_where_nothing_leads_to_the_root,
    a_bad_byte_of_a_packed_file_is_one_range,
];

fn judge(view: &Memory) -> VerifyReport {
    verify::ledger(view, &LEDGER.trust(), &options(2)).unwrap()
}

/// Whole files, with one entry changed.
fn changed(n: usize) -> Memory {
    let mut view = LEDGER.view.clone();
    let line = &LEDGER.lines[n];
    let file = view.files.get_mut(&(n as u64 / 65_536 * 65_536)).unwrap();
    let at = file.windows(line.len()).position(|bytes| bytes == line.as_bytes()).unwrap();
    file[at + line.len() - 3] ^= 1; // the last digit of its value
    view
}

fn a_changed_entry_is_named_whichever_levels_are_lost() {
    let modified = "modified 70000 065536:4465".to_owned();
    let view = changed(70_000);
    for lost in [&[2_usize][..], &[1], &[1, 2]] {
        let mut view = view.clone();
        for level in lost {
            view.levels[*level].clear();
        }
        let mut said: Vec<String> = lost.iter().map(|it| format!("tree-damaged - tree/{it}:-")).collect();
        said.push(modified.clone());
        let report = judge(&view);
        assert_eq!(found(&report), said, "without {lost:?}");
        assert!(!report.sound() && report.vouched.is_empty());
    }
    // A hash of the lowest level is wrong too: the level above it decides.
    let mut view = view;
    view.levels[2].clear();
    view.levels[0][32 * 100] ^= 1;
    let said = found(&judge(&view));
    assert!(said.contains(&modified) && said.contains(&"tree-damaged - tree/0:-".to_owned()), "{said:?}");
    assert!(!said.iter().any(|it| it.starts_with("root-mismatch")), "{said:?}");
}

fn what_differs_is_not_called_wrong_where_nothing_leads_to_the_root() {
    let mut view = changed(70_000);
    view.levels[1].clear();
    view.levels[2].clear();
    view.levels[0][32 * 70_100] ^= 1;
    let report = judge(&view);
    assert!(report.has(FindingKind::RootMismatch), "{:?}", found(&report));
    let findings = report.findings();
    let tree = findings.iter().find(|finding| finding.file.as_deref() == Some("tree/0")).unwrap();
    let detail = "hash 70000 of tree/0 is not that of what stands in the entries: one of the two is wrong";
    assert_eq!(tree.detail, detail);
}

/// The same ledger with its second file packed, and a byte of that bent, so many hundredths of it behind its
/// beginning.
fn packed(bent: Option<usize>) -> VerifyReport {
    let folder = tempfile::tempdir().unwrap();
    ledgers::write(&LEDGER.view, folder.path());
    let plain = folder.path().join("entries/000000065536.jsonl");
    let mut bytes = Vec::new();
    gzip::pack(&LEDGER.view.files[&65_536][..], &mut bytes).unwrap();
    if let Some(hundredths) = bent {
        let at = bytes.len() / 100 * hundredths;
        bytes[at] ^= 0x10;
    }
    fs::write(plain.with_extension("jsonl.gz"), &bytes).unwrap();
    fs::remove_file(plain).unwrap();
    verify::ledger(&Folder::new(folder.path()), &LEDGER.trust(), &options(2)).unwrap()
}

fn a_bad_byte_of_a_packed_file_is_one_range() {
    assert_eq!(found(&packed(None)), [""; 0]);
    for hundredths in [3, 50, 97] {
        let report = packed(Some(hundredths));
        let findings = report.findings();
        let [file, range] = &findings[..] else { panic!("{hundredths}: {:?}", found(&report)) };
        assert_eq!((file.kind, file.line, report.findings.total()), (FindingKind::Malformed, None, 2));
        assert!(file.detail.starts_with("not read to its end: packed, and "), "{file}");
        assert_eq!((range.kind, range.severity), (FindingKind::Missing, Severity::Error));
        assert!(range.detail.ends_with(" can no longer be read"), "{range}");
        // Lines before the bad byte are what they were.
        let n = range.n.unwrap() - 65_536;
        let place = 65_536 / 100 * hundredths as u64;
        assert!(range.line == Some(n + 1) && n.abs_diff(place) < 2_000, "{range}");
    }
}
