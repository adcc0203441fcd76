//! The fields of a sentence, read one after the other, each as what it is.

use crate::{
    device::decode::{BadFrame, FrameFault, decimal},
    json::Number,
};

/// The rest of a sentence. Reading beyond its end gives empty fields: older talkers send fewer.
pub(super) struct Fields<'a> {
    /// Talker and sentence, before the first comma
    pub(super) address: &'a str,
    rest: Option<&'a str>,
}

impl<'a> Fields<'a> {
    pub(super) fn of(sentence: &'a str) -> Self {
        match sentence.split_once(',') {
            Some((address, rest)) => Self { address, rest: Some(rest) },
            None => Self { address: sentence, rest: None },
        }
    }

    /// The next field; `None` if it is empty.
    pub(super) fn text(&mut self) -> Option<&'a str> {
        let rest = self.rest?;
        let (field, rest) = rest.split_once(',').map_or((rest, None), |(field, rest)| (field, Some(rest)));
        self.rest = rest;
        Some(field).filter(|field| !field.is_empty())
    }

    /// Whether there are more fields.
    pub(super) fn more(&self) -> bool {
        self.rest.is_some()
    }

    pub(super) fn number(&mut self) -> Result<Option<Number>, BadFrame> {
        self.text().map(|text| decimal(text).ok_or_else(|| wrong("number", text))).transpose()
    }

    /// A speed with the factor that makes it m/s, to a tenth of a millimetre.
    pub(super) fn speed(&mut self, factor: f64) -> Result<Option<Number>, BadFrame> {
        Ok(self.number()?.and_then(|speed| Number::new((speed.as_f64() * factor * 1e4).round() / 1e4)))
    }

    /// An amount and the letter that gives its sign.
    pub(super) fn signed(&mut self, negative: &str) -> Result<Option<Number>, BadFrame> {
        let (amount, side) = (self.number()?, self.text());
        let signed = |amount: Number| if side == Some(negative) { -amount.as_f64() } else { amount.as_f64() };
        Ok(amount.and_then(|amount| Number::new(signed(amount))))
    }

    /// `3908.8199,N`: degrees and minutes, in degrees to 1e-8. `degrees` is how many digits degrees have.
    pub(super) fn angle(&mut self, degrees: usize, sides: [&str; 2]) -> Result<Option<Number>, BadFrame> {
        let (text, side) = (self.text(), self.text());
        let (Some(text), Some(side)) = (text, side) else { return Ok(None) };
        let limit = if degrees == 2 { 9_000_000_000 } else { 18_000_000_000 };
        let angle =
            hundred_millionths(text, degrees).filter(|angle| *angle <= limit && sides.contains(&side));
        let angle = angle.ok_or_else(|| wrong("position", text))?;
        let angle = if side == sides[1] { -angle } else { angle };
        // At most 1.8e10: a double holds it exactly, and the division rounds once.
        #[allow(clippy::cast_precision_loss)]
        Ok(Number::new(angle as f64 / 1e8))
    }

    /// `120824.758` as `12:08:24.758`; a leap second is none.
    pub(super) fn time_of_day(&mut self) -> Result<Option<String>, BadFrame> {
        let Some(text) = self.text() else { return Ok(None) };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let digits = whole.len() == 6 && whole.bytes().chain(fraction.bytes()).all(|b| b.is_ascii_digit());
        if !digits || &whole[..2] > "23" || &whole[2..4] > "59" || &whole[4..] > "60" {
            return Err(wrong("time", text));
        }
        let millis: String = fraction.chars().chain("000".chars()).take(3).collect();
        let time = format!("{}:{}:{}.{millis}", &whole[..2], &whole[2..4], &whole[4..]);
        Ok(Some(time).filter(|_| &whole[4..] < "60"))
    }
}

/// Degrees times 1e8, exactly but for the last digit, which is rounded.
fn hundred_millionths(text: &str, degrees: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = whole.bytes().chain(fraction.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_number || whole.len() != degrees + 2 {
        return None;
    }
    let (degrees, minutes) = (whole[..degrees].parse::<i64>().ok()?, whole[degrees..].parse::<i64>().ok()?);
    let billionths: String = fraction.chars().chain("000000000".chars()).take(9).collect();
    let minutes_e9 = minutes * 1_000_000_000 + billionths.parse::<i64>().ok()?;
    (minutes < 60).then_some(degrees * 100_000_000 + (minutes_e9 + 300) / 600)
}

pub(super) fn wrong(what: &str, text: &str) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, format!("{text:?} is no {what}"))
}
