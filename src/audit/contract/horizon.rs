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
pub(super) struct ContractHorizon {
    pub(super) as_of: Time,
    /// Up to where the ledgers count
    pub(super) cut: ContractCut,
    /// How far each ledger goes that is not continued by another of them, in the contract's order
    pub(super) ends: Vec<LedgerEnd>,
}

/// A ledger that no other of them continues, and how far it goes.
type OpenLedger<'a> = (&'a ContractLedger, LedgerEnd);

impl ContractHorizon {
    /// The horizon of a question about these ledgers. `missing` are those that the contract names and the reader did not give.
    pub(super) fn new(
        question: &ContractQuestion<'_>,
        ledgers: &[ContractLedger],
        missing: &[Hash],
    ) -> anyhow::Result<Self> {
        let ContractQuestion { contract, cut, .. } = *question;
        let open = open_ledgers(cut, ledgers)?;
        let place = |id: &Hash| contract.ledgers.iter().position(|named| named == id);
        let mut placed: Vec<(Option<usize>, LedgerEnd)> =
            open.iter().map(|(ledger, end)| (ledger.place.0, *end)).collect();
        let absent = |id: &Hash| (place(id), LedgerEnd { id: *id, size: 0, latest: None });
        placed.extend(missing.iter().map(absent));
        placed.sort_by_key(|(place, _)| *place);
        let ends: Vec<LedgerEnd> = placed.into_iter().map(|(_, end)| end).collect();
        let as_of = match cut {
            ContractCut::AsOf(time) => time,
            ContractCut::At(_) => open.first().and_then(|(_, end)| end.latest).unwrap_or(contract.from),
            ContractCut::None => default_as_of(contract, &ends),
        };
        check_clock(question, as_of, &open)?;
        // All that one ledger has counts; of several one goes further than the other.
        let all = ledgers.len() == 1 && missing.is_empty();
        let cut = if cut == ContractCut::None && !all { ContractCut::AsOf(as_of) } else { cut };
        Ok(Self { as_of, cut, ends })
    }
}

fn open_ledgers(cut: ContractCut, ledgers: &[ContractLedger]) -> anyhow::Result<Vec<OpenLedger<'_>>> {
    anyhow::ensure!(
        !matches!(cut, ContractCut::At(_)) || ledgers.len() == 1,
        "a number of entries counts those of one ledger"
    );
    let mut open = Vec::with_capacity(ledgers.len());
    for ledger in ledgers.iter().filter(|ledger| ledger.handed_over.is_none()) {
        let size = if let ContractCut::At(size) = cut { size } else { ledger.size };
        open.push((ledger, LedgerEnd { id: ledger.id, size, latest: Some(ledger.arrival(size)?) }));
    }
    Ok(open)
}

/// Refuses a verdict that rests on an entry from the future: one that would say as of when it is, or that nothing more
/// can come of its ledger.
fn check_clock(question: &ContractQuestion<'_>, as_of: Time, open: &[OpenLedger<'_>]) -> anyhow::Result<()> {
    let ContractQuestion { contract, cut, now, .. } = *question;
    let believed = now.saturating_add(AHEAD);
    check_asked(question)?;
    let closed = contract.closed();
    let needed = match cut {
        ContractCut::None => as_of.min(closed),
        // Who asks about a time knows that more may have come, unless the verdict says that it is final.
        ContractCut::AsOf(_) | ContractCut::At(_) if as_of >= closed && as_of < contract.deadline() => closed,
        ContractCut::AsOf(_) | ContractCut::At(_) => Time::EPOCH,
    };
    for (ledger, end) in open.iter().filter(|(_, end)| end.latest > Some(believed)) {
        let (n, arrival, before) = ledger.first_after(believed, end.size)?;
        if as_of > believed || before < needed {
            let folder = ledger.reader.folder().path().to_owned();
            return Err(ContractRefused::EntryAhead { folder: Some(folder), n, arrival, now }.into());
        }
    }
    Ok(())
}

/// Refuses to judge as of a time that is in the future.
fn check_asked(question: &ContractQuestion<'_>) -> Result<(), ContractRefused> {
    let now = question.now;
    match question.cut {
        ContractCut::AsOf(as_of) if as_of > now.saturating_add(AHEAD) => {
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
    /// When the latest one arrived; `None`: there is none
    pub(super) latest: Option<Time>,
    /// The first one that is from the future; `None`: none is
    ahead: Option<(u64, Time)>,
}

impl RecordClock {
    pub(super) fn new(question: &ContractQuestion<'_>) -> Self {
        let decides = question.cut == ContractCut::None;
        Self { now: question.now, decides, latest: None, ahead: None }
    }

    /// A record arrived.
    pub(super) fn look(&mut self, n: u64, arrival: Time) {
        self.latest = self.latest.max(Some(arrival));
        if self.ahead.is_none() && arrival > self.now.saturating_add(AHEAD) {
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
