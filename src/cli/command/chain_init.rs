//! `foil chain init`: a new ledger.

mod old;

use std::path::Path;

use anyhow::{Context, ensure};

use old::{OldArgs, OldLedger};

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        keys::{self, KeyArgs},
        ledger::{self, DirArg, MachineArg},
        paste,
        term::Term,
    },
    json::Object,
    key::SecretKey,
    ledger::write::init,
    machine,
    record::{
        genesis::Genesis,
        signed::{self, SignOptions, Verifier},
        writers::Writers,
    },
    rules::received::{ClockTrust, check_first},
    time::Time,
    tlog::vkey,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a ledger that takes what is well signed", line: "foil chain init plant -k gateway" },
    Example {
        does: "a ledger with a public name, for two writers",
        line: "foil chain init pumps -k gateway --origin plant7.example/pumps --writers gateway --writers carrier",
    },
    Example {
        does: "a successor with a new key, signed also by the old one",
        line: "foil keygen gateway-2 -q && foil chain init cold-room-2 -k gateway-2 --continues cold-room --old-key gateway",
    },
];

/// Make a new ledger
///
/// Makes the folder and its entry 0, which declares the ledger: its name (origin), the key that signs its
/// checkpoints for ever, and who may write. Prints the receipt.
///
/// A ledger's key never changes. With --continues the new ledger goes on from an old one: its entry 0 names the
/// old ledger's id, size and root, and is signed also by the old log key or by more than half of the old
/// admins. Writers and admins are those of the old ledger unless told otherwise; in the place of the old log
/// key stands the new one. What is written into the old ledger afterwards counts nowhere.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    #[command(flatten)]
    key: KeyArgs,

    /// The ledger's name in its checkpoints, best a domain and a path; HOSTNAME/FOLDER where absent
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,

    /// Who may write: anyone, signed (each key whose proofs hold, the default), enrolled (as the registry says), or the
    /// keys of the writers, repeated
    #[arg(long, value_name = "WHO", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_public))]
    writers: Vec<String>,

    /// Who administers the registry, repeated; the log key where absent
    #[arg(long, value_name = "WHO", value_delimiter = ',', add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_public))]
    admin: Vec<String>,

    #[command(flatten)]
    old: OldArgs,

    /// Believe the clock, whatever it shows
    #[arg(long)]
    accept_clock: bool,
    #[command(flatten)]
    machine: MachineArg,

    /// Print entry 0 as it would be, for others to sign, and make nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let key = args.key.load(term)?;
    let clocks = machine::now();
    let trust = ClockTrust { synchronised: clocks.synchronised, accepted: args.accept_clock };
    check_first(clocks.wall, trust)
        .map_err(|why| anyhow::anyhow!("{}: {why}, and entry 0 can never be dated anew", path.display()))
        .hint("set the clock (date -s, chronyc makestep); or, if it is right, say --accept-clock")?;
    let old = args.old.open(&args.key, term)?;
    let record = match args.old.record()? {
        Some(record) => record,
        None => declare(args, &path, &key, old.as_ref(), machine::wall())?,
    };
    let genesis = check(&record, &key, old.as_ref(), args.dry_run, term)?;
    if args.dry_run {
        term.data(&record)?;
        return Ok(Outcome::Yes);
    }
    let (id, seen) = (signed::id(&record), ledger::seen());
    if let Some(old) = &old {
        old.ledger.refuse_second(&id, &seen).map_err(|why| old.hinted(why))?;
    }
    ledger::warn_of_namesakes(&seen, &genesis.origin, &id, term);
    let here = ledger::here(&args.machine.id(term)?);
    let (receipt, unremembered) = init::init(&path, &key, &genesis.origin, record, &here, &seen)?;
    if let Some(error) = unremembered {
        term.warn(format!("what was seen cannot be remembered: {error:#}"));
    }
    if let (Some(old), Some(continued)) = (old, &genesis.continues) {
        old.remember(id, continued.size, term);
    }
    ledger::warn_of_keys(&path, term);
    if !term.quiet() {
        super::chain_append::acknowledge(&receipt, &path, term)?;
    }
    Ok(Outcome::Yes)
}

/// Entry 0 as the arguments say, signed by the log key and by those who sign for the old ledger.
fn declare(
    args: &Args,
    path: &Path,
    key: &SecretKey,
    old: Option<&OldLedger>,
    created: Time,
) -> anyhow::Result<Object> {
    let admins = args.admin.iter().map(|admin| keys::who(admin)).collect::<anyhow::Result<Vec<_>>>()?;
    let inherited = || old.map_or_else(|| vec![key.public()], |old| old.ledger.admins(&key.public()));
    let writers = match old {
        Some(old) if args.writers.is_empty() => old.ledger.writers(&key.public()),
        _ => writers(&args.writers)?,
    };
    let genesis = Genesis {
        origin: args.origin.clone().unwrap_or_else(|| default_origin(path)),
        log: key.public(),
        admins: if admins.is_empty() { inherited() } else { admins },
        writers,
        created,
        continues: old.map(|old| old.ledger.end().clone()),
    };
    let mut record = genesis.to_record();
    let others = old.map_or(&[][..], |old| &old.keys).iter().filter(|other| other.public() != key.public());
    for signer in std::iter::once(key).chain(others) {
        signed::sign(&mut record, signer, &SignOptions::default())?;
    }
    Ok(record)
}

/// Checks entry 0 as every verifier will; a rehearsal only says which signatures are missing.
fn check(
    record: &Object,
    key: &SecretKey,
    old: Option<&OldLedger>,
    rehearsal: bool,
    term: &mut Term,
) -> anyhow::Result<Genesis> {
    let genesis = Genesis::parse(record).context("entry 0")?;
    let signers = genesis.signers(record, &mut Verifier::new(), machine::wall()).context("entry 0")?;
    let origin = &genesis.origin;
    ensure!(vkey::is_name(origin), "origin {origin:?}: not empty, no space, no control character, no plus");
    ensure!(
        genesis.log == key.public(),
        "entry 0 names the log key {}, and -k is {}",
        genesis.log,
        key.public()
    );
    match old {
        None if genesis.continues.is_some() => {
            return Err(anyhow::anyhow!("entry 0 continues a ledger, which must be checked"))
                .hint("--continues OLD");
        }
        Some(_) if genesis.continues.is_none() => {
            anyhow::bail!("entry 0 continues no ledger, and --continues names one")
        }
        None => {}
        Some(old) => match old.ledger.check(&genesis, &signers).map_err(|why| old.hinted(why)) {
            Err(missing) if rehearsal => term.warn(format!("{missing:#}")),
            checked => checked?,
        },
    }
    Ok(genesis)
}

/// `HOSTNAME/FOLDER`, without what a key's name cannot have.
fn default_origin(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = format!("{}/{folder}", machine::host_name());
    name.chars().map(|c| if c.is_whitespace() || c.is_control() || c == '+' { '-' } else { c }).collect()
}

/// The words that stand for writers who are not listed.
const WRITERS: [&str; 3] = ["anyone", "signed", "enrolled"];

fn writers(words: &[String]) -> anyhow::Result<Writers> {
    match words {
        [] => Ok(Writers::Signed),
        [word] if word == "signed" => Ok(Writers::Signed),
        [word] if word == "anyone" => Ok(Writers::Anyone),
        [word] if word == "enrolled" => Ok(Writers::Enrolled),
        [word] => match (keys::who(word), paste::did_you_mean(word, WRITERS)) {
            (Ok(key), _) => Ok(Writers::Keys([key].into_iter().collect())),
            (Err(why), Some(near)) => Err(why.hint(near)),
            (Err(why), None) => Err(why),
        },
        dids => Ok(Writers::Keys(dids.iter().map(|did| keys::who(did)).collect::<anyhow::Result<_>>()?)),
    }
}
