//! Which entries of a ledger are asked for, one way for all commands that print or draw them.

mod wanted;

use std::{
    cell::{Cell, RefCell},
    collections::BTreeSet,
};

use clap_complete::engine::ArgValueCompleter;

pub(crate) use wanted::NameKind;
use wanted::{Wanted, aliases};

use crate::{
    audit::{
        checked_reader::CheckedReader,
        registry::{LedgerInstant, fold},
    },
    cli::{
        complete, ledger,
        moment::{self, MeantBy, PastMoment},
        term::Term,
    },
    json::Object,
    machine,
    time::Time,
    tlog::entry::Entry,
};

/// The stretch of time that is asked for.
#[derive(clap::Args)]
pub(crate) struct StretchArgs {
    /// Only entries that arrived at or after this time: a date is its first instant, 1h an hour ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    since: Option<PastMoment>,

    /// Only entries that arrived before this time: of a date all that arrived on it, 1h is an hour ago
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    until: Option<PastMoment>,

    /// Only records that say themselves that they are of this time or a later one
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    measured_since: Option<PastMoment>,

    /// Only records that say themselves that they are of an earlier time: of a date all that were measured on it
    #[arg(long, value_name = "TIME", value_parser = moment::past)]
    measured_until: Option<PastMoment>,
}

/// What is asked of an entry.
#[derive(clap::Args)]
pub(crate) struct FilterArgs {
    #[command(flatten)]
    stretch: StretchArgs,

    /// Only records of this device; repeatable
    #[arg(long, value_name = "DEVICE", add = ArgValueCompleter::new(complete::devices))]
    device: Vec<String>,

    /// Only readings that have a value of this name, and as CSV and for people only these; repeatable
    #[arg(long = "field", value_name = "NAME", add = ArgValueCompleter::new(complete::fields))]
    pub(crate) fields: Vec<String>,

    /// Only records of this type, such as reading
    #[arg(long = "type", value_name = "TYPE", add = ArgValueCompleter::new(complete::types))]
    kind: Option<String>,
}

impl StretchArgs {
    fn is_endless(&self) -> bool {
        [self.since, self.until, self.measured_since, self.measured_until].iter().all(Option::is_none)
    }
}

impl FilterArgs {
    /// Whether there are filters, so that not every entry counts.
    pub(crate) fn chooses(&self) -> bool {
        !self.stretch.is_endless() || self.names().next().is_some()
    }

    /// Whether devices are named.
    pub(crate) fn names_devices(&self) -> bool {
        !self.device.is_empty()
    }

    /// What an entry must be to be printed.
    pub(crate) fn filter(&self, term: &Term) -> anyhow::Result<EntryFilter<'_>> {
        EntryFilter::of(&self.stretch, self.names(), term)
    }

    fn names(&self) -> impl Iterator<Item = (NameKind, &str)> {
        let devices = self.device.iter().map(|device| (NameKind::Device, device.as_str()));
        let fields = self.fields.iter().map(|field| (NameKind::Field, field.as_str()));
        let kinds = self.kind.iter().map(|kind| (NameKind::Type, kind.as_str()));
        devices.chain(fields).chain(kinds)
    }
}

/// What an entry must be to be wanted.
pub(crate) struct EntryFilter<'a> {
    arrived: Stretch,
    measured: Stretch,
    names: Vec<Wanted<'a>>,
    undated: Undated,
}

/// Readings of which it is asked when they were measured, and that do not say it.
#[derive(Default)]
struct Undated {
    count: Cell<u64>,
    /// Up to which entry they are counted: what is read twice counts once
    counted: Cell<u64>,
}

/// From a time on and up to another one, which does not count; `None`: without that end.
struct Stretch {
    since: Option<Time>,
    until: Option<Time>,
}

impl<'a> EntryFilter<'a> {
    /// What arguments say: a stretch of time, and names of which an entry must have one of each kind.
    pub(crate) fn of(
        stretch: &StretchArgs,
        names: impl Iterator<Item = (NameKind, &'a str)>,
        term: &Term,
    ) -> anyhow::Result<Self> {
        let by = MeantBy::here(term);
        let wanted = |(what, name)| Wanted {
            what,
            name,
            aliases: BTreeSet::new(),
            seen: Cell::new(false),
            others: RefCell::default(),
        };
        Ok(Self {
            arrived: Stretch::of(stretch.since, stretch.until, "", &by)?,
            measured: Stretch::of(stretch.measured_since, stretch.measured_until, "measured-", &by)?,
            names: names.map(wanted).collect(),
            undated: Undated::default(),
        })
    }

    /// The same, with enrolled devices under all their names: events speak of them by ids.
    pub(crate) fn with_devices(mut self, checked: &CheckedReader<'_>) -> Self {
        let state = fold(checked, LedgerInstant::End, machine::wall(), &ledger::machine_name());
        let Ok(state) = state else { return self };
        for wanted in self.names.iter_mut().filter(|wanted| wanted.what == NameKind::Device) {
            wanted.aliases = aliases(state.registry(), wanted.name);
        }
        self
    }

    /// Whether it matters when entries arrived.
    pub(crate) fn asks_for_arrival(&self) -> bool {
        !self.arrived.is_endless()
    }

    pub(crate) fn wants(&self, entry: &Entry, arrival: Time) -> bool {
        let record = &entry.record;
        // All are asked, since each notes what it sees.
        let has = |what| {
            let wanted: Vec<_> = self.names.iter().filter(|wanted| wanted.what == what).collect();
            let found = wanted.iter().filter(|wanted| wanted.is_in(record)).count();
            wanted.is_empty() || found > 0
        };
        let [device, field, kind] = [NameKind::Device, NameKind::Field, NameKind::Type].map(has);
        let is_it = device && field && kind && self.arrived.has(Some(arrival));
        if !is_it || self.measured.is_endless() {
            return is_it;
        }
        let measured = measured_at(record);
        if measured.is_none() && record.get("values").is_some() {
            self.undated.note(entry.n);
        }
        self.measured.has(measured)
    }

    /// How many readings were left out that may be of the time that is asked for, but do not say it.
    pub(crate) fn undated(&self) -> u64 {
        self.undated.count.get()
    }

    /// Refuses a name that no entry of the ledger has: it was another one that was meant.
    /// Who waits for entries to come may wait for the first of a device.
    pub(crate) fn must_name_what_is_there(
        &self,
        checked: &CheckedReader<'_>,
        waits: bool,
    ) -> anyhow::Result<()> {
        let unseen = || self.names.iter().filter(|wanted| !wanted.seen.get());
        if waits || unseen().next().is_none() {
            return Ok(());
        }
        let parts = checked.reader().present(0..checked.reader().size())?;
        for entry in parts.into_iter().flat_map(|part| checked.entries(part)) {
            let record = entry?.record;
            // Not all of them: one that has the name is enough.
            if unseen().filter(|wanted| !wanted.is_in(&record)).count() == 0 {
                return Ok(());
            }
        }
        unseen().next().map_or(Ok(()), Wanted::refused)
    }
}

impl Undated {
    fn note(&self, n: u64) {
        if n >= self.counted.get() {
            self.counted.set(n + 1);
            self.count.set(self.count.get() + 1);
        }
    }
}

impl Stretch {
    fn of(
        since: Option<PastMoment>,
        until: Option<PastMoment>,
        prefix: &str,
        by: &MeantBy,
    ) -> anyhow::Result<Self> {
        let since = since.map(|since| since.start(by)).transpose()?;
        let until = until.map(|until| until.end(by)).transpose()?;
        if let (Some(since), Some(until)) = (since, until) {
            anyhow::ensure!(
                since < until,
                "--{prefix}since {since} is not before --{prefix}until {until}: nothing lies between"
            );
        }
        Ok(Self { since, until })
    }

    fn is_endless(&self) -> bool {
        self.since.is_none() && self.until.is_none()
    }

    /// Whether a time lies in it; one that is not known does not.
    fn has(&self, time: Option<Time>) -> bool {
        time.is_some_and(|time| {
            self.since.is_none_or(|since| time >= since) && self.until.is_none_or(|until| time < until)
        })
    }
}

/// When a record says that it was measured; `None`: it does not say.
pub(crate) fn measured_at(record: &Object) -> Option<Time> {
    record.str("time").and_then(|time| Time::parse(time).or_else(|| Time::parse_rfc3339(time)))
}
