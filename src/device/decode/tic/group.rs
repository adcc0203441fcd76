//! Groups of a frame: label, perhaps a date, value, and a check character.
//!
//! ```text
//! LF BASE SP 004321987 SP - CR                    historic mode
//!    └─ summed ──────┘
//! LF EAST HT 004321987 HT 1 CR                    standard mode
//!    └─ summed ──────────┘
//! LF SMAXSN HT E260715081530 HT 07654 HT + CR     with a date
//! ```
//!
//! The check character is the sum of the bytes, its lowest six bits, + 20 hex. A change of bit 6 alone does not alter it; so a byte
//! that such a change can make of another is taken for none.

/// Whose separators and sum a frame has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TicMode {
    /// Blanks, in old meters tabs; the sum ends before the last one
    Historic,
    /// Tabs; the sum ends behind the last one
    Standard,
}

/// A group whose check character fits.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Group<'a> {
    pub(super) label: &'a str,
    /// `None`: the group has none
    pub(super) date: Option<&'a str>,
    pub(super) value: &'a str,
}

/// The mode in which most groups fit. A single group with tabs is of the standard mode: where either sum may fit, a changed
/// one would too often.
pub(super) fn mode(groups: &[&[u8]]) -> TicMode {
    let fitting = |mode| groups.iter().filter(|group| check(group, mode).is_ok()).count();
    let (historic, standard) = (fitting(TicMode::Historic), fitting(TicMode::Standard));
    let has_blanks = groups.iter().any(|group| group.iter().nth_back(1) == Some(&b' '));
    if historic > standard && (has_blanks || historic > 1) { TicMode::Historic } else { TicMode::Standard }
}

impl<'a> Group<'a> {
    /// Reads what stands between LF and CR.
    ///
    /// # Errors
    /// Why it proves nothing.
    pub(super) fn read(group: &'a [u8], mode: TicMode) -> Result<Self, String> {
        let (checked, separator) = check(group, mode)?;
        let text = std::str::from_utf8(checked).map_err(|_| "bytes that are no characters".to_owned())?;
        let parts = match mode {
            TicMode::Historic => text.splitn(2, separator).collect::<Vec<_>>(),
            TicMode::Standard => text.split(separator).collect(),
        };
        match parts[..] {
            [label, value] => Ok(Self { label, date: None, value }),
            [label, date, value] => Ok(Self { label, date: Some(date), value }),
            _ => Err("no label and value".to_owned()),
        }
    }
}

/// What stands before the last separator, and that separator, once the check character has been tested.
fn check(group: &[u8], mode: TicMode) -> Result<(&[u8], char), String> {
    let [data @ .., separator, check] = group else { return Err("too short".to_owned()) };
    let counted = match (mode, separator) {
        (TicMode::Historic, b' ' | b'\t') => 0,
        (TicMode::Standard, b'\t') => b'\t',
        _ => return Err("no separator before its check character".to_owned()),
    };
    if let Some(odd) = data.iter().find(|byte| !(matches!(byte, 0x20..=0x7e) || **byte == b'\t')) {
        return Err(format!("byte {odd:02X} in it"));
    }
    let sum = data.iter().fold(counted, |sum, byte| sum.wrapping_add(*byte));
    let computed = (sum & 0x3f) + 0x20;
    if *check == computed {
        return Ok((data, char::from(*separator)));
    }
    Err(format!("check character {check:02X} stated, {computed:02X} computed"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_character_tells_the_mode() {
        let historic: &[&[u8]] = &[b"BASE 004321987 -", b"PAPP 00410 &"];
        let standard: &[&[u8]] = &[b"EAST\t004321987\t1", b"SINSTS\t00410\tK"];
        assert_eq!([mode(historic), mode(standard)], [TicMode::Historic, TicMode::Standard]);
        let old: &[&[u8]] = &[b"BASE\t004321987\tV", b"PAPP\t00410\tO"];
        assert_eq!(mode(old), TicMode::Historic, "tabs of an old meter");
        let group = Group::read(historic[0], TicMode::Historic);
        assert_eq!(group, Ok(Group { label: "BASE", date: None, value: "004321987" }));
    }

    #[test]
    fn what_does_not_fit_is_none() {
        for bad in
            ["EAST\t004321986\t1", "EAST\t004321987\t2", "EAST004321987\t(", "1", "", "EAST 004321987 1"]
        {
            assert!(Group::read(bad.as_bytes(), TicMode::Standard).is_err(), "{bad}");
        }
    }
}
