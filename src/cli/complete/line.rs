//! The line that is completed: its words, the shell that asks, the ledgers and contracts that it names.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use clap_complete::engine::CompletionCandidate;

use crate::{
    audit::target,
    cli::{defaults, term::escape},
};

/// The line that the prompt completes, the command's own name first; empty: a shell asks.
static PROMPT_LINE: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

/// The shell that asks, by its name or path; `None`: the prompt does.
static SHELL: Mutex<Option<OsString>> = Mutex::new(None);

/// A shell of this name asks.
pub(super) fn asked_by(shell: OsString) {
    *SHELL.lock().unwrap_or_else(PoisonError::into_inner) = Some(shell);
}

/// The prompt completes this line now.
pub(super) fn set(line: &[OsString]) {
    line.clone_into(&mut PROMPT_LINE.lock().unwrap_or_else(PoisonError::into_inner));
}

/// Who asks, which decides how a name with spaces is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asker {
    /// The prompt, which tells words as they are meant, and quotes what it puts in
    Prompt,
    /// A shell that quotes what it puts in
    Quoting,
    /// bash, which puts in what it is told
    Bash,
    /// A shell that puts in what it is told, by rules of its own
    Other,
}

impl Asker {
    fn current() -> Self {
        let shell = SHELL.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(shell) = shell.map(PathBuf::from) else { return Self::Prompt };
        match shell.file_stem().and_then(OsStr::to_str) {
            Some("zsh" | "fish" | "elvish") => Self::Quoting,
            Some("bash") => Self::Bash,
            _ => Self::Other,
        }
    }

    /// What is meant by a word as it stands on the line.
    fn read(self, word: &str) -> String {
        if self == Self::Prompt { word.to_owned() } else { unescaped(word) }
    }

    /// A name as it is to stand on the line; `None`: this shell would take it for something else.
    fn write(self, name: &str) -> Option<String> {
        match self {
            Self::Prompt | Self::Quoting => Some(name.to_owned()),
            Self::Bash => Some(escaped(name)),
            Self::Other => name.chars().all(is_plain).then(|| name.to_owned()),
        }
    }
}

/// Those of some names that begin as the current word does. Names that steer a terminal, or would be taken for flags, are
/// left out: they are what devices and strangers wrote.
pub(super) fn offered<'n>(
    names: impl IntoIterator<Item = &'n String>,
    current: &OsStr,
) -> Vec<CompletionCandidate> {
    let asker = Asker::current();
    let begun = asker.read(&current.to_string_lossy());
    let is_harmless = |name: &&String| !name.is_empty() && !name.starts_with('-') && escape(name) == **name;
    let names = names.into_iter().filter(is_harmless).filter(|name| name.starts_with(&begun));
    names.filter_map(|name| asker.write(name)).map(CompletionCandidate::new).collect()
}

/// The words of the line behind `foil`, as they are meant.
pub(super) fn words() -> Vec<String> {
    let line = PROMPT_LINE.lock().unwrap_or_else(PoisonError::into_inner).clone();
    // A shell says: foil -- foil chain cat.
    let line = if line.is_empty() { std::env::args_os().skip(2).collect() } else { line };
    let asker = Asker::current();
    line.iter().skip(1).map(|word| asker.read(&word.to_string_lossy())).collect()
}

/// The ledgers that the line names, else the one that `@` stands for. What is behind a URL is not asked: nobody who
/// presses a key waits for a server.
pub(super) fn ledgers() -> Vec<PathBuf> {
    let is_ledger = |path: &PathBuf| !target::is_url(path) && path.join("checkpoint").is_file();
    let words = words();
    let named = words.iter().filter_map(|word| defaults::meant(Path::new(word)));
    let named: Vec<PathBuf> = named.filter(is_ledger).collect();
    if named.is_empty() { defaults::ledger().filter(is_ledger).into_iter().collect() } else { named }
}

/// Files on the line that may be contracts.
pub(super) fn contracts() -> Vec<PathBuf> {
    let is_contract = |path: &PathBuf| {
        path.is_file() && path.extension().is_some_and(|ending| ending == "toml" || ending == "json")
    };
    words().into_iter().map(PathBuf::from).filter(is_contract).collect()
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || "-_./,:=@%+".contains(c)
}

/// A word for bash: a backslash before all that could mean something to it.
fn escaped(name: &str) -> String {
    let mut word = String::with_capacity(name.len());
    for c in name.chars() {
        if !is_plain(c) && c.is_ascii() {
            word.push('\\');
        }
        word.push(c);
    }
    word
}

/// What a word of a shell means, as far as backslashes and quotes go.
fn unescaped(word: &str) -> String {
    let (mut meant, mut chars) = (String::with_capacity(word.len()), word.chars());
    while let Some(c) = chars.next() {
        match c {
            '\\' => meant.extend(chars.next()),
            '\'' | '"' => {}
            c => meant.push(c),
        }
    }
    meant
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bash_is_told_each_name_as_one_word_that_means_it() {
        for name in ["probe-7", "excavator 07", "O'Brien & Sons", "$(reboot)", "Kühlraum 3", "a;b|c>d`e`\\"]
        {
            let word = escaped(name);
            assert_eq!(unescaped(&word), name, "{word}");
            let bash =
                std::process::Command::new("sh").args(["-c", &format!("printf %s {word}")]).output().unwrap();
            assert_eq!(String::from_utf8(bash.stdout).unwrap(), name, "{word}");
        }
        assert_eq!(unescaped("'excavator 0"), "excavator 0");
    }

    #[test]
    fn a_shell_with_rules_of_its_own_is_told_plain_names_only() {
        let told = |asker: Asker| asker.write("excavator 07");
        assert_eq!(told(Asker::Quoting).as_deref(), Some("excavator 07"));
        assert_eq!(told(Asker::Bash).as_deref(), Some("excavator\\ 07"));
        assert_eq!(told(Asker::Other), None);
        assert_eq!(Asker::Other.write("probe-7").as_deref(), Some("probe-7"));
    }

    #[test]
    fn shells_tell_words_as_they_are_typed_and_the_prompt_as_they_are_meant() {
        for asker in [Asker::Quoting, Asker::Bash, Asker::Other] {
            assert_eq!(asker.read("excavator\\ 0"), "excavator 0");
        }
        assert_eq!(Asker::Prompt.read("a\\b"), "a\\b");
    }

    #[test]
    fn names_that_steer_a_terminal_are_not_offered() {
        let names =
            ["probe", "pro\u{1b}[2Jbe", "pro\nbe", "pro\u{202e}be", "-probe", "", "room"].map(str::to_owned);
        let values = |current: &str| -> Vec<OsString> {
            let found = offered(&names, OsStr::new(current));
            found.iter().map(|found| found.get_value().to_owned()).collect()
        };
        assert_eq!(values("p"), ["probe"]);
        assert_eq!(values(""), ["probe", "room"]);
    }
}
