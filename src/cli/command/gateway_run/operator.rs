//! What people are told of a running gateway.

use std::path::Path;

use crate::{
    cli::{command::chain_append, failure::sentence, notice, port_words, signals, term::Term, unread_words},
    device::{port::address::DeviceAddress, session::SessionNotice},
    gateway::notice::{GatewayNotice, GatewayOperator, StopReason},
    ledger::write::receipt::Receipt,
};

/// The terminal, or whatever stands for it.
pub(super) struct TermOperator<'a> {
    pub(super) term: &'a mut Term,
    pub(super) ledger: &'a Path,
    pub(super) spill: Option<&'a Path>,
    /// Where each device is
    pub(super) ports: Vec<(String, DeviceAddress)>,
}

impl GatewayOperator for TermOperator<'_> {
    fn receipt(&mut self, receipt: &Receipt) -> anyhow::Result<()> {
        notice::of_unsyncable_folders(self.term);
        if self.term.quiet() {
            return Ok(());
        }
        chain_append::acknowledge(receipt, self.ledger, self.term)
    }

    fn tell(&mut self, notice: GatewayNotice) {
        let spill = self.spill.map_or_else(String::new, |path| path.display().to_string());
        match notice {
            GatewayNotice::Port(device, notice) => self.port(&device, notice),
            GatewayNotice::BadFrame(device, why, true) => {
                self.term.warn(format!("{device}: bad frame: {why}"));
            }
            GatewayNotice::BadFrame(device, why, false) => {
                self.term.detail(format!("{device}: bad frame: {why}"));
            }
            GatewayNotice::PortFailed(device, why) => {
                self.term.warn(format!("{device}: read no more: {why}"));
            }
            GatewayNotice::LedgerFails(why) => {
                let (message, hint) = sentence(&why);
                self.term.warn(format!(
                    "nothing can be appended now, and it is tried again: {}",
                    message.unwrap_or_else(|| format!("{why:#}"))
                ));
                if let Some(hint) = hint {
                    self.term.hint(hint);
                }
            }
            GatewayNotice::LedgerWorks => {
                self.term.say(format!("{}: appended again", self.ledger.display()));
            }
            GatewayNotice::Spilling => self.term.warn(format!("records are kept in {spill} meanwhile")),
            GatewayNotice::SpillEmptied(count) => {
                self.term.say(format!("{spill}: its {count} records are in the ledger now"));
            }
            GatewayNotice::NoRecord { line, count, why } => {
                let others = if count > 1 { format!(" and {} more", count - 1) } else { String::new() };
                self.term.warn(format!("{spill}:{line}{others}: no record, kept in {spill}.refused: {why}"));
            }
            GatewayNotice::SpillFails(why) => self.term.warn(format!(
                "records are in memory only, and ports are not read while it is full: {why:#}"
            )),
            GatewayNotice::Refused(why) => {
                self.term.warn(format!("a record is refused, and not in the ledger: {why}"));
            }
            GatewayNotice::Ledger(warning) => self.term.warn(warning),
            GatewayNotice::Clock(clock) => {
                clock.warning().into_iter().for_each(|warning| self.term.warn(warning));
            }
        }
    }

    fn stop(&self) -> Option<StopReason> {
        match (signals::interrupted(), signals::terminated()) {
            (true, _) => Some(StopReason::Interrupted),
            (_, true) => Some(StopReason::Terminated),
            _ => None,
        }
    }
}

impl TermOperator<'_> {
    fn port(&mut self, device: &str, notice: SessionNotice) {
        match notice {
            SessionNotice::Reading(detail) => self.term.detail(format!("{device}: reading {detail}")),
            SessionNotice::Connected(at) => self.term.say(format!("{device}: connected: {at}")),
            SessionNotice::Disconnected(why) => self.term.say(format!("{device}: disconnected: {why}")),
            SessionNotice::Held(why) => self.term.detail(format!("{device}: busy: {why}")),
            SessionNotice::Awaited(why) => {
                self.term.say(format!("{device}: {why}; waiting for it"));
                let advice = self.address(device).and_then(port_words::advice);
                advice.filter(|_| !self.term.quiet()).into_iter().for_each(|advice| self.term.hint(advice));
            }
            SessionNotice::Unread(report) => {
                if let Some(port) = self.address(device).cloned() {
                    unread_words::tell(&port, &report, self.term);
                }
            }
            SessionNotice::Gap => self.term.say(format!("{device}: bytes were lost: we are too slow")),
        }
    }

    fn address(&self, device: &str) -> Option<&DeviceAddress> {
        self.ports.iter().find(|(name, _)| name == device).map(|(_, port)| port)
    }
}
