//! What a contract can be written to say, and cannot mean: it is refused before anybody signs it.

use counterfoil::contract::lint;

use super::{
    days::*,
    hour::{contract_between, contract_with},
};

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

/// What keeps a contract between an owner and a tenant from being signed.
fn unsignable(terms: &str) -> Vec<String> {
    let cold = "[[terms]]\nid = \"cold\"\non = \"probe\"\nrequire = \"t <= 8\"\ngap = \"hold\"\n";
    lint::unsignable(&contract_between("", &format!("{cold}{terms}")))
        .iter()
        .map(ToString::to_string)
        .collect()
}

fn fee(from: &str, to: &str, rest: &str) -> Vec<String> {
    unsignable(&format!("[[payments]]\nid = \"fee\"\nfrom = \"{from}\"\nto = \"{to}\"\n{rest}\n"))
}

#[test]
fn a_payment_that_can_pay_nothing_is_not_signed() {
    assert_eq!(fee("owner", "tenant", "amount = \"1\""), [""; 0]);
    let own = "payments[0].to: who pays is paid: nobody owes anything";
    assert_eq!(fee("owner", "owner", "amount = \"1\""), [own]);
    let below = "payments[0].amount: below zero it pays nothing: signed = true pays it the other way";
    assert_eq!(fee("owner", "tenant", "amount = \"2 - 3\""), [below]);
    assert_eq!(fee("owner", "tenant", "amount = \"2 - 3\"\nsigned = true"), [""; 0]);
    assert_eq!(fee("owner", "tenant", "each = \"day\"\namount = \"1 - max(t)\""), [""; 0]);
}

#[test]
fn a_tariff_holds_at_some_time_of_some_day() {
    let when =
        |asks: &str| fee("owner", "tenant", &format!("each = \"hour\"\namount = \"1\"\nwhen = \"{asks}\""));
    for possible in [
        "local_time >= '22:00' || local_time < '06:00'",
        "local_time == '23:59' && weekday == 7",
        "weekday in [6, 7] && max(t) > 100",
        "breached(cold)",
        "!(local_time >= '22:00' && local_time < '06:00')",
    ] {
        assert_eq!(when(possible), [""; 0], "{possible}");
    }
    for never in [
        "local_time >= '22:00' && local_time < '06:00'",
        "local_time >= '24:00'",
        "max(t) > 8 && weekday == 0",
        "weekday > 7",
        "weekday == 1 && weekday == 2",
        "1 > 2",
    ] {
        assert_eq!(
            when(never),
            ["payments[0].when: this can never hold, at no time of any day: nothing is paid"]
        );
    }
}

#[test]
fn a_condition_that_no_value_meets_is_not_signed() {
    let warm = |condition: &str| {
        let term =
            format!("[[terms]]\nid = \"warm\"\non = \"probe\"\nrequire = \"{condition}\"\ngap = \"hold\"\n");
        unsignable(&term)
    };
    assert_eq!(warm("t >= 2 && t <= 8"), [""; 0]);
    // an alternative that is unreachable is only odd, and so is one that always holds
    assert_eq!(warm("(t > 8 && t < 2) || door == 'shut'"), [""; 0]);
    assert_eq!(warm("t >= 2 || t <= 8"), [""; 0]);
    let whole =
        "terms[1].require: this can never hold, whatever is measured: its parts contradict each other";
    assert_eq!(warm("t >= 8 && t <= 2"), [whole]);
    let part = "terms[1].require: what is asked of t can never hold: it contradicts itself";
    assert_eq!(warm("t >= 8 && door == 'shut' && t <= 2"), [part]);
}

#[test]
fn one_event_does_not_begin_and_end_a_period() {
    let period = |ends: &str| {
        let begins = r#"{ event = "moved", by = ["carrier"] }"#;
        let to = format!("2026-03-09T00:00:00Z, from_event = {begins}, to_event = {ends}");
        let days =
            Days { from: "2026-03-02T00:00:00Z", to: &to, zone: "+00:00", hold: "61m", rest: String::new() };
        days.read().err().unwrap_or_default().join("; ")
    };
    assert_eq!(period(r#"{ event = "moved", by = ["shipper"] }"#), "");
    assert!(
        period(r#"{ event = "moved", by = ["carrier"] }"#)
            .contains("the same event begins and ends the period")
    );
}

#[test]
fn what_is_paid_for_an_event_hangs_on_one_list_of_signers() {
    let stop = |id: &str, by: &str| format!("[[terms]]\nid = \"{id}\"\nevent = \"stop\"\nby = [{by}]\n");
    let of = |by: &str, asks: &str| refused(&(stop("a", "\"carrier\"") + &stop("b", by) + asks));
    let each = pay("fee", "each = \"event stop\"\namount = \"1\"");
    let field = pay("fee", "amount = \"event('stop').hours\"");
    assert_eq!(of("\"carrier\"", &each), "");
    // where nothing is paid for it both terms are asked, each of its own
    assert_eq!(of("\"shipper\"", &pay("fee", "amount = \"1\"")), "");
    for (name, asks) in [("each", each), ("amount", field)] {
        let found = of("\"shipper\"", &asks);
        assert!(found.contains(&format!("payments[0].{name}: the contract names other signers")), "{found}");
    }
}
