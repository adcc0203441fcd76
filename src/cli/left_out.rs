//! Which ledger is meant where a command line names none: that of `use` or `$FOIL_LEDGER`, as if `@` stood there.
//!
//! ```text
//! foil chain status                      @
//! foil chain cat --last 5                @
//! foil registry lease probe --to bob …   @, since the device must be named and only one word stands there
//! foil contract check c.json             @
//! foil chain cat 5                       the folder 5: what stands first names the ledger wherever it can
//! ```
//!
//! So a word that may name a ledger always does, and nobody acts on another ledger than the one on the line. A command
//! that takes two folders wants both named.

use std::{ffi::OsString, path::Path};

use clap::{
    ArgMatches,
    error::{ContextKind, ContextValue, ErrorKind},
};

use crate::audit::target;

use super::{COMMANDS, defaults, stage, tree};

/// Commands in which a folder that is left out is never the default: they make one, or take two.
const NAMED: [&str; 3] = ["chain init", "chain publish", "chain diff"];

/// What the argument is called that names a ledger and stands first, and the one for several that stand last.
const LEDGER: [&str; 2] = ["dir", "ledger"];
const LEDGERS: &str = "ledgers";

/// What a line comes to with `@` where no ledger is named; none where one is, or none is left out, or `@` is none.
pub(super) fn filled_in(args: &[OsString], error: &clap::Error) -> Option<clap::error::Result<ArgMatches>> {
    defaults::ledger().filter(|_| lacks_a_ledger(args, error))?;
    let found = tree(args.first()).try_get_matches_from(line_with(args, "@")?);
    match &found {
        // A word that names a ledger is not taken for something else in another one.
        Ok(matches) if names_a_ledger(args, matches) => None,
        _ => Some(found),
    }
}

/// What to do about a line that names no ledger.
pub(super) fn hint(args: &[OsString], error: &clap::Error) -> Option<&'static str> {
    if !lacks_a_ledger(args, error) {
        return None;
    }
    Some(if defaults::ledger().is_some() {
        "@ stands for the ledger of $FOIL_LEDGER; name what follows it, too"
    } else {
        "name the ledger's folder, or export FOIL_LEDGER=DIR, or at the prompt: use DIR"
    })
}

/// A text of help in which the ledger stands in brackets where it may be left out. Its arguments are named in order.
pub(super) fn in_brackets(name: &str, positionals: &[String], text: &str) -> String {
    if !may_be_left_out(name, positionals) {
        return text.to_owned();
    }
    let shown = if positionals.first().is_some_and(|first| first == LEDGER[0]) { "DIR" } else { "LEDGER" };
    text.replace(&format!("<{shown}>"), &format!("[{shown}]"))
}

/// The same for the command that a line names.
pub(super) fn help_in_brackets(args: &[OsString], text: &str) -> String {
    in_brackets(&stage(args), &positionals(args), text)
}

/// Whether a command can do with the default ledger.
fn may_be_left_out(name: &str, positionals: &[String]) -> bool {
    let takes_dir = positionals.first().is_some_and(|first| LEDGER.contains(&first.as_str()));
    let takes_ledgers = positionals.last().is_some_and(|last| last == LEDGERS);
    COMMANDS.iter().any(|entry| entry.name == name) && !NAMED.contains(&name) && (takes_dir || takes_ledgers)
}

/// Whether a positional argument is missing from a command that can do with the default ledger.
fn lacks_a_ledger(args: &[OsString], error: &clap::Error) -> bool {
    let name = stage(args);
    let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg) else { return false };
    error.kind() == ErrorKind::MissingRequiredArgument
        && missing.iter().any(|argument| argument.starts_with('<'))
        && may_be_left_out(&name, &positionals(args))
}

/// What may stand where a ledger is left out: the argument behind it, by its id; `None`: the command needs no other.
pub(super) fn stands_in_its_place(words_so_far: &[String]) -> Option<String> {
    let args: Vec<OsString> = words_so_far.iter().map(OsString::from).collect();
    let root = tree(args.first());
    let command = words(&args).try_fold(&root, |command, (_, word)| command.find_subcommand(word))?;
    let mut positionals = command.get_positionals();
    let (ledger, other) = (positionals.next()?, positionals.next()?);
    let is_ledger = LEDGER.contains(&ledger.get_id().as_str());
    (is_ledger && other.is_required_set()).then(|| other.get_id().to_string())
}

fn takes_dir(args: &[OsString]) -> bool {
    positionals(args).first().is_some_and(|first| LEDGER.contains(&first.as_str()))
}

/// The positional arguments of the command that a line names.
fn positionals(args: &[OsString]) -> Vec<String> {
    let root = tree(args.first());
    let command = words(args).try_fold(&root, |command, (_, word)| command.find_subcommand(word));
    let positionals = command.into_iter().flat_map(clap::Command::get_positionals);
    positionals.map(|arg| arg.get_id().to_string()).collect()
}

/// The two words of a command, and where they stand.
fn words(args: &[OsString]) -> impl Iterator<Item = (usize, &str)> {
    let words = args.iter().enumerate().filter_map(|(at, arg)| Some((at, arg.to_str()?)));
    words.filter(|(_, arg)| !arg.starts_with('-')).take(2)
}

/// The line with a ledger: right behind the words of the command, or behind all else.
fn line_with(args: &[OsString], ledger: &str) -> Option<Vec<OsString>> {
    let at = if takes_dir(args) { words(args).nth(1)?.0 + 1 } else { args.len() };
    let (before, behind) = args.split_at(at);
    let whole = [&["foil".into()], before, &[ledger.into()], behind];
    Some(whole.concat())
}

/// Whether a word beside the ledger is the folder of one.
fn names_a_ledger(args: &[OsString], matches: &ArgMatches) -> bool {
    let mut leaf = matches;
    while let Some((_, below)) = leaf.subcommand() {
        leaf = below;
    }
    let others = positionals(args).into_iter().filter(|id| id != LEDGERS && !LEDGER.contains(&id.as_str()));
    let values = others.filter_map(|id| leaf.try_get_raw(&id).ok().flatten()).flatten();
    let is_ledger = |word: &Path| word.join("checkpoint").is_file() || target::is_log(word) && !word.is_dir();
    values.into_iter().any(|word| is_ledger(Path::new(word)))
}
