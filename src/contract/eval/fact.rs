//! Facts: the part of a record that a contract needs. Each is made from one record alone, so that several threads can
//! make them at once.

use std::sync::Arc;

use smallvec::SmallVec;

use super::{
    amendments::StatedContract, contract_events::EventStatement, findings::ContractFindingKind,
    hindsight::ReadingId, statement::Statement,
};
use crate::{
    contract::expr::ExpressionValue, hash::Hash, json::JsonText, key::Did, record::claim::RecordClaim,
    time::Time,
};

/// Some devices, by their places in the contract: most often one.
pub(super) type DevicePlaces = SmallVec<[usize; 2]>;

/// The fields that a reading gives.
pub(super) type FieldValues = SmallVec<[FieldValue; 2]>;

/// The signers of a record.
#[derive(Clone, Copy, Debug)]
pub enum RecordSigners<'a> {
    /// The keys of its proofs, which hold or are trusted; empty: it is unsigned
    Good(&'a [Did]),
    /// A proof does not hold
    Bad,
}

impl RecordSigners<'_> {
    /// The keys; `None`: a proof is bad.
    pub(super) fn to_vec(self) -> Option<Vec<Did>> {
        match self {
            Self::Good(signers) => Some(signers.to_vec()),
            Self::Bad => None,
        }
    }
}

/// What a contract needs of one record.
#[derive(Clone, Debug)]
pub struct Fact(pub(super) FactBody);

#[derive(Clone, Debug)]
pub(super) enum FactBody {
    /// A reading, or a status record of a source: most are readings, and a box for each would cost more than the room
    Device(DeviceRecord),
    /// Parties, by place, have accepted the contract with this hash
    Accept(Hash, Vec<usize>),
    /// A contract between the same parties
    Contract(Box<StatedContract>),
    /// Parties say that an event happened under the contract
    ContractEvent(Box<EventStatement>),
    /// About such an event, but not to be believed
    RefusedEvent(ContractFindingKind),
    /// Something happens to parties or devices
    Event(Box<RecordClaim>),
    /// About records or times before it
    Statement(Box<Statement>),
    /// A reading or status whose device only a registry knows
    Unplaced(Box<UnplacedRecord>),
    /// About a device that the contract does not have, or under another name
    Stranger(Box<str>),
    /// About a device of the contract, but not to be believed
    Refused(RefusedReading),
}

/// A reading of a device of the contract that is not to be believed.
#[derive(Clone, Debug)]
pub(super) struct RefusedReading {
    pub(super) device: usize,
    pub(super) kind: ContractFindingKind,
    /// When it says that it was measured; `None`: it does not say
    pub(super) time: Option<Time>,
    /// Who signed it and may not speak for the device; `None`: nobody did, or a proof is bad
    pub(super) signer: Option<Box<Did>>,
}

impl Fact {
    /// Says of a reading whose signer may not speak for the device who that is.
    pub(super) fn signed_by(mut self, signer: impl FnOnce() -> Option<Did>) -> Self {
        if let FactBody::Refused(refused) = &mut self.0
            && refused.kind == ContractFindingKind::Unauthorized
        {
            refused.signer = signer().map(Box::new);
        }
        self
    }
}

/// A record, and its signers; `None`: a proof is bad.
#[derive(Clone, Debug)]
pub(super) struct UnplacedRecord {
    /// Its canonical text without proofs
    pub(super) text: String,
    pub(super) signers: Option<Vec<Did>>,
}

/// A reading, or a status record of a source.
#[derive(Clone, Debug)]
pub(super) struct DeviceRecord {
    /// What the records of its source most often have in common with it
    pub(super) source: Arc<RecordSource>,
    pub(super) time: Option<Time>,
    /// The milliseconds since the start of its machine; `None`: it does not say
    pub(super) up: Option<u64>,
    /// Its number in its stream; `None`: it has none
    pub(super) seq: Option<u64>,
    pub(super) cells: FieldValues,
    /// Whether its key was revoked later, and is not trusted for the time of this record
    pub(super) suspect: bool,
    /// What few records have; `None`: nothing of it
    pub(super) extras: Option<Box<RecordExtras>>,
}

/// What says where a record comes from, and how to take it.
#[derive(Clone, Debug)]
pub(super) struct RecordSource {
    /// The contract's device that it is a reading of; `None`: it is another record of a source
    pub(super) reading_of: Option<usize>,
    /// The contract's device that it names; `None`: it names none of them
    pub(super) names: Option<usize>,
    /// The devices that its signers may speak for
    pub(super) speaks_for: DevicePlaces,
    /// Whether it says that the clock of its time was not synchronised
    pub(super) unsynced: bool,
    /// Whether it is a status that says what time it is
    pub(super) clock: bool,
    /// Whether it is a reading whose frame proves less about itself than the contract demands
    pub(super) weak: bool,
    /// The run of its machine; `None`: it does not say
    pub(super) boot: Option<JsonText>,
    /// The name of its stream; `None`: it is in none
    pub(super) stream: Option<JsonText>,
}

/// What few records have.
#[derive(Clone, Debug, Default)]
pub(super) struct RecordExtras {
    /// The record id of a reading that a later status may date, or that has neither time nor number; `None`: it is not
    /// such a one
    pub(super) undated_id: Option<Hash>,
    /// What it says, if something is said about it; `None`: it stands
    pub(super) correctable: Option<CorrectableRecord>,
    /// What all parties say about it; `None`: it stands
    pub(super) correction: Option<Box<AppliedCorrection>>,
    /// Names in it that the contract does not have
    pub(super) odd_names: Vec<OddName>,
}

impl DeviceRecord {
    /// The same once more. What a reading most often has is copied one by one, which is much faster than as a list.
    pub(super) fn copied(&self) -> Self {
        let Self { ref source, time, up, seq, ref cells, suspect, ref extras } = *self;
        let mut copies = FieldValues::new();
        for cell in cells {
            copies.push(cell.clone());
        }
        let (source, cells, extras) = (Arc::clone(source), copies, extras.clone());
        Self { source, time, up, seq, cells, suspect, extras }
    }

    /// The run of its machine, and the milliseconds since that began; `None`: it does not say both.
    pub(super) fn uptime(&self) -> Option<(&str, u64)> {
        self.source.boot.as_deref().zip(self.up)
    }

    /// Its stream, and its number there; `None`: it does not say both.
    pub(super) fn stream(&self) -> Option<(&str, u64)> {
        self.source.stream.as_deref().zip(self.seq)
    }

    /// Its own id, where a later record may say more about it; `None`: it is no such record.
    pub(super) fn undated_id(&self) -> Option<&Hash> {
        self.extras.as_ref()?.undated_id.as_ref()
    }
}

impl RecordExtras {
    /// In a box; `None`: there is nothing.
    pub(super) fn boxed(self) -> Option<Box<Self>> {
        let Self { undated_id, correctable, correction, odd_names } = &self;
        let is_empty =
            undated_id.is_none() && correctable.is_none() && correction.is_none() && odd_names.is_empty();
        (!is_empty).then(|| Box::new(self))
    }
}

/// A record about which corrections are.
#[derive(Clone, Debug)]
pub(super) struct CorrectableRecord {
    pub(super) id: Hash,
    /// Its canonical text without proofs
    pub(super) text: String,
}

/// A correction, as it is applied to a reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AppliedCorrection {
    pub(super) reading: ReadingId,
    /// Whether the reading counts no more
    pub(super) withdrawn: bool,
}

/// A name in a record that the contract does not have. Devices and fields are places in the contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum OddName {
    /// Of a device
    Device(Box<str>),
    /// Of a value, in a reading of this device that lacks a field
    Field(usize, Box<str>),
    /// Of the unit of a device's field
    Unit(usize, usize, Box<str>),
}

/// A field's value in a reading.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct FieldValue {
    /// Four bytes, since readings are kept by the ten thousand
    field: u32,
    /// `None`: it is unknown, or written in a way that cannot be used
    pub(super) value: Option<ExpressionValue>,
    /// The finding about it; `None`: there is none
    pub(super) remark: Option<ContractFindingKind>,
}

impl FieldValue {
    /// Of a field by its place among those of its device, whose document could not hold four thousand million.
    pub(super) fn new(
        field: usize,
        value: Option<ExpressionValue>,
        remark: Option<ContractFindingKind>,
    ) -> Self {
        Self { field: u32::try_from(field).unwrap_or(u32::MAX), value, remark }
    }

    /// A field of which nothing is known.
    pub(super) fn unknown(field: usize) -> Self {
        Self::new(field, None, None)
    }

    /// The place of the field among those of its device.
    pub(super) fn field(&self) -> usize {
        self.field as usize
    }

    /// Whether there is a value that cannot be used. One that is null is no such value: its device says that it is
    /// unknown.
    pub(super) fn is_spoilt(&self) -> bool {
        self.value.is_none() && self.remark.is_some()
    }
}
