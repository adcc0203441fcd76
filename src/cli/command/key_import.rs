//! `foil key import`: a key of another program, kept as ours.

use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        io::source,
        key_names,
        keys::{self, PassphraseArgs},
        new_key, paste,
        term::Term,
    },
    key::{
        Did, PublicKey, SecretKey,
        file::{self, BadKeyFile},
        import::{self, ForeignKey, FoundSecret},
        new_keys,
        text::may_be_secret,
    },
    object,
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "keep a key that OpenSSL made as the key of a gateway",
    line: "openssl genpkey -algorithm ed25519 | foil key import - pump",
}];

/// Take over an Ed25519 key that another program made: writes NAME.pem and NAME.did
///
/// Reads PKCS#8 as PEM or DER, of both versions and with or without a passphrase; the private keys of OpenSSH; JSON Web
/// Keys; and a bare seed, of which the user must know that it is one: 32 bytes or 64 hex digits, or as many again with the
/// public key behind it. What else stands in a PEM file, such as a certificate, is passed over. FILE stays as it is.
///
/// The public key in FILE must be that of the secret one. Of a key of another algorithm it says which it is. A
/// passphrase of FILE becomes that of NAME.pem. Files that exist are never overwritten.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The key's file; standard input where it is -
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,

    /// The new files' name, which may have a folder in front
    #[arg(required_unless_present = "output", conflicts_with = "output")]
    name: Option<PathBuf>,

    /// The same as NAME
    #[arg(short, long, value_name = "NAME")]
    output: Option<PathBuf>,

    /// Protect the new file with a passphrase, asked on the terminal
    #[arg(short, long)]
    passphrase: bool,

    #[command(flatten)]
    passphrase_from: PassphraseArgs,

    /// Say what would be written, and write nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let name = args.name.as_ref().or(args.output.as_ref()).cloned().unwrap_or_default();
    new_key::refuse_odd(&name)?;
    file::refuse_existing(&name).map_err(keys::with_hint)?;
    let found = read(&args.file)?;
    if let Some(mode) = found.exposed {
        let file = args.file.display();
        term.warn(format!(
            "{file}: others could read it (mode {mode:04o}), and may have its key: chmod 600 {}",
            paste::path(&args.file)
        ));
    }
    let (key, passphrase) = open(args, &found, &file::pair(&name).0)?;
    if found.is_bare {
        refuse_public(&args.file, &key)?;
        term.say(format!("{}: taken as the seed of a secret key", shown(&args.file)));
    }
    let (secret, did) = file::pair(&name);
    if args.dry_run {
        term.say(format!("would write {} (secret, mode 0600) and {}", secret.display(), did.display()));
        return Ok(Outcome::Yes);
    }
    let new = new_key::sealed(name, &key, passphrase.as_ref())?;
    new_keys::create(&[new]).map_err(keys::with_hint)?;
    term.say(format!("wrote {} (secret: never give it away) and {}", secret.display(), did.display()));
    let (public, short) = (key.public(), Did::from(&key.public()).short());
    if term.human() {
        term.text(&format!("{public}\nshort form {short}\n"))?;
    } else {
        term.data(&object! {
            "did": public.did(),
            "public": did.display().to_string(),
            "secret": secret.display().to_string(),
            "short": short,
        })?;
    }
    Ok(Outcome::Yes)
}

fn read(path: &Path) -> anyhow::Result<ForeignKey> {
    let found = if path.as_os_str() == "-" {
        import::read_stream(source(None)?, &shown(path))
    } else {
        import::read(path)
    };
    found.map_err(|bad| match bad {
        BadKeyFile::Io(..) if path.to_str().is_some_and(may_be_secret) => {
            keys::secret_as_argument("what is given as FILE")
        }
        BadKeyFile::OnlyPublic(_) => anyhow::anyhow!("{}: only a public key, which cannot sign", shown(path))
            .hint(format!("foil contact add NAME {} names its holder", paste::path(path))),
        bad => keys::with_hint(bad),
    })
}

fn shown(path: &Path) -> String {
    if path.as_os_str() == "-" { "standard input".to_owned() } else { path.display().to_string() }
}

/// The key, and the passphrase that its new file gets: the old one, or the one that was asked for.
fn open(
    args: &Args,
    found: &ForeignKey,
    secret: &Path,
) -> anyhow::Result<(SecretKey, Option<Zeroizing<String>>)> {
    let asked = args.passphrase || args.passphrase_from.is_given();
    match &found.key {
        FoundSecret::Locked(locked) => {
            let passphrase = args.passphrase_from.get(&args.file)?;
            let key = locked.open(passphrase.as_bytes());
            let key = key.map_err(|bad| keys::with_hint(BadKeyFile::Text(args.file.clone(), bad)))?;
            Ok((key, Some(passphrase)))
        }
        FoundSecret::Open(key) => {
            let passphrase = asked.then(|| new_key::passphrase(&args.passphrase_from, secret)).transpose()?;
            Ok((SecretKey::from_seed(key.seed()), passphrase))
        }
    }
}

/// A public key in hex looks as a seed does. If it is one that is known here, that is a slip.
fn refuse_public(file: &Path, key: &SecretKey) -> anyhow::Result<()> {
    let Ok(public) = PublicKey::from_bytes(key.seed()) else { return Ok(()) };
    match key_names::known_name(&public) {
        Some(name) => Err(anyhow::anyhow!("{}: is the public key of {name}, and no secret", shown(file)))
            .hint("the key's own file has its secret: NAME.pem"),
        None => Ok(()),
    }
}
