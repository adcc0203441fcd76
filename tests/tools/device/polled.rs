//! `foil device poll` on a pseudo-terminal whose other end is a unit of a Modbus bus.

use std::{
    process::Command,
    thread,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use counterfoil::time::Time;

use super::{
    cable::{Reader, word_of},
    rig::{Device, foil, readings, records, signal, talk, words},
};
use crate::support::trial::trials;

trials![
    a_bus_that_is_unplugged_is_found_again,
    a_signal_ends_a_poll_in_order,
    a_bus_that_another_process_polls_is_left_to_it,
    rounds_are_at_multiples_of_their_period_by_the_wall_clock,
];

/// A thermometer at unit 1.
fn thermometer(arguments: &[&str]) -> Device {
    Device::simulate(&[&["--modbus", "xy-md02"], arguments].concat())
}

fn poll(device: &Device, arguments: &[&str]) -> Command {
    let mut command = foil(&["device", "poll"]);
    command.arg(device.port()).args(["--map", "xy-md02", "--unit", "1", "--backoff", "10ms..50ms"]);
    command.args(arguments);
    command
}

fn a_bus_that_is_unplugged_is_found_again() {
    let device = thermometer(&["--fault", "unplug=3"]);
    let output = poll(&device, &["--every", "100ms", "--timeout", "5s", "--count", "5"]).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    assert_eq!(readings(&records).len(), 5);
    let said = words(&records);
    let at = |word: &str| said.iter().position(|said| *said == word).unwrap_or_else(|| panic!("{said:?}"));
    assert!(at("reading") < at("disconnected") && at("disconnected") < at("connected"), "{said:?}");
    assert_eq!(said.last(), Some(&"stopped"));
    assert!(said[at("connected")..].contains(&"reading"), "{said:?}");
    assert_eq!(said.iter().filter(|said| **said == "disconnected").count(), 1, "told once: {said:?}");
}

fn a_signal_ends_a_poll_in_order() {
    let device = thermometer(&[]);
    let mut reader = Reader::spawn(&mut poll(&device, &["--every", "1h"]));
    reader.until("reading");
    signal(&reader.child, "TERM");
    let (code, rest, talk) = reader.end();
    assert_eq!(
        (code, rest.iter().map(word_of).collect::<Vec<_>>()),
        (Some(143), vec!["stopped"]),
        "{talk:?}"
    );
}

fn a_bus_that_another_process_polls_is_left_to_it() {
    let device = thermometer(&[]);
    let mut first = Reader::spawn(&mut poll(&device, &["--every", "50ms"]));
    first.until("reading");
    let second = poll(&device, &["--count", "1", "--wait", "0s"]).output().unwrap();
    assert_eq!(second.status.code(), Some(75), "{}", talk(&second));
    assert!(talk(&second).contains("busy: held by foil") && second.stdout.is_empty(), "{}", talk(&second));
    let third = poll(&device, &["--for", "2s", "--wait", "1h"]).output().unwrap();
    assert_eq!(third.status.code(), Some(75), "{}", talk(&third));
    (0..3).for_each(|_| drop(first.until("reading")));
    signal(&first.child, "INT");
    assert_eq!(first.end().0, Some(130));
}

/// The period, in milliseconds.
const PERIOD: u64 = 2_000;

fn rounds_are_at_multiples_of_their_period_by_the_wall_clock() {
    let device = thermometer(&[]);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
    // In the middle between two rounds: one that begins at once would show.
    let left = (PERIOD + PERIOD / 2 - u64::try_from(now).unwrap() % PERIOD) % PERIOD;
    thread::sleep(Duration::from_millis(left));
    let arguments = ["--every", "2s", "--align", "--count", "3"];
    let output = poll(&device, &arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    let times = readings(&records).into_iter().map(|reading| {
        let time = reading.str("time").and_then(Time::parse).unwrap_or_else(|| panic!("{reading}"));
        u64::try_from(time.millis()).unwrap()
    });
    let times: Vec<u64> = times.collect();
    assert_eq!(times.len(), 3);
    let late: Vec<u64> = times.iter().map(|time| time % PERIOD).collect();
    assert!(late.iter().all(|late| *late < PERIOD / 2 - 100), "{late:?} ms behind the round");
    assert!(times.windows(2).all(|pair| pair[1] / PERIOD == pair[0] / PERIOD + 1), "{times:?}");
}
