//! What the place can show to which drawings go: how wide and high it is, colours, letters beyond ASCII.

use std::{ffi::OsString, io};

use rustix::termios::tcgetwinsize;

use super::Term;

/// A terminal, or what takes its place where output goes elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Screen {
    /// How many letters a line has
    pub(crate) columns: u16,
    /// How many lines there are
    pub(crate) rows: u16,
    /// Whether it takes colours
    pub(crate) has_colour: bool,
    /// Whether it can be trusted to show Braille dots and lines
    pub(crate) has_unicode: bool,
}

/// The size where nothing says another.
const USUAL: (u16, u16) = (80, 24);

/// Terminals that have few letters.
const PLAIN: [&str; 2] = ["dumb", "linux"];

impl Screen {
    /// The screen that output goes to.
    #[allow(clippy::disallowed_methods)] // the environment is read here
    pub(crate) fn of(term: &Term) -> Self {
        let size = term.terminal().then(|| tcgetwinsize(io::stdout()).ok()).flatten();
        let size = size.map(|size| (size.ws_col, size.ws_row));
        Self::new(size, |name| std::env::var_os(name))
    }

    /// A screen of a terminal's size, `None` where there is no terminal, as variables describe it.
    fn new(size: Option<(u16, u16)>, variable: impl Fn(&str) -> Option<OsString>) -> Self {
        let text = |name| variable(name).filter(|value| !value.is_empty())?.into_string().ok();
        let number = |name| text(name)?.parse().ok().filter(|number: &u16| *number > 0);
        let (columns, rows) = size.unwrap_or(USUAL);
        let usual = |size: u16, usual: u16| if size == 0 { usual } else { size };
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(text).unwrap_or_default();
        let locale = locale.to_ascii_lowercase();
        let kind = text("TERM").unwrap_or_default();
        Self {
            columns: number("COLUMNS").unwrap_or_else(|| usual(columns, USUAL.0)),
            rows: number("LINES").unwrap_or_else(|| usual(rows, USUAL.1)),
            has_colour: size.is_some() && text("NO_COLOR").is_none() && kind != "dumb",
            has_unicode: ["utf-8", "utf8"].iter().any(|name| locale.contains(name))
                && !PLAIN.contains(&kind.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn screen(size: Option<(u16, u16)>, set: &[(&str, &str)]) -> (u16, u16, bool, bool) {
        let value = |name: &str| set.iter().find(|(known, _)| *known == name).map(|(_, value)| value.into());
        let Screen { columns, rows, has_colour, has_unicode } = Screen::new(size, value);
        (columns, rows, has_colour, has_unicode)
    }

    #[test]
    fn a_terminal_says_what_it_can() {
        let terminal = Some((120, 40));
        assert_eq!(screen(terminal, &[("LANG", "de_DE.UTF-8"), ("TERM", "xterm")]), (120, 40, true, true));
        assert_eq!(screen(terminal, &[("LANG", "C.utf8"), ("LC_ALL", "C")]), (120, 40, true, false));
        assert_eq!(screen(terminal, &[("LC_CTYPE", "C.UTF-8"), ("TERM", "dumb")]), (120, 40, false, false));
        assert_eq!(screen(terminal, &[("LC_ALL", "C.UTF-8"), ("TERM", "linux")]), (120, 40, true, false));
        assert_eq!(screen(terminal, &[("NO_COLOR", "1"), ("COLUMNS", "60")]), (60, 40, false, false));
        assert_eq!(screen(Some((0, 0)), &[("NO_COLOR", ""), ("LINES", "x")]), (80, 24, true, false));
    }

    #[test]
    fn elsewhere_a_usual_size_and_no_colour() {
        assert_eq!(screen(None, &[("LANG", "C.UTF-8")]), (80, 24, false, true));
        assert_eq!(screen(None, &[("COLUMNS", "132"), ("LINES", "50")]), (132, 50, false, false));
    }
}
