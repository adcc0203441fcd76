//! The content of a frame: a reading without its place in a stream.

use std::borrow::Cow;

use super::{Integrity, ReadingValues};
use crate::{
    hash::Hash,
    json::{JsonText, Object, Value},
    object,
    time::Time,
};

/// The longest part that is kept as text, in bytes; of longer ones count and hash are kept.
const LONGEST_PART: usize = 256;

/// The most parts that are kept one by one; more are counted.
const MOST_PARTS: usize = 100;

/// How many equal names are numbered one by one.
const NEAR: u64 = 16;

/// The code under which further parts are counted.
const FURTHER: &str = "+";

/// The content of a frame: a reading without its place in a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingBody {
    /// Numbers, strings, booleans and nulls by their names, with their units
    pub values: ReadingValues,
    /// Code → what the frame said there and the decoder did not understand, as text; of a long part `{"bytes":N,"sha256":"…"}`
    pub undecoded: Object,
    /// What the frame proved about itself
    pub integrity: Integrity,
    /// When the device says that it measured; `None`: it does not say
    pub time: Option<Time>,
    /// When that would be if the device writes the day of its date first, where it may do so
    pub time_day_first: Option<Time>,
    /// When parts of the frame are said to be from, for whoever knows what time it is
    pub dates: Vec<PartDate>,
    /// What the device calls itself, where its user takes its word; `None`: what its reader calls it
    pub device: Option<String>,
    /// Other members that the device put beside `values`
    pub others: Object,
}

/// When a part of a frame is said to be from: a value is this date.
#[derive(Clone, Debug, PartialEq)]
pub struct PartDate {
    /// The name of the value
    pub name: JsonText,
    /// The instant; of a local time in a zone that is not known, that instant in UTC
    pub time: Time,
    /// The code of the part
    pub code: JsonText,
    /// The part as it was sent
    pub sent: JsonText,
}

impl ReadingBody {
    /// A body without values.
    pub fn new(integrity: Integrity) -> Self {
        Self {
            values: ReadingValues::default(),
            undecoded: Object::new(),
            integrity,
            time: None,
            time_day_first: None,
            dates: Vec::new(),
            device: None,
            others: Object::new(),
        }
    }

    /// Adds a value, and answers its name. Where another value has this name already both are kept: the later one is called
    /// `NAME_2`, `NAME_3` and so on.
    pub fn add<'a>(&mut self, name: &'a str, value: impl Into<Value>) -> Cow<'a, str> {
        self.add_in(name, value, None)
    }

    /// The same of a value in this unit; `None`: it has none.
    pub fn add_in<'a>(&mut self, name: &'a str, value: impl Into<Value>, unit: Option<&str>) -> Cow<'a, str> {
        match self.values.insert_new(name, value.into(), unit) {
            Ok(()) => name.into(),
            Err(value) => {
                let name = free_name(name, self.values.len(), |name| self.values.get(name).is_none());
                self.values.insert(&name, value, unit);
                name.into()
            }
        }
    }

    /// Takes back the dates that cannot be right: they are null, and what was sent is kept.
    pub fn judge_dates(&mut self, is_plausible: impl Fn(Time) -> bool) {
        let dates = std::mem::take(&mut self.dates);
        for PartDate { name, code, sent, .. } in dates.into_iter().filter(|date| !is_plausible(date.time)) {
            self.values.take_back(&name);
            if self.undecoded.get(&code) != Some(&kept(&sent)) {
                self.keep_undecoded(&code, &sent);
            }
        }
    }

    /// Keeps a part that was not understood, as it was sent.
    pub fn keep_undecoded(&mut self, code: &str, sent: &str) {
        if self.undecoded.len() >= MOST_PARTS {
            let further =
                self.undecoded.get(FURTHER).and_then(|further| further.as_object()?.get("parts")?.as_u64());
            self.undecoded.insert(FURTHER, object! { "parts": further.unwrap_or(0) + 1 });
            return;
        }
        let code = free_name(code, self.undecoded.len(), |code| self.undecoded.get(code).is_none());
        self.undecoded.insert(code, kept(sent));
    }
}

/// A part as it is kept.
fn kept(sent: &str) -> Value {
    if sent.len() <= LONGEST_PART {
        return sent.into();
    }
    let sha256 = Hash::of(sent.as_bytes()).to_string();
    object! { "bytes": sent.len(), "sha256": sha256 }.into()
}

/// The name itself, or the first of `NAME_2`, `NAME_3` … that is free. Behind [`NEAR`] it is looked for in doubling steps,
/// so that a frame of a thousand equal names costs no million looks. `taken` is how many are not.
fn free_name(name: &str, taken: usize, is_free: impl Fn(&str) -> bool) -> String {
    if is_free(name) {
        return name.to_owned();
    }
    let numbered = |number: u64| format!("{name}_{number}");
    let is_free = |number: &u64| is_free(&numbered(*number));
    if let Some(near) = (2..=NEAR).find(is_free) {
        return numbered(near);
    }
    let (mut held, mut free) = (NEAR, NEAR.saturating_mul(2));
    while !is_free(&free) {
        (held, free) = (free, free.saturating_mul(2));
        if held == free {
            return numbered((taken as u64..=u64::MAX).find(is_free).unwrap_or_default());
        }
    }
    while free - held > 1 {
        let middle = held.midpoint(free);
        *if is_free(&middle) { &mut free } else { &mut held } = middle;
    }
    numbered(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_values_of_one_name_are_both_kept() {
        let mut body = ReadingBody::new(Integrity::None);
        let names = [body.add("t", 1u32), body.add("t", 2u32), body.add("t", 3u32)];
        assert_eq!(names, ["t", "t_2", "t_3"]);
        assert_eq!(body.values.to_canonical(), r#"{"t":1,"t_2":2,"t_3":3}"#);
    }

    #[test]
    fn a_date_that_cannot_be_right_is_taken_back_and_its_part_kept_once() {
        let mut body = ReadingBody::new(Integrity::None);
        let long = "x".repeat(LONGEST_PART + 1);
        for (name, code, sent) in
            [("a", "1", "(a)(b)"), ("b", "1", "(a)(b)"), ("c", "2", &long), ("d", "2", &long)]
        {
            body.add(name, "2070");
            let time = Time::from_millis(i64::from(name == "b")).unwrap();
            body.dates.push(PartDate { name: name.into(), time, code: code.into(), sent: sent.into() });
        }
        body.judge_dates(|time| time.millis() > 0);
        assert_eq!(body.values.to_canonical(), r#"{"a":null,"b":"2070","c":null,"d":null}"#);
        assert_eq!((body.undecoded.len(), body.undecoded.str("1")), (2, Some("(a)(b)")));
    }

    #[test]
    fn many_values_of_one_name_are_numbered_in_order_and_quickly() {
        let mut body = ReadingBody::new(Integrity::None);
        let names: Vec<_> = (0..20_000u32).map(|at| body.add("t", at)).collect();
        assert_eq!(names[1..4], ["t_2", "t_3", "t_4"]);
        assert_eq!((&*names[16], &*names[19_999]), ("t_17", "t_20000"));
        assert_eq!(body.values.len(), 20_000);
    }

    #[test]
    fn names_that_look_numbered_do_not_stop_the_search() {
        let mut body = ReadingBody::new(Integrity::None);
        let doubled = (0..64).map(|power| 1u64 << power).chain(2..=16).chain([u64::MAX]);
        doubled.for_each(|number| body.values.insert(&format!("t_{number}"), 0u32, None));
        let before = body.values.len();
        (0..100u32).for_each(|at| _ = body.add("t", at));
        assert_eq!(body.values.len(), before + 100, "each has a name of its own");
    }

    #[test]
    fn what_is_kept_as_sent_is_bounded() {
        let mut body = ReadingBody::new(Integrity::None);
        body.keep_undecoded("a", "1,5");
        body.keep_undecoded("a", &"x".repeat(257));
        let sha256 = Hash::of("x".repeat(257).as_bytes());
        assert_eq!(
            body.undecoded.to_canonical(),
            format!(r#"{{"a":"1,5","a_2":{{"bytes":257,"sha256":"{sha256}"}}}}"#)
        );
        for _ in 2..MOST_PARTS + 3 {
            body.keep_undecoded("b", "?");
        }
        assert_eq!(body.undecoded.len(), MOST_PARTS + 1);
        assert_eq!(body.undecoded.get(FURTHER).unwrap().to_canonical(), r#"{"parts":3}"#);
    }
}
