//! Files that are not what a command reads: what they are, and what to do.

use std::path::Path;

use super::{failure::Hint, paste};
use crate::file_kind::{FileKind, HEAD};

/// Refuses a file that is known to be something else, by its first bytes. `wanted` says what the command reads.
pub(crate) fn refuse(name: &str, head: &[u8], wanted: &str) -> anyhow::Result<()> {
    let Some(kind) = FileKind::of(head) else { return Ok(()) };
    let refused = Err(anyhow::anyhow!("{name}: is {kind}; {wanted}"));
    match advice(kind, name) {
        Some(advice) => refused.hint(advice),
        None => refused,
    }
}

/// The first bytes of a plain file; none where it is no plain file, or cannot be read: that is said by who reads it.
pub(crate) fn head(path: &Path) -> Vec<u8> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let is_file = std::fs::metadata(path).is_ok_and(|data| data.is_file());
    if let Some(file) = is_file.then(|| std::fs::File::open(path).ok()).flatten() {
        // What cannot be read says nothing about what it is.
        let _ = file.take(HEAD as u64).read_to_end(&mut bytes);
    }
    bytes
}

/// Of a folder that is no ledger: the ledgers around it, if there are any.
pub(crate) fn near(folder: &Path) -> Option<String> {
    let is_ledger = |folder: &Path| folder.join("checkpoint").is_file();
    if !folder.is_dir() || is_ledger(folder) || folder.join("entries").exists() {
        return None;
    }
    let above = folder.canonicalize().ok().and_then(|folder| folder.parent().map(Path::to_owned));
    if folder.ends_with("entries") && above.is_some_and(|above| is_ledger(&above)) {
        return Some(format!(
            "foil verify {} checks the ledger that it belongs to",
            paste::path(&folder.join(".."))
        ));
    }
    let inner = std::fs::read_dir(folder).ok()?.filter_map(Result::ok).map(|entry| entry.path());
    let mut ledgers: Vec<_> = inner.filter(|path| is_ledger(path)).map(|path| paste::path(&path)).collect();
    ledgers.sort();
    let more = match ledgers.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more ledgers are here"),
    };
    ledgers.truncate(NAMED);
    (!ledgers.is_empty()).then(|| format!("foil verify {}{more}", ledgers.join(" ")))
}

/// So many ledgers are named.
const NAMED: usize = 5;

/// What to do with a file of this kind; `None`: nothing makes it something that is read here.
pub(crate) fn advice(kind: FileKind, name: &str) -> Option<String> {
    let (piped, word) = (name == "standard input", paste::word(name));
    Some(match kind {
        FileKind::Packed(..) if piped => {
            "unpack it first, and name the file or the ledger's folder in it".to_owned()
        }
        FileKind::Packed(_, "gunzip") if is_tarball(name) => {
            format!("tar xzf {word}, and name the file or the ledger's folder that comes out")
        }
        FileKind::Packed(_, by) => {
            format!("{by} {word}, and name the file or the ledger's folder that comes out")
        }
        FileKind::WebPage => {
            "a login or error page may have been saved in its place: fetch the file itself again".to_owned()
        }
        FileKind::GitPointer => "git lfs pull fetches the file itself".to_owned(),
        FileKind::GitConflict => "git checkout --ours FILE, or --theirs, takes one of the two".to_owned(),
        FileKind::Utf16 if piped => "UTF-8 is read: iconv -f UTF-16 -t UTF-8 makes it that".to_owned(),
        FileKind::Utf16 => format!("UTF-8 is read: iconv -f UTF-16 -t UTF-8 {word} > NEW"),
        FileKind::PrivateKey => format!("give it to nobody; foil key show {word} says whose it is"),
        FileKind::Pem => format!("foil key show {word} reads keys"),
        FileKind::KeyName => "foil verify TARGET --key KEY takes it as the key".to_owned(),
        FileKind::Checkpoint => {
            format!(
                "foil show {word} says what it states, foil verify LEDGER --stub {word} holds a ledger to it"
            )
        }
        FileKind::Entries => entries(name),
        FileKind::JsonArray if piped => "jq -c '.[]' puts its objects on lines".to_owned(),
        FileKind::JsonArray => format!("jq -c '.[]' {word} puts its objects on lines"),
        FileKind::Document(_) | FileKind::Xml | FileKind::Table | FileKind::Binary => return None,
    })
}

fn is_tarball(name: &str) -> bool {
    let small = name.to_ascii_lowercase();
    [".tar.gz", ".tgz"].iter().any(|end| small.ends_with(end))
}

/// The ledger that a file of entries is of, if it lies in one.
fn entries(name: &str) -> String {
    let folder = Path::new(name).parent().filter(|folder| folder.ends_with("entries"));
    match folder.and_then(Path::parent) {
        Some(ledger) if ledger.as_os_str().is_empty() => "foil verify . checks the ledger".to_owned(),
        Some(ledger) => format!("foil verify {} checks the ledger", paste::path(ledger)),
        None => {
            "foil verify LEDGER checks a ledger; foil chain cat LEDGER --records gives its records".to_owned()
        }
    }
}
