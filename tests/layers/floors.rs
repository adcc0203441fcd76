//! Floors inside a room: of its files and folders too, each names only what lies below it.

use super::{circles::imports_in_src, imports::sources};

/// The parts of a room from top to bottom; a part may name those on floors below its own, and none beside it or above.
/// The file of the room itself may name all.
pub const FLOORS_INSIDE: &[(&str, &[&[&str]])] = &[
    (
        "verify/",
        &[
            &["ledger", "proof", "loose_records", "evidence"],
            &["declared"],
            &["report", "verified_view"],
            // Who asks whether a ledger is sound need not open these two.
            &["locate", "diff"],
            &["scan"],
            &["hashes"],
            &["trust"],
            &["lines"],
            &["places"],
            &["finding"],
        ],
    ),
    (
        "device/port/",
        &[
            &["serial", "address", "access"],
            &["lock", "settings"],
            &["kernel", "list", "open_error", "mode", "pty"],
            &["line_counters"],
        ],
    ),
];

#[test]
fn layers_arrows_point_down_inside_rooms() {
    let mut wrong = Vec::new();
    for (room, floors) in FLOORS_INSIDE {
        for (file, imported) in &imports_in_src() {
            let Some(own) = floor(floors, room, file) else { continue };
            let up = imported.iter().filter(|(other, _)| {
                let below = floor(floors, room, other);
                below.is_some_and(|below| below <= own && part(room, other) != part(room, file))
            });
            wrong.extend(up.map(|(other, path)| format!("{file} → {other}, by {path}")));
        }
    }
    assert!(wrong.is_empty(), "arrows that do not point down:\n{}", wrong.join("\n"));
}

#[test]
fn layers_floors_inside_rooms_are_lived_on() {
    for (room, floors) in FLOORS_INSIDE {
        let is_there = |wanted: &str| sources().iter().any(|source| part(room, &source.name) == Some(wanted));
        let empty: Vec<_> = floors.concat().into_iter().filter(|part| !is_there(part)).collect();
        assert!(empty.is_empty(), "{room} has no {empty:?}");
    }
}

/// The floor of a file; `None` outside of the room, and for the file of the room itself.
fn floor(floors: &[&[&str]], room: &str, file: &str) -> Option<usize> {
    let part = part(room, file).filter(|part| *part != "mod")?;
    let floor = floors.iter().position(|parts| parts.contains(&part));
    Some(floor.unwrap_or_else(|| panic!("{file} is on no floor of {room}")))
}

/// The file or folder of a room that a file belongs to.
fn part<'a>(room: &str, file: &'a str) -> Option<&'a str> {
    file.strip_prefix(room)?.split(['/', '.']).next()
}
