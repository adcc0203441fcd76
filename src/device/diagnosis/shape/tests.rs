use super::*;

fn format_of(bytes: impl AsRef<[u8]>) -> Option<&'static str> {
    of(bytes.as_ref()).map(|shape| shape.format)
}

#[test]
fn each_format_shows_by_its_shape() {
    let hex = |digits: &str| hex::decode(digits.replace(' ', "")).unwrap();
    let shown: &[(&str, Vec<u8>)] = &[
        ("sml", hex("00 1b1b1b1b 01010101 7605")),
        ("ocmf", b"OCMF|{\"FV\":\"1.0\"}|{\"SD\":\"30\"}".to_vec()),
        ("glo", hex("db 08 5341475901020304 82 01f2 30 00000001 4e5a")),
        ("glo", hex("68 fa fa 68 53 ff 00 01 67 db 08 4b464d1020027d6f 81 f8 20 00002388")),
        ("tic", b"\x02\nBASE 004321987 -\r\nPAPP 00410 &\r\x03".to_vec()),
        ("tic", b"\x02\nEAST\t004321987\t1\r\nSINSTS\t00410\tK\r\x03".to_vec()),
        ("vedirect", b"\r\nPID\t0xA060\r\nV\t13120\r\nChecksum\tr:A0102000543\n".to_vec()),
        ("iec62056", b"/LAB5MT174-0001\r\n\x021-0:1.8.0*255(004321.987*kWh)\r\n!\r\n\x03\x1f".to_vec()),
        ("iec62056", b"/LAB5x\r\n\r\n1-0:1.8.0*255(004321.987*kWh)\r\n!\r\n".to_vec()),
        ("iec62056", b"/LAB5x\r\n1.8.0(004321.987*kWh)\r\n0.0.0(12)\r\n!\r\n".to_vec()),
        ("dsmr", b"/FOI5SIM\r\n\r\n1-0:1.8.1(004426.000*kWh)\r\n!ABCD\r\n".to_vec()),
        ("nmea", b"noise\r\n\\s:a*00\\$GPHDT,1,T*2A\r\n".to_vec()),
        ("nmea", b"$GPHDT,1,T\n$GPHDT,2,T\n".to_vec()),
        ("nmea", b"!AIVDM,1,1,,A,x,0\n$GPHDT,2,T\n".to_vec()),
        ("mbus", hex("00 68 03 03 68 08 01 72 7b 16")),
        ("dlms", hex("7e a0 08 01 02 03 04 05 06 7e")),
        ("json", b"boot\n{\"t\": 4}\n[info] {\"t\" :5} ok\n".to_vec()),
        ("json", b"{\n  \"a\": 1,\n  \"b\": 2\n}\n".to_vec()),
        ("scale", b"ST,GS,+0012.34 g\r\nUS,NT,-1.2kg\r\nOL\r\n".to_vec()),
        ("scale", b"S S      12.34 g\r\nS D      12.30 g\r\n".to_vec()),
        ("text", b"Temperature: 21.50 C, Humidity: 40.2 %\r\n".to_vec()),
        ("text", b"a=1\rb=2\rc(ppm):3\r".to_vec()),
        ("csv", b"time,t,h\n1,21.5,40\n2,21.6,41\n3,21.6,41\n".to_vec()),
        ("csv", b"CPS, 2, CPM, 31, uSv/hr, 0.15, SLOW\r\nCPS, 1, CPM, 30, uSv/hr, 0.15, SLOW\r\n".to_vec()),
        ("text", b"0R1,Dm=036D,Sm=1.5M\r\n0R1,Dm=037D,Sm=1.5M\r\n".to_vec()),
        ("modbus", hex("01 04 00 00 00 01 31 ca 01 04 02 00 2a 38 ef")),
    ];
    for (format, bytes) in shown {
        assert_eq!(format_of(bytes), Some(*format), "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn what_has_no_shape_gets_none() {
    for bytes in [
        &b""[..],
        b"Hello\r\nready\r\n> ",
        b"rst:0x1 (POWERON_RESET),boot:0x13 (SPI_FAST_FLASH_BOOT)\r\n",
        b"/usr/local/bin\r\n1.8.0 is a version (old)\r\n",
        b"\x02\nBASE 004321987 X\r\nPAPP 00410 X\r\x03",
        b"$5, please*00\n",
        b"12:30:01 start\n12:30:02 end\n",
        &[0x68, 3, 3, 0x68, 8, 1, 0x72, 0x7c, 0x16],
        &[1, 4, 2, 0, 0x2a, 0x38, 0xee],
        &[0x7e, 0xa0, 9, 1, 2, 3, 4, 5, 6, 7],
    ] {
        assert_eq!(format_of(bytes), None, "{}", String::from_utf8_lossy(bytes));
    }
}

#[test]
fn long_text_is_no_proof_by_chance() {
    let text = (0..2_000).fold(String::new(), |text, at| {
        format!("{text}Temperature: {}.{} C, H: {} %\r\n", at % 40, at % 10, at)
    });
    assert_eq!(format_of(text), Some("text"));
}

#[test]
fn bytes_of_chance_have_no_shape() {
    let mut state = 1u64;
    let mut byte = move || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_le_bytes()[3]
    };
    let shown = (0..200).filter_map(|_| format_of((0..4_096).map(|_| byte()).collect::<Vec<_>>()));
    let shown: Vec<_> = shown.collect();
    assert!(shown.len() <= 4, "{shown:?}");
}

#[test]
fn decimal_commas_are_told_from_lists() {
    assert!(has_decimal_commas(b"t: 21,5 C, m: 40,2 %\ne: 1.234,56 kWh\ne: 1,234 W\n"));
    for other in
        [&b"t: 21.5, m: 40.2\n"[..], b"xyz=1,2,3\n", b"a=1,b=2\n", b"a=1;b=2\n", b"a: 1, 2\n", b"1,5\n", b""]
    {
        assert!(!has_decimal_commas(other), "{}", String::from_utf8_lossy(other));
    }
}
