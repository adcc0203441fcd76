//! What completion offers for a word: commands, words of the prompt, files.

use super::{PROMPT_WORDS, is_ours, words::PartialLine};
use crate::cli::{complete, keys, tree};

/// What could stand in the place of the word under the cursor.
pub(super) fn of(at: &PartialLine) -> Vec<String> {
    let words = at.words.strip_prefix(&["foil".to_owned()]).unwrap_or(&at.words);
    match words.first().map(String::as_str) {
        _ if at.file => complete::files(&at.current),
        None if at.first => complete::for_prompt(with_builtins(), &[], &at.current),
        None => complete::for_prompt(tree(None), &[], &at.current),
        Some("help") if at.first => complete::for_prompt(tree(None), &words[1..], &at.current),
        Some(name) if is_ours(name) || at.first && PROMPT_WORDS.contains(&name) => {
            complete::for_prompt(with_builtins(), words, &at.current)
        }
        Some(_) => complete::files(&at.current),
    }
}

/// The tree of commands and the words of the prompt.
fn with_builtins() -> clap::Command {
    let ledger = clap::Arg::new("ledger").value_hint(clap::ValueHint::DirPath);
    let secret = clap_complete::engine::ArgValueCompleter::new(keys::complete_secret);
    let choose = clap::Command::new("use").args([ledger, clap::Arg::new("key").add(secret)]);
    let folder = clap::Arg::new("folder").value_hint(clap::ValueHint::DirPath);
    let go = clap::Command::new("cd").arg(folder);
    let others = ["help", "history", "exit", "quit"].map(clap::Command::new);
    let ours = [choose, go].into_iter().chain(others).map(|word| word.disable_help_flag(true));
    tree(None).subcommands(ours)
}
