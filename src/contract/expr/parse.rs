//! From text to a tree, by recursive descent that counts its depth.

use std::{mem, ops::Range};

use super::{
    Comparison, Fault,
    lex::{Lexer, Token},
};
use crate::decimal::Decimal;

/// How long an expression can be, in bytes.
pub const MAX_LENGTH: usize = 4096;
/// How deep parentheses, arguments, branches and prefixes can nest.
pub const MAX_DEPTH: usize = 32;
/// How many literals, names and operations an expression can have.
pub const MAX_NODES: usize = 1000;

/// A part of an expression and its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// The bytes of the text
    pub at: Range<usize>,
    pub(super) kind: Kind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Kind {
    Number(Decimal),
    Seconds(Decimal),
    Text(String),
    Bool(bool),
    Name(String),
    Not(Box<Node>),
    Negate(Box<Node>),
    And(Vec<Node>),
    Or(Vec<Node>),
    Compare(Comparison, Box<[Node; 2]>),
    In(Box<Node>, Vec<Node>),
    Sum(Vec<(bool, Node)>),
    Product(Vec<(bool, Node)>),
    If(Box<[Node; 3]>),
    Call(String, Vec<Node>),
    Member(Box<Node>, String),
}

/// Reads an expression.
///
/// # Errors
/// If it is too long, too deep, too large, or no expression, with the place.
pub fn parse(text: &str) -> Result<Node, Fault> {
    if text.len() > MAX_LENGTH {
        let message = format!("an expression of {} bytes: at most {MAX_LENGTH} are allowed", text.len());
        return Err(Fault::new(&(0..text.len()), message));
    }
    let mut parser =
        Parser { lexer: Lexer::new(text), token: Token::End, at: 0..0, end: 0, depth: 0, nodes: 0 };
    parser.advance()?;
    let node = parser.expression()?;
    if parser.token == Token::End { Ok(node) } else { Err(parser.unexpected("an operator")) }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: Token,
    at: Range<usize>,
    /// Where the token before ended
    end: usize,
    depth: usize,
    nodes: usize,
}

impl Parser<'_> {
    /// `a ? b : c`, the loosest operator.
    fn expression(&mut self) -> Result<Node, Fault> {
        self.deeper(|parser| {
            let condition =
                parser.chain('|', Kind::Or, |parser| parser.chain('&', Kind::And, Parser::relation))?;
            if !parser.eat('?')? {
                return Ok(condition);
            }
            let start = condition.at.start;
            let yes = parser.expression()?;
            parser.expect(':')?;
            let no = parser.expression()?;
            parser.node(start, Kind::If(Box::new([condition, yes, no])))
        })
    }

    /// Operands joined by one operator become one node: a long chain is not a deep one.
    fn chain(
        &mut self,
        mark: char,
        kind: fn(Vec<Node>) -> Kind,
        operand: impl Fn(&mut Self) -> Result<Node, Fault>,
    ) -> Result<Node, Fault> {
        let first = operand(self)?;
        if self.token != Token::Mark(mark) {
            return Ok(first);
        }
        let start = first.at.start;
        let mut operands = vec![first];
        while self.eat(mark)? {
            operands.push(operand(self)?);
        }
        self.node(start, kind(operands))
    }

    fn relation(&mut self) -> Result<Node, Fault> {
        let left = self.sum()?;
        let start = left.at.start;
        let node = match &self.token {
            Token::Compare(comparison) => {
                let comparison = *comparison;
                self.advance()?;
                let right = self.sum()?;
                self.node(start, Kind::Compare(comparison, Box::new([left, right])))?
            }
            Token::Name(name) if name == "in" => {
                self.advance()?;
                self.expect('[')?;
                let list = self.list(']')?;
                self.node(start, Kind::In(Box::new(left), list))?
            }
            _ => return Ok(left),
        };
        match &self.token {
            Token::Compare(_) => {
                Err(self.fault("comparisons do not chain: join them with && or use parentheses"))
            }
            _ => Ok(node),
        }
    }

    fn sum(&mut self) -> Result<Node, Fault> {
        self.signed_chain(['+', '-'], Kind::Sum, |parser| {
            parser.signed_chain(['*', '/'], Kind::Product, Parser::prefixed)
        })
    }

    /// A chain of two operators of one rank; the flag marks the operands after the second one.
    fn signed_chain(
        &mut self,
        [plain, inverse]: [char; 2],
        kind: fn(Vec<(bool, Node)>) -> Kind,
        operand: impl Fn(&mut Self) -> Result<Node, Fault>,
    ) -> Result<Node, Fault> {
        let first = operand(self)?;
        let start = first.at.start;
        let mut operands = vec![(false, first)];
        while let Token::Mark(mark) = self.token
            && (mark == plain || mark == inverse)
        {
            self.advance()?;
            operands.push((mark == inverse, operand(self)?));
        }
        match operands.len() {
            1 => Ok(operands.remove(0).1),
            _ => self.node(start, kind(operands)),
        }
    }

    fn prefixed(&mut self) -> Result<Node, Fault> {
        let start = self.at.start;
        if self.eat('!')? {
            let operand = self.deeper(Self::prefixed)?;
            return self.node(start, Kind::Not(Box::new(operand)));
        }
        if self.eat('-')? {
            let operand = self.deeper(Self::prefixed)?;
            return self.node(start, Kind::Negate(Box::new(operand)));
        }
        self.member()
    }

    fn member(&mut self) -> Result<Node, Fault> {
        let mut node = self.primary()?;
        while self.eat('.')? {
            let start = node.at.start;
            let Token::Name(name) = self.token.clone() else { return Err(self.unexpected("a field's name")) };
            self.advance()?;
            node = self.node(start, Kind::Member(Box::new(node), name))?;
        }
        Ok(node)
    }

    fn primary(&mut self) -> Result<Node, Fault> {
        let start = self.at.start;
        if self.token == Token::Mark('(') {
            self.advance()?;
            let mut inner = self.expression()?;
            self.expect(')')?;
            inner.at = start..self.end;
            return Ok(inner);
        }
        let wanted =
            matches!(self.token, Token::Number(_) | Token::Seconds(_) | Token::Text(_) | Token::Name(_));
        if !wanted {
            return Err(self.unexpected("a value"));
        }
        let token = mem::replace(&mut self.token, Token::End);
        let at = self.at.clone();
        self.advance()?;
        let kind = match token {
            Token::Number(number) => Kind::Number(number),
            Token::Seconds(seconds) => Kind::Seconds(seconds),
            Token::Text(text) => Kind::Text(text),
            Token::Name(name) => return self.named(&at, name),
            Token::Compare(_) | Token::Mark(_) | Token::End => return Err(self.unexpected("a value")),
        };
        self.node(start, kind)
    }

    fn named(&mut self, at: &Range<usize>, name: String) -> Result<Node, Fault> {
        let kind = match name.as_str() {
            "true" => Kind::Bool(true),
            "false" => Kind::Bool(false),
            "null" => {
                return Err(Fault::new(at, "there is no null: has(field) asks whether a value is known"));
            }
            "in" => return Err(Fault::new(at, "expected a value, found `in`")),
            _ if self.eat('(')? => Kind::Call(name, self.list(')')?),
            _ => Kind::Name(name),
        };
        self.node(at.start, kind)
    }

    /// Expressions between commas, up to the closing mark.
    fn list(&mut self, close: char) -> Result<Vec<Node>, Fault> {
        let mut elements = Vec::new();
        if self.eat(close)? {
            return Ok(elements);
        }
        loop {
            elements.push(self.expression()?);
            if !self.eat(',')? {
                self.expect(close)?;
                return Ok(elements);
            }
        }
    }

    fn deeper<T>(&mut self, inner: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(format!("an expression nested deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn node(&mut self, start: usize, kind: Kind) -> Result<Node, Fault> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.fault(format!("an expression of more than {MAX_NODES} parts")));
        }
        Ok(Node { at: start..self.end, kind })
    }

    fn advance(&mut self) -> Result<(), Fault> {
        self.end = self.at.end;
        (self.token, self.at) = self.lexer.next()?;
        Ok(())
    }

    fn eat(&mut self, mark: char) -> Result<bool, Fault> {
        let found = self.token == Token::Mark(mark);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, mark: char) -> Result<(), Fault> {
        if self.eat(mark)? { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> Fault {
        self.fault(format!("expected {wanted}, found {}", self.token.describe()))
    }

    fn fault(&self, message: impl Into<String>) -> Fault {
        Fault::new(&self.at, message)
    }
}
