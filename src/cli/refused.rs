//! Command lines that no command takes: what is wrong with them, and what was meant.

use std::ffi::OsString;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::{
    COMMANDS,
    failure::{Hint, Outcome},
    left_out, stage,
    term::{OutputForm, Term, Volume},
};
use crate::likeness;

/// Says what clap says: help on standard output with success, all else on standard error, in our form.
pub(super) fn refuse(error: &clap::Error, args: &[OsString], term: &mut Term) -> anyhow::Result<Outcome> {
    let text = error.render().to_string();
    if error.exit_code() == 0 {
        term.text(&left_out::help_in_brackets(args, &text))?;
        return Ok(Outcome::Yes);
    }
    if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
        term.explain(&text);
        return Ok(Outcome::CouldNot);
    }
    let stage = stage(args);
    term.begin(&stage, OutputForm::Auto, Volume::Normal);
    let told = text.trim_start_matches("error: ").lines().map(str::trim).filter(|line| !line.is_empty());
    let told = told.take_while(|line| !line.starts_with("Usage:") && !line.starts_with("For more"));
    let (tips, message): (Vec<&str>, Vec<&str>) = told.partition(|line| line.starts_with("tip:"));
    // That a value may begin with a dash is seldom what was meant, and never what helps.
    let mut tips = tips.iter().map(|tip| tip.trim_start_matches("tip:").trim());
    let tip = tips.find(|tip| !tip.starts_with("to pass ")).map(str::to_owned);
    let tip = tip.or_else(|| left_out::hint(args, error).map(str::to_owned)).or_else(|| meant(&stage, error));
    let between = if tip.as_ref().is_some_and(|tip| tip.ends_with('?')) { " " } else { "; " };
    let hint = format!("{}foil {stage}", tip.map_or_else(String::new, |tip| tip + between));
    Err(anyhow::Error::msg(message.join(" "))).hint(format!("{} --help", hint.trim_end()))
}

/// The command that was meant by a word that is none; `None`: no name is like it.
fn meant(stage: &str, error: &clap::Error) -> Option<String> {
    let Some(ContextValue::String(word)) = error.get(ContextKind::InvalidSubcommand) else { return None };
    let names = COMMANDS.iter().map(|entry| entry.name);
    let of_verb = |name: &&str| name.split_once(' ').is_some_and(|(_, verb)| verb == word);
    if let Some(name) = names.clone().find(of_verb) {
        return Some(format!("did you mean foil {name}?"));
    }
    let words = names.filter_map(|name| name.strip_prefix(stage)?.trim_start().split(' ').next());
    likeness::nearest(word, words).map(|near| format!("did you mean {near}?"))
}
