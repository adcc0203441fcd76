//! Lines between STX and ETX whose letters right behind the weight say what it is (Rinstrum and its kin).
//!
//! ```text
//! <STX>-   12.34N<ETX>           G gross, N net, U underload, O overload, M in motion, E an error
//! <STX>    12.34G Z- kg<ETX>    G N U O E; M in motion or blank; Z near zero; the range; the unit, where nothing moves
//! ```

use super::{WeighingLine, unit};

/// As many letters stand in front of the unit in the longer form.
const MARKS: usize = 4;

/// As many letters the unit has there.
const UNIT: usize = 3;

impl<'a> WeighingLine<'a> {
    /// Takes such a line to pieces; `None`: it is none.
    pub(in super::super) fn enclosed(text: &'a str) -> Option<Self> {
        let inner = text.trim_start_matches(' ').strip_prefix('\u{2}')?;
        let inner = inner.split_once('\u{3}').map_or(inner, |(inner, _)| inner);
        let at = inner.find(|c: char| !" +-.".contains(c) && !c.is_ascii_digit())?;
        let (weight, letters) = inner.split_at(at);
        let mut line = Self { has_header: true, number: in_one_piece(weight), ..Self::default() };
        let is_read = match letters.trim_end() {
            status if status.len() == 1 => line.is_status(status),
            _ if letters.is_ascii() && letters.len() == MARKS + UNIT => line.are_marks(letters),
            _ => false,
        };
        is_read.then_some(line)
    }

    /// Takes the letter that says what a weight is; whether it is one.
    fn is_status(&mut self, letter: &'a str) -> bool {
        match letter {
            "G" => self.net = Some(false),
            "N" => self.net = Some(true),
            "M" => self.stable = Some(false),
            "O" => self.overload = true,
            "U" => self.underload = true,
            "E" => self.unknown.push(letter),
            _ => return false,
        }
        true
    }

    /// Takes the letters and the unit of the longer form; whether they are such.
    fn are_marks(&mut self, letters: &'a str) -> bool {
        let (marks, spelling) = letters.split_at(MARKS);
        let (status, behind) = marks.split_at(1);
        self.stable = Some(!behind.starts_with('M'));
        if !spelling.trim().is_empty() {
            self.unit = unit(spelling.trim());
            self.unknown.extend(Some(spelling).filter(|_| self.unit.is_none()));
        }
        let [motion, zero, range] = behind.as_bytes() else { return false };
        let are_known = b"M ".contains(motion) && b"Z ".contains(zero) && b"-12 ".contains(range);
        are_known && status != "M" && self.is_status(status)
    }
}

/// A number with blanks between its sign and its digits at most; `None`: there are no digits, or blanks between them.
fn in_one_piece(weight: &str) -> Option<String> {
    let weight = weight.trim();
    let digits = weight.trim_start_matches(['+', '-']);
    let sign = &weight[..weight.len() - digits.len()];
    let is_one = digits.contains(|c: char| c.is_ascii_digit()) && !digits.trim().contains(' ');
    is_one.then(|| format!("{sign}{}", digits.trim()))
}
