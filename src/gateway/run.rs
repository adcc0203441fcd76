//! One run of a gateway: its ports, its keeper, and whoever asks how it is.

use std::{
    net::SocketAddr,
    path::PathBuf,
    sync::{
        Arc, OnceLock,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    thread,
    time::Duration,
};

use super::{
    keeper::{Keeper, LedgerOpening},
    listen::Listener,
    notice::{GatewayOperator, NoticeBoard, StopReason},
    port::{Port, PortContext, PortPulse},
    queue::RecordQueue,
    service::ServiceManager,
    signer::sign_all,
    state::{GatewayState, PortLink},
};
use crate::{
    device::session::LiveSource,
    key::SecretKey,
    ledger::write::machine_id::MachineId,
    machine,
    record::signed::{RecordSigner, SignOptions},
    time::Span,
};

/// How often the gateway looks around.
const LOOK: Duration = Duration::from_millis(200);

/// A port that has not looked around for so long, in milliseconds, hangs.
const HANGS: i64 = 30_000;

/// How long ports may take to end, in milliseconds.
const LAST_WORDS: i64 = 5_000;

/// How long one may take that waits for room, once there will be none.
const GIVING_UP: i64 = 1_000;

/// A gateway that is to run.
pub struct GatewayPlan {
    /// What is read
    pub ports: Vec<GatewayPort>,
    /// Who signs the readings
    pub key: Arc<SecretKey>,
    /// Opens the ledger
    pub opening: LedgerOpening,
    /// The machine that writes it
    pub machine: MachineId,
    /// How long a batch waits for more records
    pub delay: Span,
    /// Where records are kept that cannot be appended; `None`: in memory, and then ports wait
    pub spill: Option<PathBuf>,
    /// Where the gateway says how it is; `None`: nowhere
    pub listen: Option<SocketAddr>,
    /// How many threads may sign at once
    pub threads: usize,
}

/// A port of a gateway.
pub struct GatewayPort {
    /// The names of its devices, at least one: a bus has several
    pub devices: Vec<String>,
    /// Begins to read it, in a thread of its own
    pub start: Box<dyn FnOnce() -> Box<dyn LiveSource> + Send>,
}

/// How a gateway ended.
#[derive(Debug)]
pub struct GatewayEnd {
    /// What ended it; `None`: all its devices have said what there is
    pub reason: Option<StopReason>,
    /// How many records the ledger's rules refused
    pub refused: u64,
    /// How many ports had ended in disorder
    pub failed: usize,
    /// How many records are kept nowhere, and why
    pub lost: Option<(u64, String)>,
    /// How many records wait in the spill file
    pub spilled: u64,
}

/// Runs a gateway until it is to end, or all its devices have.
///
/// # Errors
/// If it cannot begin, or nobody takes a receipt.
pub fn run(plan: GatewayPlan, operator: &mut dyn GatewayOperator) -> anyhow::Result<GatewayEnd> {
    let GatewayPlan { ports, key, opening, machine, delay, spill, listen, threads } = plan;
    let keeper = Keeper::open(opening, machine, spill.as_ref(), operator)?;
    let state = Arc::new(GatewayState::new(ports.iter().flat_map(|port| port.devices.clone())));
    let listener = listen.map(|address| Listener::start(address, Arc::clone(&state))).transpose()?;
    let (queue, notices, stop, give_up) =
        (RecordQueue::default(), NoticeBoard::default(), OnceLock::new(), AtomicBool::new(false));
    let pulses: Vec<PortPulse> = ports.iter().map(|_| PortPulse::default()).collect();
    let signer = RecordSigner::new(&key, &SignOptions::default());
    let context = PortContext {
        queue: &queue,
        state: &state,
        signer: &signer,
        notices: &notices,
        stop: &stop,
        give_up: &give_up,
    };
    let end = thread::scope(|scope| {
        let mut at = 0;
        for (GatewayPort { devices, start }, pulse) in ports.into_iter().zip(&pulses) {
            pulse.beat();
            let port = Port { at, devices, context: &context, pulse };
            at += port.devices.len();
            scope.spawn(move || port.run(&mut *start()));
        }
        for _ in 0..threads.max(1) {
            scope.spawn(|| sign_all(&signer, &queue, &state));
        }
        let service = ServiceManager::new();
        let mut gateway =
            Gateway { keeper, delay, context: &context, pulses: &pulses, service, stopping: None };
        let end = gateway.run(operator);
        // Whatever happened, the ports are to end now.
        let _ = stop.set("stopped");
        give_up.store(true, Relaxed);
        queue.close();
        end
    });
    drop(listener);
    notices.tell(operator);
    end
}

/// The main loop of a gateway.
struct Gateway<'a> {
    keeper: Keeper,
    delay: Span,
    context: &'a PortContext<'a>,
    pulses: &'a [PortPulse],
    service: ServiceManager,
    /// Why it is to end, and when that was; `None`: it is not to
    stopping: Option<(StopReason, Span)>,
}

impl Gateway<'_> {
    fn run(&mut self, operator: &mut dyn GatewayOperator) -> anyhow::Result<GatewayEnd> {
        loop {
            self.look_around(operator);
            // Asked before the queue is emptied, which they fill before they end.
            let ended = self.all_ended() || self.has_waited();
            let delay = if self.stopping.is_some() || ended { Span::from_millis(0) } else { self.delay };
            if self.keeper.has_room() {
                let patience = if ended { Duration::ZERO } else { LOOK };
                let batch = self.context.queue.take(delay, patience);
                if batch.is_empty() && !ended {
                    self.keeper.work(false, operator)?;
                } else if !batch.is_empty() {
                    self.keeper.keep(batch, operator)?;
                    continue;
                }
            } else {
                self.keeper.work(ended, operator)?;
                thread::sleep(if ended { Duration::ZERO } else { LOOK });
            }
            if ended {
                return self.end(operator);
            }
        }
    }

    fn all_ended(&self) -> bool {
        self.pulses.iter().all(|pulse| pulse.ended.load(Relaxed))
    }

    /// Whether ports have had the time that they get to end.
    fn has_waited(&self) -> bool {
        self.stopping.is_some_and(|(_, since)| machine::up().millis() - since.millis() > LAST_WORDS)
    }

    /// Tells what there is to tell, and sees whether it is time to end.
    fn look_around(&mut self, operator: &mut dyn GatewayOperator) {
        self.context.notices.tell(operator);
        if let (None, Some(reason)) = (self.stopping, operator.stop()) {
            self.stopping = Some((reason, machine::up()));
            let _ = self.context.stop.set(reason.word());
            self.service.stopping();
        }
        let health = {
            let mut state = self.context.state.lock();
            state.size = self.keeper.size;
            state.ledger_error.clone_from(&self.keeper.error);
            state.spilled = self.keeper.spilled();
            state.refused = self.keeper.refused;
            state.queued = self.context.queue.len() + self.keeper.held();
            state.look_at_ports(machine::up());
            state.clone()
        };
        let is_ready = health.ports.iter().all(|port| port.link != PortLink::Unknown);
        self.service.status(is_ready, &health.sentence());
        if self.makes_progress() {
            self.service.alive();
        }
    }

    /// Whether no port hangs – each looks around all the time, also while it waits for its device or for room – and no signer.
    fn makes_progress(&self) -> bool {
        let now = machine::up().millis();
        let is_alive =
            |pulse: &PortPulse| pulse.ended.load(Relaxed) || now - pulse.seen.load(Relaxed) < HANGS;
        self.pulses.iter().all(is_alive) && !self.context.queue.hangs(HANGS)
    }

    /// All ports have ended, or had the time to: what is left is kept now, or is lost.
    fn end(&mut self, operator: &mut dyn GatewayOperator) -> anyhow::Result<GatewayEnd> {
        self.context.give_up.store(true, Relaxed);
        let since = machine::up().millis();
        while !self.all_ended() && machine::up().millis() - since < GIVING_UP {
            thread::sleep(Duration::from_millis(20));
        }
        let queue = self.context.queue;
        while queue.len() > 0 && !queue.hangs(HANGS) {
            let batch = queue.take(Span::from_millis(0), LOOK);
            self.keeper.keep(batch, operator)?;
        }
        self.keeper.work(true, operator)?;
        let dropped: i64 = self.pulses.iter().map(|pulse| pulse.lost.load(Relaxed)).sum();
        let lost = (self.keeper.held() + queue.len()) as u64 + dropped.unsigned_abs();
        let why = self.keeper.error.clone().unwrap_or_default();
        let is_failed = |pulse: &&PortPulse| pulse.failed.load(Relaxed);
        Ok(GatewayEnd {
            reason: self.stopping.map(|(reason, _)| reason),
            refused: self.keeper.refused,
            failed: self.pulses.iter().filter(is_failed).count(),
            lost: (lost > 0).then_some((lost, why)),
            spilled: self.keeper.spilled(),
        })
    }
}
