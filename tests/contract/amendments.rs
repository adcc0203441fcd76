//! Contracts that supersede others: each judges its own time, and nobody pays both for the same. The first one is over the hour
//! from six, the amendment from half past six to half past seven. Times are minutes after six.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{AmendmentFault, Evaluated, EvaluationScope},
        file::ContractFile,
    },
    json::{Object, Value},
};

use super::{
    events::{OWNER, TENANT, event, fields},
    hour::*,
};

/// No party of the first contract.
const STRANGER: u8 = 9;

/// A contract and its record.
pub(super) struct Agreed {
    pub(super) contract: Contract,
    record: Object,
}

/// What an amendment says otherwise than one that all could accept.
#[derive(Clone)]
pub(super) struct Draft {
    pub(super) supersedes: String,
    pub(super) from: i64,
    pub(super) ledger: &'static str,
    pub(super) tenant: u8,
    /// What a minute too warm costs
    pub(super) price: &'static str,
    /// How the meter is read
    pub(super) meter: &'static str,
    /// Lines of `[time]`
    pub(super) rules: &'static str,
    /// The events that begin and end the period
    pub(super) events: &'static str,
    /// More terms and payments
    pub(super) more: &'static str,
}

const LEDGER: &str = "11";

pub(super) fn agreed(draft: &Draft, minutes: i64) -> Agreed {
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
{}
ledgers = ["{}"]
period = {{ from = {}, to = {}{} }}
currency = "EUR"
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel", energy = {{ {} }} }}
[time]
{}
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
[[terms]]
id = "delivered"
event = "delivered"
by = ["owner", "tenant"]
before = 2026-03-01T06:50:00Z
[[terms]]
id = "stop"
event = "stop"
by = ["owner"]
[[excuses]]
event = "storm"
signed_by = ["owner"]
terms = ["cold"]
[[payments]]
id = "warm"
from = "owner"
to = "tenant"
each = "excursion of cold"
amount = "duration / 60 * {}"
[[payments]]
id = "energy"
from = "tenant"
to = "owner"
each = "hour"
amount = "delta(energy) * 0.25"
[[payments]]
id = "stops"
from = "tenant"
to = "owner"
each = "event stop"
amount = "5.00"
[[payments]]
id = "bonus"
from = "tenant"
to = "owner"
when = "!breached(delivered)"
amount = "100.00"
{}"#,
        draft.supersedes,
        draft.ledger.repeat(32),
        at(draft.from * MINUTE),
        at((draft.from + minutes) * MINUTE),
        draft.events,
        key(OWNER).did(),
        key(draft.tenant).did(),
        key(3).did(),
        draft.meter,
        draft.rules,
        draft.price,
        draft.more,
    );
    let record = ContractFile::parse(toml.as_bytes()).unwrap().record;
    let contract = Contract::read(&record).unwrap_or_else(|problems| panic!("{problems:?}\n{toml}"));
    Agreed { contract, record }
}

pub(super) fn original() -> Draft {
    Draft {
        supersedes: String::new(),
        from: 0,
        ledger: LEDGER,
        tenant: TENANT,
        price: "1.00",
        meter: "unit = \"kWh\", counter = { max_rate = \"50 / 1h\" }",
        rules: "hold = \"11m\"\nlate_after = \"1h\"",
        events: "",
        more: "",
    }
}

pub(super) fn first() -> Agreed {
    agreed(&original(), 60)
}

pub(super) fn amendment(of: &Agreed) -> Draft {
    let supersedes = format!("supersedes = \"{}\"", of.contract.hash);
    Draft { supersedes, from: 30, price: "2.00", ..original() }
}

impl Agreed {
    /// Its record, signed and received.
    pub(super) fn stated(&self, minute: i64, signers: (u8, Option<u8>)) -> Line {
        let (signer, cosigner) = signers;
        Line { n: 0, received: at(minute * MINUTE), record: self.record.clone(), signer, cosigner }
    }

    pub(super) fn by_both(&self, minute: i64) -> Line {
        self.stated(minute, (OWNER, Some(TENANT)))
    }

    fn accepted(&self, minute: i64, signer: u8) -> Line {
        let line =
            Line { n: 0, received: at(minute * MINUTE), record: Object::new(), signer, cosigner: None };
        line.with("type", "accept").with("contract", self.contract.hash.to_string())
    }
}

/// Readings every five minutes: too warm from minute 20 to minute 40, and 0.5 kWh between two of them.
fn readings() -> Vec<Line> {
    let reading = |n: u64| {
        let minute = i64::try_from(n).unwrap() * 5;
        let t = if (20..40).contains(&minute) { 9 } else { 4 };
        reading(n, minute * MINUTE, "4")
            .values(&format!(
                "{{\"t\":{t},\"energy\":{}}}",
                100.0 + f64::from(u32::try_from(n).unwrap()) / 2.0
            ))
            .with("units", counterfoil::json::parse(br#"{"t":"Cel","energy":"kWh"}"#).unwrap())
    };
    (0..19).map(reading).collect()
}

/// The verdict when nothing can change any more, on the readings and what else was received.
pub(super) fn judged(contract: &Contract, others: &[Line]) -> (Object, Evaluated) {
    judged_as_of(contract, others, 48 * 60)
}

fn judged_as_of(contract: &Contract, others: &[Line], minute: i64) -> (Object, Evaluated) {
    judged_on(contract, [&readings()[..], others].concat(), minute)
}

/// The verdict as of a minute on what was received, in that order.
pub(super) fn judged_on(contract: &Contract, mut lines: Vec<Line>, minute: i64) -> (Object, Evaluated) {
    lines.sort_by_key(|line| line.received);
    (0..).zip(&mut lines).for_each(|(n, line)| line.n = n);
    let scope = EvaluationScope { as_of: Some(at(minute * MINUTE)), patient: true };
    (run(contract, &lines, scope), evaluate(contract, &lines, scope).0)
}

pub(super) fn rows(verdict: &Object, name: &str) -> Vec<Object> {
    let rows = verdict.get(name).unwrap().as_array().unwrap();
    rows.iter().map(|row| row.as_object().unwrap().clone()).collect()
}

/// What a payment comes to.
pub(super) fn sum(verdict: &Object, id: &str) -> String {
    let payments = rows(verdict, "payments");
    payments.iter().find(|row| row.str("id") == Some(id)).unwrap().str("sum").unwrap().to_owned()
}

/// Who signed the contract's own record in a ledger has accepted it, as who has an `accept` record there, and by that one only.
#[test]
fn a_contract_is_accepted_by_who_signed_its_record_in_a_ledger() {
    let (agreement, other) = (first(), agreed(&original(), 70));
    let by = |lines: &[Line]| judged(&agreement.contract, lines).1.accepted;
    assert_eq!(by(&[]), [false, false]);
    assert_eq!(by(&[agreement.by_both(-1)]), [true, true]);
    assert_eq!(by(&[agreement.stated(-1, (TENANT, None))]), [false, true]);
    assert_eq!(by(&[agreement.stated(-1, (TENANT, None)), agreement.accepted(0, OWNER)]), [true, true]);
    assert_eq!(by(&[agreement.stated(-1, (STRANGER, None))]), [false, false]);
    assert_eq!(by(&[other.by_both(-1)]), [false, false]);
}

fn warm(contract: &Contract, others: &[Line]) -> String {
    sum(&judged(contract, others).0, "warm")
}

fn fault(contract: &Contract, others: &[Line]) -> Option<AmendmentFault> {
    judged(contract, others).1.not_in_force
}

pub(super) fn is_superseded(verdict: &Object) -> Option<String> {
    verdict.get("superseded").and_then(Value::as_object).map(Object::to_canonical)
}

#[test]
fn each_judges_its_own_time() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let signed = [old.by_both(1), new.by_both(25)];
    // 20 to 40 at 1.00; amended, 20 to 30 at 1.00 and 30 to 40 at 2.00
    assert_eq!(warm(&old.contract, &signed[..1]), "20.00");
    assert_eq!([warm(&old.contract, &signed), warm(&new.contract, &signed)], ["10.00", "20.00"]);
    let (verdict, evaluated) = judged(&old.contract, &signed);
    let expected = format!(r#"{{"by":"{}","from":"2026-03-01T06:30:00.000Z"}}"#, new.contract.hash);
    assert_eq!(is_superseded(&verdict), Some(expected));
    assert_eq!(evaluated.not_in_force, None);
    let (verdict, evaluated) = judged(&new.contract, &signed);
    assert_eq!((is_superseded(&verdict), evaluated.not_in_force), (None, None));
    // It is in force from when all have accepted, also for the time before: as of minute 24 nothing is known of it.
    let late = [old.by_both(1), new.by_both(70)];
    assert_eq!([warm(&old.contract, &late), warm(&new.contract, &late)], ["10.00", "20.00"]);
    let (verdict, evaluated) = judged_as_of(&old.contract, &signed, 24);
    assert_eq!((is_superseded(&verdict), evaluated.not_in_force), (None, None));
    assert_eq!(judged_as_of(&new.contract, &signed, 24).1.not_in_force, Some(AmendmentFault::NotStated));
}

#[test]
fn a_counter_is_billed_once_across_the_border() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let signed = [old.by_both(1), new.by_both(25)];
    let of = |contract: &Contract, others: &[Line]| sum(&judged(contract, others).0, "energy");
    // 0.5 kWh in five minutes: 6 kWh in an hour at 0.25
    assert_eq!(of(&old.contract, &signed[..1]), "1.50");
    // 3 kWh until half past six, the reading of which is the old one's; 6 in the hour from then on
    assert_eq!([of(&old.contract, &signed), of(&new.contract, &signed)], ["0.75", "1.50"]);
}

#[test]
fn what_not_all_accept_changes_nothing() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let is = |lines: &[Line], expected: &AmendmentFault| {
        let lines = [&[old.by_both(1)], lines].concat();
        assert_eq!(warm(&old.contract, &lines), "20.00", "{expected}");
        assert_eq!(fault(&new.contract, &lines).as_ref(), Some(expected));
    };
    let missing = |party: &str| AmendmentFault::NotAccepted(vec![party.to_owned()]);
    is(&[new.stated(25, (OWNER, None))], &missing("tenant"));
    is(&[new.stated(25, (OWNER, None)), new.accepted(26, STRANGER)], &missing("tenant"));
    is(&[new.stated(25, (OWNER, None)), old.accepted(26, TENANT)], &missing("tenant"));
    is(&[new.stated(25, (TENANT, Some(STRANGER)))], &missing("owner"));
    // a proof that is bad, or a stranger's, states nothing
    is(&[new.stated(25, (0, None)), new.accepted(26, TENANT)], &AmendmentFault::NotStated);
    is(&[new.stated(25, (STRANGER, None)), new.accepted(26, TENANT)], &AmendmentFault::NotStated);
    is(&[new.accepted(26, TENANT), new.accepted(26, OWNER)], &AmendmentFault::NotStated);
    // nobody accepts what is not there yet
    is(&[new.accepted(24, TENANT), new.stated(25, (OWNER, None))], &missing("tenant"));
    // The old one's late readings are over at 120: one who accepts then is too late.
    is(
        &[new.stated(25, (OWNER, None)), new.accepted(120, TENANT)],
        &AmendmentFault::TooLate(at(120 * MINUTE)),
    );
    let in_time = [old.by_both(1), new.stated(25, (OWNER, None)), new.accepted(119, TENANT)];
    assert_eq!((warm(&old.contract, &in_time).as_str(), fault(&new.contract, &in_time)), ("10.00", None));
}

#[test]
fn a_party_that_accepts_what_there_is_not_holds_nothing_up() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let accept = |n: u64| new.accepted(10, OWNER).with("contract", format!("{n:064x}"));
    let flood: Vec<_> = (0..10_001).map(accept).chain([old.by_both(1), new.by_both(25)]).collect();
    let (verdict, evaluated) = judged(&old.contract, &flood);
    assert_eq!((evaluated.hindsight.beyond(), sum(&verdict, "warm").as_str()), (None, "10.00"));
}

#[test]
fn only_the_same_parties_amend_it_in_the_same_ledgers_and_from_then_on() {
    let old = first();
    let is = |draft: &Draft, other: u8, expected: &AmendmentFault| {
        let new = agreed(draft, 60);
        let lines = [old.by_both(1), new.stated(25, (OWNER, Some(other)))];
        assert_eq!(warm(&old.contract, &lines), "20.00", "{expected}");
        assert_eq!(fault(&new.contract, &lines).as_ref(), Some(expected));
    };
    let strangers = Draft { tenant: STRANGER, ..amendment(&old) };
    is(&strangers, STRANGER, &AmendmentFault::NothingReplaced);
    is(&Draft { ledger: "22", ..amendment(&old) }, TENANT, &AmendmentFault::OtherLedgers);
    is(&Draft { from: -1, ..amendment(&old) }, TENANT, &AmendmentFault::Earlier(at(0)));
    // from the beginning on it replaces all, and from the end on nothing
    let of = |from: i64| {
        let new = agreed(&Draft { from, ..amendment(&old) }, 60);
        let lines = [old.by_both(1), new.by_both(25)];
        (warm(&old.contract, &lines), warm(&new.contract, &lines))
    };
    assert_eq!(of(0), ("0.00".to_owned(), "40.00".to_owned()));
    assert_eq!(of(60), ("20.00".to_owned(), "0.00".to_owned()));
    // what the ledgers do not have is replaced by nothing
    let new = agreed(&amendment(&old), 60);
    let alone = [new.by_both(25)];
    assert_eq!(warm(&old.contract, &alone), "20.00");
    assert_eq!(fault(&new.contract, &alone), Some(AmendmentFault::NothingReplaced));
}

#[test]
fn of_several_the_first_that_all_accept_is_in_force() {
    let old = first();
    let [new, other] = ["2.00", "3.00"].map(|price| agreed(&Draft { price, ..amendment(&old) }, 60));
    let lines = [old.by_both(1), new.stated(20, (OWNER, None)), other.by_both(25), new.accepted(26, TENANT)];
    assert_eq!(warm(&old.contract, &lines), "10.00");
    assert_eq!((warm(&other.contract, &lines).as_str(), fault(&other.contract, &lines)), ("30.00", None));
    assert_eq!(fault(&new.contract, &lines), Some(AmendmentFault::Another(other.contract.hash)));
    // One that supersedes the amendment follows it; one of what is not in force replaces nothing.
    let last = agreed(&Draft { from: 35, price: "4.00", ..amendment(&other) }, 60);
    let lines = [&lines[..], &[last.by_both(28)]].concat();
    // 20 to 30 at 1.00, to 35 at 3.00, to 40 at 4.00
    let sums = [&old, &other, &last].map(|agreed| warm(&agreed.contract, &lines));
    assert_eq!(sums, ["10.00", "15.00", "20.00"]);
    assert_eq!(fault(&last.contract, &lines), None);
    let orphan = agreed(&Draft { from: 35, ..amendment(&new) }, 60);
    let lines = [&lines[..], &[orphan.by_both(29)]].concat();
    assert_eq!(fault(&orphan.contract, &lines), Some(AmendmentFault::ReplacesNothing));
}

#[test]
fn an_event_is_paid_for_by_the_contract_in_whose_time_it_happened() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let stops =
        |contract: &Contract| [20, 40].map(|minute| event(contract, 0, "stop", (minute, minute), OWNER));
    let signed = [old.by_both(1), new.by_both(25)];
    let lines = [&signed[..], &stops(&old.contract), &stops(&new.contract)].concat();
    // both stops are said under both, and each is paid for once
    let of = |contract: &Contract, lines: &[Line]| sum(&judged(contract, lines).0, "stops");
    assert_eq!(of(&old.contract, &[&lines[..1], &lines[2..]].concat()), "10.00");
    assert_eq!([of(&old.contract, &lines), of(&new.contract, &lines)], ["5.00", "5.00"]);
}

#[test]
fn an_event_that_is_not_due_yet_is_asked_of_the_amendment() {
    let old = first();
    let new = agreed(&amendment(&old), 60);
    let signed = [old.by_both(1), new.by_both(25)];
    let of = |contract: &Contract, lines: &[Line]| {
        let (verdict, _) = judged(contract, lines);
        let terms = rows(&verdict, "terms");
        let text = |name| terms[1].str(name).unwrap().to_owned();
        (text("state"), text("why"), sum(&verdict, "bonus"))
    };
    let is = |state: &str, why: &str, bonus: &str| (state.to_owned(), why.to_owned(), bonus.to_owned());
    // It must come before minute 50: until 30 nobody was late, and nobody has earned a bonus.
    assert_eq!(of(&old.contract, &signed), is("kept", "superseded", "0.00"));
    assert_eq!(of(&new.contract, &signed), is("breached", "limit", "0.00"));
    let came = |contract: &Contract, minute| {
        let line = fields(event(contract, 0, "delivered", (minute, minute), OWNER), "{}");
        [&signed[..], &[line.cosigned_by(TENANT)]].concat()
    };
    assert_eq!(of(&new.contract, &came(&new.contract, 45)), is("kept", "within", "100.00"));
    assert_eq!(of(&old.contract, &came(&new.contract, 45)), is("kept", "superseded", "0.00"));
    assert_eq!(of(&old.contract, &came(&old.contract, 22)), is("kept", "within", "100.00"));
}
