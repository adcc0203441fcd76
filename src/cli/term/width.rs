//! How wide text is on a terminal, and how much of it has place.

use unicode_width::UnicodeWidthStr;

/// How many columns a text takes.
pub(crate) fn width(text: &str) -> usize {
    text.width()
}

/// Text padded with spaces to so many columns.
pub(crate) fn padded(text: &str, columns: usize) -> String {
    format!("{text}{}", " ".repeat(columns.saturating_sub(width(text))))
}

/// Parts with two spaces between them in so many columns, and how many are missing: parts, or characters of the only
/// one. `None` columns: there is no end.
pub(crate) fn fitted(parts: &[String], columns: Option<usize>) -> (String, bool) {
    let whole = parts.join("  ");
    let Some(columns) = columns.filter(|columns| width(&whole) > *columns) else { return (whole, false) };
    for shown in (1..parts.len()).rev() {
        let text = format!("{}  … {} more", parts[..shown].join("  "), parts.len() - shown);
        if width(&text) <= columns {
            return (text, true);
        }
    }
    (begun(&whole, columns), true)
}

/// The beginning of a text, and how many characters are missing.
fn begun(text: &str, columns: usize) -> String {
    let count = text.chars().count();
    for shown in (0..count).rev() {
        let begun: String = text.chars().take(shown).collect();
        let line = format!("{begun}… {} more letters", count - shown);
        if width(&line) <= columns {
            return line;
        }
    }
    format!("… {count} letters")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(parts: &[&str], columns: usize) -> String {
        let parts: Vec<String> = parts.iter().map(|part| (*part).to_owned()).collect();
        let (text, cut) = fitted(&parts, Some(columns));
        assert_eq!(cut, text != parts.join("  "));
        text
    }

    #[test]
    fn what_has_no_place_is_counted() {
        assert_eq!(fits(&["t 4.2 Cel", "h 61 %RH"], 19), "t 4.2 Cel  h 61 %RH");
        assert_eq!(fits(&["t 4.2 Cel", "h 61 %RH", "p 1 Pa"], 25), "t 4.2 Cel  … 2 more");
        assert_eq!(fits(&["温度温度温度", "h 61 %RH"], 13), "… 16 letters");
        assert_eq!(fits(&["note = abcdefghijklmnopqrstuvwxyz"], 25), "note = a… 25 more letters");
        assert_eq!(fits(&["温度温度温度温度温度温度温度温度"], 23), "温度温… 13 more letters");
        assert_eq!(padded("温度", 6), "温度  ");
    }
}
