//! What is odd about a contract that is one.

use counterfoil::{
    contract::{document::Contract, file::ContractFile, lint::lint},
    key::SecretKey,
};

fn did(seed: u8) -> String {
    SecretKey::from_seed(&[seed; 32]).public().did()
}

/// The warnings about a contract with these terms and further lines.
fn warnings(fields: &str, rest: &str) -> Vec<String> {
    let toml = format!(
        r#"contract = "foil/1"
title = "Cold room"
currency = "EUR"
period = {{ from = 2026-03-01T06:00:00Z, to = 2026-03-01T07:00:00Z }}
ledgers = ["{}"]
[parties.owner]
key = "{}"
[parties.tenant]
key = "{}"
[devices.probe]
id = "{}"
fields = {{ {fields} }}
[time]
hold = "11m"
{rest}"#,
        "9f".repeat(32),
        did(1),
        did(2),
        did(3)
    );
    let source = ContractFile::parse(toml.as_bytes()).unwrap_or_else(|(problems, _)| panic!("{problems:?}"));
    let contract = Contract::read(&source.record).unwrap_or_else(|problems| panic!("{problems:?}"));
    lint(&contract).iter().map(ToString::to_string).collect()
}

fn on_condition(condition: &str) -> Vec<String> {
    let fields = "t = \"Cel\", u = \"Cel\", on = \"bool\"";
    warnings(
        fields,
        &format!("[[terms]]\nid = \"a\"\non = \"probe\"\nrequire = \"{condition}\"\ngap = \"hold\"\n"),
    )
}

#[test]
fn conditions_that_decide_nothing_are_found() {
    for sound in [
        "t >= 2 && t <= 8",
        "t < 2 || t > 8",
        "t >= 2 && u <= 1",
        "t == 4",
        "t != 4",
        "t in [1, 2, 3]",
        "on",
        "has(t)",
        "t - 1 > 3 && t - 1 > 4",
        "t > u",
        "(t >= 2 && t <= 8) || !on",
    ] {
        assert_eq!(on_condition(sound), [""; 0], "{sound}");
    }
    let never = "this can never hold, whatever is measured: its parts contradict each other";
    let always = "this always holds, whatever is measured: the term can never breach";
    for (condition, message) in [
        ("t >= 8 && t <= 2", never),
        ("t > 2 && t < 2", never),
        ("!(t < 2 || t >= 2)", never),
        ("t == 1 && t in [2, 3]", never),
        ("on && !on", never),
        ("1 > 2", never),
        ("t >= 2 || t <= 8", always),
        ("t != 1 || t != 2", always),
        ("true", always),
        ("t >= 8 && t <= 2 && on", "what is asked of t can never hold: it contradicts itself"),
        ("(t > 8 && t < 2) || on", "what is asked of t can never hold: that alternative is unreachable"),
        ("(t > 2 || t < 8) && on", "what is asked of t always holds: it asks nothing"),
        ("t > 2 || on || t < 8", "what is asked of t always holds"),
    ] {
        assert_eq!(on_condition(condition), [format!("terms[0].require: {message}")], "{condition}");
    }
}

#[test]
fn limits_that_nothing_can_exceed_are_found() {
    let of =
        |term: &str| warnings("t = \"Cel\"", &format!("[[terms]]\nid = \"a\"\non = \"probe\"\n{term}\n"));
    let longer = "require = \"t < 8\"\ngap = \"hold\"\ntolerate = { longer_than = \"1h\" }";
    assert_eq!(
        of(longer),
        ["terms[0].tolerate.longer_than: 1h is not shorter than the period of 1h: this can never breach"]
    );
    assert_eq!(of("require = \"t < 8\"\ngap = \"hold\"\ntolerate = { total = \"59m59s\" }"), [""; 0]);
    // as long as the period is long enough, where that breaches
    assert_eq!(
        of("require = \"t < 8\"\ngap = \"hold\"\ninclusive = true\ntolerate = { longer_than = \"1h\" }"),
        [""; 0]
    );
    // a window longer than the period is clipped to it, so it can breach
    let window = of("require = \"t < 8\"\ngap = \"hold\"\ntolerate = { percent = \"5\", of = \"7d\" }");
    assert!(window.iter().all(|warning| !warning.contains("never breach")), "{window:?}");
    let beat = "every = \"6m\"\ntolerate = { count = 9 }";
    assert_eq!(
        of(beat),
        ["terms[0].every: at most 9 readings can be missing in the period of 1h: this can never breach"]
    );
    assert_eq!(of("every = \"6m\"\ntolerate = { count = 8 }"), [""; 0]);
    let both = "require = \"t < 8\"\ngap = \"hold\"\n[[terms]]\nid = \"b\"\non = \"probe\"\nevery = \"6m\"";
    assert_eq!(
        of(both),
        ["time.hold: 11m is under twice the cadence of probe (6m): one lost reading makes the state unknown"]
    );
}

#[test]
fn money_units_and_parties_are_looked_at() {
    let term = "[[terms]]\nid = \"a\"\non = \"probe\"\nrequire = \"t < 8\"\ngap = \"hold\"\n";
    let pay = "[[payments]]\nid = \"p\"\nfrom = \"owner\"\nto = \"tenant\"\namount = \"5\"\n";
    let boundless = "payments[0].amount: p has no cap: what could it come to?";
    assert_eq!(warnings("t = \"Cel\"", &format!("{term}{pay}")), [""; 0], "once, and fixed");
    let when = format!("{term}{pay}when = \"breached(a)\"\n");
    assert_eq!(warnings("t = \"Cel\"", &when), [""; 0], "once at most, and fixed");
    let counted = pay.replace("\"5\"", "\"5 * excursions(a)\"");
    assert_eq!(warnings("t = \"Cel\"", &format!("{term}{counted}")), [boundless]);
    assert_eq!(warnings("t = \"Cel\"", &format!("{term}{pay}each = \"day\"\n")), [boundless]);
    assert_eq!(warnings("t = \"Cel\"", &format!("{term}{pay}cap = \"5\"\n")), [""; 0]);
    let caps = "[[caps]]\nfrom = \"owner\"\nto = \"tenant\"\namount = \"9\"\n";
    assert_eq!(warnings("t = \"Cel\"", &format!("{term}{pay}{caps}")), [""; 0]);
    assert_eq!(
        warnings("t = \"C\"", term),
        ["devices.probe.fields.t: \"C\" is the coulomb, of electric charge: degrees Celsius are \"Cel\""]
    );
    assert_eq!(
        warnings("t = \"degC\"", term),
        [
            "devices.probe.fields.t: \"degC\" is no unit of SenML (RFC 8428) (perhaps \"Cel\"): readings must say exactly the same"
        ]
    );
    assert_eq!(
        warnings("t = \"Cel\"", ""),
        ["no term is on probe", "no term ([[terms]]): the contract demands nothing"].map(|text| {
            if text.starts_with("no term is") { format!("devices.probe: {text}") } else { text.to_owned() }
        })
    );
}

#[test]
fn a_device_that_can_fall_silent_at_no_cost_is_an_error() {
    let terms = |gap: &str| {
        format!(
            "[[terms]]\nid = \"a\"\non = \"probe\"\nrequire = \"t < 8\"\n{gap}\n\
             [[terms]]\nid = \"beat\"\non = \"probe\"\nevery = \"5m\"\ntolerate = {{ count = 2 }}\n"
        )
    };
    let pay = |amount: &str| {
        format!("[[payments]]\nid = \"p\"\nfrom = \"owner\"\nto = \"tenant\"\ncap = \"9\"\n{amount}\n")
    };
    let of = |text: &str| warnings("t = \"Cel\"", text);
    for free in ["", "gap = \"pause\"", "gap = \"reset\""] {
        let [problem] = &of(&terms(free))[..] else { panic!("{free}: {:?}", of(&terms(free))) };
        assert!(problem.starts_with("terms[0].require: unknown time does not count here, and when probe"));
        // a payment that asks something else makes it no dearer
        assert_eq!(of(&(terms(free) + &pay("amount = \"excursions(a) * 5\""))).len(), 1);
        for amount in [
            "amount = \"misses(beat) * 0.10\"",
            "amount = \"5\"\nwhen = \"breached(beat)\"",
            "amount = \"breached(beat) ? 5 : 0\"",
        ] {
            assert_eq!(of(&(terms(free) + &pay(amount))), [""; 0], "{free} {amount}");
        }
    }
    assert_eq!(of(&terms("gap = \"hold\"")), [""; 0]);
}
