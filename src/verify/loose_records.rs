//! Records outside of a ledger: whether their proofs hold.

use super::{
    finding::{Finding, FindingKind},
    report::VerifyReport,
    scan::{line_examiner::explanation, line_source::shown},
    trust::key_source::KeySource,
};
use crate::{
    json::{self, Object},
    key::PublicKey,
    record::signed::{CheckedProofs, Verifier},
    time::Time,
};

/// The longest record, over all its lines.
const MAX_RECORD: usize = 1 << 20;

/// How many bad proofs are explained.
const EXPLAINED: u64 = 10;

/// Verifies records, each on a line of its own or pretty-printed over several.
pub struct LooseRecords<'a> {
    /// The key that must have signed each record; `None`: any
    key: Option<&'a PublicKey>,
    /// What `expires` is compared with
    at: Time,
    explain: bool,
    file: Option<String>,
    verifier: Verifier,
    report: VerifyReport,
    /// A record that goes on on the next line
    begun: Option<Begun>,
}

struct Begun {
    line: u64,
    text: Vec<u8>,
    nesting: Nesting,
    /// Why it is no record, should it go on in vain
    why: json::JsonError,
}

impl<'a> LooseRecords<'a> {
    /// Nothing read yet. `key` must have signed each record, if there is one; `at` is what `expires` is compared with;
    /// `file` is what findings call the input.
    pub fn new(key: Option<&'a PublicKey>, at: Time, explain: bool, file: Option<String>) -> Self {
        let mut report = VerifyReport::new("records");
        report.key = if key.is_some() { KeySource::Given } else { KeySource::None };
        Self { key, at, explain, file, verifier: Verifier::new(), report, begun: None }
    }

    /// Takes the next line and its number, from 1.
    pub fn line(&mut self, number: u64, text: &[u8]) {
        match json::parse_object(text) {
            Ok(record) if text.first() == Some(&b'{') || self.begun.is_none() => {
                self.give_up();
                self.record(number, &record);
            }
            Ok(_) => self.go_on(text),
            Err(_) if self.begun.is_some() => self.go_on(text),
            Err(why) => self.begin(number, text, why),
        }
    }

    /// Notes a line that could not even be taken.
    pub fn unreadable(&mut self, number: u64, why: impl Into<String>) {
        self.give_up();
        self.push(number, Finding::new(FindingKind::Malformed, why));
    }

    /// The verdict.
    pub fn finish(mut self) -> VerifyReport {
        self.give_up();
        self.report
    }

    fn begin(&mut self, line: u64, text: &[u8], why: json::JsonError) {
        let mut nesting = Nesting::default();
        nesting.feed(text);
        if nesting.open() {
            self.begun = Some(Begun { line, text: text.to_vec(), nesting, why });
        } else {
            self.push(line, Finding::new(FindingKind::Malformed, format!("no record: {why}")));
        }
    }

    fn go_on(&mut self, text: &[u8]) {
        let Some(begun) = &mut self.begun else { return };
        begun.text.push(b'\n');
        begun.text.extend(text);
        begun.nesting.feed(text);
        if begun.text.len() > MAX_RECORD {
            self.give_up();
        } else if !begun.nesting.open()
            && let Some(begun) = self.begun.take()
        {
            match json::parse_object(&begun.text) {
                Ok(record) => self.record(begun.line, &record),
                Err(why) => {
                    // Its place counts from the record's own first line.
                    self.push(begun.line, Finding::new(FindingKind::Malformed, format!("no record: {why}")));
                }
            }
        }
    }

    fn give_up(&mut self) {
        if let Some(begun) = self.begun.take() {
            self.push(begun.line, Finding::new(FindingKind::Malformed, format!("no record: {}", begun.why)));
        }
    }

    fn record(&mut self, line: u64, record: &Object) {
        self.report.entries_checked += 1;
        let found = match self.verifier.proofs(record, self.at) {
            Err(bad) => {
                let explained = self.explain && self.report.findings.total() < EXPLAINED;
                let explanation = explained.then(|| explanation(record, &bad)).flatten();
                vec![Finding { explanation, ..Finding::new(FindingKind::BadProof, bad.to_string()) }]
            }
            Ok(CheckedProofs { signers, unknown }) if signers.is_empty() && unknown.is_empty() => {
                vec![without_proof(record)]
            }
            Ok(checked) => {
                self.report.proofs_checked += checked.signers.len() as u64;
                let unknown = checked.unknown.iter().map(ToString::to_string);
                let unknown = unknown.map(|detail| Finding::new(FindingKind::UnknownProof, detail));
                unknown.chain(self.not_by_key(record, &checked)).collect()
            }
        };
        for finding in found {
            self.push(line, Finding { device: record.str("device").map(shown), ..finding });
        }
    }

    /// That the key which must have signed has not. Where a proof of it may be one of those that could not be checked,
    /// there is no saying.
    fn not_by_key(&self, record: &Object, checked: &CheckedProofs) -> Option<Finding> {
        let CheckedProofs { signers, unknown } = checked;
        let key = self.key.filter(|key| !signers.contains(key))?;
        if signers.is_empty() || unknown.iter().any(|proof| proof.claimant(record) == Some(key.into())) {
            return None;
        }
        let others: Vec<String> = signers.iter().map(PublicKey::did).collect();
        let detail = format!("signed by {}, not by {key}", others.join(" and "));
        Some(Finding::new(FindingKind::WrongKey, detail))
    }

    fn push(&mut self, line: u64, finding: Finding) {
        self.report.findings.push(Finding { file: self.file.clone(), line: Some(line), ..finding });
    }
}

/// A record without proof; or an entry, which holds a record and is none.
fn without_proof(record: &Object) -> Finding {
    if ["n", "received", "record"].iter().all(|name| record.get(name).is_some()) {
        let detail = "no record: an entry of a ledger (chain cat --records gives its record)";
        return Finding::new(FindingKind::Malformed, detail);
    }
    Finding::new(FindingKind::Unsigned, "the record has no proof")
}

/// How deep in braces and brackets a text ends.
#[derive(Default)]
struct Nesting {
    depth: usize,
    in_string: bool,
    escaped: bool,
}

impl Nesting {
    fn feed(&mut self, text: &[u8]) {
        for byte in text {
            match byte {
                _ if self.escaped => self.escaped = false,
                b'\\' if self.in_string => self.escaped = true,
                b'"' => self.in_string = !self.in_string,
                b'{' | b'[' if !self.in_string => self.depth += 1,
                b'}' | b']' if !self.in_string => self.depth = self.depth.saturating_sub(1),
                _ => {}
            }
        }
    }

    /// Whether more is to come. A string does not go on over a line's end.
    fn open(&self) -> bool {
        self.depth > 0 && !self.in_string
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        json::Value,
        key::SecretKey,
        record::signed::{PROOF, SignOptions, sign},
    };

    fn key(seed: u8) -> SecretKey {
        SecretKey::from_seed(&[seed; 32])
    }

    fn signed(seq: u32) -> Object {
        let mut record = crate::object! { "device": "a", "seq": seq, "values": crate::object! { "t": 4u32 } };
        sign(&mut record, &key(1), &SignOptions::default()).unwrap();
        record
    }

    /// As `jq .` prints it, more or less.
    fn pretty(record: &Object) -> String {
        let broken = record.to_canonical().replace('{', "{\n  ").replace('}', "\n  }").replace(',', ",\n  ");
        let inner = broken.strip_suffix("\n  }").unwrap();
        format!("{inner}\n}}")
    }

    fn check(text: &str, by: Option<u8>) -> (u64, Vec<String>) {
        let key = by.map(|seed| key(seed).public());
        let mut records = LooseRecords::new(key.as_ref(), Time::EPOCH, true, None);
        for (number, line) in (1..).zip(text.lines()).filter(|(_, line)| !line.is_empty()) {
            records.line(number, line.as_bytes());
        }
        let report = records.finish();
        let say = |finding: &&Finding| format!("{}:{}", finding.line.unwrap(), finding.kind.name());
        (report.proofs_checked, report.findings().iter().map(say).collect())
    }

    #[test]
    fn records_verify_however_they_are_laid_out() {
        let text = format!("{}\n{}\n\n{}\n", signed(0), pretty(&signed(1)), signed(2));
        assert!(text.lines().count() > 10);
        assert_eq!(check(&text, None), (3, vec![]));
        assert_eq!(check(&text, Some(1)), (3, vec![]));
        assert_eq!(check(&signed(0).to_string(), Some(2)), (1, vec!["1:wrong-key".to_owned()]));
    }

    #[test]
    fn unknown_proofs_are_no_fault_and_no_yes() {
        let other = |method: &str| -> Value {
            crate::object! {
                "type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2022", "verificationMethod": method,
            }
            .into()
        };
        let with = |proofs: Vec<Value>| {
            let mut record = signed(1);
            let ours = record.remove(PROOF);
            let first = if proofs.is_empty() { None } else { ours };
            record.insert(PROOF, Value::Array(first.into_iter().chain(proofs).collect()));
            record.to_canonical()
        };
        let theirs = format!("{0}#{1}", key(2).public(), key(2).public().multibase());
        let (beside, claimed) = (with(vec![other("did:web:a")]), with(vec![other(&theirs)]));
        let unknown = "1:unknown-proof".to_owned();
        assert_eq!(check(&beside, None), (1, vec![unknown.clone()]));
        assert_eq!(check(&beside, Some(1)), (1, vec![unknown.clone()]));
        assert_eq!(check(&beside, Some(2)), (1, vec!["1:wrong-key".to_owned(), unknown.clone()]));
        assert_eq!(check(&claimed, Some(2)), (1, vec![unknown.clone()]), "it may be that key's");
        let mut alone = signed(1);
        alone.insert(PROOF, other("did:web:a"));
        assert_eq!(check(&alone.to_canonical(), Some(2)), (0, vec![unknown]));
        let changed = beside.replace("\"t\":4", "\"t\":5");
        assert_eq!(check(&changed, None), (0, vec!["1:bad-proof".to_owned()]));
    }

    #[test]
    fn faults_are_named_by_line_and_do_not_swallow_the_next() {
        let changed = pretty(&signed(1)).replace("\"t\":4", "\"t\":5");
        let lines = changed.lines().count() as u64;
        let text = format!("{changed}\n{{\"a\":1\n{}\nnonsense\n{{\"b\":2}}\n[1]\n{{", signed(2));
        let at = |offset: u64, kind: &str| format!("{}:{kind}", lines + offset);
        let expected = [
            "1:bad-proof".to_owned(),
            at(1, "malformed"),
            at(3, "malformed"),
            at(4, "unsigned"),
            at(5, "malformed"),
            at(6, "malformed"),
        ];
        assert_eq!(check(&text, None), (1, expected.to_vec()));
    }

    #[test]
    fn an_endless_record_is_given_up() {
        let text = format!("{{\n{}", "1,\n".repeat(1_000_000));
        let (_, findings) = check(&text, None);
        assert_eq!(findings[0], "1:malformed");
    }

    #[test]
    fn a_bad_proof_is_explained() {
        let mut record = signed(1);
        record.insert("seq", 2u32);
        let mut records = LooseRecords::new(None, Time::EPOCH, true, Some("x.jsonl".to_owned()));
        records.line(7, record.to_canonical().as_bytes());
        let report = records.finish();
        let finding = report.findings()[0];
        assert!(finding.to_string().starts_with("x.jsonl:7: bad-proof: proof 1 by did:key:z6Mk"));
        let explanation = finding.explanation.as_ref().unwrap();
        assert!(explanation.contains(r#"{"device":"a","seq":2,"values":{"t":4}}"#));
        assert!(explanation.contains("signed bytes"));
    }
}
