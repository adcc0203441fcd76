use super::{LikelyCause::*, *};

const BY_LINES: ReadingWay =
    ReadingWay { format: Some("text"), data_bits: 8, by_lines: true, sent: b"", too_long: None };

fn of(bytes: impl AsRef<[u8]>, way: &ReadingWay) -> Vec<LikelyCause> {
    let mut sample = ByteSample::default();
    sample.add(bytes.as_ref());
    causes(&sample, way)
}

/// The causes of bytes that are read as text, in short.
fn short(bytes: impl AsRef<[u8]>) -> String {
    let words = of(bytes, &BY_LINES).into_iter().map(|cause| match cause {
        OtherFormat(shape) => shape.format.to_owned(),
        SevenBits(mode) => mode.to_string(),
        other => format!("{other:?}"),
    });
    words.collect::<Vec<_>>().join(" ")
}

fn even(text: &str) -> Vec<u8> {
    text.bytes().map(|byte| byte | if byte.count_ones() % 2 == 0 { 0 } else { 0x80 }).collect()
}

#[test]
fn a_shape_beats_a_guess() {
    assert_eq!(short(b"\x02\nBASE 004321987 -\r\nPAPP 00410 &\r\x03"), "tic");
    assert_eq!(short([&[0xff; 90][..], &[0x1b, 0x1b, 0x1b, 0x1b, 1, 1, 1, 1]].concat()), "sml");
    assert_eq!(short([0xff; 90]), "WrongSpeed");
    assert_eq!(short([0; 90]), "WrongSpeed");
    assert_eq!(short([0xff; 9]), "", "too few to tell");
}

#[test]
fn parity_is_taken_off_before_the_shape_is_looked_at() {
    let telegram = even("/LAB5\\2CASE-0042\r\n\r\n1-0:1.8.1(04321.987*kWh)\r\n!\r\n");
    assert_eq!(short(&telegram), "7E1 dsmr");
    let as_dsmr = ReadingWay { format: Some("dsmr"), ..BY_LINES };
    assert_eq!(of(&telegram, &as_dsmr), [SevenBits("7E1".parse().unwrap())]);
    let seven = ReadingWay { data_bits: 7, ..as_dsmr };
    assert!(of(&telegram, &seven).iter().all(|cause| !matches!(cause, SevenBits(_))));
}

#[test]
fn parity_shows_in_objects_whose_names_are_cut_by_it() {
    for line in ["{\"temp\":21.5,\"hum\":47}\r\n", "{\"t\":1}\r\n"] {
        let as_json = ReadingWay { format: Some("json"), ..BY_LINES };
        assert_eq!(of(even(&line.repeat(5)), &as_json), [SevenBits("7E1".parse().unwrap())], "{line}");
    }
}

#[test]
fn rows_without_names_ask_for_them() {
    let as_csv = ReadingWay { format: Some("csv"), ..BY_LINES };
    assert_eq!(short(b"1,20,3\n2,21,3\n3,22,4\n"), "csv NoColumnNames(3)");
    assert_eq!(of(b"1;20;open\n2;21;shut\n3;22;shut\n", &as_csv), [NoColumnNames(3)]);
    assert_eq!(of(b"n,t,h\n1,20,3\n2,21,3\n3,22,4\n", &as_csv), []);
    assert_eq!(short(b"t,20,h,3\nt,21,h,3\nt,21,h,4\n"), "csv");
}

#[test]
fn the_form_of_lines_shows() {
    assert_eq!(short(b"a=1\ra=2\ra=3\r"), "CarriageReturns");
    assert_eq!(short(b"{\"a\":1}\r{\"a\":2}\r"), "CarriageReturns json");
    assert_eq!(short(b"a=1\r\na=2\r\n"), "", "the format in use");
    assert_eq!(short([b'.'; 500]), "NoLineEnd");
    assert_eq!(short([b'.'; 100]), "");
    assert_eq!(short(b"t: 21,5 C\nt: 21,6 C\n"), "DecimalCommas");
    assert_eq!(short(b"e: 31,415 Wh\ne: 31,416 Wh\n"), "UnsureCommas");
    assert_eq!(short(b"e: 0,415 Wh\ne: 0,416 Wh\n"), "DecimalCommas");
    assert_eq!(short(even("name: 1234567 rooms: 7654321\rname: 1234567 rooms: 7\r")), "7E1 CarriageReturns");
}

#[test]
fn what_the_format_in_use_lacks_is_named() {
    let with =
        |format, bytes: &[u8]| of(bytes, &ReadingWay { format: Some(format), by_lines: false, ..BY_LINES });
    assert_eq!(with("vedirect", b"\r\nPID\t0xA060\r\nV\t13120\r\n"), [NoChecksumField]);
    assert_eq!(with("tic", b"\nBASE 004321987 -\r\nPAPP 00410 &\r"), [NoFrameMarks]);
    assert_eq!(with("tic", b"\x02\nBASE 004321987 -\r\nPAPP 00410 &\r"), []);
    assert_eq!(with("dsmr", b"/FOI5SIM\r\r1-0:1.8.1(004426.000*kWh)\r!\r"), [TelegramReturns]);
}

#[test]
fn objects_over_several_lines_want_silence_as_their_end() {
    assert_eq!(short(b"{\n  \"t\": 1,\n  \"h\": 2\n}\n"), "json SpreadObjects");
    assert_eq!(short(b"{\"t\": 1}\n{\"h\": 2}\n"), "json");
}

#[test]
fn a_line_over_the_limit_is_not_one_without_an_end() {
    let line = [&[b'.'; 9_000][..], b"\n"].concat();
    let way = ReadingWay { too_long: Some(9_000), ..BY_LINES };
    assert_eq!(of(&line, &way), [TooLong(9_000)]);
    assert_eq!(of(&line[..9_000], &way), [NoLineEnd], "no end at all");
    assert_eq!(of(&line, &BY_LINES), [], "it ends, and is bad otherwise");
}

#[test]
fn nothing_and_an_echo_are_told_apart() {
    assert_eq!(short(b""), "Silence");
    let asked = ReadingWay { sent: b"/?!\r\n", ..BY_LINES };
    assert_eq!(of(b"/?!\r\n/?!\r", &asked), [Echo]);
    assert_eq!(of(b"/?!\r\na=1\r\n", &asked), []);
}

#[test]
fn latin_1_signs_are_no_garbage() {
    assert!(!is_garbage(b"warmth=19.8 \xb0C\r\n"));
    assert!(!is_garbage("Wärme=19.8 °C\r\n".as_bytes()));
    assert!(is_garbage(b"\xf8\x80\x78\x00\xf8\x80\x78\x00"));
}

#[test]
fn lists_and_clocks_have_no_decimal_commas() {
    for line in [
        "temp=21.5,21.6,21.7",
        "temp=21.5,21.6",
        "12:30:05,21.5",
        "12:30:05,21",
        "2026-03-01 06:00:00,21.5,40",
        "2026-03-01 06:00:00,21",
    ] {
        assert!(!shape::has_decimal_commas(format!("{line}\n{line}\n").as_bytes()), "{line}");
    }
    for line in ["t: 21,5 C", "T1:21,5", "T10=21,5", "e: 1.234,567", "t=-0,5.", "at 12:30:05 t=21,5"] {
        assert!(shape::has_decimal_commas(format!("{line}\n{line}\n").as_bytes()), "{line}");
    }
}
