//! Names that a contract has and no record, and those in the records that look like them.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{EvaluationScope, NamedThing},
    },
    key::PublicKey,
    likeness::Likeness,
};

use super::hour::*;

/// What a verdict finds, and the near names as `of declared: found`, over readings every five minutes.
fn found(lines: &[Line]) -> (Vec<String>, Vec<String>) {
    found_under(&contract("", &cold("")), lines)
}

fn found_under(contract: &Contract, lines: &[Line]) -> (Vec<String>, Vec<String>) {
    let scope = EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient: true };
    let (evaluated, _) = evaluate(contract, lines, scope);
    let near = evaluated.near_names.iter().map(|near| {
        let of = match near.of {
            NamedThing::Device => "device",
            NamedThing::Field => "field",
            NamedThing::Unit => "unit",
            NamedThing::Signer => "signer",
        };
        let how = match near.likeness {
            Some(Likeness::UnicodeForm) => "form",
            Some(Likeness::Zeros) => "zeros",
            Some(Likeness::LetterCase) => "case",
            Some(Likeness::Spelling(_)) => "spelling",
            None => "none",
        };
        format!("{of} {}: {} ({how})", near.declared, near.found)
    });
    (findings(&verdict(contract, lines)), near.collect())
}

fn renamed(device: &str) -> Vec<Line> {
    series(&["4"; 13]).into_iter().map(|line| line.with("device", device)).collect()
}

#[test]
fn a_device_that_no_record_names_is_said() {
    // thirteen readings of another name, by the same key or by a stranger's
    let said = |lines: &[Line]| found(lines);
    assert_eq!(
        said(&renamed("prob\u{65}\u{301}")),
        (vec!["- never-heard".to_owned()], vec!["device probe: prob\u{65}\u{301} (spelling)".to_owned()])
    );
    assert_eq!(said(&renamed("Probe")).1, ["device probe: Probe (case)"]);
    let by_another: Vec<_> = renamed("prboe").into_iter().map(|line| line.signed_by(7)).collect();
    assert_eq!(said(&by_another).1, ["device probe: prboe (spelling)"]);
    // nothing like it, and nothing at all
    assert_eq!(said(&renamed("freezer")), (vec!["- never-heard".to_owned()], vec![]));
    assert_eq!(said(&[]).0, ["- never-heard"]);
}

#[test]
fn a_device_that_is_named_once_was_heard() {
    assert_eq!(found(&series(&["4"; 13])), (vec![], vec![]));
    // by a reading before the period, by a status, by one that may not speak for it
    let before = reading(0, -300 * MINUTE, "4");
    assert_eq!(found(&[before]).0, [""; 0]);
    let mut status = reading(0, 0, "4").with("type", "status").with("status", "bad-frames");
    status.record.remove("values");
    assert_eq!(found(&[status]).0, [""; 0]);
    assert_eq!(found(&[reading(0, 0, "4").signed_by(7)]).0, ["0 unauthorized"]);
    // what arrives when nothing counts any more changes nothing
    let after = reading(0, 0, "4").received(25 * 60 * MINUTE);
    assert_eq!(found(&[after]).0, ["- never-heard"]);
}

#[test]
fn names_that_differ_only_in_form_are_shown_beside_one_that_is_heard() {
    let mut lines = series(&["4"; 13]);
    lines.extend(renamed("PROBE").into_iter().take(2).map(|line| Line { n: line.n + 20, ..line }));
    lines.extend(renamed("probf").into_iter().take(2).map(|line| Line { n: line.n + 30, ..line }));
    assert_eq!(found(&lines), (vec![], vec!["device probe: PROBE (case)".to_owned()]));
}

#[test]
fn a_field_that_a_condition_asks_for_and_no_reading_has_is_said() {
    let lines: Vec<_> = series(&["4"; 13]).into_iter().map(|line| line.values(r#"{"T":4}"#)).collect();
    assert_eq!(found(&lines), (vec!["- never-heard t".to_owned()], vec!["field t: T (case)".to_owned()]));
    // one reading that has it is enough, a null too; the field door is asked for by no condition
    let mut lines = lines;
    lines[3] = lines[3].clone().values(r#"{"t":null}"#);
    assert_eq!(found(&lines).0, [""; 0]);
}

/// A key whose name differs from another one's in one letter.
fn misspelt(key: &PublicKey) -> PublicKey {
    let did = key.did();
    let names = (20..did.len()).map(|at| format!("{}2{}", &did[..at], &did[at + 1..]));
    names.filter_map(|name| PublicKey::parse_did(&name).ok()).find(|other| other != key).unwrap()
}

#[test]
fn who_signed_without_being_allowed_to_is_shown_beside_whom_the_contract_names() {
    let by_7: Vec<Line> = series(&["4"; 3]).into_iter().map(|line| line.signed_by(7)).collect();
    let mut all = series(&["4"; 13]);
    all.extend(by_7.iter().cloned().map(|line| Line { n: line.n + 20, ..line }));
    let line =
        |declared: &PublicKey, how: &str| format!("signer {}: {} ({how})", declared.did(), key(7).did());
    assert_eq!(found(&all).1, [line(&key(3), "none")]);
    // of several the one that is nearest
    let mut typo = contract("", &cold(""));
    let wrong = misspelt(&key(7));
    typo.devices[0].signers = vec![key(3), wrong.clone()];
    let (findings, near) = found_under(&typo, &by_7);
    assert_eq!(findings, ["0 unauthorized", "1 unauthorized", "2 unauthorized"]);
    assert_eq!(near, [line(&wrong, "spelling")]);
    // long before the period it is no business of the contract's, and a proof that does not hold is nobody's word
    let before = reading(0, -300 * MINUTE, "4").signed_by(7);
    assert_eq!(found(&[before]).1, [""; 0]);
    assert_eq!(found(&[reading(0, 0, "4").signed_by(0)]), (vec!["0 bad-proof".to_owned()], vec![]));
}

#[test]
fn the_unit_that_readings_have_is_shown_beside_the_declared_one() {
    let mut lines = series(&["4"; 13]);
    for line in &mut lines[3..5] {
        *line = line.clone().with("units", counterfoil::json::parse("{\"t\":\"cel\"}".as_bytes()).unwrap());
    }
    let (findings, near) = found(&lines);
    assert_eq!(findings, ["3 unit t", "4 unit t"]);
    assert_eq!(near, ["unit Cel: cel (case)"]);
}
