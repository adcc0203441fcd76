//! `foil verify`: records, a whole ledger, a proof or evidence in; a verdict, and where not, out.

mod auditor;
mod evidence;
mod file;
mod known;
mod ledger;
mod proof;
mod records;
mod say;

use std::{
    io::{self, IsTerminal},
    path::{Path, PathBuf},
};

use anyhow::Context as _;
use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::{succession::LedgerFamily, target},
    cli::{
        Example, defaults,
        failure::{Hint as _, Outcome, hint_if},
        foreign,
        keys::{self, KeyContent},
        ledger as place, paste, stubs,
        term::Term,
    },
    verify::{Endorser, FindingKind, GivenKey, VerifyReport},
};

use file::File;

pub(super) use ledger::{AskedOfLedgers, ledger};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a ledger that was made here", line: "foil verify cold-room" },
    Example {
        does: "another party's copy, by the key that they gave out",
        line: "foil verify cold-room --key gateway",
    },
    Example {
        does: "a copy, held to what was handed over months before",
        line: "foil chain stub cold-room > driver.json && foil verify cold-room --stub driver.json",
    },
    Example {
        does: "records on their way",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway | foil verify --key gateway",
    },
    Example {
        does: "one entry and its proof, without the ledger",
        line: "foil chain prove cold-room 3 -o reading && foil verify reading.tlog-proof --key gateway",
    },
    Example {
        does: "a page for an auditor",
        line: "foil verify cold-room --key gateway --report > report.txt",
    },
    Example { does: "whose ledgers are known here, since when, and why", line: "foil verify --known" },
    Example {
        does: "a ledger, with the signatures too that were checked here before",
        line: "foil verify cold-room --all",
    },
    Example {
        does: "where a copy is not what another one has, entry by entry",
        line: "cp -r cold-room copy && foil verify copy --against cold-room",
    },
];

/// Verify records, ledgers, proofs or evidence: sound or not, and where not
///
/// A TARGET is a ledger's folder, the folder or the URL (http://…, https://…) of a published log, a file of
/// records, a proof file that chain prove made, evidence of a fork that chain diff made, or - for records on
/// standard input, which is also meant where no target is named. Every fault is reported with its file, line
/// and entry. The answer is yes (0),
/// no (1), could not read (2), or: consistent in itself, but nobody outside vouches for it (3), which is all
/// that can be said of a ledger as long as no key is known. A key that is given, and found to be the log's,
/// is remembered together with what was seen; so is the key that a ledger names, with --trust. A key becomes known
/// in no other way but by making the ledger, and a successor's by its predecessor's. Nothing is ever written into
/// a ledger.
///
/// Of a proof, the entry is the file beside it that ends in .json; a key must be given, since a proof does not
/// vouch for its own. Evidence needs no key and neither ledger: yes (0) means that the fork is proven, the log's
/// key signed two histories; no (1) means that the file proves nothing.
///
/// With --stub a ledger is held to what a party was handed earlier: it extends the stubs, was rolled back, or
/// is a fork. Only what the log's key signed counts; where no key is known otherwise, the stubs vouch for the key
/// that signed them, in this answer only: a stub may have come with the ledger, so the key stays unknown unless
/// you say --trust. Without a single stub of the ledger, or with one that the log's key did not sign, the answer is:
/// not decided (3). Of several ledgers that continue one another the older is verified first, and names the key
/// of the younger.
///
/// With --no-signatures who said what stays unknown, so the answer is no (1) or not decided (3), and never yes.
///
/// For people what is found over and over is one line for its first place and one with how often; data lists each, up to a
/// thousand of either weight, and counts all. As data there is one line for each target. Its `sound` says what the exit status says of that one: true (0),
/// false (1, 2), or "consistent" (3).
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools)] // each is a flag
pub(crate) struct Args {
    /// Ledgers, published logs, URLs and files of records; records on standard input for -. Without any, standard input, or
    /// the ledger of `$FOIL_LEDGER` where that is a terminal
    #[arg(value_name = "TARGET", value_hint = clap::ValueHint::AnyPath)]
    targets: Vec<PathBuf>,

    /// The log's key, or who must have signed the records: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,

    /// The entry that a proof is about, where it is not beside it; it may be of another log than a ledger of foil
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    entry: Option<PathBuf>,

    /// Hold the ledgers to what was handed over before: a stub, a file of receipts, a checkpoint, or -; repeated
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    stub: Vec<PathBuf>,

    /// Trust the log key that entry 0 of this one ledger names, and remember it, if the ledger is sound
    ///
    /// A forger of a ledger makes up its key as well, so say this only of a ledger that you got from its
    /// operator, or beside a stub that you kept yourself.
    #[arg(long, conflicts_with_all = ["key", "no_signatures"])]
    trust: bool,

    /// Forget what was seen of the ledgers before; it is set aside, not destroyed
    #[arg(long)]
    forget: bool,

    /// List the ledgers whose log keys are known here, since when, and by which act
    ///
    /// Only an act of yours makes a key known: that you named it with --key, said --trust, or wrote the ledger. What was
    /// seen of a ledger then, it is held to from then on. --forget undoes it.
    #[arg(long, conflicts_with_all = ["targets", "key", "entry", "stub", "trust", "forget", "against", "all", "no_signatures", "report"])]
    known: bool,

    /// Print one page for an auditor: what was checked, what not, by whose word, and what it does not prove
    #[arg(long)]
    report: bool,

    /// Another copy of the ledger, to name the entries that differ
    ///
    /// Its checkpoint must be signed by the log. What it holds is believed only as far as it leads to a root
    /// that the log signed, so a damaged copy is no danger; a longer or shorter one is compared as far as both
    /// go. If the log signed, here and there, what cannot both be true, the answer is forked.
    #[arg(long, value_name = "COPY", value_hint = clap::ValueHint::DirPath)]
    against: Option<PathBuf>,

    /// Check all signatures of a ledger's records, those too that were checked here before
    ///
    /// That the signatures of a ledger's entries were checked is remembered with the root of these entries. Every line is
    /// hashed each time; where the root is still the same, only the signatures of what came since are computed
    /// again. Who may write, revoked keys, expiry and order are judged anew each time, so the findings are the same.
    #[arg(long, conflicts_with = "no_signatures")]
    all: bool,

    /// Check a ledger's entries, tree and checkpoint, and leave its records' signatures unchecked
    #[arg(long)]
    no_signatures: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if args.known {
        return known::list(term);
    }
    let unnamed = [unnamed()];
    let targets = if args.targets.is_empty() { &unnamed[..] } else { &args.targets };
    let several = targets.len() > 1;
    anyhow::ensure!(!several || args.entry.is_none(), "--entry FILE goes with one proof");
    anyhow::ensure!(!several || !args.trust, "--trust goes with one ledger");
    anyhow::ensure!(!(args.report && term.json()), "--report is a text, not JSON");
    refuse_two_readers(args, targets)?;
    let key = args.key.as_deref().map(given).transpose()?;
    let stubs = stubs::read(&args.stub, term)?;
    let asked = AskedOfLedgers {
        key,
        stubs,
        endorser: args.trust.then_some(Endorser::Reader),
        forget: args.forget,
        against: args.against.clone(),
        no_signatures: args.no_signatures,
        all: args.all,
    };
    let mut family = LedgerFamily::of(targets, place::named);
    let mut answer: Option<Outcome> = None;
    for target in family.in_order(targets) {
        let outcome = match target_outcome(target, args, &asked, &mut family, several, term) {
            Ok(outcome) => outcome,
            // With one target the error is the command's own.
            Err(error) if !several => return Err(error),
            Err(error) => {
                say::unread(&PathBuf::from(target::shown(target)), &error, term)?;
                Outcome::CouldNot
            }
        };
        answer = Some(answer.map_or(outcome, |before| before.worst(outcome)));
    }
    Ok(answer.unwrap_or(Outcome::CouldNot))
}

pub(super) fn given(text: &str) -> anyhow::Result<GivenKey> {
    match keys::content(text)? {
        (_, KeyContent::Verifier(named)) => Ok(GivenKey::Named(named)),
        _ => Ok(GivenKey::Key(keys::who(text)?)),
    }
}

fn target_outcome(
    target: &Path,
    args: &Args,
    asked: &AskedOfLedgers,
    family: &mut LedgerFamily,
    several: bool,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let key = asked.key.as_ref();
    let kind = file::of(target)?;
    if !matches!(kind, File::Other) {
        refuse_what_is_for_ledgers(asked, "this is none").with_context(|| target.display().to_string())?;
        anyhow::ensure!(!args.no_signatures, "{}: --no-signatures is for ledgers", target.display());
    }
    let report = match kind {
        File::Proof(bytes) => proof::proof(target, &bytes, args.entry.as_deref(), key, term)?,
        File::Evidence(_) if args.report => {
            anyhow::bail!("{}: --report is for ledgers, records and proofs", target.display())
        }
        File::Evidence(bytes) => return evidence::evidence(target, &bytes, key, several, term),
        File::Other => {
            anyhow::ensure!(args.entry.is_none(), "{}: no proof that --entry belongs to", target.display());
            target_report(target, asked, family, term)?
        }
    };
    let shown = PathBuf::from(target::shown(target));
    if args.report {
        return auditor::page(&shown, args, &report, term);
    }
    let outcome = say::report(&shown, &report, several, term)?;
    if let (true, Some(origin), Some(id)) = (report.has(FindingKind::Forked), &report.origin, &report.id) {
        let seen = place::seen().file(origin, id);
        // It may be a stub alone that tells.
        if seen.exists() {
            let (target, seen) = (paste::path(target), paste::path(&seen));
            term.hint(format!("foil chain diff {target} {seen} writes evidence of the fork"));
        }
    }
    Ok(outcome)
}

/// What is meant without a target: standard input, or the ledger in use where that is a terminal, which has no records.
fn unnamed() -> PathBuf {
    let ledger = if io::stdin().is_terminal() { defaults::ledger() } else { None };
    ledger.unwrap_or_else(|| "-".into())
}

/// There is one standard input.
fn refuse_two_readers(args: &Args, targets: &[PathBuf]) -> anyhow::Result<()> {
    let dash = |path: &&PathBuf| path.as_os_str() == "-";
    let stubs = args.stub.iter().filter(dash).count();
    anyhow::ensure!(stubs <= 1, "--stub - and --stub - both want standard input");
    let both = stubs == 1 && targets.iter().any(|target| dash(&target));
    anyhow::ensure!(!both, "the records and --stub - both want standard input");
    Ok(())
}

fn refuse_what_is_for_ledgers(asked: &AskedOfLedgers, instead: &str) -> anyhow::Result<()> {
    let about = format!("says something about a ledger, and {instead}");
    anyhow::ensure!(asked.stubs.stubs().is_empty(), "--stub {about}");
    anyhow::ensure!(asked.endorser.is_none(), "--trust {about}");
    anyhow::ensure!(!asked.forget, "--forget {about}");
    anyhow::ensure!(asked.against.is_none(), "--against {about}");
    Ok(())
}

fn target_report(
    target: &Path,
    asked: &AskedOfLedgers,
    family: &mut LedgerFamily,
    term: &mut Term,
) -> anyhow::Result<VerifyReport> {
    let loose = |file: Option<&PathBuf>, term: &Term| {
        refuse_what_is_for_ledgers(asked, "these are loose records")?;
        let unsigned = "loose records have nothing but their signatures to verify";
        anyhow::ensure!(!asked.no_signatures, "--no-signatures: {unsigned}");
        records::records(file, asked.key.as_ref(), term)
    };
    if target.as_os_str() == "-" {
        return loose(None, term);
    }
    let target = place::resolve(target)?;
    if target::is_log(&target) {
        return ledger(&target, asked, family, term).map_err(|error| match foreign::near(&target) {
            Some(advice) => error.hint(advice),
            None => place::with_hint(error),
        });
    }
    if !target.exists() {
        let error = anyhow::anyhow!("{}: no such file or folder", target.display());
        return Err(hint_if(error, paste::near_path(&target)));
    }
    loose(Some(&target), term)
}
