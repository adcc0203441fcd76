//! What the devices on ports speak, as lines of `gateway.toml`.
//!
//! ```text
//! doctor → --format nmea --baud 9600 → format = "nmea"
//!                                      baud = 9600
//! ```

use std::{thread, time::Duration};

use super::{
    super::device_doctor::{self, findings},
    NamedPort,
};
use crate::{
    cli::term::Term,
    device::{
        byte_source::SourcePlan,
        doctor::{self, DoctorPlan, DoctorStep, PortReport},
        port::{
            address::DeviceAddress,
            settings::{FlowControl, PortSettings},
        },
    },
    json::Value,
    time::Span,
};

/// Listens at all ports at once, for so long at most; answers for each the lines that read it. `None`: what it speaks is not known,
/// which is said, or it is a simulated one.
pub(super) fn settings(ports: &[NamedPort], limit: Span, term: &mut Term) -> Vec<Option<String>> {
    let is_asked =
        |port: &&NamedPort| limit.millis() > 0 && !matches!(port.port, DeviceAddress::Simulated(_));
    let asked: Vec<&NamedPort> = ports.iter().filter(is_asked).collect();
    if !asked.is_empty() {
        term.say(format!("listening for what is spoken, {limit} at most; --for 0s does not"));
    }
    let mut heard = thread::scope(|scope| {
        let listening: Vec<_> = asked.iter().map(|port| scope.spawn(|| options(&port.port, limit))).collect();
        listening.into_iter().map(|one| one.join().unwrap_or_else(|_| Err(String::new()))).collect::<Vec<_>>()
    })
    .into_iter();
    let mut line = |port: &NamedPort| match heard.next()? {
        Ok(options) => {
            term.say(format!("{}: {options}", port.port));
            Some(lines(&options))
        }
        Err(why) => {
            term.say(format!("{}: what it speaks is not known: {why}", port.port));
            None
        }
    };
    ports.iter().map(|port| if is_asked(&port) { line(port) } else { None }).collect()
}

/// The options that read a port. Nothing is sent, and lines that a device may take for a reset stay as they are.
///
/// # Errors
/// Why they are not known.
fn options(port: &DeviceAddress, limit: Span) -> Result<String, String> {
    let source = SourcePlan {
        address: port.clone(),
        settings: PortSettings {
            baud: device_doctor::BAUD,
            mode: device_doctor::MODE,
            flow: FlowControl::None,
            dtr: None,
            allow_mismatch: true,
        },
        wait: Duration::ZERO,
        backoff: None,
        patient: false,
        ask: None,
        send: Vec::new(),
        simulated: None,
    };
    let mut report = PortReport::default();
    let mut tell = |step: DoctorStep| {
        if let DoctorStep::Looked(looked) = step {
            report = looked.clone();
        }
    };
    let plan = DoctorPlan { source, limit, as_set: false };
    let heard = doctor::examine(&plan, &|| false, &mut tell).map_err(|error| error.to_string())?;
    let Some(last) = heard.last().filter(|last| last.sample.total() > 0) else {
        return Err("nothing came".to_owned());
    };
    findings::options(last, &report).ok_or_else(|| match last.shape() {
        Some(shape) => format!("{}, which are not read", shape.about),
        None => "foil device doctor shows what came".to_owned(),
    })
}

/// Options of a command line as lines of TOML: `--baud 9600` is `baud = 9600`.
fn lines(options: &str) -> String {
    let members = options.split("--").map(str::trim).filter(|option| !option.is_empty());
    let line = |option: &str| match option.split_once(' ') {
        None => format!("{option} = true\n"),
        Some((name, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            format!("{name} = {number}\n")
        }
        Some((name, text)) => format!("{name} = {}\n", Value::from(text).to_canonical()),
    };
    members.map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_lines_of_a_table() {
        assert_eq!(
            lines("--frame delim:0d --format nmea --baud 9600 --allow-mismatch"),
            "frame = \"delim:0d\"\nformat = \"nmea\"\nbaud = 9600\nallow-mismatch = true\n"
        );
    }
}
