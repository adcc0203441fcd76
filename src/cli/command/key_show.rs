//! `foil key show`: what key files hold.

use std::path::Path;

use clap_complete::engine::ArgValueCompleter;

use crate::{
    cli::{
        Example,
        failure::Outcome,
        keys::{self, KeyContent, PassphraseArgs},
        term::{Term, escape},
    },
    key::{Did, PublicKey, file},
    object,
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "the public forms of a key", line: "foil key show gateway.pem" }];

/// Show whose key is in a file
///
/// Prints the did:key, its short form to read out to somebody, and the public key in hex, and says whether the file
/// can sign. The secret key itself is never shown.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Key files, NAMEs, contacts or DIDs
    #[arg(required = true, value_name = "FILE", add = ArgValueCompleter::new(keys::complete_public))]
    files: Vec<String>,

    #[command(flatten)]
    passphrase: PassphraseArgs,
}

/// What one argument is.
struct Shown {
    key: PublicKey,
    holds: &'static str,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    for file in &args.files {
        let shown = shown(file, &args.passphrase, term)?;
        let hex = hex::encode(shown.key.as_bytes());
        let short = Did::from(&shown.key).short();
        if term.human() {
            let (name, did) = (escape(file), shown.key.did());
            let holds = shown.holds;
            term.text(&format!(
                "{name}\n  holds  {holds}\n  did    {did}\n  short  {short}\n  hex    {hex}\n"
            ))?;
        } else {
            let holds = shown.holds;
            term.data(
                &object! { "did": shown.key.did(), "file": file.as_str(), "hex": hex, "holds": holds, "short": short },
            )?;
        }
    }
    Ok(Outcome::Yes)
}

fn shown(file: &str, passphrase: &PassphraseArgs, term: &mut Term) -> anyhow::Result<Shown> {
    let (path, content) = keys::content(file)?;
    warn_of_others(&path, &content, term);
    let (key, holds) = match content {
        KeyContent::Public(key) => (key, "a public key"),
        KeyContent::Verifier(named) => (named.key().clone(), "the verifier key of a log"),
        KeyContent::Secret(key) => (key.public(), "a secret key"),
        KeyContent::Locked(locked) => {
            let key = keys::unlock(&path, &locked, passphrase)?;
            (key.public(), "a secret key with a passphrase")
        }
    };
    Ok(Shown { key, holds })
}

/// Of several keys in a file one counts, here and wherever the file is named.
fn warn_of_others(path: &Path, content: &KeyContent, term: &mut Term) {
    let count = file::count_keys(path).unwrap_or(0);
    if count > 1 {
        let first = match content {
            KeyContent::Secret(_) | KeyContent::Locked(_) => "secret",
            KeyContent::Public(_) | KeyContent::Verifier(_) => "public",
        };
        term.warn(format!(
            "{}: holds {count} keys, and the first {first} one is the one that counts",
            path.display()
        ));
    }
}
