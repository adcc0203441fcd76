//! What is asked of the tty driver and no crate asks without `unsafe`.

use std::{
    io,
    os::fd::{AsFd, AsRawFd},
};

use super::line_counters::LineCounters;

/// Whether a process holds the terminal exclusively (`TIOCGEXCL`). Only a superuser gets this far: for all others
/// the open has failed already.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // the ioctl writes one int, which is there
pub(in crate::device) fn is_exclusive(tty: impl AsFd) -> bool {
    let mut exclusive: libc::c_int = 0;
    // SAFETY: the descriptor is open while it is borrowed, and the request writes one int.
    let asked = unsafe { libc::ioctl(tty.as_fd().as_raw_fd(), libc::TIOCGEXCL, &raw mut exclusive) };
    asked == 0 && exclusive != 0
}

/// Whether the terminal is a pseudo-terminal.
pub(in crate::device) fn is_pseudo(tty: impl AsFd) -> bool {
    rustix::fs::fstat(tty).is_ok_and(|file| (136..144).contains(&rustix::fs::major(file.st_rdev)))
}

/// What the driver has counted (`TIOCGICOUNT`); `None`: it does not count.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // the ioctl fills `struct serial_icounter_struct`, which is 20 ints
pub(in crate::device) fn counters(tty: impl AsFd) -> Option<LineCounters> {
    const RECEIVED: usize = 4;
    const FRAME: usize = 6;
    const OVERRUN: usize = 7;
    const PARITY: usize = 8;
    const BREAK: usize = 9;
    const BUFFER_OVERRUN: usize = 10;
    let mut counters: [libc::c_int; 20] = [0; 20];
    // SAFETY: the descriptor is open while it is borrowed, and the array is as large as the kernel's struct.
    let asked = unsafe { libc::ioctl(tty.as_fd().as_raw_fd(), libc::TIOCGICOUNT, counters.as_mut_ptr()) };
    let count = |at: usize| u64::from(counters[at].unsigned_abs());
    (asked == 0).then(|| LineCounters {
        received: count(RECEIVED),
        framing: count(FRAME),
        parity: count(PARITY),
        breaks: count(BREAK),
        lost: count(OVERRUN) + count(BUFFER_OVERRUN),
    })
}

/// Lets the driver switch the direction of an RS-485 line: RTS is on while it sends (`TIOCSRS485`). Delays that were set stay.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // the ioctls read and write `struct serial_rs485`, which is eight words of 32 bits
pub(in crate::device) fn enable_rs485(tty: impl AsFd) -> io::Result<()> {
    const ENABLED: u32 = 1;
    const RTS_ON_SEND: u32 = 1 << 1;
    const RTS_AFTER_SEND: u32 = 1 << 2;
    let tty = tty.as_fd().as_raw_fd();
    let mut settings: [u32; 8] = [0; 8];
    // SAFETY: the descriptor is open while it is borrowed, and the array is as large as the kernel's struct.
    if unsafe { libc::ioctl(tty, libc::TIOCGRS485, settings.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    settings[0] = (settings[0] | ENABLED | RTS_ON_SEND) & !RTS_AFTER_SEND;
    // SAFETY: as above.
    if unsafe { libc::ioctl(tty, libc::TIOCSRS485, settings.as_mut_ptr()) } != 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}

/// Other systems have no such request.
#[cfg(not(target_os = "linux"))]
pub(in crate::device) fn enable_rs485(_: impl AsFd) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

/// Other systems have no such request.
#[cfg(not(target_os = "linux"))]
pub(in crate::device) fn is_exclusive(_: impl AsFd) -> bool {
    false
}

/// Other systems have no such request.
#[cfg(not(target_os = "linux"))]
pub(in crate::device) fn counters(_: impl AsFd) -> Option<LineCounters> {
    None
}
