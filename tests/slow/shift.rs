//! Lines inserted, removed and moved across files: one fault is one finding, however many lines it has shifted.

use std::{collections::BTreeMap, sync::LazyLock};

use counterfoil::{
    object,
    record::writers::Writers,
    tlog::{layout::ENTRIES_PER_FILE, view::Memory},
    verify,
};

use crate::ledgers::{Ledger, found, genesis, options};

use crate::support::trial::trials;

trials![
    a_line_inserted,
    a_line_inserted_where_the_last_file_is_full,
    a_line_removed,
    a_line_changed_among_shifted_ones,
    a_block_moved_from_one_file_to_another,
];

/// Three full files and some more, small and unsigned.
pub static LEDGER: LazyLock<Ledger> = LazyLock::new(|| {
    let mut records = vec![genesis(Writers::Anyone)];
    records.extend((1..196_708u64).map(|n| object! { "value": n }));
    Ledger::holding(records)
});

/// The ledger as a tool leaves it that has rewritten all files, 65,536 lines each.
fn rewritten(bend: impl FnOnce(&mut Vec<String>)) -> Memory {
    rewrite(&LEDGER, bend)
}

fn rewrite(ledger: &Ledger, bend: impl FnOnce(&mut Vec<String>)) -> Memory {
    let mut lines = ledger.lines.clone();
    bend(&mut lines);
    let mut view = Memory { files: BTreeMap::default(), ..ledger.view.clone() };
    for (first, part) in (0..).step_by(65_536).zip(lines.chunks(65_536)) {
        view.files.insert(first, (part.join("\n") + "\n").into());
    }
    view
}

fn judge(view: &Memory) -> Vec<String> {
    let report = verify::ledger(view, &LEDGER.trust(), &options(2)).unwrap();
    let said = found(&report);
    assert_eq!(
        report.sound(),
        said.is_empty() || said.iter().all(|it| it.starts_with("tree-damaged")),
        "{said:?}"
    );
    said
}

/// The same without `tree/`, where only numbers can tell.
fn judge_treeless(mut view: Memory) -> Vec<String> {
    view.levels.clear();
    let mut said = judge(&view);
    said.retain(|it| !it.starts_with("tree-damaged"));
    said
}

fn a_line_inserted() {
    assert_eq!(judge(&rewritten(|_| {})), [""; 0]);
    for (at, file, line) in
        [(500, "000000", 501), (65_535, "000000", 65_536), (65_536, "065536", 1), (140_000, "131072", 8_929)]
    {
        let view = rewritten(|lines| lines.insert(at, "{}".to_owned()));
        let place = format!("- {file}:{line}");
        assert_eq!(judge(&view), [format!("inserted {place}"), format!("malformed {place}")], "{at}");
    }
    let view = rewritten(|lines| lines.insert(65_535, "{}".to_owned()));
    assert_eq!(judge_treeless(view), ["inserted - 000000:65536", "malformed - 000000:65536"]);
    let view = rewritten(|lines| lines.insert(500, lines[499].clone()));
    assert_eq!(judge(&view), ["inserted 499 000000:501"]);
    let view = rewritten(|lines| lines.splice(500..500, lines[100..400].to_vec()).for_each(drop));
    assert_eq!(judge(&view), ["inserted 100 000000:501"]);
}

fn a_line_inserted_where_the_last_file_is_full() {
    for size in [65_536, 131_072] {
        let ledger = Ledger::written(LEDGER.lines[..size].to_vec());
        let judge = |view: &Memory| found(&verify::ledger(view, &ledger.trust(), &options(2)).unwrap());
        for at in [1, size - 30_000, size - 1] {
            let view = rewrite(&ledger, |lines| lines.insert(at, "{}".to_owned()));
            let place = format!("- {:06}:{}", at / 65_536 * 65_536, at % 65_536 + 1);
            let said = [format!("inserted {place}"), format!("malformed {place}")];
            assert_eq!(judge(&view), said, "{at} of {size}");
            let treeless = Memory { levels: Vec::new(), ..view };
            let errors = judge(&treeless).into_iter().filter(|it| !it.starts_with("tree-damaged"));
            assert_eq!(errors.collect::<Vec<_>>(), said, "{at} of {size} without tree/");
        }
        let trailing = format!("trailing - {size:06}:1");
        let longer = rewrite(&ledger, |lines| lines.push("{}".to_owned()));
        assert_eq!(judge(&longer).join(" "), trailing);
        let both = judge(&rewrite(&ledger, |lines| {
            lines.insert(7, "{}".to_owned());
            lines.push("{}".to_owned());
        }));
        assert_eq!(both, ["inserted - 000000:8", "malformed - 000000:8", &format!("trailing - {size:06}:2")]);
        let cut = judge(&rewrite(&ledger, |lines| drop(lines.pop())));
        assert_eq!(cut, [format!("incomplete {} {:06}:65536", size - 1, size - 65_536)]);
        // Behind a last file that lacks a line something else begins.
        let mut view = rewrite(&ledger, |lines| drop(lines.pop()));
        view.files.insert(size as u64, b"{}\n".to_vec());
        assert_eq!(judge(&view), [format!("incomplete {} {:06}:65536", size - 1, size - 65_536), trailing]);
    }
}

fn a_line_removed() {
    for (n, file, line) in
        [(500, "000000", 501), (65_535, "000000", 65_536), (65_536, "065536", 1), (140_000, "131072", 8_929)]
    {
        let view = rewritten(|lines| drop(lines.remove(n)));
        assert_eq!(judge(&view), [format!("missing {n} {file}:{line}")], "{n}");
    }
    let view = rewritten(|lines| drop(lines.remove(500)));
    assert_eq!(judge_treeless(view), ["root-mismatch 0 checkpoint:-", "missing 500 000000:501"]);
    let view = rewritten(|lines| drop(lines.drain(60_000..70_000)));
    assert_eq!(judge(&view), ["missing 60000 000000:60001", "missing 65536 065536:1"]);
    // So many that the last file is gone.
    let view = rewritten(|lines| drop(lines.drain(1_000..1_200)));
    assert!(!view.files.contains_key(&196_608));
    assert_eq!(judge(&view), ["missing 1000 000000:1001"]);
    // A whole file, and the others renamed.
    let view = rewritten(|lines| drop(lines.drain(65_536..131_072)));
    assert_eq!(judge(&view), ["missing 65536 065536:1"]);
}

fn a_line_changed_among_shifted_ones() {
    let view = rewritten(|lines| {
        lines.remove(500);
        lines[70_000] = lines[70_000].replace("\"value\":", "\"valve\":");
    });
    assert_eq!(judge(&view), ["missing 500 000000:501", "modified 70001 065536:4465"]);
    let view = rewritten(|lines| {
        lines.insert(500, "{}".to_owned());
        lines[70_000] = lines[70_000].replace("\"value\":", "\"valve\":");
    });
    assert_eq!(
        judge(&view),
        ["inserted - 000000:501", "malformed - 000000:501", "modified 69999 065536:4465"]
    );
}

fn a_block_moved_from_one_file_to_another() {
    let moved = |from: usize, to: usize, count: usize| {
        judge(&rewritten(|lines| {
            let block: Vec<String> = lines.drain(from..from + count).collect();
            let to = if to > from { to - count } else { to };
            lines.splice(to..to, block);
        }))
    };
    assert_eq!(moved(1_000, 70_000, 100), ["moved 1000 065536:4365"]);
    assert_eq!(moved(70_000, 1_000, 100), ["moved 70000 000000:1001"]);
    assert_eq!(moved(1_000, 140_000, 1), ["moved 1000 131072:8928"]);
    // Without shifting what lies between.
    let mut view = LEDGER.view.clone();
    let lines: Vec<&str> = LEDGER.lines.iter().map(String::as_str).collect();
    let file = |lines: &[&str]| (lines.join("\n") + "\n").into_bytes();
    let last = ENTRIES_PER_FILE * 2;
    view.files.insert(0, file(&[&lines[..1_000], &lines[1_050..65_536]].concat()));
    view.files.insert(
        last,
        file(&[&lines[131_072..131_100], &lines[1_000..1_050], &lines[131_100..196_608]].concat()),
    );
    assert_eq!(judge(&view), ["moved 1000 131072:29"]);
    view.files.insert(0, file(&lines[..65_536]));
    assert_eq!(judge(&view), ["inserted 1000 131072:29"], "a second copy");
}
