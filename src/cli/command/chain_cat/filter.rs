//! Which entries are asked for.

use super::Args;
use crate::{
    cli::{moment::MeantBy, term::Term},
    time::Time,
    tlog::entry::Entry,
};

/// What an entry must be to be printed; `None`: anything.
pub(super) struct EntryFilter<'a> {
    /// Arrived then or later
    since: Option<Time>,
    /// Arrived earlier
    until: Option<Time>,
    device: Option<&'a str>,
    kind: Option<&'a str>,
}

impl<'a> EntryFilter<'a> {
    /// What the arguments say.
    pub(super) fn of(args: &'a Args, term: &Term) -> anyhow::Result<Self> {
        let by = MeantBy::here(term);
        let since = args.since.map(|since| since.start(&by)).transpose()?;
        let until = args.until.map(|until| until.end(&by)).transpose()?;
        if let (Some(since), Some(until)) = (since, until) {
            anyhow::ensure!(
                since < until,
                "--since {since} is not before --until {until}: nothing lies between"
            );
        }
        Ok(Self { since, until, device: args.device.as_deref(), kind: args.kind.as_deref() })
    }

    pub(super) fn wants(&self, entry: &Entry, arrival: Time) -> bool {
        let is = |name: &str, wanted: Option<&str>| {
            wanted.is_none_or(|wanted| entry.record.str(name) == Some(wanted))
        };
        self.since.is_none_or(|since| arrival >= since)
            && self.until.is_none_or(|until| arrival < until)
            && is("device", self.device)
            && is("type", self.kind)
    }
}
