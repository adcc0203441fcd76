//! The columns that a row names.
//!
//! ```text
//! time,temp [°C],p (hPa)     names and units
//! # time,temp                the same behind a mark for comments
//! Boot v1.2, ok              the words of a board that begins, which the next row of names replaces
//! ```

use std::collections::HashSet;

use super::{
    super::{
        DecodeContext, unit_letters,
        value_token::{self, NumberForm, ValueToken},
    },
    CsvColumn, CsvColumns, Rows, is_number,
};

impl CsvColumns {
    /// Whether the names may be the words by which a board says that it begins: a header below them is one.
    fn is_message(&self) -> bool {
        let names = self.names.iter().filter_map(|column| column.name.as_deref());
        names.flat_map(|name| name.split(' ')).any(is_of_message)
    }
}

/// The columns that a row names; `None`: it is no header.
pub(super) fn header(row: &[String], context: &DecodeContext) -> Option<Vec<CsvColumn>> {
    let row = row.strip_suffix(&[String::new()]).unwrap_or(row);
    let columns: Vec<_> = row.iter().map(|field| column(field)).collect();
    let distinct = distinct(columns.clone());
    if distinct == context.columns.names {
        return Some(distinct);
    }
    let known = &context.columns;
    let had_number = known.rows == Rows::Numbers;
    let is_first = known.names.is_empty()
        || known.from_comment && !had_number
        || known.is_message() && known.rows == Rows::None;
    let expected = is_first || (!known.by_user && (had_number || columns.len() != known.names.len()));
    let mut names: Vec<_> = columns.iter().filter_map(|column| column.name.as_deref()).collect();
    let are_names = names.len() > 1 && names.iter().all(|name| is_name(name));
    names.sort_unstable();
    names.dedup();
    // Words that stand twice, and empty fields, may be values as well, where names are known.
    let is_usual = names.len() == columns.len() || is_first && names.len() > 1;
    (expected && are_names && is_usual).then_some(distinct)
}

/// Columns of which a later one of the same name has one that no other has.
pub(super) fn distinct(mut columns: Vec<CsvColumn>) -> Vec<CsvColumn> {
    let mut taken: HashSet<String> = columns.iter().filter_map(|column| column.name.clone()).collect();
    let mut seen = HashSet::new();
    for name in columns.iter_mut().filter_map(|column| column.name.as_mut()) {
        if !seen.insert(name.clone()) {
            let mut numbered = (2..).map(|number| format!("{name}_{number}"));
            *name = numbered.find(|name| taken.insert(name.clone())).unwrap_or_default();
        }
    }
    columns
}

/// The columns that a comment names, if they are words and no sentence.
pub(super) fn header_behind_mark(row: &[String], context: &DecodeContext) -> Option<Vec<CsvColumn>> {
    let (first, others) = row.split_first()?;
    let first = first.trim_start_matches(['#', ' ']).to_owned();
    header(&[&[first], others].concat(), context).filter(|columns| columns.iter().all(CsvColumn::is_word))
}

/// Whether a line that begins so may be a comment, which numbers are not: `# time`, `#time`.
pub(super) fn is_comment(first: &str) -> bool {
    first.starts_with('#') && first.trim_start_matches(['#', ' ']).starts_with(char::is_alphabetic)
}

/// A column by the field of a header: `temp [°C]`, `temp (C)`, `temp`.
pub(super) fn column(field: &str) -> CsvColumn {
    let field = field.trim();
    let bracket = field
        .strip_suffix(']')
        .and_then(|field| field.rsplit_once('['))
        .or_else(|| field.strip_suffix(')')?.rsplit_once('('));
    let name = bracket.map_or(field, |(name, _)| name.trim_end());
    let unit = bracket.and_then(|(name, unit)| unit_letters::unit_of(unit.trim(), name.trim_end()));
    let name = if unit.is_some() { name } else { field };
    CsvColumn { name: Some(name.to_owned()).filter(|name| !name.is_empty()), unit, unknown: None }
}

/// Whether a word is one of those by which boards say that they begin: `Boot v1.2, ok`.
fn is_of_message(word: &str) -> bool {
    let words = ["boot", "booting", "start", "starting", "started", "init", "ready", "done", "ok", "version"];
    let is_version =
        word.strip_prefix(['v', 'V']).is_some_and(|digits| is_number(digits) && digits.contains('.'));
    is_version || words.iter().any(|other| other.eq_ignore_ascii_case(word))
}

/// Whether a field may be a name, and is no value.
pub(super) fn is_name(field: &str) -> bool {
    let begins = field.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let is_value = matches!(value_token::read(field, "", NumberForm::default()), ValueToken::Plain(_));
    begins && !is_value && !field.contains(['=', ':']) && !field.contains(char::is_control)
}
