//! Numbers of bytes as people read them.

/// `512 bytes`, `1.20 kB`, `95.6 MB`: three digits and a decimal unit.
pub(crate) fn bytes(count: u64) -> String {
    if count < 1_000 {
        return if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
    }
    let (mut size, mut unit) = (u128::from(count) * 100 / 1_000, 0);
    // Hundredths of a unit, up to what would be shown as 1000 of it.
    while size >= 99_950 && unit < UNITS.len() - 1 {
        (size, unit) = ((size + 500) / 1_000, unit + 1);
    }
    let shown = match size {
        0..1_000 => format!("{}.{:02}", size / 100, size % 100),
        1_000..9_995 => format!("{}.{}", (size + 5) / 100, (size + 5) / 10 % 10),
        _ => format!("{}", (size + 50) / 100),
    };
    format!("{shown} {}", UNITS[unit])
}

const UNITS: [&str; 6] = ["kB", "MB", "GB", "TB", "PB", "EB"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn three_digits_and_a_unit() {
        for (count, shown) in [
            (0, "0 bytes"),
            (1, "1 byte"),
            (999, "999 bytes"),
            (1_000, "1.00 kB"),
            (1_234, "1.23 kB"),
            (12_345, "12.3 kB"),
            (99_949, "99.9 kB"),
            (99_950, "100 kB"),
            (123_456, "123 kB"),
            (999_499, "999 kB"),
            (999_500, "1.00 MB"),
            (95_607_908, "95.6 MB"),
            (u64::MAX, "18.4 EB"),
        ] {
            assert_eq!(bytes(count), shown);
        }
    }
}
