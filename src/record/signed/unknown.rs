//! Proofs that this version cannot check: of another suite, of a key that it has no way to look up, or in a chain.
//!
//! ```text
//! "type":"Ed25519Signature2020"                  another type of proof
//! "cryptosuite":"ecdsa-jcs-2019"                 another suite
//! "verificationMethod":"did:web:depot.example#1" a key of our suite, but not a did:key
//! "previousProof":"urn:uuid:…"                   over other proofs, too
//! ```
//!
//! Nothing speaks against such a proof, and nothing for it. What claims to be of the one known suite and does not have
//! its form is no unknown proof, but a bad one.

use std::fmt;

use super::{CRYPTOSUITE, PROOF, PURPOSE, TYPE, claimant};
use crate::{
    json::{Object, Value},
    key::Did,
};

/// Names that others chose are cut to this many characters.
const NAME: usize = 80;

/// A proof that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownProof {
    /// Which proof of the record, from 0
    pub index: usize,
    /// What this version does not know of it
    pub feature: UnknownFeature,
}

/// What of a proof this version does not know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UnknownFeature {
    /// Its `type`
    Type(String),
    /// Its `cryptosuite`
    Suite(String),
    /// How to find the key that its `verificationMethod` names
    Method(String),
    /// The proofs that it stands on
    Chain,
}

impl UnknownProof {
    /// In whose name the proof stands in its record; `None`: in that of no `did:key`.
    pub fn claimant(&self, record: &Object) -> Option<Did> {
        claimant(proofs(record)?.get(self.index)?.as_object()?.str("verificationMethod")?)
    }
}

impl UnknownFeature {
    /// What is not known of a proof; `None`: it is one to check, or it has no form that any proof has.
    pub fn of(proof: &Object) -> Option<Self> {
        let is_name = |name: &&str| !name.is_empty() && !name.contains(char::is_control);
        let name = |member| proof.str(member).filter(is_name);
        let kind = name("type")?;
        if kind != TYPE {
            return Some(Self::Type(cut(kind)));
        }
        let suite = name("cryptosuite")?;
        if suite != CRYPTOSUITE {
            return Some(Self::Suite(cut(suite)));
        }
        let (method, _) = name("verificationMethod").zip(name("proofPurpose").filter(|it| *it == PURPOSE))?;
        if is_elsewhere(method) {
            return Some(Self::Method(cut(method)));
        }
        proof.get("previousProof").map(|_| Self::Chain)
    }
}

/// Whether a method is a URL that names a key elsewhere than in itself, as a `did:key` does.
pub(super) fn is_elsewhere(method: &str) -> bool {
    let Some((scheme, rest)) = method.split_once(':').filter(|(_, rest)| !rest.is_empty()) else {
        return false;
    };
    if scheme.eq_ignore_ascii_case("did") {
        let name = rest.split_once(':').filter(|(_, id)| !id.is_empty()).map(|(name, _)| name);
        let is_name =
            |name: &str| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
        return scheme == "did"
            && name.is_some_and(|name| is_name(name) && !name.is_empty() && name != "key");
    }
    let part = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    scheme.as_bytes().first().is_some_and(u8::is_ascii_alphabetic) && scheme.bytes().all(part)
}

fn cut(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// The proofs of a record; `None`: it has no member `proof`.
pub(super) fn proofs(record: &Object) -> Option<&[Value]> {
    Some(match record.get(PROOF)? {
        Value::Array(proofs) => proofs.as_slice(),
        proof => std::slice::from_ref(proof),
    })
}

impl fmt::Display for UnknownFeature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Type(name) => write!(f, "type {name:?} is not known to this version"),
            Self::Suite(name) => write!(f, "cryptosuite {name:?} is not known to this version"),
            Self::Method(name) => write!(f, "this version cannot look up the key of {name:?}"),
            Self::Chain => f.write_str("chains of proofs (previousProof) are not known to this version"),
        }
    }
}

impl fmt::Display for UnknownProof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "proof {}: {}: it was not checked", self.index + 1, self.feature)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json::parse_object;

    const OURS: &str = "did:key:z6MkvGBMxrENdmBbMRpVzzXuHpBw4i5uLGpcV5p8rHsoeG4t#z6MkvGBMxrENdmBbMRpVzzXuHpBw4i5uLGpcV5p8rHsoeG4t";
    const P256: &str = "did:key:zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv#zDnaerx9CtbPJ1q36T5Ln5wYt3MQYeGRG5ehnPAmxcf5mDZpv";

    fn feature(kind: &str, suite: &str, purpose: &str, method: &str, more: &str) -> Option<UnknownFeature> {
        let text = format!(
            r#"{{"type":"{kind}","cryptosuite":"{suite}","proofPurpose":"{purpose}","verificationMethod":"{method}"{more}}}"#
        );
        UnknownFeature::of(&parse_object(text.as_bytes()).unwrap())
    }

    #[test]
    fn what_is_in_the_wild_is_unknown_and_not_bad() {
        let (ours, suite) = (TYPE, CRYPTOSUITE);
        for other in ["eddsa-rdfc-2022", "ecdsa-jcs-2019", "ecdsa-sd-2023", "bbs-2023", "mldsa44-jcs-2024"] {
            let expected = Some(UnknownFeature::Suite(other.to_owned()));
            assert_eq!(feature(ours, other, "authentication", P256, ""), expected, "{other}");
        }
        for other in ["Ed25519Signature2020", "JsonWebSignature2020"] {
            let text = format!(r#"{{"type":"{other}","jws":"e30..x"}}"#);
            let found = UnknownFeature::of(&parse_object(text.as_bytes()).unwrap());
            assert_eq!(found, Some(UnknownFeature::Type(other.to_owned())));
        }
        for method in
            ["did:web:depot.example#pq", "did:jwk:eyJ9#0", "https://issuer.example/keys/1", "urn:uuid:1"]
        {
            let expected = Some(UnknownFeature::Method(method.to_owned()));
            assert_eq!(feature(ours, suite, PURPOSE, method, ""), expected, "{method}");
        }
        let chain = r#","previousProof":"urn:uuid:1""#;
        assert_eq!(feature(ours, suite, PURPOSE, OURS, chain), Some(UnknownFeature::Chain));
    }

    #[test]
    fn what_claims_to_be_ours_is_to_be_checked() {
        let (ours, suite) = (TYPE, CRYPTOSUITE);
        for method in [
            OURS,
            P256,
            "",
            "z6Mk#z6Mk",
            "did:key:",
            "did:",
            "did::x",
            "DID:WEB:x",
            ":x",
            "1:x",
            "a b:c",
            "x:",
        ] {
            assert_eq!(feature(ours, suite, PURPOSE, method, ""), None, "{method}");
        }
        assert_eq!(feature(ours, suite, "authentication", "did:web:depot.example#1", ""), None);
        assert_eq!(feature("", suite, PURPOSE, OURS, ""), None);
        assert_eq!(feature("\\u001b[2J", suite, PURPOSE, OURS, ""), None);
        assert_eq!(feature(ours, "", PURPOSE, OURS, ""), None);
        for shape in [r#"{"type":["DataIntegrityProof"]}"#, r#"{"cryptosuite":"bbs-2023"}"#, "{}"] {
            assert_eq!(UnknownFeature::of(&parse_object(shape.as_bytes()).unwrap()), None, "{shape}");
        }
    }

    #[test]
    fn long_names_of_strangers_are_cut() {
        let found = feature(TYPE, &"x".repeat(5_000), PURPOSE, OURS, "").unwrap();
        assert!(found.to_string().len() < 150, "{found}");
    }
}
