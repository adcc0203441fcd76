//! Numbers of bytes as people read them.

/// `512 bytes`, `1.20 kB`, `95.6 MB`: three digits and a decimal unit.
pub(crate) fn bytes(count: u64) -> String {
    if count < 1_000 {
        return if count == 1 { "1 byte".to_owned() } else { format!("{count} bytes") };
    }
    let (count, mut scale, mut unit) = (u128::from(count), 1_000, 0);
    loop {
        // Rounded once, from the bytes themselves.
        let rounded = |parts: u128| (count * parts + scale / 2) / scale;
        let (hundredths, tenths, whole) = (rounded(100), rounded(10), rounded(1));
        if hundredths < 1_000 {
            return format!("{}.{:02} {}", hundredths / 100, hundredths % 100, UNITS[unit]);
        }
        if tenths < 1_000 {
            return format!("{}.{} {}", tenths / 10, tenths % 10, UNITS[unit]);
        }
        if whole < 1_000 || unit + 1 == UNITS.len() {
            return format!("{whole} {}", UNITS[unit]);
        }
        (scale, unit) = (scale * 1_000, unit + 1);
    }
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
