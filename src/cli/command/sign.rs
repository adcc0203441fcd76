//! `foil sign`: records in, signed records out.

mod batch;
mod merge;

use std::path::PathBuf;

use crate::{
    audit::registry::RegistryAt,
    cli::{
        Example, explained,
        failure::{Ended, Hint, Outcome},
        io::{self, BadLine, InputLines, Line},
        keys::KeyArgs,
        ledger,
        moment::{self, FutureMoment, MeantBy},
        registry::NamesArgs,
        term::{Term, Tty},
    },
    explain::{self, Asked},
    json::Object,
    key::SecretKey,
    machine,
    record::{
        signed::{FreshlySigned, PROOF, RecordSigner, SignOptions, SignableText, Verifier},
        when,
    },
    time::TimeStyle,
};

use batch::{BatchEnd, LineBatch, Workers};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "sign what a device says, as it says it",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway",
    },
    Example { does: "add a second party's proof", line: "foil sign -k carrier contract.json -o signed.json" },
    Example {
        does: "join what two parties signed side by side",
        line: "foil sign --merge by-shipper.json by-carrier.json -o both.json",
    },
];

/// Sign records, one JSON object a line
///
/// Reads records and writes the same records with a proof added (W3C Data Integrity, eddsa-jcs-2022), each as
/// soon as it is read, in their order; of a file or a full pipe many at once, on all processors. A record that has proofs gets one more; those before it must hold. A signature is
/// reproducible: the same record and key give the same bytes, unless --created is asked for.
///
/// What is signed is the canonical form (RFC 8785), whose numbers are doubles. A number that would become another one,
/// such as 12345678901234567.25 or 1e-400, is a bad line, unless --round is given.
///
/// On a terminal the command shows first what a record says, as foil show does, and asks; readings and what
/// sources say about themselves are signed as they come. It asks on the terminal, also where records come through a
/// pipe. What is answered with anything but y or yes is not signed, as if the line were bad (2). With --ledger it is
/// shown with the names of that ledger's registry; what is signed is the same.
#[derive(clap::Args)]
#[allow(clippy::struct_excessive_bools)] // flags
pub(crate) struct Args {
    /// Records; standard input where absent or -
    file: Option<PathBuf>,

    #[command(flatten)]
    key: KeyArgs,

    #[command(flatten)]
    names: NamesArgs,

    /// Sign without asking, also on a terminal
    #[arg(short, long)]
    yes: bool,

    /// Sign nothing: join the proofs that others made side by side on copies of the same records
    ///
    /// The files must hold the same records in the same order, and all proofs in them must hold. Equal proofs become
    /// one; the answer is the same in whichever order the files are named.
    #[arg(
        long,
        num_args = 2..,
        value_name = "FILE",
        value_hint = clap::ValueHint::FilePath,
        conflicts_with_all = ["file", "key", "created", "expires", "keep_going", "yes"]
    )]
    merge: Vec<PathBuf>,

    /// Say in the proof when it was made
    #[arg(long)]
    created: bool,

    /// Say in the proof from when on it no longer holds: a time, a date (behind its last instant), or a duration from now
    /// such as 30d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    expires: Option<FutureMoment>,

    /// Sign numbers with more digits than a double holds as the doubles that they become
    #[arg(long)]
    round: bool,

    /// Report each bad line, sign the good ones, and end with 1
    #[arg(long)]
    keep_going: bool,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// How a line becomes a record.
type LineReading = fn(&Line) -> Result<Object, BadLine>;

impl Args {
    fn reading(&self) -> LineReading {
        if self.round { io::parse } else { io::parse_exact }
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let (false, Some(output)) = (args.merge.is_empty(), &args.output) {
        term.redirect(output)?;
    }
    if !args.merge.is_empty() {
        return merge::run(&args.merge, args.reading(), term);
    }
    let key = args.key.load(term)?;
    let mut input = InputLines::open(args.file.as_ref())?;
    if let Some(output) = &args.output {
        term.redirect(output)?;
    }
    let signer = RecordSigner::new(&key, &options(args, term)?);
    let mut consent = Consent::new(&key, args.yes, args.names.fold(term)?);
    let (asks, read) = (consent.terminal.is_some(), args.reading());
    let mut workers = Workers::new(Verifier::new, ledger::threads);
    let (mut outcome, mut is_empty) = (Outcome::Yes, true);
    loop {
        let LineBatch { lines, end } = LineBatch::next(&mut input);
        is_empty &= lines.is_empty() && !matches!(end, Some(BatchEnd::Error(_)));
        let answers = workers.pieces(&lines, |verifier, lines| {
            let looked = lines.iter().map(|line| look_over(line, read, verifier, &signer, asks));
            sign_together(looked, &signer)
        });
        let (failed, ended) = match end {
            Some(BatchEnd::Error(error)) => (Some(Err(error)), false),
            end => (None, end.is_some()),
        };
        for answer in answers.into_iter().chain(failed) {
            match answer.and_then(|answer| answer.after_consent(&mut consent, &signer, term)) {
                Ok(record) => term.raw(record.as_str().as_bytes()).and_then(|()| term.raw(b"\n"))?,
                Err(bad) if args.keep_going && bad.is::<BadLine>() => {
                    term.error(&bad);
                    outcome = Outcome::No;
                }
                Err(bad) => return Err(hinted(bad)),
            }
        }
        term.flush()?;
        if ended {
            return if is_empty { nothing_came(args, term) } else { Ok(outcome) };
        }
    }
}

/// Without a record there is nothing to keep in a file, as there is nothing to append; a pipe is told.
fn nothing_came(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let Some(output) = &args.output {
        let why = format!("no record came, so {} is not written", output.display());
        return Err(Ended::error(Outcome::No, why));
    }
    term.say("no record came");
    Ok(Outcome::Yes)
}

/// What a thread makes of a line.
enum SignedLine {
    /// The signed record, as it goes out
    Signed(FreshlySigned),
    /// The number of the line, and its record, about which the user is asked first, in the order of the lines
    ToAsk(u64, Object),
}

/// A line that is all right.
enum LookedOver {
    /// It is to be signed
    ToSign(SignableText),
    /// As [`SignedLine::ToAsk`]
    ToAsk(u64, Object),
}

/// Checks the record of a line. It is to be signed unless the user is to be asked.
fn look_over(
    line: &Line,
    read: LineReading,
    verifier: &mut Verifier,
    signer: &RecordSigner<'_>,
    asks: bool,
) -> anyhow::Result<LookedOver> {
    let (number, mut record) = (line.number, read(line)?);
    check(&mut record, verifier).map_err(|why| BadLine::new(number, &why))?;
    if asks && !is_of_source(&record) {
        return Ok(LookedOver::ToAsk(number, record));
    }
    let text = signer.look_over_record(record).map_err(|why| BadLine::new(number, &why))?;
    Ok(LookedOver::ToSign(text))
}

/// Signs what is to be signed: together, which takes less time than one by one.
fn sign_together(
    looked: impl Iterator<Item = anyhow::Result<LookedOver>>,
    signer: &RecordSigner<'_>,
) -> Vec<anyhow::Result<SignedLine>> {
    let (mut texts, mut answers) = (Vec::new(), Vec::new());
    for looked in looked {
        answers.push(match looked {
            Ok(LookedOver::ToSign(text)) => {
                texts.push(text);
                None
            }
            Ok(LookedOver::ToAsk(line, record)) => Some(Ok(SignedLine::ToAsk(line, record))),
            Err(bad) => Some(Err(bad)),
        });
    }
    let mut done = signer.sign_many(texts).into_iter();
    let each = answers.into_iter();
    each.filter_map(|answer| answer.or_else(|| done.next().map(SignedLine::Signed).map(Ok))).collect()
}

impl SignedLine {
    fn after_consent(
        self,
        consent: &mut Consent,
        signer: &RecordSigner<'_>,
        term: &mut Term,
    ) -> anyhow::Result<FreshlySigned> {
        match self {
            Self::Signed(record) => Ok(record),
            Self::ToAsk(line, mut record) if consent.ask(&record, term)? => {
                Ok(signer.sign_fresh(&mut record).map_err(|why| BadLine::new(line, &why))?)
            }
            Self::ToAsk(line, _) => Err(BadLine::new(line, &REFUSED).into()),
        }
    }
}

/// The usual slips: a file in which one record takes several lines, and a number with too many digits.
fn hinted(bad: anyhow::Error) -> anyhow::Error {
    let says = |words: &str| bad.is::<BadLine>() && bad.to_string().contains(words);
    if says("ends within") {
        return bad.hint("records are one a line: jq -c . FILE | foil sign …");
    }
    if says("beyond 2^53-1") || says("out of range") {
        return bad.hint("in quotes, as text, it keeps all digits");
    }
    if says("would become") {
        return bad.hint("in quotes, as text, it keeps all digits; --round signs what it becomes");
    }
    bad
}

fn options(args: &Args, term: &Term) -> anyhow::Result<SignOptions> {
    let now = machine::wall();
    let by = MeantBy::at(now, term);
    let expires = args.expires.map(|expires| expires.end(&by, now)).transpose()?;
    if expires.is_some_and(|expires| expires <= now) {
        return Err(anyhow::anyhow!("--expires is in the past: no proof would hold"))
            .hint("date -u shows the machine's clock");
    }
    Ok(SignOptions { created: args.created.then_some(now), expires })
}

/// A record that is signed already is not touched, and must hold: a proof over a broken one would look as if it had
/// been checked.
fn check(record: &mut Object, verifier: &mut Verifier) -> anyhow::Result<()> {
    if record.get(PROOF).is_some() {
        verifier.signers(record, machine::wall())?;
    } else {
        when::normalize(record)?;
    }
    Ok(())
}

/// Why a record is not signed, where the user was asked.
const REFUSED: &str = "not signed: the answer was not yes";

/// What to do where there is no terminal to ask at.
const IN_BACKGROUND: &str = "--yes signs without asking; fg brings the job to the front, where it asks";

/// Asks the user at the terminal for consent to sign a record.
struct Consent {
    terminal: Option<Tty>,
    did: String,
    /// The registry; `None`: no ledger was given
    state: Option<RegistryAt>,
}

impl Consent {
    /// Without a terminal, or with `--yes`, the user is not asked.
    fn new(key: &SecretKey, yes: bool, state: Option<RegistryAt>) -> Self {
        let terminal = if yes { None } else { Tty::open() };
        Self { terminal, did: key.public().did(), state }
    }

    /// Asks, unless it is about what devices say by the thousand, or cannot be signed anyway.
    fn ask(&mut self, record: &Object, term: &mut Term) -> anyhow::Result<bool> {
        let Some(terminal) = self.terminal.as_mut().filter(|_| !is_of_source(record)) else {
            return Ok(true);
        };
        let registry = self.state.as_ref().map(RegistryAt::registry);
        let last = self.state.as_ref().map(|state| state.arrival);
        let now = last.map_or_else(machine::wall, |last| machine::wall().max(last));
        let mut asked = Asked::new(now, registry).with_times(TimeStyle::Local(term.zone()));
        let told = explain::record(record, &mut asked);
        if told.is_signed_by(&self.did) {
            return Ok(true);
        }
        term.flush()?;
        let registered = registry.and_then(|registry| explain::registered(registry, &self.did));
        let own = explained::called(&self.did, told.name_of(&self.did).or(registered.as_deref()));
        let text = term.told(&format!("{}you sign as {own}\n", explained::text(&told)));
        let answer = terminal.must_be_ours().and_then(|()| terminal.confirm(&text, "sign this?"));
        answer.map_err(|why| if terminal.must_be_ours().is_err() { why.hint(IN_BACKGROUND) } else { why })
    }
}

fn is_of_source(record: &Object) -> bool {
    matches!(record.str("type"), Some("reading" | "status"))
}
