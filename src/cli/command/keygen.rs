//! `foil keygen`: a new key and its name.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::{
    cli::{
        Example,
        failure::Outcome,
        keys::{self, PassphraseArgs},
        term::Term,
    },
    key::{SecretKey, file, pem},
    machine, object,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "make the key of a gateway", line: "foil keygen gateway" },
    Example { does: "see what would be written", line: "foil keygen carrier --dry-run" },
];

/// Make a key: NAME.pem, which is secret, and NAME.did, which is to give away
///
/// The secret key is a PKCS#8 file that OpenSSL reads, closed to other users. The public key is one line, a
/// did:key, and is printed. Files that exist are never overwritten.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The files' name, which may have a folder in front
    #[arg(default_value = "key")]
    name: PathBuf,

    /// Protect the secret key with a passphrase, asked on the terminal
    #[arg(short, long)]
    passphrase: bool,

    #[command(flatten)]
    passphrase_from: PassphraseArgs,

    /// Say what would be written, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    refuse_odd(&args.name)?;
    file::refuse_existing(&args.name).map_err(keys::with_hint)?;
    let (secret, did) = file::pair(&args.name);
    if args.dry_run {
        term.say(format!("would write {} (secret, mode 0600) and {}", secret.display(), did.display()));
        return Ok(Outcome::Yes);
    }
    let passphrase = passphrase(args, &secret)?;
    let key = SecretKey::from_seed(&Zeroizing::new(machine::random()?));
    let text = match &passphrase {
        None => pem::write(&key),
        Some(passphrase) => {
            let [salt, iv] = halves(machine::random()?);
            pem::write_locked(&key, passphrase.as_bytes(), &salt, iv)
        }
    };
    let text = text.map_err(|error| anyhow::anyhow!("the key cannot be written: {error}"))?;
    file::create(&args.name, &text, &key.public()).map_err(keys::with_hint)?;
    term.say(format!("wrote {} (secret: never give it away) and {}", secret.display(), did.display()));
    if term.human() {
        term.text(&format!("{}\n", key.public()))?;
    } else {
        term.data(&object! {
            "did": key.public().did(),
            "public": did.display().to_string(),
            "secret": secret.display().to_string(),
        })?;
    }
    Ok(Outcome::Yes)
}

/// A name that cannot be typed again, or that hides, is a slip.
fn refuse_odd(name: &std::path::Path) -> anyhow::Result<()> {
    let last = name.file_name().and_then(|last| last.to_str()).unwrap_or_default();
    anyhow::ensure!(
        !last.is_empty() && !last.starts_with(['.', '-']) && !last.contains(char::is_control),
        "{:?} is no name for a key",
        name.display().to_string()
    );
    Ok(())
}

fn passphrase(args: &Args, secret: &std::path::Path) -> anyhow::Result<Option<Zeroizing<String>>> {
    if !args.passphrase && !args.passphrase_from.is_given() {
        return Ok(None);
    }
    let passphrase = args.passphrase_from.get(secret)?;
    anyhow::ensure!(!passphrase.is_empty(), "the passphrase is empty");
    if !args.passphrase_from.is_given() {
        anyhow::ensure!(passphrase == keys::ask("The same again: ")?, "the two passphrases differ");
    }
    Ok(Some(passphrase))
}

fn halves(random: [u8; 32]) -> [[u8; 16]; 2] {
    let (mut first, mut second) = ([0; 16], [0; 16]);
    first.copy_from_slice(&random[..16]);
    second.copy_from_slice(&random[16..]);
    [first, second]
}
