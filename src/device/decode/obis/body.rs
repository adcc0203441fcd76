//! A reading that grows code by code.

use crate::{
    json::{JsonText, Object, Value},
    record::{
        quantity::{senml_unit, unit_of},
        reading::{Integrity, ReadingBody, ReadingValues},
    },
    time::Zone,
};

use super::SplitClock;

/// As many values have room at once; few telegrams have many more.
const USUAL: usize = 16;

/// A reading's body, and which code each of its names is from.
pub(in crate::device::decode) struct ObisBody {
    body: ReadingBody,
    /// Name → code
    owners: Object,
    understood: usize,
}

impl ObisBody {
    /// A body of the meter that calls itself so; `None`: it did not say.
    pub(in crate::device::decode) fn new(integrity: Integrity, meter: Option<&str>) -> Self {
        let values = ReadingValues::with_capacity(USUAL);
        let mut body = ReadingBody { values, ..ReadingBody::new(integrity) };
        if let Some(meter) = meter {
            body.values.insert("meter", meter, None);
        }
        Self { body, owners: Object::with_capacity(USUAL), understood: 0 }
    }

    /// The body itself.
    pub(in crate::device::decode) fn body(&mut self) -> &mut ReadingBody {
        &mut self.body
    }

    /// Adds what a code says, and answers the name that it got: where another code has it already, the code itself.
    pub(in crate::device::decode) fn put(
        &mut self,
        code: &str,
        name: &str,
        value: impl Into<Value>,
        unit: Option<&str>,
    ) -> JsonText {
        self.understood += 1;
        let is_free = self.owners.str(name).is_none_or(|owner| owner == code) && name != "meter";
        let base = if is_free { name } else { code };
        let unit = unit.filter(|unit| !unit.is_empty()).map(|unit| senml_unit(unit, base));
        let name = JsonText::from(self.body.add_in(base, value, unit));
        self.owners.insert(name.clone(), code);
        name
    }

    /// The same of what does not make a frame a reading by itself, such as a date.
    pub(in crate::device::decode) fn note(&mut self, code: &str, name: &str, value: impl Into<Value>) {
        self.put(code, name, value, None);
        self.understood -= 1;
    }

    /// Keeps what was not understood, as sent; a name that is known gets no value.
    pub(in crate::device::decode) fn lose(&mut self, code: &str, name: Option<&str>, sent: &str) {
        if let Some(name) = name {
            self.note(code, name, Value::Null);
        }
        self.body.keep_undecoded(code, sent);
    }

    /// Lets a clock in two parts date the reading, in a zone that the user names.
    pub(in crate::device::decode) fn date(&mut self, clock: &SplitClock, zone: Option<&Zone>) {
        self.body.time = zone.and_then(|zone| clock.instant(zone));
        self.body.time_day_first = zone.and_then(|zone| clock.instant_day_first(zone));
    }

    /// The body; `None`: nothing was understood.
    pub(in crate::device::decode) fn finish(self) -> Option<ReadingBody> {
        (self.understood > 0).then_some(self.body)
    }
}

/// Whether a unit can be one of a quantity: the same as the table's but for its prefix. What has another one is something else.
pub(in crate::device::decode) fn fits(name: &str, unit: Option<&str>) -> bool {
    let (Some(unit), Some(usual)) = (unit.map(|unit| senml_unit(unit, name)), unit_of(name)) else {
        return unit.is_none() || unit_of(name).is_none();
    };
    let (unit, usual) = (without_prefix(unit), without_prefix(usual));
    unit == usual || (usual == "Wh" && unit == "J") || (name == "power_limit" && unit == "VA")
}

fn without_prefix(unit: &str) -> &str {
    unit.strip_prefix(['m', 'k', 'M', 'G']).filter(|rest| !rest.is_empty()).unwrap_or(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_belongs_to_the_code_that_had_it_first() {
        let mut body = ObisBody::new(Integrity::None, Some("X"));
        assert_eq!(body.put("0-1:96.1.0", "mbus1_id", "a", None), "mbus1_id");
        assert_eq!(body.put("0-1:96.1.1", "mbus1_id", "b", None), "0-1:96.1.1");
        assert_eq!(body.put("0-1:96.1.0", "mbus1_id", "c", None), "mbus1_id_2");
    }

    #[test]
    fn nothing_understood_is_no_body() {
        let mut body = ObisBody::new(Integrity::None, Some("X"));
        body.lose("1-0:1.8.1", Some("energy_import_t1"), "(x)");
        assert_eq!(body.body().values.to_canonical(), r#"{"energy_import_t1":null,"meter":"X"}"#);
        assert_eq!(body.finish(), None);
    }

    #[test]
    fn units_differ_by_their_prefix_at_most() {
        for (name, unit) in [
            ("energy_import_t1", Some("Wh")),
            ("energy_import", Some("MWh")),
            ("energy_import", Some("GJ")),
            ("voltage_l1", Some("kV")),
            ("power_reactive_import", Some("kVAr")),
            ("power_factor", None),
            ("energy_import", None),
        ] {
            assert!(fits(name, unit), "{name} {unit:?}");
        }
        for (name, unit) in [("energy_import", "kW"), ("energy_reactive_q2", "MWh"), ("voltage", "A")] {
            assert!(!fits(name, Some(unit)), "{name} {unit}");
        }
    }
}
