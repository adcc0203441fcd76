//! Public types with the same name: a search for one of them leads to the other.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::LazyLock,
};

use regex::Regex;

use super::imports::{Source, sources};

/// The arguments of each command, which only its own file names.
const OF_COMMANDS: (&str, &str) = ("cli/command/", "Args");

/// The names that several types have. The list only shrinks: a new type gets a name of its own, and a name goes
/// from here with the last but one type that has it.
pub const DOUBLE: &[&str] = &[];

static TYPE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?m)^\s*pub(?:\([a-z: ]+\))? (?:struct|enum|union|trait|type) (\w+)").unwrap()
});

#[test]
fn layers_public_types_have_names_of_their_own() {
    let files = files_by_type(sources());
    let double: BTreeMap<_, _> = files.iter().filter(|(_, files)| files.len() > 1).collect();
    let listed: BTreeSet<&str> = DOUBLE.iter().copied().collect();
    let new: Vec<String> = double
        .iter()
        .filter(|(name, _)| !listed.contains(**name))
        .map(|(name, files)| format!("{name}: {}", files.join(", ")))
        .collect();
    assert!(new.is_empty(), "types with the same name:\n{}", new.join("\n"));
    let stale: Vec<_> = listed.iter().filter(|name| !double.contains_key(*name)).collect();
    assert!(stale.is_empty(), "no longer double, so no longer in DOUBLE: {stale:?}");
}

/// The files in which a public type of each name is defined; those of the commands' arguments are left out.
fn files_by_type(sources: &[Source]) -> BTreeMap<&str, Vec<&str>> {
    let mut files: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for Source { name: file, code, .. } in sources {
        let types = TYPE.captures_iter(code).map(|found| found.extract::<1>().1[0]);
        let is_of_a_command = |name: &str| file.starts_with(OF_COMMANDS.0) && name == OF_COMMANDS.1;
        for name in types.filter(|name| !is_of_a_command(name)) {
            files.entry(name).or_default().push(file);
        }
    }
    files
}

#[test]
fn layers_types_of_any_visibility_count() {
    let text = "pub struct A;\npub(crate) enum B {}\npub(in crate::x) trait C {}\nstruct D;\nmod m {\n    pub(super) type E = u8;\n}";
    let sources = [Source::read("x.rs".to_owned(), text)];
    assert_eq!(files_by_type(&sources).into_keys().collect::<Vec<_>>(), ["A", "B", "C", "E"]);
}
