//! The codes in front of a weight.

use super::{WeighingLine, say, say_once};
use crate::device::decode::value_token::NumberForm;

impl<'a> WeighingLine<'a> {
    /// Takes the codes in front of a weight; answers what stands behind them.
    pub(super) fn header(&mut self, text: &'a str, form: NumberForm) -> &'a str {
        let begin = weight_field(text, form);
        let codes: Vec<&str> = text[..begin].split_terminator(',').map(str::trim).collect();
        if codes.iter().any(|code| WeighingLine::default().code(code)) {
            for code in codes {
                if !self.code(code) && !self.comparison(code) {
                    self.unknown.push(code);
                }
            }
            return &text[begin..];
        }
        if let Some(behind) = self.sics(text) {
            return behind;
        }
        for (code, net) in [("ww", false), ("wn", true), ("WW", false), ("WN", true)] {
            let behind = text.strip_prefix(code);
            if let Some(behind) = behind.filter(|behind| !behind.starts_with(char::is_alphabetic)) {
                self.net = Some(net);
                return behind;
            }
        }
        self.identifier(text)
    }

    /// `S S     12.34 g`, `S +`: codes of MT-SICS; answers what stands behind them. `None`: there are none.
    fn sics(&mut self, text: &'a str) -> Option<&'a str> {
        let (code, behind) = first_word(text);
        match code {
            "SI+" if behind.is_empty() => self.overload = true,
            "SI-" if behind.is_empty() => self.underload = true,
            // What Radwag was asked stands in front of its answer.
            "SI" | "SU" | "SUI" if !behind.is_empty() => return Some(self.answer(behind)),
            "S" => return self.sics_status(behind),
            // What a balance was told, or asked, to take off.
            "TA" if behind.starts_with("A ") => {
                self.tare = true;
                self.has_header = true;
                return Some(first_word(behind).1);
            }
            _ => return None,
        }
        self.has_header = true;
        Some(behind)
    }

    /// The same behind the first letter.
    fn sics_status(&mut self, text: &'a str) -> Option<&'a str> {
        let (status, behind) = first_word(text);
        match (status, behind.is_empty()) {
            ("S", false) => self.stable = Some(true),
            ("D", false) => self.stable = Some(false),
            ("+", true) => self.overload = true,
            ("-", true) => self.underload = true,
            // It could not do so, or did not understand: there is no weight.
            ("I" | "L", true) => return Some(behind),
            _ => return None,
        }
        self.has_header = true;
        Some(behind)
    }

    /// `?       18.5 kg`, `S    12.34 g`: what stands behind a question that is repeated; answers what stands behind its code.
    fn answer(&mut self, text: &'a str) -> &'a str {
        match first_word(text) {
            ("S", behind) if !behind.is_empty() => self.stable = Some(true),
            ("D", behind) if !behind.is_empty() => self.stable = Some(false),
            (word, "") if !word.contains(|c: char| c.is_ascii_digit() || "^v".contains(c)) => return "",
            _ => return text,
        }
        first_word(text).1
    }

    /// What a comparator says, between other codes; whether it is that.
    fn comparison(&mut self, code: &'a str) -> bool {
        let is_first = self.comparator.is_none();
        if is_first && matches!(code, "HI" | "OK" | "LO" | "--") {
            self.comparator = Some(code);
            return true;
        }
        false
    }

    /// A code before a comma; whether it is one, and denies none before it.
    fn code(&mut self, code: &str) -> bool {
        let is_known = match code {
            "ST" | "QT" => say(&mut self.stable, true),
            "US" => say(&mut self.stable, false),
            "GS" | "GW" | "G" => say(&mut self.net, false),
            "NT" | "N" => say(&mut self.net, true),
            "OL" => say_once(&mut self.overload),
            "UL" => say_once(&mut self.underload),
            "TR" | "TW" | "T" => say_once(&mut self.tare),
            _ => false,
        };
        self.has_header |= is_known && code.len() == 2 && !matches!(code, "TR" | "TW");
        is_known
    }

    /// `N     +  12.34`, `G     +`, `Stat   High`: six places in front of the sign.
    fn identifier(&mut self, text: &'a str) -> &'a str {
        let length = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
        let (code, behind) = (&text[..length], text[length..].trim_start_matches([' ', '\t']));
        if behind.len() == text.len() || !behind.starts_with(['+', '-']) && code != "Stat" {
            return text;
        }
        match code {
            "N" => self.net = Some(true),
            "G" => self.net = Some(false),
            "T" | "T1" => self.tare = true,
            "Qnt" => self.kind = Some("count"),
            "Prc" => self.kind = Some("weight_percent"),
            "S" => self.stable = Some(true),
            "SD" => self.stable = Some(false),
            "Stat" => {}
            _ => return text,
        }
        // Right in front of a sign they may be another maker's, who says nothing by the unit.
        self.is_sartorius = length + behind.len() < text.len();
        self.has_header = self.net.is_some() || self.kind.is_some();
        behind
    }
}

/// Where the field of the weight begins: the last one with digits, for a unit may follow; where commas are decimal the first.
fn weight_field(text: &str, form: NumberForm) -> usize {
    let ends = text.match_indices(',').map(|(at, _)| at + 1);
    let fields: Vec<usize> = std::iter::once(0).chain(ends).collect();
    let has_digits = |begin: &usize| {
        text[*begin..].split(',').next().is_some_and(|field| field.contains(|c: char| c.is_ascii_digit()))
    };
    let found = match form.decimal {
        ',' => fields.iter().copied().find(has_digits),
        _ => fields.iter().copied().rfind(has_digits),
    };
    found.or(fields.last().copied()).unwrap_or(0)
}

/// The first word of a text, and what stands behind it.
fn first_word(text: &str) -> (&str, &str) {
    let (word, behind) = text.split_once([' ', '\t']).unwrap_or((text, ""));
    (word, behind.trim_start_matches([' ', '\t']))
}
