//! What can be known of a port without reading it.

use std::path::Path;

use super::super::port::{
    access::{self, PortAccess},
    address::DeviceAddress,
    kernel,
    line_counters::LineCounters,
    list::{self, PortInfo},
    lock::{self, PortLock},
    open_error::OpenError,
    settings,
};

/// What can be known of a port without reading it.
#[derive(Clone, Debug, Default)]
pub struct PortReport {
    /// What is plugged in there; `None`: `/sys` does not know it
    pub info: Option<PortInfo>,
    /// Who may open it, and who has it open; `None`: there is no device file
    pub access: Option<PortAccess>,
    /// Its settings before the doctor changed them; `None`: it was not opened
    pub settings: Option<String>,
    /// What its driver has counted since the port is there; `None`: it does not count
    pub counters: Option<LineCounters>,
}

impl PortReport {
    /// Looks at the port of an address.
    pub(super) fn of(address: &DeviceAddress) -> Self {
        let root = Path::new("/");
        let access = address.resolve().and_then(|path| access::look(root, &path));
        let info = access
            .as_ref()
            .and_then(|access| list::ports(root).into_iter().find(|port| port.path == access.path));
        Self { info, access, ..Self::default() }
    }

    /// Whether the port has a speed and a mode.
    pub fn can_be_set(&self) -> bool {
        self.access.as_ref().is_some_and(|access| !access::is_pseudo_terminal(&access.path))
    }

    /// The name to paste: the one that stays the same wherever the device is plugged in, if there is one.
    pub fn lasting_name(&self) -> Option<&Path> {
        self.info.as_ref().and_then(|info| info.by_id.as_deref())
    }
}

/// A port that is kept open between two settings, so that the line DTR does not fall and boards do not start anew.
pub(super) struct HeldPort(PortLock);

impl HeldPort {
    /// Opens the port of a report; `None`: it has none.
    pub(super) fn open(report: &PortReport) -> Result<Option<Self>, OpenError> {
        report.access.as_ref().map(|access| lock::lock(&access.path).map(Self)).transpose()
    }

    /// The report with what an open port tells.
    pub(super) fn complete(&self, report: PortReport) -> PortReport {
        PortReport { settings: settings::reported(&self.0.tty), counters: self.counters(), ..report }
    }

    /// What the driver has counted.
    pub(super) fn counters(&self) -> Option<LineCounters> {
        kernel::counters(&self.0.tty)
    }
}
