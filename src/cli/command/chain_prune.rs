//! `foil chain prune`: old entries go, their hashes stay.

use anyhow::Context;

use crate::{
    audit::prune::{PrunePlan, PruneReady},
    cli::{
        Example,
        failure::{Ended, Hint, Outcome},
        keys::KeyArgs,
        ledger::{self, DirArg},
        moment::{self, EntryOrMoment, MeantBy},
        paste, signals, size,
        term::Term,
    },
    ledger::space::prune::PruneBefore,
    time::Span,
};

pub(crate) const EXAMPLES: &[Example] = &[Example {
    does: "say what would go",
    line: "foil chain prune cold-room --before 2026-01-01T00:00:00Z -n",
}];

/// Drop the oldest closed files of a ledger, for ever, and keep their hashes
///
/// Drops the files whose entries all stand before N, or were all received before TIME; the file of the last
/// entry always stays. Each is checked against the signed root before it goes. What remains still verifies,
/// proofs of what remains still hold, and `foil verify` says what it could not see. Contracts are no longer
/// checked against this folder: copy the ledger first, in case a party has to show what was in it. What was not
/// published by then can never be published from it.
///
/// Where only the enrolled may write, state.json has to know what the dropped entries say of who is who: it is then
/// the only copy, and without it no record can be written any more. If it does not know enough of them, it is made anew
/// first, which takes the log key (-k).
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    dir: DirArg,

    /// Up to where entries may go: the number of an entry, a time, a date (its first instant), or a duration ago such as 90d
    #[arg(long, value_name = "N|TIME", value_parser = moment::entry_or_past)]
    before: EntryOrMoment,

    #[command(flatten)]
    key: KeyArgs,

    /// Yes, there are copies of what is dropped, or it will never be wanted
    #[arg(long)]
    yes: bool,

    /// How long to wait for others who pack, drop or write
    #[arg(long, value_name = "DURATION", default_value = "10s", value_parser = super::chain_append::parse_span)]
    wait: Span,

    /// Say what would go, and change nothing
    #[arg(short = 'n', long)]
    dry_run: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.dir.open()?;
    let shown = reader.folder().path().display().to_string();
    let before = match args.before {
        EntryOrMoment::Entry(n) => PruneBefore::Entry(n),
        EntryOrMoment::Moment(moment) => PruneBefore::Time(moment.start(&MeantBy::here(term))?),
    };
    let plan = PrunePlan::of(&reader, before, &ledger::seen(), args.wait);
    let plan = plan.map_err(|why| ledger::hint_of_rollback(&reader, why))?;
    let Some(entries) = plan.entries() else {
        term.say(format!("{shown}: no closed file lies before that, so nothing is dropped"));
        if !args.dry_run && !term.human() && !term.quiet() {
            term.data(&plan.to_object())?;
        }
        return Ok(Outcome::Yes);
    };
    let (what, bytes) =
        (format!("entries {} to {}", entries.start(), entries.end()), size::bytes(plan.bytes()));
    if args.dry_run {
        term.say(format!("{shown}: {what} would be dropped, {bytes} in {} files", plan.files()));
        if let Some(why) = plan.lacks() {
            term.say(format!("{shown}: {why}; it would be made anew first, which takes -k KEY, the log key"));
        }
        return Ok(Outcome::Yes);
    }
    if !args.yes {
        return Err(anyhow::anyhow!("{shown}: {what} would be dropped for ever, {bytes}"))
            .hint(format!("cp -a {} ELSEWHERE, then say --yes", paste::word(&shown)));
    }
    let ready = keep_registry(args, &plan, &shown, term)?;
    let dropped = |first, root| term.detail(format!("file of entry {first}: dropped, root {root}"));
    if !ready.drop_files(signals::interrupted, dropped)? {
        return Err(Ended::error(Outcome::Interrupted, ""));
    }
    report(&shown, &what, &plan, term)?;
    Ok(Outcome::Yes)
}

/// Before anything goes: what the entries say of who may write is on disk, whatever happens.
fn keep_registry<'a>(
    args: &Args,
    plan: &'a PrunePlan,
    shown: &str,
    term: &mut Term,
) -> anyhow::Result<PruneReady<'a>> {
    let Some(why) = plan.lacks() else { return plan.keep_registry(None) };
    let needs = || format!("{shown}: {why}; to make it anew before entries go takes the log key");
    let key = args.key.load(term).with_context(needs)?;
    let ready = plan.keep_registry(Some(&key))?;
    term.say(format!("{shown}: {why}; it was made anew"));
    Ok(ready)
}

fn report(shown: &str, what: &str, plan: &PrunePlan, term: &mut Term) -> anyhow::Result<()> {
    if term.quiet() {
        return Ok(());
    }
    if term.human() {
        let bytes = size::bytes(plan.bytes());
        return term.text(&format!("{shown}: {what} dropped, {bytes}; their hashes are kept\n"));
    }
    term.data(&plan.to_object())
}
