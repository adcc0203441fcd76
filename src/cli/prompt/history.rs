//! What was typed, as `history` shows it.

use std::path::PathBuf;

use super::editor;
use crate::cli::{
    failure::Hint,
    term::{Term, escape},
};

/// The file in which lines are remembered; `None`: no folder for it is named.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub(crate) fn path() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|path: &PathBuf| path.is_absolute());
    let state = folder("XDG_STATE_HOME").or_else(|| Some(folder("HOME")?.join(".local/state")));
    state.map(|state| state.join("foil/history"))
}

/// Shows the last lines, or all. Each has its number.
pub(super) fn show(count: &[&str]) -> anyhow::Result<()> {
    let count = match count {
        [] => Some(usize::MAX),
        [count] => count.parse().ok(),
        _ => None,
    };
    let count = count.ok_or_else(|| anyhow::anyhow!("history takes a number of lines, or nothing"))?;
    let path = path().ok_or_else(|| anyhow::anyhow!("lines are not remembered"));
    let lines = editor::remembered(&path.hint("export HOME=DIR")?)?;
    let mut term = Term::new();
    for (at, line) in lines.iter().enumerate().skip(lines.len().saturating_sub(count)) {
        let line: Vec<_> = line.split('\n').map(escape).collect();
        term.text(&format!("{:5}  {}\n", at + 1, line.join("\n       ")))?;
    }
    term.finish(true)
}
