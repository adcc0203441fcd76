//! `foil device ports`: which serial ports there are, and who has them.

use std::{path::Path, time::Duration};

use crate::{
    cli::{
        Example,
        failure::Outcome,
        signals,
        term::{Term, escape},
    },
    device::port::list::{self, PortInfo},
    json::Object,
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "see what is plugged in", line: "foil device ports" }];

/// How often `--watch` looks.
const LOOK: Duration = Duration::from_millis(500);

/// How long names such as those under /dev/serial/by-id may take to follow a new port.
const SETTLE: Duration = Duration::from_millis(300);

/// List serial ports
///
/// Says for each port its path, the name under /dev/serial/by-id that stays the same wherever it is plugged
/// in, its USB vendor, product and serial number, its driver, and the process that has it open.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Go on, and say what is plugged in and out
    #[arg(long)]
    watch: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut names = list::names(Path::new("/"));
    let mut known = list::ports(Path::new("/"));
    for port in &known {
        show(None, port, term)?;
    }
    if !args.watch {
        if known.is_empty() {
            term.say("no serial ports");
        }
        return Ok(Outcome::Yes);
    }
    signals::hold_interrupt();
    signals::hold_terminate();
    loop {
        term.flush()?;
        std::thread::sleep(LOOK);
        match (signals::interrupted(), signals::terminated()) {
            (true, _) => return Ok(Outcome::Interrupted),
            (_, true) => return Ok(Outcome::Terminated),
            _ => {}
        }
        let names_now = list::names(Path::new("/"));
        if names_now == names {
            continue;
        }
        names = names_now;
        std::thread::sleep(SETTLE);
        let now = list::ports(Path::new("/"));
        for port in known.iter().filter(|port| now.iter().all(|other| other.path != port.path)) {
            show(Some("removed"), port, term)?;
        }
        for port in now.iter().filter(|port| known.iter().all(|other| other.path != port.path)) {
            show(Some("added"), port, term)?;
        }
        known = now;
    }
}

fn show(change: Option<&str>, port: &PortInfo, term: &mut Term) -> anyhow::Result<()> {
    let mut object = port.to_object();
    if term.human() {
        return term.text(&for_people(change, &object));
    }
    if let Some(change) = change {
        object.insert("change", change);
    }
    term.data(&object)
}

fn for_people(change: Option<&str>, port: &Object) -> String {
    let mut line = change.map(|change| format!("{change} ")).unwrap_or_default();
    line.push_str(port.str("path").unwrap_or_default());
    for (name, before) in [("usb", "usb:"), ("name", ""), ("driver", "driver "), ("by_id", "")] {
        if let Some(text) = port.str(name) {
            line.extend(["  ", before, text]);
        }
    }
    if let Some(holder) = port.get("holder").and_then(|holder| holder.as_object()) {
        let pid = holder.get("pid").map(ToString::to_string).unwrap_or_default();
        line.extend(["  held by ", holder.str("command").unwrap_or_default(), " (process ", &pid, ")"]);
    }
    format!("{}\n", escape(&line))
}
