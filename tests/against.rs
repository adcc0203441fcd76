//! Entries changed together with `tree/`, so that the ledger's own files do not say where; a copy does, whatever
//! is wrong with the copy.

use counterfoil::{
    object,
    record::writers::Writers,
    tlog::view::Memory,
    verify::{self, FindingKind, NamedCopy, Trust, VerifyReport},
};

use crate::ledgers::{Ledger, found, genesis, key, options, reading};

fn against(view: &Memory, copy: &Memory, trust: &Trust) -> anyhow::Result<VerifyReport> {
    let copy = NamedCopy { view: copy, name: "copy" };
    verify::ledger_against(view, Some(copy), trust, &options(1))
}

fn said(ledger: &Ledger, view: &Memory, copy: &Memory) -> Vec<String> {
    found(&against(view, copy, &ledger.trust()).unwrap())
}

/// The lines bent, `tree/` made anew from what stands there now, and the checkpoint as it was.
fn forged(ledger: &Ledger, bend: impl FnOnce(&mut Vec<String>)) -> Memory {
    let mut lines = ledger.lines.clone();
    bend(&mut lines);
    Memory { checkpoint: ledger.view.checkpoint.clone(), ..Ledger::written(lines).view }
}

fn change(line: &mut String) {
    *line = line.replace("assertionMethod", "assertionmethod");
}

#[test]
fn every_byte_of_every_entry_with_the_tree_made_anew() {
    let ledger = Ledger::of(3);
    for n in 0..3 {
        for at in 0..ledger.lines[n].len() {
            let view = forged(&ledger, |lines| {
                let mut bytes = lines[n].clone().into_bytes();
                bytes[at] ^= 1;
                lines[n] = String::from_utf8(bytes).unwrap();
            });
            let report = crate::ledgers::verify(&view, &ledger.trust());
            let findings = report.findings();
            let mismatch = findings.iter().find(|finding| finding.kind == FindingKind::RootMismatch).unwrap();
            let own = |finding: &&&verify::Finding| {
                finding.n == Some(n as u64) && finding.kind != FindingKind::RootMismatch
            };
            if findings.iter().any(|finding| own(&finding)) && report.has(FindingKind::BadProof) {
                assert_eq!(mismatch.n, Some(n as u64), "byte {at} of {n}: {:?}", found(&report));
            }
            assert!(mismatch.detail.contains("the entries 0 to 2"), "{}", mismatch.detail);
            let said = said(&ledger, &view, &ledger.view);
            let place = format!("modified {n} 000000:{}", n + 1);
            assert!(said.contains(&place), "byte {at} of {n}: {said:?}");
            assert!(
                said.iter().all(|finding| finding.ends_with(&format!(":{}", n + 1))
                    || finding.starts_with("tree-damaged")),
                "{said:?}"
            );
        }
    }
}

#[test]
fn a_copy_of_any_length_says_where() {
    let ledger = Ledger::of(700);
    for entries in [6, 256, 300, 512, 699, 700, 701, 900] {
        let copy = Ledger::of(entries).view;
        let treeless = Memory { levels: Vec::new(), ..copy.clone() };
        for n in [5, 255, 299, 511, 698, 699].into_iter().filter(|n| *n < entries) {
            let view = forged(&ledger, |lines| change(&mut lines[usize::try_from(n).unwrap()]));
            let errors =
                [format!("modified {n} 000000:{}", n + 1), format!("bad-proof {n} 000000:{}", n + 1)];
            for copy in [&copy, &treeless] {
                let mut said = said(&ledger, &view, copy);
                said.retain(|finding| !finding.starts_with("tree-damaged"));
                assert_eq!(said, errors, "{n} by a copy of {entries}");
            }
        }
    }
}

#[test]
fn what_a_shorter_copy_does_not_reach_stays_a_range() {
    let ledger = Ledger::of(700);
    let view = forged(&ledger, |lines| {
        change(&mut lines[100]);
        lines[650] = lines[650].replace("06:", "07:");
    });
    let copy = Ledger::of(600).view;
    let report = against(&view, &copy, &ledger.trust()).unwrap();
    let said = found(&report);
    assert!(said.contains(&"modified 100 000000:101".to_owned()), "{said:?}");
    assert!(!report.has(FindingKind::Forked), "{said:?}");
    let findings = report.findings();
    let range = findings.iter().find(|finding| finding.kind == FindingKind::RootMismatch).unwrap();
    assert!(range.detail.contains("of the entries 600 to 699"), "{}", range.detail);
    assert_eq!(range.n, Some(650));
}

#[test]
fn a_damaged_copy_helps_with_what_is_left_of_it() {
    let ledger = Ledger::of(700);
    let view = forged(&ledger, |lines| change(&mut lines[600]));
    for (n, levels) in [(3, true), (3, false), (601, true), (300, true)] {
        let mut copy = forged(&ledger, |lines| change(&mut lines[n]));
        if levels {
            copy.levels = ledger.view.levels.clone();
        }
        let mut said = said(&ledger, &view, &copy);
        said.retain(|finding| !finding.starts_with("tree-damaged"));
        assert_eq!(said, ["modified 600 000000:601", "bad-proof 600 000000:601"], "{n} {levels}");
    }
}

#[test]
fn lost_added_and_moved_lines_are_told_apart_though_the_tree_was_made_anew() {
    let ledger = Ledger::of(700);
    let judge = |bend: &dyn Fn(&mut Vec<String>)| {
        let mut said = said(&ledger, &forged(&ledger, bend), &ledger.view);
        said.retain(|finding| !finding.starts_with("tree-damaged"));
        said
    };
    assert_eq!(judge(&|lines| drop(lines.remove(500))), ["missing 500 000000:501"]);
    assert_eq!(judge(&|lines| lines.truncate(690)), ["incomplete 690 000000:691"]);
    assert_eq!(
        judge(&|lines| lines.insert(5, "{}".to_owned())),
        ["inserted - 000000:6", "malformed - 000000:6"]
    );
    let moved = judge(&|lines| {
        let line = lines.remove(100);
        lines.insert(300, line);
    });
    assert_eq!(moved, ["moved 100 000000:301"]);
    assert_eq!(judge(&|_| {}), [""; 0]);
}

#[test]
fn two_histories_that_the_log_signed_are_a_fork() {
    let other = |size: u64| {
        let mut records = vec![genesis(Writers::Signed)];
        records.extend((1..size).map(|n| reading(9, n)));
        Ledger::holding(records)
    };
    for (here, there) in [(40, 40), (40, 30), (30, 40), (700, 300), (300, 700)] {
        let (ledger, copy) = (Ledger::of(here), other(there));
        let report = against(&ledger.view, &copy.view, &ledger.trust()).unwrap();
        assert_eq!(found(&report), ["forked - checkpoint:-"], "{here} {there}");
        assert!(!report.sound() && report.vouched.is_empty());
        let same = against(&ledger.view, &Ledger::of(there).view, &ledger.trust()).unwrap();
        assert!(same.sound() && !same.vouched.is_empty(), "{here} {there}: {:?}", found(&same));
        // A copy without tree/ has its entries.
        let treeless = Memory { levels: Vec::new(), ..copy.view };
        assert_eq!(said(&ledger, &ledger.view, &treeless), ["forked - checkpoint:-"]);
        let own_treeless = Memory { levels: Vec::new(), ..ledger.view.clone() };
        let said = said(&ledger, &own_treeless, &treeless);
        assert!(said.contains(&"forked - checkpoint:-".to_owned()), "{said:?}");
    }
}

#[test]
fn without_a_checkpoint_the_copys_counts() {
    let ledger = Ledger::of(300);
    let copy = Ledger::of(280).view;
    for checkpoint in [
        None,
        Some(b"nonsense".to_vec()),
        Ledger::of(9).view.checkpoint.map(|mut bytes| {
            let at = bytes.len() - 10;
            bytes[at] ^= 1;
            bytes
        }),
    ] {
        let mut view = forged(&ledger, |lines| change(&mut lines[7]));
        view.checkpoint = checkpoint;
        let said = said(&ledger, &view, &copy);
        assert!(said.contains(&"modified 7 000000:8".to_owned()), "{said:?}");
        assert!(said[0].starts_with("checkpoint-"), "{said:?}");
        assert!(said.contains(&"trailing - 000000:281".to_owned()), "{said:?}");
    }
}

#[test]
fn a_copy_that_the_log_did_not_sign_says_nothing() {
    let ledger = Ledger::of(30);
    let mut copy = ledger.view.clone();
    let signed =
        counterfoil::tlog::checkpoint::SignedCheckpoint::parse(copy.checkpoint.as_ref().unwrap()).unwrap();
    let stated = signed.checkpoint().clone();
    let forged = counterfoil::tlog::checkpoint::SignedCheckpoint::sign(stated, &key(7)).unwrap();
    copy.checkpoint = Some(forged.to_string().into());
    let refusal = against(&ledger.view, &copy, &ledger.trust()).unwrap_err().to_string();
    assert!(refusal.starts_with("copy: its checkpoint is not signed by did:key:"), "{refusal}");
    copy.checkpoint = None;
    assert!(against(&ledger.view, &copy, &ledger.trust()).is_err());
    let foreign = Ledger::holding(vec![genesis(Writers::Anyone), object! { "a": 1u32 }]);
    let report = against(&ledger.view, &foreign.view, &ledger.trust()).unwrap();
    assert!(report.has(FindingKind::Forked), "another ledger of the same log under the same name");
}
