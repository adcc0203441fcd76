use super::*;
use crate::device::decode::Decoder;

/// The framing of P1 ports, as the example of one that a format has for itself.
fn telegram() -> Framing {
    Decoder::named("dsmr").unwrap().framing.clone()
}

/// Every frame of some bytes, as text, with the end of the input.
fn frames(framing: &str, max: usize, chunks: &[&[u8]]) -> Vec<String> {
    let framing = if framing == "telegram" { telegram() } else { framing.parse().unwrap() };
    let mut framer = Framer::new(framing, max);
    let mut found = Vec::new();
    let mut note = |frame: Frame| {
        found.push(match frame {
            Frame::Whole(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            Frame::Tail(bytes) => format!("tail {}", String::from_utf8_lossy(bytes)),
            Frame::TooLong(bytes) => format!("long {bytes}"),
            Frame::Stray(bytes) => format!("stray {bytes}"),
            Frame::Malformed(bytes) => format!("malformed {bytes}"),
        });
    };
    for chunk in chunks {
        framer.push(chunk, &mut note);
    }
    framer.finish(&mut note);
    found
}

#[test]
fn lines_without_their_noise() {
    let found = frames("line", 100, &[b"\0\0one\r\n\n\r", b"\ntw", b"o\nhalf"]);
    assert_eq!(found, ["one", "two", "tail half"]);
}

#[test]
fn a_line_of_exactly_the_limit_passes_and_one_more_byte_does_not() {
    assert_eq!(frames("line", 4, &[b"1234\n12345\n12\n"]), ["1234", "long 5", "12"]);
    assert_eq!(frames("line", 4, &[b"12", b"34", b"\n1", b"23", b"45\n12\n"]), ["1234", "long 5", "12"]);
    assert_eq!(frames("line", 4, &[b"123456"]), ["long 6"]);
}

#[test]
fn a_delimiter_is_found_across_chunks_and_behind_too_long_frames() {
    assert_eq!(frames("delim:0d0a", 8, &[b"one\r", b"\ntwo\rx\r\n"]), ["one", "two\rx"]);
    assert_eq!(frames("delim:0d0a", 3, &[b"one\r\nfour\r\nsix\r\n"]), ["one", "long 4", "six"]);
    assert_eq!(frames("delim:7c", 9, &[b"a|b|rest"]), ["a", "b", "stray 4"]);
}

#[test]
fn lengths_and_silence() {
    assert_eq!(frames("len:3", 100, &[b"abcde", b"fg"]), ["abc", "def", "stray 1"]);
    let mut framer = Framer::new("idle:20".parse().unwrap(), 100);
    let mut found = Vec::new();
    framer.push(b"ab", &mut |_| panic!("no silence yet"));
    framer.silence(&mut |frame| found.push(frame == Frame::Whole(b"ab")));
    framer.silence(&mut |_| panic!("nothing since"));
    assert_eq!(found, [true]);
}

#[test]
fn coded_frames() {
    assert_eq!(frames("cobs", 100, &[b"\x03ab\x02c\0\0\x09x\0"]), ["ab\0c", "malformed 2"]);
    assert_eq!(frames("slip", 100, &[b"\xc0ab\xdb\xddc\xc0\xdb\xc0"]).len(), 2);
    assert_eq!(frames("slip", 4, &[b"abcdefg\xc0ok\xc0"]), ["long 7", "ok"]);
}

#[test]
fn telegrams_begin_anew_at_every_line_that_begins_with_a_slash() {
    let found = frames(
        "telegram",
        100,
        &[b"0*kWh)\r\n!12\r\n/A\r\n1(2)\r\n!AB", b"CD\r\n\r\n/B\r\n1(km/h)\r\n/C\r\n!\r\n"],
    );
    assert_eq!(found, ["stray 13", "/A\r\n1(2)\r\n!ABCD\r\n", "stray 13", "/C\r\n!\r\n"]);
    assert_eq!(
        frames("telegram", 8, &[b"/A\r\n1(2)1(2)1(2)\r\n!\r\n/B\r\n!\r\n"]),
        ["long 21", "/B\r\n!\r\n"]
    );
    assert_eq!(
        frames("telegram", 8, &[b"x\n/A\r\n1(2)1(2)\r\n!\r\n/A\r\n1(2)", b"1(2)\r\n!\r\n"]),
        ["stray 2", "long 17", "long 17"],
        "each by itself"
    );
    assert_eq!(frames("telegram", 100, &[b"/A\r\n!12"]), ["tail /A\r\n!12"]);
}

#[test]
fn framings_are_written_as_they_are_read() {
    for text in ["line", "delim:0d0a", "len:12", "idle:20", "cobs", "slip"] {
        assert_eq!(text.parse::<Framing>().unwrap().to_string(), text);
    }
    for text in ["delim:", "delim:0", "len:0", "len:99999", "idle:0", "telegram", "line:1", ""] {
        assert!(text.parse::<Framing>().is_err(), "{text}");
    }
}
