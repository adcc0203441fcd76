//! Simulated devices: their readings follow from a seed alone, on a clock of their own.
//!
//! ```text
//! cold-room     {"time":"2026-03-01T06:00:00.000Z","units":{…},"values":{"door":"closed",…}}     json
//! thermometer   Temperature: 21.50 C, Humidity: 40.2 %                                           text
//! weather-station  temperature,8.52,humidity,72.00,wind_speed,3.41                              csv
//! bench-scale   ST,GS,+0012.34 kg                                                               scale
//! gps           $GPRMC,060000.000,A,5204.2000,N,…*hh                                             nmea
//! meter         /FOI5SIM …                                                                       dsmr
//! industry-meter  /FOI5\2SIM STX 1.8.0(0043219.870*kWh) … ETX BCC                                iec62056
//! sml-meter     1B 1B 1B 1B 01 01 01 01 76 … 1B 1B 1B 1B 1A 00 CRC                                sml
//! linky         STX LF PAPP 00700 * CR … ETX                                                     tic
//! solar         CR LF V TAB 13120 … Checksum TAB …                                               vedirect
//! dust-sensor   AA C0 78 00 D2 00 F0 15 4F AB                                                  raw
//! ```
//!
//! Whole numbers only, so that every machine simulates the same.

use crate::time::{Span, Time};

mod bench_scale;
mod cold_room;
mod dust_sensor;
mod gps;
mod industry_meter;
mod linky;
mod meter;
mod random;
mod sml_meter;
mod solar;
mod thermometer;
mod weather_station;

pub use random::SplitMix;

/// When simulated clocks begin, unless said otherwise: 2026-03-01T06:00:00Z.
const START: i64 = 1_772_344_800_000;

/// A kind of simulated device.
#[derive(Debug)]
pub struct SimulatedKind {
    /// What `sim:` calls it
    pub name: &'static str,
    /// One line for people
    pub about: &'static str,
    /// The format that it speaks
    pub format: &'static str,
    /// How often it speaks, by its own clock, in milliseconds
    every: i64,
    /// What is measured at first, in hundredths
    begin: [i64; 3],
    frame: fn(&mut SimulatedDevice) -> Vec<u8>,
}

/// All kinds that there are.
pub const KINDS: &[SimulatedKind] = &[
    cold_room::KIND,
    thermometer::KIND,
    weather_station::KIND,
    bench_scale::KIND,
    gps::KIND,
    meter::KIND,
    industry_meter::KIND,
    sml_meter::KIND,
    linky::KIND,
    solar::KIND,
    dust_sensor::KIND,
];

impl SimulatedKind {
    /// The kind of this name; `None`: there is none.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }
}

/// A simulated device.
#[derive(Clone, Debug)]
pub struct SimulatedDevice {
    kind: &'static SimulatedKind,
    random: SplitMix,
    start: Time,
    every: Span,
    /// How often it has spoken
    turn: i64,
    /// What is measured, as it is now
    state: [i64; 3],
}

impl SimulatedDevice {
    /// A device with this seed. `start`: the first instant by its clock, `None` for the usual one; `every`: the time
    /// between two readings, `None` for that of its kind.
    pub fn new(kind: &'static SimulatedKind, seed: u64, start: Option<Time>, every: Option<Span>) -> Self {
        let start = start.or_else(|| Time::from_millis(START)).unwrap_or(Time::EPOCH);
        let every = every.unwrap_or(Span::from_millis(kind.every));
        Self { kind, random: SplitMix(seed), start, every, turn: 0, state: kind.begin }
    }

    /// The device's clock.
    pub fn time(&self) -> Time {
        self.start.saturating_add(Span::from_millis(self.every.millis().saturating_mul(self.turn)))
    }

    /// Its next frame, and when it sends it by its own clock.
    pub fn next_frame(&mut self) -> (Time, Vec<u8>) {
        let (time, bytes) = (self.time(), (self.kind.frame)(self));
        self.turn += 1;
        (time, bytes)
    }

    /// A step towards a goal, a part of the way, with noise.
    fn drift(&mut self, which: usize, goal: i64, part: i64, noise: u64) -> i64 {
        let step = (goal - self.state[which]) / part + self.random.within(noise);
        self.state[which] += step;
        self.state[which]
    }
}

/// A decimal with two places.
struct Hundredths(i64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{
        decode::{DECODERS, Decoder},
        frame::{Frame, Framer},
    };

    fn output(kind: &SimulatedKind, seed: u64, turns: usize) -> Vec<u8> {
        let mut device = SimulatedDevice::new(SimulatedKind::named(kind.name).unwrap(), seed, None, None);
        (0..turns).flat_map(|_| device.next_frame().1).collect()
    }

    #[test]
    fn every_kind_is_understood_and_follows_its_seed() {
        for kind in KINDS {
            let bytes = output(kind, 7, 400);
            assert_eq!(bytes, output(kind, 7, 400), "{}", kind.name);
            assert_ne!(bytes, output(kind, 8, 400), "{}", kind.name);
            let decoder = Decoder::named(kind.format).unwrap();
            let mut readings = 0;
            let mut framer = Framer::new(decoder.framing.clone(), 8_192);
            let mut each = |frame: Frame| {
                let Frame::Whole(frame) = frame else { panic!("{}: {frame:?}", kind.name) };
                let shown = String::from_utf8_lossy(frame);
                let bodies = decoder.readings(frame).unwrap_or_else(|bad| panic!("{bad}: {shown}"));
                assert_eq!(bodies.len(), 1, "{shown}");
                readings += 1;
            };
            let mut device = SimulatedDevice::new(kind, 7, None, None);
            for _ in 0..400 {
                framer.push(&device.next_frame().1, &mut each);
                framer.silence(&mut each);
            }
            assert!(readings >= 400, "{}: {readings}", kind.name);
        }
    }

    #[test]
    fn every_format_has_a_device_that_speaks_it() {
        let without: Vec<_> = DECODERS
            .iter()
            .map(|decoder| decoder.name)
            .filter(|format| KINDS.iter().all(|kind| kind.format != *format))
            .collect();
        assert!(without.is_empty(), "{without:?}");
    }

    #[test]
    fn the_cold_room_is_too_warm_for_a_while_and_cold_again() {
        let text = String::from_utf8(output(&KINDS[0], 1, 240)).unwrap();
        let temperature = |line: &str| -> f64 {
            line.split("\"temperature\":").nth(1).unwrap().trim_end_matches('}').parse().unwrap()
        };
        let warm: Vec<_> = text
            .lines()
            .enumerate()
            .filter(|(_, line)| temperature(line.rsplit("values").next().unwrap()) > 8.0)
            .collect();
        assert!(warm.len() > 30 && warm.len() < 70, "{} minutes", warm.len());
        assert!(warm[0].0 >= 120, "from minute {}", warm[0].0);
    }
}
