//! Messages of a file: what each is, once its own CRC has been tested.
//!
//! ```text
//! 76                        list of six
//!   05 00 00 00 01          transaction
//!   62 00   62 00           group, what to do on error
//!   72  63 07 01  77 …      kind of message, its body
//!   63 c0 de                CRC of all bytes of the message before this element
//! 00                        end
//! ```

use super::{
    crc::CrcKind,
    element::{Element, ElementKind},
};
use crate::device::decode::{BadFrame, FrameFault};

/// The answer to a request for a list: what meters send by themselves.
pub(super) const GET_LIST_RESPONSE: u64 = 0x0701;

/// The first byte of a message: a list of six.
const LIST_OF_SIX: u8 = 0x76;

/// At how many bytes that begin no message the rest of a file is given up.
const MOST_ATTEMPTS: usize = 64;

/// A message whose CRC fits.
#[derive(Debug)]
pub(super) struct Message<'a> {
    pub(super) tag: u64,
    pub(super) body: Element<'a>,
}

/// All messages of a file, and why some were refused. Their CRC must be of the kind that the file has.
pub(super) fn messages(bytes: &[u8], kind: CrcKind) -> (Vec<Message<'_>>, Vec<BadFrame>) {
    let (mut messages, mut refused) = (Vec::new(), Vec::new());
    let (mut at, mut attempts, mut is_lost) = (0, 0, false);
    while at < bytes.len() && attempts < MOST_ATTEMPTS {
        if bytes[at] == 0 {
            at += 1;
            continue;
        }
        let (message, length) = read(&bytes[at..], kind);
        at += length;
        match message {
            Ok(message) => messages.push(message),
            Err(why) => {
                attempts += 1;
                // What no message begins with is refused as one, wherever the next one is looked for.
                let was_lost = std::mem::replace(&mut is_lost, why.fault == FrameFault::Syntax);
                if !(was_lost && is_lost) {
                    refused.push(why);
                }
                continue;
            }
        }
        is_lost = false;
    }
    (messages, refused)
}

/// The message at the front of bytes, and how far to go on: behind it, or to where the next one may begin.
fn read(bytes: &[u8], kind: CrcKind) -> (Result<Message<'_>, BadFrame>, usize) {
    let element = Element::read(bytes);
    let parts = element.and_then(|element| Some((element.sent, element.into_list()?)));
    let Some((sent, [_, _, _, body, crc, end])) =
        parts.filter(|(_, parts)| parts[5].kind == ElementKind::End)
    else {
        let next =
            bytes[1..].iter().position(|byte| *byte == LIST_OF_SIX).map_or(bytes.len(), |next| next + 1);
        return (Err(BadFrame::new(FrameFault::Syntax, "no SML message")), next);
    };
    let counted = &sent[..sent.len() - crc.sent.len() - end.sent.len()];
    let computed = kind.compute(counted);
    if crc.unsigned() != Some(computed.into()) {
        let why = format!("of a message: {} stated, 63{computed:04x} computed", hex::encode(crc.sent));
        return (Err(BadFrame::new(FrameFault::Crc, why)), sent.len());
    }
    let message = body.into_list().and_then(|[tag, body]| Some(Message { tag: tag.unsigned()?, body }));
    (message.ok_or_else(|| BadFrame::new(FrameFault::Syntax, "no kind of message")), sent.len())
}
