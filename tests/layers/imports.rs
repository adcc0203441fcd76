//! The files of `src/` and what each of them imports.

use std::{fs, sync::LazyLock};

use regex::Regex;

use super::{DOORS, root};

/// A file below `src/`.
pub struct Source {
    /// Its path below `src/`, such as `tlog/view.rs`
    pub name: String,
    /// Its text without comments and unit tests
    pub code: String,
    pub imports: Vec<Import>,
    /// The paths of two parts and more outside of `use` lines
    pub inline: Vec<String>,
    /// The paths of all imports, and the inline ones that begin with `crate`, `std` or a dependency
    pub paths: Vec<String>,
}

/// One name that a `use` line brings in.
pub struct Import {
    /// The path as it is written, such as `super::view::View`
    pub path: String,
    /// The name in this file: the last part of the path, or what stands after `as`
    pub name: String,
}

impl Source {
    pub fn read(name: String, text: &str) -> Self {
        let code = text.split("#[cfg(test)]\nmod ").next().unwrap();
        let code = COMMENT.replace_all(code, "").into_owned();
        let mut imports = Vec::new();
        for found in USE.captures_iter(&code) {
            spell_out("", &found[1], &mut imports);
        }
        let rest = USE.replace_all(&code, "");
        let inline: Vec<String> = INLINE.find_iter(&rest).map(|path| path.as_str().to_owned()).collect();
        let mut paths: Vec<String> = imports.iter().map(|import| import.path.clone()).collect();
        paths.extend(inline.iter().filter(|path| is_foreign(path)).cloned());
        Self { name, code, imports, inline, paths }
    }
}

/// All of `src/`, read once for all tests.
pub fn sources() -> &'static [Source] {
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
                sources.push(Source::read(name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 50, "src/ was not read");
    sources.sort_by(|a, b| a.name.cmp(&b.name));
    sources
}

static COMMENT: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"//[^\n]*").unwrap());
static USE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?m)^\s*(?:pub(?:\([a-z: ]+\))? )?use ([^;]+);").unwrap());
static INLINE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\b[a-z_][a-z0-9_]*(?:::[A-Za-z_][A-Za-z0-9_]*)+").unwrap());

fn is_foreign(path: &str) -> bool {
    let first = path.split("::").next().unwrap();
    first == "crate" || first == "std" || DOORS.iter().any(|(door, _)| *door == first)
}

/// `a::{b, c::{d}}` is `a::b` and `a::c::d`.
fn spell_out(before: &str, tree: &str, imports: &mut Vec<Import>) {
    let tree = tree.trim();
    let Some((head, group)) = tree.split_once('{') else {
        imports.extend(one_name(before, tree));
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
                spell_out(&before, &group[begin..at], imports);
                begin = at + 1;
            }
            _ => {}
        }
    }
    spell_out(&before, &group[begin..], imports);
}

/// `View as Tree` after `crate::tlog::`; nothing after the last comma of a group.
fn one_name(before: &str, text: &str) -> Option<Import> {
    let (path, alias) = text.split_once(" as ").map_or((text, None), |(path, alias)| (path, Some(alias)));
    let path = format!("{before}{}", path.trim());
    let name = alias.or_else(|| path.rsplit("::").next())?.trim().to_owned();
    (!text.is_empty()).then_some(Import { path, name })
}

#[test]
fn layers_use_lines_are_read_whole() {
    let text = "use std::{fs::{self, File as F}, io};\npub(crate) use crate::json::Object;\nlet x = crate::hash::Hash::of(std::env::args());\n// crate::cli\n#[cfg(test)]\nmod tests { use crate::cli; }";
    let source = Source::read("x.rs".to_owned(), text);
    let expected = [
        "std::fs::self",
        "std::fs::File",
        "std::io",
        "crate::json::Object",
        "crate::hash::Hash::of",
        "std::env::args",
    ];
    assert_eq!(source.paths, expected);
    let names: Vec<&str> = source.imports.iter().map(|import| import.name.as_str()).collect();
    assert_eq!(names, ["self", "F", "io", "Object"]);
}
