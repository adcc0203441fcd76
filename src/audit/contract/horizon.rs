//! As of when a contract is judged, and up to where each ledger counts.
//!
//! The machine's clock decides nothing. It only refuses what claims to come from the future: one entry of the year 2045
//! would make everything final.

use super::{ContractCut, ContractQuestion, ledgers::ContractLedger, refused::ContractRefused};
use crate::{
    contract::finality::{LedgerEnd, default_as_of},
    hash::Hash,
    time::{Span, Time},
};

/// How far ahead of the machine's clock may be what a verdict rests on: clocks differ.
const AHEAD: Span = Span::from_millis(3_600_000);

/// What a contract is judged by.
pub(super) struct ContractHorizon<'a> {
    pub(super) as_of: Time,
    /// Up to where the ledgers count
    pub(super) cut: ContractCut,
    /// How far each ledger goes that is not continued by another of them, in the contract's order. None goes further than
    /// the time that is asked about: every copy that reaches it comes to the same
    pub(super) ends: Vec<LedgerEnd>,
    /// Those of them that were given
    pub(super) open: Vec<OpenLedger<'a>>,
}

/// A ledger that no other of them continues.
pub(super) struct OpenLedger<'a> {
    pub(super) ledger: &'a ContractLedger,
    /// When its last entry arrived, whatever the question cuts off
    pub(super) latest: Time,
    /// How far it goes for this question
    end: LedgerEnd,
}

impl<'a> OpenLedger<'a> {
    fn new(cut: ContractCut, ledger: &'a ContractLedger) -> anyhow::Result<Self> {
        let latest = ledger.arrival(ledger.size)?;
        let (size, reach) = match cut {
            ContractCut::None => (ledger.size, latest),
            ContractCut::AsOf(as_of) => (ledger.size, latest.min(as_of)),
            ContractCut::At(size) => (size, ledger.arrival(size)?),
        };
        Ok(Self { ledger, latest, end: LedgerEnd { id: ledger.id, size, latest: Some(reach) } })
    }

    /// When its last entry arrived that is not from the future of a machine with this clock.
    pub(super) fn latest_until(&self, now: Time) -> anyhow::Result<Time> {
        let believed = latest_believed(now);
        if self.latest <= believed {
            return Ok(self.latest);
        }
        Ok(self.ledger.arrived_by(believed, self.ledger.size)?.1)
    }

    /// Its first entry from the future of a machine with this clock, and when that says that it arrived; `None`: it has
    /// none.
    pub(super) fn first_ahead(&self, now: Time) -> anyhow::Result<Option<(u64, Time)>> {
        let (believed, size) = (latest_believed(now), self.ledger.size);
        if self.latest <= believed {
            return Ok(None);
        }
        let (n, _) = self.ledger.arrived_by(believed, size)?;
        Ok(Some((n, self.ledger.arrival_among(n, size)?)))
    }
}

impl<'a> ContractHorizon<'a> {
    /// The horizon of a question about these ledgers. `missing` are those that the contract names and the reader did not give.
    pub(super) fn new(
        question: &ContractQuestion<'_>,
        ledgers: &'a [ContractLedger],
        missing: &[Hash],
    ) -> anyhow::Result<Self> {
        let ContractQuestion { contract, cut, .. } = *question;
        let open = open_ledgers(cut, ledgers)?;
        let place = |id: &Hash| contract.ledgers.iter().position(|named| named == id);
        let mut placed: Vec<(Option<usize>, LedgerEnd)> =
            open.iter().map(|open| (open.ledger.place.0, open.end)).collect();
        let absent = |id: &Hash| (place(id), LedgerEnd { id: *id, size: 0, latest: None });
        placed.extend(missing.iter().map(absent));
        placed.sort_by_key(|(place, _)| *place);
        let ends: Vec<LedgerEnd> = placed.into_iter().map(|(_, end)| end).collect();
        let as_of = match cut {
            ContractCut::AsOf(time) => time,
            ContractCut::At(_) => open.first().and_then(|open| open.end.latest).unwrap_or(contract.from),
            ContractCut::None => default_as_of(contract, &ends),
        };
        check_clock(question, as_of, &open)?;
        // All that one ledger has counts; of several one goes further than the other.
        let all = ledgers.len() == 1 && missing.is_empty();
        let cut = if cut == ContractCut::None && !all { ContractCut::AsOf(as_of) } else { cut };
        Ok(Self { as_of, cut, ends, open })
    }
}

fn open_ledgers(cut: ContractCut, ledgers: &[ContractLedger]) -> anyhow::Result<Vec<OpenLedger<'_>>> {
    anyhow::ensure!(
        !matches!(cut, ContractCut::At(_)) || ledgers.len() == 1,
        "a number of entries counts those of one ledger"
    );
    let open = ledgers.iter().filter(|ledger| ledger.handed_over.is_none());
    open.map(|ledger| OpenLedger::new(cut, ledger)).collect()
}

/// Refuses a verdict that rests on an entry from the future: one that would say as of when it is, or that nothing more
/// can come of its ledger.
fn check_clock(question: &ContractQuestion<'_>, as_of: Time, open: &[OpenLedger<'_>]) -> anyhow::Result<()> {
    let ContractQuestion { contract, cut, now, .. } = *question;
    check_asked(question)?;
    let believed = latest_believed(now);
    let closed = contract.closed();
    let needed = match cut {
        ContractCut::None => as_of.min(closed),
        // Who asks about a time knows that more may have come, unless the verdict says that it is final.
        ContractCut::AsOf(_) | ContractCut::At(_) if as_of >= closed && as_of < contract.deadline() => closed,
        ContractCut::AsOf(_) | ContractCut::At(_) => Time::EPOCH,
    };
    // What undoes a jump of the clock behind a cut does not count, so what is cut off may end later than the whole.
    for OpenLedger { ledger, end, .. } in
        open.iter().filter(|open| open.end.latest > Some(believed) || open.latest > believed)
    {
        let (n, before) = ledger.arrived_by(believed, end.size)?;
        if n < end.size && (as_of > believed || before < needed) {
            let (folder, arrival) = (ledger.folder(), ledger.arrival_among(n, end.size)?);
            return Err(ContractRefused::EntryAhead { folder: Some(folder), n, arrival, now }.into());
        }
    }
    Ok(())
}

/// The latest time that a machine with this clock believes.
fn latest_believed(now: Time) -> Time {
    now.saturating_add(AHEAD)
}

/// Refuses to judge as of a time that is in the future.
fn check_asked(question: &ContractQuestion<'_>) -> Result<(), ContractRefused> {
    let now = question.now;
    match question.cut {
        ContractCut::AsOf(as_of) if as_of > latest_believed(now) => {
            Err(ContractRefused::AsOfAhead { as_of, now })
        }
        _ => Ok(()),
    }
}

/// As of when records are judged that are in no ledger; `None`: as of the latest of them.
pub(super) fn asked_of_records(question: &ContractQuestion<'_>) -> anyhow::Result<Option<Time>> {
    check_asked(question)?;
    match question.cut {
        ContractCut::None => Ok(None),
        ContractCut::AsOf(time) => Ok(Some(time)),
        ContractCut::At(_) => anyhow::bail!("a number of entries counts those of one ledger"),
    }
}

/// Looks at when records arrived that are in no ledger.
pub(super) struct RecordClock {
    now: Time,
    /// Whether the latest of them says as of when the verdict is
    decides: bool,
    /// When the latest one arrived that is not from the future; `None`: there is none
    pub(super) latest: Option<Time>,
    /// The first one that is from the future; `None`: none is
    pub(super) ahead: Option<(u64, Time)>,
}

impl RecordClock {
    pub(super) fn new(question: &ContractQuestion<'_>) -> Self {
        let decides = question.cut == ContractCut::None;
        Self { now: question.now, decides, latest: None, ahead: None }
    }

    /// A record arrived.
    pub(super) fn look(&mut self, n: u64, arrival: Time) {
        if arrival <= latest_believed(self.now) {
            self.latest = self.latest.max(Some(arrival));
        } else if self.ahead.is_none() {
            self.ahead = Some((n, arrival));
        }
    }

    /// Refuses a verdict that would be as of the future.
    pub(super) fn check(&self) -> Result<(), ContractRefused> {
        match self.ahead.filter(|_| self.decides) {
            Some((n, arrival)) => {
                Err(ContractRefused::EntryAhead { folder: None, n, arrival, now: self.now })
            }
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        contract::{document::Contract, file::ContractFile},
        key::SecretKey,
    };

    /// Asks about a contract at noon, as of so many milliseconds later.
    fn ask<T>(after: Option<i64>, answer: impl FnOnce(&ContractQuestion<'_>, Time) -> T) -> T {
        let toml = format!(
            "contract = \"foil/1\"\ntitle = \"x\"\nperiod = {{ from = 2026-03-01T06:00:00Z, to = \
             2026-03-01T09:00:00Z }}\n[parties.a]\nkey = \"{}\"\n",
            SecretKey::from_seed(&[9; 32]).public().did()
        );
        let source = ContractFile::parse(toml.as_bytes()).expect("TOML");
        let contract = Contract::read(&source.record).expect("a contract");
        let now = Time::parse("2026-03-01T12:00:00.000Z").expect("a time");
        let threads = std::num::NonZeroUsize::MIN;
        let cut = after.map_or(ContractCut::None, |after| ContractCut::AsOf(later(now, after)));
        let question =
            ContractQuestion { cut, ..ContractQuestion::new(&contract, &source.record, now, threads) };
        answer(&question, now)
    }

    fn later(now: Time, millis: i64) -> Time {
        now.saturating_add(Span::from_millis(millis))
    }

    const HOUR: i64 = 3_600_000;

    #[test]
    fn an_hour_ahead_is_believed_and_no_millisecond_more() {
        assert!(ask(Some(HOUR), |question, _| check_asked(question)).is_ok());
        let refused = ask(Some(HOUR + 1), |question, now| (check_asked(question), now));
        let as_of = later(refused.1, HOUR + 1);
        assert_eq!(refused.0, Err(ContractRefused::AsOfAhead { as_of, now: refused.1 }));
        // a record through a pipe, which says as of when the verdict is
        let arrives = |after: i64| {
            ask(None, |question, now| {
                let mut clock = RecordClock::new(question);
                clock.look(0, now);
                clock.look(1, later(now, after));
                clock.check()
            })
        };
        assert!(arrives(HOUR).is_ok());
        assert!(matches!(arrives(HOUR + 1), Err(ContractRefused::EntryAhead { n: 1, .. })));
    }
}
