//! Lines of the tables that nothing in `src/` needs: an unused permission lets an import in that was not decided on.

use super::{DOORS, FLOORS, ONLY, PURE, is_below, is_in, sources};

#[test]
fn layers_permissions_are_used() {
    let unused: Vec<String> = floors().chain(pure()).chain(only()).chain(doors()).collect();
    assert!(unused.is_empty(), "permissions that nothing uses:\n{}", unused.join("\n"));
}

fn floors() -> impl Iterator<Item = String> {
    let is_there =
        |room: &str| sources().iter().any(|source| source.name.split(['/', '.']).next() == Some(room));
    FLOORS.concat().into_iter().filter(move |room| !is_there(room)).map(|room| format!("FLOORS: {room}"))
}

fn pure() -> impl Iterator<Item = String> {
    let is_there = |place: &str| sources().iter().any(|source| source.name.starts_with(place));
    PURE.iter().filter(move |place| !is_there(place)).map(|place| format!("PURE: {place}"))
}

fn only() -> impl Iterator<Item = String> {
    let rows = ONLY.iter().flat_map(|(room, other, parts)| parts.iter().map(move |part| (room, other, part)));
    let paths = rows.map(|(room, other, part)| (*room, format!("{other}::{part}")));
    paths.filter(|(room, path)| !is_named(&[room], path)).map(|(room, path)| format!("ONLY: {room} {path}"))
}

fn doors() -> impl Iterator<Item = String> {
    DOORS.iter().flat_map(|(dependency, doors)| {
        let closed = doors.iter().filter(move |door| !is_named(&[door], dependency));
        let nowhere = (doors.is_empty() && !is_named(&[""], dependency)).then_some(&"any file");
        closed.chain(nowhere).map(move |door| format!("DOORS: {dependency} in {door}"))
    })
}

/// Whether a file in one of these places names a path, or what is below it.
fn is_named(places: &[&str], path: &str) -> bool {
    let mut there = sources().iter().filter(|source| is_in(&source.name, places));
    there.any(|source| source.paths.iter().any(|named| is_below(named, path)))
}
