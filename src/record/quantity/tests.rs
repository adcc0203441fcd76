use super::*;

#[test]
fn names_and_spellings_stand_once() {
    for (at, (name, _)) in QUANTITIES.iter().enumerate() {
        assert!(QUANTITIES[at + 1..].iter().all(|(other, _)| other != name), "{name}");
    }
    for (at, (name, _)) in SPELLINGS.iter().enumerate() {
        assert!(SPELLINGS[at + 1..].iter().all(|(other, _)| other != name), "{name}");
    }
}

#[test]
fn phases_and_tariffs_have_the_unit_of_the_whole() {
    assert_eq!(unit_of("energy_import_l1_t2"), Some("kWh"));
    assert_eq!(unit_of("voltage_l3"), Some("V"));
    for other in ["energy_import_2", "energy_import_t", "energy_import_t12", "energy_import_x1", "_l1"] {
        assert!(!is_known(other), "{other}");
    }
}

#[test]
fn percent_depends_on_what_is_measured() {
    assert_eq!(senml_unit("%", "humidity"), "%RH");
    assert_eq!(senml_unit("%", "battery"), "%EL");
    assert_eq!(senml_unit("%", "valve"), "/100");
    assert_eq!(senml_unit("°C", "x"), "Cel");
    assert_eq!(senml_unit("furlong", "x"), "furlong");
    assert_eq!(known_unit("furlong", "x"), None);
    assert_eq!(known_unit("%", "Humidity"), Some("%RH"));
}

#[test]
fn units_are_what_devices_mean() {
    let known = |spelling| known_unit(spelling, "x").unwrap_or("?");
    assert_eq!(
        ["C", "F", "*F", "Celsius", "PERCENT", "mV", "MV", "ok"].map(known),
        ["Cel", "degF", "degF", "Cel", "/100", "mV", "?", "?"]
    );
    for (printed, unit) in SPELLINGS {
        assert!(UNITS.contains(unit), "{printed} means {unit}, which is in no list");
    }
}

#[test]
fn a_word_means_one_unit_whatever_its_capitals() {
    let all = || SPELLINGS.iter().copied().chain(UNITS.iter().map(|unit| (*unit, *unit)));
    for (word, unit) in all().filter(|(word, _)| word.len() >= WORD) {
        let same = SPELLINGS.iter().filter(|(other, _)| other.eq_ignore_ascii_case(word));
        same.for_each(|(other, meant)| assert_eq!(*meant, unit, "{word} and {other}"));
    }
}

#[test]
fn people_read_degrees() {
    assert_eq!([symbol("Cel"), symbol("kWh"), symbol("°F")], ["°C", "kWh", "°F"]);
}
