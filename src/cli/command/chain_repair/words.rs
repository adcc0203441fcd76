//! What a repair tells and why it is refused, in words.

use crate::{
    audit::repair::{CheckpointReason, EntryRuns, RepairNotice, RepairRefused, TreeOutcome},
    cli::{failure::Hint, paste, term::Term},
    ledger::repair::Mended,
    tlog::{consistency::Consistency, layout::Layout},
};

/// What the sentences about one repair have in common.
pub(super) struct RepairTalk<'a> {
    /// The ledger
    pub(super) shown: String,
    /// The copy; none where there is none
    pub(super) copy: Option<&'a str>,
    /// Whether nothing is changed
    pub(super) rehearsed: bool,
}

impl RepairTalk<'_> {
    pub(super) fn tell(&self, notice: &RepairNotice, term: &mut Term) {
        let (shown, copy) = (&self.shown, self.copy.unwrap_or_default());
        match notice {
            RepairNotice::KeyOfEntryZero(log) => {
                term.warn(format!("nobody outside names the log's key; {log} is what entry 0 says"));
                term.hint("--key KEY if you know better");
            }
            RepairNotice::SeenUnreadable(why) => {
                term.warn(format!("what was seen of this ledger before cannot be read: {why:#}"));
            }
            RepairNotice::CopyUnsigned => term
                .warn(format!("{copy}: its checkpoint is not the log's; its lines are checked all the same")),
            RepairNotice::CopyLonger { has, taken } => term.say(format!(
                "{shown}: {copy} has {has} entries, of which {taken} are taken, as the ledger's own checkpoint says"
            )),
            RepairNotice::CopyUnread(file) => {
                term.warn(format!("{copy}/{file}; what cannot be read of it is passed over"));
            }
            RepairNotice::File { first, mended } => {
                term.say(format!("{shown}: {}", self.mended(*first, mended)));
            }
            RepairNotice::Checkpoint(reason) => {
                let (done, why) = (self.done("written anew"), self.reason(reason));
                term.say(format!("{shown}: checkpoint {done}: {why}"));
            }
            RepairNotice::StateSetAside => {
                let done = self.done("set aside");
                term.say(format!("{shown}: state.json {done}: it is not the log's word on these entries"));
            }
            RepairNotice::Tree(outcome) => term.say(format!("{shown}: tree/ {}", tree(*outcome))),
            RepairNotice::HashesLost => {
                let lost = "hashes of dropped entries are lost: these can no longer be proven";
                term.warn(format!("{shown}: {lost}"));
            }
            RepairNotice::Resigned { size, before } => self.resigned(*size, *before, term),
            RepairNotice::Forgotten(seen) => term.say(format!(
                "{shown}: that {seen} entries were seen here is forgotten; the checkpoint is kept under replaced/"
            )),
            RepairNotice::Unremembered(why) => {
                term.warn(format!("what was seen cannot be remembered: {why:#}"));
            }
        }
    }

    fn done(&self, what: &str) -> String {
        format!("{} {what}", if self.rehearsed { "would be" } else { "was" })
    }

    fn reason(&self, reason: &CheckpointReason) -> String {
        let copy = self.copy.unwrap_or_default();
        let instead = |size| format!("since there was none that the log signed; it states {size} entries");
        match reason {
            CheckpointReason::LineEnds => "its line ends were changed".to_owned(),
            CheckpointReason::FromCopy(size) => format!("that of {copy}, {}", instead(size)),
            CheckpointReason::FromSeen(size) => {
                format!("the one that was seen here before, {}", instead(size))
            }
            CheckpointReason::Extended { size, before } => {
                format!("that of {copy}, with {size} entries instead of {before}")
            }
        }
    }

    fn mended(&self, first: u64, mended: &Mended) -> String {
        let mut what = Vec::new();
        if !mended.copied.is_empty() {
            let copy = self.copy.unwrap_or("the copy");
            what.push(format!("{} from {copy}", EntryRuns(&mended.copied)));
        }
        if !mended.found.is_empty() {
            what.push(format!("{} from other files here", EntryRuns(&mended.found)));
        }
        match mended.dropped {
            0 => {}
            1 => what.push("1 line taken out that is none of its entries".to_owned()),
            lines => what.push(format!("{lines} lines taken out that are none of its entries")),
        }
        if mended.reordered {
            what.push("lines put in their order".to_owned());
        }
        if mended.respelled {
            what.push("line ends put right".to_owned());
        }
        if what.is_empty() {
            what.push("lines put right".to_owned());
        }
        let kept = mended.kept.as_ref().and_then(|path| Some(path.file_name()?.to_string_lossy()));
        let kept = kept.map_or(String::new(), |kept| format!("; the old one is replaced/{kept}"));
        format!(
            "{} {}: {}{kept}",
            Layout::STANDARD.entry_file_name(first),
            self.done("written anew"),
            what.join(", ")
        )
    }

    fn resigned(&self, size: u64, before: u64, term: &mut Term) {
        let (shown, gone, last) = (&self.shown, before - size, before - 1);
        if self.rehearsed {
            return term.say(format!(
                "{shown}: a checkpoint of {size} entries would be signed in the place of one of {before}: \
                 {gone} entries, {size} to {last}, would no longer be part of the ledger"
            ));
        }
        term.say(format!(
            "{shown}: a checkpoint of {size} entries was signed in the place of one of {before}: {gone} entries, \
             {size} to {last}, are no longer part of the ledger; what there is of them is in replaced/"
        ));
        term.warn(format!(
            "{shown}: whoever has seen more than {size} entries will find it rolled back or forked: tell them"
        ));
    }

    /// What to do where entries are nowhere to be found.
    pub(super) fn hint_of_lost(&self, term: &mut Term) {
        term.hint(if self.copy.is_some() {
            "try another copy; if there is none, foil chain repair --help tells what --resign would do"
                .to_owned()
        } else {
            format!("foil chain repair {} --from COPY", paste::word(&self.shown))
        });
    }

    /// An error, with what to do about it where that is known.
    pub(super) fn refused(&self, error: anyhow::Error) -> anyhow::Error {
        let hint = match error.downcast_ref::<RepairRefused>() {
            None => return error,
            Some(RepairRefused::Inconsistent(why)) if why.compared != Consistency::Unknown => return error,
            Some(RepairRefused::UnreadCopy) => {
                let how = "restore without --resign what it has, and say --resign without --from then";
                return anyhow::anyhow!("{error:#}; {how}");
            }
            Some(RepairRefused::NoLogKey) => "--key KEY".to_owned(),
            Some(RepairRefused::Unsigned(_)) => {
                "give the log's key with --key, or a copy with --from COPY".to_owned()
            }
            Some(RepairRefused::Older(_)) => {
                "--from COPY --extend brings it up to a copy that is not older".to_owned()
            }
            Some(RepairRefused::Inconsistent(_)) => "try a copy whose tree/ is sound".to_owned(),
            Some(RepairRefused::Unled { .. }) => {
                format!(
                    "foil chain repair {} --from COPY, with a copy that is sound",
                    paste::word(&self.shown)
                )
            }
            Some(RepairRefused::Incomplete { .. }) => {
                "try another copy; what the ledger's own checkpoint covers is restored without --extend"
                    .to_owned()
            }
            Some(RepairRefused::Contradicts(_)) => {
                "look for another copy first; if there is none: --resign --forget-seen".to_owned()
            }
        };
        error.hint(hint)
    }
}

fn tree(outcome: TreeOutcome) -> String {
    match outcome {
        TreeOutcome::Whole => "is as it should be".to_owned(),
        TreeOutcome::Rebuilt(size) => format!("was made anew from {size} entries"),
        TreeOutcome::WouldBeRebuilt => "is not what the entries give; it would be made anew".to_owned(),
        TreeOutcome::Unknown => "would be made anew if it is not what the entries give then".to_owned(),
    }
}
