//! The quick way from a ledger's line to a fact, for lines whose proofs need no check.
//!
//! Of a line in canonical form only what a contract wants is looked at, in place: nothing is copied, no tree
//! is built. Whatever is unusual – escapes, letters beyond ASCII, long numbers, several proofs, members out of
//! order – is left to the slow way, which gives the same fact.

use std::{collections::HashMap, sync::Arc};

use super::{
    fact::{Fact, Sieve},
    glimpse::{Glimpse, Raw},
};
use crate::{contract::named_signers, decimal::Decimal, time::Time};

/// How many signers are remembered.
const REMEMBERED: usize = 1024;
/// Every decimal of so many digits is the canonical form of its double.
const EXACT_DIGITS: usize = 15;

/// Skims lines, and remembers who signs them.
pub struct Skimmer<'a> {
    sieve: &'a Sieve<'a>,
    speaks_for: HashMap<String, Arc<[usize]>>,
}

/// A line as far as it was looked at.
pub struct Skimmed {
    /// The entry's number
    pub n: u64,
    /// When it was received
    pub received: Time,
    /// What it says, if the contract wants to know
    pub fact: Option<Fact>,
}

impl<'a> Skimmer<'a> {
    /// A skimmer for what a sieve wants.
    pub fn new(sieve: &'a Sieve<'a>) -> Self {
        Self { sieve, speaks_for: HashMap::new() }
    }

    /// What a line says; none if that takes the slow way.
    pub fn skim(&mut self, line: &[u8]) -> Option<Skimmed> {
        if self.sieve.asks_registry() {
            return None;
        }
        let mut scan = Scan { line, at: 0 };
        let (mut n, mut received, mut kind) = (None, None, None);
        let (mut glimpse, mut method) = (Glimpse::default(), None);
        scan.object(|scan, name| {
            match name {
                "n" => n = Some(scan.integer()?),
                "received" => received = Some(Time::parse(scan.string()?)?),
                "record" => kind = Some(scan_record(scan, &mut glimpse, &mut method)?),
                _ => return None,
            }
            Some(())
        })?;
        let (n, received) = (n?, received?);
        let fact = match kind? {
            "accept" => return None,
            kind if self.sieve.follows(kind) => return None,
            "reading" | "status" => {
                glimpse.reading = kind == Some("reading");
                let speaks_for = self.speaks_for(method)?;
                self.sieve.said(&glimpse, Some(speaks_for))
            }
            _ => None,
        };
        (scan.at == line.len()).then_some(Skimmed { n, received, fact })
    }

    /// None where the proof names no key: the slow way says what that means.
    fn speaks_for(&mut self, method: Option<&str>) -> Option<Arc<[usize]>> {
        let Some(method) = method else { return Some(self.sieve.speaks_for(&[])) };
        if let Some(known) = self.speaks_for.get(method) {
            return Some(Arc::clone(known));
        }
        let devices = self.sieve.speaks_for(&[named_signers::key_of(method)?]);
        if self.speaks_for.len() == REMEMBERED {
            self.speaks_for.clear();
        }
        self.speaks_for.insert(method.to_owned(), Arc::clone(&devices));
        Some(devices)
    }
}

/// Looks at a record's members; answers its type.
fn scan_record<'l>(
    scan: &mut Scan<'l>,
    glimpse: &mut Glimpse<'l>,
    method: &mut Option<&'l str>,
) -> Option<&'l str> {
    let mut kind = None;
    scan.object(|scan, name| {
        match name {
            "boot" => scan.text(&mut glimpse.boot)?,
            "device" => scan.text(&mut glimpse.device)?,
            "proof" => *method = Some(scan_proof(scan)?),
            "seq" => glimpse.seq = Some(scan.integer()?),
            "status" => scan.text(&mut glimpse.status)?,
            "stream" => scan.text(&mut glimpse.stream)?,
            "time" => scan.text(&mut glimpse.time)?,
            "type" => scan.text(&mut kind)?,
            "units" => scan.object(|scan, name| {
                glimpse.units.push((name, scan.string()?));
                Some(())
            })?,
            "up" => glimpse.up = Some(scan.integer()?),
            "values" => scan.object(|scan, name| {
                glimpse.values.push((name, scan.value()?));
                Some(())
            })?,
            _ => scan.skip()?,
        }
        Some(())
    })?;
    kind
}

/// The key that a single proof names.
fn scan_proof<'l>(scan: &mut Scan<'l>) -> Option<&'l str> {
    let mut method = None;
    scan.object(|scan, name| {
        match name {
            "verificationMethod" => method = Some(scan.string()?),
            _ => scan.skip()?,
        }
        Some(())
    })?;
    method
}

struct Scan<'l> {
    line: &'l [u8],
    at: usize,
}

impl<'l> Scan<'l> {
    fn peek(&self) -> Option<u8> {
        self.line.get(self.at).copied()
    }

    fn expect(&mut self, byte: u8) -> Option<()> {
        (self.peek()? == byte).then(|| self.at += 1)
    }

    /// Members in the order of their names, so that none is there twice.
    fn object(&mut self, mut member: impl FnMut(&mut Self, &'l str) -> Option<()>) -> Option<()> {
        self.expect(b'{')?;
        if self.peek()? == b'}' {
            return self.expect(b'}');
        }
        let mut before: Option<&str> = None;
        loop {
            let name = self.string()?;
            if before.is_some_and(|before| before >= name) {
                return None;
            }
            before = Some(name);
            self.expect(b':')?;
            member(self, name)?;
            if self.peek()? != b',' {
                return self.expect(b'}');
            }
            self.at += 1;
        }
    }

    /// Plain ASCII without escapes.
    fn string(&mut self) -> Option<&'l str> {
        self.expect(b'"')?;
        let rest = &self.line[self.at..];
        let length =
            rest.iter().position(|byte| !matches!(byte, 0x20..=0x7e) || matches!(byte, b'"' | b'\\'))?;
        self.at += length;
        self.expect(b'"')?;
        std::str::from_utf8(&rest[..length]).ok()
    }

    /// Text; another kind of value is passed over.
    fn text(&mut self, into: &mut Option<&'l str>) -> Option<()> {
        if self.peek()? != b'"' {
            return self.skip();
        }
        *into = Some(self.string()?);
        Some(())
    }

    fn literal(&mut self) -> Option<&'l str> {
        let rest = &self.line[self.at..];
        let length = rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']'))?;
        self.at += length;
        std::str::from_utf8(&rest[..length]).ok()
    }

    fn integer(&mut self) -> Option<u64> {
        let literal = self.literal()?;
        let plain = literal.len() <= EXACT_DIGITS && literal.bytes().all(|byte| byte.is_ascii_digit());
        plain.then(|| literal.parse().ok())?
    }

    fn value(&mut self) -> Option<Raw<'l>> {
        if self.peek()? == b'"' {
            return self.string().map(Raw::Text);
        }
        Some(match self.literal()? {
            "null" => Raw::Null,
            "true" => Raw::Bool(true),
            "false" => Raw::Bool(false),
            literal => {
                let plain = literal.len() <= EXACT_DIGITS
                    && literal.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'-' | b'.'));
                Raw::Number(Some(plain.then(|| Decimal::parse(literal))??))
            }
        })
    }

    /// Passes over a value, whatever it is.
    fn skip(&mut self) -> Option<()> {
        let mut depth = 0usize;
        loop {
            match self.peek()? {
                b'"' => drop(self.string()?),
                b'{' | b'[' => (depth, self.at) = (depth + 1, self.at + 1),
                b'}' | b']' => (depth, self.at) = (depth.checked_sub(1)?, self.at + 1),
                b',' | b':' if depth > 0 => self.at += 1,
                b'-' | b'0'..=b'9' | b'n' | b't' | b'f' => {
                    let rest = &self.line[self.at..];
                    self.at += rest.iter().position(|byte| matches!(byte, b',' | b'}' | b']' | b':'))?;
                }
                _ => return None,
            }
            if depth == 0 {
                return Some(());
            }
        }
    }
}
