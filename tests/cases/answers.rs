//! Which other answers are right by the cases' notes, and the words that messages must have.

/// A case, the name of a value there, and the name, JSON value and unit that are as good; value `""`: it may be left out.
pub(super) const ALSO: &[(&str, &str, &str, &str, &str)] = &[
    ("d01", "power_peak_1", "power_peak_1", "null", ""),
    ("d04", "voltage_l1", "voltage_l1", "231", "V"),
    ("d04", "current_l1", "current_l1", "4", "A"),
    ("d04-zone", "voltage_l1", "voltage_l1", "231", "V"),
    ("d04-zone", "current_l1", "current_l1", "4", "A"),
    ("d06", "device_time", "device_time", "\"000101010000W\"", ""),
    ("d09", "mbus1_volume", "mbus1_volume", "null", ""),
    ("j03", "device_time", "device_time", "", ""),
    ("n01", "pressure", "pressure", "1.013", "bar"),
    ("n03", "water_temperature", "water_temperature", "64.4", "degF"),
    ("t03", "Warmth_2", "Warmth_2", "19.8", "Cel"),
    ("t03", "Feels_2", "Feels_2", "19.2", "Cel"),
];

/// Cases where a part that was not understood may be kept in another way than as one text.
pub(super) const KEPT_OTHERWISE: &[&str] = &[];

/// A case, where it is said (`message`: standard error, `status`: the records), and a word of it.
pub(super) const WORDS: &[(&str, &str, &str)] = &[
    ("d12", "message", "parity"),
    ("d12", "message", "--mode 7E1"),
    ("d12", "status", "\"bad-frames\""),
    ("d12-pty", "message", "parity"),
    ("d12-pty", "message", "--mode 7E1"),
    ("d12-pty", "status", "\"bad-frames\""),
    ("d13-bad", "status", "\"checksum\":1"),
    ("d13-dsmr", "message", "--format iec62056"),
    ("t09", "status", "\"noise\":5"),
    ("t12-text", "message", "--format vedirect"),
    ("t13-text", "message", "--format tic"),
    ("t20", "status", "\"bad-frames\""),
    ("t20", "message", "decimal"),
    ("j01", "status", "\"bad-frames\""),
];
