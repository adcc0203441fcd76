//! The machine: its clocks, its zone, its id, its random numbers, and what its disks can do. All other rooms get them as
//! arguments, so that a test can have any clock it likes; two ask by themselves: `device::clock`, which times what a port
//! says as it comes, and `ledger::write::machine_id`, which makes the id of a machine.

mod folder_sync;
mod zone;

use std::{fs, time::SystemTime};

use rustix::time::{ClockId, clock_gettime};

use crate::time::{Span, Time};

pub use folder_sync::{new_unsyncable_folders, sync_folder};
pub use zone::{named_zone, zone};

/// One look at all clocks of the machine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MachineClocks {
    /// The wall clock
    pub wall: Time,
    /// Time since the machine started, suspended time included (`CLOCK_BOOTTIME`)
    pub up: Span,
    /// The kernel's id of this run of the machine
    pub boot: String,
    /// Whether the kernel says that something keeps the wall clock right
    pub synchronised: bool,
}

/// Looks at the clocks.
pub fn now() -> MachineClocks {
    MachineClocks { wall: wall(), up: up(), boot: boot_id(), synchronised: synchronised() }
}

/// The wall clock, in milliseconds; clocks outside the years 0 to 9999 read as 1970.
#[allow(clippy::disallowed_methods)] // this is the one place
pub fn wall() -> Time {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    let millis = i64::try_from(since.as_millis()).unwrap_or(0);
    Time::from_millis(millis).unwrap_or(Time::EPOCH)
}

/// Time since the machine started.
pub fn up() -> Span {
    let time = clock_gettime(ClockId::Boottime);
    Span::from_millis(time.tv_sec * 1_000 + time.tv_nsec / 1_000_000)
}

/// The kernel's id of this run of the machine, as it writes it; empty where there is no `/proc`.
pub fn boot_id() -> String {
    fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default().trim().to_owned()
}

/// What tells this machine from others: systemd's machine id, else the host name. An image that was not booted yet says
/// `uninitialized`, or nothing.
pub fn id() -> String {
    let is_id = |id: &str| id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    let files = ["/etc/machine-id", "/var/lib/dbus/machine-id"].into_iter();
    let ids = files.filter_map(|path| fs::read_to_string(path).ok()).map(|id| id.trim().to_owned());
    ids.into_iter().find(|id| is_id(id)).unwrap_or_else(host_name)
}

/// The host name, or `localhost`.
pub fn host_name() -> String {
    match rustix::system::uname().nodename().to_string_lossy().as_ref() {
        "" | "(none)" => "localhost".to_owned(),
        name => name.to_owned(),
    }
}

/// 32 bytes of the kernel's random numbers.
///
/// # Errors
/// If the kernel has none to give.
pub fn random() -> anyhow::Result<[u8; 32]> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes)
        .map_err(|error| anyhow::anyhow!("no random numbers from the kernel: {error}"))?;
    Ok(bytes)
}

/// The largest error of a synchronised clock by the kernel's own bound, in microseconds. A clock that was set by hand
/// has one of 16 s.
const LARGEST_ERROR: libc::c_long = 1_000_000;

/// Whether the kernel's clock discipline says that the clock is synchronised: by the bound of its error.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // adjtimex has no safe wrapper; with `modes` zero it only reads
pub fn synchronised() -> bool {
    // SAFETY: `timex` is plain numbers, for which zero is valid, and the call writes no further than it.
    unsafe {
        let mut timex: libc::timex = std::mem::zeroed();
        let read = libc::adjtimex(&raw mut timex);
        // The flag `STA_UNSYNC` alone says nothing: chrony leaves it set unless it writes the battery clock, too.
        read >= 0 && timex.maxerror < LARGEST_ERROR
    }
}

/// Whether the clock is synchronised: unknown here, so no.
#[cfg(not(target_os = "linux"))]
pub fn synchronised() -> bool {
    false
}
