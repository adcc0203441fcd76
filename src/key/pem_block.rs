//! PEM blocks as OpenSSL finds them, among whatever stands around them.
//!
//! ```text
//! Bag Attributes                     text before, between and behind: passed over
//! -----BEGIN PRIVATE KEY-----
//! Proc-Type: 4,ENCRYPTED             headers, ended by a blank line: passed over
//!
//! MC4CAQAwBQYDK2VwBCIEIAcHBwcH…      base64 in lines of any length, blank lines, spaces and CRs around them
//! -----END PRIVATE KEY-----
//! -----BEGIN CERTIFICATE-----        further blocks
//! ```
//!
//! Standard: RFC 7468 §2 and its lax form in §3. Text outside of blocks need not be UTF-8.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

const BEGIN: &[u8] = b"-----BEGIN ";
const END: &[u8] = b"-----END ";
const DASHES: &[u8] = b"-----";

/// One block, not decoded yet: those that nobody wants may hold anything.
pub(super) struct PemBlock<'a> {
    /// What it says that it holds, such as `PRIVATE KEY`
    pub(super) label: &'a [u8],
    lines: Vec<&'a [u8]>,
}

/// What there is of PEM in some bytes.
#[derive(Default)]
pub(super) struct PemBlocks<'a> {
    /// The blocks that are whole, in order
    pub(super) whole: Vec<PemBlock<'a>>,
    /// Whether a block begins that does not end, or ends as another one
    pub(super) torn: bool,
}

/// Finds all blocks.
pub(super) fn find(bytes: &[u8]) -> PemBlocks<'_> {
    let mut found = PemBlocks::default();
    let mut open: Option<PemBlock<'_>> = None;
    for line in bytes.split(|byte| matches!(byte, b'\n' | b'\r')).map(<[u8]>::trim_ascii) {
        if let Some(label) = label(line, BEGIN) {
            found.torn |= open.is_some();
            open = Some(PemBlock { label, lines: Vec::new() });
        } else if line.starts_with(END) {
            match open.take() {
                Some(block) if label(line, END) == Some(block.label) => found.whole.push(block),
                _ => found.torn = true,
            }
        } else if let Some(block) = &mut open {
            block.lines.push(line);
        }
    }
    found.torn |= open.is_some();
    found
}

fn label<'a>(line: &'a [u8], prefix: &[u8]) -> Option<&'a [u8]> {
    line.strip_prefix(prefix)?.strip_suffix(DASHES)
}

impl PemBlock<'_> {
    /// The bytes that it holds; `None` if that is no base64.
    pub(super) fn decode(&self) -> Option<Zeroizing<Vec<u8>>> {
        let lines = self.body();
        // As long as it can get, so that no copy of a secret is left behind by growing.
        let length = lines.iter().map(|line| line.len()).sum();
        let mut text = Zeroizing::new(Vec::with_capacity(length));
        for line in lines {
            text.extend(line.iter().filter(|byte| !byte.is_ascii_whitespace()));
        }
        let mut decoded = Zeroizing::new(vec![0; base64::decoded_len_estimate(text.len())]);
        let length = STANDARD.decode_slice(&*text, &mut decoded).ok()?;
        decoded.truncate(length);
        Some(decoded)
    }

    /// The lines behind the headers, if there are any: a header has a colon, which base64 has not.
    fn body(&self) -> &[&[u8]] {
        let first = self.lines.iter().position(|line| !line.is_empty()).unwrap_or(0);
        let has_headers = self.lines.get(first).is_some_and(|line| line.contains(&b':'));
        let blank = self.lines[first..].iter().position(|line| line.is_empty());
        match blank.filter(|_| has_headers) {
            Some(blank) => &self.lines[first + blank..],
            None => &self.lines,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(text: &str) -> (Vec<String>, bool) {
        let found = find(text.as_bytes());
        let labels = found.whole.iter().map(|block| String::from_utf8_lossy(block.label).into_owned());
        (labels.collect(), found.torn)
    }

    fn content(text: &str) -> Option<Vec<u8>> {
        Some(find(text.as_bytes()).whole.first()?.decode()?.to_vec())
    }

    #[test]
    fn a_block_is_found_among_other_text_and_other_blocks() {
        let text = "Bag Attributes\n x: 1\n-----BEGIN A-----\nTUEw\n-----END A-----\n# b\n-----BEGIN B B-----\n-----END B B-----\n\n";
        assert_eq!(labels(text), (vec!["A".to_owned(), "B B".to_owned()], false));
        assert!(labels("-----BEGIN A-----\n-----BEGIN B-----\n-----END B-----\n").1);
        for torn in ["-----BEGIN A-----\nTUEw\n", "-----BEGIN A-----\n-----END B-----\n", "-----END A-----"] {
            assert_eq!(labels(torn), (vec![], true), "{torn}");
        }
        assert_eq!(labels("no key\n"), (vec![], false));
    }

    #[test]
    fn blanks_line_ends_and_headers_do_not_matter() {
        for text in [
            "-----BEGIN A-----\nTUEwCg==\n-----END A-----",
            "-----BEGIN A-----\r\nTUEw\r\nCg==\r\n-----END A-----\r\n",
            "-----BEGIN A-----  \n\nTUEw  \n\n\tCg==\n\n-----END A-----\t\n",
            "  -----BEGIN A-----\n  TUEwCg==\n  -----END A-----\n",
            "-----BEGIN A-----\rTUEwCg==\r-----END A-----\r",
            "-----BEGIN A-----\nProc-Type: 4,CLEAR\nX: a\n b\n\nTUEwCg==\n-----END A-----\n",
        ] {
            assert_eq!(content(text).as_deref(), Some(&b"MA0\n"[..]), "{text:?}");
        }
        for text in [
            "-----BEGIN A-----\nTUEwCg=\n-----END A-----\n",
            "-----BEGIN A-----\nTUEw*g==\n-----END A-----\n",
            "-----BEGIN A-----\nX: a\nTUEwCg==\n-----END A-----\n",
        ] {
            assert_eq!(content(text), None, "{text:?}");
        }
    }
}
