//! The door to serial ports: settings, opening, reading back what the driver made of it.
//!
//! A driver that cannot do what it is told does something else and says nothing (250000 baud became 115200),
//! so settings are read back, and a port that has others is refused.

use std::{fmt, path::Path, str::FromStr};

use rustix::termios::{ControlModes, InputModes, QueueSelector, Termios, tcflush, tcgetattr};
use tokio_serial::{DataBits, FlowControl, Parity, SerialPortBuilderExt, SerialStream, StopBits};

use super::{
    kernel,
    lock::{self, Claim},
};

/// How a port is to be set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Bits per second
    pub baud: u32,
    /// Data bits, parity, stop bits
    pub mode: Mode,
    /// Who may stop whom
    pub flow: Flow,
    /// What the line DTR does when the port is opened; `None` leaves it alone
    pub dtr: Option<bool>,
    /// Read although the driver set something else
    pub allow_mismatch: bool,
}

/// `8N1`: data bits, parity, stop bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mode {
    data: DataBits,
    parity: Parity,
    stop: StopBits,
}

/// Flow control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// None
    None,
    /// By the lines RTS and CTS
    RtsCts,
    /// By the bytes XON and XOFF
    XonXoff,
}

/// Why a port could not be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum OpenError {
    /// Somebody has it
    Busy(String),
    /// It is not there
    Absent(String),
    /// We may not
    Forbidden,
    /// The driver did not set what it was told
    Mismatch(String),
    /// Anything else
    Other(String),
}

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Busy(why) => write!(f, "busy: {why}"),
            Self::Absent(why) | Self::Mismatch(why) | Self::Other(why) => f.write_str(why),
            Self::Forbidden => f.write_str("permission denied"),
        }
    }
}

impl std::error::Error for OpenError {}

/// An open port.
#[derive(Debug)]
pub(super) struct Port {
    pub(super) stream: SerialStream,
    claim: Claim,
    overruns: Option<u64>,
}

impl Port {
    /// Takes a port, sets it, and throws away what came before it was set. Needs a runtime around it.
    pub(super) fn open(path: &Path, settings: &Settings) -> Result<Self, OpenError> {
        let claim = lock::claim(path)?;
        let name = path.to_str().ok_or_else(|| OpenError::Other("its name is not UTF-8".to_owned()))?;
        let builder = tokio_serial::new(name, settings.baud)
            .data_bits(settings.mode.data)
            .parity(settings.mode.parity)
            .stop_bits(settings.mode.stop)
            .flow_control(settings.flow.into());
        let builder = match settings.dtr {
            Some(level) => builder.dtr_on_open(level),
            None => builder.preserve_dtr_on_open(),
        };
        let stream = builder.open_native_async().map_err(|error| unopened(&error))?;
        let set = tcgetattr(&claim.tty).map_err(|error| OpenError::Other(error.to_string()))?;
        if let Some(difference) = settings.difference(&set)
            && !settings.allow_mismatch
        {
            return Err(OpenError::Mismatch(difference));
        }
        // What came before the port was raw has been cooked.
        let _ = tcflush(&claim.tty, QueueSelector::IFlush);
        let overruns = kernel::overruns(&claim.tty);
        Ok(Self { stream, claim, overruns })
    }

    /// Bytes that the driver lost since the last question; `None` if it does not count them.
    pub(super) fn newly_lost(&mut self) -> Option<u64> {
        let now = kernel::overruns(&self.claim.tty)?;
        let before = self.overruns.replace(now)?;
        Some(now.saturating_sub(before))
    }

    /// Whether a slow reader makes the other side wait, as on pseudo-terminals, so that nothing is lost.
    pub(super) fn waits_for_us(&self) -> bool {
        rustix::fs::fstat(&self.claim.tty)
            .is_ok_and(|file| (136..144).contains(&rustix::fs::major(file.st_rdev)))
    }
}

fn unopened(error: &tokio_serial::Error) -> OpenError {
    let why = error.to_string();
    match error.kind() {
        // What it says if somebody was quicker with a lock.
        tokio_serial::ErrorKind::NoDevice if why.contains("lock") => {
            OpenError::Busy("held by another process".to_owned())
        }
        tokio_serial::ErrorKind::NoDevice => OpenError::Absent(why),
        _ => OpenError::Other(why),
    }
}

impl Settings {
    /// What the driver has set otherwise, in words.
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
        if (rtscts, xonxoff) != (self.flow == Flow::RtsCts, self.flow == Flow::XonXoff) {
            wrong.push(format!("flow control {} was not taken", self.flow));
        }
        (!wrong.is_empty()).then(|| format!("the driver set something else: {}", wrong.join(", ")))
    }
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

impl fmt::Display for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.baud, self.mode)?;
        if self.flow == Flow::None { Ok(()) } else { write!(f, " {}", self.flow) }
    }
}

impl Mode {
    /// Eight data bits, no parity, one stop bit.
    pub const N8: Self = Self { data: DataBits::Eight, parity: Parity::None, stop: StopBits::One };
}

impl FromStr for Mode {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let [data, parity, stop] = text.as_bytes() else {
            return Err("wants three characters, such as 8N1".to_owned());
        };
        let data = match data {
            b'5' => DataBits::Five,
            b'6' => DataBits::Six,
            b'7' => DataBits::Seven,
            b'8' => DataBits::Eight,
            _ => return Err("wants 5 to 8 data bits".to_owned()),
        };
        let parity = match parity.to_ascii_uppercase() {
            b'N' => Parity::None,
            b'E' => Parity::Even,
            b'O' => Parity::Odd,
            _ => return Err("wants the parity N, E or O".to_owned()),
        };
        let stop = match stop {
            b'1' => StopBits::One,
            b'2' => StopBits::Two,
            _ => return Err("wants 1 or 2 stop bits".to_owned()),
        };
        Ok(Self { data, parity, stop })
    }
}

impl fmt::Display for Mode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let data = u8::from(self.data);
        let parity = match self.parity {
            Parity::None => 'N',
            Parity::Even => 'E',
            Parity::Odd => 'O',
        };
        write!(f, "{data}{parity}{}", u8::from(self.stop))
    }
}

impl FromStr for Flow {
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

impl fmt::Display for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "none",
            Self::RtsCts => "rtscts",
            Self::XonXoff => "xonxoff",
        })
    }
}

impl From<Flow> for FlowControl {
    fn from(flow: Flow) -> Self {
        match flow {
            Flow::None => Self::None,
            Flow::RtsCts => Self::Hardware,
            Flow::XonXoff => Self::Software,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modes_are_written_as_they_are_read() {
        for text in ["8N1", "7E1", "5O2", "6N2"] {
            assert_eq!(text.parse::<Mode>().unwrap().to_string(), text);
        }
        for text in ["", "8N", "9N1", "8X1", "8N3", "8N15"] {
            assert!(text.parse::<Mode>().is_err(), "{text}");
        }
        assert_eq!("7e1".parse::<Mode>().unwrap().to_string(), "7E1");
    }
}
