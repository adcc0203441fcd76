//! Ledgers on the command line: the folder that is meant, the clocks, what was seen.

use std::path::{Path, PathBuf};

use anyhow::Context;
use clap_complete::engine::ArgValueCompleter;

use super::{
    complete, defaults,
    failure::{Hint, hint_if},
    foreign, notice, paste,
    term::Term,
};
use crate::{
    audit::{
        checked_reader::{self, CheckedReader},
        exposure::secret_keys_in,
        ledger::LedgerNotice,
        rollback::must_follow_what_was_seen,
        target::{self, FileNotLedger, Log, NotPublished, PublishedNotLedger},
    },
    hash::Hash,
    key::{PublicKey, SecretKey},
    ledger::{
        files::{folder::Folder, read::Reader},
        pins::Seen,
        write::{
            append::WriterMachine,
            machine_id::{MAX_NAME, MachineId},
        },
    },
    machine,
    rules::received::ClockReading,
    tlog::{
        consistency::{Consistency, Inconsistent},
        view::View,
    },
    verify::KeySource,
};

/// A ledger's folder, as the argument DIR.
#[derive(clap::Args)]
pub(crate) struct DirArg {
    /// The ledger's folder; @, or none where nothing else could be meant, stands for `$FOIL_LEDGER`
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath, add = ArgValueCompleter::new(complete::ledgers))]
    dir: PathBuf,
}

impl DirArg {
    /// The folder that is meant.
    pub(crate) fn path(&self) -> anyhow::Result<PathBuf> {
        resolve(&self.dir)
    }

    /// Opens the ledger for reading.
    pub(crate) fn open(&self) -> anyhow::Result<Reader> {
        open(&self.path()?)
    }
}

/// A ledger that is only read, as the argument LEDGER: wherever it lies.
#[derive(clap::Args)]
pub(crate) struct LogArg {
    /// A ledger's folder, a published folder, or the URL of one; @, or none where nothing else could be meant, stands for
    /// `$FOIL_LEDGER`
    #[arg(value_name = "LEDGER", value_hint = clap::ValueHint::DirPath, add = ArgValueCompleter::new(complete::ledgers))]
    ledger: PathBuf,
}

impl LogArg {
    /// The place that is meant.
    pub(crate) fn path(&self) -> anyhow::Result<PathBuf> {
        resolve(&self.ledger)
    }
}

/// Whether a command answers from what it has not verified.
#[derive(clap::Args)]
pub(crate) struct AnswerArgs {
    /// Answer from what stands there, without verifying it
    #[arg(long)]
    pub(crate) no_verify: bool,
}

impl AnswerArgs {
    /// Opens the ledger at a place for answers.
    pub(crate) fn open(&self, place: &Path) -> anyhow::Result<Reader<Log>> {
        let opened = if self.no_verify { read(place) } else { checked_reader::open(place) };
        opened.map_err(with_hint).map_err(|why| hint_of_default(place, why))
    }

    /// Checks the ledger as far as every answer needs it, and tells whose word it is.
    pub(crate) fn check<'a>(
        &self,
        reader: &'a Reader<Log>,
        term: &mut Term,
    ) -> anyhow::Result<CheckedReader<'a>> {
        if self.no_verify {
            term.warn("the ledger is trusted, not verified");
            return Ok(CheckedReader::unchecked(reader));
        }
        let seen = seen();
        let checked = CheckedReader::open(reader, &seen)?;
        if checked.key == KeySource::None {
            let declared = checked.declaration()?;
            warn_of_namesakes(&seen, &declared.genesis.origin, &declared.id, term);
            let (shown, log) = (reader.shown(), declared.genesis.log);
            term.say(format!(
                "{shown}: consistent in itself, but nobody outside vouches for it: all of it is the word of {log}, which is not known here"
            ));
        }
        Ok(checked)
    }
}

/// An older copy than what was seen before does not know the end; what it has is true all the same.
pub(crate) fn warn_of_age(checked: &CheckedReader<'_>, term: &mut Term) {
    if let Some(differs) = &checked.differs {
        term.warn(format!("{}: {differs}", checked.reader().shown()));
    }
}

/// Opens the ledger at a place for reading: a folder, published or not, or a URL.
pub(crate) fn read(place: &Path) -> anyhow::Result<Reader<Log>> {
    target::open(place)?.read()
}

/// Opens the ledger in a folder for reading.
pub(crate) fn open(path: &Path) -> anyhow::Result<Reader> {
    Reader::open(folder(path)?)
}

/// The folder of a ledger.
pub(crate) fn folder(path: &Path) -> anyhow::Result<Folder> {
    target::ledger_folder(path).map_err(with_hint).map_err(|why| hint_of_default(path, why))
}

/// A word that is no folder may have been meant for the ledger that need not be named.
pub(crate) fn hint_of_default(path: &Path, why: anyhow::Error) -> anyhow::Error {
    match defaults::ledger().filter(|_| !target::is_log(path)) {
        Some(ledger) if ledger == path => why.hint("$FOIL_LEDGER, or use at the prompt, names it"),
        Some(_) if path.components().count() == 1 => {
            why.hint(format!("the ledger of $FOIL_LEDGER is @: foil … @ {}", paste::path(path)))
        }
        _ => hint_if(why, paste::near_path(path)),
    }
}

/// What to do where a ledger's folder is needed and a published log is there.
pub(crate) fn with_hint(error: anyhow::Error) -> anyhow::Error {
    if let Some(answer) = error.downcast_ref::<NotPublished>() {
        let advice = match answer {
            NotPublished::PlainLedger(_) => {
                "foil chain publish LEDGER DEST makes what a web server can serve; or copy the folder, and verify the copy"
            }
            NotPublished::Other(..) => {
                "is the URL that of the published folder itself? a login page may stand before it"
            }
        };
        return error.hint(advice);
    }
    if let Some(FileNotLedger { shown, kind }) = error.downcast_ref() {
        let advice = kind.and_then(|kind| foreign::advice(kind, shown));
        return match advice {
            Some(advice) => error.hint(advice),
            None => error,
        };
    }
    let Some(PublishedNotLedger(path)) = error.downcast_ref() else { return error };
    let shown = paste::path(path);
    error.hint(format!(
        "what only reads takes it, such as foil verify {shown}; foil chain clone {shown} DIR makes a ledger's folder of it"
    ))
}

/// Refuses to sign a ledger with another key than its own, which a ledger keeps for ever.
pub(crate) fn ensure_log_key(path: &Path, log: &PublicKey, key: &SecretKey) -> anyhow::Result<()> {
    if *log == key.public() {
        return Ok(());
    }
    let shown = path.display();
    Err(anyhow::anyhow!("{shown}: the key that signs this ledger is {log}")).hint(format!(
        "if that one is lost, most of the ledger's admins can agree to a successor: foil chain init NEW -k KEY --continues {}",
        paste::path(path)
    ))
}

/// Refuses a ledger that is older than, or another than, what was seen before.
pub(crate) fn refuse_what_was_otherwise(reader: &Reader) -> anyhow::Result<()> {
    must_follow_what_was_seen(reader, &seen()).map_err(|why| hint_of_rollback(reader, why))
}

/// What to do where a ledger is older than, or another than, what was seen before.
pub(crate) fn hint_of_rollback(reader: &Reader, error: anyhow::Error) -> anyhow::Error {
    let shown = paste::path(reader.folder().path());
    match error.downcast_ref::<Inconsistent>().map(|differs| differs.compared) {
        None => error,
        // The hashes are derived: whether the entries lead to the signed root decides.
        Some(Consistency::Unknown) => error.hint(format!(
            "foil verify {shown} tells more; foil chain repair {shown} makes tree/ anew from the entries"
        )),
        Some(_) => error.hint(format!("foil verify {shown} tells more")),
    }
}

/// Another copy of a ledger, which helps this one, and its name: a folder, published or not, or a URL.
pub(crate) fn copy(path: &Path) -> anyhow::Result<(Box<dyn View>, String)> {
    let path = resolve(path)?;
    let name = target::shown(&path);
    let view = target::log(&path).map_err(with_hint)?;
    let view = view.with_context(|| format!("{name}: no ledger, and no published log"))?;
    Ok((view.into_view(), name))
}

/// Turns `@` into the folder that `use` or `$FOIL_LEDGER` names.
pub(crate) fn resolve(dir: &Path) -> anyhow::Result<PathBuf> {
    let meant = defaults::meant(dir).context("@: FOIL_LEDGER is not set");
    meant.hint("export FOIL_LEDGER=DIR, or at the prompt: use DIR")
}

/// The folder that a target stands for; none where `@` stands for nothing.
pub(crate) fn named(target: &Path) -> Option<PathBuf> {
    resolve(target).ok()
}

/// Which machine writes, as an argument.
#[derive(clap::Args)]
pub(crate) struct MachineArg {
    /// What this machine is called, where no machine id lasts, as in containers; `$FOIL_MACHINE` where absent
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
}

/// What this machine is called in the `lock` of a ledger.
pub(crate) fn machine_name() -> String {
    defaults::machine().unwrap_or_else(machine::id)
}

impl MachineArg {
    /// The machine that is meant. Where it cannot be told from its clones, that is said.
    pub(crate) fn id(&self, term: &mut Term) -> anyhow::Result<MachineId> {
        if let Some(name) = self.machine.clone().or_else(defaults::machine) {
            let id = MachineId::named(&name);
            return id.with_context(|| {
                format!("{name:?}: a machine is named by 1 to {MAX_NAME} of A-Z a-z 0-9 . _ : @ -")
            });
        }
        let (id, why) = MachineId::found(&state());
        if let Some(why) = why {
            term.warn(format!(
                "the id of this machine cannot be kept, so it cannot be told from a clone: {why:#}"
            ));
        }
        Ok(id)
    }
}

/// The clocks of this machine now.
pub(crate) fn here(machine: &MachineId) -> WriterMachine {
    let now = machine::now();
    WriterMachine {
        machine: machine.clone(),
        boot: now.boot,
        clock: ClockReading { wall: now.wall, up: now.up },
        synchronised: now.synchronised,
    }
}

/// The memory of this user.
pub(crate) fn seen() -> Seen {
    Seen::new(state().join("seen")).at(machine::wall())
}

/// The folder for what this user remembers.
#[allow(clippy::disallowed_methods)] // the environment is read here
fn state() -> PathBuf {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    // Without a home the memory is in a folder that cannot be written, and a warning says so.
    state.unwrap_or_else(|| PathBuf::from("/nonexistent")).join("foil")
}

/// How many threads may work at once.
pub(crate) fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// Another ledger of the same name is another log, whatever it says.
pub(crate) fn warn_of_namesakes(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) {
    for other in seen.namesakes(origin, id) {
        notice::of_ledger(&LedgerNotice::Namesake { origin: origin.to_owned(), other, id: *id }, term);
    }
}

/// A private key beside the ledger is one that a copy of the folder gives away.
pub(crate) fn warn_of_keys(path: &Path, term: &mut Term) {
    secret_keys_in(path).for_each(|path| notice::of_ledger(&LedgerNotice::SecretKeyInside(path), term));
}
