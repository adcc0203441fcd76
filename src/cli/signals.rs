//! SIGTERM and SIGINT as questions that a loop can ask.
//!
//! A command that asks holds the signal first. At the prompt commands follow each other in one process: each
//! begins with [`release`], so that none inherits what another held or was sent.

use std::{
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::{Duration, Instant},
};

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

static TERMINATE: OnceLock<Held> = OnceLock::new();
static INTERRUPT: OnceLock<Held> = OnceLock::new();

/// How long a stage of a pipe goes on after SIGINT: what the stages before it say at their end is still to come.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Whether the command is such a stage.
static IN_PIPE: AtomicBool = AtomicBool::new(false);

/// When it was seen first that SIGINT had come; `None`: it has not, or the program has not asked.
static INTERRUPTED: Mutex<Option<Instant>> = Mutex::new(None);

/// A signal whose handler is ours.
struct Held {
    /// It came
    came: Arc<AtomicBool>,
    /// The signal does what it does by default
    free: Arc<AtomicBool>,
}

/// From here on SIGTERM only sets a flag: the command drains its input and ends by itself.
pub(crate) fn hold_terminate() {
    hold(&TERMINATE, SIGTERM);
}

/// From here on SIGINT only sets a flag.
pub(crate) fn hold_interrupt() {
    hold(&INTERRUPT, SIGINT);
}

fn hold(slot: &OnceLock<Held>, signal: i32) {
    let held = slot.get_or_init(|| {
        let held = Held { came: Arc::new(AtomicBool::new(false)), free: Arc::new(AtomicBool::new(false)) };
        // Registration fails only for signals that cannot be caught, which these are not.
        let _ = signal_hook::flag::register_conditional_default(signal, Arc::clone(&held.free));
        let _ = signal_hook::flag::register(signal, Arc::clone(&held.came));
        held
    });
    held.free.store(false, Relaxed);
}

/// From here on a file that may not grow (`ulimit -f`) fails the write that would let it grow, which says so, and
/// does not end the process. A program that we start has the signal as it was by default.
pub(crate) fn outlive_file_limit() {
    // As above; and it is not asked whether it arrived.
    let _ = signal_hook::flag::register(SIGXFSZ, Arc::default());
}

/// Whether SIGTERM has come since it was held.
pub(crate) fn terminated() -> bool {
    TERMINATE.get().is_some_and(|held| held.came.load(Relaxed))
}

/// Whether SIGINT has come since it was held or last forgotten.
pub(crate) fn interrupted() -> bool {
    INTERRUPT.get().is_some_and(|held| held.came.load(Relaxed))
}

/// From here on SIGINT does not end the command before its input ends, or [`LAST_WORDS`] are over. The terminal sends it to
/// all stages of a pipe at once.
pub(crate) fn hear_last_words() {
    IN_PIPE.store(true, Relaxed);
}

/// Whether the command is to end by SIGINT now. From the first time that it is asked, a second SIGINT ends it at once.
#[allow(clippy::disallowed_methods)] // how long we waited, of no result
pub(crate) fn interrupted_for_good() -> bool {
    if !interrupted() || !IN_PIPE.load(Relaxed) {
        return interrupted();
    }
    if let Some(held) = INTERRUPT.get() {
        held.free.store(true, Relaxed);
    }
    let mut first = INTERRUPTED.lock().unwrap_or_else(PoisonError::into_inner);
    first.get_or_insert_with(Instant::now).elapsed() >= LAST_WORDS
}

/// Between two commands of the prompt: SIGTERM ends the process again, an earlier SIGINT is forgotten.
pub(crate) fn release() {
    if let Some(held) = TERMINATE.get() {
        held.free.store(true, Relaxed);
    }
    if let Some(held) = INTERRUPT.get() {
        held.came.store(false, Relaxed);
    }
    IN_PIPE.store(false, Relaxed);
    *INTERRUPTED.lock().unwrap_or_else(PoisonError::into_inner) = None;
}
