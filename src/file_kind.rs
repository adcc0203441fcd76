//! What a file is that is not what was asked for, by its first bytes: so that a ZIP archive is called one, and no
//! broken record.
//!
//! ```text
//! 50 4b 03 04        a ZIP archive
//! <!DOCTYPE html     a web page
//! [{"type":…         a JSON array
//! {"type":…          nothing to say: a record, or what others here read
//! ```

use std::fmt;

/// As many bytes are enough to tell.
pub const HEAD: usize = 4_096;

/// What a file is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// An archive or compressed file: what it is called, and what unpacks it
    Packed(&'static str, &'static str),
    /// A document, picture or database, which is no text
    Document(&'static str),
    /// A page of HTML
    WebPage,
    /// XML of another kind
    Xml,
    /// What Git keeps in the place of a large file
    GitPointer,
    /// Two versions of a file, which Git could not join
    GitConflict,
    /// Text of two bytes a character
    Utf16,
    /// A private key, as PEM
    PrivateKey,
    /// Something else as PEM
    Pem,
    /// The name of a key: a DID or a vkey
    KeyName,
    /// The checkpoint of a log
    Checkpoint,
    /// A ledger's entries
    Entries,
    /// An array, where one object a line is read
    JsonArray,
    /// A table: values between commas
    Table,
    /// Bytes that are no text
    Binary,
}

/// Files that begin with these bytes.
const MAGIC: &[(&[u8], FileKind)] = &[
    (b"PK\x03\x04", FileKind::Packed("a ZIP archive", "unzip")),
    (b"PK\x05\x06", FileKind::Packed("an empty ZIP archive", "unzip")),
    (b"\x1f\x8b", FileKind::Packed("compressed by gzip", "gunzip")),
    (b"\x28\xb5\x2f\xfd", FileKind::Packed("compressed by zstd", "unzstd")),
    (b"\xfd7zXZ\0", FileKind::Packed("compressed by xz", "unxz")),
    (b"BZh", FileKind::Packed("compressed by bzip2", "bunzip2")),
    (b"7z\xbc\xaf\x27\x1c", FileKind::Packed("a 7z archive", "7z x")),
    (b"Rar!\x1a\x07", FileKind::Packed("a RAR archive", "unrar x")),
    (b"%PDF-", FileKind::Document("a PDF document")),
    (b"{\\rtf", FileKind::Document("an RTF document")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Document("a document of an old office program")),
    (b"\x89PNG\r\n\x1a\n", FileKind::Document("a PNG picture")),
    (b"\xff\xd8\xff", FileKind::Document("a JPEG picture")),
    (b"GIF8", FileKind::Document("a GIF picture")),
    (b"SQLite format 3\0", FileKind::Document("an SQLite database")),
    (b"\x7fELF", FileKind::Document("a program")),
    (b"\xff\xfe", FileKind::Utf16),
    (b"\xfe\xff", FileKind::Utf16),
    (b"{\0\"\0", FileKind::Utf16),
    (b"\0{\0\"", FileKind::Utf16),
];

/// Where the name of its format stands in a tar archive.
const TAR: (usize, &[u8]) = (257, b"ustar");

/// How the pointers of Git LFS begin.
const GIT_POINTER: &str = "version https://git-lfs.github.com/spec/";

/// How HTML begins, in small letters.
const HTML: &[&str] = &["<!doctype html", "<html", "<head", "<body", "<!--", "<script", "<title"];

impl FileKind {
    /// What a file is that begins with these bytes; `None`: it may be what is read here, or text of some other kind.
    pub fn of(head: &[u8]) -> Option<Self> {
        let head = &head[..head.len().min(HEAD)];
        let known = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)).map(|(_, kind)| *kind);
        let is_tar = || head.get(TAR.0..).is_some_and(|rest| rest.starts_with(TAR.1));
        known
            .or_else(|| is_tar().then_some(Self::Packed("a tar archive", "tar xf")))
            .or_else(|| Self::of_text(head))
    }

    /// Whether it was something else from its first byte on, and is no text that was damaged since.
    pub fn is_certain(self) -> bool {
        matches!(
            self,
            Self::Packed(..)
                | Self::Document(_)
                | Self::WebPage
                | Self::Xml
                | Self::Utf16
                | Self::GitPointer
                | Self::GitConflict
        )
    }

    fn of_text(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xef\xbb\xbf").unwrap_or(head).trim_ascii_start();
        let is_control = |byte: &u8| *byte < b' ' && !byte.is_ascii_whitespace();
        if text.iter().any(is_control) {
            return Some(Self::Binary);
        }
        // The head may end within a character.
        let valid = match str::from_utf8(text) {
            Ok(text) => text,
            Err(bad) if bad.error_len().is_none() => str::from_utf8(&text[..bad.valid_up_to()]).ok()?,
            Err(_) => return None,
        };
        let first = valid.lines().next().unwrap_or_default();
        match valid.as_bytes().first()? {
            b'<' => of_markup(first),
            b'[' => is_array(valid).then_some(Self::JsonArray),
            b'{' => is_entry(valid).then_some(Self::Entries),
            _ if valid.starts_with(GIT_POINTER) => Some(Self::GitPointer),
            _ if valid.starts_with("-----BEGIN ") => {
                Some(if first.contains("PRIVATE KEY") { Self::PrivateKey } else { Self::Pem })
            }
            _ if is_key_name(valid.trim_end()) => Some(Self::KeyName),
            _ if valid.contains("\n\n\u{2014} ") || valid.contains("\r\n\r\n\u{2014} ") => {
                Some(Self::Checkpoint)
            }
            _ => is_table(valid).then_some(Self::Table),
        }
    }
}

fn of_markup(line: &str) -> Option<FileKind> {
    if line.starts_with("<<<<<<< ") {
        return Some(FileKind::GitConflict);
    }
    let small = line.to_ascii_lowercase();
    let is_xml = small[1..].starts_with(|c: char| c.is_ascii_alphabetic() || "?!".contains(c));
    let kind =
        if HTML.iter().any(|begin| small.starts_with(begin)) { FileKind::WebPage } else { FileKind::Xml };
    is_xml.then_some(kind)
}

/// Whether a bracket opens an array, and no section of TOML.
fn is_array(text: &str) -> bool {
    let is_section = text.trim_start_matches('[').starts_with(|c: char| c.is_ascii_alphabetic());
    let inner = text[1..].trim_start();
    let is_word = ["true,", "false,", "null,"].iter().any(|word| inner.starts_with(word));
    let is_value = inner.starts_with(|c: char| "{[\"]-".contains(c) || c.is_ascii_digit());
    is_word || (is_value && !is_section)
}

/// Whether a line begins as those of a ledger do. What is signed has its proof between these two members.
fn is_entry(text: &str) -> bool {
    let rest = text.strip_prefix("{\"n\":").map(|rest| rest.trim_start_matches(|c: char| c.is_ascii_digit()));
    rest.is_some_and(|rest| rest.starts_with(",\"received\":\""))
}

/// Whether a text has the form of a DID of a key or of a verifier key.
pub fn is_key_name(text: &str) -> bool {
    let word = !text.contains(char::is_whitespace);
    let vkey = || {
        let mut parts = text.splitn(3, '+').skip(1);
        let id =
            parts.next().is_some_and(|id| id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_hexdigit()));
        id && parts.next().is_some_and(|key| key.len() >= 44)
    };
    word && (text.starts_with("did:key:") || vkey())
}

/// Whether the first two lines have as many commas, semicolons or tabs, and no line a brace.
fn is_table(text: &str) -> bool {
    let mut lines = text.lines().filter(|line| !line.trim().is_empty() && !line.starts_with('#'));
    let (Some(first), Some(second)) = (lines.next(), lines.next()) else { return false };
    let same = |mark: char| {
        let count = first.matches(mark).count();
        count > 0 && count == second.matches(mark).count()
    };
    !first.contains(['{', '=']) && !second.contains(['{', '=']) && [',', ';', '\t'].into_iter().any(same)
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Packed(what, _) | Self::Document(what) => what,
            Self::WebPage => "a web page (HTML)",
            Self::Xml => "XML",
            Self::Utf16 => "UTF-16 text",
            Self::GitPointer => "a Git LFS pointer instead of the file",
            Self::GitConflict => "two versions that Git could not join",
            Self::PrivateKey => "a private key",
            Self::Pem => "a PEM file",
            Self::KeyName => "the name of a key",
            Self::Checkpoint => "a checkpoint of a log",
            Self::Entries => "entries of a ledger",
            Self::JsonArray => "a JSON array",
            Self::Table => "a table of values",
            Self::Binary => "bytes that are no text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_hand_over_is_told_by_its_first_bytes() {
        let tar = [&[b'a'; 100][..], &[0; 157], b"ustar\0"].concat();
        let utf16: Vec<u8> = "{\"a\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], &str); 26] = [
            (b"PK\x03\x04\x14\0", "a ZIP archive"),
            (b"\x1f\x8b\x08\0", "compressed by gzip"),
            (&tar, "a tar archive"),
            (b"%PDF-1.7\n", "a PDF document"),
            (b"\x89PNG\r\n\x1a\n\0", "a PNG picture"),
            (b"SQLite format 3\0", "an SQLite database"),
            (b"<!DOCTYPE html>\n<html>", "a web page (HTML)"),
            (b"\n  <HTML lang=en>", "a web page (HTML)"),
            (b"<?xml version=\"1.0\"?>", "XML"),
            (
                b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
                "a Git LFS pointer instead of the file",
            ),
            (b"<<<<<<< HEAD\na.example/x\n1\n", "two versions that Git could not join"),
            (b"\xff\xfe{\0", "UTF-16 text"),
            (&utf16, "UTF-16 text"),
            (b"-----BEGIN PRIVATE KEY-----\n", "a private key"),
            (b"-----BEGIN OPENSSH PRIVATE KEY-----\n", "a private key"),
            (b"-----BEGIN CERTIFICATE-----\n", "a PEM file"),
            (b"did:key:z6MkvGBMxrENdmBbMRpVzzXuHpBw4i5uLGpcV5p8rHsoeG4t\n", "the name of a key"),
            (b"a.example/x+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx\n", "the name of a key"),
            ("a.example/x\n1\nAAAA\n\n\u{2014} a.example/x AAAA\n".as_bytes(), "a checkpoint of a log"),
            (b"{\"n\":12,\"received\":\"2026", "entries of a ledger"),
            (b"[{\"type\":\"reading\"}]", "a JSON array"),
            (b" [\n  {\n", "a JSON array"),
            (b"[[1,2]]", "a JSON array"),
            (b"time;temperature\n1;4.2\n", "a table of values"),
            (b"time,device\r\n1,a\r\n", "a table of values"),
            (b"\x01\x02\x80\x90", "bytes that are no text"),
        ];
        for (head, expected) in cases {
            let found = FileKind::of(head).map(|kind| kind.to_string());
            assert_eq!(found.as_deref(), Some(expected), "{}", String::from_utf8_lossy(head));
        }
    }

    #[test]
    fn of_what_is_read_here_nothing_is_said() {
        for text in [
            "",
            "\n",
            "{\"type\":\"reading\"}\n",
            "\u{feff}{\"a\":1}",
            "{\"n\":1,\"proof\":{},\"received\":\"x\",\"record\":{}}",
            "contract = \"foil/1\"\n[parties.shipper]\nkey = \"a\"\n",
            "[parties.shipper]\nkey = \"a\"\n",
            "[[terms]]\nid = \"a\"\n",
            "# a comment, with a comma\n# and another, here\ntitle = \"x\"\n",
            "c2sp.org/tlog-proof@v1\nindex 1\n",
            "true\n",
            "4.2\n",
            "just words\n",
            "< 4.2\n",
            "{\"text\":\"caf\u{e9}\"}",
        ] {
            assert_eq!(FileKind::of(text.as_bytes()), None, "{text}");
        }
        let cut = "{\"text\":\"caf\u{e9}\"}".as_bytes();
        assert_eq!(FileKind::of(&cut[..13]), None, "the head may end within a character");
    }
}
