//! `foil chain status`: what a ledger is, and since when its devices are silent.

use std::{collections::BTreeSet, fmt::Write};

use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::{
        device_names::DeviceNames,
        device_signs::DeviceSigns,
        status::LedgerStatus,
        watch::{self, SilenceCause, SilentDevice, WatchAnswer, WatchedDevices},
    },
    cli::{
        Example, complete,
        failure::Outcome,
        ledger::{self, AnswerArgs, LogArg},
        paste, size,
        term::{Term, escape, escape_name},
    },
    json::Value,
    machine,
    time::{Span, Time, Zone},
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "what it is and how it fares", line: "foil chain status cold-room" },
    Example {
        does: "from cron: complain when a device gives no readings",
        line: "foil chain status cold-room --stale 1d -q",
    },
    Example {
        does: "the same, but for a device that was taken away and that no registry knows",
        line: "foil chain status cold-room --stale 1d --except old-probe -q",
    },
];

/// Show a ledger's name, key, size and last entries
///
/// Reads the whole ledger: every entry is held against the signed root, and the last ones of each device have proofs that
/// hold. A ledger that does not verify so, or is older than what was seen of it before, gives no answer (4). With
/// --stale the answer is no (1) if a device has given no reading for longer, by when readings arrived. Statuses, and
/// readings without any value, are no signs of life: they only tell the likely cause, which is said with the device and
/// since when. A reading that arrived in
/// the future is stale, too: some clock is wrong. Watched are all devices that have ever sent something, and those that
/// the registry has enrolled and that may speak, but for those that their owner has retired; the ledger itself where there
/// are none.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,

    /// Answer no if a device has given no reading for longer than this
    #[arg(long, value_name = "DURATION", value_parser = super::chain_append::parse_span)]
    stale: Option<Span>,

    /// Only this device, by what its readings or the registry call it; repeatable
    #[arg(long, value_name = "DEVICE", add = ArgValueCompleter::new(complete::all_devices))]
    device: Vec<String>,

    /// Not this device, which was taken away and is in no registry to be retired in; repeatable
    #[arg(long, value_name = "DEVICE", add = ArgValueCompleter::new(complete::all_devices))]
    except: Vec<String>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.answer.open(&args.log.path()?)?;
    let checked = args.answer.check(&reader, term)?;
    checked.must_be_of_late()?;
    let mut status = LedgerStatus::of(&checked)?;
    // Asked after the reading: what a writer has added meanwhile is not from the future.
    let now = machine::wall();
    let watched = WatchedDevices { only: &args.device, except: &args.except };
    let machine = ledger::machine_name();
    let watch = args
        .stale
        .map(|limit| watch::silent(&checked, &status, watched, (now, &machine), limit))
        .transpose()?;
    let is_named = !(args.device.is_empty() && args.except.is_empty());
    let names = if is_named || term.human() {
        DeviceNames::of(&checked, &status, (now, &machine))?
    } else {
        DeviceNames::default()
    };
    if watch.is_none() {
        must_be_heard(&args.device, &status, &names)?;
    }
    let among =
        |list: &[String], name: &str| list.iter().any(|one| names.identity(one) == names.identity(name));
    status.devices.retain(|name, _| {
        (args.device.is_empty() || among(&args.device, name)) && !among(&args.except, name)
    });
    if !term.quiet() {
        show(&status, &names, watch.as_ref().map(|watch| &watch.silent[..]), now, term)?;
    }
    let (watch, zone) = (watch.unwrap_or_default(), term.zone());
    say_unwatched(&watch, term);
    for device in &watch.silent {
        term.warn(sentence(device, now, &zone));
    }
    Ok(if watch.silent.is_empty() { Outcome::Yes } else { Outcome::No })
}

/// Devices that are asked for are ones that some entry names.
fn must_be_heard(asked: &[String], status: &LedgerStatus, names: &DeviceNames) -> anyhow::Result<()> {
    let heard: BTreeSet<String> = status.devices.keys().map(|name| names.identity(name)).collect();
    match asked.iter().find(|name| !heard.contains(&names.identity(name))) {
        Some(unknown) => {
            let known = names.heard(status);
            Err(paste::no_entry_of(unknown, known.keys().map(String::as_str)))
        }
        None => Ok(()),
    }
}

/// A watch that misses nobody is told from one to which all are well.
fn say_unwatched(watch: &WatchAnswer, term: &mut Term) {
    for (name, n) in &watch.retired {
        term.say(format!("{}: retired by entry {n}, so not missed", escape_name(name)));
    }
    if watch.idle {
        term.say("no device is watched: all are retired or left out");
    }
}

fn show(
    status: &LedgerStatus,
    names: &DeviceNames,
    silent: Option<&[SilentDevice]>,
    now: Time,
    term: &mut Term,
) -> anyhow::Result<()> {
    if term.human() {
        return term.tell(&table(status, names, now, &term.zone()));
    }
    let mut object = status.to_object();
    if let Some(silent) = silent {
        object.insert("stale", Value::Array(silent.iter().map(|device| device.to_object().into()).collect()));
    }
    term.data(&object)
}

/// One line for the mail of cron: which device, since when, and why, as far as the ledger knows.
fn sentence(device: &SilentDevice, now: Time, zone: &Zone) -> String {
    let SilentDevice { name, reading, since: at, cause } = device;
    let (name, since, why) = (escape_name(name), zone.show(*at), reason(*cause, zone));
    if *cause == SilenceCause::FromTheFuture {
        let ahead = *at - now;
        let what = if reading.is_some() { "the last reading" } else { "the first entry about it" };
        return format!("{name}: {what} arrived at {since}, {ahead} from now: {why}");
    }
    let ago = now - *at;
    let what = match reading {
        Some(_) => format!("no reading since {since}, {ago} ago"),
        None => format!("no reading ever, and awaited since {since}, {ago} ago"),
    };
    format!("{name}: {what}: {why}")
}

fn reason(cause: SilenceCause, zone: &Zone) -> String {
    let show = |time| zone.show(time);
    match cause {
        SilenceCause::FromTheFuture => {
            "the gateway's clock was wrong then, or this machine's is now, so nobody knows whether it is silent".into()
        }
        SilenceCause::PortGone(since) => format!("its port is gone since {}, unplugged or without power", show(since)),
        SilenceCause::BadFrames { since, last } => format!(
            "only bad frames came, from {} to {}: the wiring, or the speed and form of the line",
            show(since),
            show(last)
        ),
        SilenceCause::Stopped(at) => format!("its reader was stopped at {} and not started again", show(at)),
        SilenceCause::NothingComes(at) => {
            let at = show(at);
            format!("its port was open at {at}, and nothing came that is a reading: the device is off or mute")
        }
        SilenceCause::NoValues(since) => {
            format!("its readings have no value since {}: the sensor is gone or broken", show(since))
        }
        SilenceCause::NothingWritten(since) => {
            let since = show(since);
            format!("nothing at all was written since {since}: the gateway is off, or cannot write")
        }
        SilenceCause::NotRead => "other entries are written, so its reader is off, or cannot sign or write".into(),
        SilenceCause::NeverNamed => "no entry names it: is that what it is called?".into(),
    }
}

/// How long ago an instant was. One to come means that some clock is wrong.
fn ago(instant: Time, now: Time) -> String {
    if instant > now {
        format!("{} ahead of this clock", instant - now)
    } else {
        format!("{} ago", now - instant)
    }
}

/// The status for people.
fn table(status: &LedgerStatus, names: &DeviceNames, now: Time, zone: &Zone) -> String {
    let mut table = String::new();
    let a_day = status.bytes_a_day().map_or_else(|| "too young to say".to_owned(), size::bytes);
    // Of a published log its server knows how much space it takes.
    let space = status.disk_bytes.map(|bytes| [("disk", size::bytes(bytes)), ("a day", a_day)]);
    let lines = [
        ("origin", status.origin.clone()),
        ("ledger", status.id.clone()),
        ("log key", status.log.to_string()),
        ("vkey", status.vkey.clone()),
        ("size", status.size.to_string()),
        ("root", status.root.clone()),
        ("received", format!("{}, {}", zone.show(status.last), ago(status.last, now))),
    ];
    for (what, value) in lines.into_iter().chain(space.into_iter().flatten()) {
        // Writing to a string does not fail.
        let _ = writeln!(table, "{what:10}{}", escape(&value));
    }
    if status.packed_files > 0 {
        let _ = writeln!(table, "packed    {} files", status.packed_files);
    }
    for run in &status.dropped {
        let _ = writeln!(table, "dropped   entries {} to {}", run.start, run.end - 1);
    }
    for (name, DeviceSigns { last, reading, .. }) in &names.heard(status) {
        let reading = match reading {
            Some(reading) if reading == last => String::new(),
            Some(reading) => format!(", last reading {}, {}", zone.show(*reading), ago(*reading, now)),
            None => ", no reading".to_owned(),
        };
        let (name, at, ago) = (escape_name(name), zone.show(*last), ago(*last, now));
        let _ = writeln!(table, "device    {name}  {at}, {ago}{reading}");
    }
    if status.more_devices {
        table.push_str("device    … and more than are told apart\n");
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_to_come_is_not_ago() {
        let at = |text| Time::parse_rfc3339(text).unwrap();
        let now = at("2026-03-01T06:00:00Z");
        assert_eq!(ago(at("2026-02-27T16:00:00Z"), now), "1d14h ago");
        assert_eq!(ago(at("2026-03-02T20:00:00Z"), now), "1d14h ahead of this clock");
    }
}
