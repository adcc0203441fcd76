//! A serial port that this process holds.

use std::path::Path;

use rustix::termios::{QueueSelector, tcflush, tcgetattr};
use tokio_serial::{DataBits, Parity, SerialPortBuilderExt, SerialStream, StopBits};

use super::{
    kernel,
    lock::{self, PortLock},
    mode::{ParityBit, PortMode},
    open_error::OpenError,
    settings::{FlowControl, PortSettings},
};

/// An open port, which this process holds.
#[derive(Debug)]
pub(in crate::device) struct SerialPort {
    pub(in crate::device) stream: SerialStream,
    lock: PortLock,
    /// Bytes that the driver had lost when it was last asked; `None`: it does not count them
    overruns: Option<u64>,
}

impl SerialPort {
    /// Locks a port, sets it, and drops the bytes that arrived before it was set. Needs a runtime around it.
    pub(in crate::device) fn open(path: &Path, settings: &PortSettings) -> Result<Self, OpenError> {
        let lock = lock::lock(path)?;
        let name = path.to_str().ok_or_else(|| OpenError::Other("its name is not UTF-8".to_owned()))?;
        let builder = tokio_serial::new(name, settings.baud)
            .data_bits(data_bits(settings.mode))
            .parity(parity(settings.mode))
            .stop_bits(if settings.mode.stop_bits == 2 { StopBits::Two } else { StopBits::One })
            .flow_control(settings.flow.into());
        let builder = match settings.dtr {
            Some(level) => builder.dtr_on_open(level),
            None => builder.preserve_dtr_on_open(),
        };
        let stream = builder.open_native_async().map_err(|error| unopened(&error))?;
        let set = tcgetattr(&lock.tty).map_err(|error| OpenError::Other(error.to_string()))?;
        if let Some(difference) = settings.difference(&set)
            && !settings.allow_mismatch
        {
            return Err(OpenError::Mismatch(difference));
        }
        // Bytes from before the port was raw have gone through line editing.
        let _ = tcflush(&lock.tty, QueueSelector::IFlush);
        let overruns = kernel::counters(&lock.tty).map(|counters| counters.lost);
        Ok(Self { stream, lock, overruns })
    }

    /// Changes the speed, to so many bits per second. The error says why it could not be changed.
    pub(in crate::device) fn set_baud(&mut self, baud: u32) -> Result<(), String> {
        tokio_serial::SerialPort::set_baud_rate(&mut self.stream, baud)
            .map_err(|error| format!("does not take {baud} baud: {error}"))
    }

    /// Lets the driver switch the direction of an RS-485 line by RTS.
    pub(in crate::device) fn enable_rs485(&self) -> Result<(), OpenError> {
        kernel::enable_rs485(&self.lock.tty).map_err(|error| {
            OpenError::Other(format!(
                "the driver does not switch an RS-485 line ({error}): most adapters do so themselves, without --rs485"
            ))
        })
    }

    /// Bytes that the driver lost since the last question; `None` if it does not count them.
    pub(in crate::device) fn newly_lost(&mut self) -> Option<u64> {
        let now = kernel::counters(&self.lock.tty)?.lost;
        let before = self.overruns.replace(now)?;
        Some(now.saturating_sub(before))
    }

    /// Whether a slow reader makes the other side wait, as on pseudo-terminals, so that nothing is lost.
    pub(in crate::device) fn waits_for_us(&self) -> bool {
        kernel::is_pseudo(&self.lock.tty)
    }
}

fn data_bits(mode: PortMode) -> DataBits {
    match mode.data_bits {
        5 => DataBits::Five,
        6 => DataBits::Six,
        7 => DataBits::Seven,
        _ => DataBits::Eight,
    }
}

fn parity(mode: PortMode) -> Parity {
    match mode.parity {
        ParityBit::None => Parity::None,
        ParityBit::Even => Parity::Even,
        ParityBit::Odd => Parity::Odd,
    }
}

fn unopened(error: &tokio_serial::Error) -> OpenError {
    let why = error.to_string();
    match error.kind() {
        // The error of tokio-serial where another process was quicker with its lock.
        tokio_serial::ErrorKind::NoDevice if why.contains("lock") => {
            OpenError::Busy("held by another process".to_owned())
        }
        tokio_serial::ErrorKind::NoDevice => OpenError::Absent(why),
        _ => OpenError::Other(why),
    }
}

impl From<FlowControl> for tokio_serial::FlowControl {
    fn from(flow: FlowControl) -> Self {
        match flow {
            FlowControl::None => Self::None,
            FlowControl::RtsCts => Self::Hardware,
            FlowControl::XonXoff => Self::Software,
        }
    }
}
