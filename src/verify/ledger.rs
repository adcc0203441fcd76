//! A ledger: its checkpoint, its entry 0, its lines, its tree.

use std::io;

use anyhow::Context as _;

use super::{
    Options,
    anchor::{self, Anchor, GivenKey, Trust},
    examine::Rules,
    finding::{Finding, Kind},
    lines::Chunks,
    merge::{Merger, line_endings},
    outside::{Outside, Stand, Stubs},
    places, pool,
    report::{Report, Voucher},
    statement::{By, Statement, Watch},
    succession,
    tree::Tree,
    truth::Truth,
};
use crate::{
    chain::entry::Entry,
    hash::Hash,
    record::{
        genesis::Genesis,
        signed::{self, Verifier},
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        view::{EntryFile, View, entry_file_name},
    },
};

/// The longest checkpoint that is read, in bytes.
const MAX_CHECKPOINT: usize = 64 * 1024;

/// Verifies a ledger from its first byte to the last that its checkpoint states.
///
/// # Errors
/// If there is no ledger, or part of it cannot be read. Faults of the ledger are findings, not errors.
pub fn ledger(view: &dyn View, trust: &Trust, options: &Options) -> anyhow::Result<Report> {
    let mut report = Report::new(view.kind());
    // First the checkpoint: what a live writer adds later lies beyond it.
    let stated = read_checkpoint(view, &mut report)?;
    let checkpoint = stated.as_ref().map(SignedCheckpoint::checkpoint);
    let mut files = view.entry_files().context("entries")?;
    anyhow::ensure!(
        checkpoint.is_some() || !files.is_empty() || report.findings.total() > 1,
        "no ledger: {}, and no entries",
        report.findings().first().map_or("no checkpoint", |finding| &finding.detail)
    );
    set_beyond_aside(&mut files, checkpoint, &mut report);
    declared(view, &mut report)?;
    let declared = report.declared.clone();
    let genesis = declared.as_ref().map(|(genesis, _)| genesis);
    let continued = declared
        .as_ref()
        .is_some_and(|(genesis, signers)| succession::check(genesis, signers, trust, &mut report));
    let log = genesis.map(|genesis| &genesis.log);
    let origin = genesis.map(|genesis| genesis.origin.as_str()).or(checkpoint.map(|at| at.origin.as_str()));
    // Where a key is known from elsewhere, stubs are measured with it, not with what the copy says.
    let known = trust.given.as_ref().map(GivenKey::key).or(trust.remembered.as_ref().map(|seen| &seen.key));
    let stubs = Stubs::weigh(&trust.stubs, origin, known.or(log));
    stubs.say(&mut report);
    let anchor = Anchor::of(trust, log, continued, &stubs);
    anchor::check(stated.as_ref(), genesis, trust, &anchor, &mut report);
    let knowledge = Knowledge { trust, anchor: &anchor, stubs: &stubs, signed: stated.as_ref() };
    read_lines(view, &files, genesis, knowledge, options, &mut report)?;
    places::rename_all(view, &mut report);
    report.checkpoint = stated.zip(anchor.key);
    report.leave_out_unseen();
    Ok(report)
}

/// The ledger's name and id, as entry 0 declares them: enough to look up what was seen of it before.
///
/// # Errors
/// If entry 0 cannot be read.
pub fn identity(view: &dyn View) -> anyhow::Result<Option<(String, Hash)>> {
    Ok(declaration(view)?.map(|(genesis, id)| (genesis.origin, id)))
}

/// What entry 0 declares, whoever signed it, and the ledger's id.
///
/// # Errors
/// If entry 0 cannot be read.
pub fn declaration(view: &dyn View) -> anyhow::Result<Option<(Genesis, Hash)>> {
    let Some(entry) = first_entry(view)?.and_then(|line| Entry::parse_lenient(&line).ok()) else {
        return Ok(None);
    };
    Ok(Genesis::parse(&entry.record).ok().map(|genesis| (genesis, signed::id(&entry.record))))
}

/// What is known of a ledger before its lines are read.
#[derive(Clone, Copy)]
struct Knowledge<'a> {
    trust: &'a Trust,
    anchor: &'a Anchor,
    stubs: &'a Stubs<'a>,
    signed: Option<&'a SignedCheckpoint>,
}

/// A checkpoint that has to be there and to be one.
pub(super) fn read_stated(view: &dyn View) -> anyhow::Result<SignedCheckpoint> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).context("checkpoint")?;
    let bytes = bytes.context("no checkpoint, so this is no ledger")?;
    anyhow::ensure!(bytes.len() <= MAX_CHECKPOINT, "checkpoint: longer than {MAX_CHECKPOINT} bytes");
    SignedCheckpoint::parse(&bytes).context("checkpoint")
}

fn read_checkpoint(view: &dyn View, report: &mut Report) -> anyhow::Result<Option<SignedCheckpoint>> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).context("checkpoint")?;
    let malformed = |detail: String| Finding::new(Kind::CheckpointMalformed, detail).in_file("checkpoint");
    let Some(mut bytes) = bytes else {
        report.findings.push(malformed("there is no checkpoint".to_owned()));
        return Ok(None);
    };
    if bytes.len() > MAX_CHECKPOINT {
        report.findings.push(malformed(format!("longer than {MAX_CHECKPOINT} bytes")));
        return Ok(None);
    }
    if bytes.windows(2).any(|pair| pair == b"\r\n") {
        report.findings.push(line_endings().in_file("checkpoint"));
        bytes = without_carriage_returns(&bytes);
    }
    match SignedCheckpoint::parse(&bytes) {
        Ok(signed) => {
            let Checkpoint { origin, size, root } = signed.checkpoint().clone();
            (report.origin, report.size, report.root) = (Some(origin), Some(size), Some(root));
            Ok(Some(signed))
        }
        Err(why) => {
            report.findings.push(malformed(why.to_string()));
            Ok(None)
        }
    }
}

fn without_carriage_returns(bytes: &[u8]) -> Vec<u8> {
    let pairs = bytes.iter().zip(bytes.iter().skip(1).chain([&0]));
    pairs.filter(|pair| *pair != (&b'\r', &b'\n')).map(|(byte, _)| *byte).collect()
}

/// Files that begin beyond the checkpoint are not read.
fn set_beyond_aside(files: &mut Vec<EntryFile>, checkpoint: Option<&Checkpoint>, report: &mut Report) {
    let Some(Checkpoint { size, .. }) = checkpoint else { return };
    let committed = files.partition_point(|file| file.first < *size);
    let beyond = files.split_off(committed);
    if let Some(file) = beyond.first() {
        let detail = format!("{} files of entries beyond what the checkpoint states", beyond.len());
        report.findings.push(Finding::new(Kind::Trailing, detail).in_file(&file.name));
    }
}

/// Entry 0, if it declares a ledger as it should.
fn declared(view: &dyn View, report: &mut Report) -> anyhow::Result<()> {
    let line = first_entry(view)?;
    let bad =
        |why: String| Finding::new(Kind::BadGenesis, why).in_file(entry_file_name(0)).at_line(1).about(0);
    let Some(line) = line else {
        report.findings.push(bad("there is no entry 0, which declares the ledger".to_owned()));
        return Ok(());
    };
    let genesis = match Entry::parse_lenient(&line) {
        Err(why) => Err(why.to_string()),
        Ok(entry) if entry.n != 0 => Err(format!("the first line is entry {}", entry.n)),
        Ok(entry) => {
            let genesis = Genesis::witnessed(&entry.record, &mut Verifier::new(), entry.received);
            report.id = genesis.is_ok().then(|| signed::id(&entry.record));
            genesis.map_err(|why| why.to_string())
        }
    };
    match genesis {
        Ok(declared) => report.declared = Some(declared),
        Err(why) => report.findings.push(bad(format!("entry 0 does not declare the ledger: {why}"))),
    }
    Ok(())
}

/// The first line, as it would be without the line ends of another system.
fn first_entry(view: &dyn View) -> anyhow::Result<Option<Vec<u8>>> {
    let line = match view.line(0) {
        // What is wrong with its file is said when the lines are read.
        Err(why) if why.kind() == io::ErrorKind::InvalidData => None,
        // A published log names its own places.
        line if view.kind() == "ledger" => line.with_context(|| entry_file_name(0))?,
        line => line?,
    };
    Ok(line.map(|line| line.strip_suffix(b"\r").unwrap_or(&line).to_vec()))
}

fn read_lines(
    view: &dyn View,
    files: &[EntryFile],
    genesis: Option<&Genesis>,
    knowledge: Knowledge<'_>,
    options: &Options,
    report: &mut Report,
) -> anyhow::Result<()> {
    let checkpoint = knowledge.signed.map(SignedCheckpoint::checkpoint);
    let rules = Rules { writers: genesis.map(|genesis| genesis.writers.clone()), explain: options.explain };
    let truth = checkpoint.map(|stated| Truth::new(view, stated.size, &stated.root));
    let watch = Watch::new(knowledge.stubs.statements(knowledge.trust));
    let tree = Tree::new(view, truth, watch);
    let mut merger = Merger::new(view, files, checkpoint.map(|stated| stated.size), tree);
    let chunks = Chunks::new(view, files);
    pool::run(chunks, &rules, options.threads.get(), |examined| merger.take(examined))?;
    merger.finish();
    merger.torn |= places::add_faults(view, report)?;
    conclude(merger, knowledge, report);
    Ok(())
}

/// What can be said only when everything has been read.
fn conclude(merger: Merger<'_>, knowledge: Knowledge<'_>, report: &mut Report) {
    let Knowledge { trust, anchor, stubs, signed } = knowledge;
    let Merger { tree, holes, findings, mut torn, entries, proofs, .. } = merger;
    (report.entries_checked, report.proofs_checked, report.unseen) = (entries, proofs, holes.runs);
    report.findings.absorb(findings);
    let Some(signed) = signed else { return };
    let stated = signed.checkpoint();
    let rooted = tree.rooted(stated.size, &stated.root);
    if !rooted {
        torn = true;
        report.findings.push(mismatch(stated, tree.watch.statements()));
    }
    for damage in tree.damage {
        report.findings.push(damage);
    }
    let compared = tree.watch.statements().iter();
    let compared = compared.map(|said| (*said, Stand::of(said, stated, rooted))).collect();
    let outside = Outside { stubs, stated: signed, compared };
    torn |= outside.compare(anchor, report) || outside.is_blind();
    (report.stubs, report.claims) = (outside.tally(), outside.claims(trust.claims.len()));
    if !torn && let Some(key) = anchor.key.as_ref().filter(|_| report.origin_vouched()) {
        let last = stated.size.saturating_sub(1);
        let log = Voucher { by: "log", key: key.clone(), first: 0, last, file: None, stubs: 0 };
        report.vouched.push(log);
        report.vouched.extend(outside.vouchers(key));
    }
}

/// Entries and root differ, and the tree does not say where. What others state narrows it down: the entries
/// are right up to the last statement that they give the root of, and wrong before the first that they do not.
fn mismatch(stated: &Checkpoint, statements: &[Statement]) -> Finding {
    let said =
        || statements.iter().filter(|said| !matches!(said.by, By::Claim(_)) && said.size <= stated.size);
    let wrong = said().find(|said| said.same == Some(false)).map(|said| said.size);
    let right = said().rfind(|said| said.same == Some(true) && wrong.is_none_or(|wrong| said.size < wrong));
    let from = right.map_or(0, |said| said.size);
    let to = wrong.unwrap_or(stated.size).saturating_sub(1);
    let which = match (from, to) {
        (from, to) if from > to => "they are those that were known before".to_owned(),
        (from, to) if from == to => format!("entry {from} was changed"),
        (from, to) => format!("one or more of the entries {from} to {to} were changed"),
    };
    let detail =
        format!("the entries do not give the signed root, and tree/ is too damaged to say where: {which}");
    Finding::new(Kind::RootMismatch, detail).in_file("checkpoint").about(from.min(to))
}
