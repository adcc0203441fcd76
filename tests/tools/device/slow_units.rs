//! Units of a Modbus bus that answer late, one question after another or all at once, and lines that say an answer twice.
//!
//! Each register holds its address and 100, so a value under a wrong name shows.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc::channel,
    thread,
    time::Duration,
};

use counterfoil::json::{Object, Value};

use super::rig::{foil, readings, records};
use crate::support::trial::trials;

trials![
    a_unit_that_answers_one_question_after_another_gives_no_value_under_a_wrong_name,
    a_unit_that_answers_later_than_anybody_waits_gives_no_value_under_a_wrong_name,
    a_line_that_repeats_answers_gives_no_value_under_a_wrong_name,
    a_unit_that_is_slow_within_the_time_that_is_promised_is_read,
];

/// What becomes of a question: milliseconds until its answer.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// The questions wait for each other
    Queue(u64),
    /// They do not
    Parallel(u64),
    /// The answer comes at once, and another frame so much later
    Repeater(u64),
}

/// `--timeout` of all polls, in milliseconds.
const TIMEOUT: u64 = 100;

fn crc(bytes: &[u8]) -> [u8; 2] {
    let bit = |crc: u16| if crc & 1 == 1 { crc >> 1 ^ 0xa001 } else { crc >> 1 };
    let byte = |crc: u16, byte: &u8| (0..8).fold(crc ^ u16::from(*byte), |crc, _| bit(crc));
    bytes.iter().fold(0xffff, byte).to_le_bytes()
}

fn answer(value: u16) -> Vec<u8> {
    let [high, low] = value.to_be_bytes();
    let frame = [1, 3, 2, high, low];
    [&frame[..], &crc(&frame)].concat()
}

/// Says an answer after a time.
fn say(line: &TcpStream, after: u64, value: u16) {
    thread::sleep(Duration::from_millis(after));
    let _ = (&*line).write_all(&answer(value));
}

fn say_apart(line: &TcpStream, after: u64, value: u16) {
    let line = line.try_clone().unwrap();
    thread::spawn(move || say(&line, after, value));
}

/// A unit at a server of a port; the address of that.
fn unit(unit: Unit) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    thread::spawn(move || serve(&listener.accept().unwrap().0, unit));
    port
}

fn serve(line: &TcpStream, unit: Unit) {
    line.set_nodelay(true).unwrap();
    let (queue, questions) = channel::<(u64, u16)>();
    let own = line.try_clone().unwrap();
    thread::spawn(move || questions.iter().for_each(|(after, value)| say(&own, after, value)));
    let mut question = [0; 8];
    while (&*line).read_exact(&mut question).is_ok() {
        let value = u16::from_be_bytes([question[2], question[3]]) + 100;
        match unit {
            Unit::Queue(after) => queue.send((after, value)).unwrap(),
            Unit::Parallel(after) => say_apart(line, after, value),
            Unit::Repeater(after) => {
                say(line, 0, value);
                say_apart(line, after, value);
            }
        }
    }
}

/// Polls three registers of a unit for some time.
fn poll(kind: Unit, retries: u32, seconds: u64) -> Vec<Object> {
    let mut command = foil(&["device", "poll", &unit(kind), "--every", "200ms", "--unit", "1"]);
    command.args(["--timeout", &format!("{TIMEOUT}ms"), "--retries", &retries.to_string()]);
    command.args(["--for", &format!("{seconds}s")]);
    for register in ["holding 0 u16 a", "holding 10 u16 b", "holding 20 u16 c"] {
        command.args(["--reg", register]);
    }
    records(&command.output().unwrap())
}

/// How many values there were, all of which are right.
fn right_values(records: &[Object], of: &str) -> usize {
    let mut count = 0;
    for reading in readings(records) {
        let values = reading.get("values").and_then(Value::as_object).unwrap();
        for (name, expected) in [("a", "100"), ("b", "110"), ("c", "120")] {
            let value = values.get(name).map(Value::to_canonical).unwrap_or_default();
            assert!(value == expected || value == "null", "{of}: {name} is {value}: {reading}");
            count += usize::from(value == expected);
        }
    }
    count
}

/// Polls all of these at once, each with no retry, one and two.
fn all_are_right(kinds: &[Unit], seconds: u64) -> Vec<(Unit, usize, Vec<Object>)> {
    let polls = kinds.iter().flat_map(|kind| (0..3).map(move |retries| (*kind, retries)));
    let polls: Vec<_> = polls
        .map(|(kind, retries)| (kind, thread::spawn(move || (retries, poll(kind, retries, seconds)))))
        .collect();
    let outcomes = polls.into_iter().map(|(kind, poll)| {
        let (retries, records) = poll.join().unwrap();
        (kind, right_values(&records, &format!("{kind:?}, {retries} retries")), records)
    });
    outcomes.collect()
}

fn a_unit_that_answers_one_question_after_another_gives_no_value_under_a_wrong_name() {
    all_are_right(&[50, 120, 170, 220, 270, 290].map(Unit::Queue), 6);
}

fn a_unit_that_answers_later_than_anybody_waits_gives_no_value_under_a_wrong_name() {
    all_are_right(&[310, 330, 380, 610, 640, 930, 980].map(Unit::Parallel), 8);
    all_are_right(&[310, 330, 390, 640].map(Unit::Queue), 8);
}

fn a_line_that_repeats_answers_gives_no_value_under_a_wrong_name() {
    let polls = all_are_right(&[5, 20, 40, 55, 70, 120, 250].map(Unit::Repeater), 5);
    // A poll that is stopped before all of its questions have ended may have nothing to say yet.
    let says = |(_, _, records): &(_, _, Vec<Object>)| {
        records.iter().any(|record| record.to_canonical().contains(r#""late":"#))
    };
    assert!(polls.iter().any(says), "{polls:?}");
}

fn a_unit_that_is_slow_within_the_time_that_is_promised_is_read() {
    let kinds = [Unit::Queue(50), Unit::Queue(80), Unit::Parallel(80)];
    for (kind, values, records) in all_are_right(&kinds, 4) {
        assert!(values > 0, "{kind:?}: {values} values: {records:?}");
    }
}
