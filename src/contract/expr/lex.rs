//! Tokens of an expression, with their places.

use std::ops::Range;

use super::{CompareOperator, ExpressionError};
use crate::{contract::duration, decimal::Decimal};

#[derive(Clone, Debug, PartialEq)]
pub(super) enum ExpressionToken {
    Number(Decimal),
    /// A duration literal, in seconds
    Seconds(Decimal),
    Text(String),
    Name(String),
    Compare(CompareOperator),
    /// One of `( ) [ ] , . ? : + - * / !`, and `&` for `&&`, `|` for `||`
    Mark(char),
    End,
}

impl ExpressionToken {
    /// How a message names the token.
    pub(super) fn describe(&self) -> String {
        match self {
            Self::Number(number) => number.to_string(),
            Self::Seconds(_) => "a duration".to_owned(),
            Self::Text(_) => "text".to_owned(),
            Self::Name(name) => format!("`{name}`"),
            Self::Compare(comparison) => format!("`{comparison}`"),
            Self::Mark(mark @ ('&' | '|')) => format!("`{mark}{mark}`"),
            Self::Mark(mark) => format!("`{mark}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

pub(super) struct Lexer<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    /// The next token and its place.
    pub(super) fn next(&mut self) -> Result<(ExpressionToken, Range<usize>), ExpressionError> {
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t', '\n', '\r']).len();
        let start = self.at;
        let token = match self.rest().chars().next() {
            None => ExpressionToken::End,
            Some('0'..='9') => self.number()?,
            Some('a'..='z' | 'A'..='Z' | '_') => self.name()?,
            Some(quote @ ('\'' | '"')) => self.string(quote)?,
            Some(first) => self.mark(first)?,
        };
        Ok((token, start..self.at))
    }

    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let taken = self.rest().find(|c| !wanted(c)).map_or(self.rest(), |end| &self.rest()[..end]);
        self.at += taken.len();
        taken
    }

    fn name(&mut self) -> Result<ExpressionToken, ExpressionError> {
        let start = self.at;
        let name = self.take_while(|c| c.is_ascii_alphanumeric() || c == '_');
        let why = match name {
            "b" | "B" => "there are no bytes (b'…'), but text: '…'",
            "r" | "R" => "there is no raw text (r'…'), but text with escapes: '\\\\'",
            _ => return Ok(ExpressionToken::Name(name.to_owned())),
        };
        if self.rest().starts_with(['\'', '"']) {
            return Err(ExpressionError::new(&(start..self.at), why));
        }
        Ok(ExpressionToken::Name(name.to_owned()))
    }

    /// `12`, `2.50`, `1e-3` or `1h30m`: letters stick to the digits before them.
    fn number(&mut self) -> Result<ExpressionToken, ExpressionError> {
        let start = self.at;
        self.take_while(|c| c.is_ascii_alphanumeric() || c == '.' || c == '_');
        let exponent = self.text[start..self.at].ends_with(['e', 'E']) && self.rest().starts_with(['+', '-']);
        if exponent {
            self.at += 1;
            self.take_while(|c| c.is_ascii_digit());
        }
        let literal = &self.text[start..self.at];
        if let Some(number) = Decimal::parse(literal) {
            return Ok(ExpressionToken::Number(number));
        }
        let millis = duration::parse_short(literal).map(crate::time::Span::millis);
        if let Some(seconds) = millis.and_then(|millis| Decimal::new(millis.into(), 3)) {
            return Ok(ExpressionToken::Seconds(seconds));
        }
        let numeric = literal.bytes().all(|b| b.is_ascii_digit() || b".eE+-".contains(&b));
        let digits = literal.strip_suffix(['u', 'U']).unwrap_or_default();
        let why = if literal.starts_with("0x") || literal.starts_with("0X") {
            "is hexadecimal: numbers are decimal"
        } else if !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
            "is an unsigned integer: all numbers are decimals, written without u"
        } else if numeric {
            "is no decimal of at most 28 fractional digits and 96 bits"
        } else {
            "is neither a decimal (2.5) nor a duration (1h30m)"
        };
        Err(ExpressionError::new(&(start..self.at), format!("`{literal}` {why}")))
    }

    fn string(&mut self, quote: char) -> Result<ExpressionToken, ExpressionError> {
        let start = self.at;
        self.at += 1;
        let mut text = String::new();
        loop {
            text.push_str(self.take_while(|c| c != quote && c != '\\' && c != '\n'));
            match self.rest().chars().next() {
                Some('\\') => text.push(self.escape()?),
                Some(found) if found == quote => break,
                _ => return Err(ExpressionError::new(&(start..self.at), "text without its closing quote")),
            }
        }
        self.at += 1;
        Ok(ExpressionToken::Text(text))
    }

    fn escape(&mut self) -> Result<char, ExpressionError> {
        let start = self.at;
        let letter = self.rest().chars().nth(1);
        self.at += 1 + letter.map_or(0, char::len_utf8);
        let escaped = match letter {
            Some(same @ ('\\' | '\'' | '"' | '`' | '?')) => Some(same),
            Some('a') => Some('\u{7}'),
            Some('b') => Some('\u{8}'),
            Some('f') => Some('\u{c}'),
            Some('n') => Some('\n'),
            Some('r') => Some('\r'),
            Some('t') => Some('\t'),
            Some('v') => Some('\u{b}'),
            Some('u') => self.code_point(4),
            Some('U') => self.code_point(8),
            _ => None,
        };
        escaped.ok_or_else(|| {
            ExpressionError::new(&(start..self.at), "no such escape: \\n \\t \\\\ \\' \\\" \\u270c are")
        })
    }

    fn code_point(&mut self, digits: usize) -> Option<char> {
        let hex = self.rest().get(..digits).filter(|hex| hex.bytes().all(|b| b.is_ascii_hexdigit()))?;
        self.at += digits;
        char::from_u32(u32::from_str_radix(hex, 16).ok()?)
    }

    fn mark(&mut self, first: char) -> Result<ExpressionToken, ExpressionError> {
        let two = self.rest().get(..2).unwrap_or_default();
        let (token, length) = match (two, first) {
            ("==", _) => (ExpressionToken::Compare(CompareOperator::Equal), 2),
            ("!=", _) => (ExpressionToken::Compare(CompareOperator::NotEqual), 2),
            ("<=", _) => (ExpressionToken::Compare(CompareOperator::AtMost), 2),
            (">=", _) => (ExpressionToken::Compare(CompareOperator::AtLeast), 2),
            ("&&", _) => (ExpressionToken::Mark('&'), 2),
            ("||", _) => (ExpressionToken::Mark('|'), 2),
            (_, '<') => (ExpressionToken::Compare(CompareOperator::Less), 1),
            (_, '>') => (ExpressionToken::Compare(CompareOperator::Greater), 1),
            (_, '(' | ')' | '[' | ']' | ',' | '.' | '?' | ':' | '+' | '-' | '*' | '/' | '!') => {
                (ExpressionToken::Mark(first), 1)
            }
            _ => return Err(self.stray(first)),
        };
        self.at += length;
        Ok(token)
    }

    fn stray(&self, found: char) -> ExpressionError {
        let meant = match found {
            '=' => ", equality is `==`",
            '&' => ", both is `&&`",
            '|' => ", either is `||`",
            '%' => ", there is no remainder",
            '{' => ", there are no maps",
            _ => "",
        };
        let shown = found.escape_debug();
        ExpressionError::new(
            &(self.at..self.at + found.len_utf8()),
            format!("`{shown}` means nothing here{meant}"),
        )
    }
}
