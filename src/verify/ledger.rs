//! A ledger: its checkpoint, its entry 0, its lines, its tree.

use anyhow::Context as _;

use super::{
    VerifyOptions,
    declared::{declaration, declared},
    finding::{Finding, FindingKind, Findings},
    hashes::{
        confirmed_tree::ConfirmedTree,
        signed_copy::{NamedCopy, SignedCopy},
        tree_check::TreeCheck,
    },
    lines::LineChunks,
    locate::{incomplete, line_locator::LineLocator, mismatch::RootMismatch},
    places,
    report::{KnownProofs, VerifyReport},
    scan::{
        line_examiner::LineRules,
        line_listener::LineListener,
        log_scan::LogScan,
        pool,
        proven_lines::{ProvenLines, ProvenRun},
        registry_check::RegistryCheck,
        signer_index::SignerIndex,
        suspects,
    },
    trust::{
        Trust, checkpoint,
        key_source::GivenKey,
        statement::StatementWatch,
        statement_check::{StatementCheck, compare},
        stubs::SortedStubs,
        succession,
        trust_anchor::{self, TrustAnchor},
        voucher::Voucher,
    },
};
use crate::{
    key::PublicKey,
    record::genesis::Genesis,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        layout::Layout,
        view::{EntryFile, View},
    },
};

/// Verifies a ledger from its first byte to the last that its checkpoint states.
///
/// # Errors
/// If there is no ledger, or part of it cannot be read. Faults of the ledger are findings, not errors.
pub fn ledger(view: &dyn View, trust: &Trust, options: &VerifyOptions) -> anyhow::Result<VerifyReport> {
    ledger_against(view, None, trust, options)
}

/// The same, with a copy that helps to say where the ledger is not what the log signed. The copy may be
/// longer, shorter or damaged; nothing of it is believed that does not lead to a signed root.
///
/// # Errors
/// As [`ledger`], or if the log did not sign the copy's checkpoint.
pub fn ledger_against(
    view: &dyn View,
    copy: Option<NamedCopy<'_>>,
    trust: &Trust,
    options: &VerifyOptions,
) -> anyhow::Result<VerifyReport> {
    ledger_with_listener(view, copy, trust, options, &mut ())
}

/// The same, while a listener hears every line.
///
/// # Errors
/// As [`ledger_against`].
pub fn ledger_with_listener<L: LineListener>(
    view: &dyn View,
    copy: Option<NamedCopy<'_>>,
    trust: &Trust,
    options: &VerifyOptions,
    listener: &mut L,
) -> anyhow::Result<VerifyReport> {
    if let Some(report) = run(view, copy, trust, options, listener)? {
        return Ok(report);
    }
    // These are not the bytes whose proofs are known to hold: nothing that was found before that showed counts.
    view.start_over();
    if let Some(copy) = &copy {
        copy.view.start_over();
    }
    listener.start_over();
    let trust = Trust { proven: None, ..trust.clone() };
    let report = run(view, copy, &trust, options, listener)?;
    report.context("no proof was known to hold, and yet one was taken to")
}

/// Verifies a ledger; `None` if equations were left out that should not have been.
fn run<L: LineListener>(
    view: &dyn View,
    copy: Option<NamedCopy<'_>>,
    trust: &Trust,
    options: &VerifyOptions,
    listener: &mut L,
) -> anyhow::Result<Option<VerifyReport>> {
    let mut report = VerifyReport::new(view.kind());
    // First the checkpoint: what a live writer adds later lies beyond it.
    let signed = checkpoint::read(view, &mut report.findings)?;
    report.state(signed.as_ref().map(SignedCheckpoint::checkpoint));
    let mut files = view.entry_files().context("entries")?;
    anyhow::ensure!(
        signed.is_some() || !files.is_empty() || report.findings.total() > 1,
        "no ledger: {}, and no entries",
        report.findings().first().map_or("no checkpoint", |finding| &finding.detail)
    );
    declared(view, &mut report)?;
    let declared = report.declared.clone();
    let genesis = declared.as_ref().map(|(genesis, _)| genesis);
    let continued = declared
        .as_ref()
        .is_some_and(|(genesis, signers)| succession::check(genesis, signers, trust, &mut report.findings));
    let log = genesis.map(|genesis| &genesis.log);
    let stated = signed.as_ref().map(|signed| signed.checkpoint().origin.as_str());
    let origin = genesis.map(|genesis| genesis.origin.as_str()).or(stated);
    // Where a key is known from elsewhere, stubs are measured with it, not with what the copy says.
    let known = trust.given.as_ref().map(GivenKey::key).or(trust.remembered.as_ref().map(|seen| &seen.key));
    let stubs = SortedStubs::weigh(&trust.stubs, origin, known.or(log));
    stubs.say(&mut report.findings);
    let anchor = TrustAnchor::of(trust, log, continued, &stubs);
    let named = anchor.key.as_ref().or(log);
    let copy = copy.map(|copy| open_copy(copy, origin, named)).transpose()?;
    let reference = reference(signed.as_ref(), copy.as_ref(), origin.zip(named));
    set_beyond_aside(view.layout(), &mut files, reference, &mut report.findings);
    report.key = anchor.source;
    trust_anchor::check(signed.as_ref(), genesis, trust, &anchor, &mut report.findings);
    let signed_of = signed.as_ref().zip(origin);
    let knowledge = Knowledge { trust, anchor: &anchor, stubs: &stubs, signed: signed_of };
    let read = Reading { view, files: &files, copy: copy.as_ref(), reference, knowledge };
    if !read.lines(genesis, options, listener, &mut report)? {
        return Ok(None);
    }
    places::rename_all(view, &mut report.findings);
    report.checkpoint = signed.zip(anchor.key);
    report.leave_out_unseen();
    Ok(Some(report))
}

/// Opens a copy by the key that is known, or that some entry 0 names.
fn open_copy<'a>(
    copy: NamedCopy<'a>,
    origin: Option<&str>,
    named: Option<&PublicKey>,
) -> anyhow::Result<SignedCopy<'a>> {
    let log = named.cloned().or_else(|| Some(declaration(copy.view)?.genesis.log));
    let log =
        log.with_context(|| format!("{}: nobody names the log's key; give it with --key", copy.name))?;
    SignedCopy::open(copy, origin, &log)
}

/// The checkpoint that entries are measured with: the ledger's own, or, if that is not the log's, a copy's.
fn reference<'a>(
    signed: Option<&'a SignedCheckpoint>,
    copy: Option<&'a SignedCopy<'_>>,
    log: Option<(&str, &PublicKey)>,
) -> Option<&'a Checkpoint> {
    let good =
        |signed: &&SignedCheckpoint| log.is_some_and(|(origin, key)| signed.verified_by(origin, key).is_ok());
    let own = signed.filter(|signed| copy.is_none() || good(signed)).map(SignedCheckpoint::checkpoint);
    own.or(copy.map(|copy| &copy.stated))
}

/// What is known of a ledger before its lines are read.
#[derive(Clone, Copy)]
struct Knowledge<'a> {
    trust: &'a Trust,
    anchor: &'a TrustAnchor,
    stubs: &'a SortedStubs<'a>,
    /// The ledger's own checkpoint, and the log's name
    signed: Option<(&'a SignedCheckpoint, &'a str)>,
}

/// Files that begin beyond the checkpoint are not read, but for one right behind a last file that is full: a line
/// inserted before pushes the last entry into that.
fn set_beyond_aside(
    layout: Layout,
    files: &mut Vec<EntryFile>,
    checkpoint: Option<&Checkpoint>,
    findings: &mut Findings,
) {
    let Some(Checkpoint { size, .. }) = checkpoint else { return };
    let full = *size > 0 && layout.place_in_file(*size) == 0;
    let read = |file: &EntryFile| file.first < *size || (full && file.first == *size && !file.pruned);
    let committed = files.partition_point(read);
    let beyond = files.split_off(committed);
    if let Some(file) = beyond.first() {
        let detail = format!("{} files of entries beyond what the checkpoint states", beyond.len());
        findings.push(Finding::new(FindingKind::Trailing, detail).in_file(&file.name));
    }
}

/// What is read, and what it is measured with.
struct Reading<'a> {
    view: &'a dyn View,
    files: &'a [EntryFile],
    copy: Option<&'a SignedCopy<'a>>,
    reference: Option<&'a Checkpoint>,
    knowledge: Knowledge<'a>,
}

impl<'a> Reading<'a> {
    /// Reads all lines; whether what was found of them counts.
    fn lines<L: LineListener>(
        &self,
        genesis: Option<&Genesis>,
        options: &VerifyOptions,
        listener: &mut L,
        report: &mut VerifyReport,
    ) -> anyhow::Result<bool> {
        let (writers, explain) = (genesis.map(|genesis| genesis.writers.clone()), options.explain);
        let mut rules = LineRules::new(writers, options.proofs, explain);
        report.signatures_checked = options.proofs;
        let mut truth = self.truth();
        let own = self.knowledge.signed.map(|(signed, _)| signed);
        let own = own.filter(|signed| self.reference == Some(signed.checkpoint()));
        let fork = self.copy.zip(own).zip(truth.as_mut());
        let fork = fork.and_then(|((copy, own), truth)| copy.fork(own.checkpoint(), truth));
        let watch = StatementWatch::new(self.knowledge.stubs.statements(self.knowledge.trust));
        let size = self.reference.map(|stated| stated.size);
        let (tree, mut locator) = (TreeCheck::new(self.view, truth, watch), LineLocator::new(size));
        let proven = self.proven_lines(options);
        rules.known = proven.known();
        let mut scan = LogScan::new(self.view, self.files, size, tree, proven, &mut locator);
        scan.holes.enrolled = genesis.is_some_and(|genesis| genesis.writers.are_enrolled());
        scan.order.registry = genesis.zip(report.id).map(|(genesis, id)| RegistryCheck::new(genesis, id));
        scan.differs = fork.is_some();
        scan.findings.extend(fork);
        let chunks = LineChunks::new(self.view, self.files);
        let mut signers = SignerIndex::default();
        let mut listeners = (&mut signers, listener);
        listeners.begin(size);
        pool::run(chunks, &rules, options.threads.get(), &mut listeners, |examined| scan.take(examined))?;
        scan.finish();
        let (registry, revocations) = scan.order.registry.take().map(RegistryCheck::finish).unzip();
        report.registry = registry;
        let revocations = revocations.unwrap_or_default();
        let clocks = &scan.order.clocks;
        suspects::find(self.view, self.files, (&revocations, clocks), &mut signers, &mut scan.findings)?;
        scan.differs |= places::add_faults(self.view, &mut report.findings)?;
        Ok(conclude(scan, self.knowledge, report))
    }

    /// What is known of the proofs. A shorter copy is checked whole.
    fn proven_lines(&self, options: &VerifyOptions) -> ProvenLines {
        let size = self.reference.map_or(0, |stated| stated.size);
        let known = self.knowledge.trust.proven.filter(|known| options.proofs && known.size <= size);
        ProvenLines::new(self.view.layout(), known, !options.all)
    }

    fn truth(&self) -> Option<ConfirmedTree<'a>> {
        let stated = self.reference?;
        let copy = self.copy.map(SignedCopy::sized);
        let truth = ConfirmedTree::folding(self.view, copy, stated.size, &stated.root);
        let beside = self.copy.filter(|_| !truth.top()).map(SignedCopy::truth);
        Some(truth.or(beside))
    }
}

/// What can be said only when everything has been read; whether it can be.
fn conclude(scan: LogScan<'_>, knowledge: Knowledge<'_>, report: &mut VerifyReport) -> bool {
    let Knowledge { trust, anchor, stubs, signed } = knowledge;
    let LogScan { tree, holes, findings, mut differs, entries, proofs, known_proofs, proven, .. } = scan;
    let known = proven.relied_on().filter(|_| known_proofs > 0);
    report.known_proofs = known.map(|entries| KnownProofs { entries, proofs: known_proofs });
    let ProvenRun::Stands { proven, contradicts } = proven.finish() else { return false };
    (report.entries_checked, report.proofs_checked, report.unseen) = (entries, proofs, holes.runs);
    report.findings.absorb(findings);
    let Some((signed, origin)) = signed else { return true };
    let stated = signed.checkpoint();
    let rooted = tree.rooted(stated.size, &stated.root);
    let statements = tree.watch.statements();
    if incomplete::is_incomplete(&report.findings) && statements.iter().all(|said| said.same() != Some(false))
    {
        let known = statements.iter().filter(|said| said.same() == Some(true)).map(|said| said.size).max();
        incomplete::rename(&mut report.findings, tree.believed.max(known.unwrap_or(0)));
    } else if !rooted {
        let (believed, tree_agrees) = (tree.believed, tree.agrees(stated.size));
        let mismatch = RootMismatch { stated, statements, believed, tree_agrees, findings: &report.findings };
        let finding = mismatch.finding();
        report.findings.push(finding);
    }
    differs |= !rooted;
    report.contradicts_known = contradicts;
    report.proven = proven.filter(|_| rooted && report.signatures_checked && !report.is_denied());
    report.findings.extend(tree.damage(rooted));
    let compared = tree.watch.statements().iter();
    let compared = compared.map(|said| (*said, compare(said, stated, rooted))).collect();
    let outside = StatementCheck { stubs, stated: signed, origin, compared };
    differs |= outside.compare(anchor, &mut report.findings) || outside.is_blind();
    (report.stubs, report.claims) = (outside.tally(trust), outside.claims(trust.claims.len()));
    if !differs && let Some(key) = anchor.key.as_ref().filter(|_| report.origin_vouched()) {
        let last = stated.size.saturating_sub(1);
        let log = Voucher { by: "log", key: key.clone(), first: 0, last, file: None, stubs: 0 };
        report.vouched.push(log);
        report.vouched.extend(outside.vouchers(key));
    }
    true
}
