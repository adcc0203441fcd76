//! The reference that is made from the tree of commands: a man page for each, and completions for shells.
//!
//! The files are committed; `tests/reference.rs` keeps them what this makes.

mod roff_text;
mod tables;
mod typeset;

use clap::{Arg, Command};
use clap_complete::{Shell, generate};
use clap_mangen::{
    Man,
    roff::{Inline, Roff, bold, italic, roman},
};

use super::{COMMANDS, EXAMPLES, Example, failure::EXIT_STATUS, left_out, tree};

/// A variable of the environment, the arguments that have to do with it, and what it says.
type Variable = (&'static str, &'static [&'static str], &'static str);

const ENVIRONMENT: &[Variable] = &[
    (
        "FOIL_LEDGER",
        &["dir"],
        "The ledger that @ stands for, and that a command works on which is given none.",
    ),
    ("FOIL_KEY", &["key"], "The key that signs where -k is absent."),
    ("FOIL_MACHINE", &["machine"], "What this machine is called where --machine is absent, for containers."),
    (
        "XDG_CONFIG_HOME",
        &["key"],
        "foil/keys in it holds keys, foil/contacts the names of others. Else ~/.config.",
    ),
    ("CREDENTIALS_DIRECTORY", &["key"], "Where systemd hands keys to a service."),
    (
        "XDG_STATE_HOME",
        &["dir", "line"],
        "foil/seen in it holds what was seen of ledgers, foil/history the lines of the prompt. Else ~/.local/state.",
    ),
    ("NO_COLOR", &["line", "qr"], "No colours."),
    ("TERM", &["line", "qr"], "dumb: no colours, and a plain prompt."),
    ("COMPLETE", &[], "The name of a shell: prints the code that completes foil in it."),
];

/// The pages that people write: name, section, and the page itself.
const PAGES: &[(&str, &str, &str)] = &[
    ("foil", "7", include_str!("../../man/foil.7")),
    ("foil-ledger", "5", include_str!("../../man/foil-ledger.5")),
    ("foil-registry", "5", include_str!("../../man/foil-registry.5")),
    ("foil-contract", "5", include_str!("../../man/foil-contract.5")),
    ("foil-device", "5", include_str!("../../man/foil-device.5")),
];

/// A man page: `foil-chain-append` in section `1`.
pub(crate) struct ManPage {
    pub(crate) name: String,
    pub(crate) section: &'static str,
    /// In the form of man(7)
    pub(crate) roff: String,
}

impl ManPage {
    /// What it is about, in one line.
    pub(crate) fn about(&self) -> String {
        let named = self.roff.lines().skip_while(|line| *line != ".SH NAME").nth(1).unwrap_or_default();
        roff_text::plain(named).split_once(" - ").map(|(_, about)| about.to_owned()).unwrap_or_default()
    }

    /// As text of 78 columns.
    pub(crate) fn text(&self) -> String {
        typeset::typeset(&self.roff)
    }
}

/// All pages: those of commands, in the order of help, and those by hand.
pub(crate) fn man_pages() -> Vec<ManPage> {
    let mut root = tree(None);
    root.build();
    let mut pages = Vec::new();
    command_pages(&root, &mut pages);
    let by_hand = PAGES.iter().map(|(name, section, roff)| (*name, *section, *roff));
    pages.extend(by_hand.map(|(name, section, roff)| ManPage {
        name: name.into(),
        section,
        roff: tables::with_tables(roff),
    }));
    pages
}

/// The files of the reference: each file's path from the root of the source, and its text.
///
/// # Panics
/// Never: the texts are written into memory.
pub fn reference() -> Vec<(String, String)> {
    let generated = man_pages().into_iter().filter(|page| page.section == "1" || page.name == "foil-device");
    let mut files: Vec<_> =
        generated.map(|page| (format!("man/{}.{}", page.name, page.section), page.roff)).collect();
    for shell in [Shell::Bash, Shell::Zsh, Shell::Fish, Shell::PowerShell, Shell::Elvish] {
        let mut text = Vec::new();
        generate(shell, &mut tree(None), "foil", &mut text);
        let name = clap_complete::Generator::file_name(&shell, "foil");
        files.push((format!("completions/{name}"), String::from_utf8_lossy(&text).into_owned()));
    }
    files
}

/// All command lines that help and man pages show: the command whose example each is, and the line for `sh`.
pub fn examples() -> Vec<(&'static str, &'static str)> {
    let of_commands = COMMANDS.iter().flat_map(|entry| entry.examples.iter().map(|at| (entry.name, at.line)));
    EXAMPLES.iter().map(|at| ("", at.line)).chain(of_commands).collect()
}

/// The names of all commands, such as `chain append`.
pub fn commands() -> Vec<&'static str> {
    COMMANDS.iter().map(|entry| entry.name).collect()
}

fn command_pages(command: &Command, pages: &mut Vec<ManPage>) {
    let name = command.get_display_name().unwrap_or("foil");
    pages.push(ManPage { name: name.to_owned(), section: "1", roff: page(command, name) });
    for below in command.get_subcommands() {
        command_pages(below, pages);
    }
}

fn page(command: &Command, name: &str) -> String {
    let man = Man::new(command.clone())
        .title(name)
        .source(concat!("foil ", env!("CARGO_PKG_VERSION")))
        .manual("Counterfoil");
    // Writing into memory cannot fail.
    let mut text = Vec::new();
    for part in [Man::render_title, Man::render_name_section] {
        let _ = part(&man, &mut text);
    }
    text.extend(synopsis(command).into_bytes());
    for part in [Man::render_description_section, Man::render_options_section] {
        let _ = part(&man, &mut text);
    }
    let mut roff = Roff::new();
    commands_section(&mut roff, command);
    if let Some(more) = command.get_after_help() {
        after_help(&mut roff, &more.to_string());
    }
    examples_section(&mut roff, examples_of(command));
    exit_status(&mut roff);
    environment(&mut roff, command);
    see_also(&mut roff, command);
    let text = String::from_utf8_lossy(&text).into_owned();
    in_brackets(command, &text) + &roff.to_roff()
}

/// A page on which the ledger stands in brackets where it may be left out.
fn in_brackets(command: &Command, text: &str) -> String {
    let name = command.get_bin_name().unwrap_or_default().trim_start_matches("foil ");
    let positionals: Vec<String> = command.get_positionals().map(|arg| arg.get_id().to_string()).collect();
    left_out::in_brackets(name, &positionals, text)
}

/// The usage line of help, which names the values of options.
fn synopsis(command: &Command) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage: ").trim();
    let name = command.get_bin_name().unwrap_or("foil");
    let mut roff = Roff::new();
    roff.control("SH", ["SYNOPSIS"]);
    roff.text([bold(name), roman(usage.strip_prefix(name).unwrap_or_default())]);
    roff.to_roff()
}

fn examples_of(command: &Command) -> &'static [Example] {
    let words = command.get_bin_name().unwrap_or_default();
    let name = words.strip_prefix("foil").unwrap_or_default().trim_start();
    let entry = COMMANDS.iter().find(|entry| entry.name == name);
    entry.map_or(if name.is_empty() { EXAMPLES } else { &[] }, |entry| entry.examples)
}

/// The commands of a family; of `foil` itself all there are.
fn commands_section(roff: &mut Roff, command: &Command) {
    let leaves = leaves(command);
    if leaves.is_empty() {
        return;
    }
    roff.control("SH", ["COMMANDS"]);
    for leaf in leaves {
        let about = leaf.get_about().map(ToString::to_string).unwrap_or_default();
        let page = leaf.get_display_name().unwrap_or_default();
        tagged(roff, vec![bold(page), roman("(1)")], &about);
    }
}

fn leaves(command: &Command) -> Vec<&Command> {
    let below = |command| {
        let below = leaves(command);
        if below.is_empty() { vec![command] } else { below }
    };
    command.get_subcommands().flat_map(below).collect()
}

/// A paragraph of help becomes a section, headed by its first line.
fn after_help(roff: &mut Roff, text: &str) {
    let (heading, lines) = text.split_once('\n').unwrap_or((text, ""));
    roff.control("SH", [heading.trim_end_matches(':').to_uppercase().as_str()]);
    verbatim(roff, lines.lines().map(str::trim_start));
}

fn examples_section(roff: &mut Roff, examples: &[Example]) {
    if !examples.is_empty() {
        roff.control("SH", ["EXAMPLES"]);
    }
    for example in examples {
        let does = example.does;
        let first: String = does.chars().take(1).flat_map(char::to_uppercase).collect();
        roff.control("PP", []);
        roff.text([roman(format!("{first}{}:", does.chars().skip(1).collect::<String>()))]);
        roff.control("RS", ["4"]);
        verbatim(roff, example.line.lines());
        roff.control("RE", []);
    }
}

fn verbatim<'t>(roff: &mut Roff, lines: impl Iterator<Item = &'t str>) {
    roff.control("nf", []);
    for line in lines {
        roff.text([roman(line)]);
    }
    roff.control("fi", []);
}

fn exit_status(roff: &mut Roff) {
    roff.control("SH", ["EXIT STATUS"]);
    for (code, means) in EXIT_STATUS {
        tagged(roff, vec![bold(code.to_string())], means);
    }
}

fn environment(roff: &mut Roff, command: &Command) {
    let has = |ids: &[&str]| command.get_arguments().map(Arg::get_id).any(|id| ids.contains(&id.as_str()));
    let whole = command.get_name() == "foil";
    let variables: Vec<_> = ENVIRONMENT.iter().filter(|(_, arguments, _)| whole || has(arguments)).collect();
    if !variables.is_empty() {
        roff.control("SH", ["ENVIRONMENT"]);
    }
    for (name, _, says) in variables {
        tagged(roff, vec![bold(*name)], says);
    }
}

fn see_also(roff: &mut Roff, command: &Command) {
    roff.control("SH", ["SEE ALSO"]);
    let whole = command.get_name() == "foil";
    let first = if whole { None } else { Some(("foil", "1")) };
    let by_hand = PAGES.iter().map(|(name, section, _)| (*name, *section));
    let pages: Vec<_> = first.into_iter().chain(by_hand).collect();
    let mut line: Vec<Inline> = Vec::new();
    for (at, (name, section)) in pages.iter().enumerate() {
        let end = if at + 1 == pages.len() { "" } else { ", " };
        line.extend([italic(*name), roman(format!("({section}){end}"))]);
    }
    roff.text(line);
}

fn tagged(roff: &mut Roff, tag: Vec<Inline>, text: &str) {
    roff.control("TP", []);
    roff.text(tag);
    roff.text([roman(text)]);
}
