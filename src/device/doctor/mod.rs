//! The doctor: looks at a port, listens at one setting after the other, and judges what comes by its shape.
//!
//! ```text
//! port (list, access, lock) → PortReport
//! byte_source at 115200 8N1, 9600 8N1 … → ByteSample → diagnosis → the first that has a shape
//! ```
//!
//! Bytes come at a wrong speed, too, though as garbage: so silence is waited out at the first setting, and the next one is
//! tried only after bytes came. Pseudo-terminals and servers have no settings to try. Nothing is sent that the user did not ask for.

mod port_report;
pub mod trial;

use std::time::Duration;

pub use self::port_report::PortReport;
use self::{port_report::HeldPort, trial::HeardBytes};
use super::{
    byte_source::{ByteSource, SourceEnd, SourceEvent, SourcePlan},
    port::{open_error::OpenError, settings::PortSettings},
};
use crate::{machine, time::Span};

/// How often it looks whether it is time to end.
const LOOK: Duration = Duration::from_millis(50);

/// What the doctor is to do.
#[derive(Clone, Debug)]
pub struct DoctorPlan {
    /// How the device is opened
    pub source: SourcePlan,
    /// How long it may take in all
    pub limit: Span,
    /// Whether only the settings of `source` are tried
    pub as_set: bool,
}

/// What the doctor tells while it works.
#[derive(Debug)]
pub enum DoctorStep<'a> {
    /// It has looked at the port
    Looked(&'a PortReport),
    /// It listens at these settings; `None`: there are none to be made
    Listens(Option<&'a PortSettings>),
}

/// Looks and listens; answers what came at each setting, in the order in which they were tried, the last one with a shape if any
/// has. `stop` says that it is to end.
///
/// # Errors
/// If the port cannot be opened.
pub fn examine(
    plan: &DoctorPlan,
    stop: &dyn Fn() -> bool,
    tell: &mut dyn FnMut(DoctorStep),
) -> Result<Vec<HeardBytes>, OpenError> {
    let report = PortReport::of(&plan.source.address);
    let held = HeldPort::open(&report);
    let report = match &held {
        Ok(Some(held)) => held.complete(report),
        _ => report,
    };
    tell(DoctorStep::Looked(&report));
    let held = held?;
    let begun = machine::up();
    let over = || stop() || machine::up().millis() - begun.millis() >= plan.limit.millis();
    let trials = if report.can_be_set() && !plan.as_set { trial::SETTINGS } else { &[] };
    let own = (plan.source.settings.baud, plan.source.settings.mode);
    let mut heard: Vec<HeardBytes> = Vec::new();
    for (baud, mode) in std::iter::once(own).chain(trials.iter().copied().filter(|trial| *trial != own)) {
        let mut source = plan.source.clone();
        (source.settings.baud, source.settings.mode, source.settings.allow_mismatch) = (baud, mode, true);
        let settings = report.can_be_set().then(|| source.settings.clone());
        tell(DoctorStep::Listens(settings.as_ref()));
        let before = held.as_ref().and_then(HeldPort::counters);
        let mut bytes = listen(source, settings, trials.is_empty(), &over)?;
        bytes.errors =
            held.as_ref().and_then(HeldPort::counters).zip(before).map(|(now, then)| now.since(then));
        let is_last = bytes.shape().is_some() || over();
        heard.push(bytes);
        if is_last {
            break;
        }
    }
    Ok(heard)
}

/// Listens at one setting until there is enough to judge.
fn listen(
    plan: SourcePlan,
    settings: Option<PortSettings>,
    is_only: bool,
    over: &dyn Fn() -> bool,
) -> Result<HeardBytes, OpenError> {
    let mut heard = HeardBytes::new(settings, plan.send.clone());
    let mut source = ByteSource::start(plan);
    let (mut first, mut last) = (None, machine::up());
    while !over() {
        match source.next(LOOK) {
            Some(SourceEvent::Bytes { bytes, .. }) => {
                last = machine::up();
                first.get_or_insert(last);
                heard.sample.add(&bytes);
            }
            Some(SourceEvent::Ended(SourceEnd::Unopened(error))) => return Err(error),
            Some(SourceEvent::Ended(_)) => break,
            _ => {}
        }
        let up = machine::up().millis();
        let Some(first) = first else { continue };
        if heard.is_enough(up - first.millis(), up - last.millis(), is_only) {
            break;
        }
    }
    Ok(heard)
}
