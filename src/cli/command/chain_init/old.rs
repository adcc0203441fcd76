//! `foil chain init --continues`: the ledger that the new one goes on from, and whose signatures that takes.

use std::path::{Path, PathBuf};

use anyhow::{Context, ensure};

use crate::{
    audit::succession::LedgerFamily,
    cli::{
        command::verify::{self, AskedOfLedgers},
        failure::Hint,
        io,
        keys::KeyArgs,
        ledger,
        term::Term,
    },
    hash::Hash,
    json::Object,
    key::{PublicKey, SecretKey},
    ledger::{
        files::{folder::Folder, tree},
        pins::Successor,
    },
    record::{
        genesis::{Continued, Genesis},
        writers::Writers,
    },
    verify::GivenKey,
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

/// A ledger that is to be continued.
pub(super) struct Old {
    path: PathBuf,
    id: Hash,
    genesis: Genesis,
    /// Where it ends
    end: Continued,
    /// Keys that sign for it
    keys: Vec<SecretKey>,
}

impl OldArgs {
    /// The ledger that is continued, once it has been verified; none where the new one stands alone.
    pub(super) fn open(&self, keys: &KeyArgs, term: &mut Term) -> anyhow::Result<Option<Old>> {
        let Some(path) = &self.continues else { return Ok(None) };
        let path = ledger::resolve(path)?;
        let old_keys = self.old_key.iter().map(|name| keys.load_other(name, term));
        Old::open(&path, old_keys.collect::<anyhow::Result<_>>()?, term).map(Some)
    }

    /// The finished entry 0, if it is in a file.
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

impl Old {
    fn open(path: &Path, keys: Vec<SecretKey>, term: &mut Term) -> anyhow::Result<Self> {
        let shown = path.display();
        let declared =
            crate::verify::unproven_declaration(&ledger::folder(path)?).with_context(|| shown.to_string())?;
        let declared = declared.with_context(|| format!("{shown}: entry 0 declares no ledger"))?;
        let (id, genesis) = (declared.id, declared.genesis);
        let log = keys.iter().map(SecretKey::public).find(|key| *key == genesis.log);
        let asked = AskedOfLedgers { key: log.map(GivenKey::Key), ..AskedOfLedgers::default() };
        let report = verify::ledger(path, &asked, &mut LedgerFamily::default(), term)?;
        let verify = format!("foil verify {shown}");
        if !report.sound() {
            return Err(anyhow::anyhow!("{shown}: is not sound, so nothing can go on from it")).hint(verify);
        }
        if report.vouched.is_empty() {
            let why = anyhow::anyhow!("{shown}: nobody vouches for it, so nothing can go on from it");
            return Err(why).hint(format!("{verify} --key KEY, with the key that its operator gave away"));
        }
        let (Some(size), Some(root)) = (report.size, report.root) else {
            anyhow::bail!("{shown}: no checkpoint");
        };
        Ok(Self { path: path.to_owned(), id, genesis, end: Continued { ledger: id, size, root }, keys })
    }

    /// Where the new ledger goes on.
    pub(super) fn end(&self) -> Continued {
        self.end.clone()
    }

    /// Who signs for the old ledger.
    pub(super) fn keys(&self) -> &[SecretKey] {
        &self.keys
    }

    /// The old admins, one voice each, with the new log key in the place of the old one: that may be stolen.
    pub(super) fn admins(&self, log: &PublicKey) -> Vec<PublicKey> {
        let mut admins = Vec::with_capacity(self.genesis.admins.len());
        for admin in self.genesis.admins.iter().map(|admin| self.instead(admin, log)) {
            if !admins.contains(admin) {
                admins.push(admin.clone());
            }
        }
        admins
    }

    /// The old writers, with the new log key in the place of the old one: the gateway may be one of them.
    pub(super) fn writers(&self, log: &PublicKey) -> Writers {
        match &self.genesis.writers {
            Writers::Keys(keys) => {
                Writers::Keys(keys.iter().map(|key| self.instead(key, log).clone()).collect())
            }
            other => other.clone(),
        }
    }

    fn instead<'a>(&self, key: &'a PublicKey, log: &'a PublicKey) -> &'a PublicKey {
        if *key == self.genesis.log { log } else { key }
    }

    /// Whether a new ledger so signed may go on from here, and does.
    ///
    /// # Errors
    /// If not: who is missing, or what does not fit.
    pub(super) fn check(&self, new: &Genesis, signers: &[PublicKey]) -> anyhow::Result<()> {
        let shown = self.path.display();
        let continued =
            new.continues.as_ref().context("entry 0 continues no ledger, and --continues names one")?;
        ensure!(
            continued.ledger == self.id,
            "entry 0 continues ledger {}, and {shown} is {}",
            continued.ledger,
            self.id
        );
        let (size, has) = (continued.size, self.end.size);
        ensure!(size <= has, "entry 0 continues {shown} at {size} entries; it has {has}");
        let same = self.root_at(size)? == Some(continued.root);
        ensure!(same, "entry 0 continues {shown} at {size} entries with another root than it has there");
        let consent = self.genesis.consent(signers).map(|_| ()).context("entry 0");
        consent.hint(format!(
                "--old-key KEY; or chain init … --continues {shown} -n > entry0.json, foil sign -k KEY entry0.json by those who are missing, and chain init … --continues {shown} --genesis FILE"
        ))
    }

    /// The root at a size up to the end, as far as `tree/` knows it.
    fn root_at(&self, size: u64) -> anyhow::Result<Option<Hash>> {
        if size == self.end.size {
            return Ok(Some(self.end.root));
        }
        let frontier = tree::frontier(&Folder::new(&self.path), size)?;
        Ok(frontier.map(|frontier| frontier.root()))
    }

    /// Refuses a second successor.
    pub(super) fn refuse_second(&self, id: &Hash) -> anyhow::Result<()> {
        let known = ledger::seen().successor(&self.genesis.origin, &self.id);
        let Some(other) = known.filter(|known| known.ledger != *id) else { return Ok(()) };
        let shown = self.path.display();
        Err(anyhow::anyhow!(
            "{shown}: is continued by ledger {} already, and can have one successor",
            other.ledger
        ))
        .hint(format!("if that one was never used: foil verify {shown} --forget"))
    }

    /// Remembers which ledger goes on from here, so that no user goes on writing here by mistake; says what was
    /// written here in the meantime, or before a signature was there.
    pub(super) fn remember(&self, id: Hash, size: u64, term: &mut Term) {
        let successor = Successor { ledger: id, size };
        let path = self.path.display();
        if let Err(error) = ledger::seen().continue_with(&self.genesis.origin, &self.id, &successor) {
            term.warn(format!("that {path} is continued cannot be remembered: {error:#}"));
        }
        let has = ledger::open(&self.path).map_or(self.end.size, |reader| reader.size());
        if has > size {
            term.warn(format!("{path}: has {has} entries, of which the new ledger takes over {size}"));
        }
    }
}
