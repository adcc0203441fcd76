//! What a verdict rests on, for people: the readings that were not used and why, what was taken on trust, and which
//! devices were not heard of. What repeats is one line.
//!
//! ```text
//! not used: 300 of 4,711 readings of probe
//!   300 late: received more than 6h after they were measured; first entry 12
//! ```

use super::{
    names,
    page::{VerdictPage, counted, grouped},
    period, record_doubt,
};
use crate::{
    contract::{
        document::{ContractDevice, LateRule, SuspectRule, UnsyncedRule},
        eval::{ContractFindingKind, FindingTally, RepeatedFinding},
    },
    record::quantity::symbol,
};

/// How many devices are named where all of their readings were used.
const NAMED: usize = 3;

/// What a finding means for what it is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    /// A whole reading was not used
    NoReading,
    /// A value of a reading was not used
    NoValue,
    /// It was used, or there was nothing to use, and its reader should know
    InDoubt,
}

/// What a reader of anything that rests on these readings must know: what was not used and what is in doubt, without
/// what is well.
pub fn doubts(page: &VerdictPage<'_>) -> Vec<String> {
    let devices = page.contract.devices.iter().enumerate();
    let devices = devices.filter(|(_, device)| !device.is_made_of_devices());
    let mut lines: Vec<String> = period::contradiction(page).into_iter().collect();
    lines.extend(
        devices.flat_map(|(at, device)| names::lines(page, at).into_iter().chain(unused(page, at, device))),
    );
    lines.extend(in_doubt(page));
    lines
}

/// What was not used comes first, then what is in doubt, then that all else was used.
pub(super) fn lines(page: &VerdictPage<'_>) -> Vec<String> {
    let mut lines = doubts(page);
    let used = |at: usize| {
        let all_heard = names::are_heard(page, at);
        let all_used = not_used(page, at).next().is_none() && page.evaluated.empty[at].count == 0;
        all_heard && page.evaluated.readings[at] > 0 && all_used
    };
    let devices = page.contract.devices.iter().enumerate();
    let used: Vec<_> = devices.filter(|(at, _)| used(*at)).collect();
    lines.extend(all_used(page, &used));
    lines
}

/// The findings about a device's readings that were not used.
fn not_used<'a>(
    page: &'a VerdictPage<'_>,
    device: usize,
) -> impl Iterator<Item = (&'a RepeatedFinding, &'a FindingTally)> {
    let findings = page.evaluated.findings.tallies();
    findings
        .filter(move |(finding, _)| finding.device == Some(device) && use_of(page, finding) != Use::InDoubt)
}

fn unused(page: &VerdictPage<'_>, at: usize, device: &ContractDevice) -> Vec<String> {
    let readings = page.evaluated.readings[at];
    let too_late = &page.evaluated.too_late[at];
    let mut lines = Vec::new();
    let of_kind = |wanted| {
        let findings = not_used(page, at).filter(move |(finding, _)| use_of(page, finding) == wanted);
        findings.map(|(_, tally)| tally.count).sum::<u64>()
    };
    let (whole, values) = (of_kind(Use::NoReading) + too_late.count, of_kind(Use::NoValue));
    let all = counted(readings + too_late.count, "reading", "readings");
    let named = format!("{all} of {}", device.name);
    match (whole, values) {
        // Where there is no period, no reading is of it.
        (0, 0) if page.evaluated.period.is_contradicted => {}
        (0, 0) if readings == 0 && names::is_named(page, at) => lines.push(format!(
            "not heard: no reading of {} ({:?}) was received for the period",
            device.name, device.id
        )),
        (0, 0) => {}
        (0, values) => lines.push(format!("not used: {} in {named}", counted(values, "value", "values"))),
        (whole, 0) => lines.push(format!("not used: {} of {named}", grouped(whole))),
        (whole, values) => {
            let values = counted(values, "value", "values");
            lines.push(format!("not used: {} of {named}, and {values} in others", grouped(whole)));
        }
    }
    lines.extend(not_used(page, at).map(|(finding, tally)| format!("  {}", line(page, *finding, *tally))));
    if too_late.count > 0 {
        let closed = page.show(page.contract.closed());
        let count = grouped(too_late.count);
        lines.push(format!(
            "  {count} received at or after {closed}, when the contract was closed{}",
            first(*too_late)
        ));
    }
    lines.extend(without_effect(page, at, device));
    lines
}

/// Readings that were heard and say nothing that the contract asks for.
fn without_effect(page: &VerdictPage<'_>, at: usize, device: &ContractDevice) -> Option<String> {
    let empty = page.evaluated.empty[at];
    // That a field was never heard is said already.
    if empty.count == 0 || !names::are_heard(page, at) {
        return None;
    }
    let fields: Vec<&str> = device.fields.iter().map(|field| field.name.as_str()).collect();
    let of = match fields.len() {
        1..=NAMED => fields.join(" or "),
        many => format!("any of {many} fields"),
    };
    let has = if empty.count == 1 { "has" } else { "have" };
    let all = counted(page.evaluated.readings[at], "reading", "readings");
    Some(format!(
        "without effect: {} of {all} of {} {has} no known value of {of}{}",
        grouped(empty.count),
        device.name,
        first(empty)
    ))
}

/// What was used and its reader should know about, and what was not there.
fn in_doubt(page: &VerdictPage<'_>) -> Vec<String> {
    let findings = page.evaluated.findings.tallies();
    // What was never heard stands with the names that were.
    let findings = findings.filter(|(finding, _)| {
        use_of(page, finding) == Use::InDoubt && finding.kind != ContractFindingKind::NeverHeard
    });
    let about = |device: &usize| page.contract.devices[*device].name.clone();
    findings
        .map(|(finding, tally)| {
            let whole =
                if finding.kind == ContractFindingKind::Healed { "the ledger" } else { "the contract" };
            let subject = finding.device.as_ref().map_or_else(|| whole.to_owned(), about);
            format!("in doubt: {subject}: {}", line(page, *finding, *tally))
        })
        .collect()
}

fn all_used(page: &VerdictPage<'_>, used: &[(usize, &ContractDevice)]) -> Option<String> {
    let readings: u64 = used.iter().map(|(at, _)| page.evaluated.readings[*at]).sum();
    let names: Vec<&str> = used.iter().map(|(_, device)| device.name.as_str()).collect();
    let of = match names.len() {
        0 => return None,
        1..=NAMED => names.join(", "),
        many => format!("{many} devices"),
    };
    let readings = if readings == 1 {
        "the one reading".to_owned()
    } else {
        format!("all {} readings", grouped(readings))
    };
    Some(format!("used: {readings} of {of}"))
}

fn line(page: &VerdictPage<'_>, finding: RepeatedFinding, tally: FindingTally) -> String {
    let meaning = meaning(page, finding, tally.count == 1);
    // Values without a unit are one finding, however many there are, and so is time without a calibration.
    let is_one = matches!(finding.kind, ContractFindingKind::NoUnit | ContractFindingKind::Uncalibrated);
    let count = (!is_one).then(|| grouped(tally.count) + " ");
    format!("{}{meaning}{}", count.unwrap_or_default(), first(tally))
}

/// The entry that tells of it first.
fn first(tally: FindingTally) -> String {
    let entry = |n: u64| if tally.count == 1 { format!("; entry {n}") } else { format!("; first entry {n}") };
    tally.first.map_or(String::new(), |first| entry(first.n))
}

fn use_of(page: &VerdictPage<'_>, finding: &RepeatedFinding) -> Use {
    let rules = &page.contract.time;
    // What is said about earlier records is no reading.
    if finding.device.is_none() {
        return Use::InDoubt;
    }
    match finding.kind {
        ContractFindingKind::Invalid if finding.field.is_none() => Use::NoReading,
        ContractFindingKind::Late if rules.late != LateRule::Reject => Use::InDoubt,
        ContractFindingKind::Suspect if rules.suspect != SuspectRule::Reject => Use::InDoubt,
        ContractFindingKind::Unsynced if rules.unsynced != UnsyncedRule::Reject => Use::InDoubt,
        ContractFindingKind::BadProof
        | ContractFindingKind::Future
        | ContractFindingKind::Late
        | ContractFindingKind::Suspect
        | ContractFindingKind::Unauthorized
        | ContractFindingKind::Unsynced
        | ContractFindingKind::Untimed => Use::NoReading,
        ContractFindingKind::Conflict
        | ContractFindingKind::CounterDecrease
        | ContractFindingKind::CounterJump
        | ContractFindingKind::Invalid
        | ContractFindingKind::Number
        | ContractFindingKind::Unit => Use::NoValue,
        ContractFindingKind::Corrected
        | ContractFindingKind::Disagree
        | ContractFindingKind::CounterReset
        | ContractFindingKind::NeverHeard
        | ContractFindingKind::NoUnit
        | ContractFindingKind::Healed
        | ContractFindingKind::Overflow
        | ContractFindingKind::SeqGap
        | ContractFindingKind::Uncalibrated
        | ContractFindingKind::Unpriced => Use::InDoubt,
    }
}

/// What a finding says, after its count.
fn meaning(page: &VerdictPage<'_>, finding: RepeatedFinding, once: bool) -> String {
    let of_records = || record_doubt::meaning(page, finding.kind, once);
    if let Some(meaning) = finding.device.is_none().then(of_records).flatten() {
        return meaning;
    }
    let rules = &page.contract.time;
    let device = finding.device.map(|device| &page.contract.devices[device]);
    let field = device.zip(finding.field).map(|(device, field)| &device.fields[field]);
    let name = field.map_or("", |field| field.name.as_str());
    let values = format!("{} of {name}", if once { "value" } else { "values" });
    let they = if once { "it was" } else { "they were" };
    let unit = field.and_then(|field| field.unit.as_deref()).map_or("none", symbol);
    match finding.kind {
        ContractFindingKind::Invalid if field.is_none() => {
            let least = device.map_or("none", |device| device.least_integrity.as_str());
            format!("proved less about themselves than the contract demands: {least}")
        }
        ContractFindingKind::Disagree => {
            let times = if once { "time" } else { "times" };
            format!("{times} at which too few of its devices agree on {name}, which is unknown then")
        }
        ContractFindingKind::Corrected => "corrected by all parties: what they say counts".to_owned(),
        ContractFindingKind::Uncalibrated => {
            "measured without a valid calibration: what it measured then is unknown".to_owned()
        }
        ContractFindingKind::BadProof => "with a signature that does not hold".to_owned(),
        ContractFindingKind::Conflict => {
            format!("other {values} for an instant: what came first stands")
        }
        ContractFindingKind::CounterDecrease => {
            format!("{values} below what it had counted up to: nothing is counted from there")
        }
        ContractFindingKind::CounterJump => {
            format!("{values} above what its max_rate allows: nothing is counted up to there")
        }
        ContractFindingKind::CounterReset => {
            format!("{values} with which it begins anew: what it counted just before is not known")
        }
        ContractFindingKind::Future => {
            format!("from the future: measured more than {} after {they} received", rules.future_skew)
        }
        ContractFindingKind::Late => {
            format!("late: received more than {} after {they} measured", rules.late_after)
        }
        ContractFindingKind::Healed => {
            let (entries, count) = if once { ("entry", "it counts") } else { ("entries", "they count") };
            format!(
                "{entries} received while its clock had jumped ahead: {count} from when that was right again"
            )
        }
        ContractFindingKind::Invalid => {
            let valid = field.and_then(|field| field.valid);
            let range = valid.map(|(least, greatest)| format!("outside {least} to {greatest} {unit}"));
            let they = if once { "no measurement" } else { "no measurements" };
            format!("{values} {}, which the contract calls {they}", range.unwrap_or_default())
        }
        ContractFindingKind::NeverHeard => "names that no record has".to_owned(),
        ContractFindingKind::NoUnit => {
            format!("values of {name} have no unit, and are taken to be in {unit}")
        }
        ContractFindingKind::Number => {
            format!("{values} not of the kind that the contract declares")
        }
        ContractFindingKind::Overflow => {
            let conditions = if once { "condition" } else { "conditions" };
            format!("{conditions} with a number too large to compute, so unknown")
        }
        ContractFindingKind::SeqGap => {
            format!(
                "{} in the numbers of its records: what it measured then is unknown",
                if once { "gap" } else { "gaps" }
            )
        }
        ContractFindingKind::Suspect => {
            "signed with a key that was revoked, and is not trusted for then".to_owned()
        }
        ContractFindingKind::Unauthorized => {
            let found = finding.device.map(|device| names::signer_found(page, device, once));
            let found = found.unwrap_or_default();
            format!("signed by nobody who may speak for it: {}{found}", speakers(device))
        }
        ContractFindingKind::Unit => {
            let declared = field.and_then(|field| field.unit.as_deref()).unwrap_or("none");
            format!("{values} in another unit than {declared}{}", names::unit_found(page, finding))
        }
        ContractFindingKind::Unpriced if once => "payment without a price: nothing is paid for it".to_owned(),
        ContractFindingKind::Unpriced => "payments without a price: nothing is paid for them".to_owned(),
        ContractFindingKind::Unsynced => {
            "dated by a clock that nobody had synchronised, which no later status corrects".to_owned()
        }
        ContractFindingKind::Untimed => {
            let it = if once { "it" } else { "them" };
            format!("without a time that can be read (null, missing or malformed), and nothing dates {it}")
        }
    }
}

/// Who may speak for a device.
fn speakers(device: Option<&ContractDevice>) -> String {
    match device.map_or(&[][..], |device| &device.signers[..]) {
        [] => "the ledger's registry says who does".to_owned(),
        [one] => format!("the contract names {one}"),
        [one, others @ ..] => format!("the contract names {one} and {} more", others.len()),
    }
}
