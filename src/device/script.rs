//! Scripts for a simulated device: what it does, line by line.
//!
//! ```text
//! # comments and empty lines are passed over
//! send {"t":4.2}\r\n     text with \r \n \t \\ \xHH; nothing is added
//! file telegram.txt      the bytes of a file
//! wait 500ms
//! unplug 1s              gone for so long, then there again under a new name
//! ```

use std::{fmt::Write, path::PathBuf, time::Duration};

use crate::time::Span;

/// One line of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScriptStep {
    /// Send these bytes
    Send(Vec<u8>),
    /// Send the bytes of a file
    File(PathBuf),
    /// Send nothing for this long
    Wait(Duration),
    /// Be unplugged for this long
    Unplug(Duration),
}

/// Reads a script.
///
/// # Errors
/// If a line is none of these, with its number.
pub fn parse(text: &str) -> Result<Vec<ScriptStep>, String> {
    let mut steps = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let line = line.trim_start();
        if !line.is_empty() && !line.starts_with('#') {
            steps.push(step(line).map_err(|why| format!("line {}: {why}", at + 1))?);
        }
    }
    Ok(steps)
}

fn step(line: &str) -> Result<ScriptStep, String> {
    let (verb, argument) =
        line.split_once(' ').ok_or("wants send TEXT, file PATH, wait DURATION or unplug DURATION")?;
    let duration = || {
        Span::parse(argument.trim()).map(Span::to_std).ok_or_else(|| format!("{argument:?} is no duration"))
    };
    match verb {
        "send" => Ok(ScriptStep::Send(unescape(argument)?)),
        "file" => Ok(ScriptStep::File(PathBuf::from(argument.trim()))),
        "wait" => Ok(ScriptStep::Wait(duration()?)),
        "unplug" => Ok(ScriptStep::Unplug(duration()?)),
        _ => Err(format!("{verb:?} is none of send, file, wait, unplug")),
    }
}

/// Text with `\r`, `\n`, `\t`, `\\` and `\xHH`, as bytes.
///
/// # Errors
/// If there is another escape.
pub fn unescape(text: &str) -> Result<Vec<u8>, String> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('\\') {
        bytes.extend_from_slice(&rest.as_bytes()[..at]);
        let escape = rest[at + 1..].chars().next().ok_or("ends in a lone backslash")?;
        rest = &rest[at + 1 + escape.len_utf8()..];
        match escape {
            'r' => bytes.push(b'\r'),
            'n' => bytes.push(b'\n'),
            't' => bytes.push(b'\t'),
            '\\' => bytes.push(b'\\'),
            'x' => {
                let byte = rest.get(..2).and_then(|digits| u8::from_str_radix(digits, 16).ok());
                bytes.push(byte.ok_or("wants two hex digits after \\x")?);
                rest = &rest[2..];
            }
            other => return Err(format!("has the unknown escape \\{other}")),
        }
    }
    bytes.extend_from_slice(rest.as_bytes());
    Ok(bytes)
}

/// Bytes as text of ASCII, which [`unescape`] reads.
pub fn escaped(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(*byte)),
            _ => drop(write!(text, "\\x{byte:02x}")),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_step_and_no_other() {
        let steps =
            parse("# a cable that comes loose\n\nsend a=1\\r\\n\n  wait 20ms\nunplug 1s\nfile t 1.txt\n")
                .unwrap();
        let expected = [
            ScriptStep::Send(b"a=1\r\n".to_vec()),
            ScriptStep::Wait(Duration::from_millis(20)),
            ScriptStep::Unplug(Duration::from_secs(1)),
            ScriptStep::File("t 1.txt".into()),
        ];
        assert_eq!(steps, expected);
        assert_eq!(
            parse("wait 1s\nexplode now").unwrap_err(),
            "line 2: \"explode\" is none of send, file, wait, unplug"
        );
        assert!(parse("wait soon").is_err() && parse("send").is_err() && parse("send \\q").is_err());
    }

    #[test]
    fn every_byte_is_escaped_so_that_it_is_read_again() {
        let all: Vec<u8> = (0..=255).collect();
        assert!(escaped(&all).bytes().all(|byte| (b' '..=b'~').contains(&byte)));
        assert_eq!(unescape(&escaped(&all)).unwrap(), all);
        assert_eq!(escaped(b"a\r\n\xb0\\"), r"a\r\n\xb0\\");
    }

    #[test]
    fn escapes() {
        assert_eq!(unescape(r"/?!\r\n\x00\\é").unwrap(), b"/?!\r\n\0\\\xc3\xa9");
        for bad in [r"\x0", "\\", r"\q", "\\xé"] {
            assert!(unescape(bad).is_err(), "{bad}");
        }
    }
}
