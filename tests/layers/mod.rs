//! The rooms of `src/` and their rules (docs: the map in `src/lib.rs`), read off the `use` lines and paths.
//!
//! How to read the tables: [`FLOORS`] lists the rooms from top to bottom; a room may name rooms on floors below its
//! own, and none beside it or above; [`floors::FLOORS_INSIDE`] does so for the parts of a room. [`PURE`] lists files
//! that get time, randomness and bytes as arguments and so may not name [`IMPURE`] paths. [`DOORS`] says, for every
//! dependency, which files may name it: where there is one door, a change of that crate is a change of one file. A new
//! room, pure file or dependency is a line here. Unit tests (`#[cfg(test)]`) are held to none of this.
//!
//! Two lists of exceptions only shrink: [`circles::CIRCLES`] and [`names::DOUBLE`].

mod circles;
mod floors;
mod helpers;
mod imports;
mod names;
mod permissions;

use std::{fs, path::Path};

use self::imports::{Source, sources};

/// Top to bottom.
pub const FLOORS: &[&[&str]] = &[
    &["cli"],
    &["audit"],
    &["report"],
    &["explain"],
    &["verify", "contract"],
    &["gateway"],
    &["device", "peer"],
    &["ledger"],
    &["rules"],
    &["tlog"],
    &["record"],
    &["key"],
    &["machine"],
    &["json", "hash", "time", "decimal", "likeness", "escape", "file_kind", "toml_file"],
];

/// Rooms on this floor may name each other: a decimal is read from a JSON number.
const SHARED_FLOOR: usize = FLOORS.len() - 1;

const PURE: &[&str] = &[
    "json/",
    "hash.rs",
    "time.rs",
    "time/",
    "decimal.rs",
    "likeness.rs",
    "escape.rs",
    "file_kind.rs",
    "toml_file.rs",
    "key/mod.rs",
    "key/algorithm.rs",
    "key/bad_key_text.rs",
    "key/export.rs",
    "key/jwk.rs",
    "key/multibase.rs",
    "key/openssh.rs",
    "key/pem.rs",
    "key/pem_block.rs",
    "key/seed.rs",
    "key/table.rs",
    "key/text.rs",
    "record/",
    "tlog/",
    "contract/",
    "verify/",
    "explain/",
    "report/",
    "rules/",
    "device/decode/",
    "device/diagnosis/",
    "device/frame",
    "device/modbus/answer",
    "device/modbus/debt.rs",
    "device/modbus/late.rs",
    "device/modbus/listener.rs",
    "device/modbus/map_",
    "device/modbus/read_plan.rs",
    "device/modbus/recent_answers.rs",
    "device/modbus/register_",
    "device/modbus/rtu_frame.rs",
    "device/modbus/schedule.rs",
    "device/modbus/simulated_unit.rs",
    "device/modbus/unit_reading.rs",
    "device/recording/",
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
pub const DOORS: &[(&str, &[&str])] = &[
    ("anyhow", &[]),
    ("hex", &[]),
    ("base64", &[]),
    ("serde", &["json/"]),
    ("serde_json", &["json/"]),
    ("ryu_js", &["json/"]),
    ("compact_str", &["json/"]),
    ("smallvec", &["record/view.rs", "contract/eval/fact.rs"]),
    ("foldhash", &["record/quantity.rs", "device/decode/dsmr/content.rs"]),
    ("toml", &["toml_file.rs"]),
    ("rust_decimal", &["decimal.rs"]),
    ("unicode_normalization", &["likeness.rs"]),
    ("strsim", &["likeness.rs"]),
    (
        "memchr",
        &[
            "verify/lines.rs",
            "ledger/files/lines.rs",
            "device/decode/dsmr/telegram.rs",
            "device/decode/nmea/sentence.rs",
        ],
    ),
    ("unicode_width", &["cli/term/width.rs"]),
    ("jiff", &["time.rs", "time/local.rs", "time/named_zone.rs", "time/season.rs", "time/zone.rs"]),
    ("ed25519_dalek", &["key/mod.rs", "key/many.rs"]),
    ("curve25519_dalek", &["key/table.rs", "key/many.rs"]),
    ("pkcs8", &["key/pem.rs"]),
    ("bcrypt_pbkdf", &["key/openssh.rs"]),
    ("aes", &["key/openssh.rs"]),
    ("ctr", &["key/openssh.rs"]),
    ("sha2", &["hash.rs"]),
    ("flate2", &["ledger/files/gzip.rs"]),
    ("zeroize", &["key/", "cli/"]),
    ("getrandom", &["machine.rs"]),
    ("clap", &["cli/"]),
    ("clap_complete", &["cli/"]),
    ("clap_mangen", &["cli/"]),
    ("rustyline", &["cli/prompt/editor.rs"]),
    ("rpassword", &["cli/keys.rs"]),
    ("qrcode", &["cli/qr.rs"]),
    ("ratatui_core", &["report/plot/text.rs"]),
    ("ratatui_widgets", &["report/plot/text.rs"]),
    (
        "rustix",
        &[
            "cli/",
            "device/",
            "gateway/spill.rs",
            "key/file.rs",
            "ledger/",
            "machine.rs",
            "machine/folder_sync.rs",
        ],
    ),
    ("libc", &["machine.rs", "device/port/kernel.rs"]),
    ("signal_hook", &["cli/signals.rs"]),
    ("tokio_serial", &["device/port/serial.rs"]),
    ("tokio", &["device/", "gateway/listen.rs"]),
    ("ureq", &["peer/client.rs"]),
    ("hyper", &["gateway/listen.rs"]),
    ("hyper_util", &["gateway/listen.rs"]),
    ("http_body_util", &["gateway/listen.rs"]),
    ("sd_notify", &["gateway/service.rs"]),
];

#[test]
fn layers_arrows_point_down() {
    let mut wrong = Vec::new();
    for Source { name, paths, .. } in sources() {
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

/// What is paid is computed on integers and decimals: a float is not even passed on.
#[test]
fn layers_contracts_know_no_floats() {
    let in_contract = sources().iter().filter(|source| source.name.starts_with("contract/"));
    let floats: Vec<_> = in_contract
        .flat_map(|source| {
            let words = source.code.split(|c: char| !c.is_alphanumeric() && c != '_');
            words.filter(|word| is_float(word)).map(|word| format!("{}: {word}", source.name))
        })
        .collect();
    assert!(floats.is_empty(), "floats in contracts:\n{}", floats.join("\n"));
}

fn is_float(word: &str) -> bool {
    word.ends_with("f32") || word.ends_with("f64")
}

#[test]
fn layers_pure_rooms_ask_nobody() {
    let mut wrong = Vec::new();
    for Source { name, paths, .. } in sources().iter().filter(|source| is_in(&source.name, PURE)) {
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
    for Source { name, paths, .. } in sources() {
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
    for Source { name, paths, .. } in sources() {
        for (dependency, doors) in DOORS.iter().filter(|(_, doors)| !doors.is_empty()) {
            if paths.iter().any(|path| is_below(path, dependency)) && !is_in(name, doors) {
                wrong.push(format!("{name}: {dependency} (its door: {doors:?})"));
            }
        }
    }
    assert!(wrong.is_empty(), "dependencies beside their door:\n{}", wrong.join("\n"));
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
