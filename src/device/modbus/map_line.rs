//! One value of a register map as an argument.
//!
//! ```text
//! input 1 i16 /10 temperature Cel
//! holding 0x10 u32 CDAB *0.001 none=0xFFFFFFFF energy kWh
//! coil 3 door
//! holding 71 u16 exponent=75 current A
//! TABLE ADDRESS [TYPE] [ORDER] [/N | *N] [+N | -N] [exponent=ADDRESS] [none=N] [only=N] NAME [UNIT]
//! ```

use super::{
    map_value::MapValue, register_map::MOST, register_type::RegisterType, request::ModbusTable,
    scaling::Scaling, word_order::WordOrder,
};
use crate::{decimal::Decimal, likeness, record::quantity};

/// Reads such an argument.
///
/// # Errors
/// What is wrong with it, and what may have been meant.
pub fn parse(text: &str) -> Result<MapValue, String> {
    let mut words = text.split_ascii_whitespace().peekable();
    let word = words.next().unwrap_or_default();
    let table = table(word)?;
    let address = words.next().ok_or("wants an address behind the table")?;
    let address = register(address).ok_or("wants an address from 0 to 65535")?;
    let kind = if table.is_bits() {
        RegisterType::Switch
    } else {
        let word = words.next().ok_or("wants a type behind the address")?;
        word.parse().map_err(|()| not_one_of(word, &RegisterType::NAMES))?
    };
    let mut value = MapValue {
        name: String::new(),
        table,
        address,
        kind,
        order: WordOrder::default(),
        scaling: Scaling::none(),
        exponent: None,
        unit: None,
        none: Vec::new(),
        only: Vec::new(),
    };
    while let Some(word) = words.next_if(|word| is_modifier(word)) {
        modify(&mut value, word)?;
    }
    let name = words.next().ok_or("wants a name")?;
    check_name(name)?;
    value.unit = words.next().map(|unit| quantity::senml_unit(unit, name).to_owned());
    name.clone_into(&mut value.name);
    if let Some(more) = words.next() {
        return Err(format!("{more:?} behind the unit: TABLE ADDRESS TYPE [ORDER] [/N] NAME [UNIT]"));
    }
    check_end(&value)?;
    check_exponent(&value, MOST)?;
    Ok(value)
}

fn is_modifier(word: &str) -> bool {
    word.starts_with(['/', '*', '+', '-'])
        || ["none=", "only=", "exponent="].iter().any(|front| word.starts_with(front))
        || WordOrder::NAMES.contains(&word)
}

fn modify(value: &mut MapValue, word: &str) -> Result<(), String> {
    if let Ok(order) = word.parse() {
        value.order = order;
        return check_order(value);
    }
    if !value.kind.is_number() {
        return Err(format!("{word}: {} is no number", value.kind));
    }
    for (front, patterns) in [("none=", &mut value.none), ("only=", &mut value.only)] {
        if let Some(pattern) = word.strip_prefix(front) {
            let pattern = number(pattern).filter(|pattern| fits(*pattern, value.kind));
            let wanted = || format!("{word}: wants a number of the size of {}", value.kind);
            patterns.push(pattern.ok_or_else(wanted)?);
            return Ok(());
        }
    }
    if let Some(address) = word.strip_prefix("exponent=") {
        let address = register(address).ok_or_else(|| format!("{word}: wants an address from 0 to 65535"))?;
        value.exponent = Some(address);
        return Ok(());
    }
    let decimal = || Decimal::parse(&word[1..]).ok_or_else(|| format!("{word}: wants a decimal"));
    match &word[..1] {
        "*" => value.scaling.factor = decimal()?,
        "/" => {
            let (one, divisor) = (Scaling::none().factor, decimal()?);
            let factor = one.divided_by(divisor).filter(|factor| factor.times(divisor) == Some(one));
            value.scaling.factor = factor.ok_or_else(|| format!("{word}: no decimal is exactly that"))?;
        }
        sign => {
            let offset = decimal()?;
            value.scaling.offset = if sign == "-" { offset.negated() } else { offset };
        }
    }
    if value.scaling.factor == Decimal::ZERO {
        Err(format!("{word}: every value would be 0"))
    } else {
        Ok(())
    }
}

/// The table of a word.
pub(super) fn table(word: &str) -> Result<ModbusTable, String> {
    let known = ModbusTable::ALL.into_iter().find(|table| table.as_str() == word);
    known.ok_or_else(|| not_one_of(word, &ModbusTable::ALL.map(ModbusTable::as_str)))
}

/// A name that can stand in a reading.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let good = !name.is_empty() && name.len() <= 128 && !name.chars().any(char::is_control);
    good.then_some(()).ok_or_else(|| "wants a name of up to 128 bytes without control characters".to_owned())
}

/// The order of a type that has one. The registers of a text are never turned around.
pub(super) fn check_order(value: &MapValue) -> Result<(), String> {
    match value.kind {
        RegisterType::Switch => Err("a bit has no order".to_owned()),
        RegisterType::Text(_) if !matches!(value.order.to_string().as_str(), "ABCD" | "BADC") => {
            Err("the registers of a string come in their order: ABCD or BADC".to_owned())
        }
        _ => Ok(()),
    }
}

/// The last register must have an address.
pub(super) fn check_end(value: &MapValue) -> Result<(), String> {
    let good = value.end() <= 1 << 16;
    good.then_some(()).ok_or_else(|| {
        format!("{} registers from {} on end behind 65535", value.kind.length(), value.address)
    })
}

/// The power of ten must stand elsewhere, and near enough that one question asks for both: the device may change it meanwhile.
pub(super) fn check_exponent(value: &MapValue, most: u16) -> Result<(), String> {
    let Some(exponent) = value.exponent else { return Ok(()) };
    if (value.address..).take(value.kind.length().into()).any(|own| own == exponent) {
        return Err(format!("{exponent} is a register of the value itself"));
    }
    let (first, end) = value.span();
    let count = end - u32::from(first);
    let good = count <= u32::from(most);
    good.then_some(())
        .ok_or_else(|| format!("{count} registers with those between: one question asks for {most} at most"))
}

/// Whether a pattern of bits can stand in the registers of a type.
pub(super) fn fits(pattern: u64, kind: RegisterType) -> bool {
    let bits = 16 * u32::from(kind.length());
    bits >= 64 || pattern >> bits == 0
}

fn register(text: &str) -> Option<u16> {
    number(text).and_then(|address| u16::try_from(address).ok())
}

/// `12` or `0x0C`.
pub(super) fn number(text: &str) -> Option<u64> {
    let (digits, radix) = text.strip_prefix("0x").map_or((text, 10), |digits| (digits, 16));
    let plain = !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(radix));
    plain.then(|| u64::from_str_radix(digits, radix).ok())?
}

/// What a word may be, and which one was meant.
pub(super) fn not_one_of(word: &str, known: &[&str]) -> String {
    let near = likeness::nearest(word, known.iter().copied());
    let near = near.map(|near| format!(", did you mean {near}?")).unwrap_or_default();
    format!("{word:?} is not one of {}{near}", known.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_all_of_a_value() {
        let value = parse("input 1 i16 /10 temperature °C").unwrap();
        assert_eq!(
            (value.table, value.address, value.kind),
            (ModbusTable::InputRegisters, 1, RegisterType::Signed(1))
        );
        assert_eq!((value.name.as_str(), value.unit.as_deref()), ("temperature", Some("Cel")));
        assert_eq!(value.of_answer(&[215], 1).unwrap().to_canonical(), "21.5");
        let value = parse("holding 0x10 u32 CDAB *0.001 -5 none=0xFFFFFFFF none=0 energy kWh").unwrap();
        assert_eq!((value.address, value.none.as_slice()), (16, &[0xffff_ffff, 0][..]));
        assert_eq!(value.of_answer(&[7_000, 0], 16).unwrap().to_canonical(), "2");
        let value = parse("holding 71 u16 exponent=75 none=0xFFFF current A").unwrap();
        assert_eq!((value.exponent, value.span()), (Some(75), (71, 76)));
        let value = parse("coil 3 door").unwrap();
        assert_eq!((value.kind, value.unit), (RegisterType::Switch, None));
    }

    #[test]
    fn what_a_line_does_not_say_well_is_refused_in_words() {
        for (line, said) in [
            ("", "\"\" is not one of coil, discrete, holding, input"),
            ("inpt 1 u16 a", "\"inpt\" is not one of coil, discrete, holding, input, did you mean input?"),
            ("input", "wants an address behind the table"),
            ("input 65536 u16 a", "wants an address from 0 to 65535"),
            ("input -1 u16 a", "wants an address from 0 to 65535"),
            ("input 1 f32", "wants a name"),
            ("input 65535 f32 a", "2 registers from 65535 on end behind 65535"),
            ("input 1 u16 /3 a", "/3: no decimal is exactly that"),
            ("input 1 u16 /0 a", "/0: no decimal is exactly that"),
            ("input 1 u16 *0 a", "*0: every value would be 0"),
            ("input 1 u16 *x a", "*x: wants a decimal"),
            ("input 1 string:2 *2 a", "*2: string:2 is no number"),
            ("input 1 string:2 CDAB a", "the registers of a string come in their order: ABCD or BADC"),
            ("input 1 u16 exponent=x a", "exponent=x: wants an address from 0 to 65535"),
            ("input 1 u32 exponent=2 a", "2 is a register of the value itself"),
            (
                "input 1 u16 exponent=126 a",
                "126 registers with those between: one question asks for 125 at most",
            ),
            ("input 1 string:2 exponent=9 a", "exponent=9: string:2 is no number"),
            ("input 1 u16 none=65536 a", "none=65536: wants a number of the size of u16"),
            ("coil 1 CDAB a", "a bit has no order"),
            ("input 1 u16 a V x", "\"x\" behind the unit: TABLE ADDRESS TYPE [ORDER] [/N] NAME [UNIT]"),
        ] {
            assert_eq!(parse(line), Err(said.to_owned()), "{line}");
        }
        assert!(parse("input 1 u17 a").unwrap_err().starts_with("\"u17\" is not one of u16, i16"));
    }
}
