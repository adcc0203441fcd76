//! `foil registry show`: who is who, who owned what, in whose hands it was.

mod history;
mod text;

use crate::{
    audit::{
        checked_reader::CheckedReader,
        registry::{LedgerInstant, RegistryAt, RegistryMember, fold},
    },
    cli::{
        Example,
        failure::Outcome,
        ledger::{self, AnswerArgs, LogArg},
        moment::{self, EntryOrMoment, MeantBy},
        registry::{book::RegistryBook, clashes::NameClashes},
        term::Term,
    },
    hash::Hash,
    machine,
    record::registry::Name,
    time::Time,
};

use text::RegistryText;

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "all parties and devices", line: "foil registry show fleet" },
    Example {
        does: "who owned a device then, who used it, who had it, and which entries prove it",
        line: "foil registry show fleet logger --at 6 --human",
    },
    Example { does: "which devices should be back, and are not", line: "foil registry show fleet --overdue" },
    Example { does: "all that happened to a device", line: "foil registry show fleet logger --history" },
];

/// Show who is who, who owns what, and in whose hands it is
///
/// Answers from a ledger's registry events, each answer with the number n of the entry that proves it. Of a device:
/// its owner, its operator – the lessee while it is let – and its custodian, who has it in hands. Every entry is held
/// against the signed root, and the proofs of the events must hold; a ledger that does not verify so gives no answer
/// (4), nor does one that is older than what was seen of it before, unless --at says of when. Where not only the
/// enrolled may write, events that break the rules change nothing, and are told by `foil verify`.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,

    /// A party, device or admin: a name, an id or a key; all parties and devices where absent
    #[arg(add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::members))]
    who: Option<String>,

    /// As it was after this entry, or at this time: a date is its first instant, 1h is an hour ago; now where absent
    #[arg(long, value_name = "N|TIME", value_parser = moment::entry_or_past)]
    at: Option<EntryOrMoment>,

    /// List the events that name it, instead of what they came to
    #[arg(long)]
    history: bool,

    /// Only the devices that this party owns
    #[arg(long, value_name = "WHO", conflicts_with_all = ["who", "history"], add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    owner: Option<String>,

    /// Only the devices that are let to this party now or later, or were and are not back
    #[arg(long, value_name = "WHO", conflicts_with_all = ["who", "history"], add = clap_complete::engine::ArgValueCompleter::new(crate::cli::complete::parties))]
    lessee: Option<String>,

    /// Only the devices whose lease has ended, and which neither their owner nor another lessee has back
    #[arg(long, conflicts_with_all = ["who", "history"])]
    overdue: bool,
}

/// Which devices are shown.
#[derive(Clone, Copy)]
struct DeviceFilter {
    /// That this party owns; `None`: whoever does
    owner: Option<Hash>,
    /// That are let to this party, or were and are not back; `None`: to whomever or nobody
    lessee: Option<Hash>,
    overdue: bool,
}

impl DeviceFilter {
    fn of(args: &Args, book: &RegistryBook<'_>, term: &mut Term) -> anyhow::Result<Option<Self>> {
        let mut party = |who: &Option<String>| {
            who.as_ref().map(|who| book.party(who, term).map(|party| party.id)).transpose()
        };
        let (owner, lessee, overdue) = (party(&args.owner)?, party(&args.lessee)?, args.overdue);
        Ok((owner.is_some() || lessee.is_some() || overdue).then_some(Self { owner, lessee, overdue }))
    }

    fn wants(self, member: &RegistryMember<'_>, at: Time) -> bool {
        let RegistryMember::Device(device) = member else { return false };
        let has = |lessee| {
            let not_back = device.overdue(at).is_some() && device.custodian().is == lessee;
            device.open_leases(at).any(|lease| lease.to == lessee) || not_back
        };
        self.owner.is_none_or(|owner| device.owner.is == owner)
            && self.lessee.is_none_or(has)
            && (!self.overdue || device.overdue(at).is_some())
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.answer.open(&args.log.path()?)?;
    let checked = args.answer.check(&reader, term)?;
    let instant = match args.at {
        None => LedgerInstant::End,
        Some(EntryOrMoment::Entry(n)) => LedgerInstant::Entry(n),
        Some(EntryOrMoment::Moment(moment)) => LedgerInstant::Time(moment.start(&MeantBy::here(term))?),
    };
    match instant {
        LedgerInstant::Entry(_) => ledger::warn_of_age(&checked, term),
        LedgerInstant::End | LedgerInstant::Time(_) => checked.must_be_of_late()?,
    }
    if args.history {
        return history::run(&checked, instant, args.who.as_deref(), term);
    }
    let state = fold(&checked, instant, machine::wall(), &ledger::machine_name())?;
    warn_of_refused(&state, term);
    let book = RegistryBook { registry: state.registry(), place: reader.shown() };
    if let Some(who) = &args.who {
        let found = book.find(who, term);
        show(&state, &found.map_err(|why| not_yet(&checked, who, instant, why))?, term)?;
    } else {
        let filter = DeviceFilter::of(args, &book, term)?;
        show_all(&state, filter, term)?;
    }
    Ok(Outcome::Yes)
}

/// A member that enrolled later is told from one that never did.
fn not_yet(
    reader: &CheckedReader<'_>,
    who: &str,
    instant: LedgerInstant,
    why: anyhow::Error,
) -> anyhow::Error {
    let later = Name::parse(who).ok().filter(|_| instant != LedgerInstant::End).and_then(|name| {
        let state = fold(reader, LedgerInstant::End, machine::wall(), &ledger::machine_name()).ok()?;
        state.registry().named(&name).map(|known| (name, known.n()))
    });
    match later {
        Some((name, n)) => {
            let shown = reader.reader().shown();
            anyhow::anyhow!("{shown}: {name:?} was not enrolled yet: entry {n} does that")
        }
        None => why,
    }
}

fn show(state: &RegistryAt, member: &RegistryMember<'_>, term: &mut Term) -> anyhow::Result<()> {
    if term.human() {
        term.tell(&RegistryText(state, term.zone()).text(member))?;
    } else {
        term.data(&state.object(member))?;
    }
    for warning in state.name_warnings_of(member) {
        term.warn(warning);
    }
    warn_of_exposed(member, term);
    Ok(())
}

fn show_all(state: &RegistryAt, filter: Option<DeviceFilter>, term: &mut Term) -> anyhow::Result<()> {
    let mut members = state.members();
    let is_empty = members.is_empty();
    members.retain(|member| filter.is_none_or(|filter| filter.wants(member, state.at)));
    if term.human() {
        term.tell(&RegistryText(state, term.zone()).table(&members))?;
    } else {
        members.iter().try_for_each(|member| term.data(&state.object(member)))?;
    }
    if members.is_empty() && !is_empty {
        term.say(format!("no such device as of entry {}", state.n));
    }
    if is_empty {
        let admins = state.registry().admins().iter().map(|admin| admin.key.to_string());
        let admins = admins.collect::<Vec<_>>().join(", ");
        term.say(format!("nobody is enrolled as of entry {}; admins: {admins}", state.n));
    }
    for warning in state.name_warnings() {
        term.warn(warning);
    }
    let clashes = NameClashes::with_contacts();
    for known in members.iter().filter_map(RegistryMember::known) {
        if let Some(clash) = clashes.of(&known, state.registry()) {
            term.warn(clash.warning(&known));
        }
    }
    for member in &members {
        warn_of_exposed(member, term);
    }
    Ok(())
}

fn warn_of_exposed(member: &RegistryMember<'_>, term: &mut Term) {
    if let Some(device) = member.as_exposed() {
        term.warn(format!(
            "{:?}: its former owner may know its key, which was not rotated since entry {}",
            device.name, device.owner.n
        ));
    }
}

fn warn_of_refused(state: &RegistryAt, term: &mut Term) {
    match state.refused {
        0 => {}
        1 => term.warn("1 event breaks the rules and changes nothing; foil verify tells which"),
        many => {
            term.warn(format!("{many} events break the rules and change nothing; foil verify tells which"));
        }
    }
}
