//! One line of a telegram: an OBIS code and what stands in its parentheses.
//!
//! ```text
//! 0-1:24.2.1(170102161005W)(00000.107*m3)
//! A-B:C.D.E (group)        (value*unit)       A medium, B channel
//! ```

use crate::{device::decode::decimal, json::Number, time::Time};

/// A line, taken apart.
pub(super) struct ObisLine<'a> {
    pub(super) code: &'a str,
    /// `B`: the M-Bus channel, 0 for the meter itself
    pub(super) channel: &'a str,
    /// `C.D.E`
    pub(super) what: &'a str,
    pub(super) groups: Vec<&'a str>,
}

impl<'a> ObisLine<'a> {
    pub(super) fn parse(text: &'a str) -> Option<Self> {
        let (code, groups) = text.split_at(text.find('(')?);
        let (place, what) = code.split_once(':')?;
        let (medium, channel) = place.split_once('-')?;
        let is_number =
            |part: &str| (1..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        let parts_of_what = what.split('.').filter(|part| is_number(part)).count();
        if !is_number(medium) || !is_number(channel) || parts_of_what != 3 || what.split('.').count() != 3 {
            return None;
        }
        let inside = groups.strip_prefix('(')?.strip_suffix(')')?;
        let groups: Vec<_> = inside.split(")(").collect();
        (!inside.replace(")(", "").contains(['(', ')'])).then_some(Self { code, channel, what, groups })
    }

    /// The last group, which is the value.
    pub(super) fn last(&self) -> &'a str {
        self.groups.last().copied().unwrap_or_default()
    }
}

/// `000004.426*kWh`: a number and its unit.
pub(super) fn measured(group: &str) -> Option<(Number, Option<&str>)> {
    let (number, unit) = group.split_once('*').map_or((group, None), |(number, unit)| (number, Some(unit)));
    Some((decimal(number)?, unit.filter(|unit| !unit.is_empty())))
}

/// `170102192002W`: local time, and whether it is summer (S, UTC+2) or winter (W, UTC+1).
pub(super) fn instant(group: &str) -> Option<Time> {
    let hours = match group.as_bytes().last()? {
        b'S' => 2,
        b'W' => 1,
        _ => return None,
    };
    Time::parse_rfc3339(&format!("{}+{hours:02}:00", local(&group[..group.len() - 1])?))
}

/// `161107190000`: local time of a place that the telegram does not say.
pub(super) fn local(group: &str) -> Option<String> {
    if group.len() != 12 || !group.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let pair = |at: usize| &group[at..at + 2];
    Some(format!("20{}-{}-{}T{}:{}:{}", pair(0), pair(2), pair(4), pair(6), pair(8), pair(10)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_codes_with_groups() {
        let line = ObisLine::parse("0-1:24.2.1(170102161005W)(00000.107*m3)").unwrap();
        assert_eq!((line.channel, line.what, line.groups.len()), ("1", "24.2.1", 2));
        assert_eq!(ObisLine::parse("0-0:96.13.0()").unwrap().groups, [""]);
        for bad in [
            "***NO CARRIER***",
            "1-0:1.8(1)",
            "1-0:1.8.1",
            "1-0:1.8.1(1",
            "1-0:1.8.1(1)x",
            "a-0:1.8.1(1)",
            "1-0:1.8.1((1)",
        ] {
            assert!(ObisLine::parse(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn summer_and_winter() {
        assert_eq!(instant("200512135409S").unwrap().to_string(), "2020-05-12T11:54:09.000Z");
        assert_eq!(instant("170102192002W").unwrap().to_string(), "2017-01-02T18:20:02.000Z");
        for bad in ["170102192002", "170132192002W", "é1010219200W", "W", ""] {
            assert!(instant(bad).is_none(), "{bad}");
        }
    }
}
