//! `foil chain clone`: a verified copy of a ledger, in a folder of its own.

use std::{
    cell::RefCell,
    path::{Path, PathBuf},
};

use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::{
        clone::{self, CloneAnswer, CloneProgress, CloneQuestion, CloneRefused},
        ledger::LedgerQuestion,
        target,
    },
    cli::{
        Example,
        failure::{Ended, Hint, Outcome},
        keys,
        ledger::{self, LogArg},
        notice, paste, signals,
        term::{ProgressLine, Term, escape},
    },
    object,
    time::Span,
    verify::{Soundness, Unverified, VerifyReport},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a copy of what somebody publishes, whose key is known",
        line: "foil chain publish cold-room public && foil chain clone public copy --key gateway.did",
    },
    Example {
        does: "later: what has come since, if it goes on from what the copy has",
        line: "foil chain clone cold-room copy",
    },
];

/// How many findings are told of a copy that is not kept.
const TOLD: usize = 10;

/// Copy a ledger from a folder, a published folder or a URL, and keep the copy only if it verifies
///
/// DIR gets the ledger as its writer has it: entries in files of lines, tree, checkpoint, byte for byte; what its machine
/// keeps beside them (lock, state.json, replaced/) is not copied, and packed files are unpacked. Each line is held against
/// the signed root before it is written, into DIR.cloning beside DIR; then the whole copy is verified as `foil verify`
/// does, and only then it is DIR. What was interrupted is gone on with by the same command.
///
/// If DIR is an older clone, what it lacks is fetched, after the source has shown that it goes on from what DIR has. A
/// source that is behind it, or has another history, is evidence: nothing is changed, and the answer is no (1).
///
/// The answer is that of `foil verify`: sound (0), no (1: nothing is kept), could not ask (2), or consistent in itself,
/// but nobody outside vouches for it (3: the copy is kept, and is worth no more than its source). Cloning makes no key
/// known; --key does, as with `foil verify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    source: LogArg,

    /// The folder of the copy: not there yet, empty, or an older clone of the same ledger
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    dir: PathBuf,

    /// The log's key: a vkey, a DID, a file, or a contact
    #[arg(long, value_name = "KEY", add = ArgValueCompleter::new(keys::complete_public))]
    key: Option<String>,

    /// How long to wait for another run
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let (source, seen) = (args.source.path()?, ledger::seen());
    let key = args.key.as_deref().map(super::verify::given).transpose()?;
    let line = RefCell::new(ProgressLine::of(term));
    let question = CloneQuestion {
        source: &source,
        dir: &args.dir,
        ledger: LedgerQuestion { key, ..LedgerQuestion::new(&seen, ledger::threads().try_into()?) },
        wait: args.wait,
        give_up: signals::interrupted,
        progress: &|progress| match progress {
            CloneProgress::Fetched(done, all) => line.borrow_mut().at(done, all),
            CloneProgress::Verifying => line.borrow_mut().doing("verifying the copy"),
        },
    };
    let answer = clone::clone(&question, &mut |noticed| {
        line.borrow_mut().clear();
        notice::of_ledger(&noticed, term);
    });
    drop(line);
    let answer = answer.map_err(|why| refused(args, &source, why))?;
    if !answer.report.sound() {
        return Err(unsound(args, &source, &answer, term));
    }
    tell(args, &source, &answer, term)
}

/// An error, with what to do about it where that is known.
fn refused(args: &Args, source: &Path, error: anyhow::Error) -> anyhow::Error {
    let (from, dir) = (paste::word(&target::shown(source)), paste::path(&args.dir));
    let error = match error.downcast::<Unverified>() {
        Ok(fault) => {
            let key = key_given(args);
            let hint = format!("nothing of it is kept; foil verify {from}{key} shows all that is wrong");
            return Ended::error(Outcome::No, fault.to_string()).hint(hint);
        }
        Err(other) => other,
    };
    let Some(refused) = error.downcast_ref::<CloneRefused>() else { return ledger::with_hint(error) };
    match refused {
        CloneRefused::Behind(..) => {
            let hint = format!(
                "nothing is changed; foil chain diff {dir} {from} says where the two differ, and writes evidence of a fork"
            );
            Ended::error(Outcome::No, format!("{error:#}")).hint(hint)
        }
        CloneRefused::Unfinished(staging) => {
            let staging = paste::path(staging);
            error.hint(format!("the same command goes on from there; rm -r {staging} gives it up"))
        }
        CloneRefused::EntriesDropped(..) => error.hint("a copy that was made before has them"),
        CloneRefused::DamagedClone(_) => error.hint(format!(
            "foil verify {dir} shows all that is wrong; foil chain repair {dir} --from {from}"
        )),
        CloneRefused::Taken(_) | CloneRefused::OtherLedger(_) | CloneRefused::DroppedHere(_) => {
            error.hint(format!("foil chain clone {from} ELSEWHERE"))
        }
    }
}

/// Says what is wrong with what came of the source, or with the clone that was there.
fn unsound(args: &Args, source: &Path, answer: &CloneAnswer, term: &mut Term) -> anyhow::Error {
    let (from, dir) = (target::shown(source), args.dir.display().to_string());
    let place = if answer.kept { &dir } else { &from };
    notice::of_errors(place, &answer.report, TOLD, term);
    let what = if answer.kept { "is not sound" } else { "is not sound, and nothing of it is kept" };
    Ended::error(Outcome::No, format!("{place}: {what}")).hint(format!(
        "foil verify {}{} shows all that is wrong",
        paste::word(place),
        key_given(args)
    ))
}

/// The key that was named, as a command that asks the same takes it.
fn key_given(args: &Args) -> String {
    args.key.as_deref().map_or_else(String::new, |key| format!(" --key {}", paste::word(key)))
}

/// Says what the copy is worth, and what its reader can do next.
fn tell(args: &Args, source: &Path, answer: &CloneAnswer, term: &mut Term) -> anyhow::Result<Outcome> {
    let CloneAnswer { report, before, .. } = answer;
    let (from, dir) = (target::shown(source), args.dir.display().to_string());
    let size = report.size.unwrap_or(0);
    if term.human() {
        let what = match size - before {
            0 => format!("has all {size} entries of {from} already"),
            more if *before > 0 => format!("{more} more entries of {from}, {size} in all"),
            _ => format!("all {size} entries of {from}"),
        };
        term.text(&format!("{}: {}\n", escape(&dir), escape(&what)))?;
    } else if !term.quiet() {
        term.data(&object! {
            "dir": dir.as_str(),
            "source": from.as_str(),
            "origin": report.origin.as_deref(),
            "ledger": report.id.map(|id| id.to_string()),
            "size": size,
            "root": report.root.map(|root| root.to_string()),
            "before": *before,
            "key": report.key.name(),
        })?;
    }
    if report.soundness() == Soundness::Sound {
        if !term.quiet() {
            let (from, dir) = (paste::word(&from), paste::word(&dir));
            term.hint(format!(
                "foil chain cat {dir}, foil contract check CONTRACT {dir}; foil chain clone {from} {dir} fetches what comes later"
            ));
        }
        return Ok(Outcome::Yes);
    }
    ask_for_key(&dir, report, term);
    Ok(Outcome::Undecided)
}

/// Which key to ask about, and what the copy is worth until then.
fn ask_for_key(dir: &str, report: &VerifyReport, term: &mut Term) {
    term.say(format!("{dir}: is kept; it is consistent in itself, but nobody outside vouches for it"));
    if let Some((declared, _)) = &report.declared {
        notice::unknown_log(&declared.log, term);
        term.hint(format!(
            "ask the operator, by another way than this came, for the short form of the log's key (foil key show prints \
             it); if it is the same: foil verify {} --key {}",
            paste::word(dir),
            declared.log
        ));
    }
}
