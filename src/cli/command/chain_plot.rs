//! `foil chain plot`: a field of readings over time, as a picture.

mod collect;

use std::path::{Path, PathBuf};

use clap_complete::engine::ArgValueCompleter;

use crate::{
    audit::checked_reader::CheckedReader,
    cli::{
        Example, complete,
        entries::warn_of_dropped,
        failure::{Ended, Hint, Outcome},
        filter::{EntryFilter, NameKind, StretchArgs},
        ledger::{self, AnswerArgs, LogArg},
        term::{Screen, Term},
    },
    json::Number,
    object,
    report::plot::{self, DeviceLine, FieldPlot, TextLook},
    time::Span,
};

use collect::{FieldReadings, PlottedField};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "the temperature of the last day",
        line: "foil chain plot cold-room --field temperature --since 1d",
    },
    Example {
        does: "the same as a picture for a report, in UTC",
        line: "foil chain plot cold-room --field temperature -o temperature.svg --utc",
    },
    Example { does: "what is drawn, as data", line: "foil chain plot cold-room --field temperature --json" },
];

/// How high a drawing in letters is at most: a higher one is no clearer.
const MAX_ROWS: u16 = 30;

/// Draw a field of readings over time
///
/// Draws the numbers of one field, a line for each device, with local time below and the unit in the title; with -o as an SVG
/// file. Each reading that is drawn is held against the signed root, and its proofs must hold; the first one that does not
/// verify ends the command (4). Nothing to draw is a no (1).
///
/// No line crosses a silence that is longer than five times the median distance between the readings of the device, or
/// than --gap. Of many readings the first, lowest, highest and last of each column are drawn, so a spike shows however many
/// there are. Null and what is no number are left out, and counted on standard error. A reading stands where it says that
/// it was measured; one that says no time stands where it arrived, and is marked, like those whose clock was not
/// synchronised. Values in several units share no axis: --unit draws those in one of them.
///
/// In letters it is as wide as the terminal, or as $COLUMNS says, in ASCII where the locale is not UTF-8; several devices have
/// a letter each, and where they meet stands *. With --json there is a line for each reading that would be drawn.
#[derive(clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    log: LogArg,

    #[command(flatten)]
    answer: AnswerArgs,

    /// What is drawn: the name of a value, such as temperature
    #[arg(long, value_name = "NAME", add = ArgValueCompleter::new(complete::fields))]
    field: String,

    /// Only readings of this device; repeatable
    #[arg(long, value_name = "DEVICE", add = ArgValueCompleter::new(complete::devices))]
    device: Vec<String>,

    #[command(flatten)]
    stretch: StretchArgs,

    /// Only values in this unit, as readings have it, such as Cel
    #[arg(long, value_name = "UNIT")]
    unit: Option<String>,

    /// Draw no line across a silence longer than this
    #[arg(long, value_name = "DURATION", value_parser = super::chain_append::parse_span)]
    gap: Option<Span>,

    /// Draw readings where they arrived, not where they say that they were measured
    #[arg(long)]
    by_arrival: bool,

    /// Write the drawing to this file, which ends in .svg
    #[arg(short, long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    output: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    if let Some(output) = &args.output {
        must_be_svg(output, term)?;
    }
    let reader = args.answer.open(&args.log.path()?)?;
    let checked = args.answer.check(&reader, term)?;
    ledger::warn_of_age(&checked, term);
    let devices = args.device.iter().map(|device| (NameKind::Device, device.as_str()));
    let names = devices.chain([(NameKind::Field, args.field.as_str())]);
    let filter = EntryFilter::of(&args.stretch, names, term)?;
    warn_of_dropped(checked.reader(), &(0..u64::MAX), term)?;
    let asked = PlottedField { name: &args.field, unit: args.unit.as_deref(), by_arrival: args.by_arrival };
    let readings = FieldReadings::read(&asked, &filter, &checked)?;
    filter.must_name_what_is_there(&checked, false)?;
    readings.tell_what_is_left_out(term);
    let plot = plot_of(args, readings, &checked, term)?;
    draw(&plot, args.output.as_deref(), term)?;
    Ok(Outcome::Yes)
}

/// Refuses what no drawing is written to.
fn must_be_svg(output: &Path, term: &Term) -> anyhow::Result<()> {
    let shown = output.display();
    anyhow::ensure!(!term.json(), "{shown}: a drawing is no JSON: without -o, --json prints what is drawn");
    let is_svg = output.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("svg"));
    if is_svg { Ok(()) } else { Err(anyhow::anyhow!("{shown}: only SVG is written")).hint("-o NAME.svg") }
}

fn plot_of(
    args: &Args,
    readings: FieldReadings,
    checked: &CheckedReader<'_>,
    term: &Term,
) -> anyhow::Result<FieldPlot> {
    let (unit, series) = readings.in_one_unit()?;
    if series.is_empty() {
        let why = format!(
            "{}: no number of {:?} is among what was asked for",
            checked.reader().shown(),
            args.field
        );
        return Err(Ended::error(Outcome::No, why));
    }
    let lines = series.into_iter().map(|(device, series)| DeviceLine::of(device, &series, args.gap));
    Ok(FieldPlot {
        origin: checked.declaration()?.genesis.origin,
        field: args.field.clone(),
        unit,
        zone: term.zone(),
        by_arrival: args.by_arrival,
        lines: lines.collect(),
    })
}

fn draw(plot: &FieldPlot, output: Option<&Path>, term: &mut Term) -> anyhow::Result<()> {
    if let Some(output) = output {
        term.redirect(output)?;
        return term.text(&plot::svg(plot));
    }
    if term.json() {
        return plot.lines.iter().try_for_each(|line| print(plot, line, term));
    }
    let text = plot::text(plot, look(plot, term));
    term.text(&text)
}

/// What the screen can show; title, axes and legend have their place in it, too.
fn look(plot: &FieldPlot, term: &Term) -> TextLook {
    let Screen { columns, rows, has_colour, has_unicode } = Screen::of(term);
    let around = 8 + u16::try_from(plot.lines.len()).unwrap_or(u16::MAX);
    let rows = rows.saturating_sub(around).clamp(8, MAX_ROWS);
    TextLook { columns: columns.clamp(32, 400), rows, has_unicode, has_colour }
}

/// Prints the readings of a line that are drawn.
fn print(plot: &FieldPlot, line: &DeviceLine, term: &mut Term) -> anyhow::Result<()> {
    for (stretch, points) in (0u64..).zip(&line.stretches) {
        for point in points {
            term.data(&object! {
                "device": line.device.as_str(),
                "field": plot.field.as_str(),
                "unit": plot.unit.as_str(),
                "stretch": stretch,
                "time": point.time.to_string(),
                "value": Number::new(point.value),
                "doubt": point.doubt.map(plot::TimeDoubt::as_str),
            })?;
        }
    }
    Ok(())
}
