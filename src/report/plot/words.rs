//! What is written around a plot. Names come from devices and other parties, so they are escaped.

use super::{DeviceLine, FieldPlot};
use crate::{
    escape::{escape, escape_beyond_ascii, escape_name},
    json::Number,
    record::quantity::symbol,
    report::page::counted,
};

/// The letters that a drawing can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alphabet {
    /// ASCII alone
    Ascii,
    /// All of Unicode
    Unicode,
}

impl Alphabet {
    /// Text without what steers a terminal or changes the direction of text.
    fn safe(self, text: &str) -> String {
        match self {
            Self::Ascii => escape_beyond_ascii(text),
            Self::Unicode => escape(text),
        }
    }

    /// A name that a device gave itself.
    fn name(self, text: &str) -> String {
        match self {
            Self::Ascii => escape_beyond_ascii(text),
            Self::Unicode => escape_name(text),
        }
    }

    /// The unit of the values as people write it; empty where they have none.
    pub(super) fn unit(self, plot: &FieldPlot) -> String {
        match self {
            Self::Ascii => escape_beyond_ascii(&plot.unit),
            Self::Unicode => escape(symbol(&plot.unit)),
        }
    }
}

/// Which field of which ledger, of which device, in which unit.
pub(super) fn title(plot: &FieldPlot, alphabet: Alphabet) -> String {
    let (origin, field) = (alphabet.safe(&plot.origin), alphabet.safe(&plot.field));
    let of = match &plot.lines[..] {
        [line] => alphabet.name(&line.device),
        lines => format!("{} devices", lines.len()),
    };
    let unit = alphabet.unit(plot);
    let unit = if unit.is_empty() { String::new() } else { format!(" in {unit}") };
    format!("{origin}: {field} of {of}{unit}")
}

/// From when to when, by which clock.
pub(super) fn stretch(plot: &FieldPlot) -> String {
    let times = plot.times();
    let by = if plot.by_arrival { ", as they arrived" } else { "" };
    format!("{}{by}", plot.zone.show_stretch(*times.start(), *times.end()))
}

/// A device with what its readings come to.
pub(super) fn legend(line: &DeviceLine, unit: &str, alphabet: Alphabet) -> String {
    let readings = counted(line.readings, "reading", "readings");
    let (low, high) = line.values();
    let [low, high] = [low, high].map(|value| Number::new(value).map_or_else(String::new, shown));
    let values = if low == high { low } else { format!("{low} to {high}") };
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    format!("{}: {readings}, {values}{unit}", alphabet.name(&line.device))
}

fn shown(number: Number) -> String {
    crate::json::Value::from(number).to_canonical()
}

/// What the marks for doubtful times say.
pub(super) fn doubts(plot: &FieldPlot) -> String {
    let doubtful = plot.lines.iter().map(|line| line.doubtful).sum();
    format!("{}: unsynced clock, or no time", counted(doubtful, "reading", "readings"))
}

#[cfg(test)]
mod tests {
    use super::{super::example, *};

    #[test]
    fn the_title_says_ledger_field_device_and_unit() {
        let one = || example::line("probe", [example::point(0, 4.25), example::point(1, -1e-7)]);
        let plot = example::plot(vec![one()]);
        assert_eq!(title(&plot, Alphabet::Ascii), "plant7.example/cold-room: temperature of probe in Cel");
        assert_eq!(title(&plot, Alphabet::Unicode), "plant7.example/cold-room: temperature of probe in °C");
        assert_eq!(stretch(&plot), "2026-03-01 07:00:00 to 07:01:00 +01:00");
        assert_eq!(legend(&plot.lines[0], "°C", Alphabet::Unicode), "probe: 2 readings, -1e-7 to 4.25 °C");
        let plot = FieldPlot { unit: String::new(), by_arrival: true, ..example::plot(vec![one(), one()]) };
        assert_eq!(title(&plot, Alphabet::Unicode), "plant7.example/cold-room: temperature of 2 devices");
        assert_eq!(stretch(&plot), "2026-03-01 07:00:00 to 07:01:00 +01:00, as they arrived");
    }

    #[test]
    fn what_steers_a_terminal_is_escaped() {
        let mut plot = example::plot(vec![example::line("d\u{1b}[2J", [example::point(0, 1.0)])]);
        plot.field = "größe\u{202e}".to_owned();
        plot.unit = "\u{9b}m".to_owned();
        for alphabet in [Alphabet::Ascii, Alphabet::Unicode] {
            let text = title(&plot, alphabet) + &legend(&plot.lines[0], &alphabet.unit(&plot), alphabet);
            assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{9b}']), "{text}");
            assert_eq!(text.is_ascii(), alphabet == Alphabet::Ascii, "{text}");
        }
    }
}
