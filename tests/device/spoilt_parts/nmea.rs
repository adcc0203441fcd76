//! Sentences: their fields are apart by commas.

use std::ops::Range;

use super::{PartedFrame, SpoiltFormat};

pub(super) const FORMAT: SpoiltFormat = SpoiltFormat {
    name: "nmea",
    frames: &[
        PartedFrame {
            bytes: b"$GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,5.0,E,A,V*49",
            changes: "*|utc|valid latitude longitude speed course utc|latitude|latitude|longitude|longitude|speed|course|utc|magnetic_variation|magnetic_variation|mode valid latitude longitude speed course utc|navigational_status",
        },
        PartedFrame {
            bytes: b"$GPGGA,101112.00,6000.1234567,N,02000.7654321,E,4,13,0.9,255.747,M,-32.00,M,01,0000*7F",
            changes: "*|utc|latitude|latitude|longitude|longitude|quality valid latitude longitude altitude geoid_separation|satellites|hdop|altitude|altitude|geoid_separation|geoid_separation|correction_age|station",
        },
        PartedFrame {
            bytes: b"$GNGNS,101112.00,6000.0000,N,02000.0000,W,AAN,14,0.8,35.2,21.1,,,S*46",
            changes: "*|utc|latitude|latitude|longitude|longitude|mode valid latitude longitude altitude geoid_separation|satellites|hdop|altitude|geoid_separation|correction_age|station|navigational_status",
        },
        PartedFrame {
            bytes: b"$GPGLL,6000.0000,N,02000.0000,E,101112.00,A,A*6F",
            changes: "*|latitude|latitude|longitude|longitude|utc|valid latitude longitude|mode valid latitude longitude",
        },
        PartedFrame {
            bytes: b"$GNGSA,A,3,04,05,09,12,24,,,,,,,,1.8,1.0,1.5,1*30",
            changes: "*|mode|fix|satellites|satellites|satellites|satellites|satellites|satellites|satellites|satellites|satellites|satellites|satellites|satellites|pdop|hdop|vdop|system_id",
        },
        PartedFrame {
            bytes: b"$GAGSV,1,1,01,02,40,083,46,7*4D",
            changes: "*|messages|message|satellites_in_view|satellite_1_id|satellite_1_elevation|satellite_1_azimuth|satellite_1_snr|signal_id",
        },
        PartedFrame {
            bytes: b"$GPVTG,54.7,T,34.4,M,5.5,N,10.2,K,A*15",
            changes: "*|course|course|course_magnetic|course_magnetic|speed|speed|speed|speed|mode course course_magnetic speed",
        },
        PartedFrame { bytes: b"$GPZDA,101112.00,15,07,2026,00,00*61", changes: "*|utc|utc|utc|utc||" },
        PartedFrame {
            bytes: b"$IIMWV,271.0,R,10.0,N,A*08",
            changes: "*|wind_angle|wind_reference|wind_speed|wind_speed|valid wind_angle wind_speed",
        },
        PartedFrame {
            bytes: b"$WIMDA,29.9,I,1.013,B,18.5,C,,,61,,10.9,C,,T,,M,,N,,M*75",
            changes: "*|pressure_mercury|pressure_mercury|pressure|pressure|temperature|temperature|water_temperature|water_temperature|humidity|humidity_absolute|dew_point|dew_point|wind_direction|wind_direction|wind_direction_magnetic|wind_direction_magnetic|wind_speed|wind_speed|wind_speed|wind_speed",
        },
        PartedFrame {
            bytes: b"$IIVHW,,T,201,M,4.2,N,7.8,K*6F",
            changes: "*|heading|heading|heading_magnetic|heading_magnetic|water_speed|water_speed|water_speed|water_speed",
        },
        PartedFrame {
            bytes: b"$IIXDR,A,0.5,D,PITCH,A,-4.0,D,ROLL*39",
            changes: "*|PITCH|PITCH|PITCH|PITCH|ROLL|ROLL|ROLL|ROLL",
        },
        PartedFrame {
            bytes: b"$IIRPM,E,1,2418.2,10.5,A*5F",
            changes: "*|rotation_source|rotation_number|rotation|propeller_pitch|valid rotation propeller_pitch",
        },
    ],
    parts,
    separates: |byte| b",*$!\\\r\n".contains(&byte),
    formed: None,
    sealed: Some(sealed),
};

fn parts(frame: &[u8]) -> Vec<Range<usize>> {
    let end = frame.iter().rposition(|byte| *byte == b'*').unwrap();
    let commas = (0..end).filter(|at| frame[*at] == b',');
    let ends: Vec<_> = commas.chain([end]).collect();
    let starts = [1].into_iter().chain(ends.iter().map(|at| at + 1));
    starts.zip(ends.iter()).map(|(start, end)| start..*end).collect()
}

fn sealed(frame: &[u8]) -> Vec<u8> {
    let end = frame.iter().rposition(|byte| *byte == b'*').unwrap();
    let sum = frame[1..end].iter().fold(0, |sum, byte| sum ^ byte);
    [&frame[..end], format!("*{sum:02X}").as_bytes()].concat()
}
