//! What single fields mean: angles, times, dates.

use crate::{decimal::short_double, json::Number, time::Time};

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
    let (whole, fraction) = at_point(text)?;
    if whole.len() != degrees + 2 {
        return None;
    }
    let number = |digits: &[u8]| digits.iter().fold(0, |number, digit| number * 10 + i64::from(digit - b'0'));
    let (degrees, minutes) = (number(&whole[..degrees]), number(&whole[degrees..]));
    let fraction = &fraction[..fraction.len().min(9)];
    let billionths = (fraction.len()..9).fold(number(fraction), |number, _| number * 10);
    let minutes_e9 = minutes * 1_000_000_000 + billionths;
    (minutes < 60).then(|| degrees * 100_000_000 + (minutes_e9 + 300) / 600)
}

/// Digits before a point and behind it; `None`: there is something else.
fn at_point(text: &str) -> Option<(&[u8], &[u8])> {
    let bytes = text.as_bytes();
    let point = bytes.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(bytes.len());
    let (whole, rest) = bytes.split_at(point);
    let fraction = if rest.is_empty() { rest } else { rest.strip_prefix(b".")? };
    fraction.iter().all(u8::is_ascii_digit).then_some((whole, fraction))
}

/// `120824.758` as `12:08:24.758`. The second may be `60` where leap seconds are: at the end of a day.
pub(super) fn time_of_day(text: &str) -> Option<[u8; 12]> {
    let (whole, fraction) = at_point(text)?;
    let [hours @ .., minute, minutes, second, seconds]: [u8; 6] = whole.try_into().ok()?;
    let fraction = |at: usize| fraction.get(at).copied().unwrap_or(b'0');
    let is_leap = || hours == *b"23" && [minute, minutes] == *b"59" && [second, seconds] == *b"60";
    let possible = hours < *b"24" && minute < b'6' && (second < b'6' || is_leap());
    let [hour, hours] = hours;
    possible.then_some([
        hour,
        hours,
        b':',
        minute,
        minutes,
        b':',
        second,
        seconds,
        b'.',
        fraction(0),
        fraction(1),
        fraction(2),
    ])
}

/// `210211` is 2011-02-21. GPS time begins in 1980, so 80 to 99 are of that century.
pub(super) fn date_of_six(text: &str) -> Option<[u8; 10]> {
    let [day, month, year] = [text.get(..2)?, text.get(2..4)?, text.get(4..)?];
    let century = if year < "80" { "20" } else { "19" };
    is_digits(text).then(|| date([century, year], month, day))?
}

/// `20` `11`, `02`, `21` as 2011-02-21; `None`: one of them has not two digits.
pub(super) fn date(year: [&str; 2], month: &str, day: &str) -> Option<[u8; 10]> {
    let mut letters = *b"0000-00-00";
    for (at, part) in [(0, year[0]), (2, year[1]), (5, month), (8, day)] {
        letters[at..at + 2].copy_from_slice(part.as_bytes().first_chunk::<2>().filter(|_| part.len() == 2)?);
    }
    Some(letters)
}

/// The instant of a date and a time of day; `None`: there is none, as in a leap second, which the instants of records lack.
pub(super) fn instant(date: &[u8; 10], clock: &[u8; 12]) -> Option<Time> {
    let mut letters = *b"0000-00-00T00:00:00.000Z";
    letters[..10].copy_from_slice(date);
    letters[11..23].copy_from_slice(clock);
    Time::parse(as_text(&letters))
}

/// Letters, of which all are ASCII, as text.
pub(super) fn as_text(letters: &[u8]) -> &str {
    str::from_utf8(letters).unwrap_or_default()
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
        assert_eq!(time_of_day("235960"), Some(*b"23:59:60.000"));
        assert_eq!(time_of_day("120824.7"), Some(*b"12:08:24.700"));
        assert_eq!(time_of_day("120824.7589").as_ref().map(|time| as_text(time)), Some("12:08:24.758"));
        for other in [
            "101160",
            "101160.00",
            "225960",
            "235860",
            "235961",
            "240000",
            "236000",
            "2359",
            "2359590",
            "235959,5",
            "-35959",
            "é5959",
        ] {
            assert_eq!(time_of_day(other), None, "{other}");
        }
        assert_eq!(instant(b"2016-12-31", b"23:59:60.000"), None);
        assert_eq!(instant(b"2016-12-31", b"23:59:59.000"), Time::parse("2016-12-31T23:59:59.000Z"));
    }

    #[test]
    fn years_of_two_digits_begin_in_1980() {
        assert_eq!(date_of_six("311279"), Some(*b"2079-12-31"));
        assert_eq!(date_of_six("060180"), Some(*b"1980-01-06"));
        for other in ["0601é", "06018", "0601800", "+60180"] {
            assert_eq!(date_of_six(other), None, "{other}");
        }
    }
}
