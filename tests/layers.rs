//! The rooms of `src/` and their rules (docs: the map in `src/lib.rs`), read off the `use` lines and paths.
//!
//! How to read the tables: [`FLOORS`] lists the rooms from top to bottom; a room may name rooms on floors below
//! its own, and none beside it or above. [`PURE`] lists files that get time, randomness and bytes as arguments
//! and so may not name [`IMPURE`] paths. [`DOORS`] says, for every dependency, which files may name it: where
//! there is one door, a change of that crate is a change of one file. A new room, pure file or dependency is a
//! line here. Unit tests (`#[cfg(test)]`) are held to none of this.

use std::{fs, path::Path, sync::LazyLock};

use regex::Regex;

/// Top to bottom.
const FLOORS: &[&[&str]] = &[
    &["cli"],
    &["explain"],
    &["verify", "contract"],
    &["device", "peer"],
    &["ledger"],
    &["rules"],
    &["tlog"],
    &["record"],
    &["key"],
    &["machine"],
    &["json", "hash", "time", "decimal"],
];

/// Rooms on this floor may name each other: a decimal is read from a JSON number.
const SHARED_FLOOR: usize = FLOORS.len() - 1;

const PURE: &[&str] = &[
    "json/",
    "hash.rs",
    "time.rs",
    "decimal.rs",
    "key/mod.rs",
    "key/export.rs",
    "key/multibase.rs",
    "key/pem.rs",
    "key/table.rs",
    "record/",
    "tlog/",
    "contract/",
    "verify/",
    "explain/",
    "rules/",
    "device/decode/",
    "device/frame",
    "cli/prompt/scan.rs",
    "cli/prompt/words.rs",
];

const IMPURE: &[&str] = &[
    "std::fs",
    "std::net",
    "std::env",
    "std::process",
    "std::os",
    "std::time::SystemTime",
    "std::time::Instant",
    "std::io::stdin",
    "std::io::stdout",
    "std::io::stderr",
    "std::io::IsTerminal",
    "crate::machine",
    "rustix",
    "libc",
    "getrandom",
];

/// Rooms that name only a part of another: a verifier reads through `tlog::view`, so it knows nothing of folders.
const ONLY: &[(&str, &str, &[&str])] = &[("verify/", "crate::ledger", &[])];

/// Every dependency, and the files (or folders) that may name it. Nothing: any.
const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &[]),
    ("hex", &[]),
    ("base64", &[]),
    ("serde", &["json/"]),
    ("serde_json", &["json/"]),
    ("ryu_js", &["json/"]),
    ("toml", &["contract/syntax.rs"]),
    ("rust_decimal", &["decimal.rs"]),
    ("memchr", &["verify/lines.rs"]),
    ("jiff", &["time.rs"]),
    ("ed25519_dalek", &["key/mod.rs"]),
    ("curve25519_dalek", &["key/table.rs"]),
    ("pkcs8", &["key/pem.rs"]),
    ("sha2", &["hash.rs"]),
    ("flate2", &["ledger/files/gzip.rs"]),
    ("bs58", &["key/multibase.rs"]),
    ("zeroize", &["key/", "cli/"]),
    ("getrandom", &["machine.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("rustyline", &["cli/prompt/editor.rs"]),
    ("rpassword", &["cli/keys.rs"]),
    ("qrcode", &["cli/qr.rs"]),
    ("rustix", &["cli/", "device/", "key/file.rs", "ledger/", "machine.rs"]),
    ("libc", &["machine.rs", "device/kernel.rs"]),
    ("signal_hook", &["cli/signals.rs"]),
    ("tokio_serial", &["device/port.rs"]),
    ("tokio", &["device/"]),
    ("ureq", &["peer/client.rs"]),
];

/// A file below `src/`, and the paths that it names.
struct Source {
    name: String,
    paths: Vec<String>,
}

#[test]
fn layers_arrows_point_down() {
    let mut wrong = Vec::new();
    for Source { name, paths } in sources() {
        let room = name.split(['/', '.']).next().unwrap();
        let Some(own) = floor(room) else {
            assert_eq!(room, "lib", "{name}: a room that is on no floor");
            continue;
        };
        for path in paths {
            let Some(other) = path.strip_prefix("crate::").map(|path| path.split("::").next().unwrap())
            else {
                continue;
            };
            // The macro `object!` stands at the root of the crate.
            let other = if other == "object" { "json" } else { other };
            let below = floor(other).unwrap_or_else(|| panic!("{name}: {path} is on no floor"));
            let shared = below == own && own == SHARED_FLOOR;
            if other != room && below <= own && !shared {
                wrong.push(format!("{name}: {path}"));
            }
        }
    }
    assert!(wrong.is_empty(), "arrows that do not point down:\n{}", wrong.join("\n"));
}

#[test]
fn layers_pure_rooms_ask_nobody() {
    let mut wrong = Vec::new();
    for Source { name, paths } in sources().iter().filter(|source| is_in(&source.name, PURE)) {
        wrong.extend(
            paths
                .iter()
                .filter(|path| IMPURE.iter().any(|no| is_below(path, no)))
                .map(|p| format!("{name}: {p}")),
        );
    }
    assert!(wrong.is_empty(), "pure rooms that ask the machine:\n{}", wrong.join("\n"));
}

#[test]
fn layers_rooms_keep_to_their_part_of_others() {
    let mut wrong = Vec::new();
    for Source { name, paths } in sources() {
        for (room, other, parts) in ONLY.iter().filter(|(room, ..)| name.starts_with(room)) {
            let named = paths.iter().filter_map(|path| path.strip_prefix(other)?.strip_prefix("::"));
            let strange = named.filter(|path| !parts.contains(&path.split("::").next().unwrap()));
            wrong
                .extend(strange.map(|path| format!("{name}: {other}::{path} ({room} knows only {parts:?})")));
        }
    }
    assert!(wrong.is_empty(), "rooms that know too much:\n{}", wrong.join("\n"));
}

#[test]
fn layers_every_dependency_has_its_door() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    let section = manifest.split("\n[dependencies]\n").nth(1).unwrap().split("\n[").next().unwrap();
    for dependency in section.lines().filter_map(|line| line.split_once(" = ")) {
        let name = dependency.0.replace('-', "_");
        assert!(DOORS.iter().any(|(door, _)| *door == name), "{name}: no line in DOORS");
    }
    let mut wrong = Vec::new();
    for Source { name, paths } in sources() {
        for (dependency, doors) in DOORS.iter().filter(|(_, doors)| !doors.is_empty()) {
            if paths.iter().any(|path| is_below(path, dependency)) && !is_in(name, doors) {
                wrong.push(format!("{name}: {dependency} (its door: {doors:?})"));
            }
        }
    }
    assert!(wrong.is_empty(), "dependencies beside their door:\n{}", wrong.join("\n"));
}

#[test]
fn layers_use_lines_are_read_whole() {
    let text = "use std::{fs::{self, File as F}, io};\npub(crate) use crate::json::Object;\nlet x = crate::hash::Hash::of(std::env::args());\n// crate::cli\n#[cfg(test)]\nmod tests { use crate::cli; }";
    let expected = [
        "std::fs::self",
        "std::fs::File",
        "std::io",
        "crate::json::Object",
        "crate::hash::Hash::of",
        "std::env::args",
    ];
    assert_eq!(paths_in(text), expected);
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn floor(room: &str) -> Option<usize> {
    FLOORS.iter().position(|rooms| rooms.contains(&room))
}

fn is_in(name: &str, places: &[&str]) -> bool {
    places.iter().any(|place| name.starts_with(place))
}

fn is_below(path: &str, root: &str) -> bool {
    path.strip_prefix(root).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"))
}

/// All of `src/`, read once for all tests.
fn sources() -> &'static [Source] {
    static SOURCES: LazyLock<Vec<Source>> = LazyLock::new(read_sources);
    &SOURCES
}

fn read_sources() -> Vec<Source> {
    let mut sources = Vec::new();
    let mut folders = vec![root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                let name = path.strip_prefix(root().join("src")).unwrap().to_string_lossy().into_owned();
                sources.push(Source { name, paths: paths_in(&fs::read_to_string(&path).unwrap()) });
            }
        }
    }
    assert!(sources.len() > 50, "src/ was not read");
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"//[^\n]*").unwrap());
static USE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*(?:pub(?:\([a-z]+\))? )?use ([^;]+);").unwrap());
static INLINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[a-z_][a-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)+").unwrap());

/// The paths of all `use` lines, spelled out, and those of the code that begin with `crate`, `std` or a dependency.
fn paths_in(text: &str) -> Vec<String> {
    let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
    let code = COMMENT.replace_all(code, "");
    let mut paths = Vec::new();
    for found in USE.captures_iter(&code) {
        spell_out("", &found[1], &mut paths);
    }
    let rest = USE.replace_all(&code, "");
    let is_foreign = |path: &str| {
        let first = path.split("::").next().unwrap();
        first == "crate" || first == "std" || DOORS.iter().any(|(door, _)| *door == first)
    };
    paths
        .extend(INLINE.find_iter(&rest).map(|path| path.as_str().to_owned()).filter(|path| is_foreign(path)));
    paths
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn spell_out(before: &str, tree: &str, paths: &mut Vec<String>) {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        let name = tree.split(" as ").next().unwrap().trim();
        if !name.is_empty() {
            paths.push(format!("{before}{name}"));
        }
        return;
    };
    let before = format!("{before}{}", head.trim());
    let (mut depth, mut begin) = (0, 0);
    let group = group.trim_end().strip_suffix('}').unwrap();
    for (at, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                spell_out(&before, &group[begin..at], paths);
                begin = at + 1;
            }
            _ => {}
        }
    }
    spell_out(&before, &group[begin..], paths);
}
