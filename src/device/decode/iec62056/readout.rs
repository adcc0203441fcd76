//! Readouts in a stream of bytes: from the `/` of the identification through the check character, or the line with `!`. One
//! whose identification was not heard begins with STX.

use crate::device::frame::{Cut, OwnFraming};

pub(super) const FRAMING: OwnFraming = OwnFraming { name: "readout", cut, opens };

const STX: u8 = 0x02;
const ETX: u8 = 0x03;

/// What ends the data of a block, before ETX: in a line of its own, or behind the last value.
const END_OF_DATA: &[u8] = b"!\r\n";

/// How many bytes tell an identification from other text, such as the question `/?!`.
const IDENTIFICATION: usize = 5;

/// The longest line of an identification, in bytes, with room for makers that write longer ones.
const LONGEST: usize = 64;

/// A readout, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Readout<'a> {
    /// What stands behind `/` in its line; `None`: it begins with its data
    pub(super) header: Option<&'a [u8]>,
    /// The lines of data, without the `!` that ends them
    pub(super) data: &'a [u8],
    /// The check character that is stated, and the right one; `None`: the readout has none
    pub(super) check: Option<(u8, u8)>,
    /// How many bytes it has
    length: usize,
}

fn opens(held: &[u8]) -> bool {
    matches!(held.first(), Some(&(b'/' | STX)))
}

/// Whether these bytes begin with `/`, three letters and the sign of a speed, for which heat meters of Kamstrup have a blank.
pub(super) fn is_beginning(bytes: &[u8]) -> bool {
    bytes.len() >= IDENTIFICATION
        && bytes[0] == b'/'
        && bytes[1..4].iter().all(u8::is_ascii_alphabetic)
        && matches!(bytes[4], b' '..=b'~')
}

/// Whether these bytes begin with a block of data that no identification precedes; `None`: its end is not here yet.
pub(super) fn is_bare_block(bytes: &[u8]) -> Option<bool> {
    let data = bytes.strip_prefix(&[STX])?;
    let is_text = |byte: &u8| matches!(byte, b'\r' | b'\n' | b' '..=b'~' | 0xa0..);
    let end = data.iter().position(|byte| !is_text(byte));
    let text = &data[..end.unwrap_or(data.len())];
    let closed = end_of_data(text);
    match end {
        Some(end) => Some(data[end] == ETX && closed == Some(end)),
        None if closed.is_some_and(|closed| closed < text.len()) => Some(false),
        None => None,
    }
}

/// Where the data of a block end, with their mark; `None`: it has not come yet.
fn end_of_data(text: &[u8]) -> Option<usize> {
    let is_mark = |at: usize| matches!(text[at], b'\n' | b')') && text[at + 1..].starts_with(END_OF_DATA);
    (0..text.len()).find(|at| is_mark(*at)).map(|at| at + 1 + END_OF_DATA.len())
}

/// Takes a readout apart; `None`: its end is missing.
pub(super) fn parts(bytes: &[u8]) -> Option<Readout<'_>> {
    let (header, rest) = if bytes.first() == Some(&STX) {
        (None, bytes)
    } else {
        // Some meters end it with CR alone: the STX behind that is not to be missed, since a check character follows it.
        let line = bytes.iter().position(|byte| matches!(*byte, b'\r' | b'\n' | STX))?;
        (Some(&bytes[1..line]), &bytes[line..])
    };
    let before = bytes.len() - rest.len();
    // An echo of the acknowledgement, and what a change of speed looks like, may stand before the data.
    let first = rest.iter().position(|byte| matches!(byte, &STX | b'(' | b'!'))?;
    if rest[first] != STX {
        // The first one: what follows may not change where it ends.
        let mark = (0..rest.len()).find(|at| rest[*at] == b'!' && (*at == 0 || rest[at - 1] == b'\n'))?;
        let end = mark + rest[mark..].iter().position(|byte| *byte == b'\n')? + 1;
        return Some(Readout { header, data: &rest[..mark], check: None, length: before + end });
    }
    let block = &rest[first + 1..];
    let end = block.iter().position(|byte| *byte == ETX)?;
    let stated = *block.get(end + 1)?;
    let computed = block[..=end].iter().fold(0, |all, byte| all ^ byte);
    let length = before + first + 1 + end + 2;
    let data = block[..end].trim_ascii_end();
    let data = data.strip_suffix(b"!").unwrap_or(data);
    Some(Readout { header, data, check: Some((stated, computed)), length })
}

/// Whether these bytes begin with a line that identifies a meter, which has no values; `None`: its end is not here yet.
fn is_identification(bytes: &[u8]) -> Option<bool> {
    let line = &bytes[..bytes.len().min(LONGEST)];
    let end = line.iter().position(|byte| *byte == b'\n');
    match line[..end.unwrap_or(line.len())].iter().any(|byte| matches!(byte, b'(' | b')')) {
        true => Some(false),
        false if end.is_none() && line.len() < LONGEST => None,
        false => Some(end.is_some()),
    }
}

fn cut(before: Option<u8>, held: &[u8]) -> Cut {
    match held.iter().position(|byte| matches!(*byte, b'/' | STX)) {
        None => return Cut::Skip(held.len()),
        Some(0) => {}
        Some(start) => return Cut::Skip(start),
    }
    if held[0] == STX {
        return match is_bare_block(held) {
            Some(true) => parts(held).map_or(Cut::More, |block| Cut::Frame(block.length)),
            Some(false) => Cut::Skip(1),
            None => Cut::More,
        };
    }
    if held.len() < IDENTIFICATION {
        return Cut::More;
    }
    if !is_beginning(held) {
        return Cut::Skip(1);
    }
    // A letter or digit before it is of the same line, or the check character of the readout before.
    if before.is_some_and(|byte| byte.is_ascii_alphanumeric()) {
        match is_identification(held) {
            Some(true) => {}
            Some(false) => return Cut::Skip(1),
            None => return Cut::More,
        }
    }
    // An identification at the start of a line: the readout before it was interrupted, or was none.
    let interrupted =
        (1..held.len()).find(|at| held[*at] == b'/' && held[at - 1] == b'\n' && is_beginning(&held[*at..]));
    let whole = parts(&held[..interrupted.unwrap_or(held.len())]).map(|readout| readout.length);
    whole.map(Cut::Frame).or(interrupted.map(Cut::Skip)).unwrap_or(Cut::More)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::device::frame::{Frame, Framer, Framing};

    /// Whole frames, and how many bytes lay outside.
    fn frames(bytes: &[u8]) -> (Vec<Vec<u8>>, usize) {
        let (mut found, mut stray) = (Vec::new(), 0);
        let mut framer = Framer::new(Framing::Own(&FRAMING), 8_192);
        let mut each = |frame: Frame| match frame {
            Frame::Whole(frame) => found.push(frame.to_vec()),
            Frame::Stray(count) => stray += count,
            other => panic!("{other:?}"),
        };
        for byte in bytes {
            framer.push(&[*byte], &mut each);
        }
        framer.finish(&mut each);
        (found, stray)
    }

    #[test]
    fn readouts_are_found_between_questions_and_pauses() {
        let heat = b"/KAM MC\r\n\x026.8(1*GJ)!\r\n\x03/";
        assert_eq!(frames(&[&heat[..], heat].concat()), (vec![heat.to_vec(), heat.to_vec()], 0));
        // The check character may be any byte, a line feed or a slash among them.
        let mode_c = b"/FOI5X\r\n\x021.8.0(1*kWh)\r\n!\r\n\x03/";
        let echoed = b"/FOI5X\r\n\x06050\r\n\xff\x021.8.0(1*kWh)\r\n!\r\n\x03\n";
        let mode_d = b"/FOI5X\r\n\r\n1.8.0(1*kWh)\r\n!\r\n";
        for frame in [&mode_c[..], echoed, mode_d] {
            let stream = [b"/?!\r\n", frame, b"/?!\r\n", b"/FOI5X\r\n", frame].concat();
            let (found, stray) = frames(&stream);
            assert_eq!(found, [frame, frame]);
            assert_eq!(stray, 18);
        }
    }

    #[test]
    fn a_readout_without_data_ends_where_it_ends_whatever_follows() {
        assert_eq!(frames(b"/FOI5X\r\n!\r\nab\n!\r\n").0, [b"/FOI5X\r\n!\r\n"]);
        assert_eq!(parts(b"/FOI5X\r\n!\r\nab\n!\r\n").unwrap().length, 11);
    }

    #[test]
    fn a_readout_follows_another_one_whose_check_character_is_a_letter() {
        let frame = b"/FOI5X\r\n\x021.8.0(1*kWh)\r\n!\r\n\x03A";
        assert_eq!(frames(&[&frame[..], frame].concat()), (vec![frame.to_vec(), frame.to_vec()], 0));
        let (found, stray) = frames(b"1.8.0(1*kW/ABC5)\r\nkW/ABC5(1)\r\n");
        assert_eq!((found.len(), stray), (0, 30));
    }

    #[test]
    fn a_block_of_data_may_have_no_identification() {
        let block = b"\x021.8.0(1*kWh)\r\n!\r\n\x03\x02";
        assert_eq!(frames(&[&block[..], block].concat()), (vec![block.to_vec(), block.to_vec()], 0));
        let noise = b"\x02\x02\xff\x02no(1)\r\n\x03\x02";
        let readout = b"/FOI5X\r\n\x021.8.0(1*kWh)\r\n!\r\n\x03A";
        assert_eq!(frames(&[&noise[..], readout].concat()), (vec![readout.to_vec()], noise.len()));
        let mode_d = b"/FOI5X\r\n\r\n1.8.0(1*kWh)\r\n!\r\n";
        assert_eq!(frames(&[&b"\x02\r\n"[..], &mode_d[..], mode_d].concat()).0, [mode_d, mode_d]);
        let same_line = b"\x021.8.0(1*kWh)\r\n0.2.2(:::G11)!\r\n\x03\x02";
        assert_eq!(
            frames(&[&same_line[..], readout].concat()),
            (vec![same_line.to_vec(), readout.to_vec()], 0)
        );
        let letters = b"\x0281.7.1(120*\xb0)\r\n!\r\n\x03\x02";
        assert_eq!(frames(letters), (vec![letters.to_vec()], 0));
        let cut = b"\x021.8.0(1*k";
        assert_eq!(frames(&[&cut[..], readout].concat()), (vec![readout.to_vec()], cut.len()));
    }

    #[test]
    fn the_check_character_is_told_by_its_place() {
        let readout = parts(b"/FOI5X\r\n\x02A\x03A\x03").unwrap();
        assert_eq!(readout.check, Some((b'A', b'A' ^ ETX)));
        assert_eq!(parts(b"/FOI5X\r\n\x02A\x03"), None);
    }

    #[test]
    fn an_identification_may_end_with_cr_alone_or_where_the_data_begin() {
        for end in ["\r\n", "\n", "\r", "\r\r\n", ""] {
            let bytes = format!("/FOI5X{end}\x021.8.0(1)\r\n!\r\n\x03A");
            let readout = parts(bytes.as_bytes()).unwrap();
            assert_eq!(
                (readout.header, readout.data),
                (Some(&b"FOI5X"[..]), &b"1.8.0(1)\r\n"[..]),
                "{end:?}"
            );
            assert_eq!((readout.check.unwrap().0, readout.length), (b'A', bytes.len()));
        }
        assert_eq!(parts(b"/FOI5X\r1.8.0(1)\r\n!\r\n").unwrap().data, b"\r1.8.0(1)\r\n");
    }
}
