//! A device made of devices: the values of its members are merged in time, whatever order they are heard in and however far
//! each was followed.
//!
//! ```text
//! probe    7.5 ──────────────── 7.6 ────
//! probe-b  ─────── 8.3 ───── ? ─────────      what holds at each instant is compared, and the terms on the group
//! room     ─ ? ─── 7.9 ───── ? ─────────      look at it where it becomes another
//! ```

use std::collections::VecDeque;

use super::{
    EntryId, Excursion, LateChange, TermResult, Window,
    agreement::{self, Agreement},
    counted_time::CountedTime,
    fact::FieldValue,
    findings::{ContractFinding, ContractFindingKind, ContractFindings},
    followers::TermFollowers,
    measure::DeviceColumns,
};
use crate::{
    contract::{
        document::{Contract, DeviceGroup},
        expr::{ExpressionValue, LeafValues},
    },
    decimal::Decimal,
};

/// From an instant on a device has these values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MemberChange {
    pub(super) at: i64,
    /// The latest entry then
    pub(super) entry: EntryId,
    /// By its fields
    pub(super) values: Vec<Option<Decimal>>,
}

/// Follows one device that is made of devices.
pub(super) struct GroupTimeline<'a> {
    group: &'a DeviceGroup,
    device: usize,
    window: Window,
    members: Vec<MemberValues>,
    values: AgreedValues,
    /// Whether those that speak do not agree, by field
    disagree: Vec<bool>,
    terms: TermFollowers<'a>,
    /// Up to where everything has been followed
    cursor: i64,
    /// Whether a member changed where that was followed already
    late_change: bool,
    remarks: ContractFindings,
}

/// A member as it is followed.
#[derive(Clone, Debug, Default)]
struct MemberValues {
    /// By its own fields; empty: it has said nothing
    values: Vec<Option<Decimal>>,
    /// What it said at this instant, before a hole began; `None`: none did
    passing: Option<Vec<Option<Decimal>>>,
    ahead: VecDeque<MemberChange>,
}

/// The values of the group, by its fields.
struct AgreedValues(Vec<Option<Decimal>>);

impl LeafValues<usize> for AgreedValues {
    fn value(&self, field: &usize) -> Option<ExpressionValue> {
        self.0[*field].map(ExpressionValue::Number)
    }
}

impl<'a> GroupTimeline<'a> {
    /// Of a device, by its place in the contract; `None`: it is not made of devices. `times`: which time counts, by term.
    pub(super) fn new(
        contract: &'a Contract,
        device: usize,
        window: Window,
        times: &[CountedTime],
    ) -> Option<Self> {
        let group = contract.devices[device].group.as_ref()?;
        Some(Self {
            group,
            device,
            window,
            members: vec![MemberValues::default(); group.members.len()],
            values: AgreedValues(vec![None; group.within.len()]),
            disagree: vec![false; group.within.len()],
            terms: TermFollowers::new(contract, device, window, times),
            cursor: i64::MIN,
            late_change: false,
            remarks: ContractFindings::default(),
        })
    }

    /// Takes what a device says, if it is a member. Changes of one device come in the order of time.
    pub(super) fn take(&mut self, device: usize, changes: &[MemberChange]) {
        let members = self.group.members.iter().zip(&mut self.members);
        for (_, member) in members.filter(|(member, _)| member.device == device) {
            self.late_change |= changes.iter().any(|change| change.at < self.cursor);
            member.ahead.extend(changes.iter().cloned());
        }
    }

    /// Follows what was before an instant up to which all members were followed.
    pub(super) fn follow(&mut self, until: i64) {
        let next = |members: &[MemberValues]| {
            let ahead = members.iter().filter_map(|member| member.ahead.front());
            ahead.map(|change| change.at).min()
        };
        while let Some(at) = next(&self.members).filter(|at| *at < until) {
            let changed = self.members.iter_mut().filter_map(|member| member.change(at)).min();
            if let Some(entry) = changed {
                self.pass(at, entry);
                self.look(at, entry);
            }
        }
        self.cursor = self.cursor.max(until);
    }

    /// Tells the conditions what the members said at an instant, where holes begin then.
    fn pass(&mut self, at: i64, entry: EntryId) {
        if self.members.iter().any(|member| member.passing.is_some()) {
            let fields = 0..self.group.within.len();
            let values = fields.map(|field| self.agreed(field, MemberValues::said).value());
            self.terms.pass(at, &AgreedValues(values.collect()), entry, self.window);
            self.members.iter_mut().for_each(|member| member.passing = None);
        }
    }

    /// What the members agree on, of what each says of a field.
    fn agreed(&self, field: usize, says: impl Fn(&MemberValues) -> &[Option<Decimal>]) -> Agreement {
        let members = self.group.members.iter().zip(&self.members);
        let said = members.filter_map(|(member, values)| *says(values).get(member.fields[field])?);
        agreement::of(said.collect(), self.group.agree, self.group.within[field])
    }

    /// Looks at what the members say at an instant.
    fn look(&mut self, at: i64, entry: EntryId) {
        let mut changed = Vec::new();
        for field in 0..self.group.within.len() {
            let agreed = self.agreed(field, |member| &member.values);
            let value = agreed.value();
            if value != std::mem::replace(&mut self.values.0[field], value) {
                let value = value.map(ExpressionValue::Number);
                changed.push(FieldValue::new(field, value, None));
            }
            let disagree = agreed == Agreement::None;
            if disagree && !std::mem::replace(&mut self.disagree[field], disagree) {
                self.remark(at, entry, ContractFindingKind::Disagree, Some(field));
            }
            self.disagree[field] = disagree;
            if agreed == Agreement::Overflow {
                self.remark(at, entry, ContractFindingKind::Overflow, Some(field));
            }
        }
        if !changed.is_empty() {
            self.change(at, entry, &changed);
        }
    }

    /// The terms look at the values where some are other ones.
    fn change(&mut self, at: i64, entry: EntryId, changed: &[FieldValue]) {
        if self.terms.look(at, &self.values, entry, self.window) {
            self.remark(at, entry, ContractFindingKind::Overflow, None);
        }
        if self.terms.measures() {
            self.terms.measure(at, &self.values, false, self.window);
            if changed.iter().any(|cell| cell.value.is_some()) {
                self.terms.hear(at, changed, &self.values, self.window);
            }
        }
    }

    fn remark(&mut self, at: i64, entry: EntryId, kind: ContractFindingKind, field: Option<usize>) {
        if self.window.is_near(at) {
            let (entry, device) = (Some(entry), Some(self.device));
            self.remarks.add(ContractFinding { entry, kind, device, field });
        }
    }

    /// The excursions that breached a term that is paid for, and ended since this was asked last.
    pub(super) fn breaches(&mut self) -> impl Iterator<Item = (usize, Excursion)> {
        self.terms.breaches()
    }

    /// The results of the terms, by place in the contract, and what was measured, once all members were followed to the end.
    ///
    /// # Errors
    /// If a member changed where that was followed already.
    pub(super) fn finish(
        mut self,
        window: Window,
        running: bool,
        findings: &mut ContractFindings,
    ) -> Result<(Vec<(usize, TermResult)>, DeviceColumns), LateChange> {
        self.window = window;
        self.follow(window.unheard());
        if self.late_change {
            return Err(LateChange);
        }
        findings.merge(self.remarks);
        Ok(self.terms.finish(window, running))
    }
}

impl MemberValues {
    /// Takes the values that it has from an instant on; answers the entry, `None` if they stay the same.
    fn change(&mut self, at: i64) -> Option<EntryId> {
        let mut entry = None;
        while self.ahead.front().is_some_and(|change| change.at == at) {
            let Some(change) = self.ahead.pop_front() else { break };
            self.passing = entry.is_some().then(|| std::mem::take(&mut self.values));
            entry = Some(change.entry);
            self.values = change.values;
        }
        entry
    }

    /// What it said at the instant of its last change, if holes began then, else what it says.
    fn said(&self) -> &[Option<Decimal>] {
        self.passing.as_ref().unwrap_or(&self.values)
    }
}

impl Contract {
    /// Whether some device is made of this one and others.
    pub(super) fn is_in_group(&self, device: usize) -> bool {
        let groups = self.devices.iter().filter_map(|made| made.group.as_ref());
        groups.flat_map(|group| &group.members).any(|member| member.device == device)
    }
}
