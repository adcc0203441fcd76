//! Good objects with members that are missing, others' or odd.

use counterfoil::{
    hash::Hash,
    json::{Object, Value},
};

use super::world::Dice;

/// A member goes, has another's or an odd value or another letter, or there is one that another object has, or that
/// none has.
pub(super) fn edit(object: &mut Object, dice: &mut Dice<'_>, others: &[Object]) {
    let other = dice.pick(others);
    let how = dice.roll(6);
    let (theirs, value) = member(&other, dice);
    let (ours, _) = member(object, dice);
    match how {
        0 => drop(object.remove(&ours)),
        1 => drop(object.insert(ours, value)),
        2 => drop(object.insert(theirs, value)),
        3 => drop(object.insert(ours, dice.pick(&odd()))),
        4 => object.get_mut(&ours).into_iter().for_each(|value| respell(value, dice)),
        _ => drop(object.insert(dice.pick(&["parties", "Key", "until ", "", "admin", "é"]), value)),
    }
}

/// One letter of a text is another, counted from the end: there packed data have their last flag.
fn respell(value: &mut Value, dice: &mut Dice<'_>) {
    let Value::String(text) = value else { return };
    let mut letters: Vec<char> = text.chars().rev().collect();
    let at = dice.roll(letters.len().max(1));
    if let Some(letter) = letters.get_mut(at) {
        *letter = dice.pick(&['B', 'A', '0', 'f', 'z', '/', '=', ' ']);
    }
    *text = letters.iter().rev().collect();
}

fn member(object: &Object, dice: &mut Dice<'_>) -> (String, Value) {
    let members: Vec<_> = object.iter().map(|(name, value)| (name.to_owned(), value.clone())).collect();
    if members.is_empty() { (String::new(), Value::Null) } else { dice.pick(&members) }
}

/// What no member has, or only some.
fn odd() -> Vec<Value> {
    let id = Hash::of(b"x").to_string();
    let lists = [vec![], vec![id.clone()], vec![id.clone(), id.clone()], vec![id.clone(); 33]];
    let texts = ["", "-x", "a\"b", "2026-03-01T06:00:00Z", "did:key:z6Mk", &id.to_uppercase(), &id];
    let texts = texts.into_iter().map(Value::from);
    lists.into_iter().map(Value::from).chain(texts).chain([Value::Null, true.into(), 7u32.into()]).collect()
}

/// The same somewhere within an object; of a list an item can be there twice.
pub(super) fn edit_within(object: &mut Object, dice: &mut Dice<'_>, pieces: &[Object]) {
    let (name, _) = member(object, dice);
    match object.get_mut(&name) {
        Some(Value::Object(inner)) => edit_within(inner, dice, pieces),
        Some(Value::Array(items)) if !items.is_empty() => {
            let at = dice.roll(items.len());
            match &mut items[at] {
                Value::Object(inner) if dice.roll(4) != 1 => edit_within(inner, dice, pieces),
                item => {
                    let twin = item.clone();
                    items.insert(0, twin);
                }
            }
        }
        _ => edit(object, dice, pieces),
    }
}

/// An object and all within it.
pub(super) fn pieces(object: &Object) -> Vec<Object> {
    let mut found = vec![object.clone()];
    for (_, value) in object.iter() {
        let items = value.as_array().unwrap_or(std::slice::from_ref(value));
        found.extend(items.iter().filter_map(Value::as_object).flat_map(pieces));
    }
    found
}
