//! What a line says: a code, and groups in parentheses behind it.
//!
//! ```text
//! 0-1:24.2.1(170102161005W)(00000.107*m3)
//! └ code     └ group       └ group: value*unit
//! ```

use crate::{device::decode::decimal, json::Number};

/// A code and its groups.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::device::decode) struct DataSet<'a> {
    /// The code, as sent
    pub(in crate::device::decode) code: &'a str,
    /// What stands in each pair of parentheses; `None`: they do not pair
    pub(in crate::device::decode) groups: Option<Vec<&'a str>>,
    /// All behind the code, as sent
    pub(in crate::device::decode) sent: &'a str,
}

impl<'a> DataSet<'a> {
    /// Takes apart a line with one code; `None`: there is no parenthesis.
    pub(in crate::device::decode) fn of_line(line: &'a str) -> Option<Self> {
        let (code, sent) = line.split_at(line.find('(')?);
        let groups = groups(sent).filter(|(_, rest)| rest.is_empty()).map(|(groups, _)| groups);
        Some(Self { code: code.trim(), groups, sent })
    }

    /// Takes apart a line that may have several codes, one behind the other. The last set has what does not pair.
    pub(in crate::device::decode) fn all_of_line(mut line: &'a str) -> Vec<Self> {
        let mut sets = Vec::new();
        while let Some(at) = line.find('(') {
            let (code, sent) = line.split_at(at);
            let code = code.trim();
            let Some((groups, rest)) = groups(sent) else {
                sets.push(Self { code, groups: None, sent });
                return sets;
            };
            sets.push(Self { code, groups: Some(groups), sent: &sent[..sent.len() - rest.len()] });
            line = rest;
        }
        if !line.is_empty() {
            sets.push(Self { code: "", groups: None, sent: line });
        }
        sets
    }
}

/// The groups at the front of a text, with blanks between them or not, and what stands behind them; `None`: a parenthesis has no partner.
fn groups(mut text: &str) -> Option<(Vec<&str>, &str)> {
    let mut groups = Vec::new();
    while let Some(inside) = text.strip_prefix('(') {
        let end = inside.bytes().position(|byte| matches!(byte, b'(' | b')'))?;
        if inside.as_bytes()[end] == b'(' {
            return None;
        }
        groups.push(&inside[..end]);
        text = inside[end + 1..].trim_start();
    }
    Some((groups, text))
}

/// What a group says that should be an amount.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::device::decode) enum ObisAmount<'a> {
    /// A number, with the unit that stands behind it
    Number(Number, Option<&'a str>),
    /// That there is none
    Nothing,
}

/// The longest unit, in bytes.
const LONGEST_UNIT: usize = 16;

/// What units have beside letters and digits.
const UNIT_MARKS: &str = "/^%°'·.-_€$£";

/// Reads `000004.426*kWh`; `None`: it is no amount.
pub(in crate::device::decode) fn amount(group: &str) -> Option<ObisAmount<'_>> {
    let (number, unit) = number_and_unit(group);
    if !unit.is_none_or(is_unit) {
        return None;
    }
    match decimal(number) {
        Some(number) => Some(ObisAmount::Number(number, unit.filter(|unit| !unit.is_empty()))),
        None => is_nothing(number).then_some(ObisAmount::Nothing),
    }
}

/// Whether a text may be a unit, known or not: what has another mark in it has more behind it than that, such as a date; digits
/// alone are none, as ° becomes 0 where its eighth bit is lost.
fn is_unit(unit: &str) -> bool {
    unit.len() <= LONGEST_UNIT
        && (unit.is_empty() || !unit.bytes().all(|byte| byte.is_ascii_digit()))
        && unit.chars().all(|c| c.is_alphanumeric() || UNIT_MARKS.contains(c))
        && !unit.ends_with(['-', '.', '/', '^'])
}

/// What stands before the `*` of a group and what behind it, without blanks around.
pub(in crate::device::decode) fn number_and_unit(group: &str) -> (&str, Option<&str>) {
    group.split_once('*').map_or((group.trim(), None), |(number, unit)| (number.trim(), Some(unit.trim())))
}

/// Whether a group says that there is nothing to say: empty, or dashes in the place of digits.
pub(in crate::device::decode) fn is_nothing(group: &str) -> bool {
    let dashes = group.contains('-') && group.bytes().all(|byte| matches!(byte, b'-' | b'.' | b':'));
    let is_overflow = group.len() > 1 && group.bytes().all(|byte| byte == b'*');
    group.trim().is_empty() || dashes || is_overflow || group.eq_ignore_ascii_case("nan")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_a_code_with_groups() {
        let set = DataSet::of_line("0-1:24.2.1(170102161005W)(00000.107*m3)").unwrap();
        assert_eq!((set.code, set.groups.unwrap()), ("0-1:24.2.1", vec!["170102161005W", "00000.107*m3"]));
        assert_eq!(DataSet::of_line("0-0:96.13.0()").unwrap().groups, Some(vec![""]));
        assert_eq!(DataSet::of_line("***NO CARRIER***"), None);
        for broken in ["1-0:1.8.1(1", "1-0:1.8.1(1)x", "1-0:1.8.1((1)", "1-0:1.8.1(1))"] {
            assert_eq!(DataSet::of_line(broken).unwrap().groups, None, "{broken}");
        }
    }

    #[test]
    fn a_line_may_have_several_codes() {
        let sets = DataSet::all_of_line("F.F(00)1.8.0(12*kWh)(x)2.8.0(1");
        let codes = sets.iter().map(|set| (set.code, set.sent)).collect::<Vec<_>>();
        assert_eq!(codes, [("F.F", "(00)"), ("1.8.0", "(12*kWh)(x)"), ("2.8.0", "(1")]);
        assert!(sets[1].groups.is_some() && sets[2].groups.is_none());
        assert_eq!(DataSet::all_of_line("noise").len(), 1);
    }

    #[test]
    fn blanks_around_a_part_are_no_part_of_it() {
        let set = DataSet::of_line("1-0:15.8.0 (260715120000S) (00012.694*kWh) ").unwrap();
        assert_eq!((set.code, set.groups.unwrap()), ("1-0:15.8.0", vec!["260715120000S", "00012.694*kWh"]));
        assert_eq!(amount(" 12.694 * kWh "), amount("12.694*kWh"));
        for other in ["12 694*kWh", "12*k Wh", "1 2"] {
            assert_eq!(amount(other), None, "{other}");
        }
    }

    #[test]
    fn amounts_are_read_whole_or_not_at_all() {
        let number = |digits: &str| decimal(digits).unwrap();
        assert_eq!(amount("000004.426*kWh"), Some(ObisAmount::Number(number("4.426"), Some("kWh"))));
        assert_eq!(amount("12*"), Some(ObisAmount::Number(number("12"), None)));
        for nothing in ["", "*kWh", "---", "--.--*V", " "] {
            assert_eq!(amount(nothing), Some(ObisAmount::Nothing), "{nothing}");
        }
        assert!(
            is_nothing("********") && !is_nothing("*"),
            "what a display shows of a number that it has no room for"
        );
        for other in ["1.0x1*kWh", "5E3", "1*k*h", "1*a b", "353431343439393939393939393939393939"] {
            assert_eq!(amount(other), None, "{other}");
        }
    }

    #[test]
    fn a_unit_with_something_behind_it_is_none() {
        for unit in ["m3/h", "1/kWh", "m³", "°C", "%", "m^3", "m3ph", "s-1", "Nm3", "imp_kWh", "€/kWh"] {
            assert!(is_unit(unit), "{unit}");
        }
        for other in
            ["kW,2606251715", "kW&2606251715", "V;", "A-", "0", "kWh)", "W=", "a-unit-of-many-letters"]
        {
            assert!(!is_unit(other), "{other}");
            assert_eq!(amount(&format!("1.124*{other}")), None);
        }
    }
}
