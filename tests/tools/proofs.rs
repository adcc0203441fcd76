//! Proofs of single entries: other people's cases.

use std::{
    fs,
    path::{Path, PathBuf},
};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use counterfoil::{
    hash::Hash,
    tlog::{
        proof::{inclusion_root, is_consistent},
        proof_file::{BadProofFile, ProofFile},
        vkey::VerifierKey,
    },
    verify::{self, GivenKey},
};
use serde_json::Value;

use crate::{
    ledgers::{found, key},
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    inclusion_proofs_of_others_hold_or_fail_as_they_say,
    consistency_proofs_of_others_hold_or_fail_as_they_say,
    proof_files_of_others_are_read_and_written_back,
    proofs_of_another_log_vouch_for_its_words,
];

/// Every file below a folder.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    files
}

/// A case of transparency-dev/merkle.
struct Case(Value);

impl Case {
    fn of(path: &Path) -> Self {
        // Not by our reader: some sizes are beyond 2^53.
        Self(serde_json::from_slice(&fs::read(path).unwrap()).unwrap())
    }

    fn size(&self, name: &str) -> u64 {
        self.0[name].as_u64().unwrap()
    }

    fn hash(value: Option<&Value>) -> Option<Hash> {
        STANDARD.decode(value?.as_str()?).ok()?.try_into().ok().map(Hash)
    }

    /// Where any two will do, they are words, which stand for their hashes here.
    fn root(&self, name: &str) -> Option<Hash> {
        let word = |text: &Value| STANDARD.decode(text.as_str()?).ok().map(|word| Hash::of(&word));
        let root = self.0.get(name);
        Self::hash(root).or_else(|| word(root?).filter(|_| name != "leafHash"))
    }

    /// None where it holds what is no hash.
    fn proof(&self) -> Option<Vec<Hash>> {
        let hashes = self.0["proof"].as_array().into_iter().flatten();
        hashes.map(|hash| Self::hash(Some(hash))).collect()
    }

    fn must_fail(&self) -> bool {
        self.0.get("wantErr").and_then(Value::as_bool).unwrap()
    }
}

fn inclusion_proofs_of_others_hold_or_fail_as_they_say() -> Tested {
    let folder = vectors::dir("tlog/merkle/testdata/inclusion")?;
    let (mut good, mut bad) = (0, 0);
    for path in below(&folder) {
        let case = Case::of(&path);
        let root = || {
            let (leaf, root, proof) = (case.root("leafHash")?, case.root("root")?, case.proof()?);
            Some(inclusion_root(case.size("treeSize"), case.size("leafIdx"), leaf, &proof)? == root)
        };
        assert_eq!(root() != Some(true), case.must_fail(), "{}", path.display());
        if case.must_fail() { bad += 1 } else { good += 1 }
    }
    assert!(good >= 6 && bad > 70, "{good} good and {bad} bad cases");
    Ok(())
}

fn consistency_proofs_of_others_hold_or_fail_as_they_say() -> Tested {
    let folder = vectors::dir("tlog/merkle/testdata/consistency")?;
    let (mut good, mut bad) = (0, 0);
    for path in below(&folder) {
        let case = Case::of(&path);
        let holds = || {
            let old = (case.size("size1"), case.root("root1")?);
            Some(is_consistent(old, (case.size("size2"), case.root("root2")?), &case.proof()?))
        };
        assert_eq!(holds() != Some(true), case.must_fail(), "{}", path.display());
        if case.must_fail() { bad += 1 } else { good += 1 }
    }
    assert!(good >= 5 && bad > 70, "{good} good and {bad} bad cases");
    Ok(())
}

fn proof_files_of_others_are_read_and_written_back() -> Tested {
    let folder = vectors::dir("tlog/proof")?;
    for path in below(&folder.join("parse-ok")) {
        let bytes = fs::read(&path).unwrap();
        let proof = ProofFile::parse(&bytes).unwrap_or_else(|why| panic!("{}: {why}", path.display()));
        assert_eq!(proof.to_string().into_bytes(), bytes);
    }
    let refused = below(&folder.join("parse-bad")).into_iter().map(|path| {
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, ProofFile::parse(&fs::read(&path).unwrap()).unwrap_err())
    });
    let expected = [
        ("extra-not-base64", BadProofFile::Extra),
        ("hash-64-bytes", BadProofFile::Path),
        ("hash-not-base64", BadProofFile::Path),
        ("index-leading-zero", BadProofFile::Index),
        ("index-negative", BadProofFile::Index),
        ("index-not-number", BadProofFile::Index),
        ("line-too-long", BadProofFile::Path),
        ("no-checkpoint", BadProofFile::NoCheckpoint),
        ("no-index", BadProofFile::Index),
        ("wrong-header", BadProofFile::Header),
    ];
    assert_eq!(refused.collect::<Vec<_>>(), expected.map(|(name, why)| (name.to_owned(), why)));
    Ok(())
}

fn proofs_of_another_log_vouch_for_its_words() -> Tested {
    let folder = vectors::dir("tlog/proof/tessera-15")?;
    let vkey = vectors::dir("tlog/logs").unwrap().join("tessera-15.vkey");
    let vkey = VerifierKey::parse(fs::read_to_string(vkey).unwrap().trim()).unwrap();
    let log = GivenKey::Named(vkey);
    for n in 0..15u64 {
        let bytes = fs::read(folder.join(format!("{n}.tlog-proof"))).unwrap();
        let proof = ProofFile::parse(&bytes).unwrap();
        assert_eq!(proof.to_string().into_bytes(), bytes);
        let leaf = |n: u64| fs::read(folder.join(format!("leaves/{n}"))).unwrap();
        let report = verify::proof(&proof, &leaf(n), &log, true, false).unwrap();
        assert_eq!((found(&report), report.vouched.len()), (vec![], 1), "{n}");
        let voucher = &report.vouched[0];
        assert_eq!((voucher.by, voucher.first, voucher.last, report.size), ("log", n, n, Some(15)));
        let other = verify::proof(&proof, &leaf((n + 1) % 15), &log, true, false).unwrap();
        assert_eq!((found(&other), other.vouched.len()), (vec![format!("root-mismatch {n} -:-")], 0));
        let stranger = GivenKey::Key(key(1).public());
        let report = verify::proof(&proof, &leaf(n), &stranger, true, false).unwrap();
        assert_eq!((report.sound(), report.vouched.len()), (false, 0), "another key vouches for nothing");
        // As one of our own it is none.
        let ours = verify::proof(&proof, &leaf(n), &log, false, false).unwrap();
        assert_eq!(found(&ours), [format!("malformed {n} -:-")]);
    }
    Ok(())
}
