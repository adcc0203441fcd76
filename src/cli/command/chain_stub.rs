//! `foil chain stub`: the half of the tally that the other party keeps.

use anyhow::Context;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        ledger::{AnswerArgs, LogArg},
        qr,
        term::{Screen, Term},
    },
    tlog::stub,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "a line to hand over, and to keep", line: "foil chain stub cold-room > driver.json" },
    Example { does: "a picture to be photographed", line: "foil chain stub cold-room --qr" },
    Example {
        does: "months later: is this copy a continuation of what was handed over?",
        line: "foil chain stub cold-room | foil verify cold-room --stub -",
    },
];

/// Print the signed checkpoint for another party to keep
///
/// Prints one line of JSON with the whole signed checkpoint, after checking it against the log key that entry 0
/// names, and the tree and entry 0 against it (4 if they do not agree); on a terminal also as a QR code. A party that has this stub can hold any later copy of the ledger to it:
/// `foil verify COPY --stub FILE`. A receipt of `foil chain append` is a stub, too.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,

    /// Draw the QR code also into a pipe or file
    #[arg(long)]
    qr: bool,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let reader = args.answer.open(&args.log.path()?)?;
    args.answer.check(&reader, term)?.must_be_of_late()?;
    let signed = reader.checkpoint();
    term.data(&stub::to_object(signed))?;
    if args.qr || term.human() {
        let drawing = qr::draw(&stub::to_ascii(signed)).context("the checkpoint is too long for a QR code");
        let drawing = drawing.hint("without --qr, into a pipe, it is one line of text")?;
        term.text(&if Screen::of(term).has_colour { coloured(&drawing) } else { drawing })?;
    }
    Ok(Outcome::Yes)
}

/// Light on dark, whatever the terminal's own colours are: a reader of QR codes may not take the reverse.
fn coloured(drawing: &str) -> String {
    format!("\x1b[97;40m{}\x1b[0m\n", drawing.trim_end_matches('\n').replace('\n', "\x1b[0m\n\x1b[97;40m"))
}
