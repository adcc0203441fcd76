//! Units that are members of their own, beside the values that they are of.
//!
//! ```text
//! {"t":{"value":70.5,"unit":"F"}}                     t.value, degF
//! {"level":5,"level_unit":"cm"}                       level, cm
//! {"SI7021":{"Temperature":70.5},"TempUnit":"F"}      Tasmota: of all temperatures
//! {"t":{"value":5,"unit":"furlong"}}                  none: it is no unit that is known
//! ```

use crate::{
    device::decode::unit_letters,
    json::{Object, Value},
    record::reading::{ReadingBody, ReadingValues},
};

/// Members of Tasmota, and the last parts of the names whose unit they say.
const OF_ALL: &[(&str, &[&str])] =
    &[("TempUnit", &["Temperature", "DewPoint"]), ("PressureUnit", &["Pressure", "SeaPressure"])];

/// How a unit beside a member `value` is called.
const BESIDE: &[&str] = &["unit", "units", "uom"];

/// A body whose values have the units that stand beside them.
pub(super) fn put(mut body: ReadingBody) -> ReadingBody {
    // Most have none.
    let has_any = body.values.iter().any(|(name, value)| is_unit(name) && value.as_str().is_some());
    if has_any {
        let units = units(&body.values);
        body.values.put_units(&units);
    }
    body
}

fn is_unit(name: &str) -> bool {
    name.ends_with("nit") || name.ends_with("units") || name.ends_with("uom")
}

/// The units by the names of their values.
fn units(values: &ReadingValues) -> Object {
    let mut units = Object::new();
    for (name, value) in values.iter().filter(|(name, _)| is_unit(name)) {
        let Some(spelling) = value.as_str() else { continue };
        for of in values_of(name, values) {
            let is_number = matches!(values.get(&of), Some(Value::Number(_)));
            let unit =
                unit_letters::unit_of(spelling, &of).filter(|_| is_number && values.unit(&of).is_none());
            if let Some(unit) = unit {
                units.insert(of, unit);
            }
        }
    }
    units
}

/// The names of the values whose unit a member says.
fn values_of(name: &str, values: &ReadingValues) -> Vec<String> {
    if let Some((_, parts)) = OF_ALL.iter().find(|(all, _)| *all == name) {
        let is_one = |name: &&str| name.rsplit('.').next().is_some_and(|part| parts.contains(&part));
        return values.iter().map(|(name, _)| name).filter(is_one).map(str::to_owned).collect();
    }
    if let Some(of) = name.strip_suffix("_unit") {
        return vec![of.to_owned()];
    }
    let before = BESIDE.iter().find_map(|unit| name.strip_suffix(unit));
    let before = before.filter(|before| before.is_empty() || before.ends_with('.'));
    before.map(|before| format!("{before}value")).into_iter().collect()
}

#[cfg(test)]
mod tests {
    use crate::device::decode::json::DECODER;

    #[test]
    fn a_unit_beside_a_value_is_its_unit() {
        for (frame, units) in [
            (
                r#"{"t":{"value":64.4,"unit":"°F"},"h":{"unit":"%","value":48}}"#,
                r#"{"h.value":"/100","t.value":"degF"}"#,
            ),
            (r#"{"name":"attic","value":19.5,"uom":"°C"}"#, r#"{"value":"Cel"}"#),
            (r#"{"level":5,"level_unit":"cm"}"#, r#"{"level":"cm"}"#),
            (
                r#"{"A":{"Temperature":64.4,"DewPoint":41},"B":{"Pressure":29.9},"TempUnit":"F","PressureUnit":"inHg"}"#,
                r#"{"A.DewPoint":"degF","A.Temperature":"degF","B.Pressure":"inHg"}"#,
            ),
            (r#"{"t":{"value":5,"unit":"furlong"}}"#, "{}"),
            (r#"{"t":5,"unit":"C"}"#, "{}"),
            (r#"{"value":"open","unit":"C"}"#, "{}"),
            (r#"{"charge":{"value":5,"unit":"C"}}"#, "{}"),
        ] {
            let body = DECODER.readings(frame.as_bytes()).unwrap().remove(0);
            assert_eq!(body.values.units_to_canonical(), units, "{frame}");
        }
    }

    #[test]
    fn a_temperature_with_a_unit_that_no_sensor_measures_is_null() {
        for (frame, gives) in [
            (r#"{"t":{"value":-127,"unit":"C"}}"#, r#"{"t.unit":"C","t.value":null} {"t.value":"-127"}"#),
            (
                r#"{"values":{"t":-999,"u":-99},"units":{"t":"C","u":"C"}}"#,
                r#"{"t":null,"u":-99} {"t":"-999"}"#,
            ),
            (r#"{"values":{"t":-127},"units":{"t":"F"}}"#, r#"{"t":-127} {}"#),
        ] {
            let body = DECODER.readings(frame.as_bytes()).unwrap().remove(0);
            assert_eq!(format!("{} {}", body.values, body.undecoded), gives, "{frame}");
        }
    }
}
