//! What proves a telegram whole: the CRC behind its end.

use crate::{device::crc16::CRC_8005, record::reading::Integrity};

use super::{BadFrame, FrameFault, cause::cause, syntax, telegram};

/// A telegram whose CRC was tested, or that has none.
pub(super) struct Proven<'a> {
    /// What stands between `/` and `!`
    pub(super) content: &'a [u8],
    /// What the telegram proves about itself
    pub(super) integrity: Integrity,
    /// How many bytes stand before it, of a telegram that it interrupted
    pub(super) interrupted: usize,
}

/// How many beginnings inside a telegram are tried, from its end.
const MOST_BEGINNINGS: usize = 4;

/// What stands before the data of a readout of IEC 62056-21, whose check character would be passed over here.
const STX: u8 = 0x02;

/// Tests a telegram.
pub(super) fn proven(frame: &[u8]) -> Result<Proven<'_>, BadFrame> {
    let Some((b'/', _)) = frame.split_first() else {
        return Err(BadFrame::new(FrameFault::Noise, "no telegram"));
    };
    let end = telegram::mark(frame).ok_or_else(|| syntax("no end"))?;
    let behind = &frame[end + 1..];
    let digits = behind.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
    let mut beginnings = (1..end).rev().filter(|at| telegram::is_beginning(&frame[*at..end]));
    if digits == 0 && behind.iter().all(u8::is_ascii_whitespace) {
        return match beginnings.next() {
            _ if frame[..end].contains(&STX) => {
                Err(syntax("a readout of IEC 62056-21: try --format iec62056"))
            }
            _ if !behind.ends_with(b"\n") => Err(syntax("cut before its CRC")),
            Some(_) => Err(syntax("two telegrams of which no CRC says where the second begins")),
            None => Ok(Proven { content: &frame[1..end], integrity: Integrity::None, interrupted: 0 }),
        };
    }
    let stated = std::str::from_utf8(&behind[..digits]).unwrap_or_default();
    let stated = Some(stated).filter(|digits| digits.len() <= 4);
    let stated = stated.and_then(|digits| u16::from_str_radix(digits, 16).ok());
    let mut starts = std::iter::once(0).chain(beginnings.by_ref().take(MOST_BEGINNINGS));
    let start = starts.find(|start| Some(crc16(&frame[*start..=end])) == stated);
    let Some(start) = start else { return Err(mismatch(&frame[..=end], behind, stated)) };
    Ok(Proven { content: &frame[start + 1..end], integrity: Integrity::Crc, interrupted: start })
}

fn mismatch(telegram: &[u8], behind: &[u8], stated: Option<u16>) -> BadFrame {
    let cause = stated.and_then(|stated| cause(telegram, stated));
    let cause = cause.map(|cause| format!(": {cause}")).unwrap_or_default();
    let (written, computed) = (String::from_utf8_lossy(behind), crc16(telegram));
    let written = written.trim().chars().take(8).collect::<String>();
    BadFrame::new(FrameFault::Crc, format!("{written:?} stated, {computed:04X} computed{cause}"))
}

/// CRC-16/ARC: polynomial 8005 reflected, from 0.
pub(in crate::device::decode) fn crc16(bytes: &[u8]) -> u16 {
    CRC_8005.remainder(0, bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crc_of_the_catalogue() {
        assert_eq!(crc16(b"123456789"), 0xbb3d, "the check value of CRC-16/ARC");
    }

    fn integrity(frame: &str) -> Result<Integrity, FrameFault> {
        proven(frame.as_bytes()).map(|proven| proven.integrity).map_err(|bad| bad.fault)
    }

    #[test]
    fn a_crc_without_leading_zeros_or_in_small_letters_is_one() {
        // Tried until the CRC begins with 0.
        let telegram = (0..1_000)
            .map(|n| format!("/X5\r\n\r\n0-0:96.14.0({n})\r\n!"))
            .find(|text| crc16(text.as_bytes()) < 0x1000)
            .unwrap();
        let crc = crc16(telegram.as_bytes());
        for good in [
            format!("{crc:04X}\r\n"),
            format!("{crc:x}\r\n"),
            format!("{crc:X}"),
            format!("{crc:04x} ok\r\n"),
        ] {
            assert_eq!(integrity(&format!("{telegram}{good}")), Ok(Integrity::Crc), "{good}");
        }
        for bad in [format!("0{crc:04X}\r\n"), "~\r\n".to_owned(), format!("{:04X}\r\n", crc ^ 1)] {
            assert_eq!(integrity(&format!("{telegram}{bad}")), Err(FrameFault::Crc), "{bad}");
        }
        assert_eq!(integrity(&format!("{telegram}\r\n")), Ok(Integrity::None));
        assert_eq!(integrity(&telegram), Err(FrameFault::Syntax), "cut");
    }

    #[test]
    fn a_telegram_that_lost_the_cr_of_its_lines_is_refused_with_the_cause() {
        let telegram = "/X5\r\n\r\n0-0:96.14.0(1)\r\n!";
        let telegram = format!("{telegram}{:04X}\r\n", crc16(telegram.as_bytes()));
        let refused = |frame: &str| proven(frame.as_bytes()).err().unwrap().to_string();
        assert!(refused(&telegram.replace("\r\n", "\n")).ends_with("CR LF, and the CR was lost on the way"));
        assert!(refused(&telegram.replace("(1)", "(2)")).ends_with(" computed"));
    }

    #[test]
    fn a_telegram_in_a_cut_one_is_found_by_its_crc_alone() {
        let good = "/ISK5X\r\n\r\n1-0:1.8.1(2*kWh)\r\n!";
        let good = format!("{good}{:04X}\r\n", crc16(good.as_bytes()));
        let glued = format!("/ISK5X\r\n\r\n1-0:1.8.1(1{good}");
        let found = proven(glued.as_bytes()).unwrap();
        assert_eq!((found.interrupted, found.integrity), (21, Integrity::Crc));
        assert!(found.content.ends_with(b"(2*kWh)\r\n"));
        assert_eq!(
            integrity("/ISK5X\r\n\r\n1-0:1.8.1(1/ISK5X\r\n1-0:1.8.1(2*kWh)\r\n!\r\n"),
            Err(FrameFault::Syntax)
        );
    }
}
