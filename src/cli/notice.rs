//! What is noticed of ledgers, in words.

use crate::{
    audit::ledger::LedgerNotice,
    cli::term::Term,
    hash::Hash,
    ledger::pins::{Forgotten, Sight},
};

/// Tells what was noticed of a ledger besides its findings.
pub(crate) fn of_ledger(notice: &LedgerNotice, term: &mut Term) {
    match notice {
        LedgerNotice::SecretKeyInside(path) => term.warn(format!(
            "{}: a private key inside the ledger's folder; whoever gets a copy can sign",
            path.display()
        )),
        LedgerNotice::Namesake { origin, other, id } => {
            term.warn(format!("{origin}: was seen before as another ledger, {other}; this one is {id}"));
        }
        LedgerNotice::SeenUnreadable(why) => {
            term.warn(format!("what was seen of this ledger before cannot be read: {why:#}"));
        }
        LedgerNotice::Forgotten { origin, id, forgotten } => term.say(of_forgotten(origin, id, forgotten)),
        LedgerNotice::KeyTrusted(sight) => {
            let origin = &sight.checkpoint.checkpoint().origin;
            term.say(format!("{origin}: the log's key is known here from now on: {}", sight.key));
        }
        LedgerNotice::Unremembered(why) => {
            term.warn(format!("what was seen cannot be remembered: {why:#}"));
        }
    }
}

fn of_forgotten(origin: &str, id: &Hash, forgotten: &Forgotten) -> String {
    let Forgotten { sight, since, kept } = forgotten;
    let Some(kept) = kept.first() else {
        return format!("{origin}: nothing was seen of ledger {id}, so nothing is forgotten");
    };
    let what = |Sight { key, checkpoint }: &Sight| {
        let stated = checkpoint.checkpoint();
        format!("{} entries, root {}, log key {key}", stated.size, stated.root)
    };
    let what = sight.as_ref().map_or("what cannot be read".to_owned(), what);
    let since = since.map_or(String::new(), |since| format!(", seen at {since}"));
    format!("{origin}: forgotten of ledger {id}: {what}{since}; kept in {}", kept.display())
}
