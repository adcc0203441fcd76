//! `foil registry show`: who is who, who owned what, in whose hands it was.

mod data;
mod history;
mod text;

use std::collections::HashMap;

use crate::{
    cli::{
        Example,
        failure::Outcome,
        ledger::{self, DirArg},
        moment::parse_time,
        registry::{
            Folded, Until, fold,
            who::{Book, Who},
        },
        term::Term,
    },
    ledger::files::read::Reader,
    machine,
    record::registry::Name,
    rules::registry::{Known, Registry, looks},
    time::Time,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "all parties and devices", line: "foil registry show fleet" },
    Example {
        does: "who owned a device then, who used it, who had it, and which entries prove it",
        line: "foil registry show fleet logger --at 6 --human",
    },
    Example { does: "all that happened to a device", line: "foil registry show fleet logger --history" },
];

/// Show who is who, who owns what, and in whose hands it is
///
/// Answers from a ledger's registry events, each answer with the number n of the entry that proves it. Of a device:
/// its owner, its operator – the lessee while it is let – and its custodian, who has it in hands. Events that break
/// the rules change nothing, and are told by `foil verify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// A party, device or admin: a name, an id or a key; all parties and devices where absent
    who: Option<String>,

    /// As it was after this entry, or at this time; now where absent
    #[arg(long, value_name = "N|TIME", value_parser = parse_at)]
    at: Option<Until>,

    /// List the events that name it, instead of what they came to
    #[arg(long)]
    history: bool,
}

fn parse_at(text: &str) -> Result<Until, String> {
    let entry = text.parse().map(Until::Entry);
    entry
        .or_else(|_| parse_time(text).map(Until::Time))
        .map_err(|why| format!("{why}, nor a number of an entry"))
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let path = args.dir.path()?;
    let reader = ledger::open(&path)?;
    let until = args.at.unwrap_or(Until::End);
    if args.history {
        return history::run(&reader, until, args.who.as_deref(), term);
    }
    let folded = fold(&reader, until)?;
    warn_of_refused(&folded, term);
    let state = State::of(&folded, until);
    match &args.who {
        Some(who) => {
            let found = Book { registry: folded.registry(), path: &path }.find(who, term);
            let who = found.map_err(|why| not_yet(&reader, who, until, why))?;
            state.show(&who, term)?;
        }
        None => state.show_all(term)?,
    }
    Ok(Outcome::Yes)
}

/// Somebody who was not there yet is not nobody.
fn not_yet(reader: &Reader, who: &str, until: Until, why: anyhow::Error) -> anyhow::Error {
    let later = Name::parse(who).ok().filter(|_| until != Until::End).and_then(|name| {
        let folded = fold(reader, Until::End).ok()?;
        folded.registry().named(&name).map(|known| (name, known.n()))
    });
    match later {
        Some((name, n)) => {
            let shown = reader.folder().path().display();
            anyhow::anyhow!("{shown}: {name:?} was not enrolled yet: entry {n} does that")
        }
        None => why,
    }
}

/// A registry at an instant.
struct State<'a> {
    registry: &'a Registry,
    /// The last entry that counts
    n: u64,
    /// Leases run by the clock
    at: Time,
}

impl<'a> State<'a> {
    fn of(folded: &'a Folded, until: Until) -> Self {
        let at = match until {
            Until::Entry(_) => folded.received,
            Until::Time(time) => time,
            Until::End => machine::wall().max(folded.received),
        };
        Self { registry: folded.registry(), n: folded.n, at }
    }

    fn show(&self, who: &Who<'_>, term: &mut Term) -> anyhow::Result<()> {
        if term.human() {
            term.text(&self.text(who))?;
        } else {
            term.data(&self.object(who))?;
        }
        let name = match who {
            Who::Party(party) => &party.name,
            Who::Device(device) => &device.name,
            Who::Admin(_) => return Ok(()),
        };
        for warning in looks::warnings(name, self.registry.names()) {
            term.warn(warning);
        }
        warn_of_exposed(who, term);
        Ok(())
    }

    fn show_all(&self, term: &mut Term) -> anyhow::Result<()> {
        let all = self.everybody();
        if term.human() {
            term.text(&self.table(&all))?;
        } else {
            all.iter().try_for_each(|who| term.data(&self.object(who)))?;
        }
        if all.is_empty() {
            let admins = self.registry.admins().iter().map(|admin| admin.key.to_string());
            let admins = admins.collect::<Vec<_>>().join(", ");
            term.say(format!("nobody is enrolled as of entry {}; admins: {admins}", self.n));
        }
        warn_of_looks(self.registry, term);
        for who in &all {
            warn_of_exposed(who, term);
        }
        Ok(())
    }

    fn everybody(&self) -> Vec<Who<'a>> {
        let parties = self.registry.parties().into_iter().map(Who::Party);
        parties.chain(self.registry.devices().into_iter().map(Who::Device)).collect()
    }
}

fn warn_of_exposed(who: &Who<'_>, term: &mut Term) {
    if let Who::Device(device) = who
        && device.exposed
        && device.active_key().is_some()
    {
        term.warn(format!(
            "{:?}: its former owner may know its key, which was not rotated since entry {}",
            device.name, device.owner.n
        ));
    }
}

fn warn_of_refused(folded: &Folded, term: &mut Term) {
    match folded.refused {
        0 => {}
        1 => term.warn("1 event breaks the rules and changes nothing; foil verify tells which"),
        many => {
            term.warn(format!("{many} events break the rules and change nothing; foil verify tells which"));
        }
    }
}

/// Warns of each name once, against those that were there before.
fn warn_of_looks(registry: &Registry, term: &mut Term) {
    let mut known: Vec<(u64, &Name)> = registry.names().map(|name| (since(registry, name), name)).collect();
    known.sort_unstable();
    let mut shapes: HashMap<String, &Name> = HashMap::new();
    for (_, name) in known {
        let first = *shapes.entry(looks::shape(name)).or_insert(name);
        for warning in looks::warnings(name, (first != name).then_some(first).into_iter()) {
            term.warn(warning);
        }
    }
}

/// The entry that gave a name.
fn since(registry: &Registry, name: &Name) -> u64 {
    match registry.named(name) {
        Some(Known::Party(party)) => party.n,
        Some(Known::Device(device)) => device.n,
        None => 0,
    }
}
