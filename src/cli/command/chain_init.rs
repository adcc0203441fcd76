//! `foil chain init`: a new ledger.

use std::path::Path;

use anyhow::ensure;

use crate::{
    chain::init,
    cli::{
        Example,
        failure::Outcome,
        keys::{self, KeyArgs},
        ledger::{self, DirArg},
        term::Term,
    },
    machine,
    record::{
        genesis::Genesis,
        signed::{self, SignOptions},
        writers::Writers,
    },
    tlog::vkey,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a ledger that takes what is well signed", line: "foil chain init plant -k gateway" },
    Example {
        does: "a ledger with a public name, for two writers",
        line: "foil chain init pumps -k gateway --origin plant7.example/pumps --writers gateway --writers carrier",
    },
];

/// Make a new ledger
///
/// Makes the folder and its entry 0, which declares the ledger: its name (origin), the key that signs its
/// checkpoints for ever, and who may write. Prints the receipt.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    #[command(flatten)]
    key: KeyArgs,

    /// The ledger's name in its checkpoints, best a domain and a path; HOSTNAME/FOLDER where absent
    #[arg(long, value_name = "NAME")]
    origin: Option<String>,

    /// Who may write: anyone, signed (whoever signs well, the default), or the keys of the writers, repeated
    #[arg(long, value_name = "WHO", value_delimiter = ',')]
    writers: Vec<String>,

    /// Who administers the registry, repeated; the log key where absent
    #[arg(long, value_name = "WHO", value_delimiter = ',')]
    admin: Vec<String>,

    /// Say what would be made, and make nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let key = args.key.load(term)?;
    let origin = args.origin.clone().unwrap_or_else(|| default_origin(&path));
    ensure!(vkey::is_name(&origin), "origin {origin:?}: not empty, no space, no control character, no plus");
    let here = ledger::here();
    let admins = args.admin.iter().map(|admin| keys::who(admin)).collect::<anyhow::Result<Vec<_>>>()?;
    let genesis = Genesis {
        origin: origin.clone(),
        log: key.public(),
        admins: if admins.is_empty() { vec![key.public()] } else { admins },
        writers: writers(&args.writers)?,
        created: here.clock.wall,
        continues: None,
    };
    let mut record = genesis.to_record();
    signed::sign(&mut record, &key, &SignOptions::default())?;
    if args.dry_run {
        term.data(&record)?;
        return Ok(Outcome::Yes);
    }
    let (receipt, unremembered) = init::init(&path, &key, &origin, record, &here, &ledger::seen())?;
    if let Some(error) = unremembered {
        term.warn(format!("what was seen cannot be remembered: {error:#}"));
    }
    ledger::warn_of_keys(&path, term);
    if !term.quiet() {
        super::chain_append::acknowledge(&receipt, &path, term)?;
    }
    Ok(Outcome::Yes)
}

/// `HOSTNAME/FOLDER`, without what a key's name cannot have.
fn default_origin(path: &Path) -> String {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = absolute.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let name = format!("{}/{folder}", machine::host_name());
    name.chars().map(|c| if c.is_whitespace() || c.is_control() || c == '+' { '-' } else { c }).collect()
}

fn writers(words: &[String]) -> anyhow::Result<Writers> {
    match words {
        [] => Ok(Writers::Signed),
        [word] if word == "signed" => Ok(Writers::Signed),
        [word] if word == "anyone" => Ok(Writers::Anyone),
        [word] if word == "enrolled" => anyhow::bail!("--writers enrolled: this version has no registry yet"),
        dids => Ok(Writers::Keys(dids.iter().map(|did| keys::who(did)).collect::<anyhow::Result<_>>()?)),
    }
}
