//! Where bytes come from: a thread of its own that opens, reads, and – when the device goes away – waits,
//! looks it up again and goes on.
//!
//! ```text
//! thread: open → read … read → gone → wait 100 ms, 200 ms … → open → …
//!           │       │            │
//!           Opened  Bytes, Gap   Lost         bounded queue → whoever asks Source::next
//! ```
//!
//! When the queue is full the thread stops reading: what has to wait, waits in the kernel. What the kernel
//! could not keep is counted where the driver counts it, and reported as a gap in any case.

use std::{
    io::Read,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::oneshot,
    time::{sleep, timeout},
};

use super::{
    address::Address,
    port::{OpenError, Port, Settings},
    sim,
};
use crate::time::Time;

/// Chunks that may wait, of at most [`CHUNK`] bytes.
const QUEUE: usize = 64;
const CHUNK: usize = 64 * 1024;

/// How long a server may take to answer, and a device to take what it is sent.
const PATIENCE: Duration = Duration::from_secs(5);

/// How to open, and what to do when the device goes away.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Where the device is
    pub address: Address,
    /// How a serial port is set
    pub settings: Settings,
    /// How long to wait for a port that somebody else has, at first
    pub wait: Duration,
    /// The shortest and the longest pause before opening again; `None` does not
    pub backoff: Option<(Duration, Duration)>,
    /// What the device is sent each time it was opened
    pub send: Vec<u8>,
    /// The device itself, where the address is a simulated one, and how long it pauses
    pub simulated: Option<(sim::Device, Duration)>,
}

/// What happened.
#[derive(Debug)]
pub enum Event {
    /// The device is open
    Opened {
        /// Here
        port: String,
        /// The time by the clock of a simulated device
        time: Option<Time>,
    },
    /// The device said something
    Bytes {
        /// This
        bytes: Vec<u8>,
        /// The time by the clock of a simulated device
        time: Option<Time>,
    },
    /// Bytes were lost, so many if anybody knows
    Gap(Option<u64>),
    /// The device went away; it is looked for
    Lost(String),
    /// Nothing will come any more
    Ended(End),
}

/// Why nothing will come any more.
#[derive(Debug)]
pub enum End {
    /// The input ended in order
    Input,
    /// The device went away, and is not to be looked for
    Gone(String),
    /// The device could not be opened
    Unopened(OpenError),
}

/// What waiting for an event brought.
#[derive(Debug)]
pub enum Next {
    /// An event
    Event(Event),
    /// Nothing in time
    Idle,
}

/// A source that is being read.
#[derive(Debug)]
pub struct Source {
    events: Option<Receiver<Event>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Source {
    /// Begins to read.
    pub fn start(plan: Plan) -> Self {
        let (sender, events) = sync_channel(QUEUE);
        let (stop, stopped) = oneshot::channel();
        // A thread that waits for standard input cannot be stopped, and need not be.
        let joined = !matches!(plan.address, Address::Stdin);
        let thread = thread::spawn(move || run(&plan, &sender, stopped));
        Self { events: Some(events), stop: Some(stop), thread: joined.then_some(thread) }
    }

    /// The next event, if it comes in time.
    pub fn next(&self, patience: Duration) -> Next {
        let answer = self.events.as_ref().map(|events| events.recv_timeout(patience));
        match answer {
            Some(Ok(event)) => Next::Event(event),
            Some(Err(RecvTimeoutError::Timeout)) => Next::Idle,
            // The thread says why it ends before it does; after that there is nothing more to say.
            None | Some(Err(RecvTimeoutError::Disconnected)) => Next::Event(Event::Ended(End::Input)),
        }
    }
}

impl Drop for Source {
    /// Closes the port: the next command of the same process may want it.
    fn drop(&mut self) {
        self.events.take();
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// Nobody listens any more.
struct Deaf;

fn run(plan: &Plan, events: &SyncSender<Event>, stopped: oneshot::Receiver<()>) {
    let end = if matches!(plan.address, Address::Stdin) {
        pump_stdin(events)
    } else {
        match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime.block_on(async {
                tokio::select! {
                    end = follow(plan, events) => end,
                    _ = stopped => Err(Deaf),
                }
            }),
            Err(error) => Ok(End::Unopened(OpenError::Other(error.to_string()))),
        }
    };
    if let Ok(end) = end {
        let _ = events.send(Event::Ended(end));
    }
}

fn pump_stdin(events: &SyncSender<Event>) -> Result<End, Deaf> {
    events.send(Event::Opened { port: "-".to_owned(), time: None }).map_err(|_| Deaf)?;
    let mut buffer = vec![0; CHUNK];
    loop {
        match std::io::stdin().lock().read(&mut buffer) {
            Ok(0) => return Ok(End::Input),
            Ok(count) => {
                events
                    .send(Event::Bytes { bytes: buffer[..count].to_vec(), time: None })
                    .map_err(|_| Deaf)?;
            }
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Ok(End::Gone(error.to_string())),
        }
    }
}

/// Listens to a simulated device, which never ends.
async fn simulate(plan: &Plan, events: &SyncSender<Event>) -> Result<End, Deaf> {
    let Some((mut device, pause)) = plan.simulated.clone() else {
        return Ok(End::Unopened(OpenError::Absent("no device is simulated".to_owned())));
    };
    let opened = Event::Opened { port: plan.address.to_string(), time: Some(device.time()) };
    events.send(opened).map_err(|_| Deaf)?;
    loop {
        let (time, bytes) = device.say();
        events.send(Event::Bytes { bytes, time: Some(time) }).map_err(|_| Deaf)?;
        if !pause.is_zero() {
            sleep(pause).await;
        }
    }
}

/// Opens and reads, again and again.
async fn follow(plan: &Plan, events: &SyncSender<Event>) -> Result<End, Deaf> {
    if matches!(plan.address, Address::Simulated(_)) {
        return simulate(plan, events).await;
    }
    let mut line = match open_at_first(plan).await {
        Ok(line) => line,
        Err(error) => return Ok(End::Unopened(error)),
    };
    loop {
        events.send(Event::Opened { port: line.name.clone(), time: None }).map_err(|_| Deaf)?;
        let why = line.pump(&plan.send, events).await?;
        drop(line);
        let Some((shortest, longest)) = plan.backoff else { return Ok(End::Gone(why)) };
        events.send(Event::Lost(why)).map_err(|_| Deaf)?;
        let mut pause = shortest;
        line = loop {
            sleep(pause).await;
            match Line::open(plan).await {
                Ok(line) => break line,
                Err(error @ OpenError::Mismatch(_)) => return Ok(End::Unopened(error)),
                Err(_) => pause = (pause * 2).min(longest),
            }
        };
    }
}

/// Opens for the first time. A port that somebody has may become free.
#[allow(clippy::disallowed_methods)] // how long we waited, of no result
async fn open_at_first(plan: &Plan) -> Result<Line, OpenError> {
    let deadline = Instant::now() + plan.wait;
    loop {
        match Line::open(plan).await {
            Err(OpenError::Busy(_)) if Instant::now() < deadline => sleep(Duration::from_millis(100)).await,
            answer => return answer,
        }
    }
}

/// An open device.
struct Line {
    name: String,
    end: Ends,
}

enum Ends {
    Serial(Port),
    Tcp(TcpStream),
}

impl Line {
    async fn open(plan: &Plan) -> Result<Self, OpenError> {
        if let Address::Tcp(host) = &plan.address {
            let stream = timeout(PATIENCE, TcpStream::connect(host)).await;
            let stream = stream.map_err(|_| OpenError::Absent("no answer".to_owned()))?;
            let stream = stream.map_err(|error| OpenError::Absent(error.to_string()))?;
            return Ok(Self { name: plan.address.to_string(), end: Ends::Tcp(stream) });
        }
        let path = plan.address.resolve().ok_or_else(|| OpenError::Absent("is not plugged in".to_owned()))?;
        let port = Port::open(&path, &plan.settings)?;
        Ok(Self { name: path.display().to_string(), end: Ends::Serial(port) })
    }

    /// Hands on bytes until the device is gone, and says how that showed.
    async fn pump(&mut self, send: &[u8], events: &SyncSender<Event>) -> Result<String, Deaf> {
        if !send.is_empty()
            && let Err(why) = self.send(send).await
        {
            return Ok(why);
        }
        let mut buffer = vec![0; CHUNK];
        loop {
            let read = match &mut self.end {
                Ends::Serial(port) => AsyncReadExt::read(&mut port.stream, &mut buffer).await,
                Ends::Tcp(stream) => stream.read(&mut buffer).await,
            };
            match read {
                // A port that was unplugged is always readable, and has nothing to read.
                Ok(0) => return Ok("no more data".to_owned()),
                Ok(count) => {
                    let count = count + self.more(&mut buffer[count..]);
                    self.hand_on(buffer[..count].to_vec(), events)?;
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Ok(error.to_string()),
            }
        }
    }

    /// What else is here already: a terminal hands over at most 4095 bytes at a time. An end or an error shows
    /// again at the next read.
    fn more(&mut self, buffer: &mut [u8]) -> usize {
        let mut count = 0;
        while count < buffer.len() {
            let read = match &mut self.end {
                Ends::Serial(port) => port.stream.try_read(&mut buffer[count..]),
                Ends::Tcp(stream) => stream.try_read(&mut buffer[count..]),
            };
            match read {
                Ok(0) | Err(_) => break,
                Ok(more) => count += more,
            }
        }
        count
    }

    /// Hands bytes on, waiting while the queue is full, and says what was lost meanwhile.
    fn hand_on(&mut self, bytes: Vec<u8>, events: &SyncSender<Event>) -> Result<(), Deaf> {
        let waited = match events.try_send(Event::Bytes { bytes, time: None }) {
            Ok(()) => false,
            Err(TrySendError::Disconnected(_)) => return Err(Deaf),
            Err(TrySendError::Full(event)) => {
                events.send(event).map_err(|_| Deaf)?;
                true
            }
        };
        let Ends::Serial(port) = &mut self.end else { return Ok(()) };
        match port.newly_lost() {
            Some(0) => Ok(()),
            Some(count) => events.send(Event::Gap(Some(count))).map_err(|_| Deaf),
            None if waited && !port.waits_for_us() => events.send(Event::Gap(None)).map_err(|_| Deaf),
            None => Ok(()),
        }
    }

    async fn send(&mut self, bytes: &[u8]) -> Result<(), String> {
        // No flush: on a serial port that waits until the last bit has left.
        let sent = match &mut self.end {
            Ends::Serial(port) => timeout(PATIENCE, AsyncWriteExt::write_all(&mut port.stream, bytes)).await,
            Ends::Tcp(stream) => timeout(PATIENCE, stream.write_all(bytes)).await,
        };
        match sent {
            Ok(Ok(())) => Ok(()),
            Ok(Err(error)) => Err(error.to_string()),
            Err(_) => Err("does not take what it is sent".to_owned()),
        }
    }
}
