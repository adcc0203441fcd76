//! The content of a frame: a reading without its place in a stream.

use super::Integrity;
use crate::{
    hash::Hash,
    json::{Object, Value},
    object,
    time::Time,
};

/// The longest part that is kept as text, in bytes; of longer ones count and hash are kept.
const LONGEST_PART: usize = 256;

/// The most parts that are kept one by one; more are counted.
const MOST_PARTS: usize = 100;

/// The code under which further parts are counted.
const FURTHER: &str = "+";

/// The content of a frame: a reading without its place in a stream.
#[derive(Clone, Debug, PartialEq)]
pub struct ReadingBody {
    /// Name → number, string, boolean or null
    pub values: Object,
    /// Name → SenML unit
    pub units: Object,
    /// Code → what the frame said there and the decoder did not understand, as text; of a long part `{"bytes":N,"sha256":"…"}`
    pub undecoded: Object,
    /// What the frame proved about itself
    pub integrity: Integrity,
    /// When the device says that it measured; `None`: it does not say
    pub time: Option<Time>,
    /// What the device calls itself, where its user takes its word; `None`: what its reader calls it
    pub device: Option<String>,
    /// Other members that the device put beside `values`
    pub others: Object,
}

impl ReadingBody {
    /// A body without values.
    pub fn new(integrity: Integrity) -> Self {
        Self {
            values: Object::new(),
            units: Object::new(),
            undecoded: Object::new(),
            integrity,
            time: None,
            device: None,
            others: Object::new(),
        }
    }

    /// Adds a value, and answers its name. Where another value has this name already both are kept: the later one is called
    /// `NAME_2`, `NAME_3` and so on.
    pub fn add(&mut self, name: &str, value: impl Into<Value>) -> String {
        let name = free_name(&self.values, name);
        self.values.insert(name.as_str(), value);
        name
    }

    /// Keeps a part that was not understood, as it was sent.
    pub fn keep_undecoded(&mut self, code: &str, sent: &str) {
        if self.undecoded.len() >= MOST_PARTS {
            let further =
                self.undecoded.get(FURTHER).and_then(|further| further.as_object()?.get("parts")?.as_u64());
            self.undecoded.insert(FURTHER, object! { "parts": further.unwrap_or(0) + 1 });
            return;
        }
        let code = free_name(&self.undecoded, code);
        if sent.len() <= LONGEST_PART {
            self.undecoded.insert(code, sent);
        } else {
            let sha256 = Hash::of(sent.as_bytes()).to_string();
            self.undecoded.insert(code, object! { "bytes": sent.len(), "sha256": sha256 });
        }
    }
}

/// The name itself, or the first of `NAME_2`, `NAME_3` … that is free.
fn free_name(taken: &Object, name: &str) -> String {
    let numbered = (2..).map(|number: u64| format!("{name}_{number}"));
    std::iter::once(name.to_owned())
        .chain(numbered)
        .find(|name| taken.get(name).is_none())
        .unwrap_or_default()
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
