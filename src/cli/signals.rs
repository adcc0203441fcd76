//! SIGTERM and SIGINT as questions that a loop can ask.
//!
//! A command that asks holds the signal first. At the prompt commands follow each other in one process: each
//! begins with [`release`], so that none inherits what another held or was sent.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use signal_hook::consts::{SIGINT, SIGTERM, SIGXFSZ};

static TERMINATE: OnceLock<Held> = OnceLock::new();
static INTERRUPT: OnceLock<Held> = OnceLock::new();

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

/// Between two commands of the prompt: SIGTERM ends the process again, an earlier SIGINT is forgotten.
pub(crate) fn release() {
    if let Some(held) = TERMINATE.get() {
        held.free.store(true, Relaxed);
    }
    if let Some(held) = INTERRUPT.get() {
        held.came.store(false, Relaxed);
    }
}
