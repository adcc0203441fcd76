//! NMEA sentences against pynmea2: the same values where it is right, and where it is not, which is right and why.

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
};

use counterfoil::{
    json::{self, Object, Value},
    record::reading::{Integrity, ReadingBody, ReadingValues},
};

use super::peers::decoded;
use crate::{
    peers::python_with,
    run,
    support::{needs::Tested, trial::trials},
    vectors,
};

trials![
    sentences_of_logs_mean_what_pynmea2_says,
    every_kind_of_sentence_means_what_pynmea2_says,
    where_pynmea2_is_wrong
];

const KNOT: f64 = 1852.0 / 3600.0;

/// A field of theirs, our name, the factor between them, and how far apart they may be.
const FIELDS: &[(&str, &str, f64, f64)] = &[
    ("latitude", "latitude", 1.0, 5.1e-9),
    ("longitude", "longitude", 1.0, 5.1e-9),
    ("true_course", "course", 1.0, 0.0),
    ("true_track", "course", 1.0, 0.0),
    ("mag_track", "course_magnetic", 1.0, 0.0),
    ("spd_over_grnd", "speed", KNOT, 5.1e-5),
    ("spd_over_grnd_kts", "speed", KNOT, 5.1e-5),
    ("altitude", "altitude", 1.0, 0.0),
    ("geo_sep", "geoid_separation", 1.0, 0.0),
    ("age_gps_data", "correction_age", 1.0, 0.0),
    ("gps_qual", "quality", 1.0, 0.0),
    ("num_sats", "satellites", 1.0, 0.0),
    ("horizontal_dil", "hdop", 1.0, 0.0),
    ("pdop", "pdop", 1.0, 0.0),
    ("hdop", "hdop", 1.0, 0.0),
    ("vdop", "vdop", 1.0, 0.0),
    ("mode_fix_type", "fix", 1.0, 0.0),
    ("num_messages", "messages", 1.0, 0.0),
    ("msg_num", "message", 1.0, 0.0),
    ("num_sv_in_view", "satellites_in_view", 1.0, 0.0),
    ("wind_angle", "wind_angle", 1.0, 0.0),
    ("direction_true", "wind_direction", 1.0, 0.0),
    ("direction_magnetic", "wind_direction_magnetic", 1.0, 0.0),
    ("wind_speed_meters", "wind_speed", 1.0, 0.0),
    ("b_pressure_inch", "pressure_mercury", 1.0, 0.0),
    ("b_pressure_bar", "pressure", 1_000.0, 1e-9),
    ("air_temp", "temperature", 1.0, 0.0),
    ("water_temp", "water_temperature", 1.0, 0.0),
    ("rel_humidity", "humidity", 1.0, 0.0),
    ("dew_point", "dew_point", 1.0, 0.0),
    ("temperature", "water_temperature", 1.0, 0.0),
    ("depth", "depth", 1.0, 0.0),
    ("offset", "depth_offset", 1.0, 0.0),
    ("range", "depth_range", 1.0, 0.0),
    ("depth_meters", "depth", 1.0, 0.0),
    ("depth_meter", "depth_below_surface", 1.0, 0.0),
    ("heading_true", "heading", 1.0, 0.0),
    ("heading_magnetic", "heading_magnetic", 1.0, 0.0),
    ("water_speed_knots", "water_speed", KNOT, 5.1e-5),
    ("lon_water_spd", "water_speed_along", KNOT, 5.1e-5),
    ("trans_water_spd", "water_speed_across", KNOT, 5.1e-5),
    ("lon_grnd_spd", "ground_speed_along", KNOT, 5.1e-5),
    ("trans_grnd_spd", "ground_speed_across", KNOT, 5.1e-5),
    ("trip_distance_reset", "water_distance_trip", 1_852.0, 1e-9),
    ("rate_of_turn", "rate_of_turn", 1.0, 0.0),
    ("engine_no", "rotation_number", 1.0, 0.0),
    ("pitch", "propeller_pitch", 1.0, 0.0),
    ("rsa_starboard", "rudder_angle", 1.0, 0.0),
];

/// A sentence for each kind, and how many of its values are compared.
const KINDS: &[(&str, usize)] = &[
    ("$GPRMC,101112.00,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,5.0,E,A,V*49", 4),
    ("$GPGGA,101112.00,6000.1234567,N,02000.7654321,E,4,13,0.9,255.747,M,-32.00,M,01,0000*7F", 8),
    ("$GNGNS,101112.00,6000.0000,N,02000.0000,W,AAN,14,0.8,35.2,21.1,,,S*46", 6),
    ("$GPGLL,6000.0000,N,02000.0000,E,101112.00,A,A*6F", 2),
    ("$GNGSA,A,3,04,05,09,12,24,,,,,,,,1.8,1.0,1.5,1*30", 4),
    ("$GPGSV,3,3,09,31,17,211,,32,05,300,22*71", 10),
    ("$GPVTG,54.7,T,34.4,M,5.5,N,10.2,K,A*15", 3),
    ("$IIMWD,271.0,T,266.0,M,10.0,N,5.1,M*77", 3),
    ("$WIMDA,29.9,I,1.013,B,18.5,C,,,61,,10.9,C,,T,,M,,N,,M*75", 5),
    ("$YXMTW,18.0,C*1B", 1),
    ("$SDDPT,12.3,-0.5,100*52", 3),
    ("$SDDBT,40.4,f,12.3,M,6.7,F*07", 1),
    ("$IIVHW,,T,201,M,4.2,N,7.8,K*6F", 2),
    ("$IIVLW,10.1,N,3.2,N*7C", 1),
    ("$IIVBW,4.2,-0.1,A,4.0,-0.2,A,0.3,V,,*39", 4),
    ("$TIROT,-12.5,A*20", 1),
    ("$IIRPM,E,1,2418.2,10.5,A*5F", 2),
    ("$IIRSA,10.5,A,,V*4D", 1),
];

/// A sentence of which pynmea2 says something else.
struct Otherwise {
    sentence: &'static str,
    /// A field of theirs and what it says; a field `why`: it refuses the sentence
    theirs: (&'static str, &'static str),
    /// Our value
    ours: (&'static str, &'static str),
}

/// Ours is right each time, for the reason above it.
const WRONG: &[Otherwise] = &[
    // What follows the last satellite since 4.11 is which of the satellites' signals was measured.
    Otherwise {
        sentence: "$GAGSV,1,1,01,02,40,083,46,7*4D",
        theirs: ("sv_prn_num_2", "7"),
        ours: ("signal_id", "\"7\""),
    },
    // The receiver calls its fix void: that is the last position that it had, or any.
    Otherwise {
        sentence: "$GPRMC,101112.00,V,6000.0000,N,02000.0000,E,39.9,10.0,150726,,,N*45",
        theirs: ("latitude", "60.0"),
        ours: ("latitude", "null"),
    },
    // Empty fields are no place in the Gulf of Guinea.
    Otherwise { sentence: "$GPGLL,,,,,,V,N*64", theirs: ("latitude", "0.0"), ours: ("latitude", "null") },
    // A blank behind the letter is no other side of the world, and no zero.
    Otherwise {
        sentence: "$GPGLL,6000.0000,N,02000.0000,E ,101112.00,A,A*4F",
        theirs: ("longitude", "0.0"),
        ours: ("longitude", "20"),
    },
    // A longitude has three digits of degrees: which of them is lacking nobody knows.
    Otherwise {
        sentence: "$GPGGA,101112.000,6000.000,N,2000.000,E,1,12,1.0,0.0,M,0.0,M,,*58",
        theirs: ("longitude", "20.0"),
        ours: ("longitude", "null"),
    },
    // An hour of arc has 60 minutes, from 0.
    Otherwise {
        sentence: "$GNRMC,101112.00,A,6060.0000,N,02000.0000,E,1.0,10.0,150726,,,A*77",
        theirs: ("latitude", "61.0"),
        ours: ("latitude", "null"),
    },
    // The rest of a sentence whose longitude is spoilt is as good as ever.
    Otherwise {
        sentence: "$GPGGA,101112.000,6000.000,N,-02000.000,E,1,12,1.0,0.0,M,0.0,M,,*45",
        theirs: ("latitude", "60.0"),
        ours: ("latitude", "60"),
    },
    // The altitude is in feet, as the letter behind it says.
    Otherwise {
        sentence: "$GPGGA,101112,6000.000,N,02000.000,E,1,07,1.1,65.6,F,,,,*2E",
        theirs: ("altitude", "65.6"),
        ours: ("altitude", "19.99488"),
    },
    // Before there were letters VTG had four fields: the third is the speed in knots.
    Otherwise {
        sentence: "$GPVTG,360.0,348.7,5.5,10.2*6C",
        theirs: ("mag_track", "5.5"),
        ours: ("course_magnetic", "348.7"),
    },
    // The first distance is the whole one, and no trip: 10.1 nautical miles.
    Otherwise {
        sentence: "$IIVLW,10.1,N,3.2,N*7C",
        theirs: ("trip_distance", "10.1"),
        ours: ("water_distance", "18705.2"),
    },
    // The instrument calls what it measures void.
    Otherwise {
        sentence: "$IIMWV,271.0,R,10.0,M,V*1C",
        theirs: ("wind_angle", "271.0"),
        ours: ("wind_angle", "null"),
    },
    // Digits and a letter are no temperature; what was sent is kept elsewhere.
    Otherwise {
        sentence: "$IIMTW,1C,C*7F",
        theirs: ("temperature", "1C"),
        ours: ("water_temperature", "null"),
    },
    // A sentence has as many transducers as it has fields for; theirs names the first.
    Otherwise {
        sentence: "$IIXDR,A,0.5,D,PITCH,A,-4.0,D,ROLL*39",
        theirs: ("id", "PITCH"),
        ours: ("ROLL", "-4"),
    },
    // A checksum without its leading zero is the same number.
    Otherwise {
        sentence: "$GPRMC,101112,A,6000.0000,N,02000.0000,E,39.9,10.0,150726,5,E,A*3",
        theirs: ("why", "ParseError"),
        ours: ("latitude", "60"),
    },
    // A TAG block is no part of the sentence, and a prompt neither.
    Otherwise {
        sentence: "\\s:lab,c:1784109601*56\\$GPHDT,123.4,T*31",
        theirs: ("why", "ParseError"),
        ours: ("heading", "123.4"),
    },
    Otherwise { sentence: "> $GPHDT,123.4,T*31", theirs: ("why", "ParseError"), ours: ("heading", "123.4") },
    // Depth below the keel is a sentence as good as depth below the surface.
    Otherwise {
        sentence: "$SDDBK,40.4,f,12.3,M,6.7,F*18",
        theirs: ("why", "SentenceTypeError"),
        ours: ("depth_below_keel", "12.3"),
    },
];

/// What pynmea2 says of each line.
fn pynmea2(lines: Vec<u8>) -> Result<Vec<Object>, crate::support::needs::Lacking> {
    let script = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/peers/nmea.py");
    let mut python = Command::new(python_with("pynmea2")?);
    python.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let run = run::feed(python.spawn().unwrap(), lines);
    assert_eq!(run.code, Some(0), "{}", run.err);
    Ok(run.out.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect())
}

/// What we say of a line, if it gives a reading.
fn ours(line: &[u8]) -> Option<ReadingBody> {
    let mut decoded = decoded("nmea", &[line, b"\r\n"].concat());
    decoded.pop()?.ok()?
}

fn sentences_of_logs_mean_what_pynmea2_says() -> Tested {
    let folder = vectors::dir("devices/nmea")?;
    let mut compared = 0;
    for name in ["hp58534a.log", "magellan315.log", "mtk-3329.log", "nmea1.log", "pynmea2-data.log"] {
        let log = fs::read(folder.join(name)).unwrap();
        let lines: Vec<&[u8]> = log.split(|byte| *byte == b'\n').collect();
        for (at, (line, theirs)) in lines.iter().zip(pynmea2(log.clone())?).enumerate() {
            let at = format!("{name}:{}", at + 1);
            let ours = ours(line);
            if let Some(why) = theirs.str("why") {
                // It refuses a sentence without checksum; we let that pass, as proving nothing.
                let unproven = ours.is_none_or(|body| why == "checksum" && body.integrity == Integrity::None);
                assert!(unproven, "{at}: {why}");
            } else if let Some(body) = ours {
                assert_eq!(body.integrity, Integrity::Checksum, "{at}");
                assert_eq!(body.values.str("sentence"), theirs.str("type"), "{at}");
                assert_eq!(body.values.str("talker"), theirs.str("talker"), "{at}");
                compared += compare(&at, &body.values, &theirs);
            } else {
                let unread = ["ProprietarySentence", "RTE", "R00"];
                assert!(theirs.str("type").is_some_and(|name| unread.contains(&name)), "{at}: {theirs:?}");
            }
        }
    }
    assert!(compared > 5_000, "only {compared} values");
    Ok(())
}

fn every_kind_of_sentence_means_what_pynmea2_says() -> Tested {
    let lines: Vec<&str> = KINDS.iter().map(|(line, _)| *line).collect();
    for ((line, values), theirs) in KINDS.iter().zip(pynmea2(lines.join("\n").into_bytes())?) {
        assert_eq!(compare(line, &ours(line.as_bytes()).unwrap().values, &theirs), *values, "{line}");
    }
    Ok(())
}

fn where_pynmea2_is_wrong() -> Tested {
    let lines: Vec<&str> = WRONG.iter().map(|wrong| wrong.sentence).collect();
    for (wrong, theirs) in WRONG.iter().zip(pynmea2(lines.join("\n").into_bytes())?) {
        let (line, (their_name, their_value), (name, value)) = (wrong.sentence, wrong.theirs, wrong.ours);
        let said = theirs.str(their_name).or_else(|| fields(&theirs)?.str(their_name));
        assert_eq!(said, Some(their_value), "{line}: {their_name}");
        let value = json::parse(value.as_bytes()).unwrap();
        assert_eq!(ours(line.as_bytes()).unwrap().values.get(name), Some(&value), "{line}: {name}");
    }
    Ok(())
}

fn fields(theirs: &Object) -> Option<&Object> {
    theirs.get("fields")?.as_object()
}

/// Compares what both read, and answers how many values that were.
fn compare(at: &str, ours: &ReadingValues, theirs: &Object) -> usize {
    // Theirs reads what the receiver itself calls void or has no dilution of, or makes 0 of an empty field.
    let is_null = |name: &str| ours.get(name) == Some(&Value::Null);
    let fields = fields(theirs).unwrap();
    let mut compared = 0;
    for (name, value) in fields.iter() {
        let Some(number) = value.as_str().and_then(|text| text.parse::<f64>().ok()) else { continue };
        let Some((our_name, factor, tolerance)) = name_of(name) else { continue };
        let is_none = number == 0.0 || our_name.ends_with("dop") && number >= 99.0;
        if is_null(&our_name) && (ours.get("valid") == Some(&false.into()) || is_none) {
            continue;
        }
        let is_near = matches!(ours.get(&our_name), Some(Value::Number(our)) if (our.as_f64() - number * factor).abs() <= tolerance);
        assert!(is_near, "{at}: {name} {number} is {:?}", ours.get(&our_name));
        compared += 1;
    }
    if let (Some(time), Some(utc)) = (fields.str("timestamp").filter(|time| time.len() > 7), ours.str("utc"))
    {
        let date = fields.str("datestamp").map(|date| format!("{date}T")).unwrap_or_default();
        assert!(utc.contains(&format!("{date}{}", &time[..8])), "{at}: {utc} is not {date}{time}");
    }
    compared
}

/// Our name for a field of theirs, the factor between them, and how far apart they may be.
fn name_of(theirs: &str) -> Option<(String, f64, f64)> {
    if let Some((_, ours, factor, tolerance)) = FIELDS.iter().find(|(name, ..)| *name == theirs) {
        return Some(((*ours).to_owned(), *factor, *tolerance));
    }
    let satellite =
        [("sv_prn_num_", "id"), ("elevation_deg_", "elevation"), ("azimuth_", "azimuth"), ("snr_", "snr")];
    satellite.iter().find_map(|(prefix, kind)| {
        Some((format!("satellite_{}_{kind}", theirs.strip_prefix(prefix)?), 1.0, 0.0))
    })
}
