//! Whether standard output was closed when the process began.
//!
//! Rust's runtime opens `/dev/null` in the place of a closed standard stream, after which a result that
//! is lost looks as if it were written. So the question is asked before the runtime starts.

use std::sync::atomic::{AtomicBool, Ordering::Relaxed};

static STDOUT_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether standard output was closed.
pub(super) fn stdout() -> bool {
    STDOUT_CLOSED.load(Relaxed)
}

#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // the section is run by the C library before `main`; there is no safe way to say so
#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = look;

#[cfg(target_os = "linux")]
extern "C" fn look() {
    let closed = rustix::io::fcntl_getfd(rustix::stdio::stdout()).is_err();
    STDOUT_CLOSED.store(closed, Relaxed);
}
