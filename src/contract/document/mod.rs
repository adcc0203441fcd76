//! Contracts as documents: every key of the language with its type.
//!
//! ```json
//! {"contract":"foil/1","type":"contract","title":"…","period":{"from":"…","to":"…"},"parties":{…},
//!  "devices":{…},"time":{"hold":"PT11M"},"terms":[{"id":"cold","on":"probe","require":"…"}]}
//! ```
//!
//! Unknown members are errors, as is a known one of another type: a contract that says something must not be
//! read as saying less.

mod bucket_limit;
mod calendar;
mod cascade;
mod counter;
mod device;
mod due;
mod event;
mod event_signers;
mod excuse;
mod group;
mod measure;
mod membership;
mod money;
mod names;
mod payment;
mod table;
mod term;
mod time_rules;
mod tolerance;
mod zone;

use std::{collections::BTreeMap, sync::Arc};

pub use counter::{CounterRule, MaxRate};
pub use device::{ContractDevice, DeviceField, DeviceRole, Responsible};
pub use event::EventDemand;
pub use excuse::Excuse;
pub use membership::{DeviceGroup, MemberDevice};
pub use money::PairCap;
pub use payment::{Payee, Payment};
pub use term::{ContractTerm, GapRule, TermRule};
pub use time_rules::{LateRule, SuspectRule, TimeRules, UnsyncedRule};
pub use tolerance::TermLimit;

use self::{
    money::DocumentMoney,
    table::{DocumentTable, ProblemList},
};
use super::{
    calendar::ContractCalendar,
    currency::Currency,
    expr::Area,
    problem::{Problem, ProblemPlace, ProblemSeverity},
};
use crate::{decimal::Decimal, hash::Hash, json::Object, key::PublicKey, record::signed, time::Time};

/// The language version that this program evaluates.
pub const LANGUAGE: &str = "foil/1";
/// How many bytes the canonical form can have without its proofs: it must fit a ledger's line.
pub const MAX_CANONICAL: usize = 60 * 1024;
/// How many terms and payments there can be together.
pub const MAX_TERMS: usize = 100;

/// A party of the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContractParty {
    /// The id that the contract gives it
    pub id: String,
    /// The key whose signature accepts the contract for it
    pub key: PublicKey,
}

/// A contract that says something in every part, and nothing unknown.
#[derive(Clone, Debug)]
pub struct Contract {
    /// The record's id
    pub hash: Hash,
    /// The first instant that counts
    pub from: Time,
    /// The first instant that counts no more
    pub to: Time,
    /// The event with which the period begins, if it comes within it; `None`: it begins at `from`
    pub from_event: Option<EventDemand>,
    /// The event with which the period ends, if it comes within it; `None`: it ends at `to`
    pub to_event: Option<EventDemand>,
    /// The ledgers that count; none named: any
    pub ledgers: Vec<Hash>,
    /// The parties, by id
    pub parties: Vec<ContractParty>,
    /// The devices, by name
    pub devices: Vec<ContractDevice>,
    /// How time is judged
    pub time: TimeRules,
    /// Which time is worked; `None`: the contract does not say
    pub calendar: Option<ContractCalendar>,
    /// Named decimals
    pub values: BTreeMap<String, Decimal>,
    /// Named areas
    pub areas: BTreeMap<String, Arc<Area>>,
    /// The terms, in the contract's order
    pub terms: Vec<ContractTerm>,
    /// The currency of all payments; `None`: nothing is paid
    pub currency: Option<Currency>,
    /// The payments, in the contract's order
    pub payments: Vec<Payment>,
    /// Limits over all payments between two parties
    pub caps: Vec<PairCap>,
    /// What takes time out
    pub excuses: Vec<Excuse>,
    /// The contract that this one replaces; `None`: it replaces none
    pub supersedes: Option<Hash>,
}

impl Contract {
    /// Understands a compiled contract.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(record: &Object) -> Result<Self, Vec<Problem>> {
        let problems = ProblemList::default();
        let root = DocumentTable::new(&problems, String::new(), record);
        let contract = read(&root);
        check_size(record, &problems);
        root.finish();
        let problems = problems.into_problems();
        match contract {
            Some(contract) if !problems.iter().any(|problem| problem.severity == ProblemSeverity::Error) => {
                Ok(contract)
            }
            _ if problems.is_empty() => {
                Err(vec![Problem::error(ProblemPlace::Bytes(0..0), "the contract is incomplete")])
            }
            _ => Err(cascade::without_consequences(record, problems)),
        }
    }

    /// The first device about which the contract asks what only a registry knows; `None`: there is none.
    pub fn needs_registry(&self) -> Option<&ContractDevice> {
        let pays = |at| {
            let mut payees = self.payments.iter().flat_map(|payment| [payment.from, payment.to]);
            payees.any(|payee| matches!(payee, Payee::Role(_, device) if device == at))
        };
        let needs = |(at, device): &(usize, &ContractDevice)| device.needs_registry() || pays(*at);
        self.devices.iter().enumerate().find(needs).map(|(_, device)| device)
    }
}

fn read(root: &DocumentTable) -> Option<Contract> {
    read_header(root);
    let parties = read_parties(root);
    let (period, from_event, to_event) = read_period(root, &parties);
    let ledgers = root.list("ledgers", "ledger ids (64 lowercase hex digits)", Hash::parse);
    let time = time_rules::read(root, &parties, period.map(|(from, _)| from));
    let calendar = calendar::read(root, period);
    let values = money::read_values(root);
    let areas = read_areas(root);
    let (mut devices, groups) = device::read(root, &parties);
    group::read(groups, &mut devices);
    check_names(root, &parties, &devices, &values);
    let units = device::units(&devices);
    let has_calendar = root.object.get("calendar").is_some();
    let names = names::DocumentNames {
        parties: &parties,
        devices: &devices,
        values: &values,
        areas: &areas,
        units: &units,
        has_calendar,
    };
    let terms = term::read(root, &names, &time);
    let DocumentMoney { currency, payments, caps } = money::read(root, &names, &terms, &time);
    let excuses = excuse::read(root, &names, &terms);
    read_addenda(root);
    let supersedes = read_supersedes(root);
    if terms.len() + payments.len() > MAX_TERMS {
        let message =
            format!("{} terms and payments: at most {MAX_TERMS} are allowed", terms.len() + payments.len());
        root.error("terms", message);
    }
    let (from, to) = period?;
    due::check(root, &time, &terms, to);
    bucket_limit::check(root, to - from, &terms, &payments);
    let hash = signed::id(root.object);
    let contract = Contract {
        hash,
        from,
        to,
        from_event,
        to_event,
        ledgers,
        parties,
        devices,
        time,
        calendar,
        values,
        areas,
        terms,
        currency,
        payments,
        caps,
        excuses,
        supersedes,
    };
    event_signers::check(root, &contract);
    Some(contract)
}

fn read_header(root: &DocumentTable) {
    root.required(
        "type",
        root.read("type", "\"contract\"", |value| (value.as_str()? == "contract").then_some(())),
    );
    let language = format!("{LANGUAGE:?}, the version of the language");
    root.required(
        "contract",
        root.read("contract", &language, |value| (value.as_str()? == LANGUAGE).then_some(())),
    );
    root.required("title", root.text("title"));
    root.get("proof");
}

/// The period, and the events that narrow it.
fn read_period(
    root: &DocumentTable,
    parties: &[ContractParty],
) -> (Option<(Time, Time)>, Option<EventDemand>, Option<EventDemand>) {
    let Some(period) = root.required("period", root.table("period")) else { return (None, None, None) };
    let from = period.required("from", period.time("from"));
    let to = period.required("to", period.time("to"));
    let [from_event, to_event] = event::read_ends(&period, parties);
    let bounds = from.zip(to);
    if bounds.is_some_and(|(from, to)| from >= to) {
        period.error("to", "the period ends before it begins");
    }
    period.finish();
    (bounds, from_event, to_event)
}

fn read_parties(root: &DocumentTable) -> Vec<ContractParty> {
    let mut parties = Vec::new();
    let tables = root.named_tables("parties");
    if tables.is_empty() {
        root.problems.error("", "no party: a contract has at least one ([parties.NAME] with its key)");
    }
    for (id, table) in tables {
        if let Some(key) = table.required("key", table.key("key")) {
            parties.push(ContractParty { id: id.to_owned(), key });
        }
        for free_text in ["name", "register_no", "address"] {
            table.text(free_text);
        }
        table.finish();
    }
    parties
}

fn read_areas(root: &DocumentTable) -> BTreeMap<String, Arc<Area>> {
    let mut areas = BTreeMap::new();
    let Some(table) = root.table("areas") else { return areas };
    for (id, value) in table.object.iter() {
        table.check_id(id);
        let corner = |pair: &crate::json::Value| match pair.as_array()? {
            [lat, lon] => table::decimal(lat).zip(table::decimal(lon)),
            _ => None,
        };
        let corners = value.as_array().and_then(|ring| ring.iter().map(corner).collect::<Option<Vec<_>>>());
        match corners.map(|corners| Area::new(&corners)) {
            Some(Ok(area)) => drop(areas.insert(id.to_owned(), Arc::new(area))),
            Some(Err(why)) => table.error(id, why.to_string()),
            None => table.error(id, "expected corners: [[\"59.91\", \"10.75\"], …], latitude first"),
        }
    }
    areas
}

/// One name means one thing in all expressions.
fn check_names(
    root: &DocumentTable,
    parties: &[ContractParty],
    devices: &[ContractDevice],
    values: &BTreeMap<String, Decimal>,
) {
    let mut seen: BTreeMap<&str, (String, Option<usize>)> = BTreeMap::new();
    let named = parties.iter().map(|party| (party.id.as_str(), format!("parties.{}", party.id), None));
    let named = named.chain(values.keys().map(|id| (id.as_str(), format!("values.{id}"), None)));
    let fields = devices.iter().enumerate().flat_map(|(at, device)| {
        device.fields.iter().map(move |field| {
            let path = format!("devices.{}.fields.{}", device.name, field.name);
            (field.name.as_str(), path, Some(at))
        })
    });
    for (name, path, device) in named.chain(fields) {
        // What several devices measure that are one is one thing.
        let is_shared = |other: Option<usize>| {
            device.zip(other).is_some_and(|(a, b)| group::is_shared(devices, name, [a, b]))
        };
        if let Some((other, of)) = seen.get(name) {
            if is_shared(*of) {
                continue;
            }
            let hint = if path.contains(".fields.") {
                ", write NEW_NAME = { from = \"…\", unit = \"…\" }"
            } else {
                ""
            };
            let message = format!("the name {name:?} is taken by {other}{hint}");
            root.problems.push(Problem::error(ProblemPlace::Key(path), message));
        } else {
            seen.insert(name, (path, device));
        }
    }
}

/// What is signed and shown, never evaluated.
fn read_addenda(root: &DocumentTable) {
    for clause in root.tables("clauses") {
        clause.required("text", clause.text("text"));
        clause.finish();
    }
    for document in root.tables("documents") {
        document.required("name", document.text("name"));
        document.required("sha256", document.hash("sha256"));
        document.finish();
    }
    if let Some(review) = root.table("review") {
        review.required("by", review.key("by"));
        review.finish();
    }
}

/// The contract that this one replaces. Both verdicts must find the same entries about that, so it names the ledgers.
fn read_supersedes(root: &DocumentTable) -> Option<Hash> {
    let supersedes = root.hash("supersedes")?;
    if root.object.get("ledgers").and_then(|ledgers| ledgers.as_array()).is_none_or(<[_]>::is_empty) {
        let message =
            "an amendment counts where the contract that it supersedes is: it names the same ledgers";
        root.error("supersedes", message);
    }
    Some(supersedes)
}

fn check_size(record: &Object, problems: &ProblemList) {
    let mut canonical = String::new();
    record.write_without("proof", &mut canonical);
    if canonical.len() > MAX_CANONICAL {
        let message =
            format!("a contract of {} bytes compiled: at most {MAX_CANONICAL} fit a ledger", canonical.len());
        problems.error("", message);
    }
}
