//! A plot as SVG 1.1 (<https://www.w3.org/TR/SVG11/>), for documents and browsers.
//!
//! Text is set by whoever shows it, so no font is needed to write it; nothing in it runs or is fetched. Devices differ in
//! the shape of their marks and in dashes as well as in colour.

use std::fmt::Write;

use super::{
    DeviceLine, FieldPlot, PlotPoint, TimeScale,
    scale::ValueScale,
    words::{self, Alphabet},
};

/// The place between the axes, in pixels.
const LEFT: f64 = 96.0;
const RIGHT: f64 = 936.0;
const TOP: f64 = 64.0;
const BOTTOM: f64 = 384.0;

/// The whole drawing without its legend.
const WIDTH: f64 = 960.0;
const HEIGHT: f64 = 440.0;

/// A line of the legend.
const LEGEND: f64 = 20.0;

/// Colours that people with any sight tell apart (Okabe and Ito, 2008).
const COLOURS: [&str; 6] = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];

/// Dashes and gaps in pixels. Together with six shapes of marks there are twelve kinds of lines.
const DASHES: [&str; 4] = ["none", "8 3", "3 3", "12 3 3 3"];

/// Marks around 0, 0 as path data.
const MARKS: [&str; 6] = [
    "m-3 0a3 3 0 1 0 6 0a3 3 0 1 0-6 0z",
    "m-3-3h6v6h-6z",
    "m0-4l4 7h-8z",
    "m0-4l4 4-4 4-4-4z",
    "m-4 0h8m-4-4v8",
    "m-3-3l6 6m0-6l-6 6",
];

/// A line of no more readings than this has a mark at each.
const FEW: usize = 100;

/// Draws a plot as an SVG file.
pub fn svg(plot: &FieldPlot) -> String {
    let (low, high) = plot.values();
    let sheet = Sheet {
        plot,
        times: TimeScale::of(&plot.times()),
        values: ValueScale::of(low, high, 8),
        text: String::new(),
    };
    sheet.draw()
}

/// A drawing on its way.
struct Sheet<'a> {
    plot: &'a FieldPlot,
    times: TimeScale,
    values: ValueScale,
    text: String,
}

impl Sheet<'_> {
    fn draw(mut self) -> String {
        let legends = self.plot.lines.len() + usize::from(self.plot.has_doubt());
        let height = HEIGHT + LEGEND * f64::from(u8::try_from(legends).unwrap_or(u8::MAX));
        let title = escaped(&words::title(self.plot, Alphabet::Unicode));
        let stretch = escaped(&words::stretch(self.plot));
        self.put(&format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{WIDTH}\" height=\"{height}\" viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-labelledby=\"title\" aria-describedby=\"stretch\" font-family=\"sans-serif\" font-size=\"13\" fill=\"#222\">\n<title id=\"title\">{title}</title>\n<desc id=\"stretch\">{stretch}</desc>\n<rect width=\"{WIDTH}\" height=\"{height}\" fill=\"#fff\"/>"
        ));
        self.put(&format!("<text x=\"{LEFT}\" y=\"24\" font-size=\"16\">{title}</text>"));
        self.put(&format!("<text x=\"{LEFT}\" y=\"46\">{stretch}</text>"));
        self.draw_values();
        self.draw_times();
        for (at, line) in self.plot.lines.iter().enumerate() {
            self.draw_line(at, line);
        }
        self.draw_doubts(height);
        self.put("</svg>");
        self.text
    }

    fn put(&mut self, element: &str) {
        self.text.push_str(element);
        self.text.push('\n');
    }

    /// The axis of values: a line across at each number, and the unit.
    fn draw_values(&mut self) {
        let ticks = std::mem::take(&mut self.values.ticks);
        for tick in &ticks {
            let (y, label) = (px(self.y(tick.value)), &tick.label);
            self.put(&format!("<path d=\"M{LEFT} {y}H{RIGHT}\" stroke=\"#ddd\"/>"));
            self.put(&format!(
                "<text x=\"{}\" y=\"{y}\" dy=\".35em\" text-anchor=\"end\">{label}</text>",
                LEFT - 8.0
            ));
        }
        let unit = escaped(&Alphabet::Unicode.unit(self.plot));
        let middle = f64::midpoint(TOP, BOTTOM);
        if !unit.is_empty() {
            self.put(&format!(
                "<text transform=\"translate(20 {middle})rotate(-90)\" text-anchor=\"middle\">{unit}</text>"
            ));
        }
    }

    /// The axis of time: a line up at each time, and what clocks show.
    fn draw_times(&mut self) {
        self.put(&format!("<path d=\"M{LEFT} {TOP}V{BOTTOM}H{RIGHT}\" fill=\"none\" stroke=\"#222\"/>"));
        for tick in self.plot.zone.ticks(self.times.from, self.times.to, 8) {
            let x = px(self.x(tick.at));
            self.put(&format!("<path d=\"M{x} {TOP}V{BOTTOM}\" stroke=\"#ddd\"/>"));
            let below = [Some(tick.label), tick.date].into_iter().flatten();
            for (label, y) in below.zip([BOTTOM + 18.0, BOTTOM + 34.0]) {
                self.put(&format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{label}</text>"));
            }
        }
    }

    /// The line of a device, its marks, and its place in the legend.
    fn draw_line(&mut self, at: usize, line: &DeviceLine) {
        let style = format!(
            "fill=\"none\" stroke=\"{}\" stroke-width=\"1.5\" stroke-linejoin=\"round\"",
            COLOURS[at % COLOURS.len()]
        );
        let dashes = DASHES[at % DASHES.len()];
        let mark = MARKS[at % MARKS.len()];
        let mut path = String::new();
        for stretch in line.stretches.iter().filter(|stretch| stretch.len() > 1) {
            self.trace(stretch, &mut path);
        }
        let marks: Vec<String> = marked(line).iter().map(|point| self.at(point) + mark).collect();
        let marks = marks.concat();
        let y = HEIGHT + LEGEND * f64::from(u8::try_from(at).unwrap_or(u8::MAX));
        let legend = escaped(&words::legend(line, &Alphabet::Unicode.unit(self.plot), Alphabet::Unicode));
        self.put(&format!("<g {style}>"));
        self.put(&format!("<path stroke-dasharray=\"{dashes}\" d=\"{path}M{LEFT} {y}h48\"/>"));
        self.put(&format!("<path d=\"{marks}M{} {y}{mark}\"/>\n</g>", LEFT + 24.0));
        self.put(&format!("<text x=\"{}\" y=\"{y}\" dy=\".35em\">{legend}</text>", LEFT + 60.0));
    }

    /// Appends a stretch as path data; what would be drawn at the same place stands once.
    fn trace(&self, stretch: &[PlotPoint], path: &mut String) {
        let mut last = String::new();
        for point in stretch {
            let at = self.at(point);
            if at != last {
                path.push_str(&if last.is_empty() { at.clone() } else { at.replacen('M', "L", 1) });
                last = at;
            }
        }
    }

    /// Where times are doubtful.
    fn draw_doubts(&mut self, height: f64) {
        let places =
            self.plot.points().filter(|point| point.doubt.is_some()).map(|point| px(self.x(point.time)));
        let mut places: Vec<String> = places.collect();
        places.dedup();
        if places.is_empty() {
            return;
        }
        let ticks = places.iter().fold(String::new(), |mut ticks, x| {
            // Writing to a string does not fail.
            let _ = write!(ticks, "M{x} {BOTTOM}v-8");
            ticks
        });
        let y = height - LEGEND;
        let says = escaped(&words::doubts(self.plot));
        self.put(&format!(
            "<path stroke=\"#222\" stroke-width=\"2\" d=\"{ticks}M{} {}v-8\"/>",
            LEFT + 24.0,
            y + 4.0
        ));
        self.put(&format!("<text x=\"{}\" y=\"{y}\" dy=\".35em\">{says}</text>", LEFT + 60.0));
    }

    fn x(&self, time: crate::time::Time) -> f64 {
        LEFT + self.times.place(time) * (RIGHT - LEFT)
    }

    fn y(&self, value: f64) -> f64 {
        BOTTOM - self.values.place(value) * (BOTTOM - TOP)
    }

    /// The place of a reading as the beginning of a path.
    fn at(&self, point: &PlotPoint) -> String {
        format!("M{} {}", px(self.x(point.time)), px(self.y(point.value)))
    }
}

/// The readings that have a mark: all of a few, else the ends of each stretch.
fn marked(line: &DeviceLine) -> Vec<PlotPoint> {
    if line.points().count() <= FEW {
        return line.points().copied().collect();
    }
    let ends = line.stretches.iter().flat_map(|stretch| [stretch.first(), stretch.last()]);
    let mut ends: Vec<PlotPoint> = ends.flatten().copied().collect();
    ends.dedup();
    ends
}

/// Pixels with a tenth, which is finer than any screen.
fn px(pixels: f64) -> String {
    let tenths = format!("{pixels:.1}");
    tenths.strip_suffix(".0").map_or_else(|| tenths.clone(), str::to_owned)
}

/// Text for XML. What no XML 1.0 file may have is gone before, or becomes the replacement character.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => safe.push('\u{fffd}'),
            c if c.is_control() => safe.push('\u{fffd}'),
            other => safe.push(other),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{
        super::{TimeDoubt, example},
        *,
    };

    #[test]
    fn names_are_text_and_nothing_else() {
        let mut plot = example::plot(vec![example::line("a<b>&\"c", [example::point(0, 1.0)])]);
        plot.origin = "</title><script>\u{1b}\u{fffe}".to_owned();
        plot.unit = "<Cel>".to_owned();
        let text = svg(&plot);
        assert!(!text.contains("<script") && !text.contains(['\u{1b}', '\u{fffe}']), "{text}");
        assert!(text.contains("of a&lt;b&gt;&amp;&quot;c in &lt;Cel&gt;</title>"), "{text}");
        let (opened, closed) = (text.matches('<').count(), text.matches('>').count());
        assert_eq!(opened, closed, "{text}");
    }

    #[test]
    fn a_silence_is_no_line_and_a_lone_reading_is_a_mark() {
        let stretch = |from: i64| (from..from + 5).map(|n| example::point(n, 4.0));
        let points = stretch(0).chain([example::point(30, 4.0)]).chain(stretch(60));
        let text = svg(&example::plot(vec![example::line("probe", points)]));
        let line = text.lines().find(|line| line.contains("stroke-dasharray")).unwrap();
        assert_eq!(line.matches('M').count(), 3, "two stretches and the legend's sample: {line}");
        assert_eq!(line.matches('L').count(), 8, "{line}");
        let marks =
            text.lines().find(|line| line.starts_with("<path d=\"M") && line.contains(MARKS[0])).unwrap();
        assert_eq!(marks.matches(MARKS[0]).count(), 12, "eleven readings and the sample: {marks}");
    }

    #[test]
    fn a_long_line_stays_small_and_keeps_its_spike() {
        let value = |n: i64| if n == 123_456 { 90.0 } else { 4.0 };
        let text = svg(&example::plot(vec![example::line(
            "probe",
            (0..500_000).map(|n| example::point(n, value(n))),
        )]));
        assert!(text.len() < 200_000, "{}", text.len());
        let top = ValueScale::of(4.0, 90.0, 8).place(90.0);
        let spike = format!(" {}", px(BOTTOM - top * (BOTTOM - TOP)));
        assert!(text.contains(&spike), "{spike}");
    }

    #[test]
    fn kinds_of_lines_differ_without_colour() {
        let lines =
            (0..super::super::MAX_LINES).map(|n| example::line(&format!("d{n}"), [example::point(0, 1.0)]));
        let text = svg(&example::plot(lines.collect()));
        let kinds: std::collections::BTreeSet<_> = (0..super::super::MAX_LINES)
            .map(|n| (DASHES[n % DASHES.len()], MARKS[n % MARKS.len()]))
            .collect();
        assert_eq!(kinds.len(), super::super::MAX_LINES);
        assert!(kinds.iter().all(|(dashes, mark)| text.contains(dashes) && text.contains(mark)));
    }

    #[test]
    fn doubtful_times_are_marked_on_the_axis() {
        let doubtful = PlotPoint { doubt: Some(TimeDoubt::NoTime), ..example::point(1, 4.0) };
        let text = svg(&example::plot(vec![example::line("probe", [example::point(0, 4.0), doubtful])]));
        assert!(
            text.contains("M936 384v-8") && text.contains("1 reading: unsynced clock, or no time"),
            "{text}"
        );
    }
}
