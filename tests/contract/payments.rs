//! What is paid: a line for each excursion that breaches, sums, bounds, and what is owed in the end.

use counterfoil::{
    contract::{
        document::Contract,
        eval::{EntryId, Evaluation, EvaluationScope, RecordSigners, Sieve},
        file::ContractFile,
    },
    json::{Object, Value},
    key::Did,
};

use super::hour::*;

/// An hour under `cold` and `beat`, with payments.
fn paying(currency: &str, time: &str, payments: &str) -> Contract {
    read(currency, time, payments).unwrap_or_else(|problems| panic!("{problems:?}"))
}

fn read(currency: &str, time: &str, payments: &str) -> Result<Contract, Vec<String>> {
    parse(&toml(currency, time, payments))
}

fn parse(toml: &str) -> Result<Contract, Vec<String>> {
    let source = ContractFile::parse(toml.as_bytes()).unwrap();
    Contract::read(&source.record).map_err(|problems| problems.iter().map(ToString::to_string).collect())
}

fn toml(currency: &str, time: &str, payments: &str) -> String {
    format!(
        r#"contract = "foil/1"
title = "Cold room"
currency = "{currency}"
period = {{ from = {FROM}, to = 2026-03-01T07:00:00Z }}
[parties.carrier]
key = "{}"
[parties.shipper]
key = "{}"
[devices.probe]
id = "probe"
signed_by = ["{}"]
fields = {{ t = "Cel" }}
[values]
goods = "40000.00"
big = "79228162514264337593543950335"
[time]
hold = "11m"
{time}
[[terms]]
id = "cold"
on = "probe"
require = "t <= 8.0"
tolerate = {{ longer_than = "6m" }}
[[terms]]
id = "beat"
on = "probe"
every = "6m"
{payments}"#,
        key(1).did(),
        key(2).did(),
        key(3).did()
    )
}

fn payment(more: &str) -> String {
    format!("[[payments]]\nid = \"penalty\"\nfrom = \"carrier\"\nto = \"shipper\"\n{more}\n")
}

/// Two excursions that breach, of ten and fifteen minutes, and one of five that does not.
fn warm() -> Vec<Line> {
    series(&["4", "9.5", "9", "4", "12.25", "4", "9", "9", "10", "4", "4", "4"])
}

fn rows<'a>(object: &'a Object, name: &str) -> Vec<&'a Object> {
    object.get(name).unwrap().as_array().unwrap().iter().map(|row| row.as_object().unwrap()).collect()
}

/// Each payment as `sum: amount = calc, …`; those without a price are counted.
fn payments(verdict: &Object) -> Vec<String> {
    let line =
        |line: &&Object| format!("{} = {}", line.str("amount").unwrap(), line.str("calc").unwrap_or("…"));
    let show = |payment: &Object| {
        let lines: Vec<_> = rows(payment, "lines").iter().map(line).collect();
        let unpriced = match payment.get("unpriced").unwrap().as_u64().unwrap() {
            0 => String::new(),
            count => format!(" ({count} unpriced)"),
        };
        format!("{}{unpriced}: {}", payment.str("sum").unwrap(), lines.join(", "))
    };
    rows(verdict, "payments").into_iter().map(show).collect()
}

fn owed(verdict: &Object) -> Vec<String> {
    let text =
        |debt: &Object| ["from", "to", "amount", "currency"].map(|name| debt.str(name).unwrap().to_owned());
    rows(verdict, "settlement").into_iter().map(|debt| text(debt).join(" ")).collect()
}

#[test]
fn every_excursion_that_breaches_pays_and_the_others_do_not() {
    let amount =
        "each = \"excursion of cold\"\namount = \"ceil((duration - 360) / 5m) * 250.00 + excess * 0.1\"";
    let verdict = verdict(&paying("EUR", "", &payment(amount)), &warm());
    assert_eq!(excursions(&verdict), ["5+10!11:01", "20+5", "30+15!36:01"]);
    assert_eq!(
        payments(&verdict),
        [
            "750.35: 250.15 = ceil((600 - 360) / 300) * 250 + 1.5 * 0.1, 500.20 = ceil((900 - 360) / 300) * 250 + 2 * 0.1"
        ]
    );
    assert_eq!(owed(&verdict), ["carrier shipper 750.35 EUR"]);
    let starts: Vec<_> =
        rows(rows(&verdict, "payments")[0], "lines").iter().map(|line| line.str("start").unwrap()).collect();
    assert_eq!(starts, [at(5 * MINUTE).to_string(), at(30 * MINUTE).to_string()]);
    // what is charged is each of them, not only the worst; and nothing when all was well
    let kept = self::verdict(&paying("EUR", "", &payment(amount)), &series(&["4"; 12]));
    assert_eq!((payments(&kept), owed(&kept)), (vec!["0.00: ".to_owned()], vec![]));
}

#[test]
fn a_payment_is_for_the_excursions_of_its_own_term() {
    let term = "[[terms]]\nid = \"hot\"\non = \"probe\"\nrequire = \"t <= 9.8\"\n";
    let amount = "each = \"excursion of cold\"\namount = \"extreme\"";
    let both = format!("{term}{}{}", payment(amount), payment(&amount.replace("cold", "hot")));
    let both = both.replacen("penalty", "other", 1);
    let verdict = verdict(&paying("EUR", "", &both), &warm());
    assert_eq!(payments(&verdict), ["19.50: 9.50 = 9.5, 10.00 = 10", "22.25: 12.25 = 12.25, 10.00 = 10"]);
}

#[test]
fn lines_are_rounded_one_by_one_half_to_even() {
    let sum = |currency, amount| {
        let payment = payment(&format!("each = \"excursion of cold\"\namount = \"{amount}\""));
        payments(&verdict(&paying(currency, "", &payment), &warm())).remove(0)
    };
    assert_eq!(sum("EUR", "0.005"), "0.00: 0.00 = 0.005, 0.00 = 0.005");
    assert_eq!(sum("EUR", "0.015"), "0.04: 0.02 = 0.015, 0.02 = 0.015");
    assert_eq!(sum("JPY", "2.5"), "4: 2 = 2.5, 2 = 2.5");
    assert_eq!(sum("KWD", "1 / 3"), "0.666: 0.333 = 0.333333333333333333, 0.333 = 0.333333333333333333");
    assert_eq!(sum("EUR", "extreme"), "19.50: 9.50 = 9.5, 10.00 = 10");
}

#[test]
fn a_condition_decides_line_by_line_and_asks_how_terms_came_out() {
    let of = |more: &str| payments(&verdict(&paying("EUR", "", &payment(more)), &warm())).remove(0);
    assert_eq!(
        of("each = \"excursion of cold\"\nwhen = \"duration > 10m\"\namount = \"5\""),
        "5.00: 5.00 = 5"
    );
    assert_eq!(of("when = \"breached(cold)\"\namount = \"goods\""), "40000.00: 40000.00 = 40000");
    assert_eq!(of("when = \"!breached(cold)\"\namount = \"goods\""), "0.00: ");
    assert_eq!(of("when = \"breached(beat)\"\namount = \"goods\""), "0.00: ");
    assert_eq!(
        of("amount = \"excursions(cold) * 2.50 + misses(beat) * 1000\""),
        "5.00: 5.00 = 2 * 2.5 + 0 * 1000"
    );
    let both = "each = \"excursion of cold\"\nwhen = \"excursions(cold) >= 2\"\namount = \"duration / 60\"";
    assert_eq!(of(both), "25.00: 10.00 = 600 / 60, 15.00 = 900 / 60");
    assert_eq!(of(&both.replace(">= 2", ">= 3")), "0.00: ");
}

#[test]
fn what_nobody_knows_pays_nothing_and_is_found() {
    let of = |contract: &Contract, minutes| {
        let scope = EvaluationScope { as_of: Some(at(minutes * MINUTE)), patient: true };
        let verdict = run(contract, &warm()[..7], scope);
        let found =
            rows(&verdict, "findings").iter().map(|row| row.str("kind").unwrap().to_owned()).collect();
        (payments(&verdict).remove(0), found)
    };
    let nothing: Vec<String> = Vec::new();
    let unless = paying("EUR", "", &payment("when = \"!breached(beat)\"\namount = \"5\""));
    assert_eq!(of(&unless, 31), ("0.00 (1 unpriced): ".to_owned(), vec!["unpriced".to_owned()]), "pending");
    assert_eq!(of(&unless, 48 * 60), ("0.00: ".to_owned(), nothing.clone()), "readings are missing");
    let divided =
        paying("EUR", "", &payment("each = \"excursion of cold\"\namount = \"1 / (duration / 1m - 10)\""));
    let verdict = verdict(&divided, &warm());
    assert_eq!(payments(&verdict), ["0.20 (1 unpriced): 0.20 = 1 / (900 / 60 - 10)"]);
    assert_eq!(findings(&verdict), ["1 overflow", "1 unpriced"]);
    let most = "79228162514264337593543950335";
    let beyond = |amount: &str| of(&paying("EUR", "", &payment(&format!("amount = \"{amount}\""))), 48 * 60);
    assert_eq!(beyond("big").0, format!("{most}.00: {most}.00 = {most}"));
    let found = ["overflow", "unpriced"].map(str::to_owned).to_vec();
    assert_eq!(beyond("big * excursions(cold)"), ("0.00 (1 unpriced): ".to_owned(), found));
}

#[test]
fn less_than_nothing_is_paid_only_where_the_contract_says_so() {
    let amount = "each = \"excursion of cold\"\namount = \"600 - duration\"";
    let verdict =
        |more: &str| self::verdict(&paying("EUR", "", &payment(&format!("{amount}\n{more}"))), &warm());
    let unsigned = verdict("");
    assert_eq!(payments(&unsigned), ["0.00 (1 unpriced): 0.00 = 600 - 600"]);
    assert_eq!((owed(&unsigned), findings(&unsigned)), (vec![], vec!["6 unpriced".to_owned()]));
    let signed = verdict("signed = true");
    assert_eq!(payments(&signed), ["-300.00: 0.00 = 600 - 600, -300.00 = 600 - 900"]);
    assert_eq!(owed(&signed), ["shipper carrier 300.00 EUR"]);
}

#[test]
fn sums_are_bounded_then_added_capped_and_set_off() {
    let each = "each = \"excursion of cold\"\namount = \"duration\"";
    let of = |text: &str| {
        let verdict = verdict(&paying("EUR", "", text), &warm());
        (
            rows(&verdict, "payments").iter().map(|paid| paid.str("sum").unwrap().to_owned()).collect(),
            owed(&verdict),
        )
    };
    let one = |sum: &str| (vec![sum.to_owned()], vec![format!("carrier shipper {sum} EUR")]);
    assert_eq!(of(&payment(each)), one("1500.00"));
    assert_eq!(of(&payment(&format!("{each}\ncap = \"1000\""))), one("1000.00"));
    assert_eq!(of(&payment(&format!("{each}\nminimum = \"2000.00\""))), one("2000.00"));
    // a minimum of what is paid, not of what never happened
    let rare = format!("{each}\nwhen = \"duration > 1h\"\nminimum = \"2000.00\"");
    assert_eq!(of(&payment(&rare)), (vec!["0.00".to_owned()], vec![]));
    let back = "[[payments]]\nid = \"fee\"\nfrom = \"shipper\"\nto = \"carrier\"\namount = \"250.25\"\n";
    let caps = "[[caps]]\nfrom = \"carrier\"\nto = \"shipper\"\namount = \"1200.00\"\n";
    let both = format!("{}{back}", payment(each));
    assert_eq!(of(&both).1, ["carrier shipper 1249.75 EUR"]);
    assert_eq!(of(&format!("{both}{caps}")).1, ["carrier shipper 949.75 EUR"], "the cap comes before");
    let wide = caps.replace("1200", "9999");
    assert_eq!(of(&format!("{both}{wide}")).1, ["carrier shipper 1249.75 EUR"]);
    let twice = both.replace("penalty", "other").replace(back, "");
    assert_eq!(of(&format!("{twice}{}{caps}", payment(each))).1, ["carrier shipper 1200.00 EUR"]);
    let even = payment("amount = \"250.25\"");
    assert_eq!(of(&format!("{even}{back}")).1, [""; 0], "zeros are left out");
    let oneself = even.replace("to = \"shipper\"", "to = \"carrier\"");
    assert_eq!(of(&oneself), (vec!["250.25".to_owned()], vec![]));
}

#[test]
fn many_lines_are_priced_as_they_come() {
    let payment = payment("each = \"excursion of cold\"\namount = \"duration * 0.01\"");
    let of = |payment: &str| {
        let toml = toml("EUR", "late_after = \"1m\"", payment).replace("\"6m\"", "\"1s\"");
        parse(&toml).unwrap()
    };
    let contract = of(&payment);
    // sixty times four seconds and a half, a reading every 75 ms: 0.045 each is 0.04
    let line = |n: u64| {
        let millis = i64::try_from(n).unwrap() * 75;
        reading(n, millis, if n % 800 < 60 { "9" } else { "4" })
    };
    let lines: Vec<_> = (0..48_000).map(line).collect();
    let scope = |patient| EvaluationScope { as_of: Some(at(48 * 60 * MINUTE)), patient };
    let (one, two) = (run(&contract, &lines, scope(false)), run(&contract, &lines, scope(true)));
    assert_eq!(one, two);
    let lines_total = |verdict: &Object| rows(verdict, "payments")[0].get("lines_total").unwrap().as_u64();
    assert_eq!((lines_total(&one), owed(&one)), (Some(60), vec!["carrier shipper 2.40 EUR".to_owned()]));
    // most of them before the last reading came
    let mut evaluation = Evaluation::new(&contract, 1, scope(false));
    let sieve = Sieve::new(&contract, false);
    let mut early = 0;
    for line in &lines {
        let mut fact = sieve.fact(&(&line.record).into(), RecordSigners::Good(&[Did::from(&key(3))]));
        evaluation.push(EntryId { ledger: 0, n: line.n }, line.received, &mut fact);
        early += evaluation.breaches().len();
    }
    assert_eq!(early, 58);
    // a payment that asks how the term came out waits for the end, and comes to the same
    let waits = run(&of(&payment.replace("0.01", "0.01 + excursions(cold) * 0m")), &lines, scope(false));
    assert_eq!((lines_total(&waits), owed(&waits)), (Some(60), owed(&one)));
}

#[test]
fn what_a_payment_cannot_mean_is_a_problem() {
    let of = |more: &str| read("EUR", "", more).err().unwrap_or_default();
    let each = "each = \"excursion of cold\"\n";
    let role = payment("amount = \"5\"").replace("\"carrier\"", "\"custodian(probe)\"");
    let registered =
        toml("EUR", "", &role).replace("id = \"probe\"", &format!("id = \"{}\"", "9f".repeat(32)));
    assert_eq!(
        parse(&registered).unwrap_err(),
        [
            "payments[0].from: who custodian(probe) is changes with time: each = \"excursion of TERM\" or \"day\" says when"
        ]
    );
    let parsed = |toml: &str| parse(toml).unwrap().needs_registry().map(|device| device.name.clone());
    let asked = registered.replace("amount", &format!("{each}amount"));
    assert_eq!(parsed(&asked), Some("probe".to_owned()));
    assert_eq!(parsed(&asked.replace("custodian(probe)", "carrier")), None, "it has signed_by");
    assert_eq!(
        of(&role.replace("amount", &format!("{each}amount"))),
        ["payments[0].from: only a registry knows custodian(probe), and the id of probe is no registry id"]
    );
    assert_eq!(
        of(&payment("amount = \"5\"").replace("\"shipper\"", "\"owner(door)\"")),
        ["payments[0].to: there is no device \"door\""]
    );
    assert_eq!(
        of(&payment("amount = \"excursions(beat)\"")),
        ["payments[0].amount: the term beat has no excursions"]
    );
    assert_eq!(
        of(&payment("amount = \"misses(cold)\"")),
        ["payments[0].amount: the term cold has no misses"]
    );
    for (limit, why) in [
        ("cap = \"5.001\"", "cap: expected an amount of at least 0.00, with no more digits"),
        ("minimum = \"-1\"", "minimum: expected an amount of at least 0.00, with no more digits"),
        ("minimum = \"6\"\ncap = \"5\"", "cap: the cap is below the minimum"),
    ] {
        assert_eq!(of(&payment(&format!("amount = \"5\"\n{limit}"))), [format!("payments[0].{why}")]);
    }
    let cap = "[[caps]]\nfrom = \"owner(probe)\"\nto = \"shipper\"\namount = \"5\"\n";
    assert_eq!(of(cap), ["caps[0].from: a cap is between two parties, and \"owner(probe)\" is none"]);
}

#[test]
fn a_verdict_lists_fifty_lines_and_fits_a_ledger() {
    let long = format!("{}1", "duration + ".repeat(40));
    let payments: Vec<_> = (0..98)
        .map(|at| {
            payment(&format!(
                "each = \"excursion of cold\"\namount = \"{}\"",
                if at % 2 == 0 { "5" } else { &long }
            ))
        })
        .zip(0..)
        .map(|(text, at)| text.replace("penalty", &format!("penalty-number-{at}")))
        .collect();
    let contract = paying("EUR", "", &payments.concat());
    let verdict = verdict(&contract, &warm());
    let listed: usize = rows(&verdict, "payments").iter().map(|paid| rows(paid, "lines").len()).sum();
    let total: u64 =
        rows(&verdict, "payments").iter().filter_map(|paid| paid.get("lines_total")?.as_u64()).sum();
    assert_eq!((listed, total), (50, 196));
    let calc = |at: usize| rows(rows(&verdict, "payments")[at], "lines")[0].get("calc").unwrap();
    assert_eq!((calc(0), calc(1)), (&Value::from("5"), &Value::Null));
    let size = verdict.to_canonical().len();
    assert!(size < 60_000, "{size}");
}

#[test]
fn a_verdict_lists_fifty_debts() {
    let party = |at: u8| format!("[parties.lessee-{at}]\nkey = \"{}\"\n", key(10 + at).did());
    let pays = |at: u8| payment("amount = \"5\"").replace("carrier", &format!("lessee-{at}"));
    let pays = |at: u8| pays(at).replace("penalty", &format!("fee-{at}"));
    let more: String = (0..60).map(|at| party(at) + &pays(at)).collect();
    let verdict = verdict(&paying("EUR", "", &more), &warm());
    assert_eq!((owed(&verdict).len(), verdict.get("settlement_total")), (50, Some(&60u32.into())));
}
