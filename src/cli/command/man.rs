//! `foil man`: the manual, where there are no man pages.

use clap_complete::{CompletionCandidate, engine::ArgValueCandidates};

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        paste,
        reference::{ManPage, man_pages},
        term::{Term, escape},
    },
    object,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "all pages", line: "foil man" },
    Example { does: "the language of contracts", line: "foil man foil-contract.5" },
    Example { does: "a command's page, set by man itself", line: "foil man --roff chain append | man -l -" },
];

/// Show a page of the manual, also where no man pages are installed
///
/// A PAGE is a command (`chain append`), or the name of a page (`foil-ledger`, `foil-ledger.5`, `5 ledger`). What is
/// both a command and a format, such as contract, is the command; foil-contract.5 is the language. Without a PAGE all are
/// listed.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The page: words of a command, or a name, with its section where that is in doubt
    #[arg(value_name = "PAGE", num_args = 0..=4, add = ArgValueCandidates::new(candidates))]
    page: Vec<String>,

    /// Write the page in the form of man(7)
    #[arg(long, requires = "page")]
    roff: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let pages = man_pages();
    if args.page.is_empty() {
        return list(&pages, term);
    }
    let asked = args.page.join("-");
    let Some(page) = find(&pages, &asked) else {
        let error = anyhow::anyhow!("there is no page {}", escape(&args.page.join(" ")));
        let names =
            pages.iter().flat_map(|page| [Some(&*page.name), page.name.strip_prefix("foil-")]).flatten();
        let near = paste::did_you_mean(&asked, names).map(|near| format!("{near} "));
        let all = "foil man lists all pages; pages of other programs: command man PAGE";
        return Err(error.hint(format!("{}{all}", near.unwrap_or_default())));
    };
    term.text(&if args.roff { page.roff.clone() } else { page.text() })?;
    Ok(Outcome::Yes)
}

fn list(pages: &[ManPage], term: &mut Term) -> anyhow::Result<Outcome> {
    for page in pages {
        let (name, section, about) = (&page.name, page.section, page.about());
        if term.human() {
            let name = format!("{name}({section})");
            term.text(&format!("{name:28} {about}\n"))?;
        } else {
            term.data(&object! { "about": about, "name": name.as_str(), "section": section })?;
        }
    }
    Ok(Outcome::Yes)
}

/// The page of a name such as `chain-append`, `foil-ledger.5`, `5-ledger` or `ledger(5)`; of two sections the first.
fn find<'p>(pages: &'p [ManPage], asked: &str) -> Option<&'p ManPage> {
    let (name, section) = match asked.trim_end_matches(')').rsplit_once(['.', '(']) {
        Some((name, section)) => (name, Some(section)),
        None => match asked.split_once('-') {
            Some((section @ ("1" | "5" | "7"), name)) => (name, Some(section)),
            _ => (asked, None),
        },
    };
    let whole = format!("foil-{name}");
    let fits = |page: &&ManPage| {
        (page.name == name || page.name == whole) && section.is_none_or(|section| section == page.section)
    };
    pages.iter().find(fits)
}

fn candidates() -> Vec<CompletionCandidate> {
    let candidate = |page: ManPage| {
        CompletionCandidate::new(format!("{}.{}", page.name, page.section)).help(Some(page.about().into()))
    };
    man_pages().into_iter().map(candidate).collect()
}
