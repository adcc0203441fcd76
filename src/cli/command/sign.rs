//! `foil sign`: records in, signed records out.

use std::path::PathBuf;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        io::{self, BadLine},
        keys::KeyArgs,
        term::Term,
    },
    json::Object,
    machine,
    record::{
        signed::{PROOF, SignOptions, Signer, Verifier},
        when,
    },
    time::{Span, Time},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "sign what a device says, as it says it",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway",
    },
    Example { does: "add a second party's proof", line: "foil sign -k carrier contract.json -o signed.json" },
];

/// Sign records, one JSON object a line
///
/// Reads records and writes the same records with a proof added (W3C Data Integrity, eddsa-jcs-2022), each as
/// soon as it is read. A record that has proofs gets one more; those before it must hold. A signature is
/// reproducible: the same record and key give the same bytes, unless --created is asked for.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Records; standard input where absent or -
    file: Option<PathBuf>,

    #[command(flatten)]
    key: KeyArgs,

    /// Say in the proof when it was made
    #[arg(long)]
    created: bool,

    /// Say in the proof from when on it no longer holds: a time, or a duration from now such as 30d
    #[arg(long, value_name = "TIME", value_parser = parse_expires)]
    expires: Option<Expires>,

    /// Report each bad line, sign the good ones, and end with 1
    #[arg(long)]
    keep_going: bool,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// When a proof ends, as typed.
#[derive(Clone, Copy, Debug)]
enum Expires {
    At(Time),
    In(Span),
}

fn parse_expires(text: &str) -> Result<Expires, String> {
    let time = Time::parse_rfc3339(text).map(Expires::At);
    let expires = time.or_else(|| Span::parse(text).map(Expires::In));
    expires.ok_or_else(|| "not a time (2026-03-01T06:00:00Z) or a duration (30d, 12h30m)".to_owned())
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let key = args.key.load(term)?;
    let mut records = io::records(args.file.as_ref())?;
    if let Some(output) = &args.output {
        term.redirect(output)?;
    }
    let signer = Signer::new(&key, &options(args)?);
    let mut verifier = Verifier::new();
    let mut outcome = Outcome::Yes;
    while let Some(next) = records.next() {
        let answer = next.and_then(|(line, mut record)| {
            sign(&mut record, &signer, &mut verifier).map_err(|why| BadLine::new(line, &why))?;
            Ok(record)
        });
        match answer {
            Ok(record) => term.data(&record)?,
            Err(bad) if args.keep_going && bad.is::<BadLine>() => {
                term.error(&bad);
                outcome = Outcome::No;
            }
            Err(bad) => return Err(hinted(bad)),
        }
        if !records.has_more() {
            term.flush()?;
        }
    }
    Ok(outcome)
}

/// The usual slip: a file in which one record takes several lines.
fn hinted(bad: anyhow::Error) -> anyhow::Error {
    let cut_off = bad.is::<BadLine>() && bad.to_string().contains("ends within");
    if cut_off { bad.hint("records are one a line: jq -c . FILE | foil sign …") } else { bad }
}

fn options(args: &Args) -> anyhow::Result<SignOptions> {
    let now = machine::wall();
    let expires = match args.expires {
        None => None,
        Some(Expires::At(time)) => Some(time),
        Some(Expires::In(span)) => Some(now.saturating_add(span)),
    };
    if expires.is_some_and(|expires| expires <= now) {
        return Err(anyhow::anyhow!("--expires is in the past: no proof would hold"))
            .hint("date -u shows the machine's clock");
    }
    Ok(SignOptions { created: args.created.then_some(now), expires })
}

/// Signs one record. What somebody signed before is not touched, and must hold: a proof over a broken one
/// would look as if it had been checked.
fn sign(record: &mut Object, signer: &Signer<'_>, verifier: &mut Verifier) -> anyhow::Result<()> {
    if record.get(PROOF).is_some() {
        verifier.signers(record, machine::wall())?;
    } else {
        when::settle(record)?;
    }
    Ok(signer.sign(record)?)
}
