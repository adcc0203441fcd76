//! Which of two groups says when, and which how much.
//!
//! ```text
//! (260703181500S)(02.118*kW)     as the standard has it
//! (02.118*kW)(260703181500)      Iskra meters in Belgium since 2025: the amount is what has a unit
//! (260703181500)(00012.5)        no unit: the date is what has its twelve digits
//! (00012.5)(00013.5)             nothing says which is which
//! ```

use super::{ObisAmount, amount};

/// How many digits a date has.
const DATE: usize = 12;

/// Date and amount, whatever their order; `None`: nothing tells them apart.
pub(super) fn date_and_amount(groups: [&str; 2]) -> Option<[&str; 2]> {
    let [first, second] = groups;
    let is_amount_first = match groups.map(is_with_unit) {
        [true, true] => return None,
        [false, false] if has_form_of_date(first) => false,
        [false, false] if has_form_of_date(second) => true,
        [false, false] if groups.into_iter().all(is_number) => return None,
        [is_first, _] => is_first,
    };
    Some(if is_amount_first { [second, first] } else { groups })
}

/// Whether the amount stands before the date.
pub(super) fn is_amount_first(groups: [&str; 2]) -> bool {
    groups[0] != groups[1] && date_and_amount(groups).is_some_and(|[date, _]| date == groups[1])
}

/// Whether a group is written as a date is: then it is no amount where one may stand.
pub(super) fn has_form_of_date(group: &str) -> bool {
    let group = group.trim();
    let digits = group.strip_suffix(['S', 'W']).unwrap_or(group);
    digits.len() == DATE && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a group is a number with its unit, so that it is no date.
pub(super) fn is_with_unit(group: &str) -> bool {
    matches!(amount(group), Some(ObisAmount::Number(_, Some(_))))
}

/// Whether a group is a unit, or left empty for one: no number, code or date.
pub(super) fn is_unit_or_none(group: &str) -> bool {
    group.is_empty() || group.starts_with(char::is_alphabetic)
}

fn is_number(group: &str) -> bool {
    matches!(amount(group), Some(ObisAmount::Number(..)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_or_twelve_digits_tell_the_date_from_the_amount() {
        for (date, amount) in [
            ("260703181500S", "02.118*kW"),
            ("260703181500", "02.118*kW"),
            ("2607031815", "0.5*kW"),
            ("", "02.118*kW"),
            ("632525252525W", "00000.000"),
            ("260703181500", "00012.5"),
            ("260703181500W", "---"),
        ] {
            let right = Some([date, amount]);
            assert_eq!([date_and_amount([date, amount]), date_and_amount([amount, date])], [right; 2]);
            assert!(!is_amount_first([date, amount]) && is_amount_first([amount, date]), "{date} {amount}");
        }
        assert_eq!(date_and_amount(["00012.5", "00013.5"]), None);
        assert_eq!(date_and_amount(["12.5*m3", "13.5*m3"]), None);
        assert_eq!(date_and_amount(["x", "00013.5"]), Some(["x", "00013.5"]), "a date that is none");
    }

    #[test]
    fn twelve_digits_have_the_form_of_a_date() {
        for date in ["260703181500", " 260703181500S ", "632525252525W", "999999999999"] {
            assert!(has_form_of_date(date), "{date}");
        }
        for other in ["00012.107", "2607031815", "0000000240", "260703181500*kW", "26070318150S", ""] {
            assert!(!has_form_of_date(other), "{other}");
        }
    }
}
