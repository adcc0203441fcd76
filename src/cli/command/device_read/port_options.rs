//! The options of commands that open a port.

use super::typed;
use crate::{
    device::port::{
        mode::PortMode,
        settings::{FlowControl, PortSettings},
    },
    time::Span,
};

/// How a port is opened and set.
#[derive(clap::Args)]
pub(in crate::cli::command) struct PortOptions {
    /// Bits per second [default: 9600, or by format]
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(50..=12_000_000), help_heading = "Port")]
    pub(in crate::cli::command) baud: Option<u32>,

    /// Data bits, parity, stop bits [default: 8N1, or by format]
    #[arg(long, value_name = "MODE", help_heading = "Port")]
    pub(in crate::cli::command) mode: Option<PortMode>,

    /// Flow control
    #[arg(long, value_name = "none|rtscts|xonxoff", default_value = "none", help_heading = "Port")]
    flow: FlowControl,

    /// What the line DTR does on opening; many boards start anew when it changes
    #[arg(long, value_name = "on|off|keep", value_parser = ["on", "off", "keep"], default_value = "keep", hide_possible_values = true, help_heading = "Port")]
    dtr: String,

    /// Read although the driver set something else than asked for
    #[arg(long, help_heading = "Port")]
    allow_mismatch: bool,
}

/// How long a command waits for its port.
#[derive(clap::Args)]
pub(in crate::cli::command) struct PortPatience {
    /// How long to wait for a port that another process has
    #[arg(long, value_name = "DURATION", value_parser = typed::span, default_value = "10s", help_heading = "Port")]
    pub(in crate::cli::command) wait: Span,
}

impl PortOptions {
    /// The settings of the port, with this speed and mode unless the user chose others.
    pub(in crate::cli::command) fn settings(&self, baud: u32, mode: PortMode) -> PortSettings {
        PortSettings {
            baud: self.baud.unwrap_or(baud),
            mode: self.mode.unwrap_or(mode),
            flow: self.flow,
            dtr: match self.dtr.as_str() {
                "on" => Some(true),
                "off" => Some(false),
                _ => None,
            },
            allow_mismatch: self.allow_mismatch,
        }
    }
}
