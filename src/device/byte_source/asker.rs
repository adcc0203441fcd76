//! When a device is asked, and what it is answered.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use super::{
    super::{
        question::{DeviceQuestion, QuestionPlan},
        sign_on::{SignOn, SignOnStep},
    },
    SourcePlan,
};

/// How long a meter must be silent for its readout to be over, or not to come: the longest pause before an answer and between
/// two characters, and a bit.
const OVER: Duration = Duration::from_secs(2);

/// What is sent takes so much longer than its bits, in adapters.
const ADAPTER: Duration = Duration::from_millis(20);

/// Bits that a character takes on the line: start, data, parity, stop.
const CHARACTER: u64 = 10;

/// Asks an open device.
pub(super) struct Asker {
    plan: Option<QuestionPlan>,
    sign_on: SignOn,
    /// Bits per second at present
    baud: u32,
    /// Whether it was asked once
    is_asked: bool,
    /// When it is asked next
    next: Instant,
    /// When it was heard last; `None`: it was not yet
    heard: Option<Instant>,
    /// When what was sent last has left
    left: Instant,
}

impl Asker {
    /// For a device that was just opened. `can_change`: whether its speed can be changed.
    pub(super) fn new(plan: &SourcePlan, can_change: bool) -> Self {
        let (baud, now) = (plan.settings.baud, Instant::now());
        let sign_on = SignOn::new(baud, can_change);
        Self { plan: plan.ask.clone(), sign_on, baud, is_asked: false, next: now, heard: None, left: now }
    }

    /// Waits until the device is to be asked; for ever if it never is. A readout is not interrupted by the next question.
    pub(super) async fn due(&self) {
        let Some(plan) = &self.plan else { return std::future::pending().await };
        let spoken = self.heard.map_or(self.left, |heard| heard.max(self.left));
        let over = match plan.question {
            DeviceQuestion::Readout if self.is_asked => spoken + OVER,
            _ => self.next,
        };
        sleep_until(over.max(self.next)).await;
    }

    /// The question that is due.
    pub(super) fn question(&self) -> Vec<u8> {
        self.plan.as_ref().map(|plan| plan.question.bytes().to_vec()).unwrap_or_default()
    }

    /// Asks: what is to be done for that.
    pub(super) fn ask(&mut self) -> Vec<SignOnStep> {
        let Some(plan) = &self.plan else { return Vec::new() };
        self.is_asked = true;
        self.next = (self.next + plan.every).max(Instant::now());
        match &plan.question {
            DeviceQuestion::Bytes(bytes) => vec![SignOnStep::Send(bytes.clone())],
            DeviceQuestion::Readout => self.sign_on.ask(),
        }
    }

    /// Hears what the device says: what is to be done next.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Vec<SignOnStep> {
        self.heard = Some(Instant::now());
        self.sign_on.hear(bytes)
    }

    /// Notes that so many bytes are being sent.
    pub(super) fn sent(&mut self, bytes: usize) {
        let millis = bytes as u64 * CHARACTER * 1_000 / u64::from(self.baud.max(1));
        self.left = Instant::now() + Duration::from_millis(millis) + ADAPTER;
    }

    /// Waits until what was sent has left, before the speed becomes another one. Whether it does.
    pub(super) async fn change_to(&mut self, baud: u32) -> bool {
        sleep_until(self.left).await;
        std::mem::replace(&mut self.baud, baud) != baud
    }
}
