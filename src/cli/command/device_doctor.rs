//! `foil device doctor`: what is wrong with a port, and the command that reads it.

pub(super) mod findings;

use std::{io::IsTerminal, time::Duration};

use clap_complete::engine::ArgValueCompleter;

use super::device_read::{port_options::PortOptions, typed};
use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        port_words, signals,
        term::Term,
    },
    device::{
        byte_source::SourcePlan,
        doctor::{self, DoctorPlan, DoctorStep, PortReport},
        port::{address::DeviceAddress, mode::PortMode},
        simulated::SimulatedDevice,
    },
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "find out what an unknown device speaks, and how it is read",
        line: "foil device doctor /dev/ttyUSB0",
    },
    Example {
        does: "judge what was recorded",
        line: "foil device replay meter.rec --stdout --speed max | foil device doctor -",
    },
];

/// The settings that are tried first.
pub(super) const BAUD: u32 = 115_200;
pub(super) const MODE: PortMode = PortMode::M8N1;

/// Look what is wrong with a port, and how the device on it is read
///
/// Says who has the port open, which permission is missing, how the port is set, and what its driver has counted. Then it listens, at
/// one speed and mode after the other where the port has them, shows what comes, and prints the command that reads it. It sends
/// nothing but what --send says. The exit status is 0 if there is such a command, else 1.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// /dev/…, usb:VID:PID[:SERIAL], tcp://HOST:PORT, - for standard input, or sim:KIND
    #[arg(value_name = "PORT", add = ArgValueCompleter::new(typed::complete_port))]
    port: DeviceAddress,

    /// How long to listen in all; a device that speaks seldom wants more
    #[arg(long = "for", value_name = "DURATION", value_parser = typed::span, default_value = "60s")]
    duration: Span,

    #[command(flatten)]
    options: PortOptions,

    /// Send this whenever the device was opened: text with \r \n \t \\ \xHH
    #[arg(long, value_name = "BYTES", value_parser = typed::bytes, help_heading = "Port")]
    send: Option<std::sync::Arc<[u8]>>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if matches!(args.port, DeviceAddress::Stdin) && std::io::stdin().is_terminal() {
        return Err(anyhow::anyhow!("no input: standard input is a terminal")).hint("name a port");
    }
    signals::hold_interrupt();
    signals::hold_terminate();
    let plan = plan(args)?;
    let mut report = PortReport::default();
    let stop = || signals::interrupted() || signals::terminated();
    let heard = doctor::examine(&plan, &stop, &mut |step| match step {
        DoctorStep::Looked(looked) => report = looked.clone(),
        DoctorStep::Listens(Some(settings)) => term.say(format!("{}: listening at {settings}", args.port)),
        DoctorStep::Listens(None) => {}
    });
    let findings = findings::DoctorFindings {
        port: &args.port,
        report: &report,
        heard: heard.as_deref().unwrap_or_default(),
    };
    if term.human() {
        term.text(&findings.for_people())?;
    } else {
        term.data(&findings.to_object())?;
    }
    match heard {
        Err(error) => Err(port_words::unopened(&args.port, &error, None)),
        Ok(_) if findings.command().is_some() => Ok(Outcome::Yes),
        Ok(_) if signals::interrupted() => Ok(Outcome::Interrupted),
        Ok(_) if signals::terminated() => Ok(Outcome::Terminated),
        Ok(_) => Ok(Outcome::No),
    }
}

fn plan(args: &Args) -> anyhow::Result<DoctorPlan> {
    let simulated = match &args.port {
        DeviceAddress::Simulated(kind) => {
            let device = SimulatedDevice::new(kind, typed::random_number()?, None, None);
            Some((device, Duration::from_millis(200)))
        }
        _ => None,
    };
    let source = SourcePlan {
        address: args.port.clone(),
        settings: args.options.settings(BAUD, MODE),
        wait: Duration::ZERO,
        backoff: None,
        patient: false,
        ask: None,
        send: args.send.as_deref().unwrap_or_default().to_vec(),
        simulated,
    };
    let as_set = args.options.baud.is_some() && args.options.mode.is_some();
    Ok(DoctorPlan { source, limit: args.duration, as_set })
}
