//! What entries say about readings before them: corrections by all parties, calibrations, and what a reading must prove.

use counterfoil::{
    contract::{document::Contract, eval::EvaluationScope, file::ContractFile},
    hash::Hash,
    json::{Object, Value},
    object,
    record::{reading::Integrity, signed},
};

use super::hour::*;

const OWNER: u8 = 1;
const TENANT: u8 = 2;
const LABORATORY: u8 = 7;

/// Until a week after the period, which is closed 25 hours after it began.
const ALL: &str = "corrections = { by = [\"owner\", \"tenant\"], until = 2026-03-08T00:00:00Z }";
const PENALTY: &str = "[[payments]]\nid = \"penalty\"\nfrom = \"tenant\"\nto = \"owner\"\n\
    each = \"excursion of cold\"\namount = \"duration / 60\"\n";

/// Four degrees, but nine from minute 20 to 25.
fn one_warm() -> Vec<Line> {
    series(&["4", "4", "4", "4", "9", "4", "4", "4", "4", "4", "4", "4", "4"])
}

fn contract_corrected() -> Contract {
    contract_between(ALL, &(cold("gap = \"hold\"") + PENALTY))
}

/// A statement by both parties, received so many minutes after the period began.
fn stated(n: u64, minute: i64, record: Object) -> Line {
    Line { record, ..reading(n, minute * MINUTE, "0") }.signed_by(OWNER).cosigned_by(TENANT)
}

fn correction(n: u64, minute: i64, of: &Line, change: (&str, Value)) -> Line {
    let mut record = object! {
        "type": "correction",
        "ledger": Hash::of(b"ledger").to_string(),
        "corrects": signed::id(&of.record).to_string(),
        "reason": "an offset",
    };
    record.insert(change.0, change.1);
    stated(n, minute, record)
}

fn to(t: &str) -> (&'static str, Value) {
    let value: f64 = t.parse().unwrap();
    ("values", Value::Object(object! { "t": counterfoil::json::Number::new(value).unwrap() }))
}

fn settled(verdict: &Object) -> Vec<String> {
    let list = verdict.get("settlement").unwrap().as_array().unwrap().iter();
    list.map(|owed| owed.as_object().unwrap().str("amount").unwrap().to_owned()).collect()
}

fn corrected(verdict: &Object) -> u64 {
    verdict.get("corrected").unwrap().as_u64().unwrap()
}

/// The lines and others behind them.
fn with(mut lines: Vec<Line>, more: impl IntoIterator<Item = Line>) -> Vec<Line> {
    lines.extend(more);
    lines
}

/// Two hours after the contract was closed.
const LATER: i64 = 27 * 60;

#[test]
fn what_all_parties_correct_counts_from_the_next_verdict_on() {
    let (contract, lines) = (contract_corrected(), one_warm());
    let before = verdict(&contract, &lines);
    // five minutes of nine degrees, 300 s at 1/60
    assert_eq!(
        (excursions(&before), settled(&before)),
        (vec!["20+5!20:01".to_owned()], vec!["5.00".to_owned()])
    );
    assert_eq!(corrected(&before), 0);
    // received when the contract was closed long ago
    let lines = with(lines.clone(), [correction(20, LATER, &lines[4], to("5"))]);
    let after = verdict(&contract, &lines);
    assert_eq!((excursions(&after), settled(&after)), (vec![], vec![]));
    assert_eq!((findings(&after), corrected(&after)), (vec!["4 corrected".to_owned()], 1));
    assert_eq!((state(&after), after.get("final").unwrap().as_bool()), ("kept".to_owned(), Some(true)));
    // as of the minute before it arrived it does not exist
    let scope = EvaluationScope { as_of: Some(at((LATER - 1) * MINUTE)), patient: true };
    assert_eq!(run(&contract, &lines, scope).get("terms"), before.get("terms"));
}

#[test]
fn the_last_correction_speaks() {
    let (contract, lines) = (contract_corrected(), one_warm());
    let warm = lines[4].clone();
    let said = |first: &str, last: &str| {
        let lines =
            with(lines.clone(), [correction(20, 70, &warm, to(first)), correction(21, 80, &warm, to(last))]);
        let verdict = verdict(&contract, &lines);
        (excursions(&verdict).len(), findings(&verdict), corrected(&verdict))
    };
    let once = vec!["4 corrected".to_owned()];
    assert_eq!(said("5", "8.5"), (1, once.clone(), 1));
    assert_eq!(said("8.5", "5"), (0, once, 1));
}

#[test]
fn of_each_value_the_last_correction_that_names_it_speaks() {
    let terms =
        format!("{}[[terms]]\nid = \"shut\"\non = \"probe\"\nrequire = \"door == 'shut'\"\n", cold(""));
    let contract = contract_between(&format!("{ALL}\nsilence = \"accepted\""), &terms);
    let mut lines: Vec<_> = one_warm();
    for line in &mut lines {
        let t = if line.n == 4 { 9 } else { 4 };
        let door = if line.n == 4 { "open" } else { "shut" };
        *line = line.clone().values(&format!("{{\"t\":{t},\"door\":\"{door}\"}}"));
    }
    // whether it was warm, whether the door was open, and whether the reading counts at all
    let of = |changes: &[&str]| {
        let said = (20..).zip(changes).map(|(n, change)| match *change {
            "withdrawn" => correction(n, 70, &lines[4], ("withdrawn", Value::Bool(true))),
            values => {
                correction(n, 70, &lines[4], ("values", counterfoil::json::parse(values.as_bytes()).unwrap()))
            }
        });
        let verdict = verdict(&contract, &with(lines.clone(), said));
        let terms = verdict.get("terms").unwrap().as_array().unwrap().iter();
        let states: Vec<_> =
            terms.map(|term| term.as_object().unwrap().str("state").unwrap().to_owned()).collect();
        (states.join(" "), corrected(&verdict))
    };
    let is = |states: &str, corrected| (states.to_owned(), corrected);
    let (cool, shut) = (r#"{"t":5}"#, r#"{"door":"shut"}"#);
    assert_eq!(of(&[]), is("breached breached", 0));
    assert_eq!(of(&[cool]), is("kept breached", 1));
    assert_eq!(of(&[cool, shut]), is("kept kept", 1));
    assert_eq!(of(&[shut, cool]), is("kept kept", 1));
    // the first is corrected itself: nine degrees it was, and the door stays shut
    assert_eq!(of(&[cool, shut, r#"{"t":9}"#]), is("breached kept", 1));
    // withdrawn, nothing of it counts: its five minutes are unknown
    assert_eq!(of(&[cool, shut, "withdrawn"]), is("undetermined undetermined", 1));
    // whoever corrects it after that says that it counts, and what was corrected before stays so
    assert_eq!(of(&[cool, "withdrawn", shut]), is("kept kept", 1));
    assert_eq!(of(&["withdrawn", cool]), is("kept breached", 1));
}

#[test]
fn a_copy_of_a_corrected_reading_is_the_same_reading() {
    let contract = contract_corrected();
    let lines = one_warm();
    let copy = Line { n: 14, received: at(62 * MINUTE), ..lines[4].clone() };
    for change in [to("5"), ("withdrawn", Value::Bool(true))] {
        let said = [copy.clone(), correction(20, 70, &lines[4], change)];
        let verdict = verdict(&contract, &with(lines.clone(), said));
        assert_eq!((findings(&verdict), corrected(&verdict)), (vec!["4 corrected".to_owned()], 1));
    }
}

#[test]
fn what_a_correction_does_not_name_stays() {
    let contract = contract_corrected();
    let mut lines = one_warm();
    lines[4] = lines[4].clone().values(r#"{"t":9,"door":"open"}"#);
    let door = ("values", Value::Object(object! { "door": "shut" }));
    let verdict_of =
        |change| verdict(&contract, &with(lines.clone(), [correction(20, 70, &lines[4], change)]));
    assert_eq!(excursions(&verdict_of(door)), ["20+5!20:01"]);
    // null: what it was is unknown, and `hold` counts no unknown time outside of an excursion
    let unknown = verdict_of(("values", Value::Object(object! { "t": Value::Null })));
    assert_eq!((excursions(&unknown), unknown_minutes(&unknown)), (vec![], 5));
    // the unit stays the reading's: without one it is taken for the declared one
    lines[4].record.remove("units");
    let bare = verdict(&contract, &with(lines.clone(), [correction(20, 70, &lines[4], to("5"))]));
    assert_eq!(findings(&bare), ["4 corrected", "4 no-unit t"]);
}

#[test]
fn a_withdrawn_reading_is_as_one_that_was_withheld() {
    let (contract, lines) = (contract_corrected(), one_warm());
    let withdrawn = |lines: &[Line]| {
        let said = correction(20, 70, &lines[4], ("withdrawn", Value::Bool(true)));
        verdict(&contract, &with(lines.to_vec(), [said]))
    };
    let verdict = withdrawn(&lines);
    assert_eq!((excursions(&verdict), unknown_minutes(&verdict)), (vec![], 5));
    assert_eq!(
        (findings(&verdict), state(&verdict)),
        (vec!["4 corrected".to_owned()], "undetermined".to_owned())
    );
    // in a stream the reading before it does not bridge it: unknown from 15 on
    let streamed: Vec<Line> = lines.into_iter().map(|line| line.clone().in_stream(line.n)).collect();
    let verdict = withdrawn(&streamed);
    assert_eq!((unknown_minutes(&verdict), findings(&verdict)), (10, vec!["4 corrected".to_owned()]));
}

#[test]
fn what_did_not_count_does_not_count_corrected() {
    let contract = contract_corrected();
    let mut lines = one_warm();
    // too late by a day, and outside of what a sensor measures
    lines[4].received = at(30 * 60 * MINUTE - 6 * 60 * MINUTE + 21 * MINUTE);
    lines.sort_by_key(|line| line.received);
    let late = lines.last().unwrap().clone();
    let verdict_late = verdict(&contract, &with(lines, [correction(20, LATER, &late, to("5"))]));
    assert_eq!(findings(&verdict_late), ["4 late", "20 unauthorized"]);
    assert_eq!(
        (excursions(&verdict_late), unknown_minutes(&verdict_late), corrected(&verdict_late)),
        (vec![], 5, 0)
    );
    let mut fussy = contract;
    fussy.devices[0].fields.iter_mut().for_each(|field| field.valid = Some((decimal("-40"), decimal("8.5"))));
    let lines = one_warm();
    let invalid = verdict(&fussy, &with(lines.clone(), [correction(20, 70, &lines[4], to("5"))]));
    assert_eq!(
        (findings(&invalid), unknown_minutes(&invalid)),
        (vec!["4 invalid t".to_owned(), "20 unauthorized".to_owned()], 5)
    );
}

#[test]
fn a_correction_of_no_value_that_counts_changes_nothing() {
    let contract = contract_corrected();
    // the warm reading says something about the door that is no text, and has a value that is none of the probe's fields
    let mut lines = one_warm();
    lines[4] = lines[4].clone().values(r#"{"t":9,"door":7,"x":1}"#);
    let of = |changes: &[&str]| {
        let said = (20..).zip(changes).map(|(n, change)| match *change {
            "withdrawn" => correction(n, 70, &lines[4], ("withdrawn", Value::Bool(true))),
            values => {
                correction(n, 70, &lines[4], ("values", counterfoil::json::parse(values.as_bytes()).unwrap()))
            }
        });
        let verdict = verdict(&contract, &with(lines.clone(), said));
        let warm = excursions(&verdict).len();
        (warm, unknown_minutes(&verdict), corrected(&verdict), findings(&verdict).join(", "))
    };
    let is = |warm, unknown, corrected, found: &str| (warm, unknown, corrected, found.to_owned());
    assert_eq!(of(&[]), is(1, 0, 0, "4 number door"));
    for nothing in [r#"{"z":1}"#, r#"{"x":2}"#, r#"{"door":"shut"}"#] {
        assert_eq!(of(&[nothing]), is(1, 0, 0, "4 number door, 20 unauthorized"), "{nothing}");
    }
    // beside one that counts it changes something
    assert_eq!(of(&[r#"{"t":5,"z":1}"#]), is(0, 0, 1, "4 corrected, 4 number door"));
    // each is asked by itself
    assert_eq!(of(&[r#"{"t":5}"#, r#"{"z":1}"#]), is(0, 0, 1, "4 corrected, 4 number door, 21 unauthorized"));
    // what changes nothing brings back nothing: its five minutes are unknown
    assert_eq!(of(&["withdrawn", r#"{"z":1}"#]), is(0, 5, 1, "4 corrected, 21 unauthorized"));
}

fn decimal(text: &str) -> counterfoil::decimal::Decimal {
    counterfoil::decimal::Decimal::parse(text).unwrap()
}

#[test]
fn a_correction_that_not_all_sign_in_time_for_this_ledger_changes_nothing() {
    let (mut contract, lines) = (contract_corrected(), one_warm());
    contract.ledgers = vec![Hash::of(b"ledger")];
    let good = correction(20, 70, &lines[4], to("5"));
    let outcome = |said: Line| {
        let verdict = verdict(&contract, &with(lines.clone(), [said]));
        (excursions(&verdict).len(), findings(&verdict))
    };
    assert_eq!(outcome(good.clone()), (0, vec!["4 corrected".to_owned()]));
    let refused = |kind: &str| (1, vec![format!("20 {kind}")]);
    assert_eq!(outcome(Line { cosigner: None, ..good.clone() }), refused("unauthorized"));
    assert_eq!(outcome(good.clone().signed_by(9)), refused("unauthorized"));
    assert_eq!(outcome(good.clone().signed_by(0)), refused("bad-proof"));
    let other = Hash::of(b"another ledger").to_string();
    assert_eq!(outcome(good.clone().with("ledger", other)), refused("unauthorized"));
    assert_eq!(outcome(good.clone().with("corrects", Hash::of(b"x").to_string())), refused("unauthorized"));
    assert_eq!(outcome(good.clone().with("corrects", "x")), refused("invalid"));
    assert_eq!(outcome(good.clone().with("withdrawn", true)), refused("invalid"), "one of the two");
    // of another contract's readings others may speak, together with one of the parties
    let foreign = good.clone().cosigned_by(9).with("corrects", Hash::of(b"x").to_string());
    assert_eq!(outcome(foreign), (1, vec![]));
    // the week ends 162 hours after the period began
    assert_eq!(outcome(Line { received: at(162 * 60 * MINUTE - 1), ..good.clone() }).0, 1, "after as_of");
    let scope = |millis| EvaluationScope { as_of: Some(at(millis)), patient: true };
    let last = |millis: i64| {
        let said = Line { received: at(millis), ..good.clone() };
        findings(&run(&contract, &with(lines.clone(), [said]), scope(millis)))
    };
    assert_eq!(last(162 * 60 * MINUTE - 1), ["4 corrected"]);
    assert_eq!(last(162 * 60 * MINUTE), ["20 unauthorized"]);
    // a contract that lets nothing be corrected hears none
    let none = contract_between("", &cold(""));
    assert_eq!(findings(&verdict(&none, &with(lines.clone(), [good]))), Vec::<String>::new());
}

#[test]
fn a_correction_of_what_is_no_reading_is_told_of_its_parties() {
    let (contract, lines) = (contract_corrected(), one_warm());
    let none = correction(20, 70, &lines[4], to("5")).with("corrects", Hash::of(b"x").to_string());
    let outcome = |said: &[Line]| findings(&verdict(&contract, &with(lines.clone(), said.iter().cloned())));
    let alone = |n, party| Line { n, cosigner: None, ..none.clone() }.signed_by(party);
    assert_eq!(outcome(&[alone(20, OWNER)]), ["20 unauthorized"]);
    assert_eq!(outcome(&[alone(20, OWNER), alone(21, TENANT)]), ["20 unauthorized", "21 unauthorized"]);
    // the week ends 162 hours after the period began
    let late = Line { received: at(162 * 60 * MINUTE), ..none.clone() };
    let scope = EvaluationScope { as_of: Some(late.received), patient: true };
    assert_eq!(findings(&run(&contract, &with(lines.clone(), [late]), scope)), ["20 unauthorized"]);
    // nobody's, a stranger's, and one with a proof that is bad may be about anything
    for signer in [9, 0] {
        assert_eq!(outcome(&[alone(20, signer)]), [""; 0], "{signer}");
    }
    // what cannot be read is told of, too
    assert_eq!(outcome(&[alone(20, OWNER).with("corrects", "x")]), ["20 unauthorized"]);
    assert_eq!(outcome(&[alone(20, 9).with("corrects", "x")]), [""; 0]);
}

#[test]
fn every_party_must_sign_corrections_or_the_contract_is_refused() {
    let problem = |corrections: &str| {
        let toml = format!(
            "contract = \"foil/1\"\ntitle = \"x\"\nperiod = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}\n\
             [parties.owner]\nkey = \"{}\"\n[parties.tenant]\nkey = \"{}\"\n[time]\ncorrections = {corrections}\n",
            key(OWNER).did(),
            key(TENANT).did()
        );
        let source = ContractFile::parse(toml.as_bytes()).unwrap();
        Contract::read(&source.record).err().map(|problems| problems[0].message.clone())
    };
    let until = "until = 2026-03-08T00:00:00Z";
    assert_eq!(problem(&format!("{{ by = [\"tenant\", \"owner\"], {until} }}")), None);
    assert_eq!(
        problem(&format!("{{ by = [\"owner\"], {until} }}")).unwrap(),
        "every party signs a correction, and \"tenant\" is not named: nobody's readings change behind their back"
    );
    assert_eq!(problem("{ by = [\"tenant\", \"owner\"] }").unwrap(), "`until` is missing");
}

/// A contract that wants the probe calibrated.
fn contract_calibrated() -> Contract {
    let mut contract = contract("", &cold(""));
    contract.devices[0].calibrated_by = vec![key(LABORATORY)];
    contract
}

/// A certificate for these minutes of the period, which arrives at another.
fn calibration(n: u64, arrives: i64, from: i64, until: i64, uncertainty: &str) -> Line {
    let record = object! {
        "type": "calibration",
        "device": "probe",
        "certificate": object! { "name": "K 17", "sha256": Hash::of(b"certificate").to_string() },
        "valid": object! { "from": at(from * MINUTE).to_string(), "until": at(until * MINUTE).to_string() },
        "uncertainty": object! { "t": uncertainty },
    };
    Line { record, ..reading(n, arrives * MINUTE, "0") }.signed_by(LABORATORY)
}

fn within_uncertainty(verdict: &Object) -> Option<bool> {
    term(verdict).get("margin").unwrap().as_object().unwrap().get("within_uncertainty").unwrap().as_bool()
}

#[test]
fn time_without_a_valid_calibration_is_unknown() {
    let contract = contract_calibrated();
    let outcome = |said: &[Line]| {
        let mut lines = with(series(&["4"; 13]), said.iter().cloned());
        lines.sort_by_key(|line| (line.received, line.n));
        let verdict = verdict(&contract, &lines);
        (unknown_minutes(&verdict), findings(&verdict), state(&verdict))
    };
    let listed = |n: u64| vec![format!("{n} uncalibrated")];
    let undetermined = || "undetermined".to_owned();
    assert_eq!(outcome(&[]), (60, listed(0), undetermined()));
    assert_eq!(outcome(&[calibration(20, -9, -9, 90, "0.2")]), (0, vec![], "kept".to_owned()));
    // it expires at 32, and the value of minute 30 ends with it: 28 minutes, the first reading of which is the one at 35
    assert_eq!(outcome(&[calibration(20, -9, -9, 32, "0.2")]), (28, listed(7), undetermined()));
    // that it arrives only behind the readings makes no difference
    assert_eq!(outcome(&[calibration(20, 90, -9, 32, "0.2")]), (28, listed(7), undetermined()));
    // but for the day after the period, when the contract is closed
    let late = vec!["0 uncalibrated".to_owned(), "20 late".to_owned()];
    assert_eq!(outcome(&[calibration(20, 25 * 60, -9, 90, "0.2")]), (60, late, undetermined()));
    // one of the next year is no matter of this contract
    assert_eq!(outcome(&[calibration(20, 25 * 60, 60, 90, "0.2")]), (60, listed(0), undetermined()));
    // it begins at 18, where the value of minute 15 still speaks; the next one follows it without a gap
    let both = [calibration(20, 90, 18, 40, "0.2"), calibration(21, 91, 40, 90, "0.2")];
    assert_eq!(outcome(&both), (18, listed(0), undetermined()));
}

#[test]
fn only_who_the_contract_names_calibrates() {
    let contract = contract_calibrated();
    let outcome = |said: Line| findings(&verdict(&contract, &with(series(&["4"; 13]), [said])));
    let good = calibration(20, 70, -9, 90, "0.2");
    assert_eq!(outcome(good.clone()), Vec::<String>::new());
    assert_eq!(outcome(good.clone().signed_by(OWNER)), ["0 uncalibrated", "20 unauthorized"]);
    assert_eq!(outcome(good.clone().signed_by(0)), ["0 uncalibrated", "20 bad-proof"]);
    assert_eq!(outcome(good.clone().with("device", "another")), ["0 uncalibrated"]);
    // what cannot be used is told of, where who may calibrate says it
    for valid in [
        Value::Null,
        Value::Object(object! { "from": at(0).to_string() }),
        Value::Object(object! { "from": at(0).to_string(), "until": at(0).to_string() }),
        Value::Object(object! { "from": at(0).to_string(), "until": "2027" }),
    ] {
        let spoilt = good.clone().with("valid", valid);
        assert_eq!(outcome(spoilt.clone()), ["0 uncalibrated", "20 invalid"]);
        assert_eq!(outcome(spoilt.signed_by(OWNER)), ["0 uncalibrated"]);
    }
}

#[test]
fn a_margin_says_when_it_is_smaller_than_the_uncertainty() {
    let contract = contract_calibrated();
    let outcome = |t: &str, said: &[Line]| {
        let lines = with(series(&[t; 13]), said.iter().cloned());
        within_uncertainty(&verdict(&contract, &lines))
    };
    // 8.0 − 7.9 = 0.1
    assert_eq!(outcome("7.9", &[calibration(20, 70, -9, 90, "0.2")]), Some(true));
    assert_eq!(outcome("7.9", &[calibration(20, 70, -9, 90, "0.1")]), Some(false));
    assert_eq!(outcome("8.1", &[calibration(20, 70, -9, 90, "0.2")]), Some(true), "a breach, too");
    // the last one speaks, and one that says nothing about the field says nothing
    let both = [calibration(20, 70, -9, 90, "0.2"), calibration(21, 71, -9, 90, "0.1")];
    assert_eq!(outcome("7.9", &both), Some(false));
    let silent = calibration(20, 70, -9, 90, "0.2").with("uncertainty", Value::Object(object! {}));
    assert_eq!(outcome("7.9", &[silent]), None);
    assert_eq!(outcome("7.9", &[]), None);
}

#[test]
fn a_reading_that_proves_less_than_the_contract_demands_does_not_count() {
    let mut contract = contract("", &cold(""));
    let outcome = |contract: &Contract, integrity: &str| {
        let mut lines: Vec<Line> =
            one_warm().into_iter().map(|line| line.with("integrity", "signature")).collect();
        lines[4] = lines[4].clone().with("integrity", integrity);
        let verdict = verdict(contract, &lines);
        (excursions(&verdict).len(), unknown_minutes(&verdict), findings(&verdict))
    };
    let counts = || (1, 0, vec![]);
    assert_eq!(outcome(&contract, "none"), counts());
    contract.devices[0].least_integrity = Integrity::Crc;
    for enough in ["crc", "signature"] {
        assert_eq!(outcome(&contract, enough), counts(), "{enough}");
    }
    for less in ["none", "checksum", "anything"] {
        // unknown from its time to the next value
        assert_eq!(outcome(&contract, less), (0, 5, vec!["4 invalid".to_owned()]), "{less}");
    }
    // without a word about it nothing is proven
    let plain = verdict(&contract, &one_warm());
    assert_eq!(
        (unknown_minutes(&plain), findings(&plain).len()),
        (60, 12),
        "the one at minute 60 is outside"
    );
}
