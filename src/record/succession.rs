//! Successors: which signatures let a ledger go on from another.
//!
//! ```json
//! {"type":"ledger",…,"continues":{"ledger":"9f2c…","root":"9cd0ff9e…","size":8424},"proof":[{…},{…}]}
//! ```
//!
//! Entry 0 of the new ledger is signed by its own log key, and by the old log key or by more than half of the
//! old ledger's admins: a key that was lost or stolen must not be needed, and a thief alone not be enough.

use std::fmt;

use super::genesis::Genesis;
use crate::key::PublicKey;

/// Who of the old ledger let the new one go on from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Consent {
    /// Its log key
    Log,
    /// More than half of its admins
    Admins,
}

/// Signatures that are missing under the entry 0 of a successor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// The `did:key` of the old log key, which alone would be enough
    pub log: String,
    /// The old admins who have not signed
    pub admins: Vec<String>,
    /// How many of these would be enough
    pub needed: usize,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not signed by the log key of the ledger that it continues, {}", self.log)?;
        if self.admins == [self.log.as_str()] {
            return Ok(());
        }
        write!(f, ", nor by {} more of its admins ({})", self.needed, self.admins.join(", "))
    }
}

impl std::error::Error for Missing {}

impl Genesis {
    /// Whether a record with these signers may go on from this ledger.
    ///
    /// # Errors
    /// If not: who is missing.
    pub fn consent(&self, signers: &[PublicKey]) -> Result<Consent, Missing> {
        if signers.contains(&self.log) {
            return Ok(Consent::Log);
        }
        let mut admins: Vec<&PublicKey> = Vec::new();
        for admin in &self.admins {
            // A key that is listed twice has one vote.
            if !admins.contains(&admin) {
                admins.push(admin);
            }
        }
        let majority = admins.len() / 2 + 1;
        let (signed, absent): (Vec<_>, Vec<_>) =
            admins.into_iter().partition(|admin| signers.contains(admin));
        if signed.len() >= majority {
            return Ok(Consent::Admins);
        }
        let (log, needed) = (self.log.did(), majority - signed.len());
        Err(Missing { log, admins: absent.into_iter().map(PublicKey::did).collect(), needed })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{key::SecretKey, record::writers::Writers, time::Time};

    fn key(seed: u8) -> PublicKey {
        SecretKey::from_seed(&[seed; 32]).public()
    }

    fn ledger(admins: &[u8]) -> Genesis {
        Genesis {
            origin: "plant7.example/cold".to_owned(),
            log: key(1),
            admins: admins.iter().map(|seed| key(*seed)).collect(),
            writers: Writers::Signed,
            created: Time::EPOCH,
            continues: None,
        }
    }

    #[test]
    fn the_old_log_or_most_of_the_old_admins() {
        let keys = |seeds: &[u8]| seeds.iter().map(|seed| key(*seed)).collect::<Vec<_>>();
        let asked = |admins: &[u8], signers: &[u8]| ledger(admins).consent(&keys(signers));
        assert_eq!(asked(&[1], &[9, 1]), Ok(Consent::Log));
        assert_eq!(asked(&[2, 3, 4], &[9, 2, 4]), Ok(Consent::Admins));
        assert_eq!(asked(&[2, 3], &[2, 3]), Ok(Consent::Admins));
        for (admins, signers, absent, needed) in [
            (&[1][..], &[9][..], &[1][..], 1),
            (&[2, 3, 4], &[9, 3], &[2, 4], 1),
            (&[2, 3], &[2], &[3], 1),
            (&[2, 2, 2, 3, 4], &[2], &[3, 4], 1),
            (&[2, 3, 4, 5, 6], &[], &[2, 3, 4, 5, 6], 3),
        ] {
            let admins_absent = keys(absent).iter().map(PublicKey::did).collect();
            let missing = Missing { log: key(1).did(), admins: admins_absent, needed };
            assert_eq!(asked(admins, signers), Err(missing));
        }
    }

    #[test]
    fn who_is_missing_is_said() {
        let alone = ledger(&[1]).consent(&[]).unwrap_err().to_string();
        assert_eq!(alone, format!("not signed by the log key of the ledger that it continues, {}", key(1)));
        let admins = ledger(&[2, 3]).consent(&[key(2)]).unwrap_err().to_string();
        assert!(admins.ends_with(&format!("nor by 1 more of its admins ({})", key(3))), "{admins}");
    }
}
