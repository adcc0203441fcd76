//! `foil chain prove`: one entry, and the proof that its ledger has it.

use std::path::{Path, PathBuf};

use crate::{
    audit::target,
    cli::{
        Example,
        failure::{Hint, Outcome},
        files,
        ledger::{self, LogArg},
        paste,
        term::{Term, escape},
    },
    object,
    verify::{self, Unverified},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "give away one entry, to be checked without the ledger",
        line: "foil chain prove cold-room 3 -o reading",
    },
    Example {
        does: "what they do with it",
        line: "foil chain prove cold-room 3 -o reading && foil verify reading.tlog-proof --key gateway",
    },
];

/// Prove one entry to a reader who has no copy of the ledger
///
/// Writes PREFIX.json, the entry's line, and PREFIX.tlog-proof (`c2sp.org/tlog-proof@v1`): the inclusion proof, which
/// leads from the entry's leaf to the root that the checkpoint signs. Both are checked against the signed checkpoint
/// first; a ledger that is damaged where it matters gives no proof (4). The reader of the two files needs the log's key,
/// from a source that they trust, and nothing else: foil verify PREFIX.tlog-proof --key KEY.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    /// The entry's number
    #[arg(value_name = "N")]
    n: u64,

    /// What the two files are called before .json and .tlog-proof; entry-N where absent
    #[arg(short, long, value_name = "PREFIX", value_hint = clap::ValueHint::AnyPath)]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.log.path()?;
    let log = target::open(&path).map_err(ledger::with_hint)?;
    let proved = verify::prove(log.as_ref(), args.n).map_err(|why| no_proof(&path, why))?;
    let signed = proved.proof.signed()?;
    let stated = signed.checkpoint();
    let prefix = args.output.clone().unwrap_or_else(|| format!("entry-{}", args.n).into());
    let (entry, proof) = (with_suffix(&prefix, ".json"), with_suffix(&prefix, ".tlog-proof"));
    let line = [&proved.line[..], b"\n"].concat();
    // The proof comes last: where it is, its entry is.
    files::create(&[(&entry, &line), (&proof, proved.proof.to_string().as_bytes())])
        .hint("-o PREFIX names others")?;
    let (entry, proof) = (entry.display().to_string(), proof.display().to_string());
    if term.human() {
        term.text(&format!(
            "{} and {}: entry {} of {} at size {}\n",
            escape(&entry),
            escape(&proof),
            args.n,
            escape(&stated.origin),
            stated.size
        ))?;
    } else if !term.quiet() {
        term.data(&object! {
            "entry": entry,
            "proof": proof,
            "n": args.n,
            "origin": stated.origin.as_str(),
            "size": stated.size,
            "root": stated.root.to_string(),
        })?;
    }
    Ok(Outcome::Yes)
}

/// Why there is no proof, and what shows more.
fn no_proof(path: &Path, why: anyhow::Error) -> anyhow::Error {
    let shown = target::shown(path);
    match why.downcast::<Unverified>() {
        Ok(fault) => anyhow::Error::from(fault.of(&shown))
            .hint(format!("foil verify {} shows all that is wrong", paste::word(&shown))),
        Err(other) => other.context(shown),
    }
}

fn with_suffix(prefix: &Path, suffix: &str) -> PathBuf {
    let mut name = prefix.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}
