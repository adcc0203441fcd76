//! One page for an auditor: what was checked, what was not, by whose word, and what that does not prove.
//!
//! ```text
//! REPORT ON book
//!   made 2026-11-29 05:20:00 +01:00 by foil 0.1.0
//! ANSWER
//!   sound
//! …
//! ```

use std::{collections::BTreeMap, ops::RangeInclusive};

use super::{
    page::{counted, grouped},
    verification::summary,
};
use crate::{
    escape::{escape, escape_name},
    key::{Did, PublicKey},
    record::writers::Writers,
    time::{Time, Zone},
    verify::{Finding, FindingKind, KeySource, Severity, VerifyReport},
};

/// How many kinds of findings the page lists: it is one page.
const KINDS: usize = 12;

/// What a report's reader is told besides the report itself.
pub struct AuditorPage<'a> {
    /// What was asked about, as it was named
    pub target: &'a str,
    /// What was found
    pub report: &'a VerifyReport,
    /// When the page is made
    pub now: Time,
    /// The reader's zone
    pub zone: Zone,
    /// What the answer means for who acts on it, with the exit status
    pub answer: &'a str,
    /// The names that the reader has for a key
    pub contacts: &'a dyn Fn(&PublicKey) -> Vec<String>,
    /// The command that lists more of what was found than a page does
    pub more: &'a str,
    /// The commands that give the same report again
    pub again: &'a [String],
}

/// The page.
pub fn auditor(page: &AuditorPage<'_>) -> String {
    let report = page.report;
    let sections = [
        ("ANSWER", vec![summary(report), page.answer.to_owned()]),
        ("WHAT WAS LOOKED AT", subject(page)),
        ("WHAT WAS CHECKED", checked(report)),
        ("WHAT WAS NOT CHECKED", unchecked(report)),
        ("BY WHOSE WORD", word(page)),
        ("WHAT WAS FOUND", found(page)),
        ("WHAT THIS DOES NOT PROVE", unproven(report)),
        ("TO DO IT AGAIN", page.again.to_vec()),
    ];
    let made = format!("  made {} by foil {}", page.zone.show(page.now), env!("CARGO_PKG_VERSION"));
    let mut lines = vec![format!("REPORT ON {}", page.target), made];
    for (title, section) in sections {
        lines.push(title.to_owned());
        lines.extend(section.into_iter().map(|line| format!("  {line}")));
    }
    lines.iter().map(|line| escape(line) + "\n").collect()
}

fn is_log(report: &VerifyReport) -> bool {
    matches!(report.kind, "ledger" | "published")
}

/// The target in its own words: whose name it bears, and what its entry 0 declares.
fn subject(page: &AuditorPage<'_>) -> Vec<String> {
    let report = page.report;
    let what = match report.kind {
        "ledger" => "a ledger's folder",
        "published" => "a published log",
        "proof" => "a proof of one entry, and the entry",
        _ => "records that are in no ledger",
    };
    let mut lines = vec![format!("target   {}, {what}", page.target)];
    lines.extend(report.origin.as_ref().map(|origin| format!("origin   {origin}")));
    lines.extend(report.id.map(|id| format!("ledger   {id}")));
    if let (Some(size), Some(root)) = (report.size, report.root) {
        lines.push(format!("state    {}, root {root}", counted(size, "entry", "entries")));
    }
    if let Some((declared, _)) = &report.declared {
        let writers = match &declared.writers {
            Writers::Anyone => "anyone".to_owned(),
            Writers::Signed => "whoever signs".to_owned(),
            Writers::Enrolled => "the enrolled".to_owned(),
            Writers::Keys(keys) => counted(keys.len() as u64, "key", "keys"),
        };
        lines.push(format!("begun    {}, by its own word", page.zone.show(declared.created)));
        lines.push(format!("writers  {writers}"));
    }
    lines
}

fn checked(report: &VerifyReport) -> Vec<String> {
    let proofs = counted(report.proofs_checked, "signature of a record holds", "signatures of records hold");
    let entries = grouped(report.entries_checked);
    let mut proofs = if report.signatures_checked { vec![proofs] } else { Vec::new() };
    proofs.extend(report.known_proofs.map(|known| {
        let (proofs, entries) = (grouped(known.proofs), grouped(known.entries));
        format!(
            "of these, {proofs} were checked here before: those of the first {entries} entries, which are the same by their root"
        )
    }));
    let lines = match report.kind {
        "ledger" | "published" => vec![
            format!("entries: {entries} read, each hashed as it stands"),
            "tree: the hashes of the entries, up to the root".to_owned(),
            "checkpoint: its form, its signature by the log's key, and that its size and root are those of the entries"
                .to_owned(),
            "entry 0: what it declares, and that the log's key signed it".to_owned(),
            "order: numbers, and that no entry was received before the one above it".to_owned(),
            "rules: that each record was one to let in, by what entry 0 says of writers and by the registry".to_owned(),
            "sources: that the numbers of each device's own records have no gaps and no repeats".to_owned(),
        ],
        "proof" => vec![
            "entry: its hash, and that the hashes of the proof lead from it to the root".to_owned(),
            "checkpoint: that the log's key signed this root, for this size".to_owned(),
        ],
        _ => vec![format!("records: {entries} read, each in its canonical form")],
    };
    lines.into_iter().chain(proofs).collect()
}

fn unchecked(report: &VerifyReport) -> Vec<String> {
    let mut lines = Vec::new();
    if !report.sound() {
        lines.push(
            "what rests on a fault: where something is wrong, more may be that could not be looked at"
                .to_owned(),
        );
    }
    if !report.signatures_checked {
        lines.push("signatures of records: left out, as was asked; who said what is unknown".to_owned());
    }
    let unknown =
        report.findings().iter().filter(|finding| finding.kind == FindingKind::UnknownProof).count();
    if unknown > 0 {
        let proofs = counted(unknown as u64, "signature", "signatures");
        lines.push(format!("{proofs} of a kind that this version does not know: neither for nor against"));
    }
    if !report.unseen.is_empty() {
        let runs: Vec<String> = report.unseen.iter().map(run).collect();
        lines.push(format!("dropped: {} are not here, only their hashes", runs.join(" and ")));
    }
    if is_log(report) {
        let size = report.size.unwrap_or_default();
        lines.push(format!("what came later: nothing is known of entries after the first {}", grouped(size)));
        lines.extend(cosignatures(report));
        lines.push("clocks: when an entry was received is the word of whoever wrote it".to_owned());
    } else {
        lines.push("what else there is: other records, and their order, are not part of this".to_owned());
    }
    lines
}

fn run(run: &RangeInclusive<u64>) -> String {
    format!("entries {} to {}", run.start(), run.end())
}

/// Signatures of others beside the log's own.
fn cosignatures(report: &VerifyReport) -> Option<String> {
    let (signed, _) = report.checkpoint.as_ref()?;
    let others = signed.note().signatures().len().saturating_sub(1);
    (others > 0).then(|| {
        format!("witnesses: {} beside the log's own", counted(others as u64, "signature", "signatures"))
    })
}

fn word(page: &AuditorPage<'_>) -> Vec<String> {
    let report = page.report;
    let log = report.declared.as_ref().map(|(declared, _)| &declared.log);
    let log = log.or(report.vouched.first().map(|voucher| &voucher.key));
    let mut lines = Vec::new();
    if let Some(log) = log {
        let names = (page.contacts)(log);
        let names = if names.is_empty() { "none of yours".to_owned() } else { names.join(", ") };
        lines.push(format!("log key     {log}"));
        lines.push(format!("short form  {}   (to be read out and compared)", Did::from(log).short()));
        lines.push(format!("contact     {names}"));
    }
    lines.push(key_in_words(report).to_owned());
    lines.extend(report.vouched.iter().filter(|_| is_log(report)).map(|voucher| {
        let by = match voucher.by {
            "seen" => "what was seen here before".to_owned(),
            "stub" => format!("the stub {}", voucher.file.as_deref().unwrap_or_default()),
            _ => "the log's own word".to_owned(),
        };
        format!("{}: {by}", run(&(voucher.first..=voucher.last)))
    }));
    lines
}

fn key_in_words(report: &VerifyReport) -> &'static str {
    match report.key {
        _ if report.kind == "records" => {
            "each record is the word of the keys that signed it, and of nobody else"
        }
        KeySource::Given => "the key was named by who asked for this report",
        KeySource::Pinned => "the key was known here from before",
        KeySource::Stub => {
            "the key signed stubs that who asked for this report named; they vouch for it in this report only"
        }
        KeySource::Continued => "the key was agreed to by the ledger that this one continues",
        KeySource::Contract => "a contract names this ledger, and so its key",
        KeySource::Trusted => "who asked for this report trusts the key that entry 0 names",
        KeySource::None => "nobody outside vouches for this key: it came with what was looked at",
    }
}

/// What was found, by kind, worst first.
fn found(page: &AuditorPage<'_>) -> Vec<String> {
    let report = page.report;
    let mut kinds: BTreeMap<FindingKind, (u64, &Finding)> = BTreeMap::new();
    let findings = report.findings();
    for finding in &findings {
        kinds.entry(finding.kind).or_insert((0, finding));
    }
    for ((kind, _), count) in report.findings.counts() {
        kinds.entry(*kind).and_modify(|(all, _)| *all += count);
    }
    if kinds.is_empty() {
        return vec!["nothing amiss".to_owned()];
    }
    let mut kinds: Vec<_> = kinds.into_values().collect();
    kinds.sort_by_key(|(count, first)| (first.severity != Severity::Error, u64::MAX - count));
    let line = |(count, first): &(u64, &Finding)| {
        let shown = Finding { detail: escape_name(&first.detail), ..(*first).clone() };
        let more = if *count > 1 {
            format!(" (and {} more of this kind)", grouped(count - 1))
        } else {
            String::new()
        };
        format!("{shown}{more}")
    };
    let mut lines: Vec<String> = kinds.iter().take(KINDS).map(line).collect();
    let listed = findings.len() as u64;
    if report.findings.total() > listed || kinds.len() > KINDS {
        lines.push(format!(
            "{} in all; {} lists more",
            counted(report.findings.total(), "finding", "findings"),
            page.more
        ));
    }
    lines
}

fn unproven(report: &VerifyReport) -> Vec<String> {
    let mut lines = vec![
        "that a device told the truth, or hung where it should: a signature says who speaks, not that it is so",
        "who a key belongs to: that is for people to ask each other",
    ];
    if is_log(report) {
        lines.extend([
            "that these are all entries: what was never written, or was written to another ledger, leaves no trace here",
            "that nobody was given another history: only a stub, a witness or another copy shows that",
            "when anything happened, but for the order of the entries",
        ]);
    } else {
        lines.extend(["that there are no others, or when this one was made"]);
    }
    lines.into_iter().map(str::to_owned).collect()
}
