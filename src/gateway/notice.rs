//! What a gateway tells the people who run it.

use std::sync::{Mutex, PoisonError};

use crate::{device::session::SessionNotice, ledger::write::receipt::Receipt, rules::received::ClockState};

/// One thing that people may want to know.
#[derive(Debug)]
pub enum GatewayNotice {
    /// Something happened to a port, given by the name of its device
    Port(String, SessionNotice),
    /// A frame of a device was refused, and why; whether to warn of it
    BadFrame(String, String, bool),
    /// A port is read no more, and why
    PortFailed(String, String),
    /// The ledger cannot be written now
    LedgerFails(anyhow::Error),
    /// It can be written again
    LedgerWorks,
    /// Records are kept in the spill file until the ledger can be written
    Spilling,
    /// So many records of the spill file are in the ledger, and none is left
    SpillEmptied(u64),
    /// Lines of the spill file are no records: it was changed by another hand, or torn by a power cut
    NoRecord {
        /// The number of the first of them, from 1
        line: u64,
        /// How many there are
        count: usize,
        /// Why the first is none
        why: String,
    },
    /// The spill file cannot be written either, so ports are read no more until something can
    SpillFails(anyhow::Error),
    /// A record may not enter, by the rules of the ledger
    Refused(String),
    /// What the writer of the ledger warns of
    Ledger(String),
    /// How the clock is, where that changed
    Clock(ClockState),
}

/// Why a gateway is to end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StopReason {
    /// SIGINT
    Interrupted,
    /// SIGTERM
    Terminated,
}

impl StopReason {
    /// The word in the last status of each device.
    pub fn word(self) -> &'static str {
        match self {
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }
}

/// Who runs a gateway: is told, and says when to end.
pub trait GatewayOperator {
    /// Hands out a receipt: from here on its entries are acknowledged.
    ///
    /// # Errors
    /// If nobody takes it: then the gateway ends.
    fn receipt(&mut self, receipt: &Receipt) -> anyhow::Result<()>;

    /// Tells something.
    fn tell(&mut self, notice: GatewayNotice);

    /// Whether the gateway is to end; `None`: it is not.
    fn stop(&self) -> Option<StopReason>;
}

/// How many notices may wait to be told. Those of which there are many tell of one thing.
const MAX_NOTICES: usize = 1_000;

/// What threads have to tell.
#[derive(Debug, Default)]
pub(super) struct NoticeBoard(Mutex<Vec<GatewayNotice>>);

impl NoticeBoard {
    /// Puts a notice there; of very many the later ones are dropped.
    pub(super) fn put(&self, notice: GatewayNotice) {
        let mut notices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if notices.len() < MAX_NOTICES {
            notices.push(notice);
        }
    }

    /// Tells all that is there.
    pub(super) fn tell(&self, operator: &mut dyn GatewayOperator) {
        let notices = std::mem::take(&mut *self.0.lock().unwrap_or_else(PoisonError::into_inner));
        for notice in notices {
            operator.tell(notice);
        }
    }
}
