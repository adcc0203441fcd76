//! Modbus RTU against a device by pymodbus, on lines with every fault that the field knows; and against the frames and registers
//! of other projects.
//!
//! Each register of that device says its unit, table and address, so a value under a wrong name shows.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Child, Command, Output, Stdio},
    thread,
};

use counterfoil::json::{self, Object, Value};

use super::rig::{foil, talk};
use crate::{
    peers::python_with,
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    no_fault_of_the_line_gives_a_value_under_a_wrong_name,
    what_is_right_comes_whole,
    answers_of_others_mean_what_they_say,
    requests_are_those_of_others,
    registers_of_every_type_and_order_mean_what_others_read,
    where_pymodbus_is_wrong,
];

const MAP: &str = r#"
[[device]]
unit = 1
name = "one"
[device.values]
h0 = { holding = 0, type = "u16" }
h4 = { holding = 4, type = "u16" }
h8 = { holding = 8, type = "u16" }
h10 = { holding = 10, type = "u32" }
h500 = { holding = 500, type = "u16" }
i0 = { input = 0, type = "u16" }
i4 = { input = 4, type = "u16" }
c1 = { coil = 1 }
c2 = { coil = 2 }
[[device]]
unit = 2
name = "two"
[device.values]
h0 = { holding = 0, type = "u16" }
h4 = { holding = 4, type = "u16" }
i4 = { input = 4, type = "u16" }
"#;

/// What `tests/peers/modbus_bus.py` can do to answers.
const FAULTS: [&str; 16] = [
    "late",
    "later",
    "lost",
    "twice",
    "crc",
    "cut",
    "unit",
    "function",
    "short",
    "long",
    "exception",
    "unnamed",
    "master",
    "noise",
    "echo",
    "slow",
];

/// A bus with the units 1 and 2, stopped when the test is over.
struct Bus {
    child: Child,
    port: String,
}

impl Bus {
    fn with(python: &Path, fault: &str) -> Self {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/modbus_bus.py");
        let mut command = Command::new(python);
        command.args(["-W", "ignore"]).arg(script).arg(fault);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut port = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut port).unwrap();
        Self { child, port: port.trim().to_owned() }
    }

    /// Polls it until there are so many readings, or too much time has gone by.
    fn poll(&self, count: u32) -> Output {
        let folder = tempfile::tempdir().unwrap();
        let map = folder.path().join("bus.toml");
        fs::write(&map, MAP).unwrap();
        let mut command = foil(&["device", "poll", &self.port, "--every", "400ms", "--timeout", "300ms"]);
        command.arg("--map").arg(map).args(["--count", &count.to_string(), "--for", "60s"]);
        command.output().unwrap()
    }
}

impl Drop for Bus {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn readings(output: &Output) -> Vec<Object> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    let records = text.lines().map(|line| json::parse_object(line.as_bytes()).unwrap());
    records.filter(|record| record.str("type") == Some("reading")).collect()
}

fn members<'a>(reading: &'a Object, name: &str) -> &'a Object {
    reading.get(name).and_then(Value::as_object).unwrap_or_else(|| panic!("{reading}"))
}

/// The value that a name must have, if it has any.
fn right_value(device: &str, name: &str) -> Value {
    let base = if device == "one" { 1_000_u32 } else { 2_000 };
    let (table, address) = name.split_at(1);
    let address: u32 = address.parse().unwrap();
    match table {
        "c" => Value::from(address % 2 == 1),
        "i" => Value::from(base + 500 + address),
        // Two registers.
        _ if address == 10 => Value::from((base + 10) * 65_536 + base + 11),
        _ => Value::from(base + address),
    }
}

/// Asserts that every value is the right one, or null with a reason; answers how many are not null.
fn none_is_wrong(reading: &Object, fault: &str) -> usize {
    let values = members(reading, "values");
    let mut right = 0;
    for (name, value) in values.iter() {
        if *value == Value::Null {
            assert!(members(reading, "undecoded").get(name).is_some(), "{fault}: {reading}");
        } else {
            assert_eq!(*value, right_value(reading.str("device").unwrap(), name), "{fault}: {name}");
            right += 1;
        }
    }
    right
}

fn no_fault_of_the_line_gives_a_value_under_a_wrong_name() -> Tested {
    let python = python_with("pymodbus, serial")?;
    thread::scope(|scope| {
        for fault in FAULTS {
            scope.spawn({
                let python = &python;
                move || {
                    let bus = Bus::with(python, fault);
                    let output = bus.poll(8);
                    let right: usize =
                        readings(&output).iter().map(|reading| none_is_wrong(reading, fault)).sum();
                    assert!(right > 0, "{fault}: nothing came through: {}", talk(&output));
                }
            });
        }
    });
    Ok(())
}

fn what_is_right_comes_whole() -> Tested {
    let bus = Bus::with(&python_with("pymodbus, serial")?, "none");
    let output = bus.poll(4);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let readings = readings(&output);
    assert_eq!(readings.len(), 4);
    for reading in &readings {
        let (all, absent) = if reading.str("device") == Some("one") { (9, 1) } else { (3, 0) };
        assert_eq!(none_is_wrong(reading, "none"), all - absent, "{reading}");
        assert_eq!(reading.str("integrity"), Some("crc"));
    }
    let refused = members(&readings[0], "undecoded").str("h500");
    assert_eq!(refused, Some("exception 2 (illegal data address)"));
    Ok(())
}

/// Polls a server once that answers each request by a function, and answers its output and the first request.
fn poll_server(
    arguments: &[String],
    answer: impl Fn(&[u8; 8]) -> Vec<u8> + Send,
) -> (Output, Option<[u8; 8]>) {
    ask_server(answer, |port| {
        let port = format!("tcp://127.0.0.1:{port}");
        let mut command = foil(&["device", "poll", &port, "--timeout", "300ms", "--retries", "0"]);
        command.args(["--every", "1h", "--count", "1", "--for", "3s", "--no-reconnect"]);
        command.args(arguments).output().unwrap()
    })
}

/// Lets a program ask a server that answers each request by a function. Its output, and the first request.
fn ask_server(
    answer: impl Fn(&[u8; 8]) -> Vec<u8> + Send,
    program: impl FnOnce(u16) -> Output,
) -> (Output, Option<[u8; 8]>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::scope(|scope| {
        let server = scope.spawn(move || {
            let (mut line, _) = listener.accept().unwrap();
            let (mut first, mut request) = (None, [0; 8]);
            while line.read_exact(&mut request).is_ok() {
                first.get_or_insert(request);
                if line.write_all(&answer(&request)).is_err() {
                    break;
                }
            }
            first
        });
        let output = program(port);
        (output, server.join().unwrap())
    })
}

/// `--unit N --reg …` for values of some registers.
fn arguments(unit: u64, values: &[String]) -> Vec<String> {
    let mut arguments = vec!["--unit".to_owned(), unit.to_string()];
    arguments.extend(values.iter().flat_map(|value| ["--reg".to_owned(), value.clone()]));
    arguments
}

fn frames() -> Result<Vec<Object>, crate::support::needs::Lacking> {
    let text = fs::read_to_string(vectors::dir("devices/modbus")?.join("frames.jsonl")).unwrap();
    let frames: Vec<_> = text.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect();
    assert!(frames.len() > 10);
    Ok(frames)
}

fn answers_of_others_mean_what_they_say() -> Tested {
    for frame in frames()?.iter().filter(|frame| !frame.str("name").unwrap().ends_with("_req")) {
        let name = frame.str("name").unwrap();
        let (table, kind) = match name {
            "read_coils_rsp" => ("coil", ""),
            "read_input_rsp" => ("input", "u16"),
            _ => ("holding", "u16"),
        };
        let expected = frame.get("registers").or_else(|| frame.get("bits")).and_then(Value::as_array);
        let count = expected.map_or(1, <[Value]>::len);
        let values: Vec<_> = (0..count).map(|at| format!("{table} {at} {kind} v{at}")).collect();
        let bytes = hex::decode(frame.str("hex").unwrap()).unwrap();
        let unit = frame.get("unit").and_then(Value::as_u64).unwrap();
        let (output, _) = poll_server(&arguments(unit, &values), |_| bytes.clone());
        if let Some(code) = frame.get("exception").and_then(Value::as_u64) {
            assert!(talk(&output).contains(&format!("exception {code} (")), "{frame}: {}", talk(&output));
            assert!(readings(&output).is_empty(), "{frame}");
            continue;
        }
        let readings = readings(&output);
        for (at, expected) in expected.unwrap().iter().enumerate() {
            let value = members(&readings[0], "values").get(&format!("v{at}")).unwrap();
            let truth = expected.as_u64().map(|bit| Value::from(bit == 1));
            let expected = if kind.is_empty() { truth.as_ref().unwrap() } else { expected };
            assert_eq!(value, expected, "{frame}");
        }
    }
    Ok(())
}

fn requests_are_those_of_others() -> Tested {
    for frame in frames()?.iter().filter(|frame| frame.str("name").unwrap().ends_with("_req")) {
        let number = |name: &str| frame.get(name).and_then(Value::as_u64).unwrap();
        let value = format!("holding {} string:{} text", number("addr"), number("count"));
        let (_, request) = poll_server(&arguments(number("unit"), &[value]), |_| Vec::new());
        assert_eq!(request.map(hex::encode).as_deref(), frame.str("hex"), "{frame}");
    }
    Ok(())
}

fn registers_of_every_type_and_order_mean_what_others_read() -> Tested {
    let path = vectors::dir("devices/modbus")?.join("frames.registermap.json");
    let cases = json::parse(&fs::read(path).unwrap()).unwrap();
    let cases: Vec<&Object> = cases.as_array().unwrap().iter().filter_map(Value::as_object).collect();
    assert!(cases.len() > 30);
    let words = |case: &Object| -> Vec<u16> {
        let registers = case.get("registers").and_then(Value::as_array).unwrap().iter();
        registers.map(|register| u16::try_from(register.as_u64().unwrap()).unwrap()).collect()
    };
    let kind = |case: &Object| {
        let name = case.str("type").unwrap();
        name.replace("uint", "u").replace("int", "i").replace("float", "f")
    };
    let line = |(at, case): (usize, &&Object)| {
        format!("holding {} {} {} c{at}", at * 4, kind(case), case.str("order").unwrap())
    };
    let values: Vec<_> = cases.iter().enumerate().map(line).collect();
    let memory: Vec<u16> =
        cases.iter().flat_map(|case| [words(case), vec![0; 4]].concat()[..4].to_vec()).collect();
    let (output, _) = poll_server(&arguments(1, &values), |request| {
        let (start, count) =
            (usize::from(request[2]) << 8 | usize::from(request[3]), usize::from(request[5]));
        let data: Vec<u8> = memory[start..start + count].iter().flat_map(|word| word.to_be_bytes()).collect();
        let head = [1, 3, u8::try_from(data.len()).unwrap()];
        with_crc(&[&head[..], &data].concat())
    });
    let readings = readings(&output);
    let values = members(readings.first().unwrap_or_else(|| panic!("{}", talk(&output))), "values");
    for (at, case) in cases.iter().enumerate() {
        let (Some(Value::Number(ours)), Some(Value::Number(theirs))) =
            (values.get(&format!("c{at}")), case.get("value"))
        else {
            panic!("{case}: {values}");
        };
        let same = if case.str("type") == Some("float32") {
            // We write the digits that tell it from its neighbours, they all of the double.
            #[allow(clippy::cast_possible_truncation)]
            let [ours, theirs] = [ours, theirs].map(|number| (number.as_f64() as f32).to_bits());
            ours == theirs
        } else {
            ours == theirs
        };
        assert!(same, "{case}: {}", ours.as_f64());
    }
    Ok(())
}

/// The CRC by the bytes of the standard's own example: bit by bit.
fn with_crc(bytes: &[u8]) -> Vec<u8> {
    let mut crc = 0xffff_u16;
    for byte in bytes {
        crc ^= u16::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xa001 } else { crc >> 1 };
        }
    }
    [bytes, &crc.to_le_bytes()].concat()
}

/// A frame of unit 1 with its CRC.
fn frame(function: u8, data: &[u8]) -> Vec<u8> {
    let bytes = [&[1, function], data].concat();
    let crc = bytes.iter().fold(0xffff_u16, |crc, byte| {
        (0..8).fold(crc ^ u16::from(*byte), |crc, _| (crc >> 1) ^ if crc & 1 == 1 { 0xa001 } else { 0 })
    });
    [bytes, crc.to_le_bytes().to_vec()].concat()
}

/// A function, the data behind it, and the registers that pymodbus takes from them.
type Answered = (u8, &'static [u8], Option<&'static [u8]>);

/// Answers to a question for two holding registers, and what pymodbus takes of each: an answer of another function or length is no
/// answer to this question, so `foil` is right to take none of the wrong ones.
const ANSWERS: [Answered; 4] = [
    (3, &[4, 0, 7, 0, 8], Some(&[7, 8])),
    (4, &[4, 0, 7, 0, 8], Some(&[7, 8])),
    (3, &[6, 0, 7, 0, 8, 0, 9], Some(&[7, 8, 9])),
    (3, &[2, 0, 7], Some(&[7])),
];

fn where_pymodbus_is_wrong() -> Tested {
    let python = python_with("pymodbus, serial")?;
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers/modbus_client.py");
    let values = ["holding 0 u16 a".to_owned(), "holding 1 u16 b".to_owned()];
    for (at, (function, data, taken)) in ANSWERS.into_iter().enumerate() {
        let answer = frame(function, data);
        let (theirs, _) = ask_server(
            |_| answer.clone(),
            |port| Command::new(&python).arg(&script).arg(port.to_string()).output().unwrap(),
        );
        let theirs = json::parse_object(String::from_utf8(theirs.stdout).unwrap().trim().as_bytes()).unwrap();
        let taken: Option<Vec<Value>> =
            taken.map(|taken| taken.iter().map(|one| u32::from(*one).into()).collect());
        assert_eq!(theirs.get("registers").unwrap().as_array().map(<[Value]>::to_vec), taken, "{answer:?}");
        let (ours, _) = poll_server(&arguments(1, &values), |_| answer.clone());
        let said: Vec<_> = readings(&ours).iter().map(|one| members(one, "values").to_string()).collect();
        let right: &[&str] = if at == 0 { &[r#"{"a":7,"b":8}"#] } else { &[] };
        assert_eq!(said, right, "{answer:?}: {}", talk(&ours));
    }
    Ok(())
}
