//! An event that is to be: its record, and whose signatures it has and needs.

use std::borrow::Cow;

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use super::book::RegistryBook;
use crate::{
    audit::registry::{DraftedEvent, EventDraft, LedgerInstant, RegistryAt, fold},
    cli::{
        failure::{Hint, Outcome},
        keys::{self, PassphraseArgs},
        ledger::{self, AnswerArgs, LogArg},
        moment::{self, FutureMoment, MeantBy},
        term::Term,
    },
    explain::clause::{self, DeedTime},
    hash::Hash,
    key::{Did, SecretKey},
    machine,
    record::registry::Deed,
    rules::registry::Registry,
    time::{Time, TimeStyle},
};

/// The ledger that an event is for.
#[derive(clap::Args)]
pub(crate) struct LedgerArgs {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,
}

/// How an event is signed, and how long it can be taken.
#[derive(clap::Args)]
pub(crate) struct DraftArgs {
    /// Sign at once with this key, a file or a name that `foil keygen` gave; repeated for several
    #[arg(short = 'k', value_name = "KEY", add = ArgValueCompleter::new(keys::complete_secret))]
    sign_with: Vec<String>,

    #[command(flatten)]
    passphrase: PassphraseArgs,

    /// From when on the event can no longer be received: a time, a date (behind its
    /// last instant), or a duration from now such as 7d
    #[arg(long, value_name = "TIME", value_parser = moment::future)]
    expires: Option<FutureMoment>,
}

/// The ledger that an event is drafted for, as it stands.
pub(crate) struct DraftBase {
    state: RegistryAt,
    /// What the ledger is called in messages
    shown: String,
    /// The instant that conditions are compared with
    pub(crate) now: Time,
}

impl LedgerArgs {
    /// Reads the state of the ledger.
    pub(crate) fn open(&self, term: &mut Term) -> anyhow::Result<DraftBase> {
        let reader = self.answer.open(&self.log.path()?)?;
        let checked = self.answer.check(&reader, term)?;
        checked.must_be_of_late()?;
        let state = fold(&checked, LedgerInstant::End, machine::wall(), &ledger::machine_name())?;
        let shown = reader.shown().to_owned();
        term.detail(format!("{shown}: as of entry {}", state.n));
        let now = state.at;
        Ok(DraftBase { state, shown, now })
    }
}

impl DraftBase {
    /// Who is known.
    pub(crate) fn registry(&self) -> &Registry {
        self.state.registry()
    }

    /// Where members are looked up.
    pub(crate) fn book(&self) -> RegistryBook<'_> {
        RegistryBook { registry: self.state.registry(), place: &self.shown }
    }

    /// What the ledger is called in messages.
    pub(crate) fn shown(&self) -> String {
        self.shown.clone()
    }
}

impl DraftArgs {
    /// Prints the record of an event, signed by those whose keys are here, unless it could not be taken.
    pub(crate) fn finish(&self, base: &DraftBase, deed: Deed, term: &mut Term) -> anyhow::Result<Outcome> {
        self.finish_all(base, vec![deed], term)
    }

    /// The same of events that follow one another: nothing is printed unless all could be taken.
    pub(crate) fn finish_all(
        &self,
        base: &DraftBase,
        deeds: Vec<Deed>,
        term: &mut Term,
    ) -> anyhow::Result<Outcome> {
        let by = MeantBy::at(base.now, term);
        let expires = self.expires.map(|moment| moment.end(&by, base.now)).transpose()?;
        let keys: Vec<(&String, SecretKey)> = self
            .sign_with
            .iter()
            .map(|name| Ok((name, self.load(name, term)?)))
            .collect::<anyhow::Result<_>>()?;
        let times = TimeStyle::Local(term.zone());
        let (mut registry, mut drafts) = (Cow::Borrowed(base.registry()), Vec::new());
        let mut deeds = deeds.into_iter().peekable();
        while let Some(deed) = deeds.next() {
            let drafted = drafted(&registry, deed, expires, &keys, base)?;
            let what = clause::deed(&registry, &drafted.event.deed, DeedTime::Drafted(base.now), &times);
            if deeds.peek().is_some() {
                let n = base.state.n + 1 + drafts.len() as u64;
                registry = Cow::Owned(registry.supposing(n, &drafted.event, base.now)?);
            }
            drafts.push((drafted, what));
        }
        for (drafted, what) in drafts {
            term.data(&drafted.record)?;
            term.say(format!("{what}; {}", still_to_sign(&drafted)));
        }
        Ok(Outcome::Yes)
    }

    fn load(&self, name: &str, term: &mut Term) -> anyhow::Result<SecretKey> {
        let path = keys::find_secret(name)?;
        let key = keys::load(&path, &self.passphrase)?;
        term.detail(format!("key {}: {}", path.display(), key.public()));
        Ok(key)
    }
}

/// An event, signed by those whose keys are here.
fn drafted(
    registry: &Registry,
    deed: Deed,
    expires: Option<Time>,
    keys: &[(&String, SecretKey)],
    base: &DraftBase,
) -> anyhow::Result<DraftedEvent> {
    let mut draft = EventDraft::new(registry, deed, expires)?;
    for (name, key) in keys {
        draft.sign(key).with_context(|| format!("-k {name}"))?;
    }
    draft.finish(registry, base.now).with_context(|| base.shown())
}

fn still_to_sign(drafted: &DraftedEvent) -> String {
    let missing = match &drafted.missing[..] {
        [] => "has all signatures".to_owned(),
        missing => format!("still to sign: {}", missing.join(", and ")),
    };
    let lessor = drafted.unsigned_lessor.as_ref();
    let later = lessor.map(|lessor| format!("; ends in 48 hours unless {lessor} signs too"));
    missing + &later.unwrap_or_default()
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
