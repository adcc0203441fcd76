//! What a port says of bytes that belong to no frame.

use std::{
    fs::File,
    io::{BufRead, BufReader, Read, Write},
    thread,
};

use counterfoil::device::decode::Decoder;
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::run::Folder;

/// A frame of each format.
const TIC: &[u8] = b"\x02\nEAST\t004321987\t1\r\x03";
const DSMR: &[u8] = b"/KFM5KAIFA-METER\r\n\r\n1-0:1.7.0(00.450*kW)\r\n!\r\n";
const IEC: &[u8] = b"/LAB5MT174-0001\r\n1.8.0(000123.4*kWh)\r\n!\r\n";
const VE: &[u8] = b"\r\nV\t13120\r\nI\t-450\r\nChecksum\t\x11";

/// A format, its words, a good frame, what follows behind it, and what is counted of that.
type Lost = (&'static [&'static str], Vec<u8>, Vec<u8>, &'static str);

/// What no frame takes: beginnings that were lost, and ends.
fn lost() -> Vec<Lost> {
    let sml = Decoder::named("sml").unwrap().fixtures.iter().find(|file| file.gives.is_ok()).unwrap().frame;
    let (nmea, long) = (b"$GPHDT,1,T*2A\r\n".to_vec(), b"{\"n\":1}\n".to_vec());
    vec![
        (&["tic"], TIC.to_vec(), [b"\x03", &TIC[2..]].concat(), r#"{"stray":1}"#),
        (&["tic"], TIC.to_vec(), TIC[..TIC.len() - 1].to_vec(), r#"{"partial-last":1}"#),
        (&["dsmr"], DSMR.to_vec(), DSMR[1..].to_vec(), r#"{"stray":1}"#),
        (&["dsmr"], DSMR.to_vec(), DSMR[..DSMR.len() - 3].to_vec(), r#"{"partial-last":1}"#),
        (&["iec62056"], IEC.to_vec(), IEC[1..].to_vec(), r#"{"stray":1}"#),
        (&["vedirect"], VE.to_vec(), VE[2..].to_vec(), r#"{"checksum":1,"stray":1}"#),
        (&["sml"], sml.to_vec(), sml[1..].to_vec(), r#"{"stray":1}"#),
        (&["nmea"], nmea.clone(), nmea[..8].to_vec(), r#"{"partial-last":1}"#),
        // The first object of a line may be a part of another.
        (
            &["json", "--frame", "braces"],
            long.repeat(2),
            long[1..].to_vec(),
            r#"{"partial-first":1,"stray":1}"#,
        ),
        (&["json", "--frame", "delim:0a"], long.clone(), b"\"n\":1}".to_vec(), r#"{"stray":1}"#),
        (&["json", "--frame", "len:8"], long, b"\"n\":1}".to_vec(), r#"{"stray":1}"#),
        (&["json", "--frame", "slip"], b"{\"n\":1}\xc0".to_vec(), b"{\"n\":1}".to_vec(), r#"{"stray":1}"#),
        (&["json", "--frame", "cobs"], b"\x08{\"n\":1}\0".to_vec(), b"\x08{\"n\"".to_vec(), r#"{"stray":1}"#),
    ]
}

/// What `foil device read` makes of bytes on a port that is silent afterwards: records, and messages.
fn read(format: &[&str], bytes: &[u8]) -> (String, String) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let port = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let (folder, mut line) = (Folder::new(), File::from(master));
    let words = [&["device", "read", &port, "--for", "3s", "--allow-mismatch", "--format"], format].concat();
    let mut child = folder.foil(&words).spawn().unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut said = String::new();
    // What comes before the port is open is thrown away.
    out.read_line(&mut said).unwrap();
    line.write_all(bytes).unwrap();
    out.read_to_string(&mut said).unwrap();
    (said, String::from_utf8(child.wait_with_output().unwrap().stderr).unwrap())
}

#[test]
fn letters_of_eight_bits_are_kept_although_the_format_has_seven() {
    let data = b"0.0.0(Z\xe4hler 12)\r\n81.7.1(120*\xb0)\r\n1.8.0(000123.4*kWh)\r\n!\r\n\x03";
    let check = data.iter().fold(0, |all, byte| all ^ byte);
    let (said, messages) = read(&["iec62056"], &[b"/LAB5MT174-0001\r\n\x02", &data[..], &[check]].concat());
    assert!(
        said.contains("\"0.0.0\":\"Zähler 12\"") && said.contains("\"phase_angle_u2_u1\":\"deg\""),
        "{said}{messages}"
    );
}

#[test]
fn what_a_port_loses_behind_a_good_frame_is_counted_at_the_end() {
    let runs: Vec<_> = lost()
        .into_iter()
        .map(|(format, good, bad, counts)| {
            (format, counts, thread::spawn(move || read(format, &[good, bad].concat())))
        })
        .collect();
    let mut wrong = Vec::new();
    for (format, counts, run) in runs {
        let (said, messages) = run.join().unwrap();
        let fault = counts.rsplit('"').nth(1).unwrap();
        let is_read = said.matches(r#""type":"reading""#).count() == 1;
        if !is_read || !said.contains(&format!("\"detail\":{counts}")) || !messages.contains(fault) {
            wrong.push(format!("{format:?}\n{said}{messages}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
