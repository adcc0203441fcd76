//! `foil chain diff`: where two copies of a ledger part, and whose fault it is.

mod show;

use std::path::{Path, PathBuf};

use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::comparison::{self, ComparisonQuestion, EntriesToRead},
    cli::{
        Example,
        failure::{Hint, Outcome},
        files, keys, ledger,
        term::Term,
    },
    hash::Hash,
    ledger::files::store,
    tlog::evidence::Evidence,
    verify::{CopyComparison, CopyRelation, KeySource},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a copy and the ledger that it was made of",
        line: "cp -r cold-room backup && foil chain diff cold-room backup",
    },
    Example {
        does: "another party's copy, by the key that they gave out",
        line: "cp -r cold-room theirs && foil chain diff cold-room theirs --key gateway -o fork.json",
    },
];

/// Compare two copies of a ledger
///
/// A and B are ledgers' folders, or published logs. Both must bear the signature of the log key: that of --key, or the
/// one that is remembered, or else the one that their first entries name, and then nobody outside vouches for it (3).
/// All entries of both are read and hashed, but (without --entries) those of a log that is fetched by its URL: that one
/// is believed by its tree, as --quick believes both, and the answer says so. The answer is one of: same, or one is the beginning of the
/// other (0); a fork, the key signed two histories, or a damaged copy, which does not give its own signed root or has
/// lost entries or its checkpoint (1); two different ledgers (2).
///
/// A fork is written into an evidence file. With it foil verify proves the fork to a reader who has neither ledger.
/// One of the two may also be a file that holds a signed checkpoint: a receipt of chain append, or what was seen.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A ledger's folder, or a file with a signed checkpoint
    #[arg(value_name = "A", value_hint = clap::ValueHint::AnyPath)]
    a: PathBuf,

    /// The other one
    #[arg(value_name = "B", value_hint = clap::ValueHint::AnyPath)]
    b: PathBuf,

    /// The log's key: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,

    /// Go by `tree/` instead of reading all entries: from the top of both trees down to the first entry that differs. A
    /// line that was changed beside an untouched `tree/` does not show so
    #[arg(long)]
    quick: bool,

    /// Read all entries of a log that is fetched by its URL, too
    #[arg(long, conflicts_with = "quick")]
    entries: bool,

    /// Where evidence of a fork goes; fork-HASH.json here where absent. Never overwrites
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let Some(path) = args.output.as_ref().filter(|path| path.symlink_metadata().is_ok()) {
        return Err(anyhow::anyhow!("{}: is there already", path.display())).hint("-o FILE names another");
    }
    let [a, b] = [ledger::resolve(&args.a)?, ledger::resolve(&args.b)?];
    let compared = comparison::compare(ComparisonQuestion {
        copies: [&a, &b],
        key: args.key.as_deref().map(super::verify::given).transpose()?,
        read: match (args.quick, args.entries) {
            (true, _) => EntriesToRead::None,
            (false, false) => EntriesToRead::Local,
            (false, true) => EntriesToRead::All,
        },
        seen: &ledger::seen(),
    });
    let comparison = match compared {
        Ok(comparison) => comparison,
        Err(why) => return show::without_checkpoint(why, term),
    };
    let evidence = comparison.evidence.as_ref().map(|evidence| keep(evidence, args.output.as_deref()));
    let (evidence, lost) = match evidence.transpose() {
        Ok(evidence) => (evidence, None),
        Err(error) => (None, Some(error)),
    };
    show::comparison([&args.a, &args.b], &comparison, evidence.as_deref(), term)?;
    // A fork is worth knowing, also where its evidence could not be kept.
    if let Some(error) = lost {
        return Err(error);
    }
    if comparison.relation == CopyRelation::Damaged {
        term.flush()?;
        term.hint("foil verify shows all that is wrong with a copy");
    }
    Ok(outcome(&comparison))
}

/// Writes evidence, unless it is there already; answers where.
fn keep(evidence: &Evidence, output: Option<&Path>) -> anyhow::Result<PathBuf> {
    let text = evidence.to_string();
    // Not called after the log: its name is text from outside.
    let digest = Hash::of(text.as_bytes()).to_string();
    let path = output.map_or_else(|| format!("fork-{}.json", &digest[..12]).into(), Path::to_owned);
    let there = store::read_small(&path, text.len()).ok().flatten();
    if there.is_none_or(|there| there != text.as_bytes()) {
        files::create(&[(&path, text.as_bytes())]).hint("-o FILE names another")?;
    }
    Ok(path)
}

fn outcome(comparison: &CopyComparison) -> Outcome {
    match comparison.relation {
        CopyRelation::Fork | CopyRelation::Damaged => Outcome::No,
        CopyRelation::Different => Outcome::CouldNot,
        CopyRelation::Same | CopyRelation::Prefix(_) if comparison.key != KeySource::None => Outcome::Yes,
        CopyRelation::Same | CopyRelation::Prefix(_) | CopyRelation::Undecided => Outcome::Undecided,
    }
}
