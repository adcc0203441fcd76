//! Hemispheres behind latitudes and longitudes: letters that are units elsewhere (second, newton, siemens, watt).
//!
//! ```text
//! Latitude: 33.5 S  lon=70.6W  Lat: 33.5° S      -33.5, -70.6, -33.5
//! Lat: -33.5 S  Lat: 33.5 W  Lat: 33° 30' S      not sure: null, and as sent
//! Position: 33.5 S  here: 33.5 S 70.6 W          the same
//! wind: 5 N  uptime: 5 S                         no unit: a point of the compass, a second or siemens
//! ```

use crate::json::Value;

use super::{
    super::value_token::{self, NumberForm},
    units::is_degree,
    words::{Gap, NameMark, Word},
};

/// A half of the globe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Hemisphere {
    /// The unit of what it belongs to, `lat` or `lon`
    axis: &'static str,
    is_negative: bool,
    /// Whether it is written with a capital, as units are not that are letters of the same name: `s`
    is_capital: bool,
}

/// Their letters and words, the unit of what belongs to them, and whether they are negative.
const HEMISPHERES: [(&str, &str, &str, bool); 4] = [
    ("N", "north", "lat", false),
    ("S", "south", "lat", true),
    ("E", "east", "lon", false),
    ("W", "west", "lon", true),
];

/// Names of places, whose sign a letter may be.
const PLACES: &[&str] =
    &["pos", "position", "loc", "location", "gps", "coord", "coords", "coordinate", "coordinates"];

/// As many words of degrees, minutes and seconds stand before one at most.
const MOST: usize = 4;

/// The hemisphere that a word is.
pub(super) fn of(word: &str) -> Option<Hemisphere> {
    let is_meant = |meant: &str| meant.eq_ignore_ascii_case(word);
    let (.., axis, is_negative) =
        *HEMISPHERES.iter().find(|(letter, long, ..)| is_meant(letter) || is_meant(long))?;
    Some(Hemisphere { axis, is_negative, is_capital: word.starts_with(|c: char| c.is_ascii_uppercase()) })
}

/// The hemisphere within a token or behind it, and how many words behind it were used.
pub(super) fn behind(token: &str, words: &[Word]) -> Option<(Hemisphere, usize)> {
    if let Some(attached) = of(split(token).1) {
        return Some((attached, 0));
    }
    for (at, word) in words.iter().take(MOST).enumerate() {
        if word.mark != NameMark::None {
            return None;
        }
        if let Some(found) = of(word.text.trim_matches(['(', ')'])) {
            return Some((found, at + 1));
        }
        let is_angle = is_degree(word.text) || word.text.starts_with(|c: char| c.is_ascii_digit());
        if !is_angle || word.gap == Gap::Part {
            return None;
        }
    }
    None
}

/// Of what a number and its hemisphere are part, and how many words behind them belong to it: a latitude or longitude; or a
/// place, whose unit is empty, by its name or the longitude that follows (`33.5 S 70.6 W`). `None`: a letter may be a unit.
pub(super) fn place(found: Hemisphere, name: &str, behind: &[Word]) -> Option<(&'static str, usize)> {
    let axis = axis(name);
    let further = second(found, behind).filter(|_| axis.is_none_or(str::is_empty));
    let is_place =
        || found.is_capital && name.rsplit(|c: char| !c.is_alphanumeric()).next().is_some_and(is_place);
    match axis {
        Some(axis) => Some((axis, further.unwrap_or(0))),
        None if further.is_some() || is_place() => Some(("", further.unwrap_or(0))),
        None => None,
    }
}

/// How many words behind a latitude and its hemisphere are a longitude and its own.
fn second(first: Hemisphere, behind: &[Word]) -> Option<usize> {
    let (number, behind) = behind.split_first()?;
    let is_number = number.mark == NameMark::None && number.text.starts_with(|c: char| c.is_ascii_digit());
    let (second, used) = self::behind(number.text, behind).filter(|_| is_number)?;
    let are_sides = first.axis == "lat" && second.axis == "lon" && first.is_capital && second.is_capital;
    are_sides.then_some(1 + used)
}

/// The letter in brackets within the name of a latitude or longitude.
pub(super) fn within(inner: &str, name: &str) -> Option<&'static str> {
    let is_axis = axis(name).is_some_and(|axis| !axis.is_empty());
    HEMISPHERES.iter().map(|(letter, ..)| *letter).find(|letter| is_axis && *letter == inner)
}

fn is_place(part: &str) -> bool {
    is_among(part, PLACES)
}

fn is_among(part: &str, words: &[&str]) -> bool {
    words.iter().any(|word| word.eq_ignore_ascii_case(part))
}

/// The unit of a name that is a latitude or a longitude; empty: it is one of something else, `lat_error`.
fn axis(name: &str) -> Option<&'static str> {
    let axis = |part: &str| match part.trim_end_matches(|c: char| c.is_ascii_digit()) {
        part if is_among(part, &["lat", "latitude"]) => Some("lat"),
        part if is_among(part, &["lon", "lng", "longitude"]) => Some("lon"),
        _ => None,
    };
    let mut parts = name.split(|c: char| !c.is_alphanumeric()).filter(|part| !part.is_empty());
    let last = parts.next_back()?;
    axis(last).or_else(|| parts.any(|part| axis(part).is_some()).then_some(""))
}

impl Hemisphere {
    /// A token with the sign of this hemisphere; `None`: it is no plain number of degrees that fits.
    pub(super) fn signed(
        self,
        token: &str,
        between: &[Word],
        axis: &str,
        form: NumberForm,
    ) -> Option<String> {
        let (amount, attached) = split(token);
        let limit = if axis == "lat" { 90.0 } else { 180.0 };
        let Value::Number(number) = Value::from(value_token::number(amount, form)?) else { return None };
        let is_plain = amount.starts_with(|c: char| c.is_ascii_digit())
            && (attached.is_empty() || is_degree(attached) || of(attached).is_some())
            && between.iter().all(|word| is_degree(word.text));
        let fits = self.axis == axis && is_plain && number.as_f64() <= limit;
        fits.then(|| format!("{}{amount}", if self.is_negative { "-" } else { "" }))
    }
}

/// The number at the beginning of a token, and what follows behind signs of degrees.
fn split(token: &str) -> (&str, &str) {
    let at = token.find(|c: char| !c.is_ascii_digit() && !"+-.,".contains(c)).unwrap_or(token.len());
    (&token[..at], token[at..].trim_start_matches(['°', 'º', '˚', '*']))
}
