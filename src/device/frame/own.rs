//! The framing of one format alone, which its decoder brings along.

/// How the frames of one format are found in a stream of bytes.
#[derive(Debug)]
pub struct OwnFraming {
    /// What messages call it
    pub name: &'static str,
    /// What the front of the bytes that are held is. The first argument is the byte before them; `None`: nothing is known
    /// of it. An answer other than [`Cut::More`] may not change with what follows
    pub cut: fn(Option<u8>, &[u8]) -> Cut,
    /// Whether these bytes are the beginning of a frame, at the end of the input
    pub opens: fn(&[u8]) -> bool,
}

/// What the front of the bytes that are held is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// The beginning of a frame whose end is yet to come
    More,
    /// So many bytes that belong to no whole frame, at least one
    Skip(usize),
    /// A frame of so many bytes, at least one
    Frame(usize),
}
