//! What a revoked key signed after the time until which it is trusted, and before it was revoked.
//!
//! That shows only with the revocation, so the lines are gone through once more. Nothing is rewritten: these are
//! warnings.

use std::collections::HashMap;

use crate::{
    key::Did,
    record::claim::SignerKeys,
    rules::registry::Revocation,
    time::Time,
    tlog::{
        entry_view::EntryView,
        view::{EntryFile, View},
    },
    verify::{
        finding::{Finding, Findings, Kind},
        lines::{self, Chunks},
    },
};

/// Who signed an entry, when it was received, and what it is about.
struct Said {
    n: u64,
    received: Time,
    keys: SignerKeys,
    device: Option<String>,
}

/// Names the entries that some revocations make suspect.
pub(in crate::verify) fn find(
    view: &dyn View,
    files: &[EntryFile],
    revocations: &[Revocation],
    found: &mut Findings,
) -> std::io::Result<()> {
    if revocations.is_empty() {
        return Ok(());
    }
    let mut doubts: HashMap<Did, Vec<&Revocation>> = HashMap::new();
    for revocation in revocations {
        for key in &revocation.keys {
            doubts.entry(*key).or_default().push(revocation);
        }
    }
    let mut chunks = Chunks::new(view, files);
    while let Some(chunk) = chunks.next()? {
        for (line, (text, _)) in (chunk.first_line..).zip(lines::split(&chunk.bytes)) {
            let Some(said) = said(lines::plain(text, line == 1)) else { continue };
            let doubt =
                said.keys.as_slice().iter().find_map(|key| Some((key, said.doubt(doubts.get(key)?)?)));
            if let Some((key, revocation)) = doubt {
                let file = &files[chunk.file].name;
                found.push(finding(&said, key, revocation).in_file(file).at_line(line));
            }
        }
    }
    Ok(())
}

impl Said {
    fn doubt<'a>(&self, revocations: &[&'a Revocation]) -> Option<&'a Revocation> {
        let mut revocations = revocations.iter().copied();
        revocations.find(|revocation| self.n < revocation.n && self.received > revocation.trusted_until)
    }
}

fn finding(said: &Said, key: &Did, revocation: &Revocation) -> Finding {
    let Revocation { trusted_until, n, .. } = revocation;
    let detail = format!(
        "entry {}: signed with {key}, which entry {n} revoked and trusts until {trusted_until} only",
        said.n
    );
    let finding = Finding::new(Kind::Suspect, detail).about(said.n);
    Finding { device: said.device.clone(), ..finding }
}

fn said(line: &[u8]) -> Option<Said> {
    let EntryView { n, received, record } = EntryView::of(line).ok()?;
    Some(Said { n, received, keys: record.signers()?, device: record.device().map(super::examine::shown) })
}
