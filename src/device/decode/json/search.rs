//! The whole objects in a line that is not one object: log words around it, several glued together, or one that another
//! task printed into the middle of a longer one.
//!
//! ```text
//! D (1234) out: {"t":1} 130                 t
//! {"t":1}{"t":2}   +RCV=50,7,{"t":1},-45    both, one
//! {"a":{"v":"77{"t":1}                      t stands within a text of a broken object, so it is another one's
//! {"a":{"t":1}   "a":{"t":1},               nothing: this is a.t of a broken object
//! ```

use super::{
    super::line_text::LineText,
    lenient::{self, Part},
};

/// No line has more objects than this.
const MOST_OBJECTS: usize = 1_000;

/// What was found in a line.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// The members of whole objects, in order
    pub(super) objects: Vec<Vec<(String, Part)>>,
    /// Whether something that is no whole object begins like one, or ends like one
    pub(super) broken: bool,
}

/// How often the bytes of a line may be read again in search of an object within a broken one, and how many in any line:
/// devices do not nest deeper.
const PASSES: usize = 8;
const ANY_LINE: usize = 4_096;

/// An object with its place.
struct Place {
    from: usize,
    to: usize,
    members: Vec<(String, Part)>,
    /// Whether a broken object around it has a text open where this one begins
    in_text: bool,
}

/// Finds whole objects. `within` says that the lines before belong to an object of several lines that is not over; by
/// `before`, the lines before, a flipped bit shows.
pub(super) fn objects(line: &LineText, within: bool, before: &[u8]) -> Found {
    let text = line.text();
    let mut places: Vec<Place> = Vec::new();
    let mut outer = None;
    let mut at = 0;
    let mut in_vain = 0;
    while let Some(from) = next_opener(text, at) {
        if places.len() >= MOST_OBJECTS || in_vain > text.len() * PASSES + ANY_LINE {
            break;
        }
        match lenient::object(line, from, before) {
            Ok((members, length)) => {
                let in_text = outer.as_mut().is_some_and(|outer: &mut Outer| outer.in_text(text, from));
                places.push(Place { from, to: from + length, members, in_text });
                at = from + length;
                if let Some(outer) = &mut outer {
                    outer.skip(at);
                }
            }
            Err(read) => {
                outer.get_or_insert(Outer { at: from, in_text: false });
                at = from + 1;
                in_vain += read;
            }
        }
    }
    let around = Around::of(text, &places);
    let all = places.len();
    let mut objects = Vec::new();
    for index in 0..all {
        if around.allows(text, &places, index, within) {
            objects.push(std::mem::take(&mut places[index].members));
        }
    }
    Found { broken: outer.is_some() || around.is_json || objects.len() < all, objects }
}

/// The next brace that may begin an object.
fn next_opener(text: &str, from: usize) -> Option<usize> {
    let braces = text[from..].match_indices('{').map(|(at, _)| from + at);
    let blank = |c: char| c.is_ascii_whitespace() || c == '\0' || c == '\x1b';
    braces.into_iter().find(|at| text[at + 1..].trim_start_matches(blank).starts_with(['"', '}', '[']))
}

/// A broken object, followed up to a place.
struct Outer {
    at: usize,
    in_text: bool,
}

impl Outer {
    /// Whether it has a text open at a place.
    fn in_text(&mut self, text: &str, place: usize) -> bool {
        let bytes = text.as_bytes();
        while self.at < place {
            match bytes[self.at] {
                b'\\' if self.in_text => self.at += 1,
                b'"' => self.in_text = !self.in_text,
                _ => {}
            }
            self.at += 1;
        }
        self.in_text
    }

    /// Goes on behind another object.
    fn skip(&mut self, to: usize) {
        self.at = self.at.max(to);
    }
}

/// What stands outside of the whole objects of a line.
struct Around {
    /// Whether it has parts of JSON
    is_json: bool,
}

impl Around {
    fn of(text: &str, places: &[Place]) -> Self {
        let mut from = 0;
        let (mut has_quotes, mut opened, mut closed) = (false, 0, 0);
        for (begin, end) in
            places.iter().map(|place| (place.from, place.to)).chain([(text.len(), text.len())])
        {
            let part = &text[from..begin];
            has_quotes |= part.contains('"');
            opened += part.matches('{').count();
            closed += part.matches('}').count();
            from = end;
        }
        Self { is_json: has_quotes || opened != closed }
    }

    /// Whether an object stands for itself, and is no part of a broken one.
    fn allows(&self, text: &str, places: &[Place], index: usize, within: bool) -> bool {
        let place = &places[index];
        let begin = if index == 0 { 0 } else { places[index - 1].to };
        let end = places.get(index + 1).map_or(text.len(), |next| next.from);
        let before = text[begin..place.from].trim_end();
        let behind = text[place.to..end].trim_start();
        let is_member = before.ends_with('"')
            || before.strip_suffix(':').is_some_and(|name| name.trim_end().ends_with('"'));
        let is_first = begin == 0 && before.is_empty();
        if is_member || (is_first && within) {
            return false;
        }
        if place.in_text {
            return !before.ends_with([',', '[', ':', '{']);
        }
        let is_element = before.ends_with([',', '[']) || behind.starts_with([',', ']']);
        let closes = text[place.to..].contains(['}', ']']) && behind.contains(['}', ']']);
        !(self.is_json && (is_element || closes || behind.starts_with('}') || before.ends_with(':')))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many whole objects a line has, and whether it has parts of others.
    fn found(text: &str) -> (usize, bool) {
        let found = objects(&LineText::of(text.as_bytes()), false, b"");
        (found.objects.len(), found.broken)
    }

    #[test]
    fn whole_objects_between_log_words_are_found() {
        for (text, count) in [
            ("c_json:{\"src\":\"LAB-1\",\"volt\":4.39} 130", 1),
            ("D (1234) {main} out: {\"volt\":4.40}", 1),
            ("{\"t\":1}{\"t\":2}", 2),
            ("{\"t\":1} {\"t\":2}\r{\"t\":3}\r", 3),
            ("+RCV=50,7,{\"t\":1},-45,12", 1),
            ("\u{feff}\x1b[0;32m{\"t\":1}\x1b[0m", 1),
            ("> [I][main] {\"t\":1}] ok", 1),
            ("[{\"t\":1},{\"t\":2}]", 2),
            ("hello", 0),
            ("{main} [1]", 0),
        ] {
            assert_eq!(found(text), (count, false), "{text}");
        }
    }

    #[test]
    fn an_object_within_a_broken_ones_text_or_at_its_cut_end_is_another_ones() {
        for text in [
            r#"{"tick":{"up":{"value":"77{"Warmth":19.75,"Moisture":51.5}"#,
            r#"{"v":"77{"t":1}12","unit":"s"}"#,
            r#"{"temp":21.{"t":1}"#,
            r#"{"temp":21.5,"hu{"t":1}"#,
            r#"ue":"77{"t":1}"#,
        ] {
            assert_eq!(found(text), (1, true), "{text}");
        }
    }

    #[test]
    fn a_part_of_a_broken_object_is_no_object() {
        for text in [
            r#"{"a":{"t":1}"#,
            r#"{"a"{"t":1}}"#,
            r#"{"a"z{"t":1}}"#,
            r#"{"a":"x,"b":{"t":1}}"#,
            r#"{"a":[1{"t":1}]}"#,
            r#"{"a":[{"t":1},{"t":2}"#,
            r#"{"a":{"t":1},{"t":2}]}"#,
            r#"or":{"t":1},"u":2}"#,
            r#"{"t":1},"u":2}"#,
            r#"{"t":1}}"#,
            r#"{"t":1},{"t":2}]}"#,
            r#""list": [{"t":1}"#,
            r#"{"payload":"{"t":1}","x":2}"#,
        ] {
            assert_eq!(found(text), (0, true), "{text}");
        }
        let line = LineText::of(b"{\"t\":1},");
        let whole = |within| objects(&line, within, b"").objects.len();
        assert_eq!((whole(false), whole(true)), (1, 0));
    }

    #[test]
    fn a_line_of_braces_is_soon_over() {
        let line = "{\"a\":[".repeat(20_000);
        assert_eq!(found(&line), (0, true));
        let deep = format!("{}{}", "{\"a\":".repeat(1_500), "{\"a\":1}".repeat(2));
        assert_eq!(found(&deep), (0, true), "the search has an end");
        assert_eq!(
            found(&format!("{}\"77{{\"t\":1}}", "{\"a\":".repeat(20))),
            (1, true),
            "in the text of a deep one"
        );
        assert!(found(&"{\"a\":1}".repeat(5_000)).0 <= MOST_OBJECTS);
    }
}
