//! The conversation by which a meter reads itself out in mode C of IEC 62056-21. Pure: its caller has the port.
//!
//! ```text
//! 300 baud   we     /?!                 who is there?
//!            meter  /LGZ5\2ZMD405…      the 5 is the speed that it proposes: 9600 baud
//!            we     ACK 050             so be it, and read out
//! 9600 baud  meter  STX … ! ETX BCC
//! ```
//!
//! Meters of mode B change their speed without being answered, those of mode A not at all.

/// What asks a meter to identify itself.
pub(super) const REQUEST: &[u8] = b"/?!\r\n";

/// The speed at which a conversation begins, in bits per second.
pub const SIGN_ON_BAUD: u32 = 300;

/// The speeds that mode C calls 0 to 6, in bits per second.
const SPEEDS: [u32; 7] = [300, 600, 1_200, 2_400, 4_800, 9_600, 19_200];

/// How much is looked at for an identification, in bytes.
const LONGEST: usize = 256;

/// What is to be done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum SignOnStep {
    /// Send these bytes
    Send(Vec<u8>),
    /// Let what was sent leave, then go on at so many bits per second
    Baud(u32),
}

/// A conversation with a meter.
#[derive(Debug)]
pub(super) struct SignOn {
    /// The speed at which it begins
    begin: u32,
    /// Whether the speed can be changed, as it cannot at a server
    can_change: bool,
    /// What was heard since the question; `None`: no identification is waited for
    heard: Option<Vec<u8>>,
}

impl SignOn {
    /// A conversation that begins at this speed.
    pub(super) fn new(begin: u32, can_change: bool) -> Self {
        Self { begin, can_change, heard: None }
    }

    /// Asks anew.
    pub(super) fn ask(&mut self) -> Vec<SignOnStep> {
        self.heard = Some(Vec::new());
        let ask = SignOnStep::Send(REQUEST.to_vec());
        if self.can_change { vec![SignOnStep::Baud(self.begin), ask] } else { vec![ask] }
    }

    /// Answers what the meter says.
    pub(super) fn hear(&mut self, bytes: &[u8]) -> Vec<SignOnStep> {
        let Some(heard) = &mut self.heard else { return Vec::new() };
        heard.extend_from_slice(bytes);
        let speed = heard.split_inclusive(|byte| *byte == b'\n').find_map(proposed);
        let surplus = heard.len().saturating_sub(LONGEST);
        heard.drain(..surplus);
        let Some(speed) = speed else { return Vec::new() };
        self.heard = None;
        match speed {
            b'0'..=b'6' if self.can_change => {
                vec![acknowledged(speed), SignOnStep::Baud(SPEEDS[usize::from(speed - b'0')])]
            }
            b'0'..=b'6' => vec![acknowledged(b'0')],
            b'A'..=b'F' if self.can_change => vec![SignOnStep::Baud(SPEEDS[usize::from(speed - b'A' + 1)])],
            _ => Vec::new(),
        }
    }
}

fn acknowledged(speed: u8) -> SignOnStep {
    SignOnStep::Send(vec![0x06, b'0', speed, b'0', b'\r', b'\n'])
}

/// The speed that a whole line of identification proposes. A pseudo-terminal or a wrong mode may leave the parity bit.
fn proposed(line: &[u8]) -> Option<u8> {
    let line: Vec<u8> = line.strip_suffix(b"\n")?.iter().map(|byte| byte & 0x7f).collect();
    let start = line.iter().rposition(|byte| *byte == b'/')?;
    match &line[start + 1..] {
        [maker @ .., speed] if maker.len() == 3 => {
            maker.iter().all(u8::is_ascii_alphabetic).then_some(*speed)
        }
        [a, b, c, speed, ..] => [a, b, c].iter().all(|letter| letter.is_ascii_alphabetic()).then_some(*speed),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{SignOnStep::*, *};

    fn answer(can_change: bool, chunks: &[&[u8]]) -> Vec<SignOnStep> {
        let mut meter = SignOn::new(300, can_change);
        meter.ask();
        chunks.iter().flat_map(|chunk| meter.hear(chunk)).collect()
    }

    #[test]
    fn the_speed_is_the_one_that_the_meter_proposes() {
        let ack = |speed| Send(vec![6, b'0', speed, b'0', 13, 10]);
        assert_eq!(
            answer(true, &[b"/?!\r\n", b"/LGZ5\\2ZM", b"D\r\n", b"/LGZ5X\r\n"]),
            [ack(b'5'), Baud(9_600)]
        );
        assert_eq!(answer(true, &[b"/FOI0\r\n"]), [ack(b'0'), Baud(300)]);
        assert_eq!(answer(true, &[b"/FOIAX\r\n"]), [Baud(600)], "mode B");
        assert_eq!(answer(true, &[b"/FOI X\r\n"]), [], "mode A");
        assert_eq!(answer(false, &[b"/LGZ5X\r\n"]), [ack(b'0')], "at a server the speed stays");
        assert_eq!(answer(true, &[b"/LGZ5X"]), [], "half an identification");
        assert_eq!(SignOn::new(300, true).hear(b"/LGZ5X\r\n"), [], "not asked");
    }

    #[test]
    fn each_question_begins_at_the_first_speed() {
        assert_eq!(SignOn::new(300, true).ask(), [Baud(300), Send(b"/?!\r\n".to_vec())]);
    }
}
