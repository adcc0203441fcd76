//! What single fields mean: angles, times, dates.

use crate::{
    decimal::short_double,
    device::decode::token::joined,
    json::{JsonText, Number},
    time::Time,
};

/// `3908.8199` and `N`: degrees and minutes, in degrees to 1e-8. `degrees` is how many digits degrees have, `sides` the letters
/// of positive and negative angles.
pub(super) fn angle(text: &str, side: &str, degrees: usize, sides: [&str; 2]) -> Option<Number> {
    let limit = if degrees == 2 { 9_000_000_000 } else { 18_000_000_000 };
    let angle = hundred_millionths(text, degrees).filter(|angle| *angle <= limit)?;
    let angle = if side == sides[1] { -angle } else { angle };
    Number::new(short_double(angle, 8)?).filter(|_| sides.contains(&side))
}

/// Degrees times 1e8, exactly but for the last digit, which is rounded.
fn hundred_millionths(text: &str, degrees: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if !is_digits(whole) || !is_digits(fraction) || whole.len() != degrees + 2 {
        return None;
    }
    let (degrees, minutes) = (whole[..degrees].parse::<i64>().ok()?, whole[degrees..].parse::<i64>().ok()?);
    let digits = fraction.bytes().chain([b'0'; 9]).take(9);
    let billionths = digits.fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    let minutes_e9 = minutes * 1_000_000_000 + billionths;
    (minutes < 60).then(|| degrees * 100_000_000 + (minutes_e9 + 300) / 600)
}

/// `120824.758` as `12:08:24.758`; in a leap second `60` is the second.
pub(super) fn time_of_day(text: &str) -> Option<JsonText> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    if whole.len() != 6 || !is_digits(whole) || !is_digits(fraction) {
        return None;
    }
    let (hours, minutes, seconds) = (&whole[..2], &whole[2..4], &whole[4..]);
    let (millis, zeros) = (&fraction[..fraction.len().min(3)], &"000"[fraction.len().min(3)..]);
    let possible = hours < "24" && minutes < "60" && seconds < "61";
    possible.then(|| joined(&[hours, ":", minutes, ":", seconds, ".", millis, zeros]))
}

/// `210211` is 2011-02-21. GPS time begins in 1980, so 80 to 99 are of that century.
pub(super) fn date_of_six(text: &str) -> Option<JsonText> {
    if text.len() != 6 || !is_digits(text) {
        return None;
    }
    let century = if &text[4..] < "80" { "20" } else { "19" };
    Some(joined(&[century, &text[4..], "-", &text[2..4], "-", &text[..2]]))
}

/// The instant of a date and a time of day; `None`: there is none, as in a leap second, which the instants of records lack.
pub(super) fn instant(date: &str, time_of_day: &str) -> Option<Time> {
    Time::parse(&joined(&[date, "T", time_of_day, "Z"]))
}

pub(super) fn is_digits(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn angles_have_all_their_digits() {
        let angle = |text, side| angle(text, side, 3, ["E", "W"]).map(Number::as_f64);
        assert_eq!(angle("02000.7654321", "E"), Some(20.012_757_20));
        assert_eq!(angle("02000.7654321", "W"), Some(-20.012_757_20));
        assert_eq!(angle("18000", "E"), Some(180.0));
        for (text, side) in
            [("2000.0", "E"), ("-02000.0", "E"), ("02060.0", "E"), ("18000.1", "E"), ("02000.0", "N")]
        {
            assert_eq!(angle(text, side), None, "{text},{side}");
        }
    }

    #[test]
    fn a_leap_second_is_a_time_of_day_and_no_instant() {
        assert_eq!(time_of_day("235960").as_deref(), Some("23:59:60.000"));
        assert_eq!(time_of_day("235961"), None);
        assert_eq!(instant("2016-12-31", "23:59:60.000"), None);
    }

    #[test]
    fn years_of_two_digits_begin_in_1980() {
        assert_eq!(date_of_six("311279").as_deref(), Some("2079-12-31"));
        assert_eq!(date_of_six("060180").as_deref(), Some("1980-01-06"));
        assert_eq!(date_of_six("0601é"), None);
    }
}
