//! Devices that speak when they are asked, played on a pseudo-terminal.

use std::{
    fs::File,
    io::{Read, Write},
    os::fd::OwnedFd,
    process::Stdio,
    thread,
    time::Duration,
};

use rustix::{
    pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt},
    termios::tcgetattr,
};

use super::rig::{foil, readings, records, talk, wait_for, words};
use crate::support::trial::trials;

trials![
    a_console_is_asked_before_each_answer_and_its_echo_is_no_reading,
    a_meter_of_mode_c_is_followed_to_its_speed,
    a_server_keeps_its_speed,
    what_cannot_be_asked_is_refused,
];

/// A device's end of a line.
struct Line {
    master: File,
    port: String,
}

impl Line {
    fn new() -> Self {
        let master: OwnedFd = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
        grantpt(&master).unwrap();
        unlockpt(&master).unwrap();
        let port = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
        Self { master: master.into(), port }
    }

    /// What comes, up to and with this.
    fn hear(&mut self, end: &[u8]) -> Vec<u8> {
        let (mut heard, mut byte) = (Vec::new(), [0]);
        while !heard.ends_with(end) {
            match self.master.read(&mut byte) {
                Ok(1) => heard.push(byte[0]),
                // Nobody has opened the other end yet.
                _ => thread::sleep(Duration::from_millis(5)),
            }
        }
        heard
    }

    fn say(&mut self, bytes: &[u8]) {
        self.master.write_all(bytes).unwrap();
    }

    fn baud(&self) -> u32 {
        tcgetattr(&self.master).unwrap().input_speed()
    }
}

fn a_console_is_asked_before_each_answer_and_its_echo_is_no_reading() {
    let mut line = Line::new();
    let mut command = foil(&["device", "read", &line.port, "--format", "text", "--count", "4"]);
    command.args(["--ask", "pwr 2\\n", "--every", "300ms"]);
    let reader = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for n in 0..2 {
        assert_eq!(line.hear(b"\n"), b"pwr 2\n");
        line.say(format!("pwr 2\r\nvolts={n} V\r\npylon>").as_bytes());
        // What comes unasked counts, too.
        line.say(format!("pwr 2\r\nevent={n}\r\n").as_bytes());
    }
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    assert_eq!(words(&records), ["started", "reading", "reading", "reading", "reading", "stopped"]);
    let values: Vec<_> = readings(&records).iter().map(|r| r.get("values").unwrap().to_string()).collect();
    assert_eq!(values, [r#"{"volts":0}"#, r#"{"event":0}"#, r#"{"volts":1}"#, r#"{"event":1}"#]);
}

/// A readout with its check character.
const READOUT: &[u8] = b"\x02F.F(00000000)\r\n1.8.0(000123.4*kWh)\r\n!\r\n\x03\x56";

fn a_meter_of_mode_c_is_followed_to_its_speed() {
    let mut line = Line::new();
    let mut command = foil(&["device", "read", &line.port, "--ask", "iec62056", "--every", "200ms"]);
    command.args(["--mode", "8N1", "--count", "2"]);
    let reader = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut readouts = 0;
    while readouts < 2 {
        match &line.hear(b"\n")[..] {
            // Optical heads send the question back.
            b"/?!\r\n" => {
                assert_eq!(line.baud(), 300);
                line.say(b"/?!\r\n/FOI5METER\r\n");
            }
            heard => {
                assert_eq!(heard, b"\x06050\r\n");
                line.say(heard);
                wait_for(|| line.baud() == 9_600);
                line.say(READOUT);
                readouts += 1;
            }
        }
    }
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
    let records = records(&output);
    let readings = readings(&records);
    assert_eq!(readings.len(), 2, "{records:?}");
    for reading in readings {
        let expected = r#"{"F.F":"00000000","energy_import":123.4,"meter":"FOI5METER"}"#;
        assert_eq!(reading.get("values").unwrap().to_string(), expected);
        assert_eq!(reading.str("integrity"), Some("checksum"));
    }
}

fn a_server_keeps_its_speed() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    let mut command = foil(&["device", "read", &port, "--ask", "iec62056", "--count", "1"]);
    let reader = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let (mut stream, _) = listener.accept().unwrap();
    let mut heard = [0; 5];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"/?!\r\n");
    stream.write_all(b"/FOI5METER\r\n").unwrap();
    let mut heard = [0; 6];
    stream.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"\x06000\r\n");
    stream.write_all(READOUT).unwrap();
    let output = reader.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", talk(&output));
}

fn what_cannot_be_asked_is_refused() {
    for (arguments, why) in [
        (&["-", "--ask", "x"][..], "- cannot be asked"),
        (&["sim:meter", "--ask", "x"], "sim:meter cannot be asked"),
        (&["/dev/null", "--every", "1s"], "neither asked nor simulated"),
        (&["/dev/null", "--ask", "x", "--every", "1ms"], "not asked more often"),
    ] {
        let output = foil(&[&["device", "read"], arguments].concat()).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(talk(&output).contains(why), "{}", talk(&output));
    }
}
