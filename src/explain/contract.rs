//! Contracts, what is said about them, and verdicts.

use std::collections::BTreeMap;

use super::{
    Asked, Explanation,
    readings::{others, plain},
    term,
};
use crate::{
    contract::{
        document::{Contract, ContractDevice, ContractParty, Payee},
        problem::ProblemSeverity,
        zone::ContractZone,
    },
    json::{Object, Value},
};

/// Explains a contract. The texts are those of the record, which are what is signed.
pub(super) fn contract(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    told.say(format!("the contract {:?}", record.str("title").unwrap_or_default()));
    let contract = match Contract::read(record) {
        Ok(contract) => contract,
        Err(problems) => {
            let errors = problems.iter().filter(|problem| problem.severity == ProblemSeverity::Error);
            let errors: Vec<String> = errors.map(ToString::to_string).collect();
            return told.fault = Some(format!("no good contract: {}", errors.join("; ")));
        }
    };
    let times = asked.times.or_of(contract.time.zone.as_ref().and_then(ContractZone::shown));
    told.say(format!("runs from {} to {}", times.show(contract.from), times.show(contract.to)));
    for (does, demand) in [("begins", &contract.from_event), ("ends", &contract.to_event)] {
        let event = demand.as_ref().map(|demand| term::signed_event(&contract, &demand.event, &demand.by));
        told.says.extend(event.map(|event| format!("{does} with {event}, if that happens within it")));
    }
    told.says.extend(contract.parties.iter().map(|party| party_in_words(party, record)));
    told.says.extend(contract.devices.iter().map(device));
    if let Some(hold) = contract.time.hold {
        told.say(format!("a value speaks for {hold}"));
    }
    rest(record, told);
    terms(&contract, record, told);
    payments(&contract, record, told);
    addenda(record, told);
    told.say(format!("its id is {}", contract.hash));
    told.called.extend(
        (contract.parties.iter()).map(|party| (party.key.did(), format!("the party {}", plain(&party.id)))),
    );
    let unsigned = contract.parties.iter().filter(|party| !told.is_signed_by(&party.key.did()));
    told.missing =
        unsigned.map(|party| format!("the party {}, {}", plain(&party.id), party.key.did())).collect();
}

fn party_in_words(party: &ContractParty, record: &Object) -> String {
    let table =
        record.get("parties").and_then(Value::as_object).and_then(|all| all.get(&party.id)?.as_object());
    let text = |name| table.and_then(|table| table.str(name));
    let texts = ["name", "register_no", "address"].into_iter().filter_map(text);
    let texts = texts.fold(String::new(), |before, text| before + &format!(", {text:?}"));
    format!("party {}{texts}: {}", plain(&party.id), party.key.did())
}

fn device(device: &ContractDevice) -> String {
    let field = |field: &crate::contract::document::DeviceField| {
        let unit = field.unit.as_deref().map(|unit| format!(" in {}", plain(unit)));
        let source = (field.source != field.name).then(|| format!(", there {}", plain(&field.source)));
        let valid = field.valid.map(|(least, greatest)| format!(", valid from {least} to {greatest}"));
        [plain(&field.name), unit.unwrap_or_default(), source.unwrap_or_default(), valid.unwrap_or_default()]
            .concat()
    };
    if device.is_made_of_devices() {
        return format!("device {}: what enough other devices agree on", plain(&device.name));
    }
    let fields: Vec<String> = device.fields.iter().map(field).collect();
    let signers: Vec<String> = device.signers.iter().map(crate::key::PublicKey::did).collect();
    let by = if signers.is_empty() { "whom the registry names".to_owned() } else { signers.join(" or ") };
    let clock = if device.by_received { "; its readings count from when they were received" } else { "" };
    format!(
        "device {}: readings of {} ({}), signed by {by}{clock}",
        plain(&device.name),
        plain(&device.id),
        fields.join(", ")
    )
}

/// What the sentences about time and devices leave out: its signers are to see it.
fn rest(record: &Object, told: &mut Explanation) {
    let mut tables: Vec<(String, &[&str], &Value)> = Vec::new();
    let named = [("period", &["from", "to"][..]), ("time", &["hold"])];
    tables.extend(
        named.iter().filter_map(|(name, known)| Some(((*name).to_owned(), *known, record.get(name)?))),
    );
    let devices = record.get("devices").and_then(Value::as_object);
    for (name, device) in devices.into_iter().flat_map(Object::iter) {
        tables.push((format!("device {}", plain(name)), &["id", "signed_by", "fields", "clock"], device));
    }
    for (path, known, table) in tables {
        let members = table.as_object().into_iter().flat_map(Object::iter);
        for (name, value) in members.filter(|(name, _)| !known.contains(name)) {
            told.say(format!("{path}: {name} = {value}"));
        }
    }
}

fn terms(contract: &Contract, record: &Object, told: &mut Explanation) {
    for (at, id) in contract.terms.iter().map(|term| &term.id).enumerate() {
        told.say(format!("term {}: {}", plain(id), term::demand(contract, record, at)));
    }
}

fn payments(contract: &Contract, record: &Object, told: &mut Explanation) {
    let currency = record.str("currency").unwrap_or_default();
    let tables = record.get("payments").and_then(Value::as_array).unwrap_or_default();
    let payee = |payee: &Payee| match payee {
        Payee::Party(at) => plain(&contract.parties[*at].id),
        Payee::Role(role, device) => format!("{role}({})", plain(&contract.devices[*device].name)),
    };
    for (payment, table) in contract.payments.iter().zip(tables) {
        let text = |name| table.as_object().and_then(|table| table.str(name));
        let part = |word: &str, name| text(name).map_or(String::new(), |text| format!(", {word} {text:?}"));
        told.say(format!(
            "payment {}: {} pays {} {:?} {currency}{}{}{}{}{}",
            plain(&payment.id),
            payee(&payment.from),
            payee(&payment.to),
            text("amount").unwrap_or_default(),
            part("each", "each"),
            part("when", "when"),
            part("at least", "minimum"),
            part("at most", "cap"),
            if payment.signed { ", or the other way if it is below zero" } else { "" },
        ));
    }
    for cap in &contract.caps {
        told.say(format!(
            "{} pays {} at most {} {currency} in all",
            plain(&contract.parties[cap.from].id),
            plain(&contract.parties[cap.to].id),
            contract.currency.as_ref().map_or(String::new(), |currency| currency.text(cap.amount))
        ));
    }
}

/// Clauses that no program evaluates, and every party signs.
fn addenda(record: &Object, told: &mut Explanation) {
    let rows = |name| record.get(name).and_then(Value::as_array).unwrap_or_default().iter();
    for clause in rows("clauses").filter_map(|clause| clause.as_object()?.str("text")) {
        told.say(format!("clause: {clause:?}"));
    }
    for document in rows("documents").filter_map(Value::as_object) {
        let text = |name| document.str(name).unwrap_or_default();
        told.say(format!("document {:?}, by its SHA-256: {}", text("name"), plain(text("sha256"))));
    }
    let said = ["calendar", "values", "areas", "excuses", "supersedes", "review", "ledgers"];
    for (name, value) in record.iter().filter(|(name, _)| said.contains(name)) {
        told.say(format!("{name} = {value}"));
    }
}

/// What a party says about a contract: `accept`, `event`, `dispute`.
pub(super) fn about(record: &Object, told: &mut Explanation) {
    let contract = record
        .str("contract")
        .map_or("a contract without id".to_owned(), |id| format!("the contract {}", plain(id)));
    let text = |name| record.str(name).unwrap_or_default();
    told.say(match record.str("type") {
        Some("accept") => format!("accepts {contract}"),
        Some("event") => format!("says that {:?} happened, under {contract}", text("event")),
        _ => format!("disputes the term {:?} of {contract}", text("term")),
    });
    let spoken_of: &[&str] = match record.str("type") {
        Some("accept") => &["type", "contract"],
        Some("event") => &["type", "contract", "event"],
        _ => &["type", "contract", "term"],
    };
    let spoken_of = spoken_of.iter().filter(|name| record.str(name).is_some());
    others(record, &spoken_of.copied().collect::<Vec<_>>(), told);
    if told.good_keys().next().is_none() {
        told.missing.push("a party of the contract".to_owned());
    }
}

/// The members of a verdict that its sentences speak of.
const VERDICT: [&str; 12] = [
    "type",
    "engine",
    "contract",
    "ledgers",
    "as_of",
    "final",
    "accepted",
    "status",
    "terms",
    "settlement_total",
    "findings",
    "findings_total",
];

/// Explains a verdict: what it says, not whether the ledgers say so too.
pub(super) fn verdict(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    let text = |name| plain(record.str(name).unwrap_or_default());
    let is_final = record.get("final").and_then(Value::as_bool) == Some(true);
    let stage = if is_final { "for good" } else { "so far" };
    told.say(format!(
        "as of {}, the contract {} is {} {stage}",
        asked.time_in(record.str("as_of").unwrap_or_default()),
        text("contract"),
        text("status")
    ));
    let rows = |name| record.get(name).and_then(Value::as_array).unwrap_or_default().iter();
    for term in rows("terms").filter_map(Value::as_object) {
        let text = |name| plain(term.str(name).unwrap_or_default());
        told.say(format!("term {}: {} ({}){}", text("id"), text("state"), text("why"), counted(term)));
    }
    for payment in rows("payments").filter_map(Value::as_object) {
        let text = |name| plain(payment.str(name).unwrap_or_default());
        told.say(format!("payment {}: {}{}", text("id"), text("sum"), counted(payment)));
    }
    for debt in rows("settlement").filter_map(Value::as_object) {
        let text = |name| plain(debt.str(name).unwrap_or_default());
        let [from, to, amount, currency] = ["from", "to", "amount", "currency"].map(text);
        told.say(format!("{from} owes {to} {amount} {currency} {stage}"));
    }
    for ledger in rows("ledgers").filter_map(Value::as_object) {
        let id = plain(ledger.str("id").unwrap_or_default());
        told.say(format!("stands on {} entries of the ledger {id}", shown(ledger.get("size"))));
    }
    for ledger in rows("why_open").filter_map(Value::as_str).map(plain) {
        told.say(format!("waits for entries of the ledger {ledger}"));
    }
    for ledger in rows("ended").filter_map(Value::as_object) {
        let id = plain(ledger.str("id").unwrap_or_default());
        told.say(format!("takes it that the ledger {id} ended with {} entries", shown(ledger.get("size"))));
    }
    let accepted: Vec<String> = rows("accepted").filter_map(Value::as_str).map(plain).collect();
    let by = if accepted.is_empty() { "nobody".to_owned() } else { accepted.join(", ") };
    told.say(format!("the contract was accepted by {by}"));
    if let Some(total) = record.get("findings_total").and_then(Value::as_u64).filter(|total| *total > 0) {
        told.say(findings(total, rows("findings").filter_map(Value::as_object)));
    }
    // What no sentence above speaks of, and the signers of the verdict confirm.
    let mut rest = record.clone();
    for name in VERDICT {
        rest.remove(name);
    }
    if let Some(corrected) = record.get("corrected").and_then(Value::as_u64) {
        rest.remove("corrected");
        if corrected > 0 {
            let readings = if corrected == 1 { "reading was" } else { "readings were" };
            told.say(format!("{corrected} {readings} corrected by all parties"));
        }
    }
    for name in ["payments", "settlement", "ended", "why_open"] {
        let is_said = |row: &Value| match name {
            "why_open" => row.as_str().is_some(),
            _ => row.as_object().is_some(),
        };
        let rows = record.get(name).and_then(Value::as_array);
        if rows.is_some_and(|rows| rows.iter().all(is_said)) {
            rest.remove(name);
        }
    }
    others(&rest, &[], told);
    told.say("foil contract check, with the contract and the ledgers, says whether it is right");
}

/// How many findings there are, and how many of each kind are listed.
fn findings<'a>(total: u64, listed: impl Iterator<Item = &'a Object>) -> String {
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    for finding in listed {
        *kinds.entry(plain(finding.str("kind").unwrap_or_default())).or_default() += 1;
    }
    let listed: u64 = kinds.values().sum();
    let kinds: Vec<String> = kinds.iter().map(|(kind, count)| format!("{count} {kind}")).collect();
    let rest = if listed < total { format!(" among the first {listed}") } else { String::new() };
    let findings = if total == 1 { "finding" } else { "findings" };
    format!("{total} {findings} about readings:{rest} {}", kinds.join(", "))
}

fn counted(term: &Object) -> String {
    let count = |name, what: &str| {
        let count = term.get(name).and_then(Value::as_u64).filter(|count| *count > 0);
        count.map_or(String::new(), |count| format!(", {count} {what}"))
    };
    let counts = [
        count("excursions_total", "excursions"),
        count("misses", "readings missing"),
        count("lines_total", "lines"),
        count("unpriced", "without a price"),
    ];
    counts.concat()
}

fn shown(value: Option<&Value>) -> String {
    value.map_or("no".to_owned(), ToString::to_string)
}
