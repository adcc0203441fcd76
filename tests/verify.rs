//! Every kind of finding, at its place, and no other.

use counterfoil::{
    key::SecretKey,
    object,
    record::{
        signed::{SignOptions, sign},
        writers::Writers,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::Memory,
        vkey::{Algorithm, VerifierKey},
    },
    verify::{self, FindingKind, GivenKey, KeySource, RememberedCheckpoint, Trust},
};

use crate::ledgers::{Ledger, ORIGIN, found, genesis, key, options, reading, verify};

/// The lines of a file, to be bent.
fn bend(ledger: &Ledger, file: u64, bend: impl FnOnce(&mut Vec<Vec<u8>>)) -> Memory {
    let mut view = ledger.view.clone();
    let content = view.files.get_mut(&file).unwrap();
    let mut lines: Vec<Vec<u8>> =
        content.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect();
    bend(&mut lines);
    *content = lines.concat();
    view
}

fn findings(ledger: &Ledger, view: &Memory) -> Vec<String> {
    found(&verify(view, &ledger.trust()))
}

fn change(line: &mut Vec<u8>, from: &str, to: &str) {
    *line = String::from_utf8(line.clone()).unwrap().replace(from, to).into_bytes();
}

fn resign(ledger: &Ledger, change: impl FnOnce(&mut Checkpoint), by: &SecretKey) -> Memory {
    let mut view = ledger.view.clone();
    let signed = SignedCheckpoint::parse(view.checkpoint.as_ref().unwrap()).unwrap();
    let mut checkpoint = signed.checkpoint().clone();
    change(&mut checkpoint);
    view.checkpoint = Some(SignedCheckpoint::sign(checkpoint, by).unwrap().to_string().into());
    view
}

#[test]
fn a_sound_ledger_has_no_finding_and_its_log_vouches() {
    let ledger = Ledger::of(700);
    let report = ledger.verify();
    assert_eq!(found(&report), [""; 0]);
    assert_eq!((report.entries_checked, report.proofs_checked, report.sound()), (700, 700, true));
    let voucher = &report.vouched[0];
    assert_eq!((voucher.by, voucher.first, voucher.last), ("log", 0, 699));
    let report = verify(&ledger.view, &Trust::default());
    assert!(report.sound() && report.vouched.is_empty() && report.key == KeySource::None);
    let trust = Trust { remembered: Some(ledger.remembered()), ..Trust::default() };
    let report = verify(&ledger.view, &trust);
    assert!(report.sound() && report.key == KeySource::Pinned);
    let by: Vec<_> = report.vouched.iter().map(|voucher| (voucher.by, voucher.last)).collect();
    assert_eq!(by, [("log", 699), ("seen", 699)]);
    let vkey = VerifierKey::new(ORIGIN, Algorithm::Ed25519, key(200).public()).unwrap();
    let trust = Trust { given: Some(GivenKey::Named(vkey)), ..Trust::default() };
    assert!(verify(&ledger.view, &trust).vouched.len() == 1);
}

#[test]
fn changed_lost_added_and_moved_lines_are_told_apart() {
    let ledger = Ledger::of(700);
    let view = bend(&ledger, 0, |lines| change(&mut lines[500], "\"temperature\":4", "\"temperature\":5"));
    assert_eq!(findings(&ledger, &view), ["modified 500 000000:501", "bad-proof 500 000000:501"]);
    let view = bend(&ledger, 0, |lines| drop(lines.remove(500)));
    assert_eq!(findings(&ledger, &view), ["missing 500 000000:501"]);
    let view = bend(&ledger, 0, |lines| drop(lines.drain(300..=400)));
    assert_eq!(findings(&ledger, &view), ["missing 300 000000:301"]);
    let view = bend(&ledger, 0, |lines| lines.insert(5, lines[400].clone()));
    assert_eq!(findings(&ledger, &view), ["inserted 400 000000:6"]);
    let view = bend(&ledger, 0, |lines| lines.insert(5, b"{}\n".to_vec()));
    assert_eq!(findings(&ledger, &view), ["inserted - 000000:6", "malformed - 000000:6"]);
    let view = bend(&ledger, 0, |lines| lines.swap(5, 600));
    assert_eq!(findings(&ledger, &view), ["moved 600 000000:6", "moved 5 000000:601"]);
    let view = bend(&ledger, 0, |lines| {
        let line = lines.remove(100);
        lines.insert(300, line);
    });
    assert_eq!(findings(&ledger, &view), ["moved 100 000000:301"]);
}

#[test]
fn several_faults_are_all_reported() {
    let ledger = Ledger::of(700);
    let view = bend(&ledger, 0, |lines| {
        lines.truncate(690);
        lines.swap(200, 201);
        lines.remove(100);
        change(&mut lines[50], "cold-room-3", "cold-room-9");
    });
    let expected = [
        "modified 50 000000:51",
        "bad-proof 50 000000:51",
        "missing 100 000000:101",
        "moved 201 000000:200",
        "truncated 690 000000:690",
    ];
    assert_eq!(findings(&ledger, &view), expected);
}

#[test]
fn an_end_that_is_missing_or_unfinished() {
    let ledger = Ledger::of(30);
    let view = bend(&ledger, 0, |lines| lines.truncate(20));
    assert_eq!(findings(&ledger, &view), ["incomplete 20 000000:21"]);
    let view = bend(&ledger, 0, Vec::clear);
    assert_eq!(findings(&ledger, &view), ["incomplete 0 000000:1"]);
    let view = bend(&ledger, 0, |lines| assert_eq!(lines[29].pop(), Some(b'\n')));
    assert_eq!(findings(&ledger, &view), ["line-endings - 000000:30"]);
    let longer = Ledger::of(33);
    let mut view = ledger.view.clone();
    view.files = longer.view.files.clone();
    assert_eq!(findings(&ledger, &view), ["trailing - 000000:31"]);
    assert!(verify(&view, &ledger.trust()).sound());
    assert_eq!(verify(&view, &ledger.trust()).entries_checked, 30);
    view.files.get_mut(&0).unwrap().truncate(longer.view.files[&0].len() - 7);
    assert_eq!(findings(&ledger, &view), ["trailing - 000000:31"], "a torn write");
    let view = bend(&ledger, 0, |lines| lines.push(lines[29].clone()));
    assert_eq!(findings(&ledger, &view), ["inserted 29 000000:31"], "no crash writes an entry twice");
}

#[test]
fn the_checkpoint_and_entry_0() {
    let ledger = Ledger::of(30);
    let mut view = ledger.view.clone();
    view.checkpoint = None;
    assert_eq!(findings(&ledger, &view), ["checkpoint-malformed - checkpoint:-"]);
    view.checkpoint = Some(b"nonsense".to_vec());
    assert_eq!(findings(&ledger, &view), ["checkpoint-malformed - checkpoint:-"]);
    let view = resign(&ledger, |_| {}, &key(7));
    assert_eq!(findings(&ledger, &view), ["checkpoint-signature - checkpoint:-"]);
    let view = resign(&ledger, |checkpoint| checkpoint.origin = "elsewhere".to_owned(), &key(200));
    assert_eq!(findings(&ledger, &view), ["bad-genesis 0 000000:1"]);
    let other = Trust { given: Some(GivenKey::Key(key(7).public())), ..Trust::default() };
    assert_eq!(found(&verify(&ledger.view, &other)), ["wrong-key 0 000000:1"]);
    let vkey = VerifierKey::new("elsewhere", Algorithm::Ed25519, key(200).public()).unwrap();
    let other = Trust { given: Some(GivenKey::Named(vkey)), ..Trust::default() };
    assert_eq!(found(&verify(&ledger.view, &other)), ["wrong-key - checkpoint:-"]);
    let headless = Ledger::holding((0..5).map(|seq| reading(1, seq)).collect());
    assert_eq!(found(&headless.verify()), ["bad-genesis 0 000000:1"]);
}

#[test]
fn nothing_at_all_is_no_ledger() {
    let error = verify::ledger(&Memory::default(), &Trust::default(), &options(1)).unwrap_err();
    assert_eq!(error.to_string(), "no ledger: there is no checkpoint, and no entries");
}

#[test]
fn what_was_seen_before() {
    let (short, long) = (Ledger::of(30), Ledger::of(40));
    let seen = |ledger: &Ledger| Trust { remembered: Some(ledger.remembered()), ..Trust::default() };
    assert_eq!(found(&verify(&long.view, &seen(&short))), [""; 0]);
    assert_eq!(found(&verify(&short.view, &seen(&long))), ["rolled-back - checkpoint:-"]);
    let mut records = vec![genesis(Writers::Signed)];
    records.extend((1..40).map(|n| reading(9, n)));
    let other = Ledger::holding(records);
    assert_eq!(found(&verify(&other.view, &seen(&short))), ["forked - checkpoint:-"]);
    assert_eq!(found(&verify(&other.view, &seen(&long))), ["forked - checkpoint:-"]);
    assert!(verify(&other.view, &seen(&short)).vouched.is_empty());
    let forgotten = RememberedCheckpoint { key: key(7).public(), ..short.remembered() };
    let trust = Trust { remembered: Some(forgotten), ..Trust::default() };
    assert_eq!(found(&verify(&short.view, &trust)), ["wrong-key 0 000000:1"]);
}

#[test]
fn the_rules_for_writers_are_replayed() {
    let ledger = |writers, record| found(&Ledger::holding(vec![genesis(writers), record]).verify());
    let unsigned = || object! { "type": "note", "text": "hello" };
    let mut changed = reading(1, 0);
    changed.insert("seq", 5u32);
    let listed = || Writers::Keys(vec![key(1).public()]);
    assert_eq!(ledger(Writers::Signed, unsigned()), ["unsigned 1 000000:2"]);
    assert_eq!(ledger(Writers::Signed, changed.clone()), ["bad-proof 1 000000:2"]);
    assert_eq!(ledger(listed(), reading(2, 0)), ["unauthorized 1 000000:2"]);
    assert_eq!(ledger(listed(), reading(1, 0)), [""; 0]);
    assert_eq!(ledger(Writers::Anyone, unsigned()), [""; 0]);
    let lenient = Ledger::holding(vec![genesis(Writers::Anyone), changed]);
    assert_eq!(found(&lenient.verify()), ["bad-proof 1 000000:2"]);
    assert!(lenient.verify().sound(), "its own rule let it in: a warning");
}

#[test]
fn proofs_beyond_the_checkpoint_do_not_count() {
    let ledger = Ledger::of(4);
    let view = Memory { files: Ledger::of(6).view.files, ..ledger.view.clone() };
    let report = verify(&view, &ledger.trust());
    assert_eq!(found(&report), ["trailing - 000000:5"]);
    assert_eq!((report.entries_checked, report.proofs_checked), (4, 4));
}

#[test]
fn a_second_declaration_means_nothing() {
    let again = genesis(Writers::Keys(vec![key(9).public()]));
    let ledger = Ledger::holding(vec![genesis(Writers::Signed), again, reading(1, 0)]);
    let report = ledger.verify();
    assert!(report.sound() && report.vouched.len() == 1);
    assert_eq!(found(&report), [""; 0]);
}

#[test]
fn a_flood_of_faults_is_counted() {
    let mut records = vec![genesis(Writers::Signed)];
    records.extend((0..9_000u32).map(|n| object! { "value": n }));
    let report = Ledger::holding(records).verify();
    assert_eq!((report.findings.errors(), report.findings().len()), (9_000, 1_000));
}

#[test]
fn what_the_operator_signed_and_should_not_have() {
    let good = Ledger::of(10);
    let with = |change: &dyn Fn(&mut Vec<String>)| {
        let mut lines = good.lines.clone();
        change(&mut lines);
        found(&Ledger::written(lines).verify())
    };
    let spaced = |lines: &mut Vec<String>| lines[4] = lines[4].replace("\":4", "\": 4");
    assert_eq!(with(&spaced), ["not-canonical 4 000000:5"]);
    let numbered = |lines: &mut Vec<String>| lines[4] = lines[4].replace("{\"n\":4,", "{\"n\":3,");
    assert_eq!(with(&numbered), ["malformed 4 000000:5"]);
    let backwards =
        |lines: &mut Vec<String>| lines[4] = lines[4].replace("\"received\":\"2026", "\"received\":\"2025");
    assert_eq!(with(&backwards), ["received-backwards 4 000000:5"]);
    assert_eq!(with(&|lines| lines[4] = "garbage".to_owned()), ["malformed - 000000:5"]);
    assert_eq!(with(&|lines| lines[4] = String::new()), ["malformed - 000000:5"]);
}

#[test]
fn a_wall_undoes_a_jump_of_the_clock_and_dates_nothing_back() {
    // Entry n comes at 06:00:0n; from entry 5 on the clock has jumped.
    let jumped = |lines: &mut Vec<String>, from: usize, year: &str| {
        for line in &mut lines[from..] {
            *line = line.replace("\"received\":\"2026", &format!("\"received\":\"{year}"));
        }
        let held = lines[7][..lines[7].find("\"record").unwrap()].split_once(',').unwrap().1.to_owned();
        for line in &mut lines[8..] {
            let (number, record) = (line.split_once(',').unwrap().0, &line[line.find("\"record").unwrap()..]);
            *line = format!("{number},{held}{record}");
        }
    };
    let with = |year: &str, walls: [&str; 2]| {
        let mut lines = Ledger::of(10).lines;
        jumped(&mut lines, 5, year);
        for (line, wall) in lines[8..].iter_mut().zip(walls).filter(|(_, wall)| !wall.is_empty()) {
            line.truncate(line.len() - 1);
            *line = format!("{line},\"wall\":\"{wall}.000Z\"}}");
        }
        found(&Ledger::written(lines).verify())
    };
    assert_eq!(with("2045", ["", ""]), [""; 0], "a jump that nobody undid");
    assert_eq!(with("2045", ["2026-03-01T06:00:08", "2026-03-01T06:00:09"]), [""; 0]);
    assert_eq!(with("2045", ["2026-03-01T06:00:04", "2026-03-01T06:00:04"]), [""; 0], "as early as can be");
    let bad = ["bad-wall 8 000000:9"];
    assert_eq!(with("2045", ["2026-03-01T06:00:03", "2026-03-01T06:00:09"]), bad, "dates back");
    assert_eq!(with("2026", ["2026-03-01T06:00:06", "2026-03-01T06:00:06"]), bad, "no jump");
    assert_eq!(with("2027", ["2026-03-01T06:00:08", "2026-03-01T06:00:09"]), bad, "no more than a year");
    assert_eq!(with("2045", ["2045-03-01T06:00:06", "2045-03-01T06:00:06"]), bad, "within the jump");
    let bad = ["bad-wall 9 000000:10"];
    assert_eq!(with("2045", ["2026-03-01T06:00:08", "2026-03-01T06:00:07"]), bad, "walls go back");
    assert_eq!(with("2045", ["2026-03-01T06:00:08", "2045-03-01T06:00:08"]), bad, "ahead of received");
    assert_eq!(with("2045", ["2026-03-01T06:00:08", ""]), bad, "and so to the jump again");
}

#[test]
fn a_damaged_tree_is_a_warning_until_it_is_needed() {
    let ledger = Ledger::of(700);
    for (level, byte) in [(0, 0), (0, 32 * 699 + 31), (0, 32 * 300), (1, 3)] {
        let mut view = ledger.view.clone();
        view.levels[level][byte] ^= 1;
        let report = verify(&view, &ledger.trust());
        assert!(report.sound() && report.vouched.len() == 1);
        assert_eq!(found(&report), [format!("tree-damaged - tree/{level}:-")]);
    }
    let mut view = ledger.view.clone();
    view.levels.clear();
    let expected = ["tree-damaged - tree/0:-", "tree-damaged - tree/1:-"];
    assert_eq!(findings(&ledger, &view), expected);
}

#[test]
fn with_a_damaged_tree_the_smallest_range_is_named() {
    let ledger = Ledger::of(700);
    let temper = |lines: &mut Vec<Vec<u8>>| change(&mut lines[300], "b1e", "b1f");
    let mut view = bend(&ledger, 0, temper);
    // Entry 300 stands in the block 256 … 511, whose own hash is intact.
    view.levels[0][32 * 400] ^= 1;
    let report = verify(&view, &ledger.trust());
    let said = found(&report);
    assert!(said.contains(&"root-mismatch 300 000000:301".to_owned()), "{said:?}");
    let all = report.findings();
    let mismatch = all.iter().find(|finding| finding.kind == FindingKind::RootMismatch).unwrap();
    assert!(mismatch.detail.starts_with("one of the entries 256 to 511 is not"), "{}", mismatch.detail);
    assert!(!report.sound() && report.vouched.is_empty());
    view.levels.clear();
    // The whole is in doubt, and the entry whose proof is broken most of all.
    let range = |trust: &Trust| {
        let report = verify(&view, trust);
        let findings = report.findings();
        let mismatch = findings.iter().find(|finding| finding.kind == FindingKind::RootMismatch).unwrap();
        (mismatch.n, mismatch.detail.split(": ").nth(1).unwrap().to_owned())
    };
    let likely = "are others; entry 300, whose proof does not hold, is the likely one";
    let from = |from: u64| (Some(300), format!("one or more of the entries {from} to 699 {likely}"));
    assert_eq!(range(&ledger.trust()), from(0));
    // What was seen before narrows it down.
    let seen = Trust { remembered: Some(Ledger::of(200).remembered()), ..ledger.trust() };
    assert_eq!(range(&seen), from(200));
    // Without hashes, numbers tell what is missing.
    let mut view = bend(&ledger, 0, |lines| drop(lines.remove(500)));
    view.levels.clear();
    let expected = ["root-mismatch 0 checkpoint:-", "missing 500 000000:501"];
    assert_eq!(findings(&ledger, &view), expected);
}

#[test]
fn tree_and_entries_together_lead_to_the_root() {
    let ledger = Ledger::of(700);
    // One fault at the tree's right edge, and one in the entries anywhere else.
    for damage in [32 * 690, 32 * 699] {
        for n in [300, 600] {
            let mut view = bend(&ledger, 0, |lines| change(&mut lines[n], "b1e", "b1f"));
            view.levels[0][damage] ^= 1;
            let said = findings(&ledger, &view);
            assert_eq!(said[0], "tree-damaged - tree/0:-");
            assert_eq!(said[1], format!("modified {n} 000000:{}", n + 1), "{said:?}");
        }
    }
    let mut view = bend(&ledger, 0, |lines| change(&mut lines[600], "b1e", "b1f"));
    view.levels[1][40] ^= 1;
    assert_eq!(findings(&ledger, &view)[1], "modified 600 000000:601");
}

#[test]
fn sources_own_sequences_and_clocks() {
    let with = |records: Vec<counterfoil::json::Object>| {
        let mut all = vec![genesis(Writers::Signed)];
        all.extend(records);
        let report = Ledger::holding(all).verify();
        assert!(report.sound());
        found(&report)
    };
    let seqs = |seqs: &[u64]| seqs.iter().map(|seq| reading(1, *seq)).collect();
    assert_eq!(with(seqs(&[0, 1, 4, 5])), ["gap 3 000000:4"]);
    assert_eq!(with(seqs(&[0, 1, 1, 2])), ["replayed 3 000000:4"]);
    let mut early = reading(1, 1);
    early.remove("proof");
    early.insert("time", "2026-02-01T00:00:00.000Z");
    sign(&mut early, &key(1), &SignOptions::default()).unwrap();
    assert_eq!(with(vec![reading(1, 0), early]), ["time-backwards 2 000000:3"]);
}

#[test]
fn line_ends_of_another_system_are_said_once() {
    let ledger = Ledger::of(30);
    let mut view = bend(&ledger, 0, |lines| {
        for line in lines {
            line.insert(line.len() - 1, b'\r');
        }
    });
    let report = verify(&view, &ledger.trust());
    assert_eq!(found(&report), ["line-endings - 000000:1"]);
    assert!(report.sound());
    let text = String::from_utf8(view.checkpoint.take().unwrap()).unwrap();
    view.checkpoint = Some(text.replace('\n', "\r\n").into_bytes());
    let report = verify(&view, &ledger.trust());
    assert_eq!(found(&report), ["line-endings - checkpoint:-", "line-endings - 000000:1"]);
    assert!(report.sound());
}

#[test]
fn what_changes_texts_hides_nothing() {
    let ledger = Ledger::of(30);
    let respelled = |mark: &str, bend: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut view = bend_all(&ledger, bend);
        let content = view.files.get_mut(&0).unwrap();
        *content = [mark.as_bytes(), content].concat();
        verify(&view, &ledger.trust())
    };
    let returns =
        |lines: &mut Vec<Vec<u8>>| lines.iter_mut().for_each(|line| line.insert(line.len() - 1, b'\r'));
    let said =
        |report: &verify::VerifyReport| report.findings().iter().map(ToString::to_string).collect::<Vec<_>>();
    let place = "entries/000000000000.jsonl:1: warning: line-endings";
    let report = respelled("\u{feff}", &|_| {});
    assert!(
        report.sound() && said(&report)[0].starts_with(&format!("{place}: a byte-order mark")),
        "{:?}",
        said(&report)
    );
    let report = respelled("\u{feff}", &returns);
    let both = format!("{place}: lines end with CR LF, and a byte-order mark");
    assert!(report.sound() && said(&report)[0].starts_with(&both) && report.findings().len() == 1);
    // Mixed ends are said at the first line that has them.
    let report = respelled("", &|lines| returns_in(&mut lines[9]));
    assert_eq!(found(&report), ["line-endings - 000000:10"]);
    let report = respelled("", &|lines| *lines[29].last_mut().unwrap() = b'\r');
    assert_eq!(found(&report), ["line-endings - 000000:30"], "cut between CR and LF");
    let report = respelled("\u{feff}", &|lines| {
        change(&mut lines[7], "\"temperature\":4", "\"temperature\":5");
        returns(lines);
    });
    let expected = ["line-endings - 000000:1", "modified 7 000000:8", "bad-proof 7 000000:8"];
    assert_eq!(found(&report), expected);
    let report = respelled("", &|lines| lines[7].insert(30, b'\r'));
    assert_eq!(found(&report), ["modified 7 000000:8", "malformed - 000000:8"], "a carriage return within");
    let mut view = ledger.view.clone();
    let text = String::from_utf8(view.checkpoint.take().unwrap()).unwrap();
    view.checkpoint = Some(format!("\u{feff}{text}").into());
    assert_eq!(findings(&ledger, &view), ["line-endings - checkpoint:-"]);
    view.checkpoint = Some(text.replacen('\n', "\r\n", 1).into());
    assert_eq!(findings(&ledger, &view), ["line-endings - checkpoint:-"]);
    view.checkpoint = Some(text.replacen("cold", "co\rld", 1).into());
    assert_eq!(findings(&ledger, &view), ["checkpoint-malformed - checkpoint:-"]);
}

fn returns_in(line: &mut Vec<u8>) {
    line.insert(line.len() - 1, b'\r');
}

fn bend_all(ledger: &Ledger, by: &dyn Fn(&mut Vec<Vec<u8>>)) -> Memory {
    bend(ledger, 0, by)
}

#[test]
fn hostile_sizes_and_files_end_soon() {
    let ledger = Ledger::of(30);
    let view = resign(&ledger, |checkpoint| checkpoint.size = u64::MAX, &key(200));
    assert_eq!(findings(&ledger, &view).last().unwrap(), "incomplete 30 000000:31");
    let mut view = ledger.view.clone();
    view.files.insert(0, vec![0; 80 << 20]);
    let said = findings(&ledger, &view);
    assert!(said.contains(&"malformed - 000000:-".to_owned()), "{said:?}");
    let mut view = ledger.view.clone();
    view.files.insert(0, vec![b'\n'; 300_000]);
    let report = verify(&view, &ledger.trust());
    assert!(!report.sound() && report.findings().len() <= 2_000);
    let long = bend(&ledger, 0, |lines| lines[7] = vec![b'x'; 1 << 20].into_iter().chain([b'\n']).collect());
    assert_eq!(findings(&ledger, &long), ["modified 7 000000:8", "malformed - 000000:8"]);
}
