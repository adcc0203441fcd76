//! From text to a tree, by recursive descent that counts its depth.

use std::{mem, ops::Range};

use super::{
    CompareOperator, ExpressionError,
    lex::{ExpressionToken, Lexer},
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
pub struct SyntaxNode {
    /// The bytes of the text
    pub at: Range<usize>,
    pub(super) kind: NodeKind,
}

#[derive(Clone, Debug, PartialEq)]
pub(super) enum NodeKind {
    Number(Decimal),
    Seconds(Decimal),
    Text(String),
    Bool(bool),
    Name(String),
    Not(Box<SyntaxNode>),
    Negate(Box<SyntaxNode>),
    And(Vec<SyntaxNode>),
    Or(Vec<SyntaxNode>),
    Compare(CompareOperator, Box<[SyntaxNode; 2]>),
    In(Box<SyntaxNode>, Vec<SyntaxNode>),
    Sum(Vec<(bool, SyntaxNode)>),
    Product(Vec<(bool, SyntaxNode)>),
    If(Box<[SyntaxNode; 3]>),
    Call(String, Vec<SyntaxNode>),
    Member(Box<SyntaxNode>, String),
}

impl SyntaxNode {
    /// The first answer about a name in it, in the order of the text, and the name's place.
    pub(super) fn find_name<T>(&self, about: &impl Fn(&str) -> Option<T>) -> Option<(&Range<usize>, T)> {
        match &self.kind {
            NodeKind::Name(name) => about(name).map(|answer| (&self.at, answer)),
            NodeKind::Number(_) | NodeKind::Seconds(_) | NodeKind::Text(_) | NodeKind::Bool(_) => None,
            NodeKind::Not(a) | NodeKind::Negate(a) | NodeKind::Member(a, _) => a.find_name(about),
            NodeKind::And(parts) | NodeKind::Or(parts) | NodeKind::Call(_, parts) => {
                parts.iter().find_map(|part| part.find_name(about))
            }
            NodeKind::Compare(_, sides) => sides.iter().find_map(|part| part.find_name(about)),
            NodeKind::In(a, list) => {
                a.find_name(about).or_else(|| list.iter().find_map(|part| part.find_name(about)))
            }
            NodeKind::Sum(parts) | NodeKind::Product(parts) => {
                parts.iter().find_map(|(_, part)| part.find_name(about))
            }
            NodeKind::If(parts) => parts.iter().find_map(|part| part.find_name(about)),
        }
    }
}

/// Reads an expression.
///
/// # Errors
/// If it is too long, too deep, too large, or no expression, with the place.
pub fn parse(text: &str) -> Result<SyntaxNode, ExpressionError> {
    if text.len() > MAX_LENGTH {
        let message = format!("an expression of {} bytes: at most {MAX_LENGTH} are allowed", text.len());
        return Err(ExpressionError::new(&(0..text.len()), message));
    }
    let mut parser =
        Parser { lexer: Lexer::new(text), token: ExpressionToken::End, at: 0..0, end: 0, depth: 0, nodes: 0 };
    parser.advance()?;
    let node = parser.expression()?;
    if parser.token == ExpressionToken::End { Ok(node) } else { Err(parser.unexpected("an operator")) }
}

struct Parser<'a> {
    lexer: Lexer<'a>,
    token: ExpressionToken,
    at: Range<usize>,
    /// Where the token before ended
    end: usize,
    depth: usize,
    nodes: usize,
}

impl Parser<'_> {
    /// `a ? b : c`, the loosest operator.
    fn expression(&mut self) -> Result<SyntaxNode, ExpressionError> {
        self.deeper(|parser| {
            let condition = parser
                .chain('|', NodeKind::Or, |parser| parser.chain('&', NodeKind::And, Parser::relation))?;
            if !parser.eat('?')? {
                return Ok(condition);
            }
            let start = condition.at.start;
            let yes = parser.expression()?;
            parser.expect(':')?;
            let no = parser.expression()?;
            parser.node(start, NodeKind::If(Box::new([condition, yes, no])))
        })
    }

    /// Operands joined by one operator become one node: a long chain is not a deep one.
    fn chain(
        &mut self,
        mark: char,
        kind: fn(Vec<SyntaxNode>) -> NodeKind,
        operand: impl Fn(&mut Self) -> Result<SyntaxNode, ExpressionError>,
    ) -> Result<SyntaxNode, ExpressionError> {
        let first = operand(self)?;
        if self.token != ExpressionToken::Mark(mark) {
            return Ok(first);
        }
        let start = first.at.start;
        let mut operands = vec![first];
        while self.eat(mark)? {
            operands.push(operand(self)?);
        }
        self.node(start, kind(operands))
    }

    fn relation(&mut self) -> Result<SyntaxNode, ExpressionError> {
        let left = self.sum()?;
        let start = left.at.start;
        let node = match &self.token {
            ExpressionToken::Compare(comparison) => {
                let comparison = *comparison;
                self.advance()?;
                let right = self.sum()?;
                self.node(start, NodeKind::Compare(comparison, Box::new([left, right])))?
            }
            ExpressionToken::Name(name) if name == "in" => {
                self.advance()?;
                if self.token != ExpressionToken::Mark('[') {
                    return Err(self.foreign().unwrap_or_else(|| self.unexpected("`[`")));
                }
                self.advance()?;
                let list = self.list(']')?;
                self.node(start, NodeKind::In(Box::new(left), list))?
            }
            _ => return Ok(left),
        };
        match &self.token {
            ExpressionToken::Compare(_) => {
                Err(self.fault("comparisons do not chain: join them with && or use parentheses"))
            }
            _ => Ok(node),
        }
    }

    fn sum(&mut self) -> Result<SyntaxNode, ExpressionError> {
        self.signed_chain(['+', '-'], NodeKind::Sum, |parser| {
            parser.signed_chain(['*', '/'], NodeKind::Product, Parser::prefixed)
        })
    }

    /// A chain of two operators of one rank; the flag marks the operands after the second one.
    fn signed_chain(
        &mut self,
        [plain, inverse]: [char; 2],
        kind: fn(Vec<(bool, SyntaxNode)>) -> NodeKind,
        operand: impl Fn(&mut Self) -> Result<SyntaxNode, ExpressionError>,
    ) -> Result<SyntaxNode, ExpressionError> {
        let first = operand(self)?;
        let start = first.at.start;
        let mut operands = vec![(false, first)];
        while let ExpressionToken::Mark(mark) = self.token
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

    fn prefixed(&mut self) -> Result<SyntaxNode, ExpressionError> {
        let start = self.at.start;
        if self.eat('!')? {
            let operand = self.deeper(Self::prefixed)?;
            return self.node(start, NodeKind::Not(Box::new(operand)));
        }
        if self.eat('-')? {
            let operand = self.deeper(Self::prefixed)?;
            return self.node(start, NodeKind::Negate(Box::new(operand)));
        }
        self.member()
    }

    fn member(&mut self) -> Result<SyntaxNode, ExpressionError> {
        let mut node = self.primary()?;
        while self.eat('.')? {
            let start = node.at.start;
            let ExpressionToken::Name(name) = self.token.clone() else {
                return Err(self.unexpected("a field's name"));
            };
            let at = self.at.clone();
            self.advance()?;
            if self.token == ExpressionToken::Mark('(') {
                return Err(ExpressionError::new(&at, no_method(&name)));
            }
            node = self.node(start, NodeKind::Member(Box::new(node), name))?;
        }
        Ok(node)
    }

    fn primary(&mut self) -> Result<SyntaxNode, ExpressionError> {
        let start = self.at.start;
        if self.token == ExpressionToken::Mark('(') {
            self.advance()?;
            let mut inner = self.expression()?;
            self.expect(')')?;
            inner.at = start..self.end;
            return Ok(inner);
        }
        let wanted = matches!(
            self.token,
            ExpressionToken::Number(_)
                | ExpressionToken::Seconds(_)
                | ExpressionToken::Text(_)
                | ExpressionToken::Name(_)
        );
        if !wanted {
            return Err(self.foreign().unwrap_or_else(|| self.unexpected("a value")));
        }
        let token = mem::replace(&mut self.token, ExpressionToken::End);
        let at = self.at.clone();
        self.advance()?;
        let kind = match token {
            ExpressionToken::Number(number) => NodeKind::Number(number),
            ExpressionToken::Seconds(seconds) => NodeKind::Seconds(seconds),
            ExpressionToken::Text(text) => NodeKind::Text(text),
            ExpressionToken::Name(name) => return self.named(&at, name),
            ExpressionToken::Compare(_) | ExpressionToken::Mark(_) | ExpressionToken::End => {
                return Err(self.unexpected("a value"));
            }
        };
        self.node(start, kind)
    }

    fn named(&mut self, at: &Range<usize>, name: String) -> Result<SyntaxNode, ExpressionError> {
        let kind = match name.as_str() {
            "true" => NodeKind::Bool(true),
            "false" => NodeKind::Bool(false),
            "null" => {
                return Err(ExpressionError::new(
                    at,
                    "there is no null: has(field) asks whether a value is known",
                ));
            }
            "in" => return Err(ExpressionError::new(at, "expected a value, found `in`")),
            _ if self.eat('(')? => NodeKind::Call(name, self.list(')')?),
            _ => NodeKind::Name(name),
        };
        self.node(at.start, kind)
    }

    /// What CEL has and this language has not, where it begins; `None`: it is no such thing.
    fn foreign(&self) -> Option<ExpressionError> {
        let ExpressionToken::Mark(mark) = self.token else { return None };
        let message = match mark {
            '[' => "there are no lists, but for what `in` looks through: door in ['open', 'ajar']",
            '.' => "a number begins with a digit: 0.5",
            _ => return None,
        };
        Some(self.fault(message))
    }

    /// Expressions between commas, up to the closing mark.
    fn list(&mut self, close: char) -> Result<Vec<SyntaxNode>, ExpressionError> {
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

    fn deeper<T>(
        &mut self,
        inner: impl FnOnce(&mut Self) -> Result<T, ExpressionError>,
    ) -> Result<T, ExpressionError> {
        if self.depth == MAX_DEPTH {
            return Err(self.fault(format!("an expression nested deeper than {MAX_DEPTH}")));
        }
        self.depth += 1;
        let result = inner(self);
        self.depth -= 1;
        result
    }

    fn node(&mut self, start: usize, kind: NodeKind) -> Result<SyntaxNode, ExpressionError> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.fault(format!("an expression of more than {MAX_NODES} parts")));
        }
        Ok(SyntaxNode { at: start..self.end, kind })
    }

    fn advance(&mut self) -> Result<(), ExpressionError> {
        self.end = self.at.end;
        (self.token, self.at) = self.lexer.next()?;
        Ok(())
    }

    fn eat(&mut self, mark: char) -> Result<bool, ExpressionError> {
        let found = self.token == ExpressionToken::Mark(mark);
        if found {
            self.advance()?;
        }
        Ok(found)
    }

    fn expect(&mut self, mark: char) -> Result<(), ExpressionError> {
        if self.eat(mark)? { Ok(()) } else { Err(self.unexpected(&format!("`{mark}`"))) }
    }

    fn unexpected(&self, wanted: &str) -> ExpressionError {
        self.fault(format!("expected {wanted}, found {}", self.token.describe()))
    }

    fn fault(&self, message: impl Into<String>) -> ExpressionError {
        ExpressionError::new(&self.at, message)
    }
}

/// Why nothing can be called on a value.
fn no_method(name: &str) -> String {
    let why = if name == "matches" {
        ": there are no regular expressions"
    } else {
        ": text is compared with ==, < and `in`"
    };
    format!("there is no method `{name}`{why}")
}
