//! Members of what is kept: absent where there is nothing to say.

use super::BadState;
use crate::{
    hash::Hash,
    json::{Object, Value},
    key::Did,
    object,
    record::registry::Name,
    rules::registry::{Revoked, SinceEntry},
    time::Time,
};

pub(super) fn put(object: &mut Object, name: &str, value: Option<impl ToString>) {
    if let Some(value) = value {
        object.insert(name, value.to_string());
    }
}

pub(super) fn put_since(object: &mut Object, name: &str, entry: &str, since: Option<SinceEntry<Hash>>) {
    if let Some(SinceEntry { is, n }) = since {
        object.insert(name, is.to_string());
        object.insert(entry, n);
    }
}

pub(super) fn put_revoked(object: &mut Object, revoked: Option<Revoked>) {
    if let Some(Revoked { n, trusted_until }) = revoked {
        object.insert("revoked", object! { "n": n, "trusted_until": trusted_until.to_string() });
    }
}

pub(super) fn put_list<T>(object: &mut Object, name: &str, items: &[T], write: impl Fn(&T) -> Object) {
    if !items.is_empty() {
        object.insert(name, list(items, write));
    }
}

pub(super) fn list<'a, T: 'a>(
    items: impl IntoIterator<Item = &'a T>,
    write: impl Fn(&'a T) -> Object,
) -> Value {
    Value::Array(items.into_iter().map(|item| Value::Object(write(item))).collect())
}

pub(super) fn read<T>(
    object: &Object,
    name: &'static str,
    read: impl Fn(&Object) -> Option<T>,
    write: impl Fn(&T) -> Object,
) -> Result<Vec<T>, BadState> {
    // A member that we do not know, or that we take for absent, would be lost.
    let whole = |object: &Object| read(object).filter(|item| write(item) == *object);
    object.get(name).and_then(|_| read_list(object, name, whole)).ok_or(BadState(name))
}

/// Empty if there is none.
pub(super) fn read_list<T>(
    object: &Object,
    name: &str,
    read: impl Fn(&Object) -> Option<T>,
) -> Option<Vec<T>> {
    let Some(list) = object.get(name) else { return Some(Vec::new()) };
    list.as_array()?.iter().map(|item| read(item.as_object()?)).collect()
}

pub(super) fn id(object: &Object, name: &str) -> Option<Hash> {
    object.str(name).and_then(Hash::parse)
}

pub(super) fn key(object: &Object, name: &str) -> Option<Did> {
    object.str(name).and_then(|did| Did::parse(did).ok())
}

pub(super) fn name(object: &Object) -> Option<Name> {
    object.str("name").and_then(|name| Name::parse(name).ok())
}

pub(super) fn time(object: &Object, name: &str) -> Option<Time> {
    object.str(name).and_then(Time::parse)
}

pub(super) fn number(object: &Object, name: &str) -> Option<u64> {
    object.get(name).and_then(Value::as_u64)
}

pub(super) fn since(object: &Object, name: &str, entry: &str) -> Option<SinceEntry<Hash>> {
    Some(SinceEntry { is: id(object, name)?, n: number(object, entry)? })
}

pub(super) fn revoked(object: &Object) -> Option<Revoked> {
    let object = object.get("revoked")?.as_object()?;
    Some(Revoked { n: number(object, "n")?, trusted_until: time(object, "trusted_until")? })
}
