//! A registry that has seen much: parties, devices, and what happens to these, for `foil chain append`.

use std::{
    io::{self, Write},
    path::Path,
};

use anyhow::Context;
use counterfoil::{
    hash::Hash,
    key::{Did, SecretKey},
    ledger::files::{folder::Folder, read::Reader},
    record::{
        registry::{Deed, EventNames, Name, RegistryEvent},
        signed::{SignOptions, id, sign},
    },
};

/// Prints the events of a ledger whose log key, the admin's, is in a file: three parties, so many devices of the
/// first, and then so many handovers among the three.
pub fn print(dir: &Path, admin: &SecretKey, devices: usize, events: usize) -> anyhow::Result<()> {
    let ledger = Reader::open(Folder::new(dir))?.declaration()?.id;
    let mut out = io::BufWriter::new(io::stdout());
    let mut say = |prev, deed, signers: &[&SecretKey]| -> anyhow::Result<Hash> {
        let mut record =
            RegistryEvent { ledger, prev, expires: None, names: EventNames::default(), deed }.to_record();
        for key in signers {
            sign(&mut record, key, &SignOptions::default())?;
        }
        writeln!(out, "{record}")?;
        Ok(id(&record))
    };
    let keys = [1, 2, 3].map(|seed| SecretKey::from_seed(&[seed; 32]));
    let mut parties = Vec::new();
    for (at, key) in keys.iter().enumerate() {
        let name = Name::parse(&format!("party {at}"))?;
        let deed = Deed::EnrollParty { name, key: Did::from(&key.public()), next: None };
        parties.push(say(None, deed, &[key, admin])?);
    }
    let mut last = Vec::new();
    for at in 0..devices {
        let mut seed = [9; 32];
        seed[..8].copy_from_slice(&(at as u64).to_be_bytes());
        let key = SecretKey::from_seed(&seed);
        let name = Name::parse(&format!("device {at}"))?;
        let (key_of, owner) = (Some(Did::from(&key.public())), parties[0]);
        last.push(say(None, Deed::EnrollDevice { name, key: key_of, owner, via: None }, &[&keys[0], &key])?);
    }
    let ids = last.clone();
    for at in 0..events {
        let (device, leg) = (at % devices, at / devices);
        let (from, to) = (leg % 3, (leg + 1) % 3);
        let deed = Deed::handover(ids[device], parties[to]);
        last[device] = say(Some(last[device]), deed, &[&keys[from], &keys[to]])?;
    }
    out.flush().context("standard output")
}
