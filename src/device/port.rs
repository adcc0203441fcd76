//! Serial ports: their settings, and opening them.
//!
//! A driver that cannot make a setting makes another one without an error (250000 baud became 115200). So the
//! settings are read back, and a port that has others is refused.

use std::{fmt, fs::File, path::Path, str::FromStr};

use rustix::termios::{ControlModes, InputModes, QueueSelector, Termios, tcflush, tcgetattr};
use tokio_serial::{DataBits, Parity, SerialPortBuilderExt, SerialStream, StopBits};

use super::{
    kernel,
    lock::{self, PortLock},
    open_error::OpenError,
    port_mode::{ParityBit, PortMode},
};

/// The settings that a port is to have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PortSettings {
    /// Bits per second
    pub baud: u32,
    /// Data bits, parity, stop bits
    pub mode: PortMode,
    /// Whether and how the sides may stop each other
    pub flow: FlowControl,
    /// The level that the line DTR gets when the port is opened; `None`: it stays as it is
    pub dtr: Option<bool>,
    /// Whether to read although the driver made other settings
    pub allow_mismatch: bool,
}

/// Flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FlowControl {
    /// No flow control
    None,
    /// By the lines RTS and CTS
    RtsCts,
    /// By the bytes XON and XOFF
    XonXoff,
}

/// An open port, which this process holds.
#[derive(Debug)]
pub(super) struct SerialPort {
    pub(super) stream: SerialStream,
    lock: PortLock,
    /// Bytes that the driver had lost when it was last asked; `None`: it does not count them
    overruns: Option<u64>,
}

impl SerialPort {
    /// Locks a port, sets it, and drops the bytes that arrived before it was set. Needs a runtime around it.
    pub(super) fn open(path: &Path, settings: &PortSettings) -> Result<Self, OpenError> {
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
    pub(super) fn set_baud(&mut self, baud: u32) -> Result<(), String> {
        tokio_serial::SerialPort::set_baud_rate(&mut self.stream, baud)
            .map_err(|error| format!("does not take {baud} baud: {error}"))
    }

    /// Lets the driver switch the direction of an RS-485 line by RTS.
    pub(super) fn enable_rs485(&self) -> Result<(), OpenError> {
        kernel::enable_rs485(&self.lock.tty).map_err(|error| {
            OpenError::Other(format!(
                "the driver does not switch an RS-485 line ({error}): most adapters do so themselves, without --rs485"
            ))
        })
    }

    /// Bytes that the driver lost since the last question; `None` if it does not count them.
    pub(super) fn newly_lost(&mut self) -> Option<u64> {
        let now = kernel::counters(&self.lock.tty)?.lost;
        let before = self.overruns.replace(now)?;
        Some(now.saturating_sub(before))
    }

    /// Whether a slow reader makes the other side wait, as on pseudo-terminals, so that nothing is lost.
    pub(super) fn waits_for_us(&self) -> bool {
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

impl PortSettings {
    /// The settings that the driver made otherwise, in words; `None`: all are as asked.
    fn difference(&self, set: &Termios) -> Option<String> {
        let mut wrong = Vec::new();
        let (input, output) = (set.input_speed(), set.output_speed());
        if output != self.baud || (input != 0 && input != self.baud) {
            wrong.push(format!("{} baud became {output}", self.baud));
        }
        let mode = mode_of(set.control_modes);
        if mode != self.mode.to_string() {
            wrong.push(format!("{} became {mode}", self.mode));
        }
        let rtscts = set.control_modes.contains(ControlModes::CRTSCTS);
        let xonxoff = set.input_modes.contains(InputModes::IXON);
        if (rtscts, xonxoff) != (self.flow == FlowControl::RtsCts, self.flow == FlowControl::XonXoff) {
            wrong.push(format!("flow control {} was not taken", self.flow));
        }
        (!wrong.is_empty()).then(|| format!("the driver set something else: {}", wrong.join(", ")))
    }
}

/// The settings of an open terminal as its driver reports them, such as `9600 8N1`; `None`: it does not.
pub(super) fn reported(tty: &File) -> Option<String> {
    let set = tcgetattr(tty).ok()?;
    let rtscts = set.control_modes.contains(ControlModes::CRTSCTS).then_some(" rtscts");
    let xonxoff = set.input_modes.contains(InputModes::IXON).then_some(" xonxoff");
    let flow = rtscts.or(xonxoff).unwrap_or_default();
    Some(format!("{} {}{flow}", set.output_speed(), mode_of(set.control_modes)))
}

fn mode_of(modes: ControlModes) -> String {
    let data = match modes & ControlModes::CSIZE {
        size if size == ControlModes::CS5 => 5,
        size if size == ControlModes::CS6 => 6,
        size if size == ControlModes::CS7 => 7,
        _ => 8,
    };
    let parity = match (modes.contains(ControlModes::PARENB), modes.contains(ControlModes::PARODD)) {
        (false, _) => 'N',
        (true, false) => 'E',
        (true, true) => 'O',
    };
    format!("{data}{parity}{}", if modes.contains(ControlModes::CSTOPB) { 2 } else { 1 })
}

impl fmt::Display for PortSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.baud, self.mode)?;
        if self.flow == FlowControl::None { Ok(()) } else { write!(f, " {}", self.flow) }
    }
}

impl FromStr for FlowControl {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "none" => Ok(Self::None),
            "rtscts" => Ok(Self::RtsCts),
            "xonxoff" => Ok(Self::XonXoff),
            _ => Err("not one of none, rtscts, xonxoff".to_owned()),
        }
    }
}

impl fmt::Display for FlowControl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::RtsCts => "rtscts",
            Self::XonXoff => "xonxoff",
        })
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
