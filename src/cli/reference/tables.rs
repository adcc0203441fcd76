//! The tables of foil-device(5) that are made from the code: formats, and quantities with their units.

use crate::{
    device::decode::{DECODERS, Decoder},
    record::quantity,
};

type MakeTable = fn() -> String;

/// What stands before and behind a table in the page, and the table.
const MARKS: &[(&str, &str, MakeTable)] = &[
    (".\\\" formats, made from the code\n", ".\\\" end of formats\n", formats),
    (".\\\" quantities, made from the code\n", ".\\\" end of quantities\n", quantities),
];

/// A page with its tables as they are today; a page without marks stays as it is.
pub(super) fn with_tables(page: &str) -> String {
    let mut page = page.to_owned();
    for (before, behind, table) in MARKS {
        if let Some((head, rest)) = page.split_once(before)
            && let Some((_, tail)) = rest.split_once(behind)
        {
            page = [head, before, &table(), behind, tail].concat();
        }
    }
    page
}

/// A paragraph for each format: a table would be wider than a page.
fn formats() -> String {
    let paragraph = |decoder: &Decoder| {
        let Decoder { name, about, framing, baud, mode, .. } = decoder;
        format!(".TP\n.B {name}\n{} ({framing}, {baud} baud, {mode})\n", about.replace('-', "\\-"))
    };
    DECODERS.iter().map(paragraph).collect()
}

fn quantities() -> String {
    table(quantity::quantities().map(|(name, unit)| (name, unit.unwrap_or("\\&").to_owned())))
}

/// A table of two columns.
fn table<'a>(rows: impl Iterator<Item = (&'a str, String)>) -> String {
    let row =
        |rows: String, (name, what): (&str, String)| rows + name + "\t" + &what.replace('-', "\\-") + "\n";
    let rows = rows.fold(String::new(), row);
    format!(".TS\nl l.\n{rows}.TE\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_stand_between_their_marks() {
        let page = "a\n.\\\" formats, made from the code\nold\n.\\\" end of formats\nb\n";
        let made = with_tables(page);
        assert!(
            made.contains(".B json\none JSON object a line (line, 115200 baud, 8N1)\n")
                && !made.contains("old"),
            "{made}"
        );
        assert_eq!(with_tables(&made), made);
        assert_eq!(with_tables("a\n"), "a\n");
    }
}
