//! What a contract can be written to say, and cannot mean: it is refused before anybody signs it.

use counterfoil::contract::lint;

use super::{days::*, hour::contract_with};

const FIELDS: &str = "{ t = \"Cel\" }";

fn refused(rest: &str) -> String {
    let days = Days {
        from: "2026-03-02T00:00:00Z",
        to: "2026-03-09T00:00:00Z",
        zone: "+00:00",
        hold: "61m",
        rest: rest.to_owned(),
    };
    days.read().err().unwrap_or_default().join("; ")
}

#[test]
fn a_tariff_asks_for_times_of_day() {
    let fee =
        |clock: &str| refused(&pay("fee", &format!("each = \"hour\"\nwhen = \"{clock}\"\namount = \"1\"")));
    for clock in ["'00:00'", "'06:30'", "'23:59'", "'24:00'"] {
        assert_eq!(fee(&format!("local_time < {clock}")), "", "{clock}");
    }
    // as text '6:00' is later than '22:00', so that all hours would be before it
    for clock in
        ["'6:00'", "'25:00'", "'24:30'", "'06:60'", "'06:00:00'", "'06.00'", "'+6:00'", "' 6:00'", "''"]
    {
        for asks in [
            format!("local_time < {clock}"),
            format!("{clock} >= local_time"),
            format!("local_time in ['06:00', {clock}]"),
        ] {
            assert!(fee(&asks).contains("is no time of day such as '06:00'"), "{asks}: {}", fee(&asks));
        }
    }
}

#[test]
fn an_event_is_due_while_its_record_counts() {
    let term = |before: &str| {
        refused(&format!("[[terms]]\nid = \"a\"\nevent = \"a\"\nby = [\"carrier\"]\nbefore = {before}\n"))
    };
    // to + late_after, a day
    assert_eq!(term("2026-03-10T00:00:00Z"), "");
    assert!(term("2026-03-10T00:00:00.001Z").contains("terms[0].before: records that arrive from"));
}

#[test]
fn working_time_has_no_part_of_what_a_counter_rose_by() {
    let calendar = "[calendar]\nwork = \"mon-fri 08:00-18:00\"\n";
    let term = |measure: &str| measure_in_work(measure) + calendar;
    assert_eq!(refused(&term("max(t) <= 8")), "");
    assert!(refused(&term("delta(total) <= 8")).contains("terms[0].during: nobody knows how much"));
}

fn measure_in_work(condition: &str) -> String {
    measure(condition, "each = \"day\"\nduring = \"work\"")
}

#[test]
fn an_excuse_takes_time_out_of_some_term_that_has_time() {
    let cold = "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8\"\n";
    let came = "[[terms]]\nid = \"came\"\nevent = \"came\"\nby = [\"carrier\"]\n";
    let excused = |terms: &str| {
        let excuse = "[[excuses]]\nevent = \"storm\"\nsigned_by = [\"carrier\", \"shipper\"]\n";
        refused(&format!("{cold}{came}{excuse}terms = {terms}\n"))
    };
    assert_eq!(excused("[\"cold\"]"), "");
    assert!(excused("[]").contains("excuses[0].terms: nothing is excused"));
    assert!(excused("[\"cold\", \"came\"]").contains("excuses[0].terms: came asks for an event"));
}

#[test]
fn no_time_at_all_is_no_limit_that_includes_itself() {
    let term = |tolerate: &str| {
        refused(&format!(
            "[[terms]]\nid = \"a\"\non = \"probe\"\nrequire = \"t <= 8\"\ntolerate = {{ {tolerate} }}\n"
        ))
    };
    for limit in ["longer_than = \"0s\"", "total = \"0s\"", "total = \"0m\", within = \"1h\""] {
        assert_eq!(term(limit), "");
        assert!(term(&format!("{limit}, inclusive = true")).contains("even a term that holds"), "{limit}");
    }
}

#[test]
fn a_reset_that_somebody_signs_names_them() {
    let counter = "{ unit = \"kWh\", counter = { max_rate = \"5 / 1h\", reset_by = [] } }";
    let meter =
        format!("[devices.second]\nid = \"second\"\nsigned_by = []\nfields = {{ shown = {counter} }}\n");
    assert!(refused(&meter).contains("reset_by: nobody signs it"), "{}", refused(&meter));
}

#[test]
fn a_party_with_the_key_of_another_is_none() {
    let tenant = |seed: u8| {
        let party = format!("[parties.tenant]\nkey = \"{}\"\n", super::hour::key(seed).did());
        let contract = contract_with("", &party, FIELDS, "", "");
        lint::unsignable(&contract).iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(tenant(2), [""; 0]);
    assert_eq!(
        tenant(1),
        ["parties.tenant.key: tenant has the key of owner: one signature would accept for both"]
    );
}
