//! Settings of serial ports: those that are asked for, and those that a driver made.
//!
//! A driver that cannot make a setting makes another one without an error (250000 baud became 115200). So the
//! settings are read back, and a port that has others is refused.

use std::{fmt, fs::File, str::FromStr};

use rustix::termios::{ControlModes, InputModes, Termios, tcgetattr};

use super::mode::PortMode;

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

impl PortSettings {
    /// The settings that the driver made otherwise, in words; `None`: all are as asked.
    pub(super) fn difference(&self, set: &Termios) -> Option<String> {
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
pub(in crate::device) fn reported(tty: &File) -> Option<String> {
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
