//! Simulated devices: their readings follow from a seed alone, on a clock of their own.
//!
//! ```text
//! cold-room     {"time":"2026-03-01T06:00:00.000Z","units":{…},"values":{"door":"closed",…}}     json
//! thermometer   Temperature: 21.50 C, Humidity: 40.2 %                                           text
//! gps           $GPRMC,060000.000,A,5204.2000,N,…*hh                                             nmea
//! meter         /FOI5SIM …                                                                       dsmr
//! ```
//!
//! Whole numbers only, so that every machine simulates the same.

use std::fmt::Write;

use crate::{
    device::decode::telegram_crc,
    time::{Span, Time},
};

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
    frame: fn(&mut SimulatedDevice) -> String,
}

/// All kinds that there are.
pub const KINDS: &[SimulatedKind] = &[
    SimulatedKind {
        name: "cold-room",
        about: "a cold room at 4 °C, its door left open for 45 minutes in every four hours",
        format: "json",
        every: 60_000,
        begin: [400, 8_000, 0],
        frame: cold_room,
    },
    SimulatedKind {
        name: "thermometer",
        about: "a thermometer in a living room",
        format: "text",
        every: 10_000,
        begin: [2_150, 4_000, 0],
        frame: thermometer,
    },
    SimulatedKind {
        name: "gps",
        about: "a receiver on a boat that sails in a circle",
        format: "nmea",
        every: 1_000,
        begin: [640, 0, 0],
        frame: gps,
    },
    SimulatedKind {
        name: "meter",
        about: "an electricity meter with a gas meter on its M-Bus",
        format: "dsmr",
        every: 10_000,
        begin: [35_000, 0, 0],
        frame: meter,
    },
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
        let (time, text) = (self.time(), (self.kind.frame)(self));
        self.turn += 1;
        (time, text.into_bytes())
    }

    /// A step towards a goal, a part of the way, with noise.
    fn drift(&mut self, which: usize, goal: i64, part: i64, noise: u64) -> i64 {
        let step = (goal - self.state[which]) / part + self.random.within(noise);
        self.state[which] += step;
        self.state[which]
    }
}

/// A cold room: the door opens two hours into every four, for 45 minutes.
fn cold_room(device: &mut SimulatedDevice) -> String {
    let in_cycle = (device.time() - device.start).millis() % (240 * 60_000);
    let open = (120 * 60_000..165 * 60_000).contains(&in_cycle);
    let temperature = device.drift(0, if open { 1_600 } else { 400 }, 12, 8);
    let humidity = device.drift(1, if open { 9_300 } else { 8_000 }, 15, 30);
    format!(
        "{{\"time\":\"{}\",\"units\":{{\"humidity\":\"%RH\",\"temperature\":\"Cel\"}},\"values\":{{\"door\":\"{}\",\
         \"humidity\":{},\"temperature\":{}}}}}\n",
        device.time(),
        if open { "open" } else { "closed" },
        Hundredths(humidity),
        Hundredths(temperature),
    )
}

fn thermometer(device: &mut SimulatedDevice) -> String {
    let temperature = device.drift(0, 2_150, 20, 6);
    let humidity = device.drift(1, 4_000, 20, 20);
    format!("Temperature: {} C, Humidity: {} %\r\n", Hundredths(temperature), Hundredths(humidity))
}

/// A boat: the circle has 360 turns, of one hundredth of a minute each.
fn gps(device: &mut SimulatedDevice) -> String {
    let turn = device.turn % 360;
    // A square with cut corners is circle enough, and needs no sine.
    let leg = |turn: i64| (turn.rem_euclid(360) - 180).abs() - 90;
    let (north, east) = (leg(turn), leg(turn + 90));
    let speed = device.drift(0, 640, 10, 15).max(0);
    let stamp = device.time().to_string();
    let clock = format!("{}{}{}.{}", &stamp[11..13], &stamp[14..16], &stamp[17..19], &stamp[20..23]);
    let date = format!("{}{}{}", &stamp[8..10], &stamp[5..7], &stamp[2..4]);
    let position = format!("5204.{:04},N,00419.{:04},E", 5_000 + north * 10, 5_000 + east * 10);
    let rmc = format!("GPRMC,{clock},A,{position},{},{turn}.0,{date},,,A", Hundredths(speed));
    let gga = format!(
        "GPGGA,{clock},{position},1,09,0.9,{},M,47.0,M,,",
        Hundredths(150 + device.random.within(40))
    );
    [rmc, gga].iter().fold(String::new(), |mut text, sentence| {
        let checksum = sentence.bytes().fold(0, |sum, byte| sum ^ byte);
        let _ = write!(text, "${sentence}*{checksum:02X}\r\n");
        text
    })
}

/// A meter: energy in Wh, gas in litres, and telegrams as DSMR 5 writes them, always in winter time.
fn meter(device: &mut SimulatedDevice) -> String {
    let power = device.drift(0, 35_000, 30, 2_000).max(5_000) / 100;
    device.state[1] += power * device.every.millis();
    device.state[2] += i64::from(device.random.within(2) > 0);
    let (energy, gas) = (4_426_000 + device.state[1] / 3_600_000, 304_089 + device.state[2]);
    let local = |time: Time| {
        let stamp = time.saturating_add(Span::from_millis(3_600_000)).to_string();
        let digits: String = stamp[2..19].chars().filter(char::is_ascii_digit).collect();
        format!("{digits}W")
    };
    let voltage = 2_300 + device.random.within(15);
    let mut text = format!(
        "/FOI5SIM\r\n\r\n1-3:0.2.8(50)\r\n0-0:1.0.0({})\r\n0-0:96.1.1(464F494C)\r\n\
         1-0:1.8.1({:06}.{:03}*kWh)\r\n1-0:1.8.2(002399.000*kWh)\r\n0-0:96.14.0(0001)\r\n\
         1-0:1.7.0({:02}.{:03}*kW)\r\n1-0:2.7.0(00.000*kW)\r\n1-0:32.7.0({:03}.{}*V)\r\n\
         0-1:24.1.0(003)\r\n0-1:24.2.1({})({:05}.{:03}*m3)\r\n!",
        local(device.time()),
        energy / 1_000,
        energy % 1_000,
        power / 1_000,
        power % 1_000,
        voltage / 10,
        voltage % 10,
        local(device.time()),
        gas / 1_000,
        gas % 1_000,
    );
    let crc = telegram_crc(text.as_bytes());
    let _ = write!(text, "{crc:04X}\r\n");
    text
}

/// A decimal with two places.
struct Hundredths(i64);

impl std::fmt::Display for Hundredths {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        write!(f, "{sign}{}.{:02}", self.0.abs() / 100, self.0.abs() % 100)
    }
}

/// `SplitMix64` (Steele, Lea, Flood 2014): small, and the same everywhere. Not for secrets.
#[derive(Clone, Debug)]
pub struct SplitMix(pub u64);

impl SplitMix {
    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from −limit to limit.
    pub fn within(&mut self, limit: u64) -> i64 {
        let span = 2 * limit + 1;
        i64::try_from(self.bits() % span).unwrap_or(0) - i64::try_from(limit).unwrap_or(0)
    }

    /// Whether something happens that has so many chances in a million.
    pub fn happens(&mut self, millionths: u64) -> bool {
        self.bits() % 1_000_000 < millionths
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::{
        decode::Decoder,
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
            Framer::new(decoder.framing.clone(), 8_192).push(&bytes, &mut |frame| {
                let Frame::Whole(frame) = frame else { panic!("{}: {frame:?}", kind.name) };
                let shown = String::from_utf8_lossy(frame);
                let bodies = decoder.readings(frame).unwrap_or_else(|bad| panic!("{bad}: {shown}"));
                assert_eq!(bodies.len(), 1, "{shown}");
                readings += 1;
            });
            assert!(readings >= 400, "{}: {readings}", kind.name);
        }
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

    #[test]
    fn splitmix_as_published() {
        let mut random = SplitMix(1_234_567);
        assert_eq!(random.bits(), 6_457_827_717_110_365_317);
        assert_eq!(random.bits(), 3_203_168_211_198_807_973);
    }
}
