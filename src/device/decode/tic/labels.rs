//! What each label means. Names are the meter's own.

use std::borrow::Cow;

use crate::{
    device::{
        dating::DEVICE_TIME,
        decode::{decimal, token},
    },
    json::{JsonText, Value},
    record::reading::{PartDate, ReadingBody},
    time::Zone,
};

use super::{date::TicDate, group::Group};

/// Labels of numbers, by unit and digits. Of a label that ends in `*` all that begin so are meant.
const MEASURED: &[(&str, usize, &[&str])] = &[
    (
        "Wh",
        9,
        &["BASE", "HCHC", "HCHP", "EJPHN", "EJPHPM", "BBRHC*", "BBRHP*", "EAST", "EASF*", "EASD*", "EAIT"],
    ),
    ("varh", 9, &["ERQ*"]),
    ("VA", 5, &["PAPP", "SINSTS*", "SINSTI", "SMAXSN*", "SMAXIN*"]),
    ("kVA", 2, &["PREF", "PCOUP"]),
    ("W", 5, &["PMAX", "CCASN*", "CCAIN*"]),
    ("A", 2, &["ISOUSC"]),
    ("A", 3, &["IINST*", "IMAX*", "ADPS", "ADIR*", "IRMS*"]),
    ("V", 3, &["URMS*", "UMOY*"]),
    ("min", 2, &["PEJP"]),
];

/// Labels of identifiers, codes and messages, which stay text, by their characters; `None`: words for people, which blanks fill.
const TEXTS: &[(Option<usize>, &[&str])] = &[
    (Some(1), &["HHPHC"]),
    (Some(2), &["PPOT", "VTIC", "DPM*", "FPM*", "NTARF", "NJOURF*"]),
    (Some(3), &["RELAIS"]),
    (Some(4), &["OPTARIF", "PTEC", "DEMAIN"]),
    (Some(6), &["MOTDETAT"]),
    (Some(8), &["STGE"]),
    (Some(12), &["ADCO", "ADSC"]),
    (Some(14), &["PRM"]),
    (Some(98), &["PJOURF*", "PPOINTE*"]),
    (None, &["NGTF", "LTARF", "MSG*"]),
];

/// Labels of what is announced: their dates are to come.
const ANNOUNCED: &[&str] = &["DPM*", "FPM*"];

/// The longest label, in characters; the longest of the standard has nine.
const LONGEST_LABEL: usize = 10;

/// Reads a group into a body.
pub(super) fn read(group: &Group, zone: Option<&Zone>, body: &mut ReadingBody) {
    let Group { label, date, value } = *group;
    let is_label = (1..=LONGEST_LABEL).contains(&label.len())
        && label.starts_with(|first: char| first.is_ascii_uppercase())
        && label
            .bytes()
            .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"+-".contains(&byte));
    if !is_label {
        return body.keep_undecoded(label.get(..LONGEST_LABEL).unwrap_or(label), &as_sent(date, value));
    }
    if label == "DATE" {
        return date_reading(date, value, zone, body);
    }
    let content = content(label);
    let read = match content {
        _ if is_none(value) => Some(Value::Null),
        Some(LabelContent { length: Some(length), .. }) if length != value.len() => None,
        Some(LabelContent { unit: Some(_), .. }) => decimal(value).map(Value::from),
        Some(_) => text(value),
        None => text(value).and_then(|_| token::value(value.trim())),
    };
    let (is_read, mut name) = (read.is_some(), Cow::from(label));
    if is_read || content.is_some() {
        let unit = content.and_then(|content| content.unit);
        name = body.add_in(label, read.unwrap_or(Value::Null), unit);
        if let Some(date) = date {
            date_value(&name, date, zone, body);
        }
    }
    if !is_read {
        body.keep_undecoded(&name, &as_sent(date, value));
    }
}

/// The date of the frame, which dates the reading if the clock behind it is synchronised.
fn date_reading(date: Option<&str>, value: &str, zone: Option<&Zone>, body: &mut ReadingBody) {
    match date.and_then(|date| TicDate::read(date, zone)) {
        Some(TicDate::Sure(time)) if body.time.is_none() => body.time = Some(time),
        Some(TicDate::Sure(time) | TicDate::Unsure(time)) => {
            body.add(DEVICE_TIME, time.to_string());
        }
        Some(TicDate::Local(local)) => {
            body.add(DEVICE_TIME, local.to_string());
        }
        Some(TicDate::None) => {
            body.add(DEVICE_TIME, Value::Null);
        }
        None => {
            body.add(DEVICE_TIME, Value::Null);
            body.keep_undecoded("DATE", &as_sent(date, value));
        }
    }
}

/// When the value of this name was measured, or will be in force. A clock that is not synchronised does not say; without its season
/// the time is local, unless the user names the zone.
fn date_value(of: &str, date: &str, zone: Option<&Zone>, body: &mut ReadingBody) {
    let name = format!("{of}_time");
    let (word, about) = match TicDate::read(date, zone) {
        Some(TicDate::Sure(time)) => (time.to_string(), Some(time)),
        Some(TicDate::Local(local)) => match zone.and_then(|zone| zone.instant(local).ok()) {
            Some(time) => (time.to_string(), Some(time)),
            None => (local.to_string(), Zone::UTC.instant(local).ok()),
        },
        Some(TicDate::None) => {
            body.add(&name, Value::Null);
            return;
        }
        Some(TicDate::Unsure(_)) | None => {
            let name = body.add(&name, Value::Null);
            return body.keep_undecoded(&name, date);
        }
    };
    let name = JsonText::from(body.add(&name, word));
    if let Some(time) = about.filter(|_| !fits_any(of, ANNOUNCED)) {
        let code = name.clone();
        body.dates.push(PartDate { name, time, code, sent: date.into() });
    }
}

/// What stands behind a label.
#[derive(Clone, Copy, Debug)]
struct LabelContent {
    /// `None`: it is text
    unit: Option<&'static str>,
    /// How many characters it has. Of another number some were lost: four zeros, or five digits whose sum is 16, leave the check
    /// character as it was. `None`: any number
    length: Option<usize>,
}

/// What the standard says of a label; `None`: nothing.
fn content(label: &str) -> Option<LabelContent> {
    let measured = MEASURED.iter().find(|(_, _, labels)| fits_any(label, labels));
    if let Some((unit, digits, _)) = measured {
        return Some(LabelContent { unit: Some(unit), length: Some(*digits) });
    }
    let (length, _) = TEXTS.iter().find(|(_, labels)| fits_any(label, labels))?;
    Some(LabelContent { unit: None, length: *length })
}

fn fits_any(label: &str, patterns: &[&str]) -> bool {
    patterns.iter().any(|pattern| match pattern.strip_suffix('*') {
        Some(stem) => label.starts_with(stem),
        None => label == *pattern,
    })
}

/// Blanks, or dashes: what stands for no value.
fn is_none(value: &str) -> bool {
    let value = value.trim();
    value.is_empty() || value.len() >= 3 && value.bytes().all(|byte| byte == b'-')
}

/// A text, without the blanks around it. `None`: it has a character that a change of bit 6, which the check character does not
/// show, makes of another one.
fn text(value: &str) -> Option<Value> {
    value.bytes().all(|byte| matches!(byte, 0x20..=0x5f)).then(|| value.trim().into())
}

/// Date and value with the tab between them.
fn as_sent(date: Option<&str>, value: &str) -> String {
    date.map_or_else(|| value.to_owned(), |date| format!("{date}\t{value}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::reading::Integrity;

    fn shown(groups: &[(&str, Option<&str>, &str)]) -> String {
        let mut body = ReadingBody::new(Integrity::Checksum);
        for (label, date, value) in groups {
            read(&Group { label, date: *date, value }, None, &mut body);
        }
        let time = body.time.map(|time| time.to_string()).unwrap_or_default();
        format!("{} {} {} {time}", body.values, body.values.units_to_canonical(), body.undecoded)
    }

    #[test]
    fn numbers_have_units_and_identifiers_stay_text() {
        assert_eq!(
            shown(&[
                ("ADSC", None, "000000000123"),
                ("EASF01", None, "000004321"),
                ("NGTF", None, "      BASE      "),
                ("BBRHPJR", None, "000000001"),
                ("IRMS1", None, "002"),
                ("NEW", None, "007"),
                ("NEWER", None, "7"),
            ]),
            r#"{"ADSC":"000000000123","BBRHPJR":1,"EASF01":4321,"IRMS1":2,"NEW":"007","NEWER":7,"NGTF":"BASE"} {"BBRHPJR":"Wh","EASF01":"Wh","IRMS1":"A"} {} "#
        );
    }

    #[test]
    fn dates_of_values_stand_beside_them() {
        assert_eq!(
            shown(&[
                ("DATE", Some("H260115081530"), ""),
                ("SMAXSN", Some("E260715081530"), "07654"),
                ("SMAXSN-1", Some("h260115081530"), "01234"),
                ("UMOY1", Some("             "), "230"),
            ]),
            r#"{"SMAXSN":7654,"SMAXSN-1":1234,"SMAXSN-1_time":null,"SMAXSN_time":"2026-07-15T06:15:30.000Z","UMOY1":230,"UMOY1_time":null} {"SMAXSN":"VA","SMAXSN-1":"VA","UMOY1":"V"} {"SMAXSN-1_time":"h260115081530"} 2026-01-15T07:15:30.000Z"#
        );
    }

    #[test]
    fn a_date_without_its_season_is_local() {
        assert_eq!(
            shown(&[("DPM1", Some(" 260715060000"), "00"), ("SMAXSN", Some(" 260715081530"), "07654")]),
            r#"{"DPM1":"00","DPM1_time":"2026-07-15T06:00:00","SMAXSN":7654,"SMAXSN_time":"2026-07-15T08:15:30"} {"SMAXSN":"VA"} {} "#
        );
        let mut body = ReadingBody::new(Integrity::Checksum);
        let group = Group { label: "SMAXSN", date: Some(" 260715081530"), value: "07654" };
        read(&group, Zone::offset("+04:00").as_ref(), &mut body);
        assert_eq!(body.values.str("SMAXSN_time"), Some("2026-07-15T04:15:30.000Z"));
    }

    #[test]
    fn dates_of_what_was_measured_are_judged_and_those_of_announcements_are_not() {
        let mut body = ReadingBody::new(Integrity::Checksum);
        for (label, value) in
            [("SMAXSN", "00000"), ("CCAIN", "00000"), ("UMOY1", "230"), ("DPM1", "00"), ("FPM3", "00")]
        {
            read(&Group { label, date: Some("E990715081530"), value }, None, &mut body);
        }
        body.judge_dates(|_| false);
        let undecoded = body.undecoded.to_canonical();
        assert_eq!(
            undecoded,
            r#"{"CCAIN_time":"E990715081530","SMAXSN_time":"E990715081530","UMOY1_time":"E990715081530"}"#
        );
        assert!(body.values.str("DPM1_time").is_some() && body.values.str("SMAXSN_time").is_none());
    }

    #[test]
    fn a_clock_that_is_not_synchronised_dates_nothing() {
        let unsure = shown(&[("DATE", Some("e260715081530"), "")]);
        assert_eq!(unsure, r#"{"device_time":"2026-07-15T06:15:30.000Z"} {} {} "#);
        assert_eq!(
            shown(&[("DATE", Some(" 260715081530"), "")]),
            r#"{"device_time":"2026-07-15T08:15:30"} {} {} "#
        );
        assert_eq!(shown(&[("DATE", Some("             "), "")]), r#"{"device_time":null} {} {} "#);
        assert_eq!(
            shown(&[("DATE", Some("E269915081530"), "")]),
            r#"{"device_time":null} {} {"DATE":"E269915081530\t"} "#
        );
    }

    #[test]
    fn a_second_group_of_a_label_is_kept_under_its_own_name() {
        assert_eq!(
            shown(&[
                ("PAPP", None, "00410"),
                ("PAPP", None, "00x10"),
                ("SMAXSN", Some("E260715081530"), "07654"),
                ("SMAXSN", Some("E269915081530"), "07655"),
            ]),
            r#"{"PAPP":410,"PAPP_2":null,"SMAXSN":7654,"SMAXSN_2":7655,"SMAXSN_2_time":null,"SMAXSN_time":"2026-07-15T06:15:30.000Z"} {"PAPP":"VA","PAPP_2":"VA","SMAXSN":"VA","SMAXSN_2":"VA"} {"PAPP_2":"00x10","SMAXSN_2_time":"E269915081530"} "#
        );
    }

    #[test]
    fn digits_that_were_lost_make_no_other_number() {
        let number = |label, value| shown(&[(label, None, value)]);
        assert!(number("EAST", "100000667").starts_with(r#"{"EAST":100000667}"#));
        for (label, value) in [
            ("EAST", "10667"),
            ("BBRHPJR", "0067"),
            ("PAPP", "1"),
            ("IINST", "12"),
            ("PREF", "09009"),
            ("ADSC", "12345678"),
            ("PRM", "2119855280"),
            ("NJOURF+1", "0"),
        ] {
            let shown = number(label, value);
            assert!(shown.starts_with(&format!(r#"{{"{label}":null}}"#)), "{shown}");
            assert!(shown.contains(&format!(r#"{{"{label}":"{value}"}}"#)), "{shown}");
        }
        let profile = format!("{}NONUTILE", "NONUTILE ".repeat(10));
        assert!(shown(&[("PJOURF+1", None, &profile)]).starts_with(r#"{"PJOURF+1":"NONUTILE"#));
        let cut = profile.replacen("NONU", "", 1);
        assert!(shown(&[("PJOURF+1", None, &cut)]).starts_with(r#"{"PJOURF+1":null}"#));
    }

    #[test]
    fn what_is_not_understood_costs_only_itself() {
        assert_eq!(
            shown(&[
                ("EAST", None, "00432x987"),
                ("PAPP", None, "00410"),
                ("PAPP", None, "00411"),
                ("DEMAIN", None, "----"),
                ("LTARF", None, "HEURE p0"),
                ("SMAXSNIE260715081530", None, "07654"),
                ("NEW", None, "p"),
            ]),
            r#"{"DEMAIN":null,"EAST":null,"LTARF":null,"PAPP":410,"PAPP_2":411} {"EAST":"Wh","PAPP":"VA","PAPP_2":"VA"} {"EAST":"00432x987","LTARF":"HEURE p0","NEW":"p","SMAXSNIE26":"07654"} "#
        );
    }
}
