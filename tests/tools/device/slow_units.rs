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
    a_first_copy_of_an_answer_gives_no_value_under_a_wrong_name,
    an_answer_that_comes_after_those_to_later_tries_gives_no_value_under_a_wrong_name,
    an_answer_that_comes_after_the_bus_was_opened_again_gives_no_value_under_a_wrong_name,
    registers_that_hold_the_same_are_read,
    a_unit_that_is_slow_within_the_time_that_is_promised_is_read,
];

/// What becomes of a question: the time until its answer, in hundredths of `--timeout`.
#[derive(Clone, Copy, Debug)]
enum Unit {
    /// The questions wait for each other
    Queue(u64),
    /// They do not
    Parallel(u64),
    /// The answer comes at once, and another frame so much later
    Repeater(u64),
    /// How often a register was asked for before, and what value of a register that is; when the answers to that come
    Planned(fn(usize, u16) -> Vec<u64>),
}

/// `--timeout` of all polls, in milliseconds: so long that a busy machine makes no answer later than what is promised.
const TIMEOUT: u64 = 300;

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

/// Says an answer after a time, in hundredths of `--timeout`.
fn say(line: &TcpStream, after: u64, value: u16) {
    thread::sleep(Duration::from_millis(after * TIMEOUT / 100));
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
    let mut asked: Vec<u16> = Vec::new();
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
            Unit::Planned(plan) => {
                let before = asked.iter().filter(|asked| **asked == value).count();
                for after in plan(before, value) {
                    say_apart(line, after, value);
                }
            }
        }
        asked.push(value);
    }
}

/// Polls three registers of a unit for some times of ten timeouts.
fn poll(kind: Unit, retries: u32, times: u64) -> Vec<Object> {
    let time = format!("{}ms", times * 10 * TIMEOUT);
    poll_port(&unit(kind), TIMEOUT, &["--retries", &retries.to_string(), "--for", &time])
}

fn poll_port(port: &str, timeout: u64, arguments: &[&str]) -> Vec<Object> {
    let mut command = foil(&["device", "poll", port, "--every", "600ms", "--unit", "1"]);
    command.args(["--timeout", &format!("{timeout}ms")]).args(arguments);
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
fn all_are_right(kinds: &[Unit], times: u64) -> Vec<(Unit, usize, Vec<Object>)> {
    let polls = kinds.iter().flat_map(|kind| (0..3).map(move |retries| (*kind, retries)));
    let polls: Vec<_> = polls
        .map(|(kind, retries)| (kind, thread::spawn(move || (retries, poll(kind, retries, times)))))
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
    all_are_right(&[310, 330, 380, 610, 640, 730, 780].map(Unit::Parallel), 8);
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

fn a_first_copy_of_an_answer_gives_no_value_under_a_wrong_name() {
    let copies: [fn(usize, u16) -> Vec<u64>; 3] = [
        // The copy of a comes before the answer about b, or that about c.
        |before, value| match (before, value) {
            (0, 100) => vec![0, 80],
            (_, 110) => vec![90],
            _ => vec![0],
        },
        |before, value| match (before, value) {
            (0, 100) => vec![0, 140],
            (_, 120) => vec![90],
            _ => vec![0],
        },
        // All answers come late once.
        |before, _| if before == 1 { vec![60, 90] } else { vec![40] },
    ];
    all_are_right(&copies.map(Unit::Planned), 4);
}

fn an_answer_that_comes_after_those_to_later_tries_gives_no_value_under_a_wrong_name() {
    let plans: [fn(usize, u16) -> Vec<u64>; 2] = [
        // The second try is answered before the first.
        |before, value| match (before, value) {
            (0, 100) => vec![450],
            (_, 100) => vec![0],
            _ => vec![150],
        },
        // Others are answered in between.
        |before, value| match (before, value) {
            (0, 100) => vec![760],
            (_, 120) => vec![150],
            _ => vec![0],
        },
    ];
    all_are_right(&plans.map(Unit::Planned), 5);
}

/// Loses the line to a question about a, which is answered on the next one with what a has no more.
fn serve_again(listener: &TcpListener) {
    let mut question = [0; 8];
    let mut first = listener.accept().unwrap().0;
    let _ = first.read_exact(&mut question);
    drop(first);
    let (line, _) = listener.accept().unwrap();
    line.set_nodelay(true).unwrap();
    let mut is_first = true;
    while (&line).read_exact(&mut question).is_ok() {
        let value = u16::from_be_bytes([question[2], question[3]]) + 100;
        match value {
            100 => say(&line, 0, value),
            _ => say_apart(&line, 90, value),
        }
        if std::mem::take(&mut is_first) {
            say_apart(&line, 80, 1);
        }
    }
}

fn an_answer_that_comes_after_the_bus_was_opened_again_gives_no_value_under_a_wrong_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    thread::spawn(move || serve_again(&listener));
    let records = poll_port(&port, TIMEOUT, &["--for", "12s", "--backoff", "10ms..50ms"]);
    for reading in readings(&records) {
        let values = reading.get("values").and_then(Value::as_object).unwrap();
        assert!(!["b", "c"].iter().any(|name| values.get(name) == Some(&Value::from(1_u32))), "{reading}");
    }
}

fn registers_that_hold_the_same_are_read() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        let line = listener.accept().unwrap().0;
        while (&line).read_exact(&mut [0; 8]).is_ok() {
            say(&line, 0, 0);
        }
    });
    let records = poll_port(&port, 2_000, &["--count", "2", "--for", "60s"]);
    let readings = readings(&records);
    assert_eq!(readings.len(), 2, "{records:?}");
    for reading in readings {
        let values = reading.get("values").and_then(Value::as_object).unwrap();
        assert!(values.iter().all(|(_, value)| *value == Value::from(0_u32)), "{reading}");
    }
}

fn a_unit_that_is_slow_within_the_time_that_is_promised_is_read() {
    let kinds = [Unit::Queue(50), Unit::Queue(80), Unit::Parallel(80)];
    for (kind, values, records) in all_are_right(&kinds, 4) {
        assert!(values > 0, "{kind:?}: {values} values: {records:?}");
    }
}
