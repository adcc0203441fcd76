//! What is handed over about logs: proofs, evidence, stubs, and the files of published and pruned logs.

use std::io::Read;

use counterfoil::{
    hash::Hash,
    ledger::files::gzip,
    object,
    time::Time,
    tlog::{
        bundle,
        checkpoint::{Checkpoint, SignedCheckpoint},
        entry::Entry,
        evidence::Evidence,
        layout::Layout,
        merkle::{leaf_hash, node_hash},
        proof_file::ProofFile,
        pruned::{Declaration, Marker},
        resource::Resource,
        stub,
        vkey::{Algorithm, VerifierKey},
    },
};

use super::{Target, texts::key};

const ORIGIN: &str = "plant7.example/cold-room";

fn signed(size: u64, root: Hash) -> SignedCheckpoint {
    let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size, root };
    SignedCheckpoint::sign(checkpoint, &key()).expect("an origin that is a name")
}

pub(super) const PROOF_FILE: Target = Target {
    name: "proof_file",
    run: |data| {
        let Ok(proof) = ProofFile::parse(data) else { return };
        assert_eq!(proof.to_string().as_bytes(), data, "what is taken is written back");
        let _ = proof.signed().map(|signed| proof.root(signed.checkpoint().size, leaf_hash(b"x")));
        let _ = proof.root(u64::MAX, leaf_hash(b"x"));
    },
    seeds: || {
        let (left, right) = (leaf_hash(b"a"), leaf_hash(b"b"));
        let note = signed(2, node_hash(&left, &right)).to_string();
        let path = base64(&right);
        vec![format!("c2sp.org/tlog-proof@v1\nindex 0\n{path}\n\n{note}").into_bytes()]
    },
    vectors: &["tlog/proof"],
};

/// Base64 of a hash, as checkpoints have it in their third line.
fn base64(hash: &Hash) -> String {
    let text = signed(1, *hash).checkpoint().to_string();
    text.lines().nth(2).unwrap_or_default().to_owned()
}

pub(super) const EVIDENCE: Target = Target {
    name: "evidence",
    run: |data| {
        let Ok(evidence) = Evidence::parse(data) else { return };
        assert_eq!(evidence.to_string().trim_end().as_bytes(), data.trim_ascii_end(), "one form both ways");
        let _ = evidence.holds();
    },
    seeds: || {
        let vkey = VerifierKey::new(ORIGIN, Algorithm::Ed25519, key().public()).expect("a name");
        let mut notes = [Hash::of(b"a"), Hash::of(b"b")].map(|root| (root, signed(7, root).to_string()));
        notes.sort();
        let [(_, one), (_, other)] = notes;
        let evidence = object! {
            "format": "foil-evidence/1",
            "log": vkey.to_string(),
            "checkpoints": vec![one, other],
            "subtrees": Vec::<String>::new(),
        };
        vec![(evidence.to_canonical() + "\n").into_bytes()]
    },
    vectors: &[],
};

pub(super) const STUB: Target = Target {
    name: "stub",
    run: |data| {
        for signed in [stub::parse(data).ok(), stub::parse_note(data).ok()].into_iter().flatten() {
            let note = signed.to_string();
            assert_eq!(stub::parse_note(note.as_bytes()).ok(), Some(signed.clone()));
            let line = object! { "checkpoint": note.as_str() }.to_canonical();
            assert_eq!(stub::parse(line.as_bytes()).ok(), Some(signed));
        }
    },
    seeds: || {
        let note = signed(7, Hash::of(b"a")).to_string();
        let receipt = object! { "checkpoint": note.as_str(), "first": 1u32, "last": 6u32, "size": 7u32 };
        vec![note.into_bytes(), receipt.to_canonical().into_bytes()]
    },
    vectors: &["tlog/notes/good"],
};

/// No path is made from a stranger's text but one that is exactly what we would write.
pub(super) const TILE_PATH: Target = Target {
    name: "tile_path",
    run: |data| {
        let text = std::str::from_utf8(data).unwrap_or_default();
        if let Some(resource) = Resource::parse(text) {
            assert_eq!(resource.to_string(), text);
            assert!(!text.contains("..") && !text.starts_with('/'));
        }
    },
    seeds: || {
        let paths = ["tile/0/x001/x234/067", "tile/entries/x001/000.p/17", "tile/7/000", "tile/0/255.p/255"];
        paths.map(|path| path.as_bytes().to_vec()).into()
    },
    vectors: &[],
};

/// The first byte says how many entries there should be.
pub(super) const BUNDLE: Target = Target {
    name: "bundle",
    run: |data| {
        let Some((wants, bytes)) = data.split_first() else { return };
        let (entries, fault) = bundle::read(bytes, usize::from(*wants) + 1);
        let mut written = Vec::new();
        for entry in &entries {
            bundle::push(&mut written, entry).expect("it came out of a bundle");
        }
        assert!(bytes.starts_with(&written));
        assert_eq!(fault.is_ok(), written == bytes && entries.len() == usize::from(*wants) + 1);
    },
    seeds: || vec![b"\x01\x00\x03one\x00\x05three".to_vec()],
    vectors: &["tlog/logs/tessera-15/tile/entries"],
};

pub(super) const MARKER: Target = Target {
    name: "marker",
    run: |data| {
        if let Ok(marker) = Marker::parse(Layout::STANDARD, data) {
            assert_eq!(marker.to_string().as_bytes(), data);
        }
    },
    seeds: || {
        let record = object! { "type": "ledger", "origin": ORIGIN };
        let line = Entry { n: 0, received: Time::EPOCH, wall: None, record }.to_line();
        let path = vec![Hash::of(b"x"); 16];
        let root = path.iter().fold(leaf_hash(line.as_bytes()), |left, right| node_hash(&left, right));
        let first = Marker {
            first: 0,
            count: 65_536,
            root,
            bytes: 7,
            received: [Time::EPOCH; 2],
            declaration: Some(Declaration { line, path }),
        };
        let later = Marker { first: 65_536, declaration: None, ..first.clone() };
        vec![first.to_string().into_bytes(), later.to_string().into_bytes()]
    },
    vectors: &[],
};

/// What is taken whole is a file that packs to something that unpacks to the same.
pub(super) const GZIP: Target = Target {
    name: "gzip",
    run: |data| {
        let unpacked = |packed: &[u8]| {
            let (mut lines, most) = (Vec::new(), 1 << 20);
            // Few bytes can stand for very many.
            let read = gzip::Unpacked::new(packed).take(most).read_to_end(&mut lines);
            read.ok().filter(|count| (*count as u64) < most).map(|_| lines)
        };
        let Some(lines) = unpacked(data) else { return };
        let mut packed = Vec::new();
        gzip::pack(&lines[..], &mut packed).expect("memory takes everything");
        assert_eq!(unpacked(&packed), Some(lines));
    },
    seeds: || {
        let pack = |lines: &[u8]| {
            let mut packed = Vec::new();
            gzip::pack(lines, &mut packed).expect("memory takes everything");
            packed
        };
        vec![pack(b""), pack(b"one\ntwo\n"), pack(&[b'x'; 1_000])]
    },
    vectors: &[],
};
