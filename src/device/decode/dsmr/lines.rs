//! The lines of a telegram: some go on behind their end.
//!
//! ```text
//! 0-1:24.3.0(090212160000)(00)(60)(1)(0-1:24.2.1)(m3)     DSMR 2.2: the value has a line of its own
//! (00000.000)
//! 0-0:96.13.0(303132…                                     a message that is too long for one line
//! …3F)
//! 0-0:98.1.0(260701000000S                                an opened block: what stands in it is of another time
//! 1-0:1.8.1(000280.000*kWh)
//! )
//! 0-0:98.1.0                                              the same, its parenthesis on a line of its own
//! (
//! ```

use std::borrow::Cow;

use super::{ObisCode, as_sent};

/// As many lines have room at once; most telegrams have fewer.
const USUAL: usize = 40;

/// Lines as they belong together, without blank ones. Bytes that are not UTF-8 are read as Latin-1.
pub(super) fn lines(bytes: &[u8]) -> Vec<Cow<'_, str>> {
    let mut whole: Vec<Cow<str>> = Vec::with_capacity(USUAL);
    let mut open = 0;
    for line in bytes.split_inclusive(|byte| *byte == b'\n').map(as_sent) {
        let trimmed = line.trim();
        match whole.last_mut() {
            Some(block) if open > 0 => {
                open += depth(trimmed);
                block.to_mut().push_str(&line);
            }
            _ if trimmed.is_empty() => {}
            Some(before) if continues(before, trimmed) => before.to_mut().push_str(trimmed),
            Some(before) if is_behind_code(before, trimmed) => {
                open = depth(trimmed);
                before.to_mut().push_str(if open > 0 { line.trim_start() } else { trimmed });
            }
            _ if opens_block(trimmed) => {
                open = depth(trimmed);
                whole.push(part(line, str::trim_start));
            }
            _ => whole.push(part(line, str::trim)),
        }
    }
    whole.into_iter().map(|line| part(line, str::trim_end)).collect()
}

/// A part of a line, borrowed where the line is.
fn part(line: Cow<'_, str>, of: fn(&str) -> &str) -> Cow<'_, str> {
    match line {
        Cow::Borrowed(text) => of(text).into(),
        Cow::Owned(text) if of(&text).len() == text.len() => text.into(),
        Cow::Owned(text) => of(&text).to_owned().into(),
    }
}

/// How many more parentheses are opened than closed.
fn depth(text: &str) -> i64 {
    text.bytes().map(|byte| i64::from(byte == b'(') - i64::from(byte == b')')).sum()
}

fn code(line: &str) -> Option<ObisCode> {
    bare_code(line.split_once('(')?.0)
}

fn bare_code(text: &str) -> Option<ObisCode> {
    ObisCode::parse(text.split_once('*').map_or(text, |(code, _)| code))
}

/// Whether a code is of a table of past values.
fn is_table(code: Option<ObisCode>) -> bool {
    matches!(code, Some(ObisCode([_, _, 98 | 99, _, _])))
}

/// Whether a line is the beginning of a block: the code of a table, and at its end a parenthesis that is open.
fn opens_block(line: &str) -> bool {
    let is_open = !line.ends_with(')') && line.rfind('(') > line.rfind(')') && depth(line) > 0;
    is_open && is_table(code(line))
}

/// Whether a line has nothing but opened parentheses.
fn is_opening(line: &str) -> bool {
    !line.is_empty() && line.bytes().all(|byte| byte == b'(')
}

/// Whether the parentheses of a line belong to the line before: that is a code without any, or a table that has fewer rows than it
/// says. Behind anything else they are a line that went wrong, and cost only themselves.
fn is_behind_code(before: &str, line: &str) -> bool {
    if !line.starts_with('(') {
        return false;
    }
    match bare_code(before) {
        Some(bare) => is_table(Some(bare)) || is_opening(line),
        None => is_table(code(before)) && is_short(before) && depth(line) == 0,
    }
}

/// Whether a table has fewer rows than it says: behind their number and the codes of its columns each row has a date and a
/// value for each column.
fn is_short(table: &str) -> bool {
    let mut groups = table.split('(').skip(1).map(|group| group.trim_end_matches(')'));
    let rows = groups.next().and_then(|rows| rows.parse::<usize>().ok());
    let (columns, cells): (Vec<_>, Vec<_>) = groups.partition(|group| ObisCode::parse(group).is_some());
    rows.is_some_and(|rows| !columns.is_empty() && cells.len() < rows.saturating_mul(columns.len() + 1))
}

/// Whether a line is the rest of the one before.
fn continues(before: &str, line: &str) -> bool {
    // Of nearly all lines this is all that needs to be seen.
    if !line.starts_with('(') && depth(before) <= 0 {
        return false;
    }
    match code(before) {
        Some(ObisCode([_, _, 24, 3, _])) => {
            line.starts_with('(') && before.ends_with(')') && before.matches('(').count() == 6
        }
        Some(ObisCode([_, _, 96, 13, _])) => depth(before) > 0 && code(line).is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_goes_on_only_where_its_code_may() {
        let gas = "0-1:24.3.0(1)(00)(60)(1)(0-1:24.2.1)(m3)";
        assert_eq!(lines(format!("{gas}\r\n(00001.001)\r\n").as_bytes()), [format!("{gas}(00001.001)")]);
        assert_eq!(lines(b"1-0:1.8.1(1*kWh)\r\n(2)\r\n"), ["1-0:1.8.1(1*kWh)", "(2)"]);
        assert_eq!(lines(b"0-0:96.13.0(3031\r\n3233)\r\n"), ["0-0:96.13.0(30313233)"]);
        assert_eq!(
            lines(b"0-0:96.13.0(3031\r\n1-0:1.8.1(1*kWh)\r\n"),
            ["0-0:96.13.0(3031", "1-0:1.8.1(1*kWh)"]
        );
    }

    #[test]
    fn a_block_is_one_line_to_its_end() {
        let block = "0-0:98.1.0(\r\n1-0:1.8.1(1*kWh)\r\n)";
        assert_eq!(lines(format!("{block}\r\n1-0:1.8.1(2*kWh)\r\n").as_bytes()), [block, "1-0:1.8.1(2*kWh)"]);
        assert_eq!(lines(b"0-0:98.1.0(\r\na(1)\r\n\r\n"), ["0-0:98.1.0(\r\na(1)"]);
        for front in ["0-0:98.1.0(260701000000S", "0-0:98.1.0*255(1)(260701000000S"] {
            let block = format!("{front}\r\n1-0:1.8.1(1*kWh)\r\n1-0:1.7.0(2*kW)");
            assert_eq!(lines(format!("{block}\r\n").as_bytes()), [block], "last month's to the end");
        }
        assert_eq!(lines(b"0-0:98.1.0(1)x(2)\r\na(1)\r\n"), ["0-0:98.1.0(1)x(2)", "a(1)"]);
        assert_eq!(lines(b"1-0:1.8.1(\r\na(1)\r\n"), ["1-0:1.8.1(", "a(1)"]);
    }

    #[test]
    fn the_parenthesis_of_a_block_may_stand_on_a_line_of_its_own() {
        let old = "0-0:1.0.0(260701000000S)\r\n1-0:1.8.1(1*kWh)\r\n";
        for opening in ["(", "((", "(260701000000S"] {
            for gap in ["\r\n", "\r\n\r\n", " \r\n \t\r\n  "] {
                for code in ["0-0:98.1.0", "0-0:98.1.0*255"] {
                    let open = format!("{code}{gap}{opening}\r\n{old}");
                    let joined = format!("{code}{opening}\r\n{old}");
                    assert_eq!(lines(open.as_bytes()), [joined.trim_end()], "to the end");
                    let closed =
                        format!("{open}{}\r\n1-0:1.8.1(2*kWh)\r\n", ")".repeat(opening.matches('(').count()));
                    let lines = lines(closed.as_bytes());
                    assert_eq!((lines.len(), &*lines[1]), (2, "1-0:1.8.1(2*kWh)"), "{closed}");
                }
            }
        }
        // behind anything else it is a line that went wrong
        for before in ["junk", "0-0:98.1.0(1)(1-0:1.6.0)(1-0:1.6.0)(260701000000S)(260611201500S)(3*kW)"] {
            let telegram = format!("{before}\r\n(\r\n1-0:1.8.1(1*kWh)\r\n");
            assert_eq!(lines(telegram.as_bytes()), [before, "(", "1-0:1.8.1(1*kWh)"]);
        }
    }

    #[test]
    fn a_table_may_go_on_in_the_next_line() {
        assert_eq!(
            lines(b"1-0:99.97.0(2)(0-0:96.7.19)\r\n(1)(2*s)\r\n(3)(4*s)\r\n1-0:1.8.1(1*kWh)\r\n"),
            ["1-0:99.97.0(2)(0-0:96.7.19)(1)(2*s)(3)(4*s)", "1-0:1.8.1(1*kWh)"]
        );
        let whole = "1-0:99.97.0(1)(0-0:96.7.19)(1)(2*s)";
        assert_eq!(lines(format!("{whole}\r\n(5)\r\n").as_bytes()), [whole, "(5)"]);
        assert_eq!(
            lines(b"1-0:1.8.1\r\n(1*kWh)\r\n"),
            ["1-0:1.8.1", "(1*kWh)"],
            "a line may be lost between"
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_cost_their_line_nothing() {
        assert_eq!(
            lines(b"0-0:96.13.0(20\xb0C)\r\n0-0:96.13.1(\xc3\xa9)\n"),
            ["0-0:96.13.0(20°C)", "0-0:96.13.1(é)"]
        );
    }
}
