//! The command line: one table of commands, from which the parser, help, man pages, completions and the
//! prompt are made.
//!
//! A command is a file in `command/` and a line in [`COMMANDS`].

mod caret;
mod closed;
mod command;
pub(crate) mod complete;
pub(crate) mod contract;
mod csv;
pub(crate) mod defaults;
pub(crate) mod entries;
pub(crate) mod explained;
pub(crate) mod failure;
pub(crate) mod files;
pub(crate) mod filter;
pub(crate) mod foreign;
pub(crate) mod io;
pub(crate) mod key_names;
pub(crate) mod keys;
pub(crate) mod ledger;
mod left_out;
pub(crate) mod live;
pub(crate) mod moment;
mod new_key;
pub(crate) mod notice;
mod passphrases;
pub(crate) mod paste;
pub(crate) mod port_words;
pub(crate) mod prompt;
pub(crate) mod pty_device;
mod qr;
pub(crate) mod record_text;
mod reference;
mod refused;
pub(crate) mod registry;
mod shell_word;
pub(crate) mod signals;
pub(crate) mod size;
pub(crate) mod stubs;
pub(crate) mod term;
mod unread_words;
mod writer;

use std::{ffi::OsString, process::ExitCode};

use clap::{Arg, ArgAction, ArgMatches, Command};

use crate::key::text::holds_private;

use failure::Outcome;
use refused::refuse;
use term::{OutputForm, Term, Volume};

pub use reference::{commands, examples, reference};

/// One thing that `foil` does.
pub(crate) struct CommandEntry {
    /// Its words, `chain append`
    pub(crate) name: &'static str,
    /// Adds its description and arguments
    augment: fn(Command) -> Command,
    /// Does it
    run: fn(&ArgMatches, &mut Term) -> anyhow::Result<Outcome>,
    /// Shown in help and man page, run by the tests
    pub(crate) examples: &'static [Example],
}

/// A command line worth copying.
pub(crate) struct Example {
    /// What it does, in a few words
    pub(crate) does: &'static str,
    /// The line for a shell
    pub(crate) line: &'static str,
}

macro_rules! entry {
    ($name:literal, $module:ident) => {
        CommandEntry {
            name: $name,
            augment: <command::$module::Args as clap::Args>::augment_args,
            run: |matches, term| {
                command::$module::run(&clap::FromArgMatches::from_arg_matches(matches)?, term)
            },
            examples: command::$module::EXAMPLES,
        }
    };
}

/// All commands, in the order of help.
pub(crate) const COMMANDS: &[CommandEntry] = &[
    entry!("keygen", keygen),
    entry!("key show", key_show),
    entry!("key export", key_export),
    entry!("key import", key_import),
    entry!("contact add", contact_add),
    entry!("contact list", contact_list),
    entry!("contact remove", contact_remove),
    entry!("sign", sign),
    entry!("show", show),
    entry!("verify", verify),
    entry!("chain init", chain_init),
    entry!("chain append", chain_append),
    entry!("chain tick", chain_tick),
    entry!("chain cat", chain_cat),
    entry!("chain plot", chain_plot),
    entry!("chain status", chain_status),
    entry!("chain publish", chain_publish),
    entry!("chain prove", chain_prove),
    entry!("chain diff", chain_diff),
    entry!("chain clone", chain_clone),
    entry!("chain stub", chain_stub),
    entry!("chain repair", chain_repair),
    entry!("chain pack", chain_pack),
    entry!("chain prune", chain_prune),
    entry!("registry show", registry_show),
    entry!("registry enroll", registry_enroll),
    entry!("registry assign", registry_assign),
    entry!("registry delegate", registry_delegate),
    entry!("registry rotate", registry_rotate),
    entry!("registry revoke", registry_revoke),
    entry!("registry transfer", registry_transfer),
    entry!("registry lease", registry_lease),
    entry!("registry return", registry_return),
    entry!("registry handover", registry_handover),
    entry!("registry retire", registry_retire),
    entry!("contract lint", contract_lint),
    entry!("contract compile", contract_compile),
    entry!("contract check", contract_check),
    entry!("contract blame", contract_blame),
    entry!("device ports", device_ports),
    entry!("device doctor", device_doctor),
    entry!("device formats", device_formats),
    entry!("device read", device_read),
    entry!("device poll", device_poll),
    entry!("device scan", device_scan),
    entry!("device record", device_record),
    entry!("device replay", device_replay),
    entry!("device simulate", device_simulate),
    entry!("gateway init", gateway_init),
    entry!("gateway run", gateway_run),
    entry!("repl", repl),
    entry!("demo", demo),
    entry!("man", man),
];

/// The shortest way from a device to a verdict.
const EXAMPLES: &[Example] = &[
    Example {
        does: "make a key, and a ledger that it signs",
        line: "foil keygen && foil chain init ledger -k key",
    },
    Example {
        does: "keep what a device says",
        line: "foil device read sim:cold-room --count 3 | foil sign -k gateway | foil chain append cold-room -k gateway",
    },
    Example { does: "look for every trace of tampering", line: "foil verify cold-room" },
    Example { does: "work at a prompt", line: "echo 'chain status cold-room' | foil repl" },
];

/// What the families of commands are about.
const FAMILIES: &[(&str, &str)] = &[
    ("key", "Show and export keys"),
    ("contact", "Name the keys of others"),
    ("chain", "Keep a ledger: a folder of signed entries in which every change shows"),
    ("registry", "Say who is who in a ledger, who owns what, and in whose hands it is"),
    ("contract", "Check contracts against ledgers"),
    ("device", "Read devices on serial ports, or simulate them"),
    ("gateway", "Read several devices, sign what they say, and keep it: one process, for years"),
];

/// Runs the process's command line.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub fn main() -> ExitCode {
    if std::env::var_os("COMPLETE").is_some()
        && let Some(done) = complete::for_shell()
    {
        return done;
    }
    signals::outlive_file_limit();
    let args: Vec<OsString> = std::env::args_os().skip(1).collect();
    run(&args, &mut Term::new()).into()
}

/// Runs one command line, without the leading `foil`. It can be run more than once in one process.
pub(crate) fn run(args: &[OsString], term: &mut Term) -> Outcome {
    let answer = answer(args, term);
    let finished = term.finish(answer.as_ref().is_ok_and(|outcome| *outcome != Outcome::CouldNot));
    notice::of_unsyncable_folders(term);
    match answer.and_then(|outcome| finished.map(|()| outcome)) {
        Ok(outcome) => outcome,
        Err(error) => {
            term.error(&error);
            failure::outcome(&error)
        }
    }
}

fn answer(args: &[OsString], term: &mut Term) -> anyhow::Result<Outcome> {
    // Scripts ask for the version often; it needs no tree.
    if let [only] = args
        && (only == "--version" || only == "-V")
    {
        term.text(concat!("foil ", env!("CARGO_PKG_VERSION"), "\n"))?;
        return Ok(Outcome::Yes);
    }
    if let [help, command @ ..] = args
        && help == "help"
    {
        return answer(&[command, &["--help".into()]].concat(), term);
    }
    if args.iter().filter_map(|arg| arg.to_str()).any(holds_private) {
        term.begin(&stage(args), OutputForm::Auto, Volume::Normal);
        return Err(keys::secret_as_argument("an argument"));
    }
    let words = std::iter::once(OsString::from("foil")).chain(args.iter().cloned());
    match tree(args.first()).try_get_matches_from(words) {
        Ok(matches) => dispatch(&matches, term),
        Err(error) => match left_out::filled_in(args, &error) {
            Some(Ok(matches)) => dispatch(&matches, term),
            Some(Err(error)) => refuse(&error, args, term),
            None => refuse(&error, args, term),
        },
    }
}

/// The words of a command line that name a command or a family, as far as they do.
fn stage(args: &[OsString]) -> String {
    let mut words = args.iter().filter_map(|arg| arg.to_str()).filter(|arg| !arg.starts_with('-'));
    let first = words.next().unwrap_or_default();
    let both = format!("{first} {}", words.next().unwrap_or_default());
    if COMMANDS.iter().any(|entry| entry.name == both) {
        both
    } else if COMMANDS.iter().any(|entry| branch(entry) == first) {
        first.to_owned()
    } else {
        String::new()
    }
}

fn dispatch(matches: &ArgMatches, term: &mut Term) -> anyhow::Result<Outcome> {
    let (name, leaf) = leaf(matches);
    term.begin(&name, form(matches), volume(matches));
    term.set_utc(matches.get_flag("utc"));
    let entry = COMMANDS.iter().find(|entry| entry.name == name);
    let entry = entry.ok_or_else(|| anyhow::anyhow!("no command {name:?}"))?;
    (entry.run)(leaf, term)
}

/// The words of the chosen command, and its own arguments.
fn leaf(matches: &ArgMatches) -> (String, &ArgMatches) {
    let mut words = Vec::new();
    let mut at = matches;
    while let Some((word, below)) = at.subcommand() {
        words.push(word);
        at = below;
    }
    (words.join(" "), at)
}

fn form(matches: &ArgMatches) -> OutputForm {
    match (matches.get_flag("json"), matches.get_flag("human")) {
        (true, _) => OutputForm::Json,
        (_, true) => OutputForm::Human,
        _ => OutputForm::Auto,
    }
}

fn volume(matches: &ArgMatches) -> Volume {
    match (matches.get_flag("quiet"), matches.get_flag("verbose")) {
        (true, _) => Volume::Quiet,
        (_, true) => Volume::Verbose,
        _ => Volume::Normal,
    }
}

/// The tree of commands. Where the first word names a branch, only that branch is built: a filter in a shell
/// loop starts as quickly as it can.
pub(crate) fn tree(first_word: Option<&OsString>) -> Command {
    let first_word = first_word.and_then(|word| word.to_str()).unwrap_or_default();
    let known = COMMANDS.iter().any(|entry| branch(entry) == first_word);
    let mut root = root();
    for entry in COMMANDS.iter().filter(|entry| !known || branch(entry) == first_word) {
        root = match entry.name.split_once(' ') {
            None => root.subcommand(leaf_command(entry, entry.name)),
            Some((family, verb)) => {
                if root.find_subcommand(family).is_none() {
                    root = root.subcommand(family_command(family));
                }
                root.mut_subcommand(family, |command| command.subcommand(leaf_command(entry, verb)))
            }
        };
    }
    root
}

/// The first word of a command's name.
fn branch(entry: &CommandEntry) -> &'static str {
    entry.name.split(' ').next().unwrap_or_default()
}

fn root() -> Command {
    let root = Command::new("foil")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Signed readings, a ledger in which every change shows, contracts checked against it")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
        .max_term_width(100)
        .args([
            flag("json", None, "Write JSON lines, also on a terminal").conflicts_with("human"),
            flag("human", None, "Write for people, also into a pipe"),
            flag("quiet", Some('q'), "Say errors and warnings only").conflicts_with("verbose"),
            flag("verbose", Some('v'), "Say what is read and decided"),
            flag("utc", None, "Read dates and show times in UTC, not as clocks here show them"),
        ]);
    with_examples(root, EXAMPLES)
}

fn flag(name: &'static str, short: Option<char>, help: &'static str) -> Arg {
    let flag = Arg::new(name).long(name).help(help).action(ArgAction::SetTrue).global(true);
    let flag = flag.help_heading("Talk").display_order(900);
    if let Some(short) = short { flag.short(short) } else { flag }
}

fn family_command(family: &'static str) -> Command {
    let about = FAMILIES.iter().find(|(name, _)| *name == family).map_or("", |(_, about)| about);
    Command::new(family)
        .about(about)
        .subcommand_required(true)
        .arg_required_else_help(true)
        .disable_help_subcommand(true)
}

fn leaf_command(entry: &'static CommandEntry, word: &'static str) -> Command {
    with_examples((entry.augment)(Command::new(word)).mut_args(with_sign), entry.examples)
}

/// A time, a duration or a zone may have a sign: whether it makes sense there is said by who reads it.
fn with_sign(arg: Arg) -> Arg {
    let names = arg.get_value_names().unwrap_or_default();
    let has_sign = |name: &str| ["TIME", "DURATION", "ZONE"].iter().any(|signed| name.contains(signed));
    let is_signed = names.iter().any(|name| has_sign(name));
    if is_signed { arg.allow_hyphen_values(true) } else { arg }
}

/// Examples stand at the end of the long help, behind what the command says there itself.
fn with_examples(command: Command, examples: &[Example]) -> Command {
    if examples.is_empty() {
        return command;
    }
    let before = command.get_after_help().map(|text| format!("{text}\n")).unwrap_or_default();
    let lines = examples.iter().map(|example| format!("  # {}\n  {}\n", example.does, example.line));
    command.after_long_help(format!("{before}Examples:\n{}", lines.collect::<Vec<_>>().join("\n")))
}
