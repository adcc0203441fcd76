//! Shapes that lines have.

/// How much of a sample must have a shape that proves nothing by itself.
const MOST: usize = 2;

/// The lines of some bytes, ended by CR, LF or both, without blanks around them. The last one is left out if it has no
/// end, and others are there.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let end = bytes.iter().rposition(|byte| b"\r\n".contains(byte)).unwrap_or(bytes.len());
    bytes[..end]
        .split(|byte| b"\r\n".contains(byte))
        .map(|line| line.trim_ascii().trim_ascii_start())
        .filter(|line| !line.is_empty())
}

/// Whether more than half of the lines have a shape.
pub(super) fn most_lines(bytes: &[u8], has: fn(&[u8]) -> bool) -> bool {
    let (mut all, mut like) = (0, 0);
    for line in lines(bytes) {
        all += 1;
        like += usize::from(has(line));
    }
    like * MOST > all
}

/// `$GPGLL,…*hh` with a checksum that fits, also behind a TAG block or log words, or two sentences without one.
pub(super) fn is_nmea(bytes: &[u8]) -> bool {
    let (mut proven, mut alike) = (0, 0);
    for line in lines(bytes) {
        let Some(at) = line.iter().rposition(|byte| matches!(byte, b'$' | b'!')) else { continue };
        let sentence = &line[at + 1..];
        let address = sentence.iter().take_while(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit());
        if !(4..=8).contains(&address.count()) || !sentence.contains(&b',') {
            continue;
        }
        alike += 1;
        proven += usize::from(nmea_checksum_fits(sentence));
    }
    proven >= 1 || alike >= 2
}

fn nmea_checksum_fits(sentence: &[u8]) -> bool {
    let Some(star) = sentence.iter().rposition(|byte| *byte == b'*') else { return false };
    let sum = sentence[..star].iter().fold(0, |sum, byte| sum ^ byte);
    sentence
        .get(star + 1..star + 3)
        .is_some_and(|stated| stated.eq_ignore_ascii_case(format!("{sum:02x}").as_bytes()))
}

/// A line with an object in it, or an object over several lines.
pub(super) fn is_json(bytes: &[u8]) -> bool {
    let on_a_line = lines(bytes).filter(|line| is_object(line)).count();
    on_a_line * 3 > lines(bytes).count() || is_spread_object(bytes)
}

/// Whether objects stand over several lines, and none that is not inside another on one line.
pub(super) fn has_spread_objects(bytes: &[u8]) -> bool {
    is_spread_object(bytes) && !lines(bytes).any(|line| line.first() == Some(&b'{') && is_object(line))
}

fn is_object(line: &[u8]) -> bool {
    let opened = line.iter().position(|byte| *byte == b'{');
    let closed = line.iter().rposition(|byte| *byte == b'}');
    matches!((opened, closed), (Some(from), Some(to)) if from < to && names_a_member(&line[from..to]))
}

fn is_spread_object(bytes: &[u8]) -> bool {
    let first = bytes.trim_ascii_start();
    first.first() == Some(&b'{') && lines(bytes).filter(|line| names_a_member(line)).count() >= 2
}

/// `"name":` or `"name" :`.
fn names_a_member(text: &[u8]) -> bool {
    let mut quotes = text.split(|byte| *byte == b'"').skip(1);
    quotes.any(|part| part.trim_ascii_start().first() == Some(&b':'))
}

/// `ST,+0012.34 g`, `S D     12.3 g`, `+  12.34 kg`, `OL`.
pub(super) fn is_scale(bytes: &[u8]) -> bool {
    most_lines(bytes, |line| {
        const STATES: [&[u8]; 10] =
            [b"ST,", b"US,", b"OL,", b"QT,", b"S S ", b"S D ", b"S I", b"S +", b"S -", b"SD "];
        let body = STATES.iter().find_map(|state| line.strip_prefix(*state)).unwrap_or(line);
        let body = body.strip_prefix(b"GS,").or_else(|| body.strip_prefix(b"NT,")).unwrap_or(body);
        weighs(body) || body == b"OL"
    })
}

/// A number with a unit of mass behind it, and nothing else.
fn weighs(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text).trim_ascii_start();
    let digits = text.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    digits > 0 && [&b"g"[..], b"kg", b"mg", b"t", b"lb", b"oz", b"ct"].contains(&text[digits..].trim_ascii())
}

/// `name=value`, `name: value unit`, `name(unit): value`, once or more a line.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    most_lines(bytes, |line| {
        let Some(at) = line.iter().position(|byte| b"=:".contains(byte)) else { return false };
        let (name, value) = (&line[..at], line[at + 1..].trim_ascii_start());
        let named = name.first().is_some_and(u8::is_ascii_alphabetic)
            && name.len() <= 40
            && name.iter().all(|byte| byte.is_ascii_alphanumeric() || b" _-.()/%[]#".contains(byte));
        (named || is_weather_message(line)) && starts_a_number(value) && !value.starts_with(b"0x")
    })
}

/// The beginning of a message of a weather transmitter: `0R1,Dm=`.
fn is_weather_message(line: &[u8]) -> bool {
    matches!(line, [b'0'..=b'9', b'R', b'0'..=b'9', b',', b'A'..=b'Z', b'a'..=b'z', b'=', ..])
}

fn starts_a_number(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"+").or_else(|| text.strip_prefix(b"-")).unwrap_or(text);
    let text = text.strip_prefix(b".").unwrap_or(text);
    text.first().is_some_and(u8::is_ascii_digit)
}

/// How many columns rows have above which none names them; `None`: one does, or names and values stand in turn.
pub(super) fn unnamed_columns(bytes: &[u8]) -> Option<usize> {
    let mut columns = None;
    for fields in lines(bytes).filter_map(fields_of) {
        if fields.iter().all(is_name) || is_in_turn(&fields) {
            return None;
        }
        columns = Some(fields.len());
    }
    columns
}

fn is_name(field: &&[u8]) -> bool {
    field.first().is_some_and(u8::is_ascii_alphabetic)
}

/// Whether names and values stand in turn, and perhaps a word behind two of them or more.
fn is_in_turn(fields: &[&[u8]]) -> bool {
    (fields.len().is_multiple_of(2) || fields.len() > 4) && fields.iter().step_by(2).all(is_name)
}

/// The fields of a line that has several.
fn fields_of(line: &[u8]) -> Option<Vec<&[u8]>> {
    let mark = [b';', b'\t', b','].into_iter().find(|mark| line.contains(mark))?;
    Some(line.split(|byte| *byte == mark).map(<[u8]>::trim_ascii).collect())
}

/// Two numbers or more a line, apart by comma, semicolon or tab, as many in each line as in the line before.
pub(super) fn is_csv(bytes: &[u8]) -> bool {
    let columns = |line: &[u8]| {
        let fields = fields_of(line).filter(|fields| !is_decimal_with_unit(fields))?;
        let numbers = fields.iter().filter(|field| starts_a_number(field)).count();
        // The word behind names and values in turn is no value.
        let is_aside = fields.len() % 2 == 1 && is_in_turn(&fields);
        Some((fields.len() - usize::from(is_aside), numbers))
    };
    let rows: Vec<_> = lines(bytes).map(columns).collect();
    let alike = rows.windows(2).filter(|pair| {
        matches!(pair, [Some((before, _)), Some((fields, numbers))] if before == fields && *numbers >= 1 && numbers * 2 >= *fields)
    });
    rows.len() >= 2 && alike.count() * MOST > rows.len() - 1
}

/// Whether two fields are the halves of one number with its unit: `12,345 kg`.
fn is_decimal_with_unit(fields: &[&[u8]]) -> bool {
    let [whole, fraction] = fields else { return false };
    let behind = fraction.trim_ascii_start().trim_ascii_end();
    let digits = behind.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let unit = behind[digits..].trim_ascii_start();
    whole.last().is_some_and(u8::is_ascii_digit)
        && !whole.contains(&b'.')
        && digits > 0
        && unit.first().is_some_and(|byte| byte.is_ascii_alphabetic() || !byte.is_ascii())
}

/// A number with a comma and digits right behind `=` or `:`, and no point in it before the comma unless three digits follow.
/// The seconds of a clock and a number behind them are none, and neither are two numbers with points.
pub(super) fn has_decimal_comma(line: &[u8]) -> bool {
    has_comma(line, |_, _| true)
}

/// The same where no comma can stand between thousands.
pub(super) fn has_sure_decimal_comma(line: &[u8]) -> bool {
    has_comma(line, |whole, digits| {
        digits != GROUP || whole.len() > GROUP || whole.contains(&b'.') || whole.starts_with(b"0")
    })
}

/// As many digits stand between marks for thousands.
const GROUP: usize = 3;

/// Whether a line has such a number, of whose digits before the comma, and count of those behind it, this is true.
fn has_comma(line: &[u8], is_meant: fn(&[u8], usize) -> bool) -> bool {
    let mut before: &[u8] = &[];
    line.split_inclusive(|byte| b"=:".contains(byte)).any(|value| {
        let is_named = !before.is_empty() && !is_clock(before, value);
        before = value;
        is_named && decimal_comma(value).is_some_and(|(whole, digits)| is_meant(whole, digits))
    })
}

/// Whether two digits and a colon stand before two more, as in a clock time.
fn is_clock(before: &[u8], behind: &[u8]) -> bool {
    let is_digits = |pair: &[u8]| pair.len() == 2 && pair.iter().all(u8::is_ascii_digit);
    before.strip_suffix(b":").is_some_and(|hours| hours.len() >= 2 && is_digits(&hours[hours.len() - 2..]))
        && behind.get(..2).is_some_and(is_digits)
}

/// What stands before the comma in the number that a text begins with, and how many digits behind it.
fn decimal_comma(value: &[u8]) -> Option<(&[u8], usize)> {
    let value = value.trim_ascii_start();
    let value = value.strip_prefix(b"-").unwrap_or(value);
    let whole = value.iter().take_while(|byte| byte.is_ascii_digit() || **byte == b'.').count();
    let behind = &value[whole..];
    let fraction = behind.iter().skip(1).take_while(|byte| byte.is_ascii_digit()).count();
    let is_next = |next: &[u8]| {
        matches!(next, [b',' | b'=' | b':', ..])
            || matches!(next, [b'.', digit, ..] if digit.is_ascii_digit())
    };
    let ends = behind.get(1 + fraction..).is_none_or(|next| !is_next(next));
    let is_one = whole > 0 && behind.first() == Some(&b',') && fraction > 0 && ends;
    is_one.then(|| (&value[..whole], fraction))
}
