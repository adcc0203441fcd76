//! Damage that could hide another fault: levels of the tree lost beside a changed entry.

use counterfoil::{
    tlog::view::Memory,
    verify::{self, Kind, Report},
};

use crate::{
    ledgers::{found, options},
    shift::LEDGER,
};

fn judge(view: &Memory) -> Report {
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

#[test]
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

#[test]
fn what_differs_is_not_called_wrong_where_nothing_leads_to_the_root() {
    let mut view = changed(70_000);
    view.levels[1].clear();
    view.levels[2].clear();
    view.levels[0][32 * 70_100] ^= 1;
    let report = judge(&view);
    assert!(report.has(Kind::RootMismatch), "{:?}", found(&report));
    let findings = report.findings();
    let tree = findings.iter().find(|finding| finding.file.as_deref() == Some("tree/0")).unwrap();
    let detail = "hash 70000 of tree/0 is not that of what stands in the entries: one of the two is wrong";
    assert_eq!(tree.detail, detail);
}
