//! Durations as a contract writes them: `1h30m` in TOML, `PT1H30M` compiled.
//!
//! Both forms keep their parts as written: `90m` is `PT90M`, `7d` is `P7D`. A day has 24 hours. Compiled
//! form: ISO 8601 with the designators D H M S, integers only.

use crate::time::Span;

/// Reads `1h30m`: integers with the units d h m s, descending, each at most once.
pub fn parse_short(text: &str) -> Option<Span> {
    let spelt = !text.contains("ms") && !has_leading_zero(text);
    spelt.then(|| Span::parse(text))?
}

/// The compiled form of a short duration: `1h30m` becomes `PT1H30M`.
pub fn compile(short: &str) -> Option<String> {
    parse_short(short)?;
    let (days, time) = short.split_once('d').map_or((None, short), |(days, time)| (Some(days), time));
    let mut iso = "P".to_owned();
    if let Some(days) = days {
        iso.push_str(days);
        iso.push('D');
    }
    if !time.is_empty() {
        iso.push('T');
        iso.push_str(&time.to_ascii_uppercase());
    }
    Some(iso)
}

/// Reads the compiled form, and no other spelling than [`compile`] writes.
pub fn parse_iso(text: &str) -> Option<Span> {
    let short = text.strip_prefix('P')?.replacen('T', "", 1).to_ascii_lowercase();
    (compile(&short)? == text).then(|| parse_short(&short))?
}

fn has_leading_zero(text: &str) -> bool {
    let mut before = b' ';
    text.as_bytes().windows(2).any(|pair| {
        let starts = !before.is_ascii_digit();
        before = pair[0];
        starts && pair[0] == b'0' && pair[1].is_ascii_digit()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_kept_as_written() {
        for (short, iso, millis) in [
            ("90m", "PT90M", 5_400_000),
            ("1h30m", "PT1H30M", 5_400_000),
            ("7d", "P7D", 604_800_000),
            ("1d12h", "P1DT12H", 129_600_000),
            ("0s", "PT0S", 0),
            ("10s", "PT10S", 10_000),
        ] {
            assert_eq!(compile(short).as_deref(), Some(iso));
            assert_eq!(parse_iso(iso).map(Span::millis), Some(millis));
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for short in ["", "5", "250ms", "30m1h", "1.5h", "05m", "1h05m", "PT5M", "-5m", "5 m"] {
            assert_eq!(compile(short), None, "{short}");
        }
        for iso in ["", "P", "PT", "5m", "P5M", "PT7D", "PT1.5H", "P1W", "pt5m", "PT05M", "PTT5M", "PT30M1H"]
        {
            assert_eq!(parse_iso(iso), None, "{iso}");
        }
    }
}
