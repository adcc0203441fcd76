//! Ledgers on the command line: the folder that is meant, the clocks, what was seen.

use std::path::{Path, PathBuf};

use anyhow::Context;

use super::{defaults, failure::Hint, notice, term::Term};
use crate::{
    audit::{exposure::secret_keys_in, ledger::LedgerNotice, target},
    hash::Hash,
    ledger::{
        files::{folder::Folder, read::Reader, tree},
        pins::Seen,
        write::append::WriterMachine,
    },
    machine,
    rules::received::ClockReading,
    tlog::{
        consistency::{Consistency, EarlierTree, KnownBy},
        view::View,
    },
};

/// A ledger's folder, as the argument DIR.
#[derive(clap::Args)]
pub(crate) struct DirArg {
    /// The ledger's folder; @ stands for `$FOIL_LEDGER`
    #[arg(value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
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

/// Opens the ledger in a folder for reading.
pub(crate) fn open(path: &Path) -> anyhow::Result<Reader> {
    Reader::open(folder(path)?)
}

/// The folder of a ledger. A published log has no entries in lines, and none of what else a ledger has.
pub(crate) fn folder(path: &Path) -> anyhow::Result<Folder> {
    let shown = path.display();
    anyhow::ensure!(path.is_dir(), "{shown}: no such folder");
    if target::is_published(path) {
        return Err(anyhow::anyhow!("{shown}: is a published log, not a ledger"))
            .hint(format!("foil verify {shown}; foil chain diff and foil chain prove read it too"));
    }
    Ok(Folder::new(path))
}

/// Refuses a ledger that is older than, or another than, what was seen before: it is evidence, and nothing to tidy
/// up or to show around.
pub(crate) fn refuse_what_was_otherwise(reader: &Reader) -> anyhow::Result<()> {
    let id = reader.declaration()?.id;
    let origin = &reader.checkpoint().checkpoint().origin;
    let Ok(Some(sight)) = seen().recall(origin, &id) else { return Ok(()) };
    // A writer may have gone on since the ledger was opened, and what it wrote is remembered after it stands there.
    let now = Reader::open(reader.folder().clone())?;
    let stated = now.checkpoint().checkpoint();
    let shown = reader.folder().path().display().to_string();
    let seen = EarlierTree::new(sight.checkpoint.checkpoint(), KnownBy::Seen);
    let tree = tree::stated(reader.folder(), stated)?;
    let root_at = |size| tree.as_ref().map_or(Ok(None), |tree| tree::root_at(reader.folder(), size, tree));
    let compared = seen.compare(stated, root_at)?;
    // That a tree does not lead to the root, each command says that needs the tree.
    if compared == Consistency::Unknown && tree.is_none() {
        return Ok(());
    }
    let followed = seen.must_be_followed(compared, stated.size).with_context(|| shown.clone());
    followed.hint(format!("foil verify {shown} tells more"))
}

/// Another copy of a ledger, which helps this one, and its name: a folder, published or not, or a URL.
pub(crate) fn copy(path: &Path) -> anyhow::Result<(Box<dyn View>, String)> {
    let path = resolve(path)?;
    let name = target::shown(&path);
    let view = target::log(&path)?;
    Ok((view.with_context(|| format!("{name}: no ledger, and no published log"))?, name))
}

/// Turns `@` into the folder that `use` or `$FOIL_LEDGER` names.
pub(crate) fn resolve(dir: &Path) -> anyhow::Result<PathBuf> {
    if dir.as_os_str() != "@" {
        return Ok(dir.to_owned());
    }
    let named = defaults::ledger().context("@: FOIL_LEDGER is not set");
    named.hint("export FOIL_LEDGER=DIR, or at the prompt: use DIR")
}

/// The folder that a target stands for; none where `@` stands for nothing.
pub(crate) fn named(target: &Path) -> Option<PathBuf> {
    resolve(target).ok()
}

/// The clocks and the name of this machine now.
pub(crate) fn here() -> WriterMachine {
    let now = machine::now();
    WriterMachine {
        machine: machine::id(),
        boot: now.boot,
        clock: ClockReading { wall: now.wall, up: now.up },
        synchronised: now.synchronised,
    }
}

/// The memory of this user.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub(crate) fn seen() -> Seen {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    // Without a home the memory is in a folder that cannot be written, and a warning says so.
    Seen::new(state.unwrap_or_else(|| PathBuf::from("/nonexistent")).join("foil/seen"))
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
