//! Hemispheres behind latitudes and longitudes: letters that are units elsewhere (second, newton, siemens, watt).
//!
//! ```text
//! Latitude: 33.5 S  lon=70.6W  Lat: 33.5° S      -33.5, -70.6, -33.5
//! Lat: -33.5 S  Lat: 33.5 W  Lat: 33° 30' S      not sure: null, and as sent
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
}

/// Their letters and words.
const HEMISPHERES: [(&str, &str, Hemisphere); 4] = [
    ("N", "north", Hemisphere { axis: "lat", is_negative: false }),
    ("S", "south", Hemisphere { axis: "lat", is_negative: true }),
    ("E", "east", Hemisphere { axis: "lon", is_negative: false }),
    ("W", "west", Hemisphere { axis: "lon", is_negative: true }),
];

/// As many words of degrees, minutes and seconds stand before one at most.
const MOST: usize = 4;

/// The hemisphere that a word is.
pub(super) fn of(word: &str) -> Option<Hemisphere> {
    let is_meant = |meant: &str| meant.eq_ignore_ascii_case(word);
    HEMISPHERES.iter().find(|(letter, long, _)| is_meant(letter) || is_meant(long)).map(|found| found.2)
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

/// The unit of a name that is a latitude or a longitude; empty: it is one of something else, `lat_error`.
pub(super) fn axis(name: &str) -> Option<&'static str> {
    let among = |part: &str, words: &[&str]| words.iter().any(|word| word.eq_ignore_ascii_case(part));
    let axis = |part: &str| match part.trim_end_matches(|c: char| c.is_ascii_digit()) {
        part if among(part, &["lat", "latitude"]) => Some("lat"),
        part if among(part, &["lon", "lng", "longitude"]) => Some("lon"),
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
    (&token[..at], token[at..].trim_start_matches(['°', 'º', '*']))
}
