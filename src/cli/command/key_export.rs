//! `foil key export`: a public key in the form that others read.

use std::path::PathBuf;

use clap_complete::engine::ArgValueCompleter;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        keys::{self, KeyContent, PassphraseArgs},
        term::Term,
    },
    key::{PublicKey, export},
    record::signed,
    tlog::vkey::{Algorithm, VerifierKey},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "the verifier key of a ledger, for C2SP tools",
        line: "foil key export gateway.did --as vkey --origin plant7.example/cold-room",
    },
    Example { does: "a header for firmware that signs", line: "foil key export probe.did --as c -o probe.h" },
];

/// Write a public key in the form that other programs read
///
/// vkey: a C2SP verifier key, under the name of a log. hex: 64 digits. ssh: a line for `authorized_keys`.
/// c: a header for the firmware of a device that signs, with the constant proof of its records.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// A key file, a NAME, a contact or a DID
    #[arg(add = ArgValueCompleter::new(keys::complete_public))]
    file: String,

    /// The form
    #[arg(long = "as", value_name = "FORM")]
    form: Form,

    /// The log's name in a verifier key
    #[arg(long, required_if_eq("form", "vkey"))]
    origin: Option<String>,

    /// Write to a file, whole or not at all
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    passphrase: PassphraseArgs,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Form {
    Vkey,
    Hex,
    Ssh,
    C,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let Some(output) = &args.output {
        term.redirect(output)?;
    }
    let key = public(args)?;
    let text = match args.form {
        Form::Vkey => format!("{}\n", vkey(&key, args.origin.as_deref().unwrap_or_default())?),
        Form::Hex => format!("{}\n", hex::encode(key.as_bytes())),
        Form::Ssh => format!("{}\n", export::ssh(&key, comment(&args.file))),
        Form::C => export::c_header(&key, &signed::constant_config(&key).to_canonical()),
    };
    term.text(&text)?;
    Ok(Outcome::Yes)
}

fn public(args: &Args) -> anyhow::Result<PublicKey> {
    match keys::content(&args.file)? {
        (_, KeyContent::Public(key)) => Ok(key),
        (_, KeyContent::Verifier(named)) => Ok(named.key().clone()),
        (_, KeyContent::Secret(key)) => Ok(key.public()),
        (path, KeyContent::Locked(locked)) => Ok(keys::unlock(&path, &locked, &args.passphrase)?.public()),
    }
}

fn vkey(key: &PublicKey, origin: &str) -> anyhow::Result<VerifierKey> {
    VerifierKey::new(origin, Algorithm::Ed25519, key.clone()).hint("--origin plant7.example/cold-room")
}

/// What a line of `authorized_keys` calls the key: the file's name, as far as it is plain.
fn comment(file: &str) -> &str {
    let name = file.rsplit('/').next().unwrap_or_default();
    let name = name.strip_suffix(".pem").or(name.strip_suffix(".did")).unwrap_or(name);
    if crate::key::contact::is_name(name) { name } else { "" }
}
