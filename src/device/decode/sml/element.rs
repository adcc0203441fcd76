//! Elements: type and length, then the value.
//!
//! ```text
//! 05 xx xx xx xx      octets: four, since the length counts itself; 01: none, which stands for what is left out
//! 42 01               truth value
//! 55 ff ff fe 0c      integer of 1 to 8 bytes
//! 62 1e               unsigned integer
//! 77 …                list of seven elements
//! 83 02 …             octets: the length goes on in the next byte, four bits each, as the highest bit says
//! 00                  end of a message
//! ```

/// How deep lists may stand in lists; messages need seven.
const DEEPEST: usize = 12;

/// The most bytes of type and length; three hold 4,095.
const LONGEST_LENGTH: usize = 4;

/// One element, with the bytes that it was sent as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Element<'a> {
    pub(super) sent: &'a [u8],
    pub(super) kind: ElementKind<'a>,
}

/// What an element is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ElementKind<'a> {
    /// Left out
    None,
    /// The end of a message
    End,
    Octets(&'a [u8]),
    Bool(bool),
    /// A signed integer, and how many bytes it was sent in
    Integer(i64, usize),
    Unsigned(u64),
    List(Vec<Element<'a>>),
    /// Of a type that is not known, or of more bytes than its type has
    Other,
}

impl<'a> Element<'a> {
    /// Reads the element at the front of bytes; `None`: they end within it, or it is too deep.
    pub(super) fn read(bytes: &'a [u8]) -> Option<Self> {
        read(bytes, DEEPEST)
    }

    /// Its elements, if it is a list of so many.
    pub(super) fn list<const N: usize>(&self) -> Option<&[Self; N]> {
        if let ElementKind::List(elements) = &self.kind { elements.as_slice().try_into().ok() } else { None }
    }

    /// Its elements by themselves, if it is a list of so many.
    pub(super) fn into_list<const N: usize>(self) -> Option<[Self; N]> {
        if let ElementKind::List(elements) = self.kind { elements.try_into().ok() } else { None }
    }

    /// Its value, if it is an unsigned integer.
    pub(super) fn unsigned(&self) -> Option<u64> {
        if let ElementKind::Unsigned(value) = self.kind { Some(value) } else { None }
    }

    /// Its octets, if it has some.
    pub(super) fn octets(&self) -> Option<&'a [u8]> {
        if let ElementKind::Octets(octets) = self.kind { Some(octets) } else { None }
    }

    /// Whether it was left out.
    pub(super) fn is_none(&self) -> bool {
        self.kind == ElementKind::None
    }
}

/// Type, length, and how many bytes say so.
fn head(bytes: &[u8]) -> Option<(u8, usize, usize)> {
    let first = *bytes.first()?;
    let (mut length, mut at, mut last) = (usize::from(first & 0x0f), 1, first);
    while last & 0x80 != 0 {
        last = *bytes.get(at).filter(|byte| at < LONGEST_LENGTH && **byte & 0x70 == 0)?;
        length = length << 4 | usize::from(last & 0x0f);
        at += 1;
    }
    Some((first >> 4 & 7, length, at))
}

fn read(bytes: &[u8], deepest: usize) -> Option<Element<'_>> {
    if bytes.first() == Some(&0) {
        return Some(Element { sent: &bytes[..1], kind: ElementKind::End });
    }
    let (kind, length, head) = head(bytes)?;
    if kind == 7 {
        return list(bytes, length, head, deepest);
    }
    let value = bytes.get(head..length)?;
    let kind = match (kind, value.len()) {
        (0, 0) => ElementKind::None,
        (0, _) => ElementKind::Octets(value),
        (4, 1) => ElementKind::Bool(value[0] != 0),
        (5, width @ 1..=8) => ElementKind::Integer(signed(value), width),
        (6, 1..=8) => ElementKind::Unsigned(unsigned(value, 0)),
        _ => ElementKind::Other,
    };
    Some(Element { sent: &bytes[..length], kind })
}

fn list(bytes: &[u8], length: usize, head: usize, deepest: usize) -> Option<Element<'_>> {
    let mut at = head;
    let mut elements = Vec::new();
    for _ in 0..length {
        let element = read(bytes.get(at..)?, deepest.checked_sub(1)?)?;
        at += element.sent.len();
        elements.push(element);
    }
    Some(Element { sent: &bytes[..at], kind: ElementKind::List(elements) })
}

fn unsigned(value: &[u8], before: u64) -> u64 {
    value.iter().fold(before, |number, byte| number << 8 | u64::from(*byte))
}

fn signed(value: &[u8]) -> i64 {
    let negative = value.first().is_some_and(|first| first & 0x80 != 0);
    unsigned(value, if negative { u64::MAX } else { 0 }).cast_signed()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kind(bytes: &[u8]) -> Option<ElementKind<'_>> {
        Element::read(bytes).map(|element| element.kind)
    }

    #[test]
    fn integers_of_all_widths_have_their_sign() {
        for (bytes, value, width) in [
            (&b"\x52\xff"[..], -1, 1),
            (b"\x53\x80\x25", -32_731, 2),
            (b"\x54\x00\x80\x25", 32_805, 3),
            (b"\x55\xff\xfe\x13\x93", -126_061, 4),
            (b"\x59\x80\x00\x00\x00\x00\x00\x00\x00", i64::MIN, 8),
            (b"\x59\x7f\xff\xff\xff\xff\xff\xff\xff", i64::MAX, 8),
        ] {
            assert_eq!(kind(bytes), Some(ElementKind::Integer(value, width)));
        }
        assert_eq!(kind(b"\x69\xff\xff\xff\xff\xff\xff\xff\xff"), Some(ElementKind::Unsigned(u64::MAX)));
        assert_eq!(kind(b"\x64\x01\x00\x00"), Some(ElementKind::Unsigned(65_536)));
    }

    #[test]
    fn lengths_may_go_on() {
        let long = [&b"\x83\x02"[..], &[7; 48]].concat();
        assert_eq!(kind(&long), Some(ElementKind::Octets(&[7; 48])));
        let list = [&b"\xf1\x00"[..], &[0x01; 16]].concat();
        assert!(matches!(kind(&list), Some(ElementKind::List(elements)) if elements.len() == 16));
    }

    #[test]
    fn what_ends_too_early_or_is_no_element_is_none() {
        let deep = [0x71; 40];
        for bad in [
            &b""[..],
            b"\x05\x01",
            b"\x71",
            b"\x83",
            b"\x80\x80\x80\x80\x80\x01",
            b"\x82\x10",
            b"\xff\xff",
            &deep,
        ] {
            assert_eq!(kind(bad), None, "{bad:02x?}");
        }
        assert_eq!(kind(b"\x12\xff"), Some(ElementKind::Other));
        assert_eq!(kind(b"\x51"), Some(ElementKind::Other), "an integer of no bytes");
    }
}
