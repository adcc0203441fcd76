//! What a gateway knows of itself: kept by its threads, read by whoever asks over HTTP or for systemd.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::queue::ReadingPlace;
use crate::{
    json::{Object, Value},
    object,
    record::signed::FreshlySigned,
    rules::received::ClockReading,
    time::{Span, Time},
};

/// How long, in milliseconds, no port may be open before the gateway says that it fails: a device is seldom plugged out for longer.
const LONG: i64 = 60_000;

/// What is known, behind a lock that is held for an instant.
#[derive(Debug, Default)]
pub(super) struct GatewayState(Mutex<GatewayHealth>);

/// What is known.
#[derive(Clone, Debug, Default)]
pub(super) struct GatewayHealth {
    /// Each port, in the order of the configuration
    pub(super) ports: Vec<PortHealth>,
    /// How many entries the ledger has; `None`: it was not written yet
    pub(super) size: Option<u64>,
    /// Why the ledger cannot be written; `None`: it can, as far as is known
    pub(super) ledger_error: Option<String>,
    /// How many records wait in the spill file
    pub(super) spilled: u64,
    /// How many records the ledger's rules have refused
    pub(super) refused: u64,
    /// How many records wait in memory
    pub(super) queued: usize,
    /// Since when no port has been open, by the machine's time since it started; `None`: one is
    shut_since: Option<Span>,
    /// Why none has been for long; `None`: one was
    shut: Option<String>,
}

/// How a port is.
#[derive(Clone, Debug)]
pub(super) struct PortHealth {
    /// Its device
    pub(super) device: String,
    /// Whether it can be read now
    pub(super) link: PortLink,
    /// How many readings there were
    pub(super) readings: u64,
    /// How many frames were refused
    pub(super) bad_frames: u64,
    /// The last reading, as signed text; `None`: there was none yet
    pub(super) last: Option<String>,
    /// When that came, by the machine's clock
    pub(super) last_at: Option<Time>,
    /// The number of the records that it was among: signers may be done in another order
    last_among: u64,
}

/// Whether a port can be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum PortLink {
    /// It has not been looked for yet
    #[default]
    Unknown,
    /// It is open
    Open,
    /// It is waited for, for this reason
    Awaited(String),
    /// It is read no more, for this reason
    Ended(String),
}

impl PortLink {
    /// The word for it.
    pub(super) fn as_str(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Open => "open",
            Self::Awaited(_) => "awaited",
            Self::Ended(_) => "ended",
        }
    }

    fn why(&self) -> Option<&str> {
        if let Self::Awaited(why) | Self::Ended(why) = self { Some(why) } else { None }
    }
}

impl GatewayState {
    /// Of devices of these names.
    pub(super) fn new(devices: impl Iterator<Item = String>) -> Self {
        let port = |device| PortHealth {
            device,
            link: PortLink::default(),
            readings: 0,
            bad_frames: 0,
            last: None,
            last_at: None,
            last_among: 0,
        };
        Self(Mutex::new(GatewayHealth { ports: devices.map(port).collect(), ..GatewayHealth::default() }))
    }

    /// What is known, to be looked at or changed.
    pub(super) fn lock(&self) -> MutexGuard<'_, GatewayHealth> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl GatewayState {
    /// Takes note of readings among signed records of this number.
    pub(super) fn note(
        &self,
        number: u64,
        readings: &[ReadingPlace],
        signed: &[FreshlySigned],
        clock: ClockReading,
    ) {
        let mut state = self.lock();
        for ReadingPlace { device, .. } in readings {
            state.ports[*device].readings += 1;
        }
        for ReadingPlace { at, device } in readings.iter().rev() {
            let port = &mut state.ports[*device];
            // Of the readings of a device only the last is looked at.
            if port.last_at.is_none() || port.last_among < number {
                port.last = Some(signed[*at].as_str().to_owned());
                (port.last_at, port.last_among) = (Some(clock.wall), number);
            }
        }
    }
}

impl GatewayHealth {
    /// Whether what is read can be kept in the ledger.
    pub(super) fn can_keep(&self) -> bool {
        self.ledger_error.is_none()
    }

    /// Whether readings can come, and come to be kept in the ledger.
    pub(super) fn is_well(&self) -> bool {
        self.error().is_none()
    }

    fn error(&self) -> Option<&str> {
        self.ledger_error.as_deref().or(self.shut.as_deref())
    }

    /// Takes note of whether a port is open now.
    pub(super) fn look_at_ports(&mut self, up: Span) {
        let first = self.ports.first().and_then(|port| Some((port, port.link.why()?)));
        let is_shut = self.ports.iter().all(|port| port.link.why().is_some());
        self.shut_since = first.filter(|_| is_shut).map(|_| self.shut_since.unwrap_or(up));
        let is_long = self.shut_since.is_some_and(|since| up.millis() - since.millis() >= LONG);
        let why = |(port, why): (&PortHealth, &str)| {
            let others = if self.ports.len() > 1 { " and all others" } else { "" };
            format!("no port is open: {}{others}: {why}", port.device)
        };
        self.shut = first.filter(|_| is_long).map(why);
    }

    /// `/health`.
    pub(super) fn to_object(&self) -> Object {
        let ports: Vec<Value> = self.ports.iter().map(|port| port.to_object().into()).collect();
        let mut object = object! {
            "status": if self.is_well() { "ok" } else { "failing" },
            "size": self.size,
            "queued": self.queued,
            "spilled": self.spilled,
            "refused": self.refused,
            "ports": Value::Array(ports),
        };
        if let Some(error) = self.error() {
            object.insert("error", error);
        }
        object
    }

    /// `/values`: the last reading of each device, as it was signed.
    pub(super) fn values(&self) -> Object {
        let last = self.ports.iter().filter_map(|port| {
            let reading = crate::json::parse_object(port.last.as_deref()?.as_bytes()).ok()?;
            Some((port.device.clone(), reading.into()))
        });
        last.collect()
    }

    /// One line for `systemctl status`.
    pub(super) fn sentence(&self) -> String {
        let open = self.ports.iter().filter(|port| port.link == PortLink::Open).count();
        let readings: u64 = self.ports.iter().map(|port| port.readings).sum();
        let mut sentence = format!("{open} of {} ports open, {readings} readings", self.ports.len());
        if let Some(size) = self.size {
            sentence.extend([", ", &size.to_string(), " entries"]);
        }
        if self.spilled > 0 {
            sentence.extend([", ", &self.spilled.to_string(), " records in the spill file"]);
        }
        if let Some(error) = &self.ledger_error {
            sentence.extend(["; ", error]);
        }
        sentence
    }
}

impl PortHealth {
    fn to_object(&self) -> Object {
        let mut object = object! {
            "device": self.device.as_str(),
            "state": self.link.as_str(),
            "readings": self.readings,
            "bad_frames": self.bad_frames,
            "last": self.last_at.map(|time| time.to_string()),
        };
        if let Some(why) = self.link.why() {
            object.insert("why", why);
        }
        object
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        key::SecretKey,
        record::signed::{RecordSigner, SignOptions},
    };

    #[test]
    fn a_gateway_whose_ports_are_all_shut_for_long_is_not_well() {
        let state = GatewayState::new(["a", "b"].map(str::to_owned).into_iter());
        let mut health = state.lock();
        let mut at = |millis: i64, links: [PortLink; 2]| {
            let [a, b] = links;
            (health.ports[0].link, health.ports[1].link) = (a, b);
            health.look_at_ports(Span::from_millis(millis));
            let object = health.to_object();
            (health.is_well(), health.can_keep(), object.str("error").map(str::to_owned))
        };
        let busy = || PortLink::Awaited("busy: held by socat (process 7)".to_owned());
        let well = (true, true, None);
        assert_eq!(at(0, [busy(), PortLink::Unknown]), well);
        assert_eq!(at(1, [busy(), busy()]), well);
        assert_eq!(at(60_000, [busy(), busy()]), well);
        let why = "no port is open: a and all others: busy: held by socat (process 7)".to_owned();
        assert_eq!(at(60_001, [busy(), busy()]), (false, true, Some(why)));
        assert_eq!(at(60_002, [busy(), PortLink::Open]), well);
        assert_eq!(at(60_003, [busy(), busy()]), well);
    }

    #[test]
    fn the_last_reading_is_the_one_that_came_last_whichever_was_signed_last() {
        let key = SecretKey::from_seed(&[1; 32]);
        let signer = RecordSigner::new(&key, &SignOptions::default());
        let state = GatewayState::new(["a", "b"].map(str::to_owned).into_iter());
        let note = |number: u64, texts: [&str; 2], devices: [usize; 2]| {
            let records = texts.map(|text| signer.sign_text(text).unwrap());
            let place = |at: usize| ReadingPlace { at, device: devices[at] };
            let clock = ClockReading { wall: Time::EPOCH, up: Span::from_millis(0) };
            state.note(number, &[place(0), place(1)], &records, clock);
        };
        note(0, [r#"{"n":1}"#, r#"{"n":2}"#], [0, 1]);
        note(2, [r#"{"n":5}"#, r#"{"n":6}"#], [0, 0]);
        note(1, [r#"{"n":3}"#, r#"{"n":4}"#], [0, 1]);
        let state = state.lock();
        let known = state.ports.iter().map(|port| (port.readings, &port.last.as_ref().unwrap()[..6]));
        assert_eq!(known.collect::<Vec<_>>(), [(4, "{\"n\":6"), (2, "{\"n\":4")]);
    }
}
