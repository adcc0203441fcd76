//! Sentences of instruments: wind, depth, water, heading, engines, rudders.

use super::{
    sentence::SentenceReader,
    units::{
        BARS, FATHOMS, FEET, INCHES_OF_MERCURY, KILOMETRES_PER_HOUR, KNOTS, METRES, METRES_PER_SECOND,
        NAUTICAL_MILES, SPEEDS, TEMPERATURES,
    },
};

/// Wind: angle, relative or true, speed, its unit, status.
pub(super) fn mwv(sentence: &mut SentenceReader) {
    sentence.number("wind_angle");
    sentence.choice("wind_reference", &[("R", "relative"), ("T", "true")]);
    sentence.measure("wind_speed", SPEEDS, false);
    sentence.status("valid", &["wind_angle", "wind_speed"]);
}

/// Wind: direction true and magnetic, speed in knots and m/s, of which m/s needs no rounding.
pub(super) fn mwd(sentence: &mut SentenceReader) {
    sentence.tagged("wind_direction", "T");
    sentence.tagged("wind_direction_magnetic", "M");
    sentence.measure_of_best("wind_speed", &[KNOTS, METRES_PER_SECOND], 1);
}

/// Wind relative to the bow in the old form: angle and side, negative to port, speed in knots, m/s and km/h.
pub(super) fn vwr(sentence: &mut SentenceReader) {
    wind_by_side(sentence, "relative");
}

/// The same of the true wind.
pub(super) fn vwt(sentence: &mut SentenceReader) {
    wind_by_side(sentence, "true");
}

fn wind_by_side(sentence: &mut SentenceReader, reference: &str) {
    sentence.signed("wind_angle", ["R", "L"]);
    sentence.set("wind_reference", reference);
    sentence.measure_of_best("wind_speed", &[KNOTS, METRES_PER_SECOND, KILOMETRES_PER_HOUR], 1);
}

/// Temperature of the air.
pub(super) fn mta(sentence: &mut SentenceReader) {
    sentence.measure("temperature", TEMPERATURES, true);
}

/// Pressure in inches of mercury and in bars.
pub(super) fn mmb(sentence: &mut SentenceReader) {
    sentence.measure("pressure_mercury", &[INCHES_OF_MERCURY], true);
    sentence.measure("pressure", &[BARS], true);
}

/// Humidity, relative and absolute, and dew point.
pub(super) fn mhu(sentence: &mut SentenceReader) {
    sentence.number("humidity");
    sentence.number("humidity_absolute");
    sentence.measure("dew_point", TEMPERATURES, true);
}

/// The weather: pressure in inches of mercury and in bars, air, water, humidity, dew point, wind as in MWD.
pub(super) fn mda(sentence: &mut SentenceReader) {
    mmb(sentence);
    mta(sentence);
    mtw(sentence);
    mhu(sentence);
    mwd(sentence);
}

/// Temperature of the water.
pub(super) fn mtw(sentence: &mut SentenceReader) {
    sentence.measure("water_temperature", TEMPERATURES, true);
}

/// Depth below the transducer in metres, where that is (positive: below the surface), and the range that it measures.
pub(super) fn dpt(sentence: &mut SentenceReader) {
    sentence.number("depth");
    sentence.number("depth_offset");
    sentence.number("depth_range");
}

/// Depth below the transducer in feet, metres, fathoms.
pub(super) fn dbt(sentence: &mut SentenceReader) {
    depth(sentence, "depth");
}

/// Depth below the surface in feet, metres, fathoms.
pub(super) fn dbs(sentence: &mut SentenceReader) {
    depth(sentence, "depth_below_surface");
}

/// Depth below the keel in feet, metres, fathoms.
pub(super) fn dbk(sentence: &mut SentenceReader) {
    depth(sentence, "depth_below_keel");
}

fn depth(sentence: &mut SentenceReader, name: &str) {
    sentence.measure_of_best(name, &[FEET, METRES, FATHOMS], 1);
}

/// Heading true and magnetic, speed through the water in knots and km/h.
pub(super) fn vhw(sentence: &mut SentenceReader) {
    sentence.tagged("heading", "T");
    sentence.tagged("heading_magnetic", "M");
    sentence.measure_of("water_speed", &[KNOTS, KILOMETRES_PER_HOUR]);
}

/// Distances through the water, in all and since they were reset, and since 3.0 over ground.
pub(super) fn vlw(sentence: &mut SentenceReader) {
    for name in ["water_distance", "water_distance_trip", "ground_distance", "ground_distance_trip"] {
        sentence.measure(name, &[NAUTICAL_MILES], true);
    }
}

/// Speeds in knots along and across the ship through the water, status, the same over ground, and across the stern.
pub(super) fn vbw(sentence: &mut SentenceReader) {
    for of in ["water", "ground"] {
        let [along, across] = ["along", "across"].map(|way| format!("{of}_speed_{way}"));
        sentence.plain(&along, KNOTS);
        sentence.plain(&across, KNOTS);
        sentence.status(&format!("{of}_speed_valid"), &[&along, &across]);
    }
    for of in ["water", "ground"] {
        let across = format!("{of}_speed_stern");
        sentence.plain(&across, KNOTS);
        sentence.status(&format!("{across}_valid"), &[&across]);
    }
}

/// Heading, true.
pub(super) fn hdt(sentence: &mut SentenceReader) {
    sentence.tagged("heading", "T");
}

/// Heading, magnetic.
pub(super) fn hdm(sentence: &mut SentenceReader) {
    sentence.tagged("heading_magnetic", "M");
}

/// Heading, magnetic, with deviation and variation.
pub(super) fn hdg(sentence: &mut SentenceReader) {
    sentence.number("heading_magnetic");
    sentence.signed("magnetic_deviation", ["E", "W"]);
    sentence.signed("magnetic_variation", ["E", "W"]);
}

/// Rate of turn in degrees a minute, negative to port, and status.
pub(super) fn rot(sentence: &mut SentenceReader) {
    sentence.number("rate_of_turn");
    sentence.status("valid", &["rate_of_turn"]);
}

/// Revolutions: shaft or engine, its number, speed, pitch of the propeller, status.
pub(super) fn rpm(sentence: &mut SentenceReader) {
    sentence.choice("rotation_source", &[("S", "shaft"), ("E", "engine")]);
    sentence.number("rotation_number");
    sentence.number("rotation");
    sentence.number("propeller_pitch");
    sentence.status("valid", &["rotation", "propeller_pitch"]);
}

/// Angles of the starboard rudder, or the only one, and of the port rudder, each with its status.
pub(super) fn rsa(sentence: &mut SentenceReader) {
    for name in ["rudder_angle", "rudder_angle_port"] {
        sentence.number(name);
        sentence.status(&format!("{name}_valid"), &[name]);
    }
}
