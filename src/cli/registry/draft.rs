//! An event that is to be: its record, and whose signatures it has and needs.

use std::path::PathBuf;

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use super::{Folded, Until, fold, who::Book, words};
use crate::{
    cli::{
        failure::{Hint, Outcome},
        keys::{self, PassphraseArgs},
        ledger::{self, DirArg},
        moment::{self, Moment},
        term::Term,
    },
    hash::Hash,
    json::Object,
    key::{Did, SecretKey},
    record::{
        registry::{Deed, Event},
        signed::{SignOptions, Signer},
    },
    rules::registry::{NeededSigner, Registry, SignedAt},
    time::Time,
};

/// The ledger that an event is for.
#[derive(clap::Args)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    dir: DirArg,
}

/// How an event is signed, and how long it can be taken.
#[derive(clap::Args)]
pub(crate) struct DraftArgs {
    /// Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several
    #[arg(short = 'k', value_name = "KEY", add = ArgValueCompleter::new(keys::complete_secret))]
    sign_with: Vec<String>,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    /// From when on the event can no longer be received: a time, or a duration from now such as 7d
    #[arg(long, value_name = "TIME", value_parser = moment::parse)]
    expires: Option<Moment>,
}

/// The state that an event is drafted on.
pub(crate) struct Desk {
    folded: Folded,
    path: PathBuf,
    /// The instant that conditions are compared with
    pub(crate) now: Time,
}

impl LedgerArgs {
    /// Reads the state of the ledger.
    pub(crate) fn open(&self, term: &mut Term) -> anyhow::Result<Desk> {
        let path = self.dir.path()?;
        let reader = ledger::open(&path)?;
        let folded = fold(&reader, Until::End)?;
        term.detail(format!("{}: as of entry {}", path.display(), folded.n));
        let now = folded.now();
        Ok(Desk { folded, path, now })
    }
}

impl Desk {
    /// Who is known.
    pub(crate) fn registry(&self) -> &Registry {
        self.folded.registry()
    }

    /// Where somebody is looked for.
    pub(crate) fn book(&self) -> Book<'_> {
        Book { registry: self.folded.registry(), path: &self.path }
    }

    /// The ledger's folder, as it is shown.
    pub(crate) fn shown(&self) -> String {
        self.path.display().to_string()
    }
}

impl DraftArgs {
    /// Prints the record of an event, signed by those whose keys are here, unless it could not be taken.
    pub(crate) fn finish(&self, desk: &Desk, deed: Deed, term: &mut Term) -> anyhow::Result<Outcome> {
        let registry = desk.registry();
        let expires = self.expires.map(|moment| moment.from(desk.now));
        let event = Event { ledger: *registry.ledger(), prev: registry.last_of(&deed), expires, deed };
        let mut record = checked(&event)?;
        let keys = self.sign(&mut record, term)?;
        let signed = SignedAt { keys: &keys, received: desk.now };
        registry.would_take(&event, &signed).with_context(|| desk.shown())?;
        term.data(&record)?;
        let missing = registry.missing(&event, &signed)?;
        let what = words::deed(registry, &event.deed, desk.now);
        term.say(format!("{what}; {}{}", in_words(&missing), alone(registry, &event, &signed)));
        Ok(Outcome::Yes)
    }

    fn sign(&self, record: &mut Object, term: &mut Term) -> anyhow::Result<Vec<Did>> {
        let mut signers = Vec::new();
        for name in &self.sign_with {
            let key = self.load(name, term)?;
            Signer::new(&key, &SignOptions::default()).sign(record).with_context(|| format!("-k {name}"))?;
            signers.push(Did::from(&key.public()));
        }
        Ok(signers)
    }

    fn load(&self, name: &str, term: &mut Term) -> anyhow::Result<SecretKey> {
        let path = keys::find_secret(name)?;
        let key = keys::load(&path, &self.passphrase)?;
        term.detail(format!("key {}: {}", path.display(), key.public()));
        Ok(key)
    }
}

/// The record, if it can be read as the event that it is made of.
fn checked(event: &Event) -> anyhow::Result<Object> {
    let record = event.to_record();
    match Event::parse(&record) {
        Some(Ok(read)) if read == *event => Ok(record),
        Some(Err(bad)) => Err(bad.into()),
        _ => anyhow::bail!("the event cannot be written as a record"),
    }
}

fn in_words(missing: &[String]) -> String {
    match missing {
        [] => "has all signatures".to_owned(),
        missing => format!("still to sign: {}", missing.join(", and ")),
    }
}

/// What one signature comes to where two are better.
fn alone(registry: &Registry, event: &Event, signed: &SignedAt<'_>) -> String {
    let Deed::Return { device, .. } = &event.deed else { return String::new() };
    let lessor = registry.device(device).map(|device| NeededSigner::Party("the lessor", device.owner.is));
    match lessor.filter(|lessor| !registry.is_met(lessor, event.kind(), signed)) {
        None => String::new(),
        Some(lessor) => {
            let lessor = registry.need_in_words(&lessor);
            format!("; ends in 48 hours unless {lessor} signs too")
        }
    }
}

/// The commitment to a next key: its hash, or the key in any of its forms.
pub(crate) fn commitment(text: &str, key: &Did, registry: &Registry) -> anyhow::Result<Hash> {
    let hash = if let Some(hash) = Hash::parse(text) {
        hash
    } else {
        let next = Did::from(&keys::who(text).context("--next")?);
        // Rotation to it would be refused, and nothing else is possible then.
        anyhow::ensure!(registry.holder(&next).is_none(), "--next {text}: was used here before");
        next.commitment()
    };
    if hash == key.commitment() {
        return Err(anyhow::anyhow!("--next {text}: is the key itself, to which nobody can change"))
            .hint("foil keygen NAME --next makes both");
    }
    Ok(hash)
}

/// A key in any of its forms.
pub(crate) fn key(text: &str) -> anyhow::Result<Did> {
    keys::who(text).map(|key| Did::from(&key)).context("--key")
}
