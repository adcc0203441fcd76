//! Verifying published logs: in folders, and on servers that may be anything.

use std::{
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    os::unix::fs::symlink,
    sync::{LazyLock, Mutex},
    thread,
    time::{Duration, Instant},
};

use counterfoil::{
    hash::Hash,
    key::SecretKey,
    peer::client::{self, Client},
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        published::Resources,
    },
};

use crate::{
    books::{self, numbered},
    damaged::pipe,
    hostile::confined,
    publishing::{files, publish_book, published},
    run::{Folder, Run},
    server::{Answer, Server},
};

/// A ledger of 700 entries, and what is published of it.
pub static BASE: LazyLock<Folder> = LazyLock::new(|| {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 700));
    published(&folder);
    folder
});

/// A copy of its own of that.
pub fn base() -> Folder {
    books::copy(&BASE)
}

fn verify(folder: &Folder, target: &str) -> Run {
    folder.run(&["verify", target, "--key", "gateway.did"])
}

/// Kinds and places of the findings.
fn found(run: &Run) -> Vec<String> {
    let report = counterfoil::json::parse_object(run.out.as_bytes()).expect(&run.out);
    let findings = report.get("findings").unwrap().as_array().unwrap();
    let text = |value: Option<&counterfoil::json::Value>| value.map_or(String::new(), ToString::to_string);
    findings
        .iter()
        .map(|finding| finding.as_object().unwrap())
        .map(|finding| {
            format!(
                "{} {}:{}",
                text(finding.get("kind")),
                text(finding.get("file")),
                text(finding.get("line"))
            )
        })
        .map(|line| line.replace('"', ""))
        .collect()
}

fn serve(folder: &Folder, other: impl Fn(&str) -> Option<Answer> + Send + Sync + 'static) -> Server {
    let files = files(&folder.path("public"));
    Server::start(move |path| {
        let file = || files.get(path).cloned().map_or(Answer::Status(404), Answer::Bytes);
        other(path).unwrap_or_else(file)
    })
}

#[test]
fn faults_are_named_where_people_find_them() {
    let change = |path: &'static str, change: &dyn Fn(&mut Vec<u8>)| {
        let folder = base();
        let mut bytes = fs::read(folder.path(path)).unwrap();
        change(&mut bytes);
        fs::write(folder.path(path), bytes).unwrap();
        verify(&folder, "public")
    };
    let remove = |paths: &[&str]| {
        let folder = base();
        for path in paths {
            fs::remove_file(folder.path(path)).unwrap();
        }
        verify(&folder, "public")
    };
    let second = "public/tile/entries/001";
    let changed = |bytes: &mut Vec<u8>| {
        let at = bytes.windows(9).position(|part| part == b":{\"n\":300").unwrap();
        bytes[at + 8] ^= 1;
    };
    for (run, code, expected) in [
        (change(second, &changed), 1, &["modified tile/entries/001:45"][..]),
        (change(second, &|bytes| bytes.push(0)), 1, &["malformed tile/entries/001:null"]),
        (
            change(second, &|bytes| bytes.truncate(bytes.len() - 1)),
            1,
            &["malformed tile/entries/001:null", "missing tile/entries/001:256"],
        ),
        (remove(&["public/tile/entries/001"]), 1, &["missing tile/entries/001:1"]),
        (
            change(second, &|bytes| {
                *bytes = bytes.split_off(2 + usize::from(u16::from_be_bytes([bytes[0], bytes[1]])));
            }),
            1,
            &["malformed tile/entries/001:null", "missing tile/entries/001:1"],
        ),
        (remove(&["public/tile/entries/002.p/188"]), 1, &["incomplete tile/entries/002.p/188:1"]),
        (change("public/tile/0/001", &|bytes| bytes[0] ^= 1), 0, &["tree-damaged tile/0:null"]),
        (
            change("public/tile/0/001", &|bytes| bytes.push(1)),
            0,
            &["tree-damaged tile/0:null", "tree-damaged tile/0/001:null"],
        ),
        (
            remove(&["public/tile/1/000.p/2"]),
            0,
            &["tree-damaged tile/1:null", "tree-damaged tile/1/000.p/2:null"],
        ),
    ] {
        assert_eq!(
            (run.code, found(&run)),
            (Some(code), expected.iter().map(ToString::to_string).collect()),
            "{}",
            run.err
        );
        assert!(code == 0 || run.out.contains("\"vouched\":[]"), "{}", run.out);
    }
    let both = remove(&["public/tile/entries/000", "public/tile/entries/001"]);
    assert_eq!((both.code, found(&both).len()), (Some(1), 1), "{}", both.out);
    let gone = remove(&["public/checkpoint"]);
    assert!(
        gone.code == Some(2) && gone.err.contains("public: no ledger: there is no checkpoint"),
        "{}",
        gone.err
    );
}

#[test]
fn an_entry_with_a_line_feed_shifts_no_other() {
    let folder = base();
    let path = folder.path("public/tile/entries/001");
    let mut bytes = fs::read(&path).unwrap();
    let at = bytes.windows(8).position(|part| part == b"{\"n\":300").unwrap();
    bytes[at + 9] = b'\n';
    fs::write(&path, bytes).unwrap();
    let run = verify(&folder, "public");
    assert_eq!(run.code, Some(1));
    assert_eq!(found(&run), ["modified tile/entries/001:45", "malformed tile/entries/001:45"]);
}

#[test]
fn a_server_is_read_as_its_folder_and_remembered() {
    let folder = base();
    fs::remove_dir_all(folder.path("state")).unwrap();
    let server = serve(&folder, |_| None);
    let unknown = folder.run(&["verify", &server.url()]);
    assert_eq!(unknown.code, Some(3), "{}", unknown.err);
    for url in [server.url(), server.url() + "/"] {
        let run = verify(&folder, &url);
        assert_eq!(run.code, Some(0), "{}", run.err);
        for part in [
            "\"kind\":\"published\"",
            "\"entries_checked\":700",
            "\"findings\":[]",
            "\"first\":0",
            "\"last\":699",
        ] {
            assert!(run.out.contains(part), "{part}: {}", run.out);
        }
    }
    let pinned = folder.run(&["verify", &server.url()]);
    assert!(pinned.code == Some(0) && pinned.out.contains("\"key\":\"pinned\""), "{}", pinned.out);
    let older = books::folder();
    books::appended(&older, numbered(1, 7));
    published(&older);
    fs::rename(folder.path("state"), older.path("theirs")).unwrap();
    let server = serve(&older, |_| None);
    let mut foil = older.foil(&["verify", &server.url(), "--key", "gateway.did"]);
    let run: Run = foil.env("XDG_STATE_HOME", older.path("theirs")).output().unwrap().into();
    // Another ledger of the same name and key: its entry 0 is another one.
    assert!(run.code == Some(0) && run.err.contains("was seen before as another ledger"), "{}", run.err);
}

#[test]
fn a_server_that_goes_back_is_found_out() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 7));
    published(&folder);
    let older = serve(&folder, |_| None);
    books::appended(&folder, numbered(7, 9));
    published(&folder);
    let newer = serve(&folder, |_| None);
    let reader = |url: &str| -> Run {
        let mut foil = folder.foil(&["verify", url, "--key", "gateway.did"]);
        foil.env("XDG_STATE_HOME", folder.path("reader")).output().unwrap().into()
    };
    assert_eq!((reader(&older.url()).code, reader(&newer.url()).code), (Some(0), Some(0)));
    let run = reader(&older.url());
    assert_eq!((run.code, found(&run)), (Some(1), vec!["rolled-back checkpoint:null".to_owned()]));
}

#[test]
fn other_answers_than_the_resource() {
    let folder = base();
    let absent = serve(&folder, |path| (path == "tile/entries/001").then_some(Answer::Status(410)));
    let run = verify(&folder, &absent.url());
    assert_eq!((run.code, found(&run)), (Some(1), vec!["missing tile/entries/001:1".to_owned()]));
    for status in [400, 401, 403, 500] {
        let server = serve(&folder, move |path| (path == "tile/0/001").then_some(Answer::Status(status)));
        let run = verify(&folder, &server.url());
        let said = format!("{}: tree: tile/0/001: the server answers {status}", server.url());
        assert!(run.code == Some(2) && run.err.contains(&said), "{status}: {}", run.err);
    }
    for words in [&["verify", "--key", "gateway.did"][..], &["chain", "diff", "book", "--entries"]] {
        for place in ["tile/entries/000", "tile/entries/001"] {
            let server = serve(&folder, move |path| (path == place).then_some(Answer::Status(403)));
            let run = folder.run(&[words, &[&server.url()]].concat());
            let said = format!("{place}: the server answers 403");
            assert!(run.code == Some(2) && run.err.contains(&said), "{}", run.err);
            assert!(!run.err.contains(": entries"), "there is no such file: {}", run.err);
        }
    }
    let server = serve(&folder, |_| Some(Answer::Status(503)));
    let run = verify(&folder, &server.url());
    assert_eq!((run.code, server.asked(), run.err.lines().count()), (Some(2), 3, 1), "{}", run.err);
    let fails = Mutex::new(2);
    let server = serve(&folder, move |path| {
        let mut left = fails.lock().unwrap();
        let fail = path == "tile/entries/000" && *left > 0;
        *left -= i32::from(fail);
        fail.then_some(Answer::Status(502))
    });
    assert_eq!(verify(&folder, &server.url()).code, Some(0), "a fault that passes");
}

#[test]
fn redirects_are_few_and_lead_to_web_servers_only() {
    let folder = base();
    let target = serve(&folder, |_| None);
    let to = target.url();
    let moved = Server::start(move |path| Answer::Redirect(format!("{to}/{path}")));
    assert_eq!(verify(&folder, &moved.url()).code, Some(0));
    let round = Server::start(|path| Answer::Redirect(format!("/{path}x")));
    let run = verify(&folder, &round.url());
    assert!(run.code == Some(2) && round.asked() <= 6, "{}: {}", round.asked(), run.err);
    for to in ["file:///etc/passwd", "ftp://127.0.0.1/x", "gopher:x", "", "http://u:secret@127.0.0.1:1/"] {
        let server = Server::start(move |_| Answer::Redirect(to.to_owned()));
        let run = verify(&folder, &server.url());
        assert!(run.code == Some(2) && run.err.lines().count() == 1, "{to}: {}", run.err);
        assert!(!run.err.contains("secret") && !run.err.contains("root:"), "{to}: {}", run.err);
    }
}

#[test]
fn compressed_answers_are_read_and_bombs_do_not_go_off() {
    let gzip = |bytes: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    };
    let folder = base();
    let files = files(&folder.path("public"));
    let server = Server::start(move |path| {
        files.get(path).map_or(Answer::Status(404), |bytes| Answer::Gzip(gzip(bytes)))
    });
    assert_eq!(verify(&folder, &server.url()).code, Some(0));
    let bomb = gzip(&vec![0; 100 << 20]);
    for place in ["checkpoint", "tile/entries/000", "tile/0/000"] {
        let bomb = bomb.clone();
        let server = serve(&folder, move |path| (path == place).then(|| Answer::Gzip(bomb.clone())));
        let run = confined(&folder, &["verify", &server.url(), "--key", "gateway.did"], "");
        assert!(
            run.code == Some(2) && run.err.contains("longer than"),
            "{place}: {:?} {}",
            run.code,
            run.err
        );
    }
}

#[test]
fn a_server_that_does_not_speak_or_not_end_is_left() {
    let patience = Duration::from_millis(500);
    let ask = |server: &Server, limit| {
        let begun = Instant::now();
        let got = Client::new(&server.url(), patience).unwrap().get("checkpoint", limit);
        assert!(begun.elapsed() < Duration::from_secs(10), "{got:?}");
        got
    };
    let raw = |write: fn(&mut std::net::TcpStream) -> std::io::Result<()>| {
        Server::start(move |_| Answer::Raw(write))
    };
    let silent = raw(|_| {
        thread::sleep(Duration::from_secs(60));
        Ok(())
    });
    let why = ask(&silent, 100).unwrap_err();
    assert!(why.kind() == std::io::ErrorKind::TimedOut && silent.asked() == 1, "{why}");
    let drips = raw(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n")?;
        loop {
            stream.write_all(b"x")?;
            thread::sleep(Duration::from_millis(50));
        }
    });
    let why = ask(&drips, 1_000).unwrap_err();
    assert!(why.to_string().ends_with("checkpoint: the server takes too long"), "{why}");
    let heads = raw(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
        loop {
            stream.write_all(b"X-More: more\r\n")?;
        }
    });
    assert!(ask(&heads, 100).is_err());
    let endless = raw(|stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
        loop {
            stream.write_all(&[b'x'; 4_096])?;
        }
    });
    let why = ask(&endless, 100_000).unwrap_err();
    assert_eq!(why.to_string(), "checkpoint: longer than 100000 bytes");
    for write in [
        (|stream| stream.write_all(b"hello\n")) as fn(&mut std::net::TcpStream) -> std::io::Result<()>,
        |_| Ok(()),
        |stream| stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort"),
        |stream| stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nshort"),
        |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nx")
        },
        |stream| {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nno!")
        },
    ] {
        let server = raw(write);
        let why = ask(&server, 100).unwrap_err().to_string();
        assert!(why.starts_with("checkpoint: "), "{why}");
    }
}

#[test]
fn what_a_server_has_instead_of_a_published_log_is_said() {
    let folder = base();
    let plain = files(&folder.path("book"));
    let server =
        Server::start(move |path| plain.get(path).cloned().map_or(Answer::Status(404), Answer::Bytes));
    for words in [&["verify", "--key", "gateway.did"][..], &["verify", "book", "--against"]] {
        let run = folder.run(&[words, &[&server.url()]].concat());
        let said = format!("{}: is a ledger's folder behind a web server, not a published log", server.url());
        assert!(run.code == Some(2) && run.err.contains(&said), "{:?} {}", run.code, run.err);
        assert!(run.err.contains("hint: foil chain publish LEDGER DEST"), "{}", run.err);
    }
    let page = b"<!DOCTYPE html>\n<title>Sign in</title>\n".to_vec();
    let server = Server::start(move |_| Answer::Bytes(page.clone()));
    let run = verify(&folder, &server.url());
    assert!(run.code == Some(2) && run.err.contains("it is a web page (HTML)"), "{:?} {}", run.code, run.err);
    assert!(run.out.is_empty(), "{}", run.out);
    let unpacked = Server::start(|_| Answer::Gzip(b"plain, and said to be compressed".to_vec()));
    let run = verify(&folder, &unpacked.url());
    assert!(run.code == Some(2) && run.err.contains("gzip"), "{:?} {}", run.code, run.err);
}

#[test]
fn urls_that_cannot_be_asked() {
    let folder = base();
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    for (url, why) in [
        (
            format!("http://127.0.0.1:{port}/log"),
            format!("http://127.0.0.1:{port}/log: checkpoint: Connection refused"),
        ),
        (
            "http://me:secret@127.0.0.1/log".to_owned(),
            "http://…@127.0.0.1/log: a name or password".to_owned(),
        ),
        ("http://127.0.0.1/?log".to_owned(), "not a URL of a published log".to_owned()),
        ("http://".to_owned(), "not a URL of a published log".to_owned()),
    ] {
        for targets in [&[&url[..]][..], &[&url, "public"]] {
            let run = folder.run(&[&["verify", "--key", "gateway.did"], targets].concat());
            assert!(run.code == Some(2) && run.err.contains(&why), "{url}: {}", run.err);
            assert!(!run.err.contains("secret") && !run.out.contains("secret"), "{}{}", run.out, run.err);
        }
    }
}

#[test]
fn published_folders_that_somebody_prepared() {
    type Bend = fn(&Folder, &str);
    let things: &[(&str, Bend)] = &[
        ("a pipe", |folder, place| pipe(folder, place)),
        ("/dev/zero", |folder, place| symlink("/dev/zero", folder.path(place)).unwrap()),
        ("a loop", |folder, place| symlink(folder.path(place), folder.path(place)).unwrap()),
        ("a folder", |folder, place| fs::create_dir(folder.path(place)).unwrap()),
        ("a long file", |folder, place| fs::write(folder.path(place), vec![b'x'; 20 << 20]).unwrap()),
        ("empty", |folder, place| fs::write(folder.path(place), b"").unwrap()),
    ];
    let places = [
        "checkpoint",
        "tile",
        "tile/0",
        "tile/0/000",
        "tile/0/002.p/188",
        "tile/1/000.p/2",
        "tile/entries",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/188",
        ".publishing",
    ];
    for place in places {
        for (thing, put) in things {
            let folder = base();
            let path = format!("public/{place}");
            let _ = fs::remove_file(folder.path(&path)).or_else(|_| fs::remove_dir_all(folder.path(&path)));
            put(&folder, &path);
            for words in
                [&["verify", "public", "--key", "gateway.did"][..], &["chain", "publish", "book", "public"]]
            {
                let run = confined(&folder, words, "");
                let case = format!("{place} is {thing}: {words:?}: {:?} {}", run.code, run.err);
                assert!([Some(0), Some(1), Some(2)].contains(&run.code), "{case}");
                let errors = run.err.lines().filter(|line| line.contains(": error: ")).count();
                assert_eq!(errors, usize::from(run.code == Some(2)), "{case}");
                assert!(run.err.len() < 1_000, "{case}");
            }
        }
    }
}

/// A checkpoint by the log's own key.
fn signed(origin: &str, size: u64) -> String {
    let stated = Checkpoint { origin: origin.to_owned(), size, root: Hash([7; 32]) };
    SignedCheckpoint::sign(stated, &SecretKey::from_seed(&[200; 32])).unwrap().to_string()
}

#[test]
fn sizes_and_names_that_lead_nowhere() {
    let folder = base();
    for (size, code) in [(701, 1), (1_000_000, 1), (1 << 32, 2), ((1 << 32) + 1, 2), (u64::MAX, 2)] {
        fs::write(folder.path("public/checkpoint"), signed("plant7/book", size)).unwrap();
        let run = confined(&folder, &["verify", "public", "--key", "gateway.did"], "");
        assert_eq!(run.code, Some(code), "{size}: {}", run.err);
        assert!(run.out.contains("\"vouched\":[]") || code == 2);
        let run = confined(&folder, &["chain", "publish", "book", "public"], "");
        assert!(run.code == Some(2) && run.err.contains("rolled back"), "{size}: {}", run.err);
    }
    fs::remove_file(folder.path("public/tile/entries/000")).unwrap();
    fs::write(folder.path("public/checkpoint"), signed("plant7/book", 1 << 32)).unwrap();
    let run = confined(&folder, &["verify", "public", "--key", "gateway.did"], "");
    assert!(
        run.code == Some(1) && run.out.contains("4294967296 entries, here they end before entry 0"),
        "{}",
        run.err
    );
    for origin in ["../../../escaped", "/etc/escaped"] {
        let folder = Folder::new();
        folder.fixed_key("gateway", 200);
        folder.run(&["chain", "init", "book", "-k", "gateway", "--origin", origin]);
        assert_eq!(publish_book(&folder).code, Some(0));
        let server = serve(&folder, |_| None);
        assert_eq!(verify(&folder, &server.url()).code, Some(0));
        assert!(!folder.path("escaped").exists() && !folder.path("../escaped").exists());
    }
    let text = signed("plant7/book", 700).replacen("plant7/book\n", "plant7/book\n../../x\n", 1);
    fs::write(folder.path("public/checkpoint"), text).unwrap();
    assert_eq!(verify(&folder, "public").code, Some(2));
}

#[test]
fn a_published_log_is_no_ledger() {
    let folder = base();
    fs::write(folder.path("c.toml"), CONTRACT).unwrap();
    let before = files(&folder.path("public"));
    for words in [
        &["chain", "pack", "public"][..],
        &["chain", "prune", "public", "--before", "10"],
        &["chain", "repair", "public"],
        &["chain", "repair", "public", "--from", "book"],
        &["chain", "publish", "public", "elsewhere"],
        &["chain", "append", "public", "-k", "gateway"],
        &["chain", "init", "next", "-k", "gateway", "--continues", "public"],
    ] {
        let run = folder.run(words);
        let said = run.err.contains("public: is a published log, not a ledger\n");
        assert!(run.code == Some(2) && said, "{words:?}: {:?} {}", run.code, run.err);
        let hint = "hint: what only reads takes it, such as foil verify public; foil chain clone public DIR makes a ledger's folder of it";
        assert!(run.err.contains(hint), "{words:?}: {}", run.err);
        assert!(files(&folder.path("public")) == before && !folder.path("elsewhere").exists(), "{words:?}");
    }
    for words in [
        &["verify", "public", "--key", "gateway.did"][..],
        &["chain", "diff", "public", "book", "--key", "gateway.did"],
        &["chain", "prove", "public", "300"],
        &["chain", "cat", "public"],
        &["chain", "stub", "public"],
        &["chain", "status", "public"],
        &["chain", "repair", "book", "--from", "public"],
    ] {
        books::good(&folder, words);
    }
}

const CONTRACT: &str = r#"
contract = "foil/1"
title = "t"
period = { from = 2026-03-01T06:00:00Z, to = 2026-03-02T06:00:00Z }
[parties.a]
key = "did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT"
[devices.d]
id = "d"
signed_by = ["did:key:z6MkiaMbhXHNA4eJVCCj8dbzKzTgYDKf6crKgHVHid1F1WCT"]
fields = { t = "Cel" }
[time]
hold = "1m"
[[terms]]
id = "x"
on = "d"
require = "t < 8"
gap     = "hold"
"#;

#[test]
fn asking_whether_a_log_has_grown_is_one_request_and_heeds_the_answer() {
    let server = Server::start(|path| {
        Answer::Raw(match path {
            "fresh/checkpoint" => |out| {
                out.write_all(
                    b"HTTP/1.1 200 OK\r\nCache-Control: public, max-age=30\r\nContent-Length: 1\r\n\r\nx",
                )
            },
            "stale/checkpoint" => |out| {
                out.write_all(b"HTTP/1.1 200 OK\r\nCache-Control: max-age=0\r\nContent-Length: 1\r\n\r\nx")
            },
            "busy/checkpoint" => {
                |out| out.write_all(b"HTTP/1.1 503 Busy\r\nRetry-After: 70\r\nContent-Length: 0\r\n\r\n")
            }
            "hasty/checkpoint" => {
                |out| out.write_all(b"HTTP/1.1 429 Slow\r\nRetry-After: 1\r\nContent-Length: 0\r\n\r\n")
            }
            "endless/checkpoint" => |out| {
                out.write_all(b"HTTP/1.1 503 Busy\r\nRetry-After: 99999999\r\nContent-Length: 0\r\n\r\n")
            },
            _ => |out| out.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx"),
        })
    });
    let polite = client::POLITE.as_secs();
    let cases = [
        ("fresh", 30),
        ("stale", polite),
        ("plain", polite),
        ("busy", 70),
        ("hasty", polite),
        ("endless", 600),
    ];
    for (at, (path, seconds)) in cases.into_iter().enumerate() {
        let polled = client::poll(&format!("{}/{path}", server.url())).unwrap();
        assert_eq!(polled.pause.as_secs(), seconds, "{path}");
        let left_alone = ["busy", "hasty", "endless"].contains(&path);
        assert_eq!(polled.checkpoint, (!left_alone).then(|| b"x".to_vec()), "{path}");
        assert_eq!(server.asked(), at + 1, "{path}");
    }
}

#[test]
fn a_follower_of_a_url_prints_what_comes() {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 3));
    published(&folder);
    let public = folder.path("public");
    let server = Server::start(move |path| match fs::read(public.join(path)) {
        Ok(bytes) if path == "checkpoint" => Answer::Fresh(bytes),
        Ok(bytes) => Answer::Bytes(bytes),
        Err(_) => Answer::Status(404),
    });
    let mut follower =
        folder.foil(&["chain", "cat", &server.url(), "--follow", "--records"]).spawn().unwrap();
    let mut lines = BufReader::new(follower.stdout.take().unwrap()).lines().map(Result::unwrap).skip(1);
    assert_eq!(
        (lines.next().unwrap(), lines.next().unwrap()),
        ("{\"n\":1}".to_owned(), "{\"n\":2}".to_owned())
    );
    books::appended(&folder, numbered(3, 4));
    published(&folder);
    assert_eq!(lines.next().unwrap(), "{\"n\":3}");
    follower.kill().unwrap();
    follower.wait().unwrap();
}
