//! Repairs of ledgers of several files, and repairs that die.

use std::{fs, path::Path};

use counterfoil::tlog::layout::ENTRIES_PER_FILE;

use crate::{
    books::{self, numbered},
    crash::{everywhere, places, traced},
    damaged::{COPY, FILE, REPAIR, content, edit, folder, forge, large, names, pipe, remove, replaced},
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    lines_shifted_through_all_files_and_blocks_moved_between_them,
    killed_or_failing_at_every_call_of_a_repair,
    killed_at_every_call_of_a_resigning,
    a_file_of_the_copy_that_cannot_be_read_is_passed_over,
];

fn set(folder: &Folder, lines: &[String]) {
    for (at, part) in lines.chunks(65_536).enumerate() {
        let name = format!("book/entries/{:012}.jsonl", at as u64 * ENTRIES_PER_FILE);
        fs::write(folder.path(&name), part.join("\n") + "\n").unwrap();
    }
}

fn lines_shifted_through_all_files_and_blocks_moved_between_them() {
    let (folder, ledger) = large();
    let good = content(&folder, "copy");
    let judge = |name: &str, copy: bool, damage: &dyn Fn(&mut Vec<String>)| {
        let mut lines = ledger.lines.clone();
        damage(&mut lines);
        set(&folder, &lines);
        let words = if copy { REPAIR } else { &REPAIR[..3] };
        let run = folder.run(words);
        assert_eq!(run.code, Some(0), "{name}: {}", run.err);
        assert!(content(&folder, "book") == good, "{name}: {}", run.err);
        remove(&folder, "book/replaced");
    };
    judge("inserted in the first file", false, &|lines| lines.insert(500, "{}".to_owned()));
    judge("moved to the next file", false, &|lines| {
        let block: Vec<String> = lines.drain(1_000..2_000).collect();
        lines.splice(70_000..70_000, block);
    });
    judge("removed", true, &|lines| drop(lines.remove(500)));
    remove(&folder, "book/entries/000000065536.jsonl");
    let run = folder.run(REPAIR);
    assert!(run.code == Some(0) && run.err.contains("entries 65536 to 131071 from copy"), "{}", run.err);
    assert!(content(&folder, "book") == good);
}

/// A twin of a folder in which a repair was killed; then it is run again.
fn killed_and_again(folder: &Folder, words: &[&str], fault: &str) -> Folder {
    let folder = books::copy(folder);
    let broken = traced(&folder, &["-e", fault], words, "");
    let again = folder.run(words);
    assert_eq!(again.code, Some(0), "{fault}: {} {}", broken.err, again.err);
    let left: Vec<String> = names(&folder).into_iter().filter(|it| it.contains(".tmp")).collect();
    assert!(left.is_empty(), "{fault}: {left:?}");
    folder
}

fn killed_or_failing_at_every_call_of_a_repair() -> Tested {
    needs::tool("strace")?;
    let folder = folder();
    let good = content(&folder, "copy");
    forge(&folder);
    edit(&folder, FILE, |lines| drop(lines.remove(3)));
    remove(&folder, "book/checkpoint");
    fs::write(folder.path("book/state.json"), "x").unwrap();
    let damaged = fs::read(folder.path(FILE)).unwrap();
    let places = places(&folder, REPAIR, "", "book/lock");
    everywhere(&places, |call, nth| {
        for kind in ["signal=KILL", "error=EIO"] {
            let fault = format!("inject={call}:{kind}:when={nth}");
            let folder = killed_and_again(&folder, REPAIR, &fault);
            assert_eq!(content(&folder, "book"), good, "{fault}");
            let kept = replaced(&folder);
            let is_kept = |it: &String| fs::read(folder.path("book/replaced").join(it)).unwrap() == damaged;
            assert_eq!(kept.iter().filter(|it| is_kept(it)).count(), 1, "{fault}: {kept:?}");
            assert!(kept.contains(&"state.json.1".to_owned()), "{fault}: {kept:?}");
        }
    });
    Ok(())
}

fn killed_at_every_call_of_a_resigning() -> Tested {
    needs::tool("strace")?;
    let folder = folder();
    remove(&folder, "copy");
    edit(&folder, FILE, |lines| drop(lines.remove(8)));
    let words = ["chain", "repair", "book", "--resign", "-k", "gateway", "--forget-seen"];
    everywhere(&places(&folder, &words, "", "book/lock"), |call, nth| {
        let fault = format!("inject={call}:signal=KILL:when={nth}");
        let folder = killed_and_again(&folder, &words, &fault);
        assert_eq!(books::size(&folder), 8, "{fault}");
        books::assert_sound(&folder, &fault);
        books::appended(&folder, numbered(20, 21));
        assert!(Path::new(&folder.path("book/replaced/checkpoint.1")).exists(), "{fault}");
    });
    Ok(())
}

fn a_file_of_the_copy_that_cannot_be_read_is_passed_over() {
    const SECOND: &str = "entries/000000065536.jsonl";
    let damages: [fn(&Folder, &str); 3] = [
        |folder, file| {
            books::good(folder, &["chain", "pack", "copy", "-q"]);
            let packed = folder.path(&format!("{file}.gz"));
            let bytes = fs::read(&packed).unwrap();
            fs::write(packed, &bytes[..bytes.len() / 2]).unwrap();
        },
        |folder, file| {
            remove(folder, file);
            pipe(folder, file);
        },
        |folder, file| {
            remove(folder, file);
            fs::create_dir(folder.path(file)).unwrap();
        },
    ];
    let (base, _) = large();
    let good = content(&base, "copy");
    edit(&base, &format!("book/{SECOND}"), |lines| drop(lines.remove(64_000)));
    for damage in damages {
        let folder = books::copy(&base);
        damage(&folder, COPY);
        let run = folder.run(REPAIR);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(content(&folder, "book") == good, "{}", run.err);
    }
    // The line that is wanted stands behind what can be read.
    damages[0](&base, &format!("copy/{SECOND}"));
    let run = base.run(&[REPAIR, &["--resign", "--forget-seen", "-k", "gateway"]].concat());
    let warned = run.err.contains(&format!("warning: copy/{SECOND}.gz: "));
    assert!(warned && run.err.contains("; what cannot be read of it is passed over"), "{}", run.err);
    assert!(run.err.contains("entry 129536 could not be restored"), "{}", run.err);
    let says = "not all of the copy could be read, and what is lost may be in it: nothing is signed";
    assert!(run.code == Some(2) && run.err.contains(says), "{}", run.err);
}
