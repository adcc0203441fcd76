//! Rows of values, apart by commas, semicolons or tabulators.
//!
//! ```text
//! time,temp [°C],door              a header: names, and their units
//! 2026-03-01T06:00:00Z,21.5,open   a row: its time dates the reading
//! temp,21.5,hum,40                 names and values in turn
//! # time,temp                      a header as well, where nothing else is said of the columns
//! ,temp,temp                       a column without a name is kept beside the values, and of two of one name both are
//! CPS, 1, CPM, 34, SLOW            a word behind names and values in turn is kept as well
//! ```
//!
//! Without a header the names come from the user (`--columns`). A row with more or fewer fields than there are names is
//! refused: its values could stand under wrong ones. A header that may have lost its beginning is none.

use crate::record::quantity;

use super::{
    BadFrame, DecodeContext, Decoded, Decoder, Fixture, FrameFault, Framing, PortMode, digits_apart,
    line_text::LineText, named_values::NamedValues, unit_letters,
};

mod dated;
mod fields;
mod header;
mod preamble;

use header::{column, header, header_behind_mark, is_comment, is_name};
use preamble::Stage;

pub(super) const DECODER: Decoder = Decoder {
    name: "csv",
    about: "rows of values, below a header or --columns",
    picture: "\
time,temp [°C],door              a header: names, and their units
2026-03-01T06:00:00Z,21.5,open   a row: its time dates the reading
temp,21.5,hum,40                 without a header: names and values in turn",
    example: "printf 't [°C],rh [%%]\\n21.5,40\\n' | foil device read - --format csv",
    framing: Framing::Line,
    baud: 115_200,
    mode: PortMode::M8N1,
    closed: false,
    decode,
    fixtures: &[
        Fixture { frame: b"temp,21.5,hum,40", gives: Ok(r#"{"hum":40,"temp":21.5}"#) },
        Fixture {
            frame: b"temp;21,5;hum;40;door;nan",
            gives: Ok(r#"{"door":null,"hum":40,"temp":null} {"temp":"21,5"}"#),
        },
        Fixture { frame: b"21.5,40", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"Checksum\t5", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"hello", gives: Err(FrameFault::Noise) },
        Fixture { frame: b"a,\"21.5", gives: Err(FrameFault::Syntax) },
        Fixture { frame: b"\xff,1,2", gives: Err(FrameFault::Utf8) },
    ],
};

/// The columns of a device's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CsvColumns {
    names: Vec<CsvColumn>,
    /// Whether the user named them
    by_user: bool,
    rows: Rows,
    /// Whether their names stood behind a mark for comments, so that another header beats them
    from_comment: bool,
    stage: Stage,
    separator: Option<char>,
}

/// What rows of values there were below a header.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
enum Rows {
    /// None
    #[default]
    None,
    /// Rows of words
    Words,
    /// One with a number, so that one without any is a header
    Numbers,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
struct CsvColumn {
    /// `None`: the column is passed over
    name: Option<String>,
    unit: Option<&'static str>,
    /// A unit that is not known, as it stands below the name
    unknown: Option<String>,
}

impl CsvColumn {
    /// Whether the name is no more than a word, as those of sentences are not.
    fn is_word(&self) -> bool {
        self.name.as_ref().is_none_or(|name| !name.contains(' '))
    }
}

impl CsvColumns {
    /// The columns that a user names: `temp [°C],hum,,door`; an empty name passes over a column.
    ///
    /// # Errors
    /// If there is no name, or one stands twice.
    pub fn parse(text: &str) -> Result<Self, String> {
        let names: Vec<_> = text.split(',').map(column).collect();
        for (at, name) in
            names.iter().enumerate().filter_map(|(at, column)| Some((at, column.name.as_ref()?)))
        {
            if names[..at].iter().any(|other| other.name.as_ref() == Some(name)) {
                return Err(format!("names {name} twice"));
            }
        }
        if names.iter().any(|column| column.name.is_some()) {
            Ok(Self { names, by_user: true, ..Self::default() })
        } else {
            Err("wants names of columns, such as temp,hum".to_owned())
        }
    }
}

fn decode(frame: &[u8], context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    if is_vedirect_sum(frame) {
        return Err(BadFrame::new(
            FrameFault::Noise,
            "the checksum of a VE.Direct block, whose byte is no value",
        ));
    }
    let line = LineText::of(frame.strip_prefix(b"\xef\xbb\xbf").unwrap_or(frame));
    row(&line, context)
        .map_err(|bad| if line.is_utf8() { bad } else { BadFrame::new(FrameFault::Utf8, "not UTF-8") })
}

/// Whether a line ends a block of VE.Direct: the byte behind the label may look like a number, and is none.
fn is_vedirect_sum(frame: &[u8]) -> bool {
    frame.strip_prefix(b"Checksum\t").is_some_and(|sum| sum.len() <= 1)
}

/// The reading of a row; a header gives none.
fn row(line: &LineText, context: &mut DecodeContext) -> Result<Decoded, BadFrame> {
    let text = line.text().trim_matches(['\r', ' ', '\0']);
    let separator = context.columns.separator.unwrap_or_else(|| fields::separator(text));
    let mut row = fields::split(text, separator).ok_or_else(|| syntax("a quote without its end"))?;
    let names = context.columns.names.len();
    let is_longer = if names == 0 { row.len() % 2 == 1 } else { row.len() == names + 1 };
    if row.len() > 1 && is_longer && row.last().is_some_and(String::is_empty) {
        row.pop();
    }
    if row.len() > MOST_FIELDS {
        return Err(syntax(format!("{} fields, more than {MOST_FIELDS}", row.len())));
    }
    if line.is_sure(text) && context.columns.takes_preamble(&row, separator) {
        return Ok(Decoded::Several(Vec::new()));
    }
    let is_comment = is_comment(&row[0]);
    let header = if is_comment { header_behind_mark(&row, context) } else { header(&row, context) };
    if let Some(header) = header.filter(|_| line.is_sure(text)) {
        if context.may_be_cut {
            return Err(syntax("a header that may have lost its beginning: --columns names the columns"));
        }
        let by_user = std::mem::take(&mut context.columns.by_user);
        context.columns = CsvColumns {
            names: header,
            by_user,
            from_comment: is_comment,
            separator: Some(separator),
            ..CsvColumns::default()
        };
        return Ok(Decoded::Several(Vec::new()));
    }
    // A colour may begin so as well.
    if is_comment && row[0].contains("# ") {
        return Err(BadFrame::new(FrameFault::Noise, "a comment"));
    }
    let mut values = NamedValues::new(&context.map, context.zone.as_ref());
    let columns = &mut context.columns;
    if columns.names.is_empty() {
        in_turn(&row, line, &mut values)?;
    } else if row.len() == columns.names.len() {
        let dated = dated::by_two_columns(&columns.names, &row, &mut values);
        for (at, (column, field)) in columns.names.iter().zip(&row).enumerate() {
            if dated.is_some_and(|columns| columns.contains(&at)) {
                continue;
            }
            if column.name.is_none() && !columns.by_user {
                values.keep(&format!("column_{}", at + 1), field);
            }
            put(column, field, line, &mut values);
            let rows = if is_number(field) { Rows::Numbers } else { Rows::Words };
            columns.rows = columns.rows.max(rows);
        }
    } else {
        let (fields, names) = (row.len(), columns.names.len());
        return Err(syntax(format!("{fields} fields for {names} columns")));
    }
    values.reading().map(Decoded::Reading)
}

/// More fields than this are no row.
const MOST_FIELDS: usize = 1_000;

fn syntax(why: impl Into<String>) -> BadFrame {
    BadFrame::new(FrameFault::Syntax, why)
}

fn is_number(field: &str) -> bool {
    field.trim().starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c))
}

/// `temp,21.5,hum,40`.
fn in_turn(row: &[String], line: &LineText, values: &mut NamedValues) -> Result<(), BadFrame> {
    let pairs = row.chunks_exact(2);
    let behind = pairs.remainder().first();
    // With two numbers in their places, the others are no row either.
    let is_aside =
        |word: &String| is_name(word) && row.len() > 4 && pairs.clone().all(|pair| is_number(&pair[1]));
    let are_pairs = behind.is_none_or(is_aside) && pairs.clone().all(|pair| is_name(pair[0].trim()));
    let is_row = row.len() > 1 && row.iter().any(|field| is_number(field));
    if !are_pairs || !is_row {
        return Err(if is_row {
            syntax("the columns have no names yet: --columns names them")
        } else {
            BadFrame::new(FrameFault::Noise, "no row of values")
        });
    }
    for pair in pairs {
        put(&column(&pair[0]), &pair[1], line, values);
    }
    values.scrap(None, behind.map_or("", String::as_str));
    Ok(())
}

/// Names of columns whose times date the reading.
const TIMES: &[&str] = &["time", "timestamp", "datetime"];

fn put(column: &CsvColumn, field: &str, line: &LineText, values: &mut NamedValues) {
    let CsvColumn { name: Some(name), unit, unknown } = column else { return };
    let field = field.trim();
    if !line.is_sure(name) {
        return values.scrap(None, &format!("{name} {field}"));
    }
    if !line.is_sure(field) {
        drop(values.unread(name, field));
        return;
    }
    if TIMES.iter().any(|time| name.eq_ignore_ascii_case(time)) && values.date(field) {
        return;
    }
    let with_unit = field.split_once(' ').and_then(|(number, unit)| {
        Some((number, quantity::known_unit(unit.trim(), name)?)).filter(|(number, _)| is_number(number))
    });
    match with_unit {
        _ if field.is_empty() => values.none(name),
        Some((number, unit)) if unit_letters::is_doubtful(unit, name) => {
            let put = values.put(name, number, None);
            values.scrap(Some(&put), unit);
        }
        Some((number, unit)) => drop(values.put(name, number, Some(unit))),
        None if is_parted(field) => drop(values.unread(name, field)),
        None if field.contains(' ') && !field.contains(char::is_control) => drop(values.text(name, field)),
        None => {
            let put = values.put(name, field, *unit);
            if let Some(unit) = unknown.as_deref().filter(|_| is_number(field)) {
                values.scrap(Some(&put), unit);
            }
        }
    }
}

/// Whether a field is digits with blanks between them, and at most a unit, which may be one number.
fn is_parted(field: &str) -> bool {
    let mut words = field.split(' ');
    let first = words.next().unwrap_or_default();
    let digits = digits_apart::length(first, words.clone());
    digits > 0 && words.count() <= digits + 1
}

#[cfg(test)]
mod tests;
