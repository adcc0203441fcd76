//! The quantities of codes: a stem, then the phase, then the tariff.

use crate::{device::decode::token::joined, json::JsonText};

use super::ObisCode;

/// C of the sum of all phases, and what energy and power are called there.
const FLOWS: &[(u8, &str)] = &[
    (1, "import"),
    (2, "export"),
    (3, "reactive_import"),
    (4, "reactive_export"),
    (5, "reactive_q1"),
    (6, "reactive_q2"),
    (7, "reactive_q3"),
    (8, "reactive_q4"),
    (9, "apparent_import"),
    (10, "apparent_export"),
    (15, "absolute"),
    (16, "net"),
];

/// C of what is measured at this moment and is no flow.
const STATES: &[(u8, &str)] = &[(11, "current"), (12, "voltage"), (13, "power_factor"), (14, "frequency")];

/// Codes that follow no rule.
const SINGLE: &[([u8; 5], &str)] = &[
    ([1, 0, 16, 7, 0], "power"),
    ([1, 0, 36, 7, 0], "power_l1"),
    ([1, 0, 56, 7, 0], "power_l2"),
    ([1, 0, 76, 7, 0], "power_l3"),
    ([1, 0, 91, 7, 0], "current_n"),
    ([1, 0, 81, 7, 1], "phase_angle_u2_u1"),
    ([1, 0, 81, 7, 2], "phase_angle_u3_u1"),
    ([1, 0, 81, 7, 4], "phase_angle_i1_u1"),
    ([1, 0, 81, 7, 15], "phase_angle_i2_u2"),
    ([1, 0, 81, 7, 26], "phase_angle_i3_u3"),
];

/// What tariffs are called; the first is none.
const TARIFFS: [&str; 9] = ["", "_t1", "_t2", "_t3", "_t4", "_t5", "_t6", "_t7", "_t8"];

/// The name of what a code measures, in the table of quantities. `None`: the value keeps its code for a name, as those of another
/// channel or period do.
pub(in crate::device::decode) fn quantity(code: ObisCode) -> Option<JsonText> {
    // A tariff that is not said is none: so do meters of EasyMeter write their powers.
    let code = match code.0 {
        [a, b, c, 7, u8::MAX] => ObisCode([a, b, c, 7, 0]),
        _ => code,
    };
    if let Some((_, name)) = SINGLE.iter().find(|(single, _)| *single == code.0) {
        return Some((*name).into());
    }
    let [1, 0, c @ 1..=80, d, e] = code.0 else { return None };
    let (c, phase) = ((c - 1) % 20 + 1, (c - 1) / 20);
    let stem = |table: &[(u8, &'static str)]| table.iter().find(|(of, _)| *of == c).map(|(_, stem)| *stem);
    let phase = ["", "_l1", "_l2", "_l3"][usize::from(phase)];
    Some(match (d, e) {
        (7, 0) => match stem(FLOWS) {
            Some(flow) => joined(&["power_", flow, phase]),
            None => joined(&[stem(STATES)?, phase]),
        },
        (8, e) => joined(&["energy_", stem(FLOWS)?, phase, TARIFFS.get(usize::from(e))?]),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::quantity::unit_of;

    #[test]
    fn names_say_flow_phase_and_tariff() {
        let of = |code| ObisCode::parse(code).and_then(quantity);
        for (code, name, unit) in [
            ("1-0:1.8.0", "energy_import", "kWh"),
            ("1-0:2.8.2", "energy_export_t2", "kWh"),
            ("1-0:3.8.0", "energy_reactive_import", "kvarh"),
            ("1-0:9.8.0", "energy_apparent_import", "kVAh"),
            ("1-0:21.8.0", "energy_import_l1", "kWh"),
            ("1-0:1.7.0", "power_import", "kW"),
            ("1-0:1.7.255", "power_import", "kW"),
            ("1-0:41.7.255", "power_import_l2", "kW"),
            ("1-0:63.7.0", "power_reactive_import_l3", "kvar"),
            ("1-0:16.7.0", "power", "W"),
            ("1-0:76.7.0", "power_l3", "W"),
            ("1-0:52.7.0", "voltage_l2", "V"),
            ("1-0:11.7.0", "current", "A"),
            ("1-0:14.7.0", "frequency", "Hz"),
            ("1-0:81.7.26", "phase_angle_i3_u3", "deg"),
        ] {
            assert_eq!(of(code).as_deref(), Some(name), "{code}");
            assert_eq!(unit_of(name), Some(unit));
        }
        assert_eq!(of("1-0:33.7.0").as_deref(), Some("power_factor_l1"));
        for other in [
            "1-1:1.8.0",
            "0-0:1.8.0",
            "1-0:1.8.9",
            "1-0:1.8.255",
            "1-0:1.7.1",
            "1-0:17.7.0",
            "1-0:32.32.0",
            "7-0:1.8.0",
        ] {
            assert_eq!(of(other), None, "{other}");
        }
    }

    #[test]
    fn every_name_stands_in_the_table_of_quantities() {
        for code in (1..=99).flat_map(|c| (7..=8).flat_map(move |d| (0..=30).map(move |e| [1, 0, c, d, e]))) {
            let Some(name) = quantity(ObisCode(code)) else { continue };
            assert!(crate::record::quantity::is_known(&name), "{name}");
        }
    }
}
