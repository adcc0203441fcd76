//! Why the CRC of a telegram does not fit, where reckoning it otherwise shows that.

use crate::device::crc16::{CRC_1021, CRC_8005};

/// What a telegram with this CRC went through, or what its meter computes; `None`: nothing shows it. The telegram is not read for all
/// that: what is tried after the fact proves less than a CRC.
pub(super) fn cause(telegram: &[u8], stated: u16) -> Option<&'static str> {
    let x25 = !CRC_1021.remainder(0xffff, telegram);
    if [x25, x25.swap_bytes()].contains(&stated) {
        return Some("it is CRC-16/X-25, as SML has it, which P1 ports have not");
    }
    if crc16(telegram).swap_bytes() == stated {
        return Some("its two bytes are swapped");
    }
    let bare: Vec<u8> = telegram.iter().copied().filter(|byte| *byte != b'\r').collect();
    let sent: Vec<u8> = bare.split_inclusive(|byte| *byte == b'\n').flat_map(with_cr).collect();
    if sent != telegram && crc16(&sent) == stated {
        return Some(if bare == telegram {
            "it is that of lines that end in CR LF, and the CR was lost on the way"
        } else {
            "it is that of lines that end in CR LF, and theirs were changed on the way"
        });
    }
    None
}

fn crc16(bytes: &[u8]) -> u16 {
    CRC_8005.remainder(0, bytes)
}

/// A line with the end that the standard gives it.
fn with_cr(line: &[u8]) -> Vec<u8> {
    match line.strip_suffix(b"\n") {
        Some(line) => [line, b"\r\n"].concat(),
        None => line.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &[u8] = b"/FOI5X\r\n\r\n0-0:1.0.0(260715120000S)\r\n1-0:1.8.1(4*kWh)\r\n!";

    #[test]
    fn what_happened_to_the_lines_is_said() {
        let stated = crc16(SENT);
        let text = std::str::from_utf8(SENT).unwrap();
        for (end, word) in [("\n", "the CR was lost"), ("\r\r\n", "were changed"), ("\n\r\n", "")] {
            let came = text.replace("\r\n", end);
            let said = cause(came.as_bytes(), stated);
            assert_eq!(said.is_some(), !word.is_empty(), "{end:?}");
            assert!(said.unwrap_or_default().contains(word), "{end:?}");
        }
        assert_eq!([cause(SENT, stated ^ 1), cause(SENT, 0)], [None; 2]);
    }

    #[test]
    fn another_crc_is_named() {
        let x25 = !CRC_1021.remainder(0xffff, SENT);
        for stated in [x25, x25.swap_bytes()] {
            assert!(cause(SENT, stated).unwrap().contains("X-25"));
        }
        assert!(cause(SENT, crc16(SENT).swap_bytes()).unwrap().contains("swapped"));
        for flip in 0..SENT.len() * 8 {
            let mut changed = SENT.to_vec();
            changed[flip / 8] ^= 1 << (flip % 8);
            assert_eq!(cause(&changed, x25), None, "{flip}");
        }
    }
}
