//! `foil chain init --continues`: the ledger that the new one goes on from, as the arguments name it.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::{
    audit::{
        continuation::{ContinuationRefused, LedgerToContinue},
        ledger::LedgerQuestion,
    },
    cli::{failure::Hint, io, keys::KeyArgs, ledger, notice, paste, term::Term},
    hash::Hash,
    json::Object,
    key::SecretKey,
};

/// What the new ledger goes on from.
#[derive(clap::Args)]
pub(super) struct OldArgs {
    /// Go on from this ledger, which must be sound, and known here or by --old-key
    #[arg(long, value_name = "OLD", value_hint = clap::ValueHint::DirPath)]
    continues: Option<PathBuf>,

    /// The old ledger's log key, or the key of one of its admins, to sign for it; repeated
    #[arg(long, value_name = "KEY", requires = "continues")]
    old_key: Vec<String>,

    /// Take entry 0 from a file: what -n printed, once the others have signed it
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath, conflicts_with_all = ["origin", "writers", "admin", "old_key", "dry_run"])]
    genesis: Option<PathBuf>,
}

/// A ledger that is to be continued, and the keys that sign for it.
pub(super) struct OldLedger {
    pub(super) ledger: LedgerToContinue,
    pub(super) keys: Vec<SecretKey>,
}

impl OldArgs {
    /// The ledger that is continued, once it has been verified; none where the new one stands alone.
    pub(super) fn open(&self, keys: &KeyArgs, term: &mut Term) -> anyhow::Result<Option<OldLedger>> {
        let Some(path) = &self.continues else { return Ok(None) };
        let path = ledger::resolve(path)?;
        let keys = self.old_key.iter().map(|name| keys.load_other(name, term));
        let keys = keys.collect::<anyhow::Result<Vec<_>>>()?;
        let public: Vec<_> = keys.iter().map(SecretKey::public).collect();
        let seen = ledger::seen();
        let mut question = LedgerQuestion::new(&seen, ledger::threads().try_into()?);
        question.options.explain = term.verbose();
        let tell = &mut |noticed| notice::of_ledger(&noticed, term);
        let opened = LedgerToContinue::open(&path, &public, question, tell);
        let ledger = opened.map_err(|why| with_hint(why, &path))?;
        Ok(Some(OldLedger { ledger, keys }))
    }

    /// The finished entry 0; none where it is in no file.
    pub(super) fn record(&self) -> anyhow::Result<Option<Object>> {
        let Some(path) = &self.genesis else { return Ok(None) };
        let name = || path.display().to_string();
        let mut records = io::records(Some(path))?;
        let record = records.next().with_context(|| format!("{}: no record in it", name()))?;
        let (_, record) = record.with_context(name)?;
        ensure!(records.next().is_none(), "{}: more than one record", name());
        Ok(Some(record))
    }
}

impl OldLedger {
    /// An error, with what to do about it where that is known.
    pub(super) fn hinted(&self, error: anyhow::Error) -> anyhow::Error {
        with_hint(error, self.ledger.folder())
    }

    /// Remembers which ledger goes on from here; says what was written here in the meantime, or before all signed.
    pub(super) fn remember(&self, id: Hash, size: u64, term: &mut Term) {
        let path = self.ledger.folder().display();
        if let Err(error) = self.ledger.remember(id, size, &ledger::seen()) {
            term.warn(format!("that {path} is continued cannot be remembered: {error:#}"));
        }
        let has = self.ledger.size_now();
        if has > size {
            term.warn(format!("{path}: has {has} entries, of which the new ledger takes over {size}"));
        }
    }
}

fn with_hint(error: anyhow::Error, ledger: &Path) -> anyhow::Error {
    let shown = paste::path(ledger);
    let hint = match error.downcast_ref::<ContinuationRefused>() {
        None => return ledger::with_hint(error),
        Some(ContinuationRefused::Unsound) => format!("foil verify {shown}"),
        Some(ContinuationRefused::Unvouched) => {
            format!("foil verify {shown} --key KEY, with the key that its operator gave away")
        }
        Some(ContinuationRefused::NoConsent(_)) => format!(
            "--old-key KEY; or chain init … --continues {shown} -n > entry0.json, foil sign -k KEY entry0.json by those who are missing, and chain init … --continues {shown} --genesis FILE"
        ),
        Some(ContinuationRefused::ContinuedBy(_)) => {
            format!("if that one was never used: foil verify {shown} --forget")
        }
    };
    error.hint(hint)
}
