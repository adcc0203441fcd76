use std::collections::HashMap;

use super::*;
use crate::tlog::{checkpoint::Checkpoint, merkle::leaf_hash, tile::Builder};

/// Resources in memory.
#[derive(Clone, Default)]
struct Memory(HashMap<String, Vec<u8>>);

impl Resources for Memory {
    fn get(&self, path: &str, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let bytes = self.0.get(path);
        match bytes.map(Vec::as_slice) {
            Some(b"unreadable") => Err(io::Error::other(format!("{path}: unreadable"))),
            Some(bytes) if bytes.len() > limit => Err(io::ErrorKind::FileTooLarge.into()),
            bytes => Ok(bytes.map(<[u8]>::to_vec)),
        }
    }

    fn ahead(&self) -> usize {
        3
    }
}

fn entry(n: u64) -> Vec<u8> {
    format!("entry {n}").into_bytes()
}

/// A log of so many entries, as a publisher writes one in one go.
fn log(size: u64) -> (Memory, Builder) {
    let (mut builder, mut log) = (Builder::default(), Memory::default());
    for n in 0..size {
        builder.push(leaf_hash(&entry(n)));
    }
    for piece in builder.clone().take() {
        let length = Layout::STANDARD.level_length(piece.level, size);
        for (index, bytes) in (0..).zip(piece.bytes.chunks(8_192)) {
            let tile = Resource::of(ResourceContent::Hashes(piece.level), index, length).unwrap();
            log.0.insert(tile.to_string(), bytes.to_vec());
        }
    }
    for index in 0..size.div_ceil(256) {
        let resource = Resource::of(ResourceContent::Entries, index, size).unwrap();
        let mut bytes = Vec::new();
        for n in index * 256..(index * 256 + u64::from(resource.width)) {
            bundle::push(&mut bytes, &entry(n)).unwrap();
        }
        log.0.insert(resource.to_string(), bytes);
    }
    log.state(size, builder.frontier().root());
    (log, builder)
}

impl Memory {
    fn state(&mut self, size: u64, root: Hash) {
        let checkpoint = Checkpoint { origin: "x".to_owned(), size, root };
        self.0.insert("checkpoint".to_owned(), checkpoint.to_string().into_bytes());
    }

    fn change(&self, path: &str, change: impl FnOnce(&mut Vec<u8>)) -> Published<Self> {
        let mut log = self.clone();
        change(log.0.get_mut(path).expect(path));
        Published::new(log)
    }

    fn without(&self, paths: &[&str]) -> Published<Self> {
        let mut log = self.clone();
        for path in paths {
            log.0.remove(*path).expect(path);
        }
        Published::new(log)
    }
}

fn lines(view: &dyn View, first: u64) -> Vec<Vec<u8>> {
    let mut text = Vec::new();
    view.open(&EntryFile::plain(first)).unwrap().read_to_end(&mut text).unwrap();
    let lines = text.strip_suffix(b"\n").unwrap().split(|byte| *byte == b'\n');
    lines.map(<[u8]>::to_vec).collect()
}

#[test]
fn entries_lines_and_hashes_are_those_of_the_log() {
    for size in [1, 255, 256, 257, 65_535, 65_536, 65_537, 66_000] {
        let (memory, builder) = log(size);
        let view = Published::new(memory);
        assert!(view.checkpoint(100).unwrap().is_some());
        let files = view.entry_files().unwrap();
        let all: Vec<_> = files.iter().flat_map(|file| lines(&view, file.first)).collect();
        assert_eq!(all, (0..size).map(entry).collect::<Vec<_>>(), "{size}");
        let frontier = crate::tlog::tile::frontier(Layout::STANDARD, size, |level, first, count| {
            view.tree(level, first, count)
        })
        .unwrap();
        assert_eq!(frontier.as_ref(), Some(builder.frontier()), "{size}");
        assert_eq!(view.line(size - 1).unwrap(), Some(entry(size - 1)));
        assert_eq!((view.line(size).unwrap(), view.faults().unwrap()), (None, Vec::new()));
        let all = view.tree(0, 0, usize::try_from(size).unwrap()).unwrap().unwrap();
        assert_eq!(all[all.len() - 1], leaf_hash(&entry(size - 1)));
        assert_eq!(view.tree(0, 1, usize::try_from(size).unwrap()).unwrap(), None);
    }
}

#[test]
fn a_publisher_that_moves_on_is_no_fault() {
    let (mut later, _) = log(70_000);
    let (earlier, builder) = log(66_000);
    let view = |memory: &Memory| Published::new(memory.clone());
    // The partial ones are gone, the full ones are there, and the checkpoint is behind.
    later.state(66_000, builder.frontier().root());
    let view = view(&later);
    let all = lines(&view, 65_536);
    assert_eq!((all.len(), &all[463]), (464, &entry(65_999)));
    assert_eq!(view.line(65_999).unwrap(), Some(entry(65_999)));
    let last = view.tree(0, 65_792, 208).unwrap();
    assert_eq!(last, Published::new(earlier).tree(0, 65_792, 208).unwrap());
    assert!(last.is_some() && view.faults().unwrap().is_empty());
}

#[test]
fn the_size_that_was_read_first_holds() {
    struct Moving(Memory, Mutex<u64>);
    impl Resources for Moving {
        fn get(&self, path: &str, limit: usize) -> io::Result<Option<Vec<u8>>> {
            let mut reads = self.1.lock().unwrap();
            if path == "checkpoint" {
                *reads += 1;
                return Ok(Some(format!("x\n{}\n", 256 + *reads).into_bytes()));
            }
            self.0.get(path, limit)
        }
    }
    let mut memory = log(257).0;
    memory.0.insert("tile/entries/001".to_owned(), log(512).0.0["tile/entries/001"].clone());
    let view = Published::new(Moving(memory, Mutex::new(0)));
    assert!(view.line(256).unwrap().is_some());
    assert_eq!(view.checkpoint(100).unwrap().unwrap(), b"x\n258\n");
    assert_eq!(view.checkpoint(100).unwrap().unwrap(), b"x\n258\n");
    assert_eq!(lines(&view, 0).len(), 258);
}

#[test]
fn lost_bundles_shift_nothing() {
    let (memory, _) = log(66_000);
    let view = memory.without(&["tile/entries/001", "tile/entries/003", "tile/entries/004"]);
    view.checkpoint(100).unwrap();
    let all = lines(&view, 0);
    assert_eq!(all.len(), 65_536 - 3 * 256);
    for (at, line) in (1..).zip(&all) {
        assert_eq!(entry(view.entry_at(0, at)), *line);
    }
    assert_eq!(view.place(65_999), Some(("tile/entries/257.p/208".to_owned(), 208)));
    assert_eq!(view.place(300), Some(("tile/entries/001".to_owned(), 45)));
    assert_eq!(view.line(300).unwrap(), None);
}

#[test]
fn bundles_of_another_form_are_faults_and_shift_nothing() {
    let (memory, _) = log(1_000);
    let cut = memory.change("tile/entries/001", |bytes| bytes.truncate(bytes.len() - 1));
    let all = lines(&cut, 0);
    assert_eq!((all.len(), &all[511]), (999, &entry(512)));
    assert_eq!(cut.entry_at(0, 512), 512);
    let fault = |view: &dyn View| view.faults().unwrap().into_iter().map(|f| (f.place, f.detail)).next();
    let said = |detail: &str| Some(("tile/entries/001".to_owned(), detail.to_owned()));
    assert_eq!(fault(&cut), said("the bundle ends after 255 of 256 entries"));
    let more = memory.change("tile/entries/001", |bytes| bytes.extend(b"\0\x01x"));
    assert_eq!((lines(&more, 0).len(), fault(&more)), (1_000, said("3 bytes too many in the bundle")));
    let long = memory.change("tile/entries/001", |bytes| *bytes = vec![0; 256 * 65_537 + 1]);
    assert_eq!((lines(&long, 0).len(), long.entry_at(0, 257)), (744, 512));
    assert_eq!(fault(&long), said("the bundle is longer than 16777472 bytes"));
    let empty = memory.change("tile/entries/001", Vec::clear);
    assert_eq!((lines(&empty, 0).len(), empty.entry_at(0, 257)), (744, 512));
}

#[test]
fn an_entry_that_is_no_line_stays_one() {
    let (memory, _) = log(3);
    for (entry, line) in [
        (&b"a\nb\n"[..], &b"a\0b\0"[..]),
        (b"\n", b"\0"),
        (b"", b""),
        (b"x\r", b"x\0"),
        (b"x\r\r\n", b"x\r\r\0"),
        (b"\r", b"\0"),
    ] {
        let mut bytes = Vec::new();
        for entry in [b"first", entry, b"last"] {
            bundle::push(&mut bytes, entry).unwrap();
        }
        let view = memory.change("tile/entries/000.p/3", |bundle| *bundle = bytes);
        assert_eq!(lines(&view, 0), [b"first", line, b"last"]);
        assert_eq!(view.line(1).unwrap().unwrap(), line);
    }
}

#[test]
fn tiles_of_another_length_or_none_are_said() {
    let (memory, _) = log(66_000);
    let said = |view: Published<Memory>, level, first| {
        view.checkpoint(100).unwrap();
        assert_eq!(view.tree(level, first, 1).unwrap(), None);
        view.faults().unwrap().into_iter().map(|fault| (fault.place, fault.derived)).collect::<Vec<_>>()
    };
    let place = |place: &str| vec![(place.to_owned(), true)];
    for change in
        [|bytes: &mut Vec<u8>| bytes.push(0), |bytes: &mut Vec<u8>| bytes.truncate(8_160), Vec::clear]
    {
        assert_eq!(said(memory.change("tile/0/001", change), 0, 256), place("tile/0/001"));
    }
    assert_eq!(said(memory.without(&["tile/0/257.p/208"]), 0, 65_792), place("tile/0/257.p/208"));
    let unread = memory.change("tile/1/000", |bytes| *bytes = b"unreadable".to_vec());
    assert!(unread.tree(1, 0, 1).is_err() && unread.faults().is_err(), "not said to be damaged");
}

#[test]
fn sizes_that_nobody_can_have_written_cost_little() {
    let mut memory = log(3).0;
    let files = |memory: &Memory| Published::new(memory.clone()).entry_files();
    memory.state(u64::MAX, Hash([0; 32]));
    assert!(files(&memory).is_err());
    let view = Published::new(memory.clone());
    assert_eq!((view.tree(0, u64::MAX, 1).unwrap(), view.line(u64::MAX).unwrap()), (None, None));
    // Nothing but the last bundle is there: the others are not asked for one by one.
    memory.state(MAX_SIZE, Hash([0; 32]));
    assert_eq!(files(&memory).unwrap(), []);
    memory.0.insert("tile/entries/x016/x777/215".to_owned(), b"\0\x01x".repeat(256));
    assert_eq!(files(&memory).unwrap(), [EntryFile::plain(MAX_SIZE - 65_536)]);
    // Only the first one: what follows is given up after a while.
    memory.0.insert("tile/entries/000".to_owned(), b"\0\x01x".repeat(256));
    let view = Published::new(memory);
    let mut read = view.entry_files().unwrap().into_iter().map(|file| {
        let mut bytes = Vec::new();
        view.open(&file).unwrap().read_to_end(&mut bytes)
    });
    assert_eq!(read.position(|read| read.is_err()), Some(16));
}

#[test]
fn bundles_that_are_mostly_no_entries_are_given_up() {
    let (mut memory, _) = log(66_000);
    for index in 0..5 {
        memory.0.insert(format!("tile/entries/{index:03}"), vec![0; 16 << 20]);
    }
    let view = Published::new(memory);
    let mut read = Vec::new();
    let why = view.open(&EntryFile::plain(0)).unwrap().read_to_end(&mut read).unwrap_err();
    assert!(why.to_string().contains("behind their last entries") && read.len() < 5 * 256, "{why}");
}
