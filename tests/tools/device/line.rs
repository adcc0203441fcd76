//! The whole way over real pseudo-terminals: one process simulates a device, another reads it.

use std::{
    fs,
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    path::Path,
    process::{Output, Stdio},
    time::Duration,
};

use super::{
    peers::{self, decoded},
    rig::{self, Device, foil, readings, records, signal, talk, words},
};
use crate::{
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    telegrams_come_over_the_line_as_the_peers_read_them,
    a_log_of_sentences_comes_over_the_line_as_it_is,
    a_plug_that_comes_loose_is_told_once_and_found_again_under_its_link,
    waiting_for_a_device_costs_nothing,
    a_port_that_is_absent_at_first_is_waited_for,
    a_second_reader_is_refused_and_the_first_goes_on,
    settings_that_the_driver_does_not_take_are_refused,
    reasons_to_end_have_their_exit_status,
    a_reader_of_ours_that_goes_away_ends_us,
    hostile_input_leaves_only_good_readings,
    a_bad_line_never_makes_a_crc_lie,
    a_slow_reader_of_ours_loses_nothing_that_can_wait,
    the_device_is_asked_each_time_it_was_opened,
    standard_input_frames_and_raw_bytes,
    a_simulated_device_follows_its_seed,
];

fn telegrams_come_over_the_line_as_the_peers_read_them() -> Tested {
    let folder = vectors::dir("devices/dsmr")?;
    for name in ["TELEGRAM_V5.v5", "TELEGRAM_V4_2.v4", "TELEGRAM_V2_2.v2_2", "TELEGRAM_FLUVIUS_V171.fluvius"]
    {
        let path = folder.join(format!("{name}.telegram"));
        let device = Device::play(&format!("file {}", path.display()), &[]);
        let output = device.read(&["--format", "dsmr", "--count", "1", "--device", "house-7"]);
        assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
        let records = records(&output);
        assert_eq!(words(&records), ["started", "reading", "stopped"]);
        assert_eq!(records[1].str("device"), Some("house-7"));
        peers::compare_record(path.to_str().unwrap(), &records[1]);
    }
    Ok(())
}

fn a_log_of_sentences_comes_over_the_line_as_it_is() -> Tested {
    let folder = vectors::dir("devices/nmea")?;
    let path = folder.join("nmea1.log");
    let expected: Vec<_> = decoded("nmea", &fs::read(&path).unwrap())
        .into_iter()
        .filter_map(|sentence| Some(sentence.unwrap()?.values.to_canonical()))
        .collect();
    let device = Device::play(&format!("file {}", path.display()), &[]);
    let count = expected.len().to_string();
    let output = device.read(&["--format", "nmea", "--require", "checksum", "--count", &count]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    let readings: Vec<_> =
        readings(&records).iter().map(|r| r.get("values").unwrap().to_canonical()).collect();
    assert_eq!(readings, expected);
    Ok(())
}

fn a_plug_that_comes_loose_is_told_once_and_found_again_under_its_link() {
    let script =
        "send {\"t\":1}\\n\nsend {\"t\":\nunplug 400ms\nsend {\"t\":3}\\n\nunplug 1s\nsend {\"t\":4}\\n\n";
    let device = Device::play(script, &[]);
    let output = device.read(&["--count", "3"]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    let expected = [
        "started",
        "reading",
        "bad-frames",
        "disconnected",
        "connected",
        "reading",
        "disconnected",
        "connected",
        "reading",
        "stopped",
    ];
    assert_eq!(words(&records), expected);
    assert_eq!(records[2].get("detail").unwrap().to_string(), r#"{"partial-last":1}"#);
    let values: Vec<_> = readings(&records).iter().map(|r| r.get("values").unwrap().to_string()).collect();
    assert_eq!(values, [r#"{"t":1}"#, r#"{"t":3}"#, r#"{"t":4}"#]);
    assert!(talk(&output).contains("disconnected"), "{}", talk(&output));
}

fn waiting_for_a_device_costs_nothing() {
    let device = Device::play("send {\"t\":1}\\n\nunplug 5s\n", &[]);
    let mut reader = device.reader(&["--count", "2", "--backoff", "10ms..50ms"]).spawn().unwrap();
    let mut lines = BufReader::new(reader.stdout.take().unwrap()).lines();
    while !lines.next().unwrap().unwrap().contains("disconnected") {}
    let ticks = |pid: u32| -> u64 {
        let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        let behind_name = stat.rsplit(')').next().unwrap();
        behind_name.split_whitespace().skip(11).take(2).map(|field| field.parse::<u64>().unwrap()).sum()
    };
    let before = ticks(reader.id());
    std::thread::sleep(Duration::from_secs(1));
    let spent = ticks(reader.id()) - before;
    assert!(spent <= 20, "{spent} ticks of 10 ms in a second of waiting");
    signal(&reader, "TERM");
    assert_eq!(reader.wait().unwrap().code(), Some(143));
}

fn a_port_that_is_absent_at_first_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let port = folder.path().join("port");
    let mut command = foil(&["device", "read"]);
    command.arg(&port).args(["--count", "2", "--backoff", "10ms..50ms"]);
    let reader = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    std::thread::sleep(Duration::from_millis(300));
    let device = Device::in_folder(folder, &["cold-room"]);
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let said = records(&output);
    let words = words(&said);
    assert_eq!(&words[..4], ["started", "disconnected", "connected", "reading"], "{words:?}");
    assert_eq!(talk(&output).matches("is not there; waiting for it").count(), 1, "{}", talk(&output));
    drop(device);

    let nowhere =
        |more: &[&str]| foil(&[&["device", "read", "/dev/nowhere"], more].concat()).output().unwrap();
    assert_eq!(nowhere(&["--for", "200ms"]).status.code(), Some(124));
    assert_eq!(nowhere(&["--idle-timeout", "200ms"]).status.code(), Some(124));
    let refused = nowhere(&["--no-reconnect"]);
    assert_eq!((refused.status.code(), refused.stdout.len()), (Some(2), 0), "{}", talk(&refused));
}

fn a_second_reader_is_refused_and_the_first_goes_on() {
    let device = Device::simulate(&["cold-room"]);
    let mut first = device.reader(&[]).spawn().unwrap();
    let mut lines = BufReader::new(first.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    for _ in 0..2 {
        let second = device.read(&["--count", "1", "--wait", "0s"]);
        assert_eq!(second.status.code(), Some(75), "{}", talk(&second));
        assert!(talk(&second).contains("busy: held by foil"), "{}", talk(&second));
        assert!(second.stdout.is_empty());
    }
    for option in ["--for", "--idle-timeout"] {
        let second = device.read(&[option, "2s", "--wait", "1h"]);
        assert_eq!(second.status.code(), Some(75), "its end names the holder: {}", talk(&second));
        assert!(
            talk(&second).contains(&format!("hint: a longer {option} waits longer")),
            "{}",
            talk(&second)
        );
        assert!(second.stdout.is_empty());
    }
    let port = device.port();
    let recording =
        foil(&["device", "record"]).arg(&port).args(["--for", "2s", "--wait", "1h"]).output().unwrap();
    assert_eq!(recording.status.code(), Some(75), "{}", talk(&recording));
    assert!(talk(&recording).contains("hint: a longer --for waits longer"), "{}", talk(&recording));
    let mut waiting = device.reader(&["--count", "1", "--wait", "20s"]).spawn().unwrap();
    for _ in 0..50 {
        lines.next().unwrap().unwrap();
    }
    signal(&first, "INT");
    let rest: Vec<_> = lines.map(Result::unwrap).collect();
    assert!(rest.last().unwrap().contains(r#""why":"interrupted""#));
    assert_eq!(first.wait().unwrap().code(), Some(130));
    assert_eq!(waiting.wait().unwrap().code(), Some(0), "it waited for its turn");
}

fn settings_that_the_driver_does_not_take_are_refused() {
    // A pseudo-terminal has eight bits and no parity, whatever it is told.
    let device = Device::simulate(&["cold-room"]);
    let refused = device.read(&["--mode", "7E1", "--count", "1"]);
    assert_eq!(refused.status.code(), Some(2));
    assert!(talk(&refused).contains("7E1 became 8N1"), "{}", talk(&refused));
    let taken = device.read(&["--mode", "7E1", "--allow-mismatch", "--count", "1", "--baud", "250000"]);
    assert_eq!(taken.status.code(), Some(0), "{}", talk(&taken));
}

fn reasons_to_end_have_their_exit_status() {
    let device = Device::play("send {\"t\":1}\\n\nwait 20s\n", &[]);
    let idle = device.read(&["--idle-timeout", "300ms"]);
    assert_eq!(idle.status.code(), Some(124), "{}", talk(&idle));
    assert_eq!(*words(&records(&idle)).last().unwrap(), "stopped");
    assert!(talk(&idle).contains("no reading for 300ms"), "{}", talk(&idle));

    let none = device.read(&["--for", "200ms"]);
    assert_eq!(none.status.code(), Some(124), "{}", talk(&none));

    let device = Device::play("send {\"t\":1}\\n\nwait 100ms\nunplug 20s\n", &[]);
    let few = device.read(&["--for", "700ms", "--count", "2"]);
    assert_eq!(few.status.code(), Some(124), "{}", talk(&few));
    assert!(talk(&few).contains("1 of 2 readings"), "{}", talk(&few));

    let device = Device::play("send {\"t\":1}\\n\nwait 100ms\nunplug 20s\n", &[]);
    let gone = device.read(&["--no-reconnect"]);
    assert_eq!(gone.status.code(), Some(2));
    assert_eq!(words(&records(&gone)), ["started", "reading", "stopped"]);

    let nowhere = foil(&["device", "read", "/dev/nowhere", "--no-reconnect"]).output().unwrap();
    assert_eq!((nowhere.status.code(), nowhere.stdout.len()), (Some(2), 0));
    let no_port = foil(&["device", "read", "/dev/null"]).output().unwrap();
    assert!(talk(&no_port).contains("is no serial port"), "{}", talk(&no_port));
}

fn a_reader_of_ours_that_goes_away_ends_us() {
    let device = Device::simulate(&["cold-room"]);
    let mut reader = device.reader(&[]).spawn().unwrap();
    let mut first_line = String::new();
    BufReader::new(reader.stdout.take().unwrap()).read_line(&mut first_line).unwrap();
    assert_eq!(reader.wait().unwrap().code(), Some(141));
}

fn hostile_input_leaves_only_good_readings() {
    let folder = tempfile::tempdir().unwrap();
    let garbage = folder.path().join("garbage");
    let mut bytes = b"half\",1}\n{\"a\":1}\r\n\0\0{\"a\":2}\n".to_vec();
    bytes.extend(vec![b'x'; 1 << 20]);
    bytes.extend(b"\n{\"a\":NaN}\n\xff\xfe\n\n{\"a\":3,\"a\":4}\n{\"a\":\"\x1b[2J\"}\n\r\r\n");
    bytes.extend(vec![b'['; 5_000]);
    bytes.extend(b"\n{\"a\":5}\n");
    fs::write(&garbage, &bytes).unwrap();
    let device = Device::play(&format!("file {}", garbage.display()), &[]);
    let output = device.read(&["--count", "5"]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    let values: Vec<_> = readings(&records).iter().map(|r| r.get("values").unwrap().to_string()).collect();
    let expected = [r#"{"a":1}"#, r#"{"a":2}"#, r#"{"a":null}"#, r#"{"a":3,"a_2":4}"#, r#"{"a":5}"#];
    assert_eq!(values, expected);
    let counts = records.iter().find(|record| record.str("status") == Some("bad-frames")).unwrap();
    assert_eq!(
        counts.get("detail").unwrap().to_string(),
        r#"{"noise":2,"partial-first":1,"syntax":1,"too-long":1,"utf8":1}"#
    );
    assert_eq!(talk(&output).matches("bad frame: syntax").count(), 1, "one line a class: {}", talk(&output));

    let device = Device::play(&format!("file {}", garbage.display()), &[]);
    let strict = device.read(&["--count", "5", "--bad", "fail"]);
    assert_eq!(strict.status.code(), Some(2));
    assert_eq!(readings(&rig::records(&strict)).len(), 2, "up to the bad one");
}

fn a_bad_line_never_makes_a_crc_lie() {
    let device = Device::simulate(&["meter", "--fault", "drop=0.0005,flip=0.0005,cut=0.05,unplug=150"]);
    let output = device.read(&["--format", "dsmr", "--require", "crc", "--count", "60", "--for", "60s"]);
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    for reading in readings(&records) {
        let values = reading.get("values").unwrap().as_object().unwrap();
        assert_eq!(values.str("equipment_id"), Some("464F494C"), "{reading}");
        assert_eq!(reading.str("integrity"), Some("crc"));
    }
    assert!(words(&records).contains(&"bad-frames"));
}

fn a_slow_reader_of_ours_loses_nothing_that_can_wait() {
    let device = Device::simulate(&["thermometer", "--count", "4000"]);
    let mut reader = device.reader(&["--format", "text", "--count", "3000"]).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let mut text = String::new();
    reader.stdout.take().unwrap().read_to_string(&mut text).unwrap();
    let status = reader.wait().unwrap();
    let output = Output { status, stdout: text.into_bytes(), stderr: Vec::new() };
    let records = records(&output);
    assert_eq!(readings(&records).len(), 3_000);
    assert!(!words(&records).contains(&"gap"));
}

fn the_device_is_asked_each_time_it_was_opened() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    let mut command =
        foil(&["device", "read", &port, "--count", "2", "--send", "/?!\\r\\n", "--backoff", "10ms..20ms"]);
    let reader = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for answer in ["{\"n\":1}\n{\"n\":", "{\"n\":2}\n"] {
        let (mut stream, _) = listener.accept().unwrap();
        let mut asked = [0; 5];
        stream.read_exact(&mut asked).unwrap();
        assert_eq!(&asked, b"/?!\r\n");
        stream.write_all(answer.as_bytes()).unwrap();
    }
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let expected = ["started", "reading", "bad-frames", "disconnected", "connected", "reading", "stopped"];
    assert_eq!(words(&records(&output)), expected);
}

fn standard_input_frames_and_raw_bytes() {
    let read = |arguments: &[&str], input: &[u8]| {
        let mut command = foil(&["device", "read", "-"]);
        let mut child = command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let tee = folder.path().join("tee");
    let tee = tee.to_str().unwrap();
    let output =
        read(&["--frame", "delim:7c", "--raw", "hash", "--tee", tee], b"{\"a\":1}|{\"a\":2}|{\"a\":");
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(fs::read(Path::new(tee)).unwrap(), b"{\"a\":1}|{\"a\":2}|{\"a\":");
    let records = records(&output);
    assert_eq!(words(&records), ["started", "reading", "reading", "bad-frames", "stopped"]);
    assert_eq!(
        records[1].str("raw"),
        Some("015abd7f5cc57a2dd94b7590f04ad8084273905ee33ec5cebeae62276a97f862")
    );
    let output = read(&["--format", "text", "--raw", "full"], b"a=1\na=2");
    let words_said: Vec<_> =
        rig::records(&output).iter().filter_map(|r| Some(r.str("raw")?.to_owned())).collect();
    assert_eq!(words_said, ["YT0x"], "the last line without its line feed may be half a line");
}

fn a_simulated_device_follows_its_seed() {
    let said = |seed: &str| {
        let arguments = ["device", "read", "sim:cold-room", "--seed", seed, "--count", "50"];
        foil(&arguments).output().unwrap().stdout
    };
    assert_eq!(said("7"), said("7"));
    assert_ne!(said("7"), said("8"));
    let wrong = foil(&["device", "read", "-", "--seed", "7"]).output().unwrap();
    assert_eq!(wrong.status.code(), Some(2));
}
