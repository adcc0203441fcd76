//! Which checkpoint counts, and by which key.

use std::convert::Infallible;

use anyhow::{Context, ensure};

use super::{
    RepairQuestion,
    notice::{CheckpointReason, RepairNotice},
    refused::RepairRefused,
};
use crate::{
    hash::Hash,
    key::{Did, PublicKey},
    ledger::pins::Sight,
    record::genesis::Genesis,
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        consistency::{Consistency, EarlierTree, Inconsistent, KnownBy},
        declaration::LedgerDeclaration,
        note,
        view::{MAX_CHECKPOINT, View},
    },
    verify::{ConfirmedTree, GivenKey},
};

/// What is known about the ledger from outside its checkpoint.
pub(super) struct OutsideFacts {
    /// The log's key
    pub(super) key: PublicKey,
    /// The ledger's name and id; none where neither entry 0 nor the copy's tells them
    pub(super) named: Option<(String, Hash)>,
    /// What was seen of it before; none if nothing was
    pub(super) sight: Option<Sight>,
}

impl OutsideFacts {
    pub(super) fn of(
        question: &RepairQuestion<'_>,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<Self> {
        let from_copy = question.copy.and_then(|copy| declared(copy.view));
        let declared: Vec<(Genesis, Hash)> =
            [declared(question.folder), from_copy].into_iter().flatten().collect();
        if let [(_, own), (_, other)] = &declared[..] {
            ensure!(own == other, "is the ledger {own}, and the copy is another one, {other}");
        }
        let named = declared.first().map(|(genesis, id)| (genesis.origin.clone(), *id));
        let sight = named.as_ref().and_then(|(origin, id)| recall(question, origin, id, notice));
        let key = match (&question.key, &sight, declared.first()) {
            (Some(GivenKey::Key(key)), ..) => key.clone(),
            (Some(GivenKey::Named(named)), ..) => named.key().clone(),
            (None, Some(sight), _) => sight.key.clone(),
            (None, None, Some((genesis, _))) => {
                notice(RepairNotice::KeyOfEntryZero(Did::from(&genesis.log)));
                genesis.log.clone()
            }
            (None, None, None) => return Err(RepairRefused::NoLogKey.into()),
        };
        Ok(Self { key, named, sight })
    }

    /// The checkpoint that was seen, if it is of this key.
    fn remembered(&self) -> Option<&SignedCheckpoint> {
        self.sight.as_ref().filter(|sight| sight.key == self.key).map(|sight| &sight.checkpoint)
    }
}

/// Entry 0 of a ledger, if its log signed it, and the ledger's id.
fn declared(view: &dyn View) -> Option<(Genesis, Hash)> {
    let (line, _) = note::plain(&view.line(0).ok()??);
    let declared = LedgerDeclaration::parse(line.strip_suffix(b"\r").unwrap_or(&line)).ok()?;
    Some((declared.genesis, declared.id))
}

fn recall(
    question: &RepairQuestion<'_>,
    origin: &str,
    id: &Hash,
    notice: &mut dyn FnMut(RepairNotice),
) -> Option<Sight> {
    question.seen.recall(origin, id).unwrap_or_else(|error| {
        notice(RepairNotice::SeenUnreadable(error));
        None
    })
}

/// The checkpoint that the ledger is brought to.
pub(super) struct ChosenCheckpoint {
    pub(super) stated: Checkpoint,
    /// The note, byte for byte
    pub(super) note: String,
    /// Why it has to be written; none where it stands there already
    pub(super) reason: Option<CheckpointReason>,
    /// How many entries the copy has; none where the log did not sign that, or there is no copy
    pub(super) copy_size: Option<u64>,
    /// The ledger's own; none unless the copy's takes its place
    pub(super) own: Option<Checkpoint>,
    /// Whether it is another one than the ledger's own: then it has to be shown that it goes on from what the log
    /// signed before
    taken: bool,
}

/// All checkpoints at hand that the log signed.
struct CheckpointsAtHand {
    /// The ledger's own, and whether something has changed its line ends
    own: Option<(SignedCheckpoint, bool)>,
    copy: Option<SignedCheckpoint>,
    seen: Option<SignedCheckpoint>,
}

impl CheckpointsAtHand {
    fn of(
        question: &RepairQuestion<'_>,
        facts: &OutsideFacts,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<Self> {
        let of_log = |view| signed(view, facts.named.as_ref().map(|(origin, _)| origin.as_str()), &facts.key);
        let own = of_log(question.folder);
        let copy = question.copy.and_then(|copy| of_log(copy.view)).map(|(signed, _)| signed);
        if question.copy.is_some() && copy.is_none() {
            notice(RepairNotice::CopyUnsigned);
        }
        if let (Some((own, _)), Some(copy)) = (&own, &copy) {
            let (own, other) = (&own.checkpoint().origin, &copy.checkpoint().origin);
            let shown = question.folder.path().display();
            ensure!(own == other, "{shown}: is the log {own}, and the copy is another one, {other}");
        }
        Ok(Self { own, copy, seen: facts.remembered().cloned() })
    }
}

/// A checkpoint that the log signed, and whether something has changed its line ends. `origin` is the log's name, None
/// where no entry 0 tells it: then it is what the checkpoint says.
fn signed(view: &dyn View, origin: Option<&str>, key: &PublicKey) -> Option<(SignedCheckpoint, bool)> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).ok()??;
    let (plain, changed) = note::plain(&bytes);
    let signed = SignedCheckpoint::parse(&plain).ok().filter(|_| bytes.len() <= MAX_CHECKPOINT)?;
    let verified = signed.verified_by(origin.unwrap_or(&signed.checkpoint().origin), key).ok()?;
    Some((verified.into_signed(), changed))
}

fn size(signed: &SignedCheckpoint) -> u64 {
    signed.checkpoint().size
}

/// What counts where the ledger has no checkpoint of its own: of the copy's and the one that was seen, the one
/// that covers more.
fn substitute(
    copy: Option<SignedCheckpoint>,
    seen: Option<SignedCheckpoint>,
) -> Option<(SignedCheckpoint, CheckpointReason)> {
    let from_copy = copy.map(|copy| (size(&copy), copy, CheckpointReason::FromCopy as fn(u64) -> _));
    let from_seen = seen.map(|seen| (size(&seen), seen, CheckpointReason::FromSeen as fn(u64) -> _));
    let most = from_seen.into_iter().chain(from_copy).max_by_key(|(size, ..)| *size);
    most.map(|(size, signed, reason)| (signed, reason(size)))
}

impl ChosenCheckpoint {
    pub(super) fn of(
        question: &RepairQuestion<'_>,
        facts: &OutsideFacts,
        notice: &mut dyn FnMut(RepairNotice),
    ) -> anyhow::Result<Self> {
        let CheckpointsAtHand { own, copy, seen } = CheckpointsAtHand::of(question, facts, notice)?;
        let copy_size = copy.as_ref().map(size);
        let Some((own, changed)) = own else {
            let (signed, reason) = substitute(copy, seen)
                .ok_or_else(|| RepairRefused::Unsigned(Did::from(&facts.key)))
                .with_context(|| question.folder.checkpoint().display().to_string())?;
            let chosen = Self::new(&signed, Some(reason), copy_size);
            return Self { taken: true, ..chosen }.not_older(question, facts);
        };
        let longer = copy.filter(|copy| size(copy) > size(&own));
        if let Some(copy) = longer.as_ref().filter(|_| question.extend) {
            let reason = CheckpointReason::Extended { size: size(copy), before: size(&own) };
            let chosen = Self::new(copy, Some(reason), copy_size);
            let own = Some(own.checkpoint().clone());
            return Self { own, taken: true, ..chosen }.not_older(question, facts);
        }
        let reason = changed.then_some(CheckpointReason::LineEnds);
        let chosen = Self::new(&own, reason, copy_size).not_older(question, facts)?;
        if let Some(copy) = longer {
            notice(RepairNotice::CopyLonger { has: size(&copy), taken: size(&own) });
        }
        Ok(chosen)
    }

    /// The ledger's own.
    fn new(signed: &SignedCheckpoint, reason: Option<CheckpointReason>, copy_size: Option<u64>) -> Self {
        let (stated, note) = (signed.checkpoint().clone(), signed.to_string());
        Self { stated, note, reason, copy_size, own: None, taken: false }
    }

    fn not_older(self, question: &RepairQuestion<'_>, facts: &OutsideFacts) -> anyhow::Result<Self> {
        if let Some(seen) = facts.remembered().filter(|_| !question.forget_seen) {
            must_not_be_older(&self.stated, seen.checkpoint())
                .map_err(RepairRefused::Older)
                .with_context(|| question.folder.path().display().to_string())?;
        }
        Ok(self)
    }

    /// Refuses a checkpoint that is another history than the ledger's own, or than what was seen; also one that
    /// takes their place where too much is lost to show that it is none. Where the ledger's own stays, nothing is
    /// taken on trust.
    pub(super) fn must_extend(
        &self,
        question: &RepairQuestion<'_>,
        facts: &OutsideFacts,
        truth: &mut ConfirmedTree<'_>,
    ) -> Result<(), RepairRefused> {
        let seen = facts.remembered().filter(|_| !question.forget_seen).map(SignedCheckpoint::checkpoint);
        let seen = seen.map(|seen| EarlierTree::new(seen, KnownBy::Seen));
        let own = self.own.as_ref().map(|own| EarlierTree::new(own, KnownBy::Signed));
        for earlier in seen.into_iter().chain(own) {
            let Ok(compared) = earlier.compare(&self.stated, |size| Ok::<_, Infallible>(truth.root_at(size)));
            if compared != Consistency::Unknown || self.taken {
                earlier.must_be_followed(compared, self.stated.size).map_err(RepairRefused::Inconsistent)?;
            }
        }
        Ok(())
    }
}

/// Refuses a checkpoint of which sizes and roots tell, before any hash is read, that it does not follow the one that
/// was seen.
pub(super) fn must_not_be_older(stated: &Checkpoint, seen: &Checkpoint) -> Result<(), Inconsistent> {
    let seen = EarlierTree::new(seen, KnownBy::Seen);
    let Ok(compared) = seen.compare(stated, |_| Ok::<_, Infallible>(None));
    if compared == Consistency::Unknown { Ok(()) } else { seen.must_be_followed(compared, stated.size) }
}
