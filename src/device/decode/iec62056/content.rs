//! The lines of a readout, read one by one: what one of them says costs no other.

use std::collections::BTreeSet;

use crate::{
    device::decode::{
        obis::{
            DataSet, ObisAmount, ObisBody, ObisCode, SplitClock, amount, fits, is_nothing, number_and_unit,
            quantity,
        },
        token::as_sent,
    },
    json::{JsonText, Value},
    record::reading::{Integrity, ReadingBody},
    time::Zone,
};

/// What the meter calls itself.
const METER: &str = "meter";

/// The code of lines that have none.
const NO_CODE: &str = "line";

/// A unit that is the metre by its name, and minutes in meters of heat: neither is said.
const AMBIGUOUS: &str = "m";

/// What ends the units of heat that no meter of electricity has.
const JOULES: char = 'J';

/// Reads the lines of data of the meter with this identification, if it has one; `None`: nothing in them is understood.
pub(super) fn read(
    header: Option<&[u8]>,
    data: &[u8],
    integrity: Integrity,
    zone: Option<&Zone>,
) -> Option<ReadingBody> {
    let name = header.map(|header| as_sent(header).trim().to_owned());
    let mut content =
        Content { body: ObisBody::new(integrity, name.as_deref()), clock: SplitClock::default() };
    // No check character covers this line: what no meter can be called is no name.
    if let Some(damaged) = name.filter(|name| !is_name(name)) {
        content.body.body().values.insert(METER, Value::Null, None);
        content.body.body().keep_undecoded(METER, &damaged);
    }
    let mut seen = BTreeSet::new();
    for line in data.split(|byte| *byte == b'\n').map(as_sent) {
        let line = line.trim();
        if line.is_empty() || line == "!" || line.starts_with('\u{6}') {
            continue;
        }
        for set in DataSet::all_of_line(line) {
            // What a meter says twice in the same words it says once.
            if seen.insert((set.code.to_owned(), set.sent.to_owned())) {
                content.take(&set);
            }
        }
    }
    content.body.date(&content.clock, zone);
    content.body.finish()
}

/// Whether an identification has only what IEC 62056-21 lets it have: printable characters but for those that begin and end
/// a readout.
fn is_name(identification: &str) -> bool {
    identification.bytes().all(|byte| matches!(byte, b' '..=b'~') && !matches!(byte, b'/' | b'!'))
}

struct Content {
    body: ObisBody,
    clock: SplitClock,
}

/// A code as a readout writes it.
struct ReadoutCode<'a> {
    /// Without the mark of the current period
    written: &'a str,
    /// What it is, if it is a current value whose code has all its numbers
    obis: Option<ObisCode>,
    /// Whether it says of which medium it is
    has_medium: bool,
}

impl<'a> ReadoutCode<'a> {
    /// Reads `1-0:1.8.0*255`, `1.8.0`, `F.F`, `F` or `1.8.0&12`; `None`: it is no code.
    fn parse(text: &'a str) -> Option<Self> {
        let written = text.strip_suffix("*255").unwrap_or(text);
        let (code, period) = written.find(['*', '&']).map_or((written, ""), |at| written.split_at(at));
        let (place, what) = code.rsplit_once(':').map_or((None, code), |(place, what)| (Some(place), what));
        let is_part = |part: &str| {
            (1..=3).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        };
        let is_period = period.is_empty()
            || (2..=4).contains(&period.len()) && period[1..].bytes().all(|byte| byte.is_ascii_digit());
        let is_place =
            place.is_none_or(|place| place.split('-').count() == 2 && place.split('-').all(is_part));
        let is_what =
            what == "F" || (2..=3).contains(&what.split('.').count()) && what.split('.').all(is_part);
        if !is_place || !is_what || !is_period {
            return None;
        }
        // A code without medium and channel is of the meter's own medium: that is electricity if the unit says so.
        let whole = match what.split('.').count() {
            _ if place.is_some() => ObisCode::parse(code),
            // 16.7 is 16.7.0: many meters leave out a tariff that is none.
            2 => ObisCode::parse(&format!("1-0:{code}.0")),
            _ => ObisCode::parse(&format!("1-0:{code}")),
        };
        Some(Self { written, obis: whole.filter(|_| period.is_empty()), has_medium: place.is_some() })
    }

    /// The name of what stands in this group; `None`: the code has none, or may be of another medium than electricity.
    fn name(&self, group: &str) -> Option<JsonText> {
        let name = quantity(self.obis?)?;
        let unit = number_and_unit(group).1.filter(|unit| !unit.is_empty());
        let may_be_electricity = self.has_medium || unit.is_some_and(|unit| !unit.ends_with(JOULES));
        (fits(&name, unit) && may_be_electricity).then_some(name)
    }
}

impl Content {
    fn take(&mut self, set: &DataSet) {
        let Some(code) = ReadoutCode::parse(set.code) else {
            return self.body.lose(NO_CODE, None, &format!("{}{}", set.code, set.sent));
        };
        let Some(groups) = &set.groups else {
            let name = code.name(set.sent.trim_start_matches('('));
            return self.body.lose(code.written, name.as_deref(), set.sent);
        };
        let [group] = groups[..] else { return self.plain(&code, groups) };
        if let Some(both) = amount_and_date(group) {
            return self.plain(&code, &both);
        }
        let Some(name) = code.name(group) else { return self.plain(&code, groups) };
        match amount(group) {
            Some(ObisAmount::Nothing) => drop(self.body.put(code.written, &name, Value::Null, None)),
            Some(ObisAmount::Number(number, unit)) => drop(self.body.put(code.written, &name, number, unit)),
            None => self.body.lose(code.written, Some(&name), set.sent),
        }
    }

    /// A code that has no name: its values stand under the code itself.
    fn plain(&mut self, code: &ReadoutCode, groups: &[&str]) {
        for (at, group) in groups.iter().enumerate() {
            let name =
                if groups.len() == 1 { code.written.to_owned() } else { format!("{}/{at}", code.written) };
            let (value, unit) = match amount(group) {
                Some(ObisAmount::Number(number, Some(unit))) if unit != AMBIGUOUS => {
                    (number.into(), Some(unit))
                }
                // Digits without a unit may be an identifier; with a point they are a number where something is measured.
                Some(ObisAmount::Number(number, None))
                    if group.contains('.') && is_measured(code.written) =>
                {
                    (number.into(), None)
                }
                Some(ObisAmount::Nothing) => (Value::Null, None),
                _ if is_nothing(group) => (Value::Null, None),
                _ => ((*group).into(), None),
            };
            self.body.put(code.written, &name, value, unit);
        }
        if let ([group], Some(code)) = (groups, code.obis) {
            self.clock.take(code, group);
        }
    }
}

/// `1.124*kW 1260625171500`: an amount and when it was so, which most meters write in two pairs of parentheses.
fn amount_and_date(group: &str) -> Option<[&str; 2]> {
    let (amount, date) = group.trim().rsplit_once(' ')?;
    let is_date = (10..=13).contains(&date.len()) && date.bytes().all(|byte| byte.is_ascii_digit());
    (is_date && amount.contains('*')).then_some([amount, date])
}

/// Whether C is of something that is measured.
fn is_measured(code: &str) -> bool {
    let what = code.rsplit_once(':').map_or(code, |(_, what)| what);
    what.split('.').next().and_then(|c| c.parse().ok()).is_some_and(|c: u8| (1..=91).contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(data: &str, zone: Option<&str>) -> ReadingBody {
        let zone = zone.map(|rule| Zone::posix(rule).or_else(|| Zone::offset(rule)).unwrap());
        read(Some(b"FOI5X\r"), data.as_bytes(), Integrity::Checksum, zone.as_ref()).unwrap()
    }

    #[test]
    fn a_named_zone_makes_clock_and_date_an_instant() {
        let berlin = Some("CET-1CEST,M3.5.0,M10.5.0/3");
        let time = |date: &str, zone| {
            let body = body(&format!("0.9.1(08:15:30)\n0.9.2({date})\n1.8.0(1*kWh)"), zone);
            body.time.map(|time| time.to_string()[..16].to_owned())
        };
        assert_eq!(time("26-07-15", None), None);
        assert_eq!(time("26-07-15", berlin).as_deref(), Some("2026-07-15T06:15"));
        assert_eq!(time("1260715", berlin).as_deref(), Some("2026-07-15T06:15"));
        assert_eq!(time("0260715", berlin), None, "winter time in July: the mark may not be kept");
        assert_eq!(time("0260115", berlin).as_deref(), Some("2026-01-15T07:15"));
        assert_eq!(time("0260715", Some("+01:00")).as_deref(), Some("2026-07-15T07:15"));
        assert_eq!(time("2260715", berlin).as_deref(), Some("2026-07-15T08:15"));
        assert_eq!(time("26-13-15", berlin), None);
    }

    #[test]
    fn codes_are_no_other_text() {
        for code in
            ["1-0:1.8.0*255", "1.8.0", "F.F", "F", "C.1.0", "1.8.0*12", "1.8.0&12", "1-0:0.0.0", "6.8"]
        {
            assert!(ReadoutCode::parse(code).is_some(), "{code}");
        }
        for other in
            ["", "x", "1.8.0*", "1.8.0*ab", "1:1.8.0", "1.8.0.0", "1..0", "ab cd.e", "1234.5", "1.8.0*1234"]
        {
            assert!(ReadoutCode::parse(other).is_none(), "{other}");
        }
    }

    #[test]
    fn a_meter_of_heat_has_no_names_of_electricity() {
        let body = body(
            "6.8(17.534*MWh)6.8.1(0012)6.8.2()\n7.8.0(5)\n1.8.0(x)\n1.8.1(5*GJ)\n6.35(60*m)\nF(0)\n",
            None,
        );
        assert_eq!(
            body.values.to_canonical(),
            concat!(
                r#"{"1.8.0":"x","1.8.1":5,"6.35":"60*m","6.8":17.534,"6.8.1":"0012","6.8.2":null,"7.8.0":"5","#,
                r#""F":"0","meter":"FOI5X"}"#
            )
        );
        assert_eq!(body.values.units_to_canonical(), r#"{"1.8.1":"GJ","6.8":"MWh"}"#);
    }

    #[test]
    fn a_name_that_no_meter_can_have_is_none_and_costs_nothing_else() {
        for damaged in ["FOI5\u{d8}", "FOI5/X", "FOI5X!", "FOI5\u{7f}"] {
            let line: Vec<u8> = damaged.chars().map(|c| u8::try_from(c).unwrap()).collect();
            let body = read(Some(&line), b"1-0:1.8.0(5*kWh)\r\n", Integrity::Checksum, None).unwrap();
            assert_eq!(body.values.to_canonical(), r#"{"energy_import":5,"meter":null}"#);
            assert_eq!(body.undecoded.str("meter"), Some(damaged));
        }
    }

    #[test]
    fn a_code_may_lack_the_tariff_that_is_none() {
        let body =
            body("16.7(001.66*kW)\n32.7(233*V)\n1.8(5*kWh)\n1.8*01(4*kWh)\n6.8(3*MWh)\n2.8(7)\n", None);
        assert_eq!(
            body.values.to_canonical(),
            r#"{"1.8*01":4,"2.8":"7","6.8":3,"energy_import":5,"meter":"FOI5X","power":1.66,"voltage_l1":233}"#
        );
    }

    #[test]
    fn an_amount_and_its_date_may_stand_in_one_pair_of_parentheses() {
        let body =
            body("1.6.0(1.124*kW 1260625171500)\n1.6.0*5(0.66*kW 1260501124500)\n1.7.0(1*kW 5)\n", None);
        assert_eq!(
            body.values.to_canonical(),
            concat!(
                r#"{"1.6.0*5/0":0.66,"1.6.0*5/1":"1260501124500","1.6.0/0":1.124,"1.6.0/1":"1260625171500","#,
                r#""1.7.0":"1*kW 5","meter":"FOI5X"}"#
            )
        );
        assert_eq!(body.values.units_to_canonical(), r#"{"1.6.0*5/0":"kW","1.6.0/0":"kW"}"#);
    }

    #[test]
    fn dashes_and_stars_are_no_value_whatever_the_code_is_of() {
        let body = body("1-1:52.7.0(---.-*V)\n1.7.0(********)\n1.8.1(5*kWh)\n", None);
        assert_eq!(
            body.values.to_canonical(),
            r#"{"1-1:52.7.0":null,"1.7.0":null,"energy_import_t1":5,"meter":"FOI5X"}"#
        );
    }

    #[test]
    fn a_unit_that_lost_its_eighth_bit_is_none() {
        let body = body("81.7.1(120.0*0)\n81.7.4(-8.3*°)\n", None);
        assert_eq!(
            body.values.to_canonical(),
            r#"{"81.7.1":"120.0*0","meter":"FOI5X","phase_angle_i1_u1":-8.3}"#
        );
        assert_eq!(body.values.units_to_canonical(), r#"{"phase_angle_i1_u1":"deg"}"#);
    }

    #[test]
    fn no_unit_is_guessed() {
        let body = body("1-0:1.8.0(000123.4)\n32.7.0(231*V)\n", None);
        assert_eq!(body.values.units_to_canonical(), r#"{"voltage_l1":"V"}"#);
        assert_eq!(body.values.to_canonical(), r#"{"energy_import":123.4,"meter":"FOI5X","voltage_l1":231}"#);
    }
}
