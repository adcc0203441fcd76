//! What ledgers declare and state: entry 0, stubs, receipts, checkpoints, proofs of entries, evidence of forks.

use super::{Asked, Explanation, Signer, proofs::demand, readings::others};
use crate::{
    json::{Object, Value},
    key::{Did, PublicKey},
    record::{
        genesis::{Continued, Genesis},
        signed,
        writers::Writers,
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        evidence::Evidence,
        proof_file::ProofFile,
        stub as stubs,
    },
};

/// Entry 0.
pub(super) fn declaration(record: &Object, asked: &Asked<'_>, told: &mut Explanation) {
    let genesis = match Genesis::parse(record) {
        Ok(genesis) => genesis,
        Err(why) => return told.fault = Some(format!("declares no ledger: {why}")),
    };
    told.say(format!(
        "declares the ledger {:?}, made at {}",
        genesis.origin,
        asked.times.show(genesis.created)
    ));
    told.say(format!("its checkpoints are signed by {}", genesis.log.did()));
    told.say(format!("its registry is in the hands of {}", dids(&genesis.admins)));
    told.say(match &genesis.writers {
        Writers::Anyone => "anybody may write into it, signed or not".to_owned(),
        Writers::Signed => "whoever signs may write into it".to_owned(),
        Writers::Enrolled => "whom its registry lets may write into it".to_owned(),
        Writers::Keys(keys) => format!("who may write into it: {}", dids(keys)),
    });
    told.say(format!("its id is {}", signed::id(record)));
    let mut roles = Vec::new();
    if let Some(Continued { ledger, size, root }) = &genesis.continues {
        told.say(format!("goes on from the ledger {ledger} with {size} entries and the root {root}"));
        roles.push("the older ledger's log key, or most of its admins".to_owned());
    }
    others(record, &["type", "origin", "log", "admins", "writers", "created", "continues"], told);
    demand(&[("the log key", Did::from(&genesis.log))], &roles, told);
}

fn dids(keys: &[PublicKey]) -> String {
    keys.iter().map(PublicKey::did).collect::<Vec<_>>().join(", ")
}

/// A stub or a receipt.
pub(super) fn stub(object: &Object) -> Explanation {
    let number = |name| object.get(name).and_then(Value::as_u64);
    let is_receipt = object.get("first").is_some() && object.get("last").is_some();
    let mut told = Explanation::new(if is_receipt { "receipt" } else { "stub" });
    if let (Some(first), Some(last)) = (number("first"), number("last")) {
        let entries = format!("entries {first} to {last} were kept");
        told.say(if first == last { format!("entry {first} was kept") } else { entries });
    }
    match stubs::parse(object.to_string().as_bytes()) {
        Ok(signed) => checkpoint(&signed, &mut told),
        Err(why) => told.fault = Some(why.to_string()),
    }
    told
}

/// A bare checkpoint, if it is one.
pub fn note(bytes: &[u8]) -> Option<Explanation> {
    let signed = stubs::parse_note(bytes).or_else(|_| SignedCheckpoint::parse_of_any_log(bytes)).ok()?;
    let mut told = Explanation::new("checkpoint");
    checkpoint(&signed, &mut told);
    Some(told)
}

fn checkpoint(signed: &SignedCheckpoint, told: &mut Explanation) {
    told.say(format!("states that {}", state(signed.checkpoint())));
    told.signers = signed
        .note()
        .signatures()
        .iter()
        .map(|signature| Signer {
            who: Some(format!("{}+{}", signature.name, hex::encode(signature.id))),
            good: None,
            why: Some("which key that is, the document does not say".to_owned()),
        })
        .collect();
}

fn state(Checkpoint { origin, size, root }: &Checkpoint) -> String {
    format!("the ledger {origin:?} has {size} entries, and the root {root}")
}

/// A proof of one entry.
pub fn proof_file(bytes: &[u8]) -> Explanation {
    let mut told = Explanation::new("proof");
    match ProofFile::parse(bytes).map_err(|why| why.to_string()) {
        Ok(proof) => proven(&proof, &mut told),
        Err(why) => told.fault = Some(format!("no proof: {why}")),
    }
    told
}

fn proven(proof: &ProofFile, told: &mut Explanation) {
    let signed = match proof.signed() {
        Ok(signed) => signed,
        Err(why) => return told.fault = Some(format!("its checkpoint is none: {why}")),
    };
    told.say(format!("leads from entry {}, which lies beside it, to a checkpoint", proof.index));
    checkpoint(&signed, told);
    if let Some(extra) = &proof.extra {
        told.say(format!("{} bytes are added, for which nobody vouches", extra.len()));
    }
    told.say("foil verify, with the entry and the log's key, says whether it is right");
}

/// Evidence of a fork.
pub fn evidence(bytes: &[u8]) -> Explanation {
    let mut told = Explanation::new("evidence");
    match Evidence::parse(bytes) {
        Ok(evidence) => forked(&evidence, &mut told),
        Err(why) => told.fault = Some(format!("no evidence: {why}")),
    }
    told
}

fn forked(evidence: &Evidence, told: &mut Explanation) {
    told.say(format!("says that the key {} signed two histories", evidence.log.key().did()));
    told.say(format!("by one {}", state(evidence.older.checkpoint())));
    told.say(format!("by the other {}", state(evidence.newer.checkpoint())));
    let held = evidence.holds();
    let both = [&evidence.older, &evidence.newer];
    let unsigned = both.iter().find_map(|signed| evidence.signed_by_log(signed).err());
    told.signers.push(Signer {
        who: Some(evidence.log.key().did()),
        good: Some(unsigned.is_none()),
        why: unsigned.map(|why| why.to_string()),
    });
    match held {
        Ok(()) => told.say("the two contradict each other: the fork is proven"),
        Err(why) => told.fault = Some(format!("proves nothing: {why}")),
    }
}
