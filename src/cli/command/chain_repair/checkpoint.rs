//! Which checkpoint counts, and by which key.

use anyhow::{Context, ensure};

use super::Args;
use crate::{
    cli::{command::verify::given, failure::Hint, ledger, term::Term},
    hash::Hash,
    key::PublicKey,
    ledger::{
        files::folder::Folder,
        pins::{Seen, Sight},
    },
    record::{
        genesis::Genesis,
        signed::{self, Verifier},
    },
    tlog::{
        checkpoint::{Checkpoint, SignedCheckpoint},
        entry::Entry,
        note,
        view::{MAX_CHECKPOINT, View},
    },
    verify::{GivenKey, Truth, is_signed_by},
};

/// A copy, and its name.
pub(super) type Copy = (Box<dyn View>, String);

/// What is known about the ledger from outside its checkpoint.
pub(super) struct Known {
    /// The log's key
    pub(super) key: PublicKey,
    /// The ledger's name and id, if an entry 0 tells them
    pub(super) named: Option<(String, Hash)>,
    /// What was seen of it here
    pub(super) sight: Option<Sight>,
    /// What was seen of all ledgers
    pub(super) seen: Seen,
}

impl Known {
    pub(super) fn of(
        args: &Args,
        folder: &Folder,
        copy: Option<&Copy>,
        term: &mut Term,
    ) -> anyhow::Result<Self> {
        let seen = ledger::seen();
        let declared: Vec<(Genesis, Hash)> =
            [declared(folder), copy.and_then(|(copy, _)| declared(&**copy))].into_iter().flatten().collect();
        if let [(_, own), (_, other)] = &declared[..] {
            ensure!(own == other, "is the ledger {own}, and the copy is another one, {other}");
        }
        let given = args.key.as_deref().map(given).transpose()?;
        let named = declared.first().map(|(genesis, id)| (genesis.origin.clone(), *id));
        let sight = named.as_ref().and_then(|(origin, id)| recall(&seen, origin, id, term));
        let key = match (&given, &sight, declared.first()) {
            (Some(GivenKey::Key(key)), ..) => key.clone(),
            (Some(GivenKey::Named(named)), ..) => named.key().clone(),
            (None, Some(sight), _) => sight.key.clone(),
            (None, None, Some((genesis, _))) => {
                term.hint(format!(
                    "nobody outside names the log's key; {} is what entry 0 says: --key KEY if you know better",
                    genesis.log
                ));
                genesis.log.clone()
            }
            (None, None, None) => {
                return Err(anyhow::anyhow!("nobody names the log's key: entry 0 is damaged"))
                    .hint("--key KEY");
            }
        };
        Ok(Self { key, named, sight, seen })
    }

    /// The checkpoint that was seen, if it is of this key.
    fn remembered(&self) -> Option<&SignedCheckpoint> {
        self.sight.as_ref().filter(|sight| sight.key == self.key).map(|sight| &sight.checkpoint)
    }
}

/// What counts where the ledger has no checkpoint of its own: of the copy's and the one that was seen, the one
/// that covers more.
fn substitute(
    copy: Option<SignedCheckpoint>,
    seen: Option<SignedCheckpoint>,
    name: &str,
) -> Option<(SignedCheckpoint, String)> {
    let from_copy = copy.map(|copy| (copy, format!("that of {name}")));
    let from_memory = seen.map(|seen| (seen, "the one that was seen here before".to_owned()));
    from_memory.into_iter().chain(from_copy).max_by_key(|(signed, _)| size(signed))
}

/// Entry 0 of a ledger, if its log signed it, and the ledger's id.
fn declared(view: &dyn View) -> Option<(Genesis, Hash)> {
    let (line, _) = note::plain(&view.line(0).ok()??);
    let entry = Entry::parse_lenient(line.strip_suffix(b"\r").unwrap_or(&line)).ok()?;
    let genesis = Genesis::verified(&entry.record, &mut Verifier::new(), entry.received).ok()?;
    Some((genesis, signed::id(&entry.record)))
}

fn recall(seen: &Seen, origin: &str, id: &Hash, term: &mut Term) -> Option<Sight> {
    seen.recall(origin, id).unwrap_or_else(|error| {
        term.warn(format!("what was seen of this ledger before cannot be read: {error:#}"));
        None
    })
}

/// The checkpoint that the ledger is brought to.
pub(super) struct Chosen {
    pub(super) stated: Checkpoint,
    /// The note, byte for byte
    pub(super) note: String,
    /// Why it has to be written, if it does not stand there already
    pub(super) why: Option<String>,
    /// How many entries the copy has, if the log signed that
    pub(super) copy_size: Option<u64>,
    /// The ledger's own, where the copy's takes its place
    pub(super) own: Option<Checkpoint>,
    /// Whether it is another one than the ledger's own: then it has to be shown that it goes on from what the log
    /// signed before
    taken: bool,
    /// Whether an older one than what was seen is wanted
    forget: bool,
}

/// All checkpoints at hand that the log signed.
struct Candidates {
    /// The ledger's own, and whether something has changed its line ends
    own: Option<(SignedCheckpoint, bool)>,
    copy: Option<SignedCheckpoint>,
    seen: Option<SignedCheckpoint>,
}

impl Candidates {
    fn of(known: &Known, folder: &Folder, copy: Option<&Copy>, term: &mut Term) -> anyhow::Result<Self> {
        let shown = folder.path().display();
        let own = signed(folder, &known.key);
        let theirs = copy.and_then(|(copy, _)| signed(&**copy, &known.key)).map(|(signed, _)| signed);
        if let (Some((_, name)), None) = (copy, &theirs) {
            term.warn(format!("{name}: its checkpoint is not the log's; its lines are checked all the same"));
        }
        if let (Some((own, _)), Some(theirs)) = (&own, &theirs) {
            let (own, theirs) = (&own.checkpoint().origin, &theirs.checkpoint().origin);
            ensure!(own == theirs, "{shown}: is the log {own}, and the copy is another one, {theirs}");
        }
        Ok(Self { own, copy: theirs, seen: known.remembered().cloned() })
    }
}

/// A checkpoint that this key signed, and whether something has changed its line ends.
fn signed(view: &dyn View, key: &PublicKey) -> Option<(SignedCheckpoint, bool)> {
    let bytes = view.checkpoint(MAX_CHECKPOINT).ok()??;
    let (plain, changed) = note::plain(&bytes);
    let signed = SignedCheckpoint::parse(&plain).ok().filter(|_| bytes.len() <= MAX_CHECKPOINT)?;
    is_signed_by(&signed, key).then_some((signed, changed))
}

fn size(signed: &SignedCheckpoint) -> u64 {
    signed.checkpoint().size
}

impl Chosen {
    pub(super) fn of(
        args: &Args,
        known: &Known,
        folder: &Folder,
        copy: Option<&Copy>,
        term: &mut Term,
    ) -> anyhow::Result<Self> {
        let shown = folder.path().display().to_string();
        let name = copy.map_or("", |(_, name)| name);
        let Candidates { own, copy: theirs, seen } = Candidates::of(known, folder, copy, term)?;
        let copy_size = theirs.as_ref().map(size);
        let Some((own, changed)) = own else {
            let (signed, which) = substitute(theirs, seen, name)
                .with_context(|| format!("{shown}/checkpoint: is not signed by {}", known.key))
                .hint("give the log's key with --key, or a copy with --from COPY")?;
            let why = format!(
                "{which}, since there was none that the log signed; it states {} entries",
                size(&signed)
            );
            let chosen = Self::new(&signed, Some(why), copy_size, args);
            return Self { taken: true, ..chosen }.not_older(&shown, known);
        };
        let longer = theirs.filter(|theirs| size(theirs) > size(&own));
        if let Some(theirs) = longer.as_ref().filter(|_| args.extend) {
            let why = format!("that of {name}, with {} entries instead of {}", size(theirs), size(&own));
            let chosen = Self::new(theirs, Some(why), copy_size, args);
            let own = Some(own.checkpoint().clone());
            return Self { own, taken: true, ..chosen }.not_older(&shown, known);
        }
        let why = changed.then(|| "its line ends were changed".to_owned());
        let chosen = Self::new(&own, why, copy_size, args).not_older(&shown, known)?;
        if let Some(theirs) = longer {
            let (has, taken) = (size(&theirs), size(&own));
            term.say(format!(
                "{shown}: {name} has {has} entries, of which {taken} are taken, as the ledger's own checkpoint says"
            ));
        }
        Ok(chosen)
    }

    /// The ledger's own.
    fn new(signed: &SignedCheckpoint, why: Option<String>, copy_size: Option<u64>, args: &Args) -> Self {
        let (stated, note) = (signed.checkpoint().clone(), signed.to_string());
        Self { stated, note, why, copy_size, own: None, taken: false, forget: args.forget_seen }
    }

    fn not_older(self, shown: &str, known: &Known) -> anyhow::Result<Self> {
        if let Some(seen) = known.remembered() {
            self.must_not_be_older(shown, seen)?;
        }
        Ok(self)
    }

    fn must_not_be_older(&self, shown: &str, seen: &SignedCheckpoint) -> anyhow::Result<()> {
        let (seen, now) = (seen.checkpoint(), &self.stated);
        if self.forget {
            return Ok(());
        }
        let fits = anyhow::Ok(()).and_then(|()| {
            ensure!(
                seen.size <= now.size,
                "{shown}: its checkpoint states {} entries; {} were seen here before: it is an old copy",
                now.size,
                seen.size
            );
            ensure!(
                seen.size < now.size || seen.root == now.root,
                "{shown}: forked: another root than the one seen before at {} entries",
                seen.size
            );
            Ok(())
        });
        fits.hint("--from COPY --extend brings it up to a copy that is not older")
    }

    /// Refuses a checkpoint that is another history than the ledger's own, or than what was seen; also one that
    /// takes their place where too much is lost to show that it is none. Where the ledger's own stays, nothing is
    /// taken on trust.
    pub(super) fn must_extend(
        &self,
        shown: &str,
        known: &Known,
        truth: &mut Truth<'_>,
    ) -> anyhow::Result<()> {
        let seen = known.remembered().filter(|_| !self.forget).map(SignedCheckpoint::checkpoint);
        for before in seen.into_iter().chain(&self.own).filter(|before| before.size <= self.stated.size) {
            let (now, then) = (self.stated.size, before.size);
            let root = truth.root_at(then);
            ensure!(
                root.is_none_or(|root| root == before.root),
                "{shown}: forked: the first {then} entries under this checkpoint are not those that the log signed before"
            );
            if self.taken && root.is_none() {
                let unshown = "it is not shown that";
                let before = "that the log signed before: too many hashes are lost";
                return Err(anyhow::anyhow!(
                    "{shown}: {unshown} {now} entries go on from the {then} {before}"
                ))
                .hint("try a copy whose tree/ is sound");
            }
        }
        Ok(())
    }
}
