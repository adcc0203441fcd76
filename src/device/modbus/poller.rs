//! A thread that polls a bus: opens it, asks round after round, and opens it again after it went away.

use std::{
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, sync_channel},
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::sync::oneshot;

use super::{
    bus::{Bus, BusGone, millis, now},
    late::OwedAnswers,
    poll_plan::PollPlan,
    schedule::PollSchedule,
    unit_poll::{UnitPoll, UnitRound},
};
use crate::{
    device::{
        byte_source::{
            OpenDelay, SourceEnd,
            opening::{open_again, open_first},
        },
        clock,
        port::open_error::OpenError,
    },
    machine,
    record::reading::RecordTime,
    time::Span,
};

/// Events that may wait.
const QUEUE: usize = 64;

/// How often a wait for the next round looks at the clock, in milliseconds: it may be set.
const LOOK: i64 = 500;

/// What happened on a bus.
#[derive(Debug)]
pub(super) enum BusEvent {
    /// It is open, at this port
    Opened(String),
    /// It went away; it is looked for
    Lost(String),
    /// It cannot be opened, for this reason; it is looked for
    Delayed(OpenDelay),
    /// A unit was asked
    Round {
        /// The place of its device in the map
        device: usize,
        /// When it had answered
        now: RecordTime,
        /// What came of it
        round: UnitRound,
    },
    /// Nothing will come any more
    Ended(SourceEnd),
}

/// A bus that is being polled.
#[derive(Debug)]
pub(super) struct BusPoller {
    events: Option<Receiver<BusEvent>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl BusPoller {
    /// Begins to poll.
    pub(super) fn start(plan: PollPlan) -> Self {
        let (sender, events) = sync_channel(QUEUE);
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || run(&plan, &sender, stopped));
        Self { events: Some(events), stop: Some(stop), thread: Some(thread) }
    }

    /// The next event; `None` if there is none within `patience`.
    pub(super) fn next(&self, patience: Duration) -> Option<BusEvent> {
        match self.events.as_ref().map(|events| events.recv_timeout(patience)) {
            Some(Ok(event)) => Some(event),
            Some(Err(RecvTimeoutError::Timeout)) => None,
            None | Some(Err(RecvTimeoutError::Disconnected)) => Some(BusEvent::Ended(SourceEnd::Input)),
        }
    }
}

impl Drop for BusPoller {
    /// Closes the port: the next command of the same process may want it.
    fn drop(&mut self) {
        self.events.take();
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// The receiver of the events is gone, so the thread ends.
struct ListenerGone;

fn run(plan: &PollPlan, events: &SyncSender<BusEvent>, stopped: oneshot::Receiver<()>) {
    let end = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime.block_on(async {
            tokio::select! {
                end = follow(plan, events) => end,
                _ = stopped => Err(ListenerGone),
            }
        }),
        Err(error) => Ok(SourceEnd::Unopened(OpenError::Other(error.to_string()))),
    };
    if let Ok(end) = end {
        let _ = events.send(BusEvent::Ended(end));
    }
}

/// Opens and polls, again and again.
async fn follow(plan: &PollPlan, events: &SyncSender<BusEvent>) -> Result<SourceEnd, ListenerGone> {
    let tell = |event| events.send(event).map_err(|_| ListenerGone);
    let delayed = |why| tell(BusEvent::Delayed(why));
    let mut units: Vec<_> = plan.devices.iter().cloned().map(UnitPoll::new).collect();
    let mut owed = OwedAnswers::new(millis(plan.timeout));
    let mut opened = open_first(&plan.source, delayed).await?;
    loop {
        let device = match opened {
            Ok(device) => device,
            Err(error) => return Ok(SourceEnd::Unopened(error)),
        };
        if plan.rs485
            && let Err(error) = device.enable_rs485()
        {
            return Ok(SourceEnd::Unopened(error));
        }
        tell(BusEvent::Opened(device.name.clone()))?;
        let bus = Bus::new(device, plan.source.settings.baud, plan.timeout, &mut owed);
        let BusGone(why) = poll(plan, &mut units, bus, events).await?;
        let Some(backoff) = plan.source.backoff else { return Ok(SourceEnd::Gone(why)) };
        tell(BusEvent::Lost(why))?;
        units.iter_mut().for_each(UnitPoll::was_away);
        opened = open_again(&plan.source, backoff, String::new(), delayed).await?;
    }
}

/// Polls until the device is gone, and says how that showed.
async fn poll(
    plan: &PollPlan,
    units: &mut [UnitPoll],
    mut bus: Bus<'_>,
    events: &SyncSender<BusEvent>,
) -> Result<BusGone, ListenerGone> {
    // What was asked before us may be answered now.
    if let Err(gone) = bus.listen(now() + millis(plan.timeout)).await {
        return Ok(gone);
    }
    let mut schedule = if plan.align {
        PollSchedule::aligned(plan.every.millis(), machine::wall().millis())
    } else {
        PollSchedule::from_now(plan.every.millis(), machine::up().millis())
    };
    loop {
        if let Err(gone) = until_due(plan, &mut schedule, &mut bus).await {
            return Ok(gone);
        }
        for (at, unit) in units.iter_mut().enumerate() {
            let round = match unit.round(&mut bus, plan.retries).await {
                Ok(round) => round,
                Err(gone) => return Ok(gone),
            };
            let event = BusEvent::Round { device: at, now: clock::now(), round };
            events.send(event).map_err(|_| ListenerGone)?;
        }
        schedule.done(clock_of(plan).millis());
    }
}

/// Listens until the next round is due, so that it shows at once if the device goes away.
async fn until_due(plan: &PollPlan, schedule: &mut PollSchedule, bus: &mut Bus<'_>) -> Result<(), BusGone> {
    loop {
        let left = schedule.left(clock_of(plan).millis());
        if left == 0 {
            return Ok(());
        }
        bus.listen(now() + left.min(LOOK).unsigned_abs()).await?;
    }
}

/// The clock that the rounds go by.
fn clock_of(plan: &PollPlan) -> Span {
    if plan.align { Span::from_millis(machine::wall().millis()) } else { machine::up() }
}
