//! What each OBIS code of a P1 port means, in the names of the table of quantities.

use crate::json::JsonText;

use super::{ObisCode, quantity};

/// What kind of value a code has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A number, perhaps with a unit, perhaps behind the date when it was so much
    Number,
    /// Characters as they are: codes, hexadecimal ids
    Text,
    /// A small number, or a word
    State,
    /// What a meter on the M-Bus counts, behind the date; the unit says what that is
    Counter,
}

/// What a line is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The meter's clock
    Clock,
    /// When power failed, and for how long
    Failures,
    /// Values of past months
    Months,
    /// A value of this name
    Named(JsonText, Kind),
    /// Nothing that has a name
    Other,
}

/// Codes of the meter itself.
const METER: &[([u8; 5], &str, Kind)] = &[
    ([1, 3, 0, 2, 8], "version", Kind::Text),
    ([0, 0, 96, 1, 4], "version", Kind::Text),
    ([0, 0, 96, 1, 1], "equipment_id", Kind::Text),
    ([0, 0, 96, 1, 0], "equipment_id", Kind::Text),
    ([0, 0, 42, 0, 0], "equipment_id", Kind::Text),
    ([0, 0, 96, 14, 0], "tariff", Kind::Text),
    ([0, 0, 17, 0, 0], "power_limit", Kind::Number),
    ([1, 0, 1, 4, 0], "power_average", Kind::Number),
    ([1, 0, 1, 6, 0], "power_peak_month", Kind::Number),
    ([1, 0, 31, 4, 0], "current_limit", Kind::Number),
    ([0, 0, 96, 3, 10], "switch", Kind::State),
    ([0, 0, 96, 7, 21], "power_failures", Kind::Number),
    ([0, 0, 96, 7, 9], "power_failures_long", Kind::Number),
    ([1, 0, 32, 32, 0], "voltage_sags_l1", Kind::Number),
    ([1, 0, 52, 32, 0], "voltage_sags_l2", Kind::Number),
    ([1, 0, 72, 32, 0], "voltage_sags_l3", Kind::Number),
    ([1, 0, 32, 36, 0], "voltage_swells_l1", Kind::Number),
    ([1, 0, 52, 36, 0], "voltage_swells_l2", Kind::Number),
    ([1, 0, 72, 36, 0], "voltage_swells_l3", Kind::Number),
    ([0, 0, 96, 13, 0], "text", Kind::Text),
    ([0, 0, 96, 13, 1], "text_code", Kind::Text),
];

/// Codes of what is connected through the M-Bus; the name follows `mbus` and the channel.
const MBUS: &[([u8; 3], &str, Kind)] = &[
    ([24, 1, 0], "type", Kind::State),
    ([96, 1, 0], "id", Kind::Text),
    ([96, 1, 1], "id", Kind::Text),
    ([24, 4, 0], "valve", Kind::State),
    ([24, 2, 1], "volume", Kind::Counter),
    ([24, 2, 3], "volume", Kind::Counter),
    ([24, 3, 0], "volume", Kind::Counter),
];

/// What is measured there under another code's usual meaning: in Lithuania 31.4.0 is the mean current.
const ELSEWHERE: &[(&str, [u8; 5])] = &[("ESO", [1, 0, 31, 4, 0])];

/// What a code means in the telegram of a meter that calls itself so.
pub(super) fn meaning(code: ObisCode, meter: &str) -> Meaning {
    match code.0 {
        // 1.1.0 would be a count of seconds; meters of district heating in the Netherlands write their clock there.
        [0, 0, 1, 0 | 1, 0] => return Meaning::Clock,
        [1, 0, 99, 97, 0] => return Meaning::Failures,
        [0, 0, 98, 1, 0] => return Meaning::Months,
        _ => {}
    }
    if ELSEWHERE.iter().any(|(front, other)| *other == code.0 && meter.starts_with(front)) {
        return Meaning::Other;
    }
    if let Some((_, name, kind)) = METER.iter().find(|(of, ..)| *of == code.0) {
        return Meaning::Named((*name).into(), *kind);
    }
    let [medium, channel, c, d, e] = code.0;
    if let Some((_, name, kind)) =
        MBUS.iter().find(|(what, ..)| medium == 0 && channel > 0 && *what == [c, d, e])
    {
        return Meaning::Named(format!("mbus{channel}_{name}").into(), *kind);
    }
    quantity(code).map_or(Meaning::Other, |name| Meaning::Named(name, Kind::Number))
}

/// Whether a code that has no name is of something that is measured, so that digits without a unit are a number. Elsewhere
/// they may be an identifier.
pub(super) fn is_measured(code: ObisCode) -> bool {
    matches!(code.0, [1, _, 1..=91, _, _])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_mean_what_their_meter_means() {
        let of = |meter: &str, code: &str| meaning(ObisCode::parse(code).unwrap(), meter);
        let named = |name: &'static str, kind| Meaning::Named(name.into(), kind);
        assert_eq!(of("ISK5", "0-2:24.2.1"), named("mbus2_volume", Kind::Counter));
        assert_eq!(of("ISK5", "0-0:24.2.1"), Meaning::Other, "channel 0 is no M-Bus");
        assert_eq!(of("ISK5", "1-0:31.4.0"), named("current_limit", Kind::Number));
        assert_eq!(of("ESO5", "1-0:31.4.0"), Meaning::Other);
        assert_eq!(of("WARMTELINK", "0-0:1.1.0"), Meaning::Clock);
        assert_eq!(of("WSE5", "1-0:5.8.0"), named("energy_reactive_q1", Kind::Number));
        assert_eq!(of("FLU5", "0-0:96.1.2"), Meaning::Other);
    }
}
