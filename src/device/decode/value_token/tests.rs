use super::*;

const COMMA: NumberForm = NumberForm { decimal: ',', thousands: Some('.') };

fn shown(token: &str, form: NumberForm) -> String {
    match read(token, "x", form) {
        ValueToken::Number(number, unit) => {
            format!("{}{}", Value::from(number), unit.map(|unit| format!(" {unit}")).unwrap_or_default())
        }
        ValueToken::Numbers(numbers) => {
            numbers.into_iter().map(|number| Value::from(number).to_canonical()).collect::<Vec<_>>().join(" ")
        }
        ValueToken::WithLetters(number, letters) => format!("{}+{letters}", Value::from(number)),
        ValueToken::Rounded(number, unit) => {
            format!("~{}{}", Value::from(number), unit.map(|unit| format!(" {unit}")).unwrap_or_default())
        }
        ValueToken::Plain(value) => value.to_canonical(),
        ValueToken::Text(text) => format!("{text:?}"),
        ValueToken::Unread => "?".to_owned(),
    }
}

#[test]
fn a_token_is_read_whole_or_not_at_all() {
    for (token, gives) in [
        ("21.50", "21.5"),
        ("-3", "-3"),
        ("+0012.34", "12.34"),
        ("1.20e3", "1200"),
        ("1.5E3", "1500"),
        ("5E3", "5000"),
        ("7.5e-2", "0.075"),
        ("-.5", "-0.5"),
        ("05.5", "5.5"),
        ("21.5C", "21.5 Cel"),
        ("40%", "40 /100"),
        ("3.3V", "3.3 V"),
        ("25°C", "25 Cel"),
        ("50mV", "50 mV"),
        ("1.2e3W", "1200 W"),
        ("64.4F", "64.4 degF"),
        ("nan", "null"),
        ("-NaN", "null"),
        ("---", "null"),
        ("--.-", "null"),
        ("OL", "null"),
        ("O.L", "null"),
        ("nanC", "null"),
        ("nan%", "null"),
        ("nano", "\"nano\""),
        ("0.L", "null"),
        (".OL", "null"),
        ("-OL.", "null"),
        ("1.#INF", "null"),
        ("-1.#IND", "null"),
        ("inf", "null"),
        ("N/A", "null"),
        ("TRUE", "true"),
        ("0066", "\"0066\""),
        ("1C", "\"1C\""),
        ("5A", "\"5A\""),
        ("0x1F", "\"0x1F\""),
        ("12:34:56", "\"12:34:56\""),
        ("192.168.1.5", "\"192.168.1.5\""),
        ("1.2.3", "\"1.2.3\""),
        ("2026-07-15", "\"2026-07-15\""),
        ("2026-07-15T10:00:00Z", "\"2026-07-15T10:00:00Z\""),
        ("a4:cf:12:05", "\"a4:cf:12:05\""),
        ("353431343439393939393939393939393939", "\"353431343439393939393939393939393939\""),
        ("open", "\"open\""),
        ("v1.2", "\"v1.2\""),
        ("0.1,0.2,9.8", "0.1 0.2 9.8"),
        ("1,2,3", "1 2 3"),
        ("0.1,0.2", "0.1 0.2"),
        ("21,5", "?"),
        ("1.234,56", "?"),
        ("1,234", "?"),
        ("1,234,567", "?"),
        ("1,234.5", "?"),
        ("2I.5", "?"),
        ("21.5x", "?"),
        ("3rd", "?"),
        ("1e400", "\"1e400\""),
        ("0.1000000000000000055", "~0.1"),
        ("+31.400000000000000001V", "~31.4 V"),
        ("31400000000000000001", "\"31400000000000000001\""),
        ("31.4.00000000000000000000001", "\"31.4.00000000000000000000001\""),
        ("5.5S", "5.5+S"),
        ("", "?"),
        ("2\u{0}1", "?"),
        ("+", "?"),
        (":A0", "?"),
        ("(x)", "?"),
    ] {
        assert_eq!(shown(token, NumberForm::default()), gives, "{token}");
    }
}

#[test]
fn decimal_commas_are_read_where_they_are_asked_for() {
    for (token, gives) in [
        ("21,5", "21.5"),
        ("-0,25", "-0.25"),
        ("1.234,56", "1234.56"),
        ("1.234", "1234"),
        ("1,234", "1.234"),
        ("21,5C", "21.5 Cel"),
        ("7", "7"),
        ("12.34", "?"),
        ("1234.567", "?"),
        ("1,2,3", "?"),
        ("1,234.5", "?"),
    ] {
        assert_eq!(shown(token, COMMA), gives, "{token}");
    }
    let unmarked = NumberForm { thousands: None, ..COMMA };
    for (token, gives) in [("1.234,56", "1234.56"), ("1.234", "?"), ("12.34", "?"), ("12.34,5", "?")] {
        assert_eq!(shown(token, unmarked), gives, "{token}");
    }
}

#[test]
fn a_comma_between_thousands_is_not_said_to_be_decimal() {
    let says = |number| {
        let hint = comma_hint(number);
        (hint.contains("decimal = "), hint.contains("thousands = "))
    };
    for number in ["21,5", "31,4159", "1234,567", "1.234,5"] {
        assert_eq!(says(number), (true, false), "{number}");
    }
    for number in ["31,415", "-31,415"] {
        assert_eq!(says(number), (true, true), "{number}");
    }
    for number in ["31,415.9", "3,141,592"] {
        assert_eq!(says(number), (false, true), "{number}");
    }
}
