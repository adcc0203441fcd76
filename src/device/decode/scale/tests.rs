use super::*;

fn read(line: &str) -> String {
    let decoded = DECODER.readings(line.as_bytes()).map(|mut bodies| bodies.remove(0));
    decoded.map_or_else(
        |bad| bad.fault.as_str().to_owned(),
        |body| format!("{} {}", body.values, body.values.units_to_canonical()),
    )
}

/// The same with what was not understood.
fn read_all(line: &str) -> String {
    let body = DECODER.readings(line.as_bytes()).map(|mut bodies| bodies.remove(0));
    let kept = body.map(|body| format!(" {}", body.undecoded)).unwrap_or_default();
    read(line) + &kept
}

#[test]
fn the_lines_of_common_balances() {
    for (line, gives) in [
        ("ST,+00123.45  g", r#"{"stable":true,"weight":123.45} {"weight":"g"}"#),
        ("QT,+00012345 PC", r#"{"count":12345,"stable":true} {"count":"count"}"#),
        ("ST,+000123.4  %", r#"{"stable":true,"weight_percent":123.4} {"weight_percent":"/100"}"#),
        ("OL,+999999.9  g", r#"{"overload":true,"weight":null} {}"#),
        ("US,NT,- 0012.5,kg", r#"{"net":true,"stable":false,"weight":-12.5} {"weight":"kg"}"#),
        ("ST,GS,+  1.234kg", r#"{"net":false,"stable":true,"weight":1.234} {"weight":"kg"}"#),
        ("ST,TR,+  1.234kg", r#"{"stable":true,"tare":1.234} {"tare":"kg"}"#),
        ("S S     12.34 g", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("S S     -0.34 g", r#"{"stable":true,"weight":-0.34} {"weight":"g"}"#),
        ("S +", r#"{"overload":true,"weight":null} {}"#),
        ("S -", r#"{"underload":true,"weight":null} {}"#),
        ("N     +  12.34 g  ", r#"{"net":true,"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("N     +  12.3[4] g", r#"{"net":true,"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("G     -  12.34", r#"{"net":false,"stable":false,"weight":-12.34} {}"#),
        ("Stat       High", r#"{"overload":true,"weight":null} {}"#),
        ("+   123.56 g", r#"{"weight":123.56} {"weight":"g"}"#),
        ("     12.72 g    ?", r#"{"stable":false,"weight":12.72} {"weight":"g"}"#),
        ("      0.211 kg ? NET", r#"{"net":true,"stable":false,"weight":0.211} {"weight":"kg"}"#),
        ("? -     0.002 g", r#"{"stable":false,"weight":-0.002} {"weight":"g"}"#),
        ("   192.21 g N", r#"{"net":true,"weight":192.21} {"weight":"g"}"#),
        ("   207.80 g   TOTAL", r#"{"weight_total":207.8} {"weight_total":"g"}"#),
        ("  3 PCS", r#"{"count":3} {"count":"count"}"#),
        ("  9.81 N", r#"{"force":9.81} {"force":"N"}"#),
        ("wn0012.34kg", r#"{"net":true,"weight":12.34} {"weight":"kg"}"#),
        ("WN-0012.34kg", r#"{"net":true,"weight":-12.34} {"weight":"kg"}"#),
        ("G/W   12.34 kg", r#"{"net":false,"weight":12.34} {"weight":"kg"}"#),
        ("N/W   -1.25 kg", r#"{"net":true,"weight":-1.25} {"weight":"kg"}"#),
        ("T/W    0.5 kg", r#"{"tare":0.5} {"tare":"kg"}"#),
        ("WT,+00012.34  g", r#"{"weight":12.34} {"weight":"g"}"#),
        ("Weight: 12.34 g", r#"{"weight":12.34} {"weight":"g"}"#),
        ("TA A   12.34 g", r#"{"tare":12.34} {"tare":"g"}"#),
    ] {
        assert_eq!(read(line), gives, "{line}");
    }
}

#[test]
fn known_codes_in_another_order_or_with_other_blanks() {
    for (line, gives) in [
        ("G  12.34 kg", r#"{"net":false,"weight":12.34} {"weight":"kg"}"#),
        ("N 12.34 g", r#"{"net":true,"weight":12.34} {"weight":"g"}"#),
        ("N         12.34 g", r#"{"net":true,"weight":12.34} {"weight":"g"}"#),
        ("N+12.34 g", r#"{"net":true,"weight":12.34} {"weight":"g"}"#),
        ("G- 12.34 kg", r#"{"net":false,"weight":-12.34} {"weight":"kg"}"#),
        ("T 1.2 kg", r#"{"tare":1.2} {"tare":"kg"}"#),
        ("12.34 g S", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("S    -12.34 g", r#"{"stable":true,"weight":-12.34} {"weight":"g"}"#),
        ("S - 12.34 g", r#"{"stable":true,"weight":-12.34} {"weight":"g"}"#),
        ("SD    12.34 g", r#"{"stable":false,"weight":12.34} {"weight":"g"}"#),
        ("S  S  12.34 g", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("S\tD\t12.34\tg", r#"{"stable":false,"weight":12.34} {"weight":"g"}"#),
        ("ST 12.34 g", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("ST,GS 12.34 g", r#"{"net":false,"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("US NT - 12.34 kg", r#"{"net":true,"stable":false,"weight":-12.34} {"weight":"kg"}"#),
        ("ST,GS   1.000KG", r#"{"net":false,"stable":true,"weight":1} {"weight":"kg"}"#),
        ("TW 0.2 kg", r#"{"tare":0.2} {"tare":"kg"}"#),
        ("ST;GS;+12.34;kg", r#"{"net":false,"stable":true,"weight":12.34} {"weight":"kg"}"#),
        ("12.34 kg,GS,ST", r#"{"net":false,"stable":true,"weight":12.34} {"weight":"kg"}"#),
        ("Net: 12.34 g", r#"{"net":true,"weight":12.34} {"weight":"g"}"#),
        ("Gross:12.34kg", r#"{"net":false,"weight":12.34} {"weight":"kg"}"#),
        ("12.34g?", r#"{"stable":false,"weight":12.34} {"weight":"g"}"#),
        ("ST,\u{a0}12.34\u{202f}g", r#"{"stable":true,"weight":12.34} {"weight":"g"}"#),
        ("OL kg", r#"{"overload":true,"weight":null} {}"#),
        ("G OL", r#"{"net":false,"overload":true,"weight":null} {}"#),
    ] {
        assert_eq!(read(line), gives, "{line}");
    }
}

#[test]
fn letters_right_behind_a_number_are_a_unit_only_where_the_line_says_so() {
    for (line, gives) in [
        ("   7.25G", r#"{"weight":7.25} {} {"weight":"7.25G"}"#),
        ("7.25GN", r#"{"weight":7.25} {} {"weight":"7.25GN"}"#),
        ("ST,+0007.25G", r#"{"stable":true,"weight":7.25} {} {"weight":"ST,+0007.25G"}"#),
        ("7.25N", r#"{"weight":null} {} {"weight":"7.25N"}"#),
        ("7.25T", r#"{"weight":null} {} {"weight":"7.25T"}"#),
        ("ST,GS,+0007.25G", r#"{"net":false,"stable":true,"weight":7.25} {"weight":"g"} {}"#),
        ("7.25G N", r#"{"net":true,"weight":7.25} {"weight":"g"} {}"#),
        ("7.25g", r#"{"weight":7.25} {"weight":"g"} {}"#),
        ("7.25t", r#"{"weight":7.25} {"weight":"t"} {}"#),
        ("7.25KG", r#"{"weight":7.25} {"weight":"kg"} {}"#),
        ("+   7.256 GN", r#"{"weight":7.256} {"weight":"gn"} {}"#),
        ("7.25 Mg", "syntax"),
        ("7.25n", "syntax"),
        ("7.25M", "syntax"),
        ("1G 7.25 kg", "syntax"),
    ] {
        assert_eq!(read_all(line), gives, "{line}");
    }
}

#[test]
fn between_stx_and_etx_the_letters_say_what_the_weight_is() {
    for (line, gives) in [
        ("\u{2}    7.25G\u{3}", r#"{"net":false,"weight":7.25} {} {}"#),
        ("\u{2}-   7.25N\u{3}\r", r#"{"net":true,"weight":-7.25} {} {}"#),
        ("\u{2}    7.25M", r#"{"stable":false,"weight":7.25} {} {}"#),
        ("\u{2}  99.25O\u{3}", r#"{"overload":true,"weight":null} {} {}"#),
        ("\u{2} ------U\u{3}", r#"{"underload":true,"weight":null} {} {}"#),
        ("\u{2}    7.25E\u{3}", r#"{"weight":null} {} {"weight":"7.25E"}"#),
        ("\u{2}    7 25G\u{3}", r#"{"net":false,"weight":null} {} {"weight":"7 25G"}"#),
        ("\u{2}    7.25G Z- kg\u{3}", r#"{"net":false,"stable":true,"weight":7.25} {"weight":"kg"} {}"#),
        ("\u{2}-   7.25NM -   \u{3}", r#"{"net":true,"stable":false,"weight":-7.25} {} {}"#),
        ("\u{2}ST,GS,+  7.25kg\u{3}", r#"{"net":false,"stable":true,"weight":7.25} {"weight":"kg"} {}"#),
        ("\u{2}    7.25 g\u{3}", r#"{"weight":7.25} {"weight":"g"} {}"#),
    ] {
        assert_eq!(read_all(line), gives, "{line}");
    }
    let glued = DECODER.readings(b"\x02    7.25G\x03\x02-   0.50N\x03").unwrap();
    let shown: Vec<_> = glued.iter().map(|body| body.values.to_canonical()).collect();
    assert_eq!(shown, [r#"{"net":false,"weight":7.25}"#, r#"{"net":true,"weight":-0.5}"#]);
}

#[test]
fn what_balances_say_instead_of_a_weight_or_beside_it() {
    for (line, gives) in [
        ("OL,-99999.9  g", r#"{"underload":true,"weight":null} {} {}"#),
        ("OL,+99999.9  g", r#"{"overload":true,"weight":null} {} {}"#),
        ("OL,-7.5 g", r#"{"overload":true,"weight":null} {} {}"#),
        ("S L", "noise"),
        ("SI A", "noise"),
        ("SI+", r#"{"overload":true,"weight":null} {} {}"#),
        ("SI-", r#"{"underload":true,"weight":null} {} {}"#),
        ("SD-   7.25 g", r#"{"stable":false,"weight":-7.25} {"weight":"g"} {}"#),
        ("S+   7.25 g", r#"{"stable":true,"weight":7.25} {"weight":"g"} {}"#),
        ("SI ?        7.25 kg", r#"{"stable":false,"weight":7.25} {"weight":"kg"} {}"#),
        ("SI 7.25 g", r#"{"weight":7.25} {"weight":"g"} {}"#),
        ("SI D      7.25 g", r#"{"stable":false,"weight":7.25} {"weight":"g"} {}"#),
        ("SI ^        0.000 kg", r#"{"overload":true,"weight":null} {} {}"#),
        ("+ ~~~~~~~~GN", r#"{"weight":null} {} {"weight":"+ ~~~~~~~~GN"}"#),
        ("--------", r#"{"weight":null} {} {"weight":"--------"}"#),
        ("  ------  g", r#"{"weight":null} {} {"weight":"------  g"}"#),
        ("--------------------", "noise"),
        ("Qnt   +      31 pcs", r#"{"count":31,"stable":true} {"count":"count"} {}"#),
        ("Prc   -   12.50 %", r#"{"stable":true,"weight_percent":-12.5} {"weight_percent":"/100"} {}"#),
        ("Prc   +   12.50", r#"{"stable":false,"weight_percent":12.5} {} {}"#),
        ("   2 lb 03.5 oz", r#"{"weight":null} {} {"weight":"2 lb 03.5 oz"}"#),
        ("2lb 3.5oz", r#"{"weight":null} {} {"weight":"2lb 3.5oz"}"#),
        ("ST,OK,+0007.25 kg", r#"{"comparator":"OK","stable":true,"weight":7.25} {"weight":"kg"} {}"#),
        ("US,--,+0007.25 kg", r#"{"comparator":null,"stable":false,"weight":7.25} {"weight":"kg"} {}"#),
        ("HI,+0007.25 kg", "syntax"),
    ] {
        assert_eq!(read_all(line), gives, "{line}");
    }
}

#[test]
fn codes_that_deny_each_other_or_may_be_units_leave_no_weight() {
    for (line, gives) in [
        ("G 12.34 kg N", r#"{"net":false,"weight":null} {}"#),
        ("12.34 g S ?", r#"{"stable":true,"weight":null} {}"#),
        ("ST 12.34g?", r#"{"stable":true,"weight":null} {}"#),
        ("N 12.34 g foo", r#"{"net":true,"weight":null} {}"#),
        ("G 12.34", "syntax"),
        ("N 12.34", "syntax"),
        ("S 12.34", "syntax"),
        ("12.34 S", "syntax"),
        ("D 12.34 g", "syntax"),
        ("12.34 g D", "syntax"),
        ("1G 12.34 kg", "syntax"),
        ("12:34 g", "syntax"),
        ("S S", "noise"),
        ("N", "noise"),
    ] {
        assert_eq!(read(line), gives, "{line}");
    }
}

#[test]
fn a_part_that_is_not_understood_leaves_what_the_codes_say() {
    for (line, gives) in [
        ("ST,12.34 stones", r#"{"stable":true,"weight":null} {}"#),
        ("ST,+1C g", r#"{"stable":true,"weight":null} {}"#),
        ("ST,5E3 g", r#"{"stable":true,"weight":null} {}"#),
        ("ST,--1 g", r#"{"stable":true,"weight":null} {}"#),
        ("US,NT,", r#"{"net":true,"stable":false,"weight":null} {}"#),
        ("ST,GX,+0012.34 g", r#"{"stable":true,"weight":null} {}"#),
        ("S S     12.34 g TARX", r#"{"stable":true,"weight":null} {}"#),
    ] {
        assert_eq!(read(line), gives, "{line}");
    }
    let body = DECODER.readings(b"XT,GS,+0012.34 g").unwrap().remove(0);
    assert_eq!(body.undecoded.str("weight"), Some("XT,GS,+0012.34 g"));
    assert_eq!(body.values.to_canonical(), r#"{"net":false,"weight":null}"#);
}

#[test]
fn a_decimal_comma_is_said_to_be_one() {
    for line in ["12,34 g", "+0012,34kg"] {
        let bad = DECODER.readings(line.as_bytes()).unwrap_err();
        assert!(bad.detail.contains("12,34") && bad.detail.contains("decimal = \",\""), "{line}: {bad}");
    }
    let bad = DECODER.readings(b"12.34 g, 5").unwrap_err();
    assert!(!bad.detail.contains("decimal"), "{bad}");
}

#[test]
fn what_is_no_weight_is_none() {
    for (line, fault) in [
        ("S I", "noise"),
        ("wnd: 5 g", "syntax"),
        ("7.25 g H", "syntax"),
        ("L 7.25 kg", "syntax"),
        ("TA I", "noise"),
        ("ES", "noise"),
        ("", "noise"),
        ("Stat   ERR 54", "syntax"),
        ("12.34 g TOTAL MIN", "syntax"),
        ("XX,12.34 g", "syntax"),
        ("12,34 g", "syntax"),
        ("12.34 g 5", "syntax"),
        ("5E3 g", "syntax"),
        ("ST", "noise"),
        ("N      ERR", "noise"),
    ] {
        assert_eq!(read(line), fault, "{line}");
    }
}
