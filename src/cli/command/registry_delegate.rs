//! `foil registry delegate`: a clerk's key signs for a party.

use anyhow::ensure;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        moment::{self, FutureMoment, MeantBy},
        registry::draft::{self, DraftArgs, DraftBase, LedgerArgs},
        term::Term,
    },
    hash::Hash,
    record::registry::{Deed, OWN, TYPES},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "a driver's key may sign handovers for the carrier, for a week",
        line: "foil keygen driver -q && foil registry delegate fleet carrier --key driver --may handover,event --until 7d -k carrier -k driver > driver.json",
    },
    Example {
        does: "the clerk that signs for the shipper does so no longer",
        line: "foil registry delegate fleet shipper --key clerk --until none -k shipper > end.json",
    },
];

/// Let another key sign for a party, for some types of record and for a time
///
/// Prints the record, to be signed by the party and by the new key, and appended. With --until none it ends what
/// was given before, and the party alone signs. Power over keys – delegate, rotate, revoke – is not lent.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    ledger: LedgerArgs,

    /// The party: a name, an id or a key
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    party: String,

    /// The clerk's key: a did:key, a .did or .pem file, or a contact
    #[arg(long, value_name = "DID", add = clap_complete::engine::ArgValueCompleter::new(crate::cli::keys::complete_public))]
    key: String,

    /// The types of record that it may sign, such as event,accept,handover
    #[arg(long, value_name = "LIST", value_delimiter = ',', value_parser = parse_right)]
    may: Vec<String>,

    /// Until when: a time, a date (behind its last instant), a duration from now such as 30d, or none, which ends it
    #[arg(long, value_name = "TIME", value_parser = parse_end)]
    until: End,

    #[command(flatten)]
    draft: DraftArgs,
}

/// When a clerk's power ends, as typed.
#[derive(Clone, Copy, Debug)]
enum End {
    /// It has ended
    Now,
    /// Then
    At(FutureMoment),
}

fn parse_end(text: &str) -> Result<End, String> {
    if text == "none" {
        return Ok(End::Now);
    }
    moment::future(text).map(End::At).map_err(|why| format!("{why}, and not none"))
}

/// A type of record; spaces beside the comma are dropped.
fn parse_right(text: &str) -> Result<String, String> {
    let right = text.trim();
    if right.is_empty() { Err("an empty type of record".to_owned()) } else { Ok(right.to_owned()) }
}

/// The types of record that mean something here, besides what happens in a registry.
const OTHERS: [&str; 8] = ["accept", "contract", "dispute", "event", "note", "reading", "status", "verdict"];

/// A type that is misspelt is a right to nothing.
fn warn_of_unknown(may: &[String], term: &mut Term) {
    let lent = TYPES.into_iter().filter(|kind| !OWN.contains(kind));
    let mut known: Vec<&str> = lent.chain(OTHERS).collect();
    known.sort_unstable();
    for right in may.iter().filter(|right| !known.contains(&right.as_str())) {
        let known = known.join(", ");
        term.warn(format!("--may {right:?}: no type of record that means something here; there is {known}"));
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let base = args.ledger.open(term)?;
    let party = base.book().party(&args.party, term)?.id;
    let deed = deed(args, party, &base, term)?;
    let outcome = args.draft.finish(&base, deed, term)?;
    warn_of_unknown(&args.may, term);
    Ok(outcome)
}

fn deed(args: &Args, party: Hash, base: &DraftBase, term: &Term) -> anyhow::Result<Deed> {
    let key = draft::key(&args.key)?;
    match args.until {
        End::Now => {
            ensure!(args.may.is_empty(), "--until none ends all that the key may: --may does not go with it");
            Ok(Deed::Dismiss { party, key })
        }
        End::At(_) if args.may.is_empty() => {
            Err(anyhow::anyhow!("nothing that the key may sign")).hint("--may event,accept,handover")
        }
        End::At(moment) => {
            let until = moment.end(&MeantBy::at(base.now, term), base.now)?;
            Ok(Deed::Delegate { party, key, may: args.may.clone(), until })
        }
    }
}
