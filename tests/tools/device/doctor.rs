//! The doctor over pseudo-terminals: what it sees, what it proposes, and that what it proposes works.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpListener,
    process::Stdio,
};

use counterfoil::{
    device::recording::{RecordedLine, RecordingReader},
    json::{self, Object},
};

use super::rig::{Device, foil, signal, talk};
use crate::support::trial::trials;

trials![
    what_the_doctor_proposes_reads_the_device,
    seven_bits_are_found_in_eight,
    a_port_that_another_process_has_is_told_with_who_has_it,
    a_silent_device_is_no_reason_to_guess,
    servers_of_ports_are_examined_too,
    a_recording_over_a_server_is_replayed,
    a_recording_of_nothing_leaves_no_file,
];

fn examine(arguments: &[&str]) -> (Option<i32>, Object, String) {
    let output = foil(&[&["device", "doctor"], arguments].concat()).output().unwrap();
    let talk = talk(&output);
    let line = output.stdout.strip_suffix(b"\n").unwrap_or_else(|| panic!("no finding: {talk}"));
    (output.status.code(), json::parse_object(line).unwrap(), talk)
}

fn what_the_doctor_proposes_reads_the_device() {
    for (kind, format) in [("cold-room", "json"), ("thermometer", "text"), ("gps", "nmea"), ("meter", "dsmr")]
    {
        let device = Device::simulate(&[kind]);
        let port = device.port();
        let (code, found, talk) = examine(&[port.to_str().unwrap()]);
        assert_eq!((code, found.str("format")), (Some(0), Some(format)), "{found} {talk}");
        let command = found.str("command").unwrap();
        assert_eq!(command, format!("foil device read {} --format {format}", port.display()));
        let words: Vec<_> = command.split(' ').skip(1).collect();
        let read = foil(&words).args(["--count", "1"]).output().unwrap();
        assert_eq!(read.status.code(), Some(0));
    }
}

fn seven_bits_are_found_in_eight() {
    let bytes = "/LAB5x\r\n\r\n0-0:96.1.1(39393939)\r\n1-0:1.8.1(04321.987*kWh)\r\n!\r\n".bytes();
    let odd = bytes.fold(String::new(), |script, byte| {
        let bit = if byte.count_ones() % 2 == 1 { 0 } else { 0x80 };
        format!("{script}\\x{:02x}", byte | bit)
    });
    let device = Device::play(&format!("send {odd}\nwait 200ms\n").repeat(20), &[]);
    let (code, found, talk) = examine(&[device.port().to_str().unwrap()]);
    assert_eq!(code, Some(0), "{found} {talk}");
    assert!(found.str("command").unwrap().ends_with("--mode 7O1 --format dsmr --allow-mismatch"), "{found}");
}

fn a_port_that_another_process_has_is_told_with_who_has_it() {
    let device = Device::simulate(&["cold-room"]);
    let mut reader = device.reader(&[]).spawn().unwrap();
    // The pipe stays open: a reader whose output nobody reads ends.
    let mut lines = BufReader::new(reader.stdout.take().unwrap()).lines();
    lines.next().unwrap().unwrap();
    let (code, found, talk) = examine(&[device.port().to_str().unwrap()]);
    assert_eq!(code, Some(75), "{talk}");
    let holder = found.get("holder").unwrap().as_object().unwrap();
    assert_eq!(holder.get("pid").unwrap().as_u64(), Some(reader.id().into()));
    assert!(talk.contains(&format!("busy: held by foil (process {})", reader.id())), "{talk}");
    assert!(talk.contains(&format!("hint: kill {} ends foil", reader.id())), "{talk}");
    let _ = reader.kill();
    let _ = reader.wait();
}

fn a_silent_device_is_no_reason_to_guess() {
    let device = Device::play("wait 60s\nsend x\n", &[]);
    let (code, found, _) = examine(&[device.port().to_str().unwrap(), "--for", "700ms"]);
    assert_eq!((code, found.get("command")), (Some(1), Some(&json::Value::Null)), "{found}");
    assert!(found.to_string().contains("nothing came"), "{found}");
}

fn servers_of_ports_are_examined_too() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    let doctor = foil(&["device", "doctor", &port, "--send", "?"]).stdout(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    stream.write_all(b"$GPHDT,1,T*2A\r\n").unwrap();
    let output = doctor.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        String::from_utf8(output.stdout).unwrap().contains(&format!("foil device read {port} --format nmea"))
    );
}

fn a_recording_over_a_server_is_replayed() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("gps.rec");
    let file = file.to_str().unwrap();
    let mut recorder = foil(&["device", "record", &port, "-o", file]).stderr(Stdio::piped()).spawn().unwrap();
    let sent: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    for part in sent.chunks(5_000) {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(part).unwrap();
    }
    let mut lines = BufReader::new(recorder.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert_eq!(lines.by_ref().filter(|line| line.contains(": disconnected: ")).take(2).count(), 2);
    signal(&recorder, "TERM");
    assert_eq!(recorder.wait().unwrap().code(), Some(143));
    let replayed = foil(&["device", "replay", file, "--stdout", "--speed", "max"]).output().unwrap();
    assert_eq!(replayed.status.code(), Some(2), "a pipe cannot tell where the server went away");
    assert!(replayed.stdout == sent[..5_000], "{} of {} bytes", replayed.stdout.len(), sent.len());
    let bytes: Vec<u8> = RecordingReader::new(std::fs::read(file).unwrap().as_slice())
        .filter_map(
            |line| if let RecordedLine::Bytes { bytes, .. } = line.unwrap() { Some(bytes) } else { None },
        )
        .flatten()
        .collect();
    assert!(bytes == sent, "{} of {} bytes", bytes.len(), sent.len());
    let text = std::fs::read_to_string(file).unwrap();
    assert_eq!(text.matches("\"event\":\"disconnected\"").count(), 2, "{text}");
}

fn a_recording_of_nothing_leaves_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let (absent, file) = (folder.path().join("port"), folder.path().join("new.rec"));
    let record = |arguments: &[&str]| {
        let mut command = foil(&["device", "record", absent.to_str().unwrap(), "-o", file.to_str().unwrap()]);
        command.args(arguments).output().unwrap().status.code()
    };
    assert_eq!(record(&["--no-reconnect"]), Some(2));
    assert!(!file.exists(), "the port never opened");
    assert_eq!(record(&["--for", "300ms"]), Some(124));
    assert!(!file.exists(), "it was waited for in vain");
    std::fs::write(&file, "").unwrap();
    assert_eq!(record(&["--no-reconnect"]), Some(2));
    assert!(file.exists(), "it is not ours");
}
