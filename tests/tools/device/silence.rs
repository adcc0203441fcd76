//! Bytes that give no reading are told, with the likely cause and the option that helps.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Output, Stdio},
};

use super::rig::{Device, foil, readings, records, signal, talk, words};
use crate::support::trial::trials;

trials![
    parity_bits_are_told_with_the_mode_that_reads_them,
    silence_is_told_after_ten_seconds_while_it_lasts,
    a_device_that_says_nothing_is_told_how_it_may_speak,
    another_format_is_proposed_by_its_shape,
    kinds_that_are_not_read_are_named,
    bad_frames_show_their_first_bytes_to_who_asks,
];

const TELEGRAM: &str = "/LAB5\\2CASE\r\n\r\n0-0:96.1.1(3939393939)\r\n1-0:1.8.1(04321.987*kWh)\r\n!\r\n";

/// A script that sends a text with even parity in the eighth bit, so many times a second.
fn with_parity(text: &str, times: usize) -> String {
    let escaped = text.bytes().fold(String::new(), |script, byte| {
        let bit = if byte.count_ones() % 2 == 0 { 0 } else { 0x80 };
        format!("{script}\\x{:02x}", byte | bit)
    });
    format!("send {escaped}\nwait 1s\n").repeat(times)
}

fn read_stdin(arguments: &[&str], input: &[u8]) -> Output {
    let mut command = foil(&["device", "read", "-"]);
    command.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    child.wait_with_output().unwrap()
}

fn parity_bits_are_told_with_the_mode_that_reads_them() {
    let device = Device::play(&with_parity(TELEGRAM, 3), &[]);
    let blind = device.read(&["--format", "dsmr", "--for", "1500ms"]);
    assert_eq!(blind.status.code(), Some(124), "{}", talk(&blind));
    assert_eq!(words(&records(&blind)), ["started", "bad-frames", "stopped"]);
    assert!(talk(&blind).contains("parity bits are set"), "{}", talk(&blind));
    assert!(talk(&blind).contains("hint: --mode 7E1 --allow-mismatch\n"), "{}", talk(&blind));

    let device = Device::play(&with_parity(TELEGRAM, 3), &[]);
    let seeing = device.read(&["--format", "dsmr", "--mode", "7E1", "--allow-mismatch", "--count", "2"]);
    assert_eq!(seeing.status.code(), Some(0), "{}", talk(&seeing));
    let records = records(&seeing);
    let values = readings(&records)[1].get("values").unwrap().as_object().unwrap();
    assert_eq!(values.get("energy_import_t1").unwrap().to_string(), "4321.987");
}

fn silence_is_told_after_ten_seconds_while_it_lasts() {
    let device = Device::play(&with_parity(TELEGRAM, 60), &[]);
    let mut reader = device.reader(&["--format", "dsmr"]).spawn().unwrap();
    let mut lines = BufReader::new(reader.stderr.take().unwrap()).lines().map(Result::unwrap);
    assert!(lines.any(|line| line.contains("gave no reading: parity bits are set")));
    assert!(lines.next().unwrap().contains("--mode 7E1"));
    signal(&reader, "TERM");
    assert_eq!(reader.wait().unwrap().code(), Some(143));
}

fn a_device_that_says_nothing_is_told_how_it_may_speak() {
    let device = Device::play("wait 60s\nsend x\n", &[]);
    let mute = device.read(&["--for", "1500ms"]);
    assert_eq!(mute.status.code(), Some(124));
    assert!(talk(&mute).contains("nothing came"), "{}", talk(&mute));
    assert!(talk(&mute).contains("hint: it may have to be asked"), "{}", talk(&mute));
}

fn another_format_is_proposed_by_its_shape() {
    let shown = read_stdin(&["--format", "nmea"], b"{\"t\":4}\n{\"t\":5}\n");
    assert_eq!(shown.status.code(), Some(1), "bytes, but no reading");
    assert!(talk(&shown).contains("16 bytes came and gave no reading"), "{}", talk(&shown));
    assert!(talk(&shown).ends_with("hint: --format json\n"), "{}", talk(&shown));
    let both = read_stdin(&["--format", "nmea"], b"{\"t\":4}\r{\"t\":5}\r");
    assert!(talk(&both).ends_with("hint: --frame delim:0d --format json\n"), "{}", talk(&both));
    let none = read_stdin(&["--format", "nmea"], b"");
    assert_eq!((none.status.code(), talk(&none).as_str()), (Some(0), ""));
    let unknown = read_stdin(&["--format", "nmea", "-q"], b"ready\n\xff\n");
    assert!(talk(&unknown).contains(r"they begin ready\n\xff\n"), "{}", talk(&unknown));
}

fn kinds_that_are_not_read_are_named() {
    let unread = "$PMTK001,604,1*30\n".repeat(12);
    let some = read_stdin(&["--format", "nmea"], format!("{unread}$GPHDT,1,T*2A\n").as_bytes());
    assert_eq!(some.status.code(), Some(0));
    assert_eq!(talk(&some), "foil device read: -: read nothing of: PMTK001 ×12\n");
    let none = read_stdin(&["--format", "nmea"], unread.as_bytes());
    assert_eq!(none.status.code(), Some(1));
    assert!(talk(&none).contains("gave no reading: read nothing of: PMTK001 ×12"), "{}", talk(&none));
}

fn bad_frames_show_their_first_bytes_to_who_asks() {
    let input = b"$GPHDT,1,T*2B\x1b[2J\n$GPHDT,1,T*2A\n";
    let shown = read_stdin(&["--format", "nmea", "-v"], input);
    assert!(talk(&shown).contains(r": $GPHDT,1,T*2B\x1b[2J"), "{}", talk(&shown));
    let brief = read_stdin(&["--format", "nmea"], input);
    assert!(!talk(&brief).contains("$GPHDT"), "{}", talk(&brief));
}
