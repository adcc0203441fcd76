//! Answers and files that are longer than what they should be: seen for what they are, and not read.

use std::{fs::File, io::Write, net::TcpStream};

use counterfoil::{
    hash::Hash,
    key::SecretKey,
    tlog::checkpoint::{Checkpoint, SignedCheckpoint},
};

use crate::{
    books::{self, numbered},
    hostile::confined,
    publishing::{files, published},
    run::Folder,
    server::{Answer, Server},
};

/// A ledger of three bundles, and what is published of it.
fn base() -> Folder {
    let folder = books::folder();
    books::appended(&folder, numbered(1, 700));
    published(&folder);
    folder
}

/// The log's own word, for a history that it never wrote.
fn signed(size: u64) -> Vec<u8> {
    let stated = Checkpoint { origin: "plant7/book".to_owned(), size, root: Hash([7; 32]) };
    SignedCheckpoint::sign(stated, &SecretKey::from_seed(&[200; 32])).unwrap().to_string().into_bytes()
}

fn endless(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    loop {
        stream.write_all(&[b'x'; 8_192])?;
    }
}

fn long(stream: &mut TcpStream) -> std::io::Result<()> {
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n")?;
    loop {
        stream.write_all(&[0; 8_192])?;
    }
}

#[test]
fn a_server_that_floods_is_left_at_once() {
    let folder = base();
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(&vec![0; 64 << 20]).unwrap();
    let bomb = encoder.finish().unwrap();
    let files = files(&folder.path("public"));
    for (what, tiles_only) in ["endless", "long", "bomb"].into_iter().flat_map(|w| [(w, true), (w, false)]) {
        let (files, bomb) = (files.clone(), bomb.clone());
        let server = Server::start(move |path| match (path, what) {
            ("checkpoint", _) => Answer::Bytes(signed(140_001)),
            // Entry 0 is what it was, so that the hashes are asked for.
            ("tile/entries/000", _) if tiles_only => Answer::Bytes(files[path].clone()),
            (_, "endless") => Answer::Raw(endless),
            (_, "long") => Answer::Raw(long),
            _ => Answer::Gzip(bomb.clone()),
        });
        let run = confined(&folder, &["verify", &server.url(), "--key", "gateway.did"], "");
        let case = format!("{what}, {tiles_only}: {:?} {}{:.300}", run.code, run.err, run.out);
        assert!(run.code == Some(2) && run.err.lines().count() == 1, "{case}");
        assert!(run.err.contains("longer than ") && run.err.contains(": tile/"), "{case}");
        assert!(server.asked() < 20, "{case}: {} requests", server.asked());
    }
}

#[test]
fn a_long_file_of_a_published_folder_is_not_read() {
    let folder = base();
    let stretch = |place: &str| {
        File::options().write(true).open(folder.path(place)).and_then(|file| file.set_len(1 << 40)).unwrap();
    };
    let verify = || confined(&folder, &["verify", "public", "--key", "gateway.did", "--json"], "");
    stretch("public/tile/0/001");
    let run = verify();
    assert!(run.code == Some(0) && run.out.contains("the tile does not have 8192 bytes"), "{}", run.err);
    stretch("public/tile/entries/001");
    let run = verify();
    assert_eq!(run.code, Some(1), "{}", run.err);
    assert!(run.out.contains("the bundle is longer than 16777472 bytes"), "{}", run.out);
    assert!(run.out.contains("\"kind\":\"missing\"") && run.out.contains("\"entries_checked\":444"));
    stretch("public/checkpoint");
    let run = verify();
    assert!(run.code == Some(2) && run.err.contains("checkpoint: longer than 65536 bytes"), "{}", run.err);
}
