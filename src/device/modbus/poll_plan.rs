//! What a poll is made of.

use std::time::Duration;

use super::register_map::MapDevice;
use crate::{device::byte_source::SourcePlan, time::Span};

/// What is polled, and how.
#[derive(Clone, Debug)]
pub struct PollPlan {
    /// Where the bus is
    pub source: SourcePlan,
    /// Whether the driver is to switch the direction of an RS-485 line
    pub rs485: bool,
    /// The devices, at least one
    pub devices: Vec<MapDevice>,
    /// How often each is asked
    pub every: Span,
    /// Whether that is at multiples of the period by the wall clock
    pub align: bool,
    /// How long an answer may take
    pub timeout: Duration,
    /// How often a question is asked again that was not answered
    pub retries: u32,
}
