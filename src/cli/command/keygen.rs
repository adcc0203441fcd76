//! `foil keygen`: a new key and its name.

use std::path::PathBuf;

use zeroize::Zeroizing;

use crate::{
    cli::{
        Example,
        failure::Outcome,
        keys::{self, PassphraseArgs},
        new_key,
        term::Term,
    },
    json::Object,
    key::{
        Did, SecretKey, file,
        new_keys::{self, NewKey},
    },
    machine,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "make the key of a gateway", line: "foil keygen gateway" },
    Example {
        does: "make the key of a party, and the one that it will change to",
        line: "foil keygen acme --next",
    },
    Example { does: "see what would be written", line: "foil keygen carrier --dry-run" },
];

/// Make a key: NAME.pem, which is secret, and NAME.did, which is to give away
///
/// The secret key is a PKCS#8 file that OpenSSL reads, closed to other users. The public key is one line, a
/// did:key, and is printed with its short form, which is to be read out to those who get the key. Files that exist are never
/// overwritten.
///
/// With --next the key gets its successor with it: NAME.next.pem and NAME.next.did. The output then has next,
/// the SHA-256 of the successor's 32 bytes. Name it when the key is enrolled: from then on only NAME.next.pem can
/// change the key, so keep this file in another place than NAME.pem, offline.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The files' name, which may have a folder in front
    #[arg(default_value = "key")]
    name: PathBuf,

    /// Make its successor as well, and print the commitment to it
    #[arg(long)]
    next: bool,

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
    new_key::refuse_odd(&args.name)?;
    let names = names(args);
    for name in &names {
        file::refuse_existing(name).map_err(keys::with_hint)?;
    }
    if args.dry_run {
        for (secret, did) in names.iter().map(|name| file::pair(name)) {
            term.say(format!("would write {} (secret, mode 0600) and {}", secret.display(), did.display()));
        }
        return Ok(Outcome::Yes);
    }
    let asked = args.passphrase || args.passphrase_from.is_given();
    let secret = file::pair(&args.name).0;
    let passphrase = asked.then(|| new_key::passphrase(&args.passphrase_from, &secret)).transpose()?;
    let made: Vec<NewKey> =
        names.into_iter().map(|name| make(name, passphrase.as_ref())).collect::<anyhow::Result<_>>()?;
    new_keys::create(&made).map_err(keys::with_hint)?;
    tell(&made, term);
    answer(&made, term)?;
    Ok(Outcome::Yes)
}

/// The names of the files that are asked for: that of the key, and that of its successor.
fn names(args: &Args) -> Vec<PathBuf> {
    let mut next = file::pair(&args.name).0.with_extension("").into_os_string();
    next.push(".next");
    let next = args.next.then(|| PathBuf::from(next));
    std::iter::once(args.name.clone()).chain(next).collect()
}

fn make(name: PathBuf, passphrase: Option<&Zeroizing<String>>) -> anyhow::Result<NewKey> {
    let key = SecretKey::from_seed(&Zeroizing::new(machine::random()?));
    new_key::sealed(name, &key, passphrase)
}

fn tell(made: &[NewKey], term: &mut Term) {
    for key in made {
        let (secret, did) = file::pair(&key.name);
        term.say(format!("wrote {} (secret: never give it away) and {}", secret.display(), did.display()));
    }
    if let [key, next] = made {
        let [key, next] = [key, next].map(|key| file::pair(&key.name).0);
        let (key, next) = (key.display(), next.display());
        term.say(format!(
            "move {next} to another place than {key}, offline: whoever has both can rotate the key"
        ));
    }
}

fn answer(made: &[NewKey], term: &mut Term) -> anyhow::Result<()> {
    let (mut object, mut lines) = (Object::new(), Vec::new());
    for (at, key) in made.iter().enumerate() {
        let (secret, did) = file::pair(&key.name);
        let (member, before, line) = match at {
            0 => ("did", "", key.public.did()),
            _ => ("next", "next_", Did::from(&key.public).commitment().to_string()),
        };
        if at == 0 {
            let short = Did::from(&key.public).short();
            lines.extend([line.clone(), format!("short form {short}")]);
            object.insert("short", short);
        } else {
            lines.push(format!("next {line}"));
        }
        object.insert(member, line);
        object.insert(format!("{before}public"), did.display().to_string());
        object.insert(format!("{before}secret"), secret.display().to_string());
    }
    if term.human() { term.text(&format!("{}\n", lines.join("\n"))) } else { term.data(&object) }
}
