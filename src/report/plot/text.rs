//! A plot in letters, for terminals.
//!
//! ```text
//!  4.0 +        *            one device: Braille dots, or * where a terminal has none
//!      |   *  **             several: a letter for each, * where they meet
//!  3.9 + **
//!      +-+--------+------
//!       06:00    06:30
//!       2026-03-01
//! ```

use std::fmt::Write;

use ratatui_core::{
    buffer::{Buffer, Cell},
    layout::Rect,
    style::{Color, Style},
    symbols::Marker,
    widgets::Widget,
};
use ratatui_widgets::canvas::{Canvas, Context, Line, Points};

use super::{
    DeviceLine, FieldPlot, TimeScale,
    scale::ValueScale,
    words::{self, Alphabet},
};
use crate::time::TimeTick;

/// What a terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextLook {
    /// How many letters a line has
    pub columns: u16,
    /// How many lines the drawing has between its axes
    pub rows: u16,
    /// Whether it can show more than ASCII
    pub has_unicode: bool,
    /// Whether it can show colours
    pub has_colour: bool,
}

/// Where several lines meet.
const MEETING: &str = "*";

/// What marks doubtful times.
const DOUBT: &str = "?";

/// With fewer columns there is no place for axes.
const NARROWEST: u16 = 16;

/// Lines of several devices, beside their letters.
const COLOURS: [Color; 6] =
    [Color::Cyan, Color::Yellow, Color::Magenta, Color::Green, Color::Blue, Color::Red];

/// Draws a plot in lines of text.
pub fn text(plot: &FieldPlot, look: TextLook) -> String {
    let alphabet = if look.has_unicode { Alphabet::Unicode } else { Alphabet::Ascii };
    let unit = alphabet.unit(plot);
    let mut text = format!("{}\n{}\n", words::title(plot, alphabet), words::stretch(plot));
    text.push_str(&rows(&Drawing::new(plot, look).draw(), look.has_colour));
    // Writing to a string does not fail.
    for (at, line) in plot.lines.iter().enumerate() {
        let sample = if plot.lines.len() == 1 { String::new() } else { format!("{}  ", letter(at)) };
        let _ = writeln!(text, "{sample}{}", words::legend(line, &unit, alphabet));
    }
    if plot.has_doubt() {
        let _ = writeln!(text, "{DOUBT}  {}", words::doubts(plot));
    }
    text
}

/// The letter of a device.
fn letter(at: usize) -> char {
    ('a'..='z').nth(at).unwrap_or('z')
}

/// A drawing on its way: where its axes are, and what they say.
struct Drawing<'a> {
    plot: &'a FieldPlot,
    look: TextLook,
    /// The place between the axes
    inside: Rect,
    times: TimeScale,
    values: ValueScale,
}

impl<'a> Drawing<'a> {
    fn new(plot: &'a FieldPlot, look: TextLook) -> Self {
        let (low, high) = plot.values();
        let values = ValueScale::of(low, high, usize::from(look.rows * 2 / 3).clamp(2, 10));
        let labels = values.ticks.iter().map(|tick| short(tick.label.len())).max().unwrap_or(0);
        let columns = look.columns.max(NARROWEST);
        let left = (labels + 2).min(columns / 2);
        let inside = Rect::new(left, 0, columns - left, look.rows.max(1));
        Self { plot, look, inside, times: TimeScale::of(&plot.times()), values }
    }

    fn draw(&self) -> Buffer {
        let height = self.inside.height + 3 + u16::from(self.plot.has_doubt());
        let mut sheet = Buffer::empty(Rect::new(0, 0, self.inside.right(), height));
        for (at, line) in self.plot.lines.iter().enumerate() {
            lay_over(&mut sheet, &self.line(at, line));
        }
        self.draw_values(&mut sheet);
        self.draw_times(&mut sheet);
        if self.plot.has_doubt() {
            self.draw_doubts(&mut sheet);
        }
        sheet
    }

    /// The line of one device, alone.
    fn line(&self, at: usize, line: &DeviceLine) -> Buffer {
        let mut sheet = Buffer::empty(self.inside);
        let colour = if self.plot.lines.len() == 1 { Color::Reset } else { COLOURS[at % COLOURS.len()] };
        let paint = |context: &mut Context<'_>| {
            for stretch in &line.stretches {
                let places: Vec<(f64, f64)> = stretch
                    .iter()
                    .map(|point| (self.times.place(point.time), self.values.place(point.value)))
                    .collect();
                context.draw(&Points { coords: &places, color: colour });
                for pair in places.windows(2) {
                    context.draw(&Line::new(pair[0].0, pair[0].1, pair[1].0, pair[1].1, colour));
                }
            }
        };
        let canvas = Canvas::default().marker(self.marker(at)).x_bounds([0.0, 1.0]).y_bounds([0.0, 1.0]);
        canvas.paint(paint).render(self.inside, &mut sheet);
        sheet
    }

    fn marker(&self, at: usize) -> Marker {
        match (self.plot.lines.len(), self.look.has_unicode) {
            (1, true) => Marker::Braille,
            (1, false) => Marker::Custom('*'),
            _ => Marker::Custom(letter(at)),
        }
    }

    /// The axis of values with its numbers.
    fn draw_values(&self, sheet: &mut Buffer) {
        let (bar, mark) = if self.look.has_unicode { ("│", "┤") } else { ("|", "+") };
        let axis = self.inside.left() - 1;
        for row in 0..self.inside.height {
            sheet[(axis, row)].set_symbol(bar);
        }
        for tick in &self.values.ticks {
            let row = nearest(1.0 - self.values.place(tick.value), self.inside.height);
            sheet[(axis, row)].set_symbol(mark);
            let at = axis.saturating_sub(1 + short(tick.label.len()));
            sheet.set_stringn(at, row, &tick.label, usize::from(axis.saturating_sub(1)), Style::new());
        }
    }

    /// The axis of time with what clocks show.
    fn draw_times(&self, sheet: &mut Buffer) {
        let (corner, bar, mark) = if self.look.has_unicode { ("└", "─", "┬") } else { ("+", "-", "+") };
        let row = self.inside.bottom();
        sheet[(self.inside.left() - 1, row)].set_symbol(corner);
        for column in self.inside.left()..self.inside.right() {
            sheet[(column, row)].set_symbol(bar);
        }
        let most = usize::from(self.inside.width / 12).max(1);
        let below = row + 1 + u16::from(self.plot.has_doubt());
        let mut free = [0, 0];
        for tick in self.plot.zone.ticks(self.times.from, self.times.to, most) {
            let column = self.inside.left() + nearest(self.times.place(tick.at), self.inside.width);
            sheet[(column, row)].set_symbol(mark);
            let TimeTick { label, date, .. } = tick;
            for (line, label) in [Some(label), date].into_iter().enumerate() {
                let Some(label) = label else { continue };
                let half = short(label.len()) / 2;
                let at =
                    column.saturating_sub(half).min(self.inside.right().saturating_sub(short(label.len())));
                if at >= free[line] {
                    let line_below = below + u16::from(line == 1);
                    sheet.set_stringn(at, line_below, &label, label.len(), Style::new());
                    free[line] = at + short(label.len()) + 1;
                }
            }
        }
    }

    /// Marks for the times that are doubtful, below the axis of time.
    fn draw_doubts(&self, sheet: &mut Buffer) {
        for point in self.plot.points().filter(|point| point.doubt.is_some()) {
            let column = self.inside.left() + nearest(self.times.place(point.time), self.inside.width);
            sheet[(column, self.inside.bottom() + 1)].set_symbol(DOUBT);
        }
    }
}

/// The row or column that a place from 0 to 1 lies in.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // it is from 0 to the width
fn nearest(place: f64, width: u16) -> u16 {
    (place.clamp(0.0, 1.0) * f64::from(width.saturating_sub(1))).round() as u16
}

/// A length of a line of text, which is no longer than this.
fn short(length: usize) -> u16 {
    u16::try_from(length).unwrap_or(u16::MAX)
}

/// Puts the line of one device over those before; where they meet, that is shown.
fn lay_over(sheet: &mut Buffer, line: &Buffer) {
    let area = line.area;
    for (column, row) in area.rows().flat_map(|row| row.columns().map(|cell| (cell.x, cell.y))) {
        let drawn = &line[(column, row)];
        if is_blank(drawn) {
            continue;
        }
        let under = &mut sheet[(column, row)];
        if is_blank(under) {
            *under = drawn.clone();
        } else {
            under.set_symbol(MEETING).set_fg(Color::Reset);
        }
    }
}

fn is_blank(cell: &Cell) -> bool {
    // A Braille cell without dots is none.
    cell.symbol() == " "
}

/// The lines of a sheet, with colours where they are wanted.
fn rows(sheet: &Buffer, has_colour: bool) -> String {
    let mut text = String::new();
    for row in sheet.area.rows() {
        let cells: Vec<&Cell> = row.columns().map(|cell| &sheet[(cell.x, cell.y)]).collect();
        let end = cells.iter().rposition(|cell| !is_blank(cell)).map_or(0, |last| last + 1);
        let mut colour = Color::Reset;
        for cell in &cells[..end] {
            if has_colour && cell.fg != colour && !is_blank(cell) {
                colour = cell.fg;
                let _ = write!(text, "\x1b[{}m", code(colour));
            }
            text.push_str(cell.symbol());
        }
        text.push_str(if colour == Color::Reset { "\n" } else { "\x1b[39m\n" });
    }
    text
}

/// The foreground in the terms of ECMA-48 (SGR).
fn code(colour: Color) -> u8 {
    match colour {
        Color::Red => 31,
        Color::Green => 32,
        Color::Yellow => 33,
        Color::Blue => 34,
        Color::Magenta => 35,
        Color::Cyan => 36,
        _ => 39,
    }
}

#[cfg(test)]
mod tests;
