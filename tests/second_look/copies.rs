//! A second look at copies: elsewhere, on a server, of two ledgers, by several at once. What is remembered is about bytes,
//! not about where they are.

use std::{fs, process::Child};

use counterfoil::{
    json::{self, Value},
    object,
    record::signed::CHECKER,
};

use super::{append, gateway, look, memory};
use crate::{
    books::{self, good},
    publishing::files,
    run::{Folder, Run},
    server::{Answer, Server},
};

/// What a run says as data, and of how many first entries the proofs were evaluated before.
fn told(run: &Run) -> (String, Option<u64>) {
    let mut object = json::parse_object(run.out.trim_end().as_bytes()).unwrap_or_else(|_| object! {});
    let before = object.remove("checked_before");
    object.remove("target");
    let entries = before.as_ref().and_then(|before| before.as_object()?.get("entries")?.as_u64());
    (object.to_canonical(), entries)
}

fn verify(folder: &Folder, target: &str) -> Run {
    folder.run(&["verify", target, "--json"])
}

/// Bends a byte in the middle of a file.
fn bend(folder: &Folder, name: &str) {
    let path = folder.path(name);
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.len() / 2;
    bytes[at] ^= 1;
    fs::write(path, bytes).unwrap();
}

const ENTRIES: &str = "entries/000000000000.jsonl";

#[test]
fn a_copy_elsewhere_is_the_same_ledger_and_a_bent_one_is_not() {
    let folder = gateway();
    let first = told(&verify(&folder, "book"));
    fs::create_dir(folder.path("mail")).unwrap();
    books::copy_into(&folder, "book", &folder, "mail/book");
    assert_eq!(told(&verify(&folder, "mail/book")), (first.0.clone(), Some(31)));
    bend(&folder, &format!("mail/book/{ENTRIES}"));
    let bent = verify(&folder, "mail/book");
    let all = folder.run(&["verify", "mail/book", "--json", "--all"]);
    assert_eq!((bent.code, told(&bent)), (Some(1), told(&all)));
    assert_eq!(told(&bent).1, None);
    assert_eq!(told(&verify(&folder, "book")), (first.0, Some(31)), "what is known of the good one stands");
}

#[test]
fn a_rolled_back_copy_is_told_so_and_checked_whole() {
    let folder = gateway();
    books::copy_into(&folder, "book", &folder, "old");
    append(&folder, 30..35);
    assert_eq!(told(&verify(&folder, "book")).1, None);
    for words in [&["verify", "old", "--json"][..], &["verify", "old", "--json", "--all"]] {
        let run = folder.run(words);
        assert!(run.code == Some(1) && run.out.contains("rolled-back"), "{}", run.out);
        assert_eq!(told(&run).1, None);
    }
    assert_eq!(told(&verify(&folder, "book")).1, Some(36));
}

#[test]
fn of_two_histories_of_one_log_each_is_evaluated_by_itself() {
    let folder = gateway();
    let (twin, reader) = (books::copy(&folder), Folder::new());
    append(&folder, 30..34);
    append(&twin, 40..46);
    for (from, name) in [(&folder, "one"), (&twin, "other")] {
        books::copy_into(from, "book", &reader, name);
    }
    let looks = ["one", "other", "one", "other"].map(|name| told(&verify(&reader, name)));
    let before: Vec<_> = looks.iter().map(|look| look.1).collect();
    // What is remembered of one history says nothing of the other, which is evaluated whole; the longer one is kept.
    assert_eq!(before, [None, None, None, Some(37)]);
    assert_eq!((&looks[0].0, &looks[1].0), (&looks[2].0, &looks[3].0));
}

#[test]
fn a_server_is_looked_at_twice_and_what_it_bends_between_is_found() {
    let folder = gateway();
    good(&folder, &["chain", "publish", "book", "public"]);
    let serve = |folder: &Folder| {
        let files = files(&folder.path("public"));
        Server::start(move |path| files.get(path).cloned().map_or(Answer::Status(404), Answer::Bytes))
    };
    let (reader, good) = (Folder::new(), serve(&folder));
    let first = told(&verify(&reader, &good.url()));
    let second = told(&verify(&reader, &good.url()));
    assert_eq!((first.1, second), (None, (first.0.clone(), Some(31))));
    bend(&folder, "public/tile/entries/000.p/31");
    let bent = serve(&folder);
    let (looked, all) =
        (verify(&reader, &bent.url()), reader.run(&["verify", &bent.url(), "--json", "--all"]));
    assert_eq!((looked.code, told(&looked)), (Some(1), told(&all)));
    assert_eq!(told(&looked).1, None);
}

#[test]
fn several_who_look_at_once_say_the_same_and_leave_one_whole_memory() {
    let folder = gateway();
    let alone = told(&verify(&books::copy(&folder), "book")).0;
    for _ in 0..4 {
        let start = |_: usize| folder.foil(&["verify", "book", "--json"]).spawn().unwrap();
        let runs: Vec<Child> = (0..6).map(start).collect();
        for run in runs {
            let run = Run::from(run.wait_with_output().unwrap());
            assert_eq!((run.code, run.err.as_str()), (Some(0), ""));
            assert_eq!(told(&run).0, alone);
        }
        let text = fs::read_to_string(memory(&folder)).unwrap();
        let lines: Vec<_> = text.lines().collect();
        assert_eq!((lines[0], lines[2]), (format!("foil proofs {CHECKER}").as_str(), "31"));
        assert_eq!(look(&folder, &[]).2, Some(31));
        fs::remove_file(memory(&folder)).unwrap();
    }
}

/// A ledger, and its successor with another key.
fn succession() -> Folder {
    let folder = gateway();
    folder.fixed_key("gateway-2", 2);
    let words =
        ["chain", "init", "next", "-k", "gateway-2", "--origin", "plant7/next", "--continues", "book"];
    good(&folder, &[&words[..], &["--old-key", "gateway", "-q"]].concat());
    let reading = "{\"type\":\"reading\",\"device\":\"probe\",\"stream\":\"b\",\"seq\":0,\"time\":\"2026-03-01T06:30:00.000Z\",\"values\":{\"temperature\":4}}\n";
    let signed = folder.feed(&["sign", "-k", "gateway"], reading).out;
    let run = folder.feed(&["chain", "append", "next", "-k", "gateway-2", "-q"], signed);
    assert_eq!(run.code, Some(0), "{}", run.err);
    folder
}

/// What `verify` says of both, each with how much was evaluated before.
fn both(folder: &Folder) -> (Run, Vec<Option<u64>>) {
    let run = folder.run(&["verify", "book", "next", "--json"]);
    let line = |line: &str| Run { code: None, out: line.to_owned(), err: String::new() };
    let before = run.out.lines().map(|text| told(&line(text)).1).collect();
    (run, before)
}

#[test]
fn a_ledger_and_its_successor_have_memories_of_their_own() {
    let folder = succession();
    let (first, before) = both(&folder);
    // Who made the successor has looked at the other one.
    assert_eq!((first.code, before), (Some(0), vec![Some(31), None]), "{}{}", first.out, first.err);
    assert_eq!(both(&folder).1, [Some(31), Some(2)]);
    // One in the place of the other is of another ledger.
    let memories: Vec<_> = files(&folder.path("state/foil/seen"))
        .into_keys()
        .filter(|name| name.ends_with(".proven"))
        .map(|name| folder.path("state/foil/seen").join(name))
        .collect();
    let [one, other] = &memories[..] else { panic!("{memories:?}") };
    fs::copy(one, other).unwrap();
    let (run, before) = both(&folder);
    assert_eq!(run.code, Some(0));
    assert_eq!(before.iter().filter(|before| before.is_none()).count(), 1, "{before:?}");
    assert!(run.err.contains("of another ledger"), "{}", run.err);
    assert_eq!(both(&folder).1, [Some(31), Some(2)], "it was written anew");
}

#[test]
fn a_contract_over_two_ledgers_is_checked_alike_at_the_second_look() {
    let folder = succession();
    let key = fs::read_to_string(folder.path("gateway.did")).unwrap();
    let contract = format!(
        "contract = \"foil/1\"\ntitle = \"Probe\"\nperiod = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T08:00:00Z }}\n[parties.gateway]\nkey = \"{key}\"\n[devices.probe]\nid = \"probe\"\nsigned_by = [\"{key}\"]\nresponsible = \"gateway\"\nfields = {{ temperature = \"any\" }}\n[time]\nhold = \"11m\"\nlate = \"accept\"\n[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"temperature <= 8.0\"\n",
        key = key.trim_end()
    );
    fs::write(folder.path("probe.toml"), contract).unwrap();
    let check = |more: &[&str]| {
        let words = ["contract", "check", "probe.toml", "book", "next", "--draft", "-v"];
        let run = folder.run(&[&words[..], more].concat());
        (run.code, run.out, run.err.matches("were checked here before").count(), run.err)
    };
    let first = check(&[]);
    assert!(first.1.contains("\"type\":\"verdict\"") && first.2 == 1, "{}", first.3);
    let second = check(&[]);
    assert_eq!((second.0, &second.1, second.2), (first.0, &first.1, 2), "{}", second.3);
    let all = check(&["--all"]);
    assert_eq!((all.0, &all.1, all.2), (first.0, &first.1, 0));
    // One of the two is bent: what is known of the other is no excuse.
    let entries = fs::read_to_string(folder.path("next").join(ENTRIES)).unwrap();
    fs::write(folder.path("next").join(ENTRIES), entries.replace("\"temperature\":4", "\"temperature\":5"))
        .unwrap();
    let bent = check(&[]);
    assert_eq!((bent.0, bent.1.as_str()), (Some(4), ""), "{}", bent.3);
    assert_eq!(check(&["--all"]).0, Some(4));
    let run = verify(&folder, "next");
    assert_eq!((run.code, told(&run).1), (Some(1), None));
    assert!(matches!(
        json::parse_object(run.out.trim_end().as_bytes()).unwrap().get("sound"),
        Some(Value::Bool(false))
    ));
}
