//! The lines of a telegram, read one by one: what one of them says costs no other.

use std::collections::HashSet;

use foldhash::fast::FixedState;

use crate::{
    json::{JsonText, Value},
    record::reading::{Integrity, PartDate, ReadingBody},
    time::Zone,
};

use super::{
    DataSet, ObisAmount, ObisBody, ObisCode, SplitClock, amount,
    clock::{MeterClock, MeterDate},
    codes::{self, Kind, Meaning},
    fits,
    groups::{is_endless, is_zero, state_of, text_of},
    is_nothing, joined, lines, order,
};

/// The code of lines that have none.
const NO_CODE: &str = "line";

/// The code of the highest mean power, of which Belgian meters tell that of each of the last months.
const PEAK: &str = "1-0:1.6.0";

/// Reads what stands between `/` and `!`; `None`: nothing in it is understood.
pub(super) fn read(content: &[u8], integrity: Integrity, zone: Option<&Zone>) -> Option<ReadingBody> {
    let end = content.iter().position(|byte| *byte == b'\n')?;
    let (meter, rest) = content.split_at(end);
    let meter = lines::lines(meter).into_iter().next().unwrap_or_default().into_owned();
    let clock = MeterClock::of(&meter, zone);
    let body = ObisBody::new(integrity, Some(&meter));
    let split_clock = SplitClock::default();
    let mut telegram = Telegram { meter, clock, body, is_dated: false, split_clock };
    let lines = lines::lines(rest);
    let mut seen = HashSet::with_capacity_and_hasher(lines.len(), FixedState::default());
    for line in &lines {
        // What a meter says twice in the same words it says once.
        if seen.insert(&**line) {
            telegram.take(line);
        }
    }
    if !telegram.is_dated {
        telegram.body.date(&telegram.split_clock, zone);
    }
    telegram.body.finish()
}

struct Telegram {
    meter: String,
    clock: MeterClock,
    body: ObisBody,
    /// Whether the meter's clock was read
    is_dated: bool,
    /// What it says in two parts, where it has no code for both
    split_clock: SplitClock,
}

/// A line, taken apart.
struct ReadLine<'a> {
    code: &'a str,
    obis: ObisCode,
    groups: Vec<&'a str>,
    sent: &'a str,
}

/// What is wrong with a line: nothing that it should have.
struct NotUnderstood;

impl Telegram {
    fn take(&mut self, text: &str) {
        let set = DataSet::of_line(text).and_then(|set| Some((self.code(set.code)?, set)));
        let Some(((code, obis, is_current), set)) = set else {
            return self.body.lose(NO_CODE, None, text);
        };
        let meaning = if is_current { codes::meaning(obis, &self.meter) } else { Meaning::Other };
        let name = match &meaning {
            Meaning::Named(name, _) => Some(&**name),
            Meaning::Clock if !self.is_dated => Some("device_time"),
            _ => None,
        };
        let Some(groups) = set.groups else { return self.body.lose(code, name, set.sent) };
        let line = ReadLine { code, obis, groups, sent: set.sent };
        let understood = match &meaning {
            Meaning::Clock => self.date(&line),
            Meaning::Failures => self.failures(&line),
            Meaning::Months => self.months(&line),
            Meaning::Named(name, kind) => self.named(&line, name, *kind),
            Meaning::Other => {
                self.other(&line);
                Ok(())
            }
        };
        if understood.is_err() {
            self.body.lose(line.code, name, line.sent);
        }
    }

    /// A code, without the mark of the current period, and whether it is of that. Only a CRC shows that a mark is meant:
    /// without one this may be a readout of IEC 62056-21.
    fn code<'a>(&mut self, sent: &'a str) -> Option<(&'a str, ObisCode, bool)> {
        let Some((code, period)) = sent.split_once('*') else {
            return Some((sent, ObisCode::parse(sent)?, true));
        };
        let is_period = (1..=3).contains(&period.len()) && period.bytes().all(|byte| byte.is_ascii_digit());
        if !is_period || self.body.body().integrity != Integrity::Crc {
            return None;
        }
        let is_current = period == "255";
        Some((if is_current { code } else { sent }, ObisCode::parse(code)?, is_current))
    }

    /// The meter's clock dates the reading if it says an instant. A second one, as of old values, is a value like others.
    fn date(&mut self, line: &ReadLine) -> Result<(), NotUnderstood> {
        let [group] = line.groups[..] else { return Err(NotUnderstood) };
        let date = self.clock.date(group).ok_or(NotUnderstood)?;
        if self.is_dated {
            self.put_date(line, line.code, date);
            return Ok(());
        }
        self.is_dated = true;
        match date {
            MeterDate::Instant(time) => self.body.body().time = Some(time),
            other => self.body.note(line.code, "device_time", other),
        }
        Ok(())
    }

    fn named(&mut self, line: &ReadLine, name: &str, kind: Kind) -> Result<(), NotUnderstood> {
        match (kind, &line.groups[..]) {
            (Kind::Number | Kind::Counter, [_, _, ..])
                if line.groups.iter().all(|group| order::is_with_unit(group)) =>
            {
                for group in &line.groups {
                    self.value(line, name, group, None, kind)?;
                }
                Ok(())
            }
            (Kind::Text, [text]) => {
                self.body.put(line.code, name, text_of(text), None);
                Ok(())
            }
            (Kind::State, [state]) => {
                self.body.put(line.code, name, state_of(state), None);
                Ok(())
            }
            (Kind::Number | Kind::Counter, [group]) if self.is_date(group) => Err(NotUnderstood),
            (Kind::Number | Kind::Counter, [group]) => self.value(line, name, group, None, kind).map(|_| ()),
            (Kind::Number | Kind::Counter, [first, second]) => {
                let dated = order::date_and_amount([first, second]).ok_or(NotUnderstood)?;
                self.dated(line, name, dated, None, kind)
            }
            // DSMR 2.2 puts the unit in a group of its own, before the value.
            (Kind::Counter, [date, _, _, _, _, unit, group]) if order::is_unit_or_none(unit) => {
                let unit = Some(*unit).filter(|unit| !unit.is_empty());
                self.dated(line, name, [date, group], unit, kind)
            }
            _ => Err(NotUnderstood),
        }
    }

    /// A value, and the name that it got.
    fn value(
        &mut self,
        line: &ReadLine,
        name: &str,
        group: &str,
        unit: Option<&str>,
        kind: Kind,
    ) -> Result<JsonText, NotUnderstood> {
        match kind {
            Kind::Counter => self.counter(line, name, group, unit),
            _ => self.amount(line.code, name, group),
        }
    }

    /// A value, and the date when it was so much, which is read where the value is not understood, too.
    fn dated(
        &mut self,
        line: &ReadLine,
        name: &str,
        [date, group]: [&str; 2],
        unit: Option<&str>,
        kind: Kind,
    ) -> Result<(), NotUnderstood> {
        let is_date = order::has_form_of_date(group);
        let value = if is_date { Err(NotUnderstood) } else { self.value(line, name, group, unit, kind) };
        let date = self.clock.date(date);
        let understood = value.as_ref().map(|_| ()).map_err(|_| NotUnderstood);
        let name = value.unwrap_or_else(|_| name.into());
        let stem = ["_volume", "_energy", "_value"].iter().find_map(|end| name.strip_suffix(end));
        let time = joined(&[stem.unwrap_or(&name), "_time"]);
        match (date, &understood) {
            (Some(date), _) => self.put_date(line, &time, date),
            (None, Ok(())) => self.body.lose(line.code, Some(&time), line.sent),
            (None, Err(_)) => self.body.note(line.code, &time, Value::Null),
        }
        understood
    }

    /// What a meter on the M-Bus counts.
    fn counter(
        &mut self,
        line: &ReadLine,
        name: &str,
        group: &str,
        unit: Option<&str>,
    ) -> Result<JsonText, NotUnderstood> {
        let amount = amount(group).ok_or(NotUnderstood)?;
        let (value, unit) = match amount {
            ObisAmount::Number(number, own) => (Value::from(number), own.or(unit)),
            ObisAmount::Nothing => (Value::Null, unit),
        };
        let channel = name.trim_end_matches("_volume");
        let medium = self.body.body().values.get(&joined(&[channel, "_type"])).and_then(Value::as_u64);
        let what = match unit {
            Some("Wh" | "kWh" | "MWh" | "J" | "kJ" | "MJ" | "GJ") => "energy",
            // Electricity, heat and cold.
            None if matches!(medium, Some(2 | 4 | 10..=13)) => "energy",
            None | Some("m3" | "m³" | "dm3" | "l" | "L") => "volume",
            Some(_) => "value",
        };
        Ok(self.body.put(line.code, &joined(&[channel, "_", what]), value, unit))
    }

    fn amount(&mut self, code: &str, name: &str, group: &str) -> Result<JsonText, NotUnderstood> {
        let (value, unit) = match amount(group).ok_or(NotUnderstood)? {
            ObisAmount::Number(number, unit) => (Value::from(number), unit),
            ObisAmount::Nothing => (Value::Null, None),
        };
        let name = if fits(name, unit) { name } else { code };
        Ok(self.body.put(code, name, value, unit))
    }

    /// `(2)(0-0:96.7.19)(end)(seconds*s)(end)(seconds*s)`: long power failures.
    fn failures(&mut self, line: &ReadLine) -> Result<(), NotUnderstood> {
        let log = line.groups.get(2..).unwrap_or_default();
        if is_zero(line.groups[0]) && log.iter().all(|group| is_nothing(group)) {
            return Ok(());
        }
        if log.is_empty() || ObisCode::parse(line.groups[1].trim()).is_none() {
            return Err(NotUnderstood);
        }
        let is_amount_first = matches!(log, [first, second, ..] if order::is_amount_first([first, second]));
        let mut understood = Ok(());
        for (at, failure) in log.chunks(2).enumerate() {
            let name = format!("power_failure_{}", at + 1);
            let (end, duration) = match *failure {
                [duration, end] if is_amount_first => (end, duration),
                [end, duration] => (end, duration),
                _ => return Err(NotUnderstood),
            };
            let parts = [
                self.date_part(line, &format!("{name}_end"), end),
                self.amount_part(
                    line,
                    &format!("{name}_duration"),
                    if is_endless(duration) { "" } else { duration },
                ),
            ];
            understood = parts.into_iter().fold(understood, Result::and);
        }
        understood
    }

    /// `(2)(code)(code)(month)(when)(kW)(month)(when)(kW)`: the peak of each of the last months, in Belgium. In Hungary a date
    /// and the values at that time, which have no names; nor has a peak of what is exported.
    fn months(&mut self, line: &ReadLine) -> Result<(), NotUnderstood> {
        let is_named =
            line.groups.get(1..3).is_some_and(|codes| codes.iter().all(|code| code.trim() == PEAK));
        if !is_named {
            self.other(line);
            return Ok(());
        }
        let peaks = line.groups.get(3..).unwrap_or_default();
        // A meter that is new has no month behind it, and says so in empty parentheses.
        if is_zero(line.groups[0]) && peaks.iter().all(|group| is_nothing(group)) {
            return Ok(());
        }
        let mut understood = Ok(());
        for (at, peak) in peaks.chunks(3).enumerate() {
            let name = format!("power_peak_{}", at + 1);
            let [month, time, power] = peak else { return Err(NotUnderstood) };
            let parts = [
                self.date_part(line, &format!("{name}_month"), month),
                self.date_part(line, &format!("{name}_time"), time),
                self.amount_part(line, &name, power),
            ];
            understood = parts.into_iter().fold(understood, Result::and);
        }
        understood
    }

    fn date_part(&mut self, line: &ReadLine, name: &str, group: &str) -> Result<(), NotUnderstood> {
        let date = self.clock.date(group);
        let understood = date.is_some();
        self.put_date(line, name, date.unwrap_or(MeterDate::Nothing));
        understood.then_some(()).ok_or(NotUnderstood)
    }

    /// A date of the past, which is judged by whoever knows what time it is.
    fn put_date(&mut self, line: &ReadLine, name: &str, date: MeterDate) {
        let about = date.about();
        let name = self.body.put(line.code, name, date, None);
        if let Some(time) = about {
            let (code, sent) = (line.code.into(), line.sent.into());
            self.body.body().dates.push(PartDate { name, time, code, sent });
        }
    }

    fn amount_part(&mut self, line: &ReadLine, name: &str, group: &str) -> Result<(), NotUnderstood> {
        if order::has_form_of_date(group) || self.amount(line.code, name, group).is_err() {
            self.body.put(line.code, name, Value::Null, None);
            return Err(NotUnderstood);
        }
        Ok(())
    }

    /// A code that has no name: its values stand under the code itself.
    fn other(&mut self, line: &ReadLine) {
        if let ([group], false) = (&line.groups[..], line.code.contains('*')) {
            self.split_clock.take(line.obis, group);
        }
        for (at, group) in line.groups.iter().enumerate() {
            let name =
                if line.groups.len() == 1 { line.code.to_owned() } else { format!("{}/{at}", line.code) };
            let (value, unit) = self.plain(line.obis, group);
            self.body.put(line.code, &name, value, unit);
        }
    }

    /// A number with its unit, a date that is none as nothing, all else as text.
    fn plain<'a>(&self, code: ObisCode, group: &'a str) -> (Value, Option<&'a str>) {
        let is_no_date = group.ends_with(['W', 'S']) && self.clock.date(group) == Some(MeterDate::Nothing);
        match amount(group) {
            Some(ObisAmount::Number(number, unit))
                if unit.is_some() || codes::is_measured(code) && !self.is_date(group) =>
            {
                (number.into(), unit)
            }
            Some(ObisAmount::Nothing) => (Value::Null, None),
            _ if is_no_date => (Value::Null, None),
            _ => (group.into(), None),
        }
    }

    /// Whether digits without a unit are a date that there can be.
    fn is_date(&self, group: &str) -> bool {
        order::has_form_of_date(group) && self.clock.date(group).is_some()
    }
}
