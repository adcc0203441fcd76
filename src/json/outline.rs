//! Outlines: what the texts of one source have in common, so that the next one is compared instead of being read.
//!
//! ```text
//! {"n":7,"at":"06:00","unit":"Cel"}      an outline of this, where `n` and `at` are places
//! {"n":8,"at":"06:01","unit":"Cel"}      fits: 8, 06:01
//! {"n":8,"at":"06:01","unit":"K"}        does not, nor does {"n":08,…
//! ```
//!
//! What fits is canonical (RFC 8785), as the text is that the outline was made of: all else is the same, and at each
//! place there is a string or number in canonical form. Less fits than could: strings with escapes or beyond ASCII do not.

use std::ops::Range;

use super::{digits, plain::plain, scan::Scan};

/// A canonical text, and the places in it whose values may be others. `R` says what a place is for.
#[derive(Debug)]
pub struct Outline<R> {
    text: Box<str>,
    places: Vec<OutlinePlace<R>>,
}

#[derive(Debug)]
struct OutlinePlace<R> {
    /// A number, or what stands between the quotes of a string
    range: Range<usize>,
    is_string: bool,
    role: R,
}

impl<R> Outline<R> {
    /// Of an object. Each string or number that is no element of an array is a place if its `role` is one, by the names
    /// that lead to it and its text. `None`: no scan is sure of the text.
    pub fn of(text: &str, mut role: impl FnMut(&[&str], &str) -> Option<R>) -> Option<Self> {
        let (mut scan, mut places) = (Scan::of(text), Vec::new());
        find_places(&mut scan, &mut Vec::new(), &mut |names, range: Range<usize>| {
            let value = &text[range.clone()];
            let is_string = value.starts_with('"');
            let range = if is_string { range.start + 1..range.end - 1 } else { range };
            places.extend(role(names, value).map(|role| OutlinePlace { range, is_string, role }));
        })?;
        scan.end()?;
        Some(Self { text: text.into(), places })
    }

    /// Compares a text, and hands over what stands at each place, which is ASCII. The text may be any bytes: those that fit are
    /// UTF-8. `None`: it does not fit, or what stands at a place was not taken; what was handed over means nothing then.
    pub fn fit<'t>(&self, text: &'t [u8], mut take: impl FnMut(&R, &'t [u8]) -> Option<()>) -> Option<()> {
        let (mut rest, mut end, known) = (text, 0, self.text.as_bytes());
        for OutlinePlace { range, is_string, role } in &self.places {
            rest = rest.strip_prefix(&known[end..range.start])?;
            // Where a string ends at something else than its quote, what comes next does not fit.
            let length = if *is_string { plain(rest) } else { digits::length(rest) };
            let (value, behind) = rest.split_at_checked(length)?;
            (*is_string || digits::is_canonical(value)).then_some(())?;
            take(role, value)?;
            (rest, end) = (behind, range.end);
        }
        (rest == &known[end..]).then_some(())
    }
}

/// Reads an object, and hands over its strings and numbers, with the names that lead to them.
fn find_places<'t>(
    scan: &mut Scan<'t>,
    names: &mut Vec<&'t str>,
    found: &mut impl FnMut(&[&'t str], Range<usize>),
) -> Option<()> {
    scan.members(|scan, name| {
        names.push(name);
        match scan.peek()? {
            b'{' => find_places(scan, names, found)?,
            b'"' | b'-' | b'0'..=b'9' => {
                let from = scan.at();
                scan.value()?;
                found(names, from..scan.at());
            }
            _ => drop(scan.value()?),
        }
        names.pop();
        Some(())
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::json;

    const TEXT: &str = r#"{"a":{"b":-1.5,"c":["x",7]},"n":7,"s":"06:00","t":null,"u":"Cel"}"#;

    fn outline() -> Outline<String> {
        let is_place = |names: &[&str]| matches!(names, ["n" | "s" | "t"] | ["a", _]);
        Outline::of(TEXT, |names, _| is_place(names).then(|| names.join("."))).unwrap()
    }

    fn fitted(text: &str) -> Option<Vec<(String, &[u8])>> {
        let mut values = Vec::new();
        outline().fit(text.as_bytes(), |role, value| {
            values.push((role.clone(), value));
            Some(())
        })?;
        Some(values)
    }

    #[test]
    fn what_differs_at_places_only_fits() {
        let other = r#"{"a":{"b":20,"c":["x",7]},"n":0.25,"s":"","t":null,"u":"Cel"}"#;
        let values = [("a.b", "20"), ("n", "0.25"), ("s", "")]
            .map(|(role, value)| (role.to_owned(), value.as_bytes()));
        assert_eq!(fitted(other), Some(values.to_vec()));
        assert!(fitted(TEXT).is_some());
        for (from, to) in [
            ("Cel", "K"),
            ("null", "1"),
            ("[\"x\",7]", "[\"x\",8]"),
            ("7,\"s\"", "07,\"s\""),
            ("7,\"s\"", "7.0,\"s\""),
            ("7,\"s\"", "\"7\",\"s\""),
            ("7,\"s\"", ",\"s\""),
            ("06:00", "06\\n00"),
            ("06:00", "06é00"),
            ("\"06:00\"", "6"),
            ("06:00\"", "06:00"),
            ("}", "} "),
            ("\"n\"", "\"m\""),
        ] {
            assert_eq!(fitted(&TEXT.replacen(from, to, 1)), None, "{from} → {to}");
        }
    }

    #[test]
    fn of_what_no_scan_is_sure_of_there_is_no_outline() {
        for text in ["[]", "7", r#"{"b":1,"a":2}"#, r#"{"a":1} "#, r#"{"a":"\n"}"#, ""] {
            assert!(Outline::of(text, |_, _| Some(())).is_none(), "{text}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..Default::default() })]

        /// Whatever fits is what the writer would write, and the reader finds the values at their places.
        #[test]
        fn what_fits_is_canonical(at in 0..TEXT.len(), byte: u8, way in 0..3u8) {
            let mut text = TEXT.as_bytes().to_vec();
            match way {
                0 => text[at] = byte,
                1 => text.insert(at, byte),
                _ => drop(text.remove(at)),
            }
            let fits = outline().fit(&text, |_, _| Some(())).is_some();
            let canonical = || json::parse(&text).is_ok_and(|value| value.to_canonical().as_bytes() == text);
            prop_assert!(!fits || canonical(), "{}", String::from_utf8_lossy(&text));
        }
    }
}
