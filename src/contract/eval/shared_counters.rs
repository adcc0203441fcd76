//! Counters that a contract and its amendment both read: each increase is billed once.
//!
//! ```text
//! contract    from ── 100 ── 104 ── 0 ─┤ to (the amendment begins)
//! amendment                            ├── 107 ──      follows the counter since the contract began, and bills 107 − 104
//! ```
//!
//! Which value is the last that counted hangs on all rules by which values count, and to which of the two an increase at the
//! border belongs hangs on `snap`. So both read the counter alike, or the amendment is not in force.

use crate::{
    contract::document::{Contract, ContractDevice, CounterRule, DeviceField, TimeRules},
    decimal::Decimal,
};

/// How a contract reads a counter.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CounterReading {
    /// The device and the field, by place in the contract
    pub(super) place: (usize, usize),
    /// What the contract calls it
    name: String,
    /// The device, and the field, as its readings name them
    of: (String, String),
    rules: ReadingRules,
}

/// All that decides which values of a counter count, and to which time an increase belongs.
#[derive(Clone, Debug, PartialEq)]
struct ReadingRules {
    counter: CounterRule,
    unit: Option<String>,
    valid: Option<(Decimal, Decimal)>,
    /// Its device, without what has no part in that
    device: ContractDevice,
    /// The rules of time, without what has no part in that
    time: TimeRules,
}

impl CounterReading {
    /// The counters of a contract.
    pub(super) fn of_contract(contract: &Contract) -> Vec<Self> {
        let devices = contract.devices.iter().enumerate();
        let fields = devices.flat_map(|(device, it)| {
            it.fields.iter().enumerate().map(move |(field, counted)| ((device, field), it, counted))
        });
        fields.filter_map(|(place, device, field)| Self::new(contract, place, device, field)).collect()
    }

    /// `None`: the field is no counter.
    fn new(
        contract: &Contract,
        place: (usize, usize),
        device: &ContractDevice,
        field: &DeviceField,
    ) -> Option<Self> {
        let rules = ReadingRules {
            counter: field.counter.clone()?,
            unit: field.unit.clone(),
            valid: field.valid,
            device: reading_device(device),
            time: reading_time(&contract.time),
        };
        let name = format!("{}.{}", device.name, field.name);
        Some(Self { place, name, of: (device.id.clone(), field.source.clone()), rules })
    }

    /// Whether a contract with these counters reads this one, and by the same rules; `None`: it does not read it.
    pub(super) fn is_read_alike(&self, others: &[Self]) -> Option<bool> {
        let other = others.iter().find(|other| other.of == self.of)?;
        Some(other.rules == self.rules)
    }
}

/// The first counter that an amendment reads by other rules than the contract before it, as it calls it; `None`: there is
/// none.
pub(super) fn read_otherwise(old: &[CounterReading], new: &[CounterReading]) -> Option<String> {
    let other = new.iter().find(|counter| counter.is_read_alike(old) == Some(false));
    other.map(|counter| counter.name.clone())
}

/// What of a device decides which of its readings count.
fn reading_device(device: &ContractDevice) -> ContractDevice {
    let nameless = ContractDevice { name: String::new(), responsible: None, ..device.clone() };
    ContractDevice { fields: Vec::new(), ..nameless }
}

/// The rules of time that decide which readings count, and how long a decrease can last that is none.
fn reading_time(rules: &TimeRules) -> TimeRules {
    let TimeRules { hold, late_after, late, future_skew, suspect, unsynced, corrections, .. } = *rules;
    let others = TimeRules::default();
    TimeRules { hold, late_after, late, future_skew, suspect, unsynced, corrections, ..others }
}
