//! Hostile folders: every command ends soon, with one clear line.

use std::{
    fs,
    os::unix::fs::symlink,
    process::{Command, Stdio},
};

use crate::{
    books::{self, APPEND, numbered},
    damaged::pipe,
    run::{Folder, Run, feed},
};

/// Runs `foil` with little memory and little time.
pub fn confined(folder: &Folder, words: &[&str], input: &str) -> Run {
    let foil = folder.foil(words);
    let mut sh = Command::new("sh");
    sh.args(["-c", "ulimit -v 1000000; exec timeout 20 \"$@\"", "sh"])
        .arg(foil.get_program())
        .args(foil.get_args());
    sh.current_dir(folder).env_clear().envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    feed(
        sh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap(),
        input.into(),
    )
}

const COMMANDS: &[&[&str]] = &[
    &["chain", "cat", "book"],
    &["chain", "status", "book"],
    &["chain", "prove", "book", "1", "-o", "one"],
    &["chain", "diff", "book", "good"],
    &["chain", "diff", "good", "book", "--entries"],
    &["chain", "repair", "book"],
    APPEND,
    &["chain", "init", "book", "-k", "gateway"],
];

/// Puts a thing into a place.
type Put = fn(&Folder, &str);

#[test]
fn what_is_no_plain_file_is_neither_waited_for_nor_read_for_ever() {
    let places = [
        "checkpoint",
        "checkpoint.tmp",
        "lock",
        "entries",
        "entries/000000000000.jsonl",
        "entries/000000065536.jsonl",
        "tree",
        "tree/0",
        "tree/1",
        "replaced",
        "tree.tmp",
        "init.tmp",
    ];
    let things: &[(&str, Put)] = &[
        ("a pipe", |folder, place| pipe(folder, place)),
        ("/dev/zero", |folder, place| symlink("/dev/zero", folder.path(place)).unwrap()),
        ("a loop", |folder, place| symlink(folder.path(place), folder.path(place)).unwrap()),
        ("a folder", |folder, place| fs::create_dir(folder.path(place)).unwrap()),
        ("a long file", |folder, place| fs::write(folder.path(place), vec![b'x'; 200_000]).unwrap()),
    ];
    let base = books::folder();
    books::appended(&base, numbered(0, 2));
    books::copy_into(&base, "book", &base, "good");
    let cases = places.iter().flat_map(|place| things.iter().map(move |thing| (place, thing)));
    let cases = std::sync::Mutex::new(cases);
    let work = || {
        while let Some((place, (thing, put))) = { cases.lock().unwrap().next() } {
            let folder = books::copy(&base);
            let place = format!("book/{place}");
            let _ = fs::remove_file(folder.path(&place)).or_else(|_| fs::remove_dir_all(folder.path(&place)));
            put(&folder, &place);
            for words in COMMANDS {
                let run = confined(&folder, words, &numbered(2, 3));
                let case = format!("{place} is {thing}: {words:?}: {:?} {}", run.code, run.err);
                assert!([Some(0), Some(1), Some(2), Some(4)].contains(&run.code), "{case}");
                let errors = run.err.lines().filter(|line| line.contains(": error: ")).count();
                // A copy that is no ledger is another one: that may be the answer of `diff`, and an error of the copy.
                let differs = words[..2] == ["chain", "diff"] && run.code == Some(1);
                assert!(errors == usize::from(run.code >= Some(2)) || differs && errors == 1, "{case}");
                assert!(run.err.lines().count() <= 3 && run.err.len() < 1_000, "{case}");
            }
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(work);
        scope.spawn(work);
    });
}

#[test]
fn proofs_and_evidence_of_strangers_are_read_with_care() {
    let folder = books::folder();
    books::appended(&folder, numbered(0, 2));
    assert_eq!(folder.run(&["chain", "prove", "book", "1", "-o", "one"]).code, Some(0));
    let proof = fs::read_to_string(folder.path("one.tlog-proof")).unwrap();
    let key = &["--key", "gateway.did"][..];
    let verify = |name: &str| confined(&folder, &[&["verify", name], key].concat(), "");
    let root = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n";
    for (name, text) in [
        ("long", proof.replace("index", &format!("extra {}\nindex", "AAAA".repeat(1 << 20)))),
        ("deep", proof.replace("index 1\n", &format!("index 1\n{}", root.repeat(5_000)))),
        (
            "huge",
            proof
                .replace("\n3\n", "\n18446744073709551615\n")
                .replace("index 1\n", "index 18446744073709551614\n"),
        ),
        ("lines", proof.replace("plant7/book\n3", "plant7/book\n../../..\n3")),
        ("names", proof.replace("plant7/book", "../../../\u{1b}[2J\u{202e}/book")),
        ("zero", "\0".repeat(1 << 20)),
    ] {
        fs::copy(folder.path("one.json"), folder.path(&format!("{name}.json"))).unwrap();
        fs::write(folder.path(&format!("{name}.tlog-proof")), text).unwrap();
        let run = verify(&format!("{name}.tlog-proof"));
        assert!([Some(1), Some(2)].contains(&run.code), "{name}: {:?} {}{}", run.code, run.out, run.err);
        assert!(!(run.out + &run.err).contains(['\u{1b}', '\u{202e}']), "{name}");
    }
    for thing in ["pipe.tlog-proof", "pipe.json", "zero.json", "self.tlog-proof"] {
        let twin = thing.replace(".json", ".tlog-proof");
        let _ = fs::remove_file(folder.path(thing));
        match &thing[..4] {
            "pipe" => pipe(&folder, thing),
            "zero" => symlink("/dev/zero", folder.path(thing)).unwrap(),
            _ => symlink(folder.path(thing), folder.path(thing)).unwrap(),
        }
        if thing.ends_with("json") {
            let _ = fs::remove_file(folder.path(&twin));
            fs::write(folder.path(&twin), &proof).unwrap();
        }
        let run = verify(&twin);
        assert_eq!((run.code, run.err.lines().count()), (Some(2), 1), "{thing}: {}", run.err);
    }
    let nested = format!("{{\"format\":\"foil-evidence/1\",\"x\":{}", "[".repeat(100_000));
    let wide = format!("{{\"checkpoints\":[{}\"\"],\"format\":\"foil-evidence/1\"}}", "\"\",".repeat(50_000));
    for (name, text) in [("nested", nested), ("wide", wide), ("zeros", "\0".repeat(1 << 20))] {
        fs::write(folder.path(name), text).unwrap();
        let run = confined(&folder, &["verify", name], "");
        assert_eq!(run.code, Some(2), "{name}: {}{:.200}", run.err, run.out);
        let run = confined(&folder, &["chain", "diff", "book", name], "");
        assert_eq!((run.code, run.err.lines().count()), (Some(2), 1), "{name}: {}", run.err);
    }
}

#[test]
fn what_devices_call_themselves_does_not_steer_the_terminal() {
    let folder = books::folder();
    let name = r"\u001b[2J\u009b31m\u202egnp\u0007";
    let record = format!("{{\"device\":\"{name}\",\"values\":{{\"{name}\":\"{name}\\n\"}}}}\n");
    books::appended(&folder, record);
    for words in [
        &["chain", "status", "book", "--human"][..],
        &["chain", "cat", "book", "--human"],
        &["chain", "cat", "book", "--human", "--records"],
        &["chain", "cat", "book", "--human", "--as", "csv"],
    ] {
        let run = folder.run(words);
        assert_eq!(run.code, Some(0), "{words:?}");
        let steers = |c: char| (c.is_control() && c != '\n' && c != '\r') || c == '\u{202e}';
        assert!(!run.out.contains(steers), "{words:?}: {:?}", run.out);
    }
    let stale = folder.run(&["chain", "status", "book", "--stale", "0s"]);
    assert!(!stale.err.contains(['\u{1b}', '\u{9b}', '\u{202e}']), "{:?}", stale.err);
}

#[test]
fn names_lead_nowhere_and_bad_ones_are_refused() {
    let folder = Folder::new();
    folder.fixed_key("gateway", 200);
    for origin in ["", "a b", "a\nb", "a+b", "a\u{7}", "\u{a0}"] {
        let run = folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", origin]);
        assert_eq!(run.code, Some(2), "{origin:?}");
        assert_eq!(run.err.lines().filter(|line| !line.contains("hint: ")).count(), 1, "{}", run.err);
    }
    let run = folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", "../../../escaped"]);
    assert_eq!(run.code, Some(0), "{}", run.err);
    let seen: Vec<_> = fs::read_dir(folder.path("state/foil/seen")).unwrap().collect();
    assert_eq!(seen.len(), 1);
    assert!(!folder.path("escaped").exists() && !folder.path("../escaped").exists());
}

#[test]
fn input_without_lines_is_given_up() {
    let folder = books::folder();
    symlink("/dev/zero", folder.path("zero")).unwrap();
    for target in ["/dev/zero", "zero"] {
        let run = confined(&folder, &["verify", target], "");
        assert_eq!((run.code, run.err.lines().count()), (Some(2), 1), "{target}: {}", run.err);
        assert!(run.err.contains("line 1: longer than 67108864 bytes, so these are no lines"), "{}", run.err);
    }
    // A long line among others is still passed over.
    let run = confined(&folder, &["verify"], &("{}\n".to_owned() + &"x".repeat(9 << 20) + "\n{}\n"));
    let all = run.out.contains("\"entries_checked\":2") && run.out.contains("\"findings_total\":3");
    assert!(run.code == Some(2) && all, "{}{}", run.out, run.err);
}

#[test]
fn stubs_come_through_pipes_and_nobody_is_waited_for() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    let stub = books::good(&folder, &["chain", "stub", "book"]).out;
    fs::write(folder.path("stub"), stub).unwrap();
    pipe(&folder, "silent");
    let run = confined(&folder, &["verify", "book", "--stub", "silent"], "");
    assert!(run.code == Some(2) && run.err.contains("silent: no stub in it"), "{:?} {}", run.code, run.err);
    let foil = folder.foil(&["verify", "book", "--human", "--stub", "/dev/fd/3"]);
    let mut sh = Command::new("sh");
    // The writer takes its time, as behind <( … ).
    sh.args(["-c", "(sleep 0.3; cat stub) | \"$@\" 3<&0 </dev/null", "sh"]).arg(foil.get_program());
    sh.args(foil.get_args()).current_dir(&folder).env_clear();
    sh.envs(foil.get_envs().filter_map(|(name, value)| Some((name, value?))));
    sh.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run: Run = feed(sh.spawn().unwrap(), Vec::new());
    assert!(run.code == Some(0) && run.out.contains("extends the stub"), "{}{}", run.out, run.err);
}

#[test]
fn a_memory_that_cannot_be_read_is_set_aside_and_not_lowered() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 7));
    books::assert_sound(&folder, "before");
    let mut places = fs::read_dir(folder.path("state/foil/seen")).unwrap();
    let home = places.next().unwrap().unwrap().path();
    let files = fs::read_dir(&home).unwrap().map(|file| file.unwrap().path());
    let seen = { files }.find(|path| path.extension().is_none()).unwrap();
    let good = fs::read_to_string(&seen).unwrap();
    for junk in ["junk\n".to_owned(), good.replacen("did:key:", "did:kex:", 1)] {
        fs::write(&seen, &junk).unwrap();
        let run = folder.run(&["verify", "book", "--key", "gateway.did"]);
        assert_eq!(run.code, Some(0), "{}", run.err);
        assert!(run.err.contains("what was seen of this ledger before cannot be read"), "{}", run.err);
        assert_eq!(fs::read_to_string(&seen).unwrap(), good, "it is written anew");
        let names = fs::read_dir(&home).unwrap().map(|entry| entry.unwrap().path());
        let kept: Vec<_> = names.filter(|path| fs::read_to_string(path).unwrap() == junk).collect();
        assert!(kept.len() == 1 && kept[0].display().to_string().contains(".unreadable-"), "{kept:?}");
    }
    // What a power cut leaves is nothing to keep.
    let before = fs::read_dir(&home).unwrap().count();
    fs::write(&seen, "").unwrap();
    books::assert_sound(&folder, "empty");
    assert_eq!((fs::read_dir(&home).unwrap().count(), fs::read_to_string(&seen).unwrap()), (before, good));
}
