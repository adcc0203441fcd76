//! A ledger's folder, what is published of it, and the URL of that: every command that only reads answers the same from
//! each, from what verifies alone, and asks a server for no more than it needs.

use std::{
    collections::BTreeMap,
    fs,
    net::TcpStream,
    sync::LazyLock,
    time::{Duration, Instant},
};

use counterfoil::tlog::{
    bundle,
    checkpoint::{Checkpoint, SignedCheckpoint},
    layout::Layout,
    merkle::{Frontier, leaf_hash},
    resource::{FULL, Resource, ResourceContent},
    tile::Builder,
};

use crate::{
    answers::{self, ASKED, told},
    books::{self, good},
    hostile::confined,
    ledgers::{ORIGIN, genesis, key, start},
    publishing::files,
    run::{Folder, Run},
    server::{Answer, Server},
};

/// A ledger `reg` with parties, a device and a reading, what is published of it, and the right answers.
struct Truth {
    folder: Folder,
    answers: Vec<(Vec<String>, String)>,
}

static TRUTH: LazyLock<Truth> = LazyLock::new(|| {
    let folder = answers::folder();
    let did = |name: &str| fs::read_to_string(folder.path(name)).unwrap().trim().to_owned();
    let contract = CONTRACT.replace("ALICE", &did("alice.did")).replace("PROBE", &did("probe2.did"));
    fs::write(folder.path("c.toml"), contract).unwrap();
    good(&folder, &["chain", "publish", "reg", "public"]);
    let more: &[&[&str]] = &[
        &["chain", "cat", "reg", "7", "--json"],
        &["chain", "cat", "reg", "3..5", "--json"],
        &["chain", "cat", "reg", "--last", "2", "--records"],
        &["chain", "cat", "reg", "--last", "1", "--device", "probe", "--json"],
        &["chain", "cat", "reg", "5", "--no-verify", "--json"],
        &["chain", "status", "reg", "--device", "probe", "--json"],
        &["contract", "check", "c.toml", "reg", "--draft", "--key", "gw.did", "--json"],
        &["contract", "blame", "c.toml", "reg", "--draft", "--key", "gw.did", "--json"],
        &["contract", "check", "c.toml", "reg", "--draft", "--no-verify", "--json"],
    ];
    let asked = ASKED.iter().map(|(words, _)| *words).chain(more.iter().copied());
    let answers = asked.map(|words| {
        let run = folder.run(words);
        assert!(run.code == Some(0) || words[0] == "contract", "{words:?}: {:?} {}", run.code, run.err);
        (words.iter().map(|word| (*word).to_owned()).collect(), format!("{:?} {}", run.code, told(&run)))
    });
    let answers = answers.collect();
    Truth { folder, answers }
});

/// Serves a folder, but for what is answered otherwise.
pub fn serve(
    files: BTreeMap<String, Vec<u8>>,
    other: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static,
) -> Server {
    Server::start(move |path| {
        let file = || files.get(path).cloned().map_or(Answer::Status(404), Answer::Bytes);
        other(path).unwrap_or_else(file)
    })
}

/// The same words about another place.
fn about<'a>(words: &'a [String], place: &'a str) -> Vec<&'a str> {
    words.iter().map(|word| if word == "reg" { place } else { word }).collect()
}

#[test]
fn every_place_gives_the_same_answers() {
    let Truth { folder, answers } = &*TRUTH;
    let server = serve(files(&folder.path("public")), |_| None);
    for (words, right) in answers {
        for place in ["public", &server.url()] {
            let run = folder.run(&about(words, place));
            let got = format!("{:?} {}", run.code, told(&run));
            assert_eq!(&got, right, "{place}: {words:?}: {}", run.err);
        }
    }
}

#[test]
fn one_changed_letter_in_what_is_published_is_no_answer() {
    let Truth { folder, answers } = &*TRUTH;
    let all = ["status", "registry", "csv", "offer.json"];
    let readers =
        || answers.iter().filter(|(words, _)| words.iter().any(|word| all.contains(&word.as_str())));
    let lines = answers::lines(folder);
    let size = lines.len();
    for n in [0, 4, 6, size - 2] {
        let place = *answers::places(&lines[n]).values().next().unwrap();
        let copy = books::copy(folder);
        let bundle = copy.path(&format!("public/tile/entries/000.p/{size}"));
        let mut bytes = fs::read(&bundle).unwrap();
        let begin = bytes.windows(lines[n].len()).position(|piece| piece == lines[n].as_bytes()).unwrap();
        bytes[begin + place] ^= 1;
        fs::write(&bundle, bytes).unwrap();
        let server = serve(files(&copy.path("public")), |_| None);
        for (words, _) in readers() {
            for place in ["public", &server.url()] {
                let run = copy.run(&about(words, place));
                let said = format!("{place}/tile/entries/000.p/{size}:{}: ", n + 1);
                let refused = run.code == Some(4) && run.err.contains(&said);
                // A party that is asked for by an entry before it is another matter.
                let before = words.contains(&"5".to_owned()) && n > 5;
                assert!(refused || before, "{n}: {words:?}: {:?} {}{}", run.code, run.out, run.err);
                assert!(!refused || run.err.contains(&format!("hint: foil verify {place}")), "{}", run.err);
            }
        }
    }
}

#[test]
fn what_is_not_there_is_missing_and_not_changed() {
    let Truth { folder, .. } = &*TRUTH;
    let copy = books::copy(folder);
    let size = answers::lines(folder).len();
    fs::remove_file(copy.path(&format!("public/tile/entries/000.p/{size}"))).unwrap();
    let run = copy.run(&["chain", "cat", "public"]);
    assert!(run.code == Some(4) && run.err.contains("entry 0 is missing"), "{:?} {}", run.code, run.err);
    let copy = books::copy(folder);
    fs::remove_file(copy.path("public/checkpoint")).unwrap();
    let run = copy.run(&["chain", "status", "public"]);
    assert!(run.code == Some(2) && run.err.contains("public: no checkpoint"), "{:?} {}", run.code, run.err);
}

#[test]
fn a_history_that_was_seen_otherwise_is_refused_by_url_too() {
    let Truth { folder, .. } = &*TRUTH;
    let copy = books::copy(folder);
    let old = files(&copy.path("public"));
    good(&copy, &["verify", "reg", "--key", "gw.did"]);
    let reading = r#"{"type":"reading","device":"probe","time":"2026-03-01T06:00:00Z","values":{"t":4.5}}"#;
    let signed = copy.feed(&["sign", "-k", "probe2"], reading).out;
    assert_eq!(copy.feed(&["chain", "append", "reg", "-k", "gw"], signed).code, Some(0));
    let server = serve(old, |_| None);
    for words in [&["chain", "status"][..], &["chain", "stub"], &["registry", "show"]] {
        let run = copy.run(&[words, &[&server.url()]].concat());
        assert!(
            run.code == Some(4) && run.err.contains("rolled-back"),
            "{words:?}: {:?} {}",
            run.code,
            run.err
        );
    }
    let run = copy.run(&["chain", "cat", &server.url(), "1"]);
    assert!(run.code == Some(0) && run.err.contains("warning"), "what it has is true: {}", run.err);
}

/// A log of so many short entries, as a server has it.
pub fn synthetic(size: u64) -> impl Fn(&str) -> Answer + Send + Sync + 'static {
    let first = counterfoil::tlog::entry::Entry {
        n: 0,
        received: start(),
        wall: None,
        record: genesis(counterfoil::record::writers::Writers::Anyone),
    };
    let first = first.to_line();
    let line = move |n: u64| match n {
        0 => first.clone(),
        n => format!(r#"{{"n":{n},"received":"2026-03-01T06:00:00.000Z","record":{{"x":{n}}}}}"#),
    };
    let mut builder = Builder::new(Layout::STANDARD, Frontier::default());
    (0..size).for_each(|n| builder.push(leaf_hash(line(n).as_bytes())));
    let root = builder.frontier().root();
    let levels: Vec<Vec<u8>> = builder.take().into_iter().map(|piece| piece.bytes).collect();
    let stated = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    let checkpoint = SignedCheckpoint::sign(stated, &key(200)).unwrap().to_string().into_bytes();
    move |path| {
        if path == "checkpoint" {
            return Answer::Bytes(checkpoint.clone());
        }
        let Some(resource) = Resource::parse(path).filter(|resource| resource.belongs_to(size)) else {
            return Answer::Status(404);
        };
        let first = resource.index * u64::from(FULL);
        Answer::Bytes(match resource.content {
            ResourceContent::Entries => {
                let mut bytes = Vec::new();
                let entries = first..first + u64::from(resource.width);
                entries.for_each(|n| bundle::push(&mut bytes, line(n).as_bytes()).unwrap());
                bytes
            }
            ResourceContent::Hashes(level) => {
                let begin = usize::try_from(first).unwrap() * 32;
                levels[level as usize][begin..begin + usize::from(resource.width) * 32].to_vec()
            }
        })
    }
}

#[test]
fn of_a_million_entries_behind_a_url_few_requests_tell_one() {
    let server = Server::start(synthetic(1_000_000));
    let folder = Folder::new();
    let mut before = 0;
    let mut ask = |words: &[&str], most: usize| -> Run {
        let run = folder.run(&[words, &["--json"]].concat());
        assert_eq!(run.code, Some(0), "{words:?}: {}", run.err);
        let asked = server.asked() - before;
        before = server.asked();
        assert!(asked <= most, "{words:?}: {asked} requests");
        run
    };
    let url = server.url();
    assert!(ask(&["chain", "cat", &url, "700123"], 12).out.contains(r#""x":700123"#));
    assert_eq!(ask(&["chain", "cat", &url, "--last", "3"], 12).out.lines().count(), 3);
    assert_eq!(ask(&["chain", "cat", &url, "65530..65540"], 16).out.lines().count(), 10);
    ask(&["chain", "stub", &url], 8);
    ask(&["chain", "prove", &url, "500000", "-o", "one"], 14);
}

#[test]
fn a_plain_ledger_behind_a_web_server_is_accused_of_nothing() {
    let Truth { folder, answers } = &*TRUTH;
    let mut plain = files(&folder.path("reg"));
    let mut servers = vec![serve(plain.clone(), |_| None)];
    // Packed, its first file has another name.
    let lines = plain.remove("entries/000000000000.jsonl").unwrap();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut encoder, &lines).unwrap();
    plain.insert("entries/000000000000.jsonl.gz".to_owned(), encoder.finish().unwrap());
    servers.push(serve(plain, |_| None));
    for server in servers {
        for (words, _) in answers {
            let run = folder.run(&about(words, &server.url()));
            let said =
                format!("{}: is a ledger's folder behind a web server, not a published log", server.url());
            assert!(run.code == Some(2) && run.err.contains(&said), "{words:?}: {:?} {}", run.code, run.err);
            assert!(run.err.contains("hint: foil chain publish LEDGER DEST"), "{}", run.err);
            assert_eq!(run.out, "");
        }
    }
}

#[test]
fn a_hostile_server_holds_no_reader_up() {
    let Truth { folder, answers } = &*TRUTH;
    let public = files(&folder.path("public"));
    let endless = |stream: &mut TcpStream| -> std::io::Result<()> {
        std::io::Write::write_all(stream, b"HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            std::io::Write::write_all(stream, &[b'x'; 4_096])?;
        }
    };
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut encoder, &vec![b'x'; 100 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    for what in ["endless", "a bomb", "empty", "forbidden"] {
        for kind in ["checkpoint", "tile/0/", "tile/entries/"] {
            let bomb = bomb.clone();
            let server = serve(public.clone(), move |path| {
                path.starts_with(kind).then(|| match what {
                    "endless" => Answer::Raw(endless),
                    "a bomb" => Answer::Gzip(bomb.clone()),
                    "empty" => Answer::Bytes(Vec::new()),
                    _ => Answer::Status(403),
                })
            });
            let verifying = answers.iter().filter(|(words, _)| !words.contains(&"--no-verify".to_owned()));
            for (words, right) in verifying.step_by(4) {
                let begun = Instant::now();
                let run = confined(folder, &about(words, &server.url()), "");
                let case = format!("{what}, {kind}, {words:?}: {:?} {:.300}", run.code, run.err);
                // Where only hashes are not there, the entries lead to the signed root.
                let right = format!("{:?} {}", run.code, told(&run)) == *right && kind == "tile/0/";
                let refused = matches!(run.code, Some(2 | 4)) && run.out.is_empty();
                assert!(right || refused && run.err.contains("error: "), "{case}{}", run.out);
                assert!(run.err.len() < 2_000, "{case}");
                assert!(begun.elapsed() < Duration::from_secs(20), "{case}");
            }
        }
    }
}

const CONTRACT: &str = r#"
contract = "foil/1"
title = "t"
period = { from = 2026-03-01T06:00:00Z, to = 2026-03-02T06:00:00Z }
[parties.a]
key = "ALICE"
[devices.d]
id = "probe"
signed_by = ["PROBE"]
fields = { t = "Cel" }
[time]
hold = "1m"
[[terms]]
id = "x"
on = "d"
require = "t < 4"
gap = "hold"
"#;
