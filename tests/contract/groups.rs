//! Devices made of devices: what enough of them agree on, and what is unknown where they do not.

use counterfoil::{
    contract::{document::Contract, file::ContractFile, silence},
    hash::Hash,
    json::{Object, Value},
    object,
    record::signed,
};

use super::hour::*;

/// Probes with these names, and a room made of all of them.
fn toml(names: &[&str], room: &str, terms: &str) -> String {
    let probe = |name: &&str| {
        let key = key(3).did();
        format!(
            "[devices.{name}]\nid = \"{name}\"\nsigned_by = [\"{key}\"]\nfields = {{ t = \"Cel\", u = \"%RH\" }}\n"
        )
    };
    let probes: String = names.iter().map(probe).collect();
    format!(
        "contract = \"foil/1\"\ntitle = \"Room\"\nperiod = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}\n\
         [parties.owner]\nkey = \"{}\"\n[parties.tenant]\nkey = \"{}\"\n{probes}\
         [devices.room]\n{room}\n[time]\nhold = \"11m\"\n\
         corrections = {{ by = [\"owner\", \"tenant\"], until = 2026-03-08T00:00:00Z }}\n{terms}",
        key(1).did(),
        key(2).did()
    )
}

fn read(toml: &str) -> Result<Contract, Vec<String>> {
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    let text = |problem: &counterfoil::contract::problem::Problem| problem.message.clone();
    Contract::read(&source.record).map_err(|problems| problems.iter().map(text).collect())
}

const COLD: &str = "[[terms]]\nid = \"cold\"\non = \"room\"\nrequire = \"t <= 8.0\"\ngap = \"hold\"\n";

fn room(names: &[&str], agree: usize, within: &str) -> Contract {
    let of = format!("of = {names:?}\nagree = {agree}\nwithin = {{ t = \"{within}\" }}");
    read(&toml(names, &of, COLD)).unwrap_or_else(|problems| panic!("{problems:?}"))
}

/// What each probe says every five minutes, by its name and the minute; `None`: nothing. Entries are numbered by minute and
/// probe.
fn lines(names: &[&str], says: impl Fn(&str, i64) -> Option<&'static str>) -> Vec<Line> {
    let (mut all, mut n) = (Vec::new(), 0);
    for minute in (0..=60).step_by(5) {
        for name in names {
            if let Some(t) = says(name, minute) {
                all.push(reading(n, minute * MINUTE, t).with("device", *name));
            }
            n += 1;
        }
    }
    all
}

fn margin(verdict: &Object) -> Option<String> {
    let margin = term(verdict).get("margin").unwrap().as_object().unwrap().clone();
    margin.str("value").map(str::to_owned)
}

/// The state, excursions, unknown minutes and findings.
fn outcome(verdict: &Object) -> (String, Vec<String>, u64, Vec<String>) {
    (state(verdict), excursions(verdict), unknown_minutes(verdict), findings(verdict))
}

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn groups_two_probes_are_worth_their_mean() {
    let two = room(&["a", "b"], 2, "2.0");
    let of = |b: &'static str| {
        verdict(&two, &lines(&["a", "b"], |name, _| Some(if name == "a" { "7.5" } else { b })))
    };
    // (7.5 + 8.3) / 2 = 7.9, (7.5 + 8.7) / 2 = 8.1; 10 − 7.5 is more than 2
    assert_eq!(outcome(&of("8.3")), ("kept".to_owned(), vec![], 0, vec![]));
    assert_eq!(margin(&of("8.3")).as_deref(), Some("0.1"));
    assert_eq!(outcome(&of("8.7")), ("breached".to_owned(), texts(&["0+60!0:01"]), 0, vec![]));
    let apart = texts(&["0 disagree t"]);
    assert_eq!(outcome(&of("10")), ("undetermined".to_owned(), vec![], 60, apart));
}

/// From minute 10 on one of two is unknown, since its record of minute 15 is missing: at minute 10 both say 5.
#[test]
fn groups_what_all_say_before_a_record_is_missing_ends_an_excursion() {
    let says = |name: &str, minute: i64| match minute {
        5 | 20 => Some("9"),
        15 if name == "a" => None,
        _ => Some("5"),
    };
    let numbered = lines(&["a", "b"], says).into_iter().map(|line| {
        let name = line.record.str("device").unwrap().to_owned();
        let n = line.n / 2;
        line.with("stream", name).with("seq", n)
    });
    let verdict = verdict(&room(&["a", "b"], 2, "2.0"), &numbered.collect::<Vec<_>>());
    assert_eq!(
        outcome(&verdict),
        ("breached".to_owned(), texts(&["5+5!5:01", "20+5!20:01"]), 10, texts(&["8 seq-gap"]))
    );
}

const THREE: [&str; 3] = ["a", "b", "c"];

#[test]
fn groups_one_that_drifts_is_outvoted_and_two_that_drift_are_not() {
    let three = room(&THREE, 2, "1.0");
    let of = |drifting: &'static [&'static str]| {
        let says = |name: &str, minute: i64| {
            let drifts = minute >= 30 && drifting.contains(&name);
            Some(match name {
                _ if drifts => "12",
                "a" => "7.5",
                "b" => "7.9",
                _ => "7.6",
            })
        };
        verdict(&three, &lines(&THREE, says))
    };
    // the middle of 7.5, 7.6 and 7.9; then (7.5 + 7.9) / 2 = 7.7 is the worst
    assert_eq!(outcome(&of(&[])), ("kept".to_owned(), vec![], 0, vec![]));
    assert_eq!(margin(&of(&[])).as_deref(), Some("0.4"));
    assert_eq!((outcome(&of(&["c"])).0, margin(&of(&["c"])).as_deref()), ("kept".to_owned(), Some("0.3")));
    let breached = of(&["b", "c"]);
    assert_eq!(outcome(&breached), ("breached".to_owned(), texts(&["30+30!30:01"]), 0, vec![]));
    // the reading that changed the value: b's of minute 30, the 7th of three
    let excursion =
        term(&breached).get("excursions").unwrap().as_array().unwrap()[0].as_object().unwrap().clone();
    let entry = |name: &str| excursion.get(name).unwrap().as_u64();
    assert_eq!([entry("first_entry"), entry("last_entry")], [Some(19), Some(19)]);
    assert_eq!(excursion.str("extreme"), Some("12"));
}

#[test]
fn groups_one_may_be_silent_and_two_may_not() {
    let three = room(&THREE, 2, "1.0");
    let of = |silent: &'static [&'static str]| {
        let says = |name: &str, _| (!silent.contains(&name)).then_some("4");
        outcome(&verdict(&three, &lines(&THREE, says)))
    };
    assert_eq!(of(&["c"]), ("kept".to_owned(), vec![], 0, texts(&["- never-heard"])));
    // that there is one voice is no disagreement
    let silence = texts(&["- never-heard", "- never-heard"]);
    assert_eq!(of(&["b", "c"]), ("undetermined".to_owned(), vec![], 60, silence));
    // both fall silent behind minute 25, and their values end at 36
    let falling = |name: &str, minute: i64| (name == "a" || minute <= 25).then_some("4");
    let fallen = outcome(&verdict(&three, &lines(&THREE, falling)));
    assert_eq!(fallen, ("undetermined".to_owned(), vec![], 24, vec![]));
}

#[test]
fn groups_two_pairs_that_disagree_are_no_majority() {
    let four = ["a", "b", "c", "d"];
    let says =
        |name: &str, minute: i64| Some(if minute >= 20 && matches!(name, "c" | "d") { "12" } else { "7.5" });
    let verdict = verdict(&room(&four, 3, "1.0"), &lines(&four, says));
    // from minute 20 on, by c's reading: the third of four, 4 × 4 + 2
    assert_eq!(outcome(&verdict), ("undetermined".to_owned(), vec![], 40, texts(&["18 disagree t"])));
}

#[test]
fn groups_a_corrected_member_agrees_again() {
    let two = room(&["a", "b"], 2, "1.0");
    let says = |name: &str, minute: i64| Some(if name == "b" && minute == 20 { "10" } else { "7.5" });
    let said = lines(&["a", "b"], says);
    let before = outcome(&verdict(&two, &said));
    assert_eq!(before, ("undetermined".to_owned(), vec![], 5, texts(&["9 disagree t"])));
    let record = object! {
        "type": "correction",
        "ledger": Hash::of(b"ledger").to_string(),
        "corrects": signed::id(&said[9].record).to_string(),
        "values": object! { "t": 8_u32 },
    };
    let correction = Line { record, ..reading(40, 70 * MINUTE, "0") }.signed_by(1).cosigned_by(2);
    let corrected = verdict(&two, &[said, vec![correction]].concat());
    // (7.5 + 8) / 2 = 7.75
    assert_eq!(outcome(&corrected), ("kept".to_owned(), vec![], 0, texts(&["9 corrected"])));
    assert_eq!(margin(&corrected).as_deref(), Some("0.25"));
}

#[test]
fn groups_a_member_whose_clock_nobody_synchronised_has_no_voice() {
    let three = room(&THREE, 2, "1.0");
    let of = |last: i64| {
        let mut said = lines(&THREE, |name, minute| (name != "a" || minute <= last).then_some("4"));
        for line in said.iter_mut().filter(|line| line.record.str("device") == Some("c")) {
            *line = line.clone().with("clock", "unsynced");
        }
        outcome(&verdict(&three, &said))
    };
    // the one at minute 60, too: what nobody knows the time of may have come late
    let unsynced: Vec<String> = (0..13).map(|n| format!("{} unsynced", n * 3 + 2)).collect();
    assert_eq!(of(60), ("kept".to_owned(), vec![], 0, unsynced.clone()));
    // a says no more behind minute 25, so b is alone from 36 on
    assert_eq!(of(25), ("undetermined".to_owned(), vec![], 24, unsynced));
}

#[test]
fn groups_the_order_of_arrival_makes_no_difference() {
    let three = room(&THREE, 2, "1.0");
    let says = |name: &str, minute: i64| {
        Some(match (name, minute % 15) {
            ("a", 0) => "7.5",
            ("b", 5) => "9.5",
            ("c", 10) => "8.4",
            _ => "8.1",
        })
    };
    let said: Vec<Line> = lines(&THREE, says).into_iter().map(|line| line.received(61 * MINUTE)).collect();
    let expected = verdict(&three, &said);
    let reversed: Vec<Line> = said.iter().rev().cloned().collect();
    let by_probe: Vec<Line> = THREE
        .iter()
        .flat_map(|name| said.iter().filter(move |line| line.record.str("device") == Some(name)).cloned())
        .collect();
    for shuffled in [reversed, by_probe] {
        assert_eq!(verdict(&three, &shuffled).to_canonical(), expected.to_canonical());
    }
}

#[test]
fn groups_what_cannot_be_judged_is_refused_by_name() {
    let problem = |room: &str| {
        let problems = read(&toml(&THREE, room, COLD)).unwrap_err();
        problems.first().cloned().unwrap_or_default()
    };
    let with = |more: &str| {
        problem(&format!("of = [\"a\", \"b\", \"c\"]\nagree = 2\nwithin = {{ t = \"1\" }}\n{more}"))
    };
    let asked = "a device made of devices says nothing itself: this is asked of each of them";
    for key in [
        "require = \"crc\"",
        "calibrated_by = []",
        "clock = \"received\"",
        "fields = { t = \"Cel\" }",
        "id = \"room\"",
    ] {
        assert_eq!(with(key), asked, "{key}");
    }
    let of = |of: &str, agree: &str, within: &str| {
        problem(&format!("of = {of}\nagree = {agree}\nwithin = {within}"))
    };
    let three = "[\"a\", \"b\", \"c\"]";
    let t = "{ t = \"1\" }";
    let halves = "expected 2 to 3: two halves of 3 devices could agree on two values";
    assert_eq!(of(three, "1", t), halves);
    assert_eq!(of(three, "4", t), halves);
    assert_eq!(of("[\"a\", \"b\", \"a\"]", "2", t), "\"a\" is named twice, and has one voice");
    assert_eq!(of("[\"a\", \"bb\"]", "2", t), "there is no device \"bb\", did you mean \"b\"?");
    assert_eq!(of("[\"a\", \"room\"]", "2", t), "\"room\" is made of devices itself: name those");
    assert_eq!(of("[]", "1", t), "a device is made of one device or more");
    assert_eq!(of(three, "2", "{}"), "no field is named: { temperature = \"0.5\" }");
    assert_eq!(of(three, "2", "{ x = \"1\" }"), "a has no field \"x\", and all of them have it");
    assert_eq!(of(three, "2", "{ t = \"-1\" }"), "expected a decimal as text, not below zero (\"0.5\")");
    let other = toml(&THREE, &format!("of = {three}\nagree = 2\nwithin = {t}"), COLD);
    let kelvin = other.replacen("t = \"Cel\"", "t = \"K\"", 1);
    assert!(read(&kelvin).unwrap_err().contains(&"t of b is in Cel, and in K before".to_owned()));
    let text = other.replacen("t = \"Cel\"", "t = \"text\"", 1);
    assert!(
        read(&text)
            .unwrap_err()
            .contains(&"t of a is no number: only numbers are near each other".to_owned())
    );
    let every = "[[terms]]\nid = \"beat\"\non = \"room\"\nevery = \"5m\"\n";
    let beat = read(&toml(&THREE, &format!("of = {three}\nagree = 2\nwithin = {t}"), every)).unwrap_err();
    assert_eq!(beat, ["a device made of devices says nothing itself: a cadence is asked of each of them"]);
}

#[test]
fn groups_silence_is_dear_if_so_many_members_are_paid_for_that_the_others_cannot_disagree() {
    let of = |paid: &[&str]| {
        let beat = |name: &&str| {
            format!(
                "[[terms]]\nid = \"beat-{name}\"\non = \"{name}\"\nevery = \"5m\"\n\
                [[payments]]\nid = \"pay-{name}\"\nfrom = \"tenant\"\nto = \"owner\"\namount = \"misses(beat_{name}) * 1.00\"\n"
            )
        };
        let terms = COLD.replace("gap = \"hold\"\n", "") + &paid.iter().map(beat).collect::<String>();
        let room = "of = [\"a\", \"b\", \"c\"]\nagree = 2\nwithin = { t = \"1\" }";
        let toml = toml(&THREE, room, &terms).replacen("title", "currency = \"EUR\"\ntitle", 1);
        silence::unpaid(&read(&toml).unwrap_or_else(|problems| panic!("{problems:?}"))).len()
    };
    assert_eq!([of(&[]), of(&["a"]), of(&["a", "b"]), of(&THREE)], [1, 1, 0, 0]);
}

#[test]
fn groups_a_field_that_several_members_have_is_asked_of_one_of_them() {
    let of = |on: &str, measure: &str| {
        let room = "of = [\"a\", \"b\"]\nagree = 2\nwithin = { t = \"2.0\" }";
        let term = format!("[[terms]]\nid = \"m\"\neach = \"period\"\n{on}measure = \"{measure}\"\n");
        read(&toml(&["a", "b"], room, &term)).err().unwrap_or_default().join("; ")
    };
    let which = "`u` is a field of a and b: a term says on = \"…\", or one of them gets a name of its own, NEW_NAME = \
                 { from = \"u\", … }";
    // `t` is the room's
    for measure in ["max(u) <= 8", "rise(u, 1h) < 2", "count(t > 8 && u > 1) < 2", "seconds(u > 8) < 5m"] {
        assert_eq!(of("", measure), which, "{measure}");
    }
    assert_eq!(of("", "u <= 8"), "a field has many values: max(u), last(u) or sum(u) is one number");
    assert_eq!(of("on = \"a\"\n", "max(u) <= 8"), "");
    assert_eq!(of("", "max(t) <= 8"), "");
}

/// 7.5 and 8.3, from minute 25 on 8.5: the group has 7.9, and then 8.0. Where it does not change it has its value nevertheless.
#[test]
fn groups_have_the_first_and_last_value_that_stands() {
    let says = |name: &str, minute: i64| {
        Some(match (name, minute) {
            ("a", _) => "7.5",
            (_, 25..) => "8.5",
            _ => "8.3",
        })
    };
    let said = lines(&["a", "b"], says);
    let of = |measure: &str| {
        let room = "of = [\"a\", \"b\"]\nagree = 2\nwithin = { t = \"2.0\" }";
        let term =
            format!("[[terms]]\nid = \"m\"\neach = \"10m\"\non = \"room\"\nmeasure = \"{measure}(t) < 0\"\n");
        let verdict = verdict(&read(&toml(&["a", "b"], room, &term)).unwrap(), &said);
        let failed = self::term(&verdict).get("excursions").unwrap().as_array().unwrap().to_vec();
        let value = |failed: &Value| failed.as_object().unwrap().str("extreme").unwrap().to_owned();
        failed.iter().map(value).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(of("first"), "7.9 7.9 7.9 8 8 8");
    assert_eq!(of("last"), "7.9 7.9 8 8 8 8");
}

#[test]
fn groups_measures_are_of_what_the_members_agree_on() {
    let of = |terms: &str| {
        let room = "of = [\"a\", \"b\"]\nagree = 2\nwithin = { t = \"2.0\" }";
        read(&toml(&["a", "b"], room, &format!("[[terms]]\nid = \"m\"\neach = \"period\"\n{terms}\n")))
    };
    // 7.5 and 8.3, behind minute 30 8.5: (7.9 × 30 + 8 × 30) / 60 = 7.95
    let says = |name: &str, minute: i64| {
        Some(match (name, minute) {
            ("a", _) => "7.5",
            (_, 30..) => "8.5",
            _ => "8.3",
        })
    };
    let said = lines(&["a", "b"], says);
    let state_of = |terms: &str| state(&verdict(&of(terms).unwrap(), &said));
    for on in ["on = \"room\"\n", ""] {
        assert_eq!(state_of(&format!("{on}measure = \"avg(t) <= 7.95\"")), "kept", "{on}");
        assert_eq!(state_of(&format!("{on}measure = \"avg(t) < 7.95\"")), "breached", "{on}");
        assert_eq!(state_of(&format!("{on}measure = \"max(t) - first(t) <= 0.1\"")), "kept", "{on}");
    }
    // of one of its members
    assert_eq!(state_of("on = \"a\"\nmeasure = \"max(t) <= 7.5\""), "kept");
    let readings =
        "room is made of devices and has no readings of its own: count and add those of its members";
    for measure in ["count() > 3", "count(t > 3) > 3", "sum(t) > 3"] {
        assert_eq!(
            of(&format!("on = \"room\"\nmeasure = \"{measure}\"")).unwrap_err(),
            [readings],
            "{measure}"
        );
    }
    // a name that the members share, and not the room, is nobody's unless one is named
    assert!(of("measure = \"max(u) < 3\"").is_err());
    assert!(of("on = \"b\"\nmeasure = \"max(u) < 3\"").is_ok());
}
