//! The canonical writer: RFC 8785 (JCS).

use std::fmt;

use super::{Number, Object, Value, plain::plain};

impl Value {
    /// The canonical form, as bytes without a line feed.
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends the canonical form to a buffer.
    pub fn write(&self, out: &mut String) {
        match self {
            Self::Null => out.push_str("null"),
            Self::Bool(true) => out.push_str("true"),
            Self::Bool(false) => out.push_str("false"),
            Self::Number(number) => write_number(*number, out),
            Self::String(text) => write_string(text, out),
            Self::Array(elements) => write_array(elements, out),
            Self::Object(object) => object.write(out),
        }
    }
}

impl Object {
    /// The canonical form, as bytes without a line feed.
    pub fn to_canonical(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// Appends the canonical form to a buffer.
    pub fn write(&self, out: &mut String) {
        self.write_except(None, out);
    }

    /// Appends the canonical form as if `left_out` were no member: the form that a proof signs.
    pub fn write_without(&self, left_out: &str, out: &mut String) {
        self.write_except(Some(left_out), out);
    }

    fn write_except(&self, left_out: Option<&str>, out: &mut String) {
        let mut object = ObjectWriter::begin(out);
        for (name, value) in self.iter().filter(|(name, _)| Some(*name) != left_out) {
            value.write(object.member(name));
        }
        object.end();
    }
}

/// Appends an object to a buffer, member by member in their canonical order.
pub(crate) struct ObjectWriter<'a> {
    out: &'a mut String,
    has_members: bool,
}

impl<'a> ObjectWriter<'a> {
    /// Begins an object.
    pub(crate) fn begin(out: &'a mut String) -> Self {
        out.push('{');
        Self { out, has_members: false }
    }

    /// Goes on with a member; its value is to be appended to what this gives.
    pub(crate) fn member(&mut self, name: &str) -> &mut String {
        self.out.push_str(if self.has_members { ",\"" } else { "\"" });
        self.has_members = true;
        write_letters(name, self.out);
        self.out.push_str("\":");
        self.out
    }

    /// Goes on with a member whose value is a text.
    pub(crate) fn text(&mut self, name: &str, text: &str) {
        write_string(text, self.member(name));
    }

    /// Ends it.
    pub(crate) fn end(self) {
        self.out.push('}');
    }
}

fn write_array(elements: &[Value], out: &mut String) {
    out.push('[');
    for (at, element) in elements.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        element.write(out);
    }
    out.push(']');
}

/// ECMAScript's `Number::toString`; minus zero is `0`.
fn write_number(number: Number, out: &mut String) {
    if let Some(thousandths) = number.as_thousandths() {
        return write_thousandths(thousandths, out);
    }
    match hundred_millionths(number.as_f64()) {
        Some(parts) => write_hundred_millionths(parts, out),
        None => out.push_str(ryu_js::Buffer::new().format(number.as_f64())),
    }
}

impl Number {
    /// The number as thousandths, if the shortest decimal that is read as that double has three digits behind its point at
    /// most and nine before it: most of what is measured. Of 15 digits no two decimals are the same double (`DBL_DIG`), so
    /// there is no shorter one.
    #[expect(clippy::cast_precision_loss, reason = "below 10^12")]
    #[expect(clippy::float_cmp, reason = "the same double, or another one")]
    pub fn as_thousandths(self) -> Option<i64> {
        let double = self.as_f64();
        let thousandths = (double.abs() < 1e9).then(|| nearest(double * 1_000.0))?;
        (thousandths as f64 / 1_000.0 == double).then_some(thousandths)
    }
}

/// The same of eight digits behind the point and six before it: positions. What is smaller is written with an exponent.
#[expect(clippy::cast_precision_loss, reason = "below 10^14")]
#[expect(clippy::float_cmp, reason = "the same double, or another one")]
fn hundred_millionths(double: f64) -> Option<i64> {
    let parts = (double.abs() < 1e6 && double.abs() >= 1e-6).then(|| nearest(double * 1e8))?;
    (parts as f64 / 1e8 == double).then_some(parts)
}

/// The integer nearest to what is one but for the last bits of a double. Without a call, which rounding is on machines of
/// twenty years ago.
#[expect(clippy::cast_possible_truncation, reason = "below 10^14")]
fn nearest(double: f64) -> i64 {
    (double + 0.5f64.copysign(double)) as i64
}

/// Writes such a number, which is no integer.
fn write_hundred_millionths(parts: i64, out: &mut String) {
    let (mut fraction, mut width) = (parts.unsigned_abs() % 100_000_000, 8);
    while fraction % 10 == 0 && width > 1 {
        (fraction, width) = (fraction / 10, width - 1);
    }
    out.push_str(if parts < 0 { "-" } else { "" });
    write_digits(parts.unsigned_abs() / 100_000_000, 1, out);
    out.push('.');
    write_digits(fraction, width, out);
}

fn write_thousandths(thousandths: i64, out: &mut String) {
    let (whole, fraction) = (thousandths.unsigned_abs() / 1_000, thousandths.unsigned_abs() % 1_000);
    out.push_str(if thousandths < 0 { "-" } else { "" });
    write_digits(whole, 1, out);
    match fraction {
        0 => return,
        _ => out.push('.'),
    }
    match (fraction % 100, fraction % 10) {
        (0, _) => write_digits(fraction / 100, 1, out),
        (_, 0) => write_digits(fraction / 10, 2, out),
        _ => write_digits(fraction, 3, out),
    }
}

/// Appends an integer of at most 2⁵³ − 1, of which the canonical form is its digits.
pub fn write_integer(integer: u64, out: &mut String) {
    write_digits(integer, 1, out);
}

/// The numbers from 0 to 99 in two digits each.
const PAIRS: &str = "0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
                     5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899";

/// Appends an integer, with zeros before it up to a width.
#[expect(clippy::cast_possible_truncation, reason = "below 100")]
fn write_digits(number: u64, width: usize, out: &mut String) {
    if number >= 100 || width > 2 {
        write_digits(number / 100, width.saturating_sub(2), out);
        let at = (number % 100) as usize * 2;
        return out.push_str(&PAIRS[at..at + 2]);
    }
    let at = number as usize * 2;
    out.push_str(if number < 10 && width < 2 { &PAIRS[at + 1..at + 2] } else { &PAIRS[at..at + 2] });
}

/// Quotes a text.
fn write_string(text: &str, out: &mut String) {
    out.push('"');
    write_letters(text, out);
    out.push('"');
}

/// Writes the letters of a string, escaping only what RFC 8785 §3.2.2.2 says, in runs.
fn write_letters(text: &str, out: &mut String) {
    let (plain, mut plain_from) = (plain(text.as_bytes()), 0);
    for (at, byte) in text.bytes().enumerate().skip(plain) {
        if byte >= b' ' && byte != b'"' && byte != b'\\' {
            continue;
        }
        out.push_str(&text[plain_from..at]);
        plain_from = at + 1;
        write_escape(byte, out);
    }
    out.push_str(&text[plain_from..]);
}

fn write_escape(byte: u8, out: &mut String) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        0x08 => out.push_str("\\b"),
        b'\t' => out.push_str("\\t"),
        b'\n' => out.push_str("\\n"),
        0x0c => out.push_str("\\f"),
        b'\r' => out.push_str("\\r"),
        control => {
            let hex = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0');
            out.extend(["\\u00"]);
            out.extend([hex(control >> 4), hex(control & 15)]);
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical())
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.to_canonical())
    }
}

#[cfg(test)]
mod tests {
    use super::super::parse;

    #[test]
    fn members_are_sorted_numbers_short_escapes_few() {
        let value =
            parse(br#"{"b":[1.50,-0,1E21,1e-7],"a":"\u0007\/\u00e9\n","c":{"z":null,"y":true}}"#).unwrap();
        assert_eq!(value.to_string(), r#"{"a":"\u0007/é\n","b":[1.5,0,1e+21,1e-7],"c":{"y":true,"z":null}}"#);
    }

    #[test]
    fn short_numbers_are_what_ecmascript_writes() {
        let doubles = (-1_005_000..1_005_000i32).step_by(7).map(|n| f64::from(n) / 1_000.0);
        let others = [
            0.0,
            -0.0,
            999_999_999.999,
            -999_999_999.999,
            1e9,
            0.0005,
            0.001,
            1e-7,
            123_456.789,
            0.1 + 0.2,
            4.35 * 100.0,
            0.000_001,
            0.000_000_99,
            -0.000_012_34,
            52.000_000_01,
            -179.999_999_99,
            999_999.999_999_99,
            1_000_000.000_000_01,
        ];
        let positions = (-18_000..18_000i32).map(|n| f64::from(n) * 999_979.0 / 1e8);
        for double in doubles.chain(others).chain(positions) {
            let mut out = String::new();
            super::write_number(super::Number::new(double).unwrap(), &mut out);
            assert_eq!(out, ryu_js::Buffer::new().format(double));
        }
    }

    #[test]
    fn one_member_can_be_left_out() {
        for (text, without) in [
            (r#"{"proof":1}"#, "{}"),
            (r#"{"a":1,"proof":2,"z":3}"#, r#"{"a":1,"z":3}"#),
            (r#"{"proof":{"proof":1},"z":{"proof":1}}"#, r#"{"z":{"proof":1}}"#),
        ] {
            let mut out = String::new();
            super::super::parse_object(text.as_bytes()).unwrap().write_without("proof", &mut out);
            assert_eq!(out, without);
        }
    }
}
