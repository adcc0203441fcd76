//! The watch: which devices have given no reading for too long, since when, and why, as far as the ledger knows.
//!
//! ```text
//! reading ── reading ── disconnected ──────────── now      the port is gone
//! reading ── reading ── bad-frames ── bad-frames ─ now     only noise comes
//! reading ── reading ── stopped ───────────────── now      the reader was stopped
//! reading ── reading ──────────────────────────── now      the writer is off, or the reader of this device
//! ```
//!
//! Readings alone are signs of life, by when they arrived: a device's own clock says nothing here, and a status is what a
//! gateway says while the device is silent.

use std::collections::BTreeMap;

use crate::{
    audit::{
        checked_reader::CheckedReader,
        device_names::DeviceNames,
        device_signs::{DeviceSigns, LastStatus},
        status::LedgerStatus,
    },
    json::Object,
    object,
    record::reading::SourceStatus,
    rules::registry::{Device, Registry},
    time::{Span, Time},
};

/// How far the clocks of two machines may be apart, one that wrote and one that looks.
const SKEW: Span = Span::from_millis(5_000);

/// Which devices are watched.
#[derive(Clone, Copy, Debug, Default)]
pub struct WatchedDevices<'a> {
    /// These; all where it is empty
    pub only: &'a [String],
    /// But for these
    pub except: &'a [String],
}

/// A device that has given no reading for too long.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SilentDevice {
    /// What it is called: its label in the registry, or what its readings say; the ledger's name where no device is known
    pub name: String,
    /// When its last reading arrived; `None`: there is none
    pub reading: Option<Time>,
    /// Since when it is missed: its last reading, else when it was named first
    pub since: Time,
    /// The likely cause
    pub cause: SilenceCause,
}

/// What a watch comes to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WatchAnswer {
    /// The devices that have given no reading for too long, in the order of their names
    pub silent: Vec<SilentDevice>,
    /// Devices that were asked for by name and that their owners have retired, each with the entry that says so: they
    /// are not missed
    pub retired: BTreeMap<String, u64>,
    /// That there are devices, and all are retired or left out, so that nothing is watched
    pub idle: bool,
}

/// Why there is no reading, as far as the ledger knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SilenceCause {
    /// The last reading arrived after now: its clock was wrong, or the one that looks is
    FromTheFuture,
    /// The port, or the device at it, went away
    PortGone(Time),
    /// What comes is not understood
    BadFrames {
        /// When that was said first
        since: Time,
        /// When it was said last
        last: Time,
    },
    /// The reader was stopped
    Stopped(Time),
    /// The port was opened, and nothing was said since
    NothingComes(Time),
    /// Its readings have had no value since this
    NoValues(Time),
    /// Nothing at all was written since this
    NothingWritten(Time),
    /// Other entries are written, none of them about this device
    NotRead,
    /// No entry names it
    NeverNamed,
}

impl SilenceCause {
    /// The word for it in data.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FromTheFuture => "from-the-future",
            Self::PortGone(_) => "port-gone",
            Self::BadFrames { .. } => "bad-frames",
            Self::Stopped(_) => "stopped",
            Self::NothingComes(_) => "nothing-comes",
            Self::NoValues(_) => "no-values",
            Self::NothingWritten(_) => "nothing-written",
            Self::NotRead => "not-read",
            Self::NeverNamed => "never-named",
        }
    }
}

impl SilentDevice {
    /// The device as data.
    pub fn to_object(&self) -> Object {
        object! {
            "device": self.name.as_str(),
            "reading": self.reading.map(|reading| reading.to_string()),
            "since": self.since.to_string(),
            "cause": self.cause.as_str(),
        }
    }
}

/// What is known of one watched device, under whatever names it speaks.
struct WatchedDevice {
    /// What it is called
    label: String,
    /// When it was enrolled; `None`: it is in no registry
    enrolled: Option<Time>,
    /// What the ledger has of it; `None`: no entry names it
    heard: Option<DeviceSigns>,
}

/// The devices that have given no reading for longer than that. Retired ones are not missed. Where no device is known at
/// all, the ledger itself is watched.
///
/// # Errors
/// If the registry has to be read and cannot be.
pub fn silent(
    reader: &CheckedReader<'_>,
    status: &LedgerStatus,
    watched: WatchedDevices<'_>,
    (now, machine): (Time, &str),
    limit: Span,
) -> anyhow::Result<WatchAnswer> {
    let names = DeviceNames::of(reader, status, (now, machine))?;
    let devices = devices(reader, status, watched, &names);
    if devices.is_empty() && watched.only.is_empty() {
        let idle = status.devices.values().any(DeviceSigns::is_source)
            || names.registry().is_some_and(|book| !book.devices().is_empty());
        let device = missing(&status.origin, None, status.last, status, (now, limit)).filter(|_| !idle);
        let cause = SilenceCause::NothingWritten(status.last);
        let silent = device.map(|device| SilentDevice { cause, ..device }).into_iter().collect();
        return Ok(WatchAnswer { silent, idle, ..WatchAnswer::default() });
    }
    let missing = devices.iter().filter_map(|device| {
        let heard = device.heard.as_ref();
        let first = heard.map(|heard| heard.first).or(device.enrolled).unwrap_or(status.first);
        missing(&device.label, heard, first, status, (now, limit))
    });
    let asked = watched.only.iter().filter_map(|text| names.enrolled(text));
    let retired = asked.filter_map(|device| Some((device.name.as_str().to_owned(), device.retired?)));
    Ok(WatchAnswer { silent: missing.collect(), retired: retired.collect(), idle: false })
}

/// The watched devices, each once, in the order of their names.
fn devices(
    reader: &CheckedReader<'_>,
    status: &LedgerStatus,
    watched: WatchedDevices<'_>,
    names: &DeviceNames,
) -> Vec<WatchedDevice> {
    let mut devices = BTreeMap::new();
    let in_use = |text: &str| names.enrolled(text).is_none_or(|device| device.retired.is_none());
    let mut watch = |text: &str| {
        let known = names.enrolled(text);
        let enrolled = known.and_then(|known| reader.entries(known.n..known.n + 1).next()?.ok());
        devices.entry(names.identity(text)).or_insert_with(|| WatchedDevice {
            label: names.label(text),
            enrolled: enrolled.map(|entry| entry.received),
            heard: None,
        });
    };
    for text in watched.only.iter().filter(|text| in_use(text)) {
        watch(text);
    }
    if watched.only.is_empty() {
        let sources = status.devices.iter().filter(|(text, heard)| heard.is_source() && in_use(text));
        sources.for_each(|(text, _)| watch(text));
        let speaks = |device: &&Device| device.active_key().is_some() || device.via(status.last).is.is_some();
        let able = names.registry().map(Registry::devices).unwrap_or_default().into_iter().filter(speaks);
        able.for_each(|device| watch(&device.id.to_string()));
    }
    for text in watched.except {
        devices.remove(&names.identity(text));
    }
    for (text, heard) in &status.devices {
        if let Some(device) = devices.get_mut(&names.identity(text)) {
            device.heard =
                Some(device.heard.take().map_or_else(|| heard.clone(), |other| other.joined(heard)));
        }
    }
    let mut devices: Vec<WatchedDevice> = devices.into_values().collect();
    devices.sort_by(|a, b| a.label.cmp(&b.label));
    devices
}

/// A device that has given no reading since it should have; `None`: it has.
fn missing(
    label: &str,
    heard: Option<&DeviceSigns>,
    first: Time,
    ledger: &LedgerStatus,
    (now, limit): (Time, Span),
) -> Option<SilentDevice> {
    let reading = heard.and_then(|heard| heard.reading);
    let since = reading.unwrap_or(first);
    let ahead = since - now > SKEW;
    let cause = if ahead { SilenceCause::FromTheFuture } else { cause(heard, ledger, now, limit) };
    let name = label.to_owned();
    (ahead || now - since > limit).then_some(SilentDevice { name, reading, since, cause })
}

fn cause(heard: Option<&DeviceSigns>, ledger: &LedgerStatus, now: Time, limit: Span) -> SilenceCause {
    let Some(heard) = heard else { return SilenceCause::NeverNamed };
    let Some(LastStatus { status, since, last }) = heard.status else {
        let is_written = now - ledger.last <= limit;
        return match heard.blank {
            Some(since) => SilenceCause::NoValues(since),
            None if is_written => SilenceCause::NotRead,
            None => SilenceCause::NothingWritten(ledger.last),
        };
    };
    match status {
        SourceStatus::Disconnected => SilenceCause::PortGone(since),
        SourceStatus::BadFrames => SilenceCause::BadFrames { since, last },
        SourceStatus::Stopped => SilenceCause::Stopped(last),
        SourceStatus::Started | SourceStatus::Connected | SourceStatus::Gap | SourceStatus::Clock => {
            SilenceCause::NothingComes(last)
        }
    }
}
