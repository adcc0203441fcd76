//! Types: what every part of an expression comes to, before anything runs.

use std::ops::Range;

use super::{Code, Comparison, Fault, Function, Leaves, Node, Type, Val, evaluate, parse::Kind};

/// What names and calls mean where an expression stands.
pub trait Scope {
    /// What a name can stand for besides constants
    type Leaf: Clone;

    /// The meaning of a name; what the name could be instead, if it means nothing.
    ///
    /// # Errors
    /// A sentence.
    fn name(&self, name: &str) -> Result<Typed<Self::Leaf>, String>;

    /// The meaning of a call that is not one of the functions of numbers; none if there is no such function.
    fn call(
        &self,
        name: &str,
        arguments: &[Node],
        at: &Range<usize>,
    ) -> Option<Result<Typed<Self::Leaf>, Fault>>;

    /// The meaning of `event('delivered').field`; none if a scope knows no events.
    fn event(&self, event: &str, field: &str) -> Option<Typed<Self::Leaf>>;

    /// Whether there are `/`, `floor`, `ceil` and `round`: results that need rounding.
    fn rounds(&self) -> bool;
}

/// A checked part: its type, and whether it is known before anything runs.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed<L> {
    /// What it comes to
    pub ty: Type,
    /// How
    pub code: Code<L>,
}

impl<L> Typed<L> {
    pub(super) fn new(ty: Type, code: Code<L>) -> Self {
        Self { ty, code }
    }

    pub(super) fn constant(ty: Type, value: Val) -> Self {
        Self { ty, code: Code::Constant(value) }
    }

    fn is_constant(&self) -> bool {
        matches!(self.code, Code::Constant(_))
    }

    fn operand(&self) -> Operand {
        Operand { ty: self.ty, constant: self.is_constant() }
    }
}

/// What decides whether two parts can meet.
#[derive(Clone, Copy)]
struct Operand {
    ty: Type,
    constant: bool,
}

/// Gives every part its type.
pub(super) fn check<S: Scope>(node: &Node, scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let typed = match &node.kind {
        Kind::Number(number) => Typed::constant(Type::Number, Val::Number(*number)),
        Kind::Seconds(seconds) => Typed::constant(Type::Duration, Val::Number(*seconds)),
        Kind::Text(text) => Typed::constant(Type::Text, Val::Text(text.as_str().into())),
        Kind::Bool(truth) => Typed::constant(Type::Bool, Val::Bool(*truth)),
        Kind::Name(name) => scope.name(name).map_err(|why| Fault::new(&node.at, why))?,
        Kind::Not(operand) => Typed::new(Type::Bool, Code::Not(Box::new(condition(operand, scope)?))),
        Kind::And(operands) => Typed::new(Type::Bool, Code::And(conditions(operands, scope)?)),
        Kind::Or(operands) => Typed::new(Type::Bool, Code::Or(conditions(operands, scope)?)),
        Kind::Compare(comparison, sides) => compare(*comparison, sides, scope)?,
        Kind::In(element, list) => member_of(element, list, scope)?,
        Kind::Negate(operand) => {
            let operand = amount(operand, scope)?;
            Typed::new(operand.ty, Code::Negate(Box::new(operand.code)))
        }
        Kind::Sum(terms) => sum(terms, scope)?,
        Kind::Product(factors) => product(factors, scope)?,
        Kind::If(parts) => choice(parts, scope)?,
        Kind::Call(name, arguments) => call(name, arguments, &node.at, scope)?,
        Kind::Member(object, field) => event_field(object, field, scope)?,
    };
    fold(typed, &node.at)
}

/// A part that must be a condition.
pub(super) fn condition<S: Scope>(node: &Node, scope: &S) -> Result<Code<S::Leaf>, Fault> {
    let typed = check(node, scope)?;
    if typed.ty == Type::Bool { Ok(typed.code) } else { Err(expected("a condition", typed.ty, node)) }
}

/// A part that must be a number or a duration.
pub(super) fn amount<S: Scope>(node: &Node, scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let typed = check(node, scope)?;
    match typed.ty {
        Type::Number | Type::Duration => Ok(typed),
        other => Err(expected("a number", other, node)),
    }
}

/// A part that must be a plain number.
pub(super) fn number<S: Scope>(node: &Node, scope: &S) -> Result<Code<S::Leaf>, Fault> {
    let typed = check(node, scope)?;
    if typed.ty == Type::Number { Ok(typed.code) } else { Err(expected("a number", typed.ty, node)) }
}

pub(super) fn expected(wanted: &str, found: Type, node: &Node) -> Fault {
    Fault::new(&node.at, format!("expected {wanted}, found {found}"))
}

fn conditions<S: Scope>(nodes: &[Node], scope: &S) -> Result<Vec<Code<S::Leaf>>, Fault> {
    nodes.iter().map(|node| condition(node, scope)).collect()
}

fn compare<S: Scope>(comparison: Comparison, sides: &[Node; 2], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let (left, right) = (check(&sides[0], scope)?, check(&sides[1], scope)?);
    let ty = common(left.operand(), right.operand()).ok_or_else(|| {
        let at = sides[0].at.start..sides[1].at.end;
        Fault::new(&at, format!("cannot compare {} with {}", left.ty, right.ty))
    })?;
    let ordered = !matches!(comparison, Comparison::Equal | Comparison::NotEqual);
    if ordered && ty == Type::Bool {
        let message = format!("`{comparison}` does not order conditions; `==` and `!=` compare them");
        return Err(Fault::new(&(sides[0].at.start..sides[1].at.end), message));
    }
    Ok(Typed::new(Type::Bool, Code::Compare(comparison, Box::new([left.code, right.code]))))
}

/// The type of two operands that can meet. A duration counts seconds, so a constant number can meet it, but
/// a field that happens to be a number cannot.
fn common(left: Operand, right: Operand) -> Option<Type> {
    match (left.ty, right.ty) {
        (a, b) if a == b => Some(a),
        (Type::Duration, Type::Number) if right.constant => Some(Type::Duration),
        (Type::Number, Type::Duration) if left.constant => Some(Type::Duration),
        _ => None,
    }
}

fn member_of<S: Scope>(element: &Node, list: &[Node], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let element = check(element, scope)?;
    let mut codes = Vec::with_capacity(list.len());
    for node in list {
        let candidate = check(node, scope)?;
        if common(element.operand(), candidate.operand()).is_none() {
            return Err(expected(&element.ty.to_string(), candidate.ty, node));
        }
        codes.push(candidate.code);
    }
    Ok(Typed::new(Type::Bool, Code::In(Box::new(element.code), codes)))
}

fn sum<S: Scope>(terms: &[(bool, Node)], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let mut codes = Vec::with_capacity(terms.len());
    let mut so_far: Option<Operand> = None;
    for (subtract, node) in terms {
        let term = check(node, scope)?;
        if matches!(term.ty, Type::Text | Type::Bool) {
            return Err(expected("a number", term.ty, node));
        }
        so_far = Some(match so_far {
            None => term.operand(),
            Some(before) => added(before, term.operand(), *subtract).ok_or_else(|| {
                let verb = if *subtract { "subtract" } else { "add" };
                Fault::new(&node.at, format!("cannot {verb} {} and {}", before.ty, term.ty))
            })?,
        });
        codes.push((*subtract, term.code));
    }
    Ok(Typed::new(so_far.map_or(Type::Number, |sum| sum.ty), Code::Sum(codes)))
}

/// What two terms come to; what has been summed is as constant as all its terms.
fn added(left: Operand, right: Operand, subtract: bool) -> Option<Operand> {
    let ty = match (left.ty, right.ty) {
        (Type::Instant, Type::Instant) => subtract.then_some(Type::Duration),
        (Type::Instant, Type::Duration) => Some(Type::Instant),
        (Type::Duration, Type::Instant) => (!subtract).then_some(Type::Instant),
        _ => common(left, right),
    };
    Some(Operand { ty: ty?, constant: left.constant && right.constant })
}

fn product<S: Scope>(factors: &[(bool, Node)], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let mut codes = Vec::with_capacity(factors.len());
    let mut ty = None;
    for (divide, node) in factors {
        if *divide && !scope.rounds() {
            return Err(Fault::new(&node.at, "a condition does not divide: multiply the other side instead"));
        }
        let factor = amount(node, scope)?;
        ty = Some(match (ty, factor.ty, divide) {
            (None, first, _) => first,
            (Some(Type::Duration), Type::Duration, true) | (Some(Type::Number), Type::Number, _) => {
                Type::Number
            }
            (Some(Type::Duration), Type::Number, _) | (Some(Type::Number), Type::Duration, false) => {
                Type::Duration
            }
            (Some(before), other, _) => {
                let verb = if *divide { "divide" } else { "multiply" };
                return Err(Fault::new(&node.at, format!("cannot {verb} {before} by {other}")));
            }
        });
        codes.push((*divide, factor.code));
    }
    Ok(Typed::new(ty.unwrap_or(Type::Number), Code::Product(codes)))
}

fn choice<S: Scope>(parts: &[Node; 3], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let question = condition(&parts[0], scope)?;
    let (yes, no) = (check(&parts[1], scope)?, check(&parts[2], scope)?);
    let ty = common(yes.operand(), no.operand()).ok_or_else(|| {
        let at = parts[1].at.start..parts[2].at.end;
        Fault::new(&at, format!("one branch is {}, the other {}", yes.ty, no.ty))
    })?;
    Ok(Typed::new(ty, Code::If(Box::new([question, yes.code, no.code]))))
}

fn call<S: Scope>(
    name: &str,
    arguments: &[Node],
    at: &Range<usize>,
    scope: &S,
) -> Result<Typed<S::Leaf>, Fault> {
    if let Some(result) = scope.call(name, arguments, at) {
        return result;
    }
    let (function, wanted) = match name {
        "abs" => (Function::Abs, 1..=1),
        "min" => (Function::Min, 2..=usize::MAX),
        "max" => (Function::Max, 2..=usize::MAX),
        "floor" if scope.rounds() => (Function::Floor, 1..=1),
        "ceil" if scope.rounds() => (Function::Ceil, 1..=1),
        "round" if scope.rounds() => (Function::Round, 2..=2),
        _ => return Err(Fault::new(at, format!("there is no function `{name}` here"))),
    };
    if !wanted.contains(&arguments.len()) {
        let least = wanted.start();
        let count = if least == wanted.end() { least.to_string() } else { format!("at least {least}") };
        return Err(Fault::new(at, format!("`{name}` takes {count} arguments, found {}", arguments.len())));
    }
    apply(function, arguments, scope)
}

fn apply<S: Scope>(function: Function, arguments: &[Node], scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let first = amount(&arguments[0], scope)?;
    let mut ty = first.ty;
    let mut codes = vec![first.code.clone()];
    for node in &arguments[1..] {
        let next = amount(node, scope)?;
        if function == Function::Round {
            let digits = matches!(&next.code, Code::Constant(Val::Number(n)) if n.scaled(0).is_some_and(|d| (0..=18).contains(&d)));
            if !digits || next.ty != Type::Number {
                return Err(Fault::new(&node.at, "round takes a constant number of digits from 0 to 18"));
            }
        } else {
            ty = common(first.operand(), next.operand())
                .ok_or_else(|| expected(&first.ty.to_string(), next.ty, node))?;
        }
        codes.push(next.code);
    }
    Ok(Typed::new(ty, Code::Apply(function, codes)))
}

fn event_field<S: Scope>(object: &Node, field: &str, scope: &S) -> Result<Typed<S::Leaf>, Fault> {
    let event = match &object.kind {
        Kind::Call(name, arguments) if name == "event" => match arguments.as_slice() {
            [Node { kind: Kind::Text(event), .. }] => Some(event),
            _ => None,
        },
        _ => None,
    };
    let found = event.and_then(|event| scope.event(event, field));
    found.ok_or_else(|| {
        Fault::new(&object.at, "only an event of an amount has fields: event('delivered').time")
    })
}

/// What is known before anything runs is computed once.
fn fold<L: Clone>(typed: Typed<L>, at: &Range<usize>) -> Result<Typed<L>, Fault> {
    if typed.is_constant() || typed.code.any(&|_| true) {
        return Ok(typed);
    }
    match evaluate(&typed.code, &Nothing, &mut false) {
        Some(value) => Ok(Typed::constant(typed.ty, value)),
        None => Err(Fault::new(at, "a constant that does not fit a decimal, or divides by zero")),
    }
}

/// Where constants are folded no leaf is asked.
struct Nothing;

impl<L> Leaves<L> for Nothing {
    fn value(&self, _: &L) -> Option<Val> {
        None
    }
}
