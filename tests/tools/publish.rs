//! Publishing, byte for byte as another writer does it.

use std::fs;

use counterfoil::{
    ledger::publish::{LogToPublish, PublishOptions, PublishResult, publish},
    time::Span,
    tlog::{merkle::leaf_hash, tile::Builder, view::Memory, vkey::VerifierKey},
};

use crate::{
    publishing::files,
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![a_log_of_another_writer_is_reproduced_at_every_size,];

fn a_log_of_another_writer_is_reproduced_at_every_size() -> Tested {
    let dir = vectors::dir("tlog/logs")?;
    let theirs = dir.join("tessera-15");
    let key = VerifierKey::parse(fs::read_to_string(dir.join("tessera-15.vkey")).unwrap().trim()).unwrap();
    let words: Vec<&str> = WORDS.split(' ').collect();
    let (folder, options) = (
        tempfile::tempdir().unwrap(),
        PublishOptions { dry_run: false, again: false, wait: Span::ZERO, give_up: || true },
    );
    let dest = folder.path().join("public");
    let mut builder = Builder::default();
    for size in 0..=15 {
        let (mut view, lines) = (Memory::default(), words[..size].join("\n") + "\n");
        view.files.insert(0, lines.into_bytes());
        view.levels = builder.clone().take().into_iter().map(|piece| piece.bytes).collect();
        view.checkpoint = Some(fs::read(theirs.join(format!("checkpoint.{size}"))).unwrap());
        let done =
            publish(LogToPublish { view: &view, key: &key, shown: "tessera" }, &dest, options).unwrap();
        let after = size as u64;
        let PublishResult { before, now, written, mended } = done;
        assert_eq!((before, now.size), (after.saturating_sub(1), after));
        assert_eq!((written, mended.len()), (if size == 0 { 0 } else { 2 }, 0));
        let mut ours = files(&dest);
        assert_eq!(ours.remove("checkpoint"), view.checkpoint, "{size}");
        assert_eq!(ours.len(), 2 * size);
        for (name, bytes) in ours {
            assert!(fs::read(theirs.join(&name)).unwrap() == bytes, "{name} at {size}");
        }
        if let Some(word) = words.get(size) {
            builder.push(leaf_hash(word.as_bytes()));
        }
    }
    let theirs = files(&theirs);
    let published = theirs.iter().filter(|(name, _)| *name == "checkpoint" || name.starts_with("tile/"));
    assert!(published.map(|(name, bytes)| (name.clone(), bytes.clone())).eq(files(&dest)));
    Ok(())
}

const WORDS: &str = "one two three four five six seven eit nain ten ileven twelf threeten fourten fivten";
