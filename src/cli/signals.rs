//! SIGTERM and SIGINT as questions that a loop can ask.

use std::sync::{
    Arc, OnceLock,
    atomic::{AtomicBool, Ordering::Relaxed},
};

use signal_hook::consts::{SIGINT, SIGTERM};

static TERMINATED: OnceLock<Arc<AtomicBool>> = OnceLock::new();
static INTERRUPTED: OnceLock<Arc<AtomicBool>> = OnceLock::new();

/// From here on SIGTERM only sets a flag: the command drains its input and ends by itself.
pub(crate) fn hold_terminate() {
    hold(&TERMINATED, SIGTERM);
}

/// From here on SIGINT only sets a flag.
pub(crate) fn hold_interrupt() {
    hold(&INTERRUPTED, SIGINT);
}

fn hold(flag: &OnceLock<Arc<AtomicBool>>, signal: i32) {
    flag.get_or_init(|| {
        let flag = Arc::new(AtomicBool::new(false));
        // Registration fails only for signals that cannot be caught, which these are not.
        let _ = signal_hook::flag::register(signal, Arc::clone(&flag));
        flag
    });
}

/// Whether SIGTERM has come since it was held.
pub(crate) fn terminated() -> bool {
    TERMINATED.get().is_some_and(|flag| flag.load(Relaxed))
}

/// Whether SIGINT has come since it was held or last forgotten.
pub(crate) fn interrupted() -> bool {
    INTERRUPTED.get().is_some_and(|flag| flag.load(Relaxed))
}

#[allow(dead_code)] // until the prompt stands
/// Forgets an earlier SIGINT: the prompt goes on after it.
pub(crate) fn forget_interrupt() {
    if let Some(flag) = INTERRUPTED.get() {
        flag.store(false, Relaxed);
    }
}
