//! A device as a source of bytes: a thread opens and reads it, and opens it again after it went away.
//!
//! ```text
//! thread: open → read … read → gone → wait 100 ms, 200 ms … → open → …
//!           │       │            │      │
//!           Opened  Bytes, Gap   Lost   Delayed         bounded queue → ByteSource::next
//! ```
//!
//! When the queue is full the thread stops reading: what has to wait, waits in the kernel. What the kernel
//! could not keep is counted where the driver counts it, and reported as a gap in any case.

mod asker;
mod event_queue;
pub(super) mod open_device;
pub(super) mod opening;
mod recorded;

use std::{
    io::Read,
    thread::{self, JoinHandle},
    time::Duration,
};

use tokio::{sync::oneshot, time::sleep};

pub use self::opening::OpenDelay;

use self::{
    event_queue::{EventReceiver, EventSender, ReceiverGone, event_queue},
    opening::{open_again, open_first},
};
use super::{
    port::{address::DeviceAddress, open_error::OpenError, settings::PortSettings},
    question::QuestionPlan,
    simulated,
};
use crate::time::Time;

/// Chunks that may wait, of at most [`CHUNK`] bytes.
const QUEUE: usize = 64;
const CHUNK: usize = 64 * 1024;

/// How many frames of a simulated device that does not pause are sent together, and how many lots of them may wait.
const TOGETHER: usize = 64;
const LOTS: usize = 4;

/// How long a server may take to answer, and a device to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to open, and what to do when the device goes away.
#[derive(Clone, Debug)]
pub struct SourcePlan {
    /// Where the device is
    pub address: DeviceAddress,
    /// How a serial port is set
    pub settings: PortSettings,
    /// How long to wait, when it is opened first, for a port that another process holds
    pub wait: Duration,
    /// The shortest and the longest pause before it is opened again; `None`: it is not opened again
    pub backoff: Option<(Duration, Duration)>,
    /// Whether a device is also waited for that is there and cannot be opened: held, forbidden, or set otherwise. That is for
    /// those who read others besides
    pub patient: bool,
    /// What the device is sent each time it was opened
    pub send: Vec<u8>,
    /// What it is asked again and again; `None`: nothing, it speaks by itself
    pub ask: Option<QuestionPlan>,
    /// The simulated device, and its pause between two readings; `None` where the address is of a real one
    pub simulated: Option<(simulated::SimulatedDevice, Duration)>,
}

impl SourcePlan {
    /// What the device is sent, and may send back; empty: nothing.
    pub(super) fn sent(&self) -> &[u8] {
        match &self.ask {
            Some(ask) if self.send.is_empty() => ask.question.bytes(),
            _ => &self.send,
        }
    }
}

/// What happened to a source.
#[derive(Debug)]
pub enum SourceEvent {
    /// The device is open
    Opened {
        /// The device file or address that was opened
        port: String,
        /// The time by the clock of a simulated device; `None`: the device is real
        time: Option<Time>,
    },
    /// The device sent bytes
    Bytes {
        /// The bytes
        bytes: Vec<u8>,
        /// The time by the clock of a simulated device; `None`: the device is real
        time: Option<Time>,
    },
    /// The device is asked this
    Asked(Vec<u8>),
    /// This many bytes were lost; `None`: it is not known how many
    Gap(Option<u64>),
    /// The device went away; it is looked for
    Lost(String),
    /// It cannot be opened, for this reason; it is looked for. Told when the reason is another one than before
    Delayed(OpenDelay),
    /// Nothing will come any more
    Ended(SourceEnd),
}

/// Why nothing will come any more.
#[derive(Debug)]
pub enum SourceEnd {
    /// The input ended in order
    Input,
    /// The device went away, and is not to be looked for
    Gone(String),
    /// The device could not be opened
    Unopened(OpenError),
}

/// A source that is being read.
#[derive(Debug)]
pub struct ByteSource {
    events: Option<EventReceiver>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl ByteSource {
    /// Begins to read.
    pub fn start(plan: SourcePlan) -> Self {
        let (sender, events) = event_queue(if plan.simulated.is_some() { LOTS } else { QUEUE });
        let (stop, stopped) = oneshot::channel();
        // A thread that waits for standard input cannot be stopped, and need not be.
        let joined = !matches!(plan.address, DeviceAddress::Stdin);
        let thread = thread::spawn(move || run(&plan, &sender, stopped));
        Self { events: Some(events), stop: Some(stop), thread: joined.then_some(thread) }
    }

    /// The next event; `None` if there is none within `patience`.
    pub fn next(&mut self, patience: Duration) -> Option<SourceEvent> {
        self.events.as_mut()?.next(patience)
    }
}

impl Drop for ByteSource {
    /// Closes the port: the next command of the same process may want it.
    fn drop(&mut self) {
        self.events.take();
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn run(plan: &SourcePlan, events: &EventSender, stopped: oneshot::Receiver<()>) {
    let end = if matches!(plan.address, DeviceAddress::Stdin) {
        pump_stdin(events)
    } else if let DeviceAddress::Recording { path, .. } = &plan.address {
        recorded::hand_on(path, events)
    } else {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(async {
                tokio::select! {
                    end = follow(plan, events) => end,
                    _ = stopped => Err(ReceiverGone),
                }
            }),
            Err(error) => Ok(SourceEnd::Unopened(OpenError::Other(error.to_string()))),
        }
    };
    if let Ok(end) = end {
        let _ = events.send(SourceEvent::Ended(end));
    }
}

fn pump_stdin(events: &EventSender) -> Result<SourceEnd, ReceiverGone> {
    events.send(SourceEvent::Opened { port: "-".to_owned(), time: None })?;
    let mut buffer = vec![0; CHUNK];
    loop {
        match std::io::stdin().lock().read(&mut buffer) {
            Ok(0) => return Ok(SourceEnd::Input),
            Ok(count) => {
                events.send(SourceEvent::Bytes { bytes: buffer[..count].to_vec(), time: None })?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(SourceEnd::Gone(error.to_string())),
        }
    }
}

/// Reads a simulated device, which never ends.
async fn simulate(plan: &SourcePlan, events: &EventSender) -> Result<SourceEnd, ReceiverGone> {
    let Some((mut device, pause)) = plan.simulated.clone() else {
        return Ok(SourceEnd::Unopened(OpenError::Absent("no device is simulated".to_owned())));
    };
    let opened = SourceEvent::Opened { port: plan.address.to_string(), time: Some(device.time()) };
    events.send(opened)?;
    let mut together = 1;
    loop {
        let frames = (0..together).map(|_| {
            let (time, bytes) = device.next_frame();
            SourceEvent::Bytes { bytes, time: Some(time) }
        });
        events.send_all(frames.collect())?;
        if pause.is_zero() {
            // Who wants three readings does not wait for hundreds.
            together = (together * 2).min(TOGETHER);
        } else {
            sleep(pause).await;
        }
    }
}

/// Opens and reads, again and again.
async fn follow(plan: &SourcePlan, events: &EventSender) -> Result<SourceEnd, ReceiverGone> {
    if matches!(plan.address, DeviceAddress::Simulated(_)) {
        return simulate(plan, events).await;
    }
    let delayed = |why| events.send(SourceEvent::Delayed(why));
    let mut line = match open_first(plan, delayed).await? {
        Ok(line) => line,
        Err(error) => return Ok(SourceEnd::Unopened(error)),
    };
    let mut pause = Duration::ZERO;
    loop {
        events.send(SourceEvent::Opened { port: line.name.clone(), time: None })?;
        let why = line.pump(plan, events).await?;
        let spoke = line.spoke;
        drop(line);
        let Some((shortest, longest)) = plan.backoff else { return Ok(SourceEnd::Gone(why)) };
        events.send(SourceEvent::Lost(why))?;
        // One that is gone again each time before it spoke is opened ever more rarely: every time makes two records.
        pause = if spoke { shortest } else { (pause * 2).clamp(shortest, longest.max(shortest)) };
        line = match open_again(plan, (pause, longest), String::new(), delayed).await? {
            Ok(line) => line,
            Err(error) => return Ok(SourceEnd::Unopened(error)),
        };
    }
}
