//! Files that import each other, directly or by way of others. Imports are followed through re-exports to the file
//! that they lead to. A file and the folder of its children are one module: that a child names what its parent
//! shares is no circle.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::{Source, sources};

/// The circles that there are, each in the order of its files' names. The list only shrinks.
pub const CIRCLES: &[&[&str]] = &[];

/// The files that each file imports, and for each of them one path that says so.
pub type Imports = BTreeMap<&'static str, BTreeMap<&'static str, &'static str>>;

#[test]
fn layers_files_do_not_import_each_other() {
    let imports = imports_in_src();
    let found = circles(&imports);
    let is_listed = |circle: &[&str]| CIRCLES.contains(&circle);
    let new: Vec<String> =
        found.iter().filter(|circle| !is_listed(circle)).map(|circle| in_words(&imports, circle)).collect();
    assert!(new.is_empty(), "files that import each other:\n{}", new.join("\n"));
    let stale: Vec<_> = CIRCLES.iter().filter(|circle| !found.contains(**circle)).collect();
    assert!(stale.is_empty(), "no longer circles, so no longer in CIRCLES: {stale:?}");
}

/// The imports of all files of `src/`.
pub fn imports_in_src() -> Imports {
    imports(&Modules::of(sources()))
}

/// Groups of files each of which leads to all others of its group.
fn circles(imports: &Imports) -> BTreeSet<Vec<&'static str>> {
    let reached: BTreeMap<_, _> = imports.keys().map(|file| (*file, reached(imports, file))).collect();
    let circle = |file: &&'static str| -> Vec<_> {
        reached[file].iter().copied().filter(|other| reached[other].contains(file)).collect()
    };
    imports.keys().map(circle).filter(|circle| circle.len() > 1).collect()
}

/// All files that an import leads to, itself among them where it is on a circle.
fn reached(imports: &Imports, from: &'static str) -> BTreeSet<&'static str> {
    let (mut reached, mut next) = (BTreeSet::new(), vec![from]);
    while let Some(file) = next.pop() {
        next.extend(imports[file].keys().copied().filter(|other| reached.insert(*other)));
    }
    reached
}

fn in_words(imports: &Imports, circle: &[&str]) -> String {
    let inside = |file: &&str| imports[*file].iter().filter(|(other, _)| circle.contains(*other));
    let arrows = circle
        .iter()
        .flat_map(|file| inside(file).map(move |(other, path)| format!("  {file} → {other}, by {path}")));
    arrows.collect::<Vec<_>>().join("\n")
}

fn imports(modules: &Modules) -> Imports {
    let mut imports = Imports::new();
    for source in modules.0.values() {
        let paths = source.imports.iter().map(|import| &import.path);
        let found = imports.entry(&*source.name).or_default();
        for path in paths.chain(&source.inline) {
            let file = modules.file_of(source, path, 0);
            if let Some(file) = file.filter(|file| !is_parent(file, source)) {
                found.entry(&*file.name).or_insert(path);
            }
        }
    }
    imports
}

/// Whether a file is the other one, or holds the module around it.
fn is_parent(file: &Source, of: &Source) -> bool {
    module_of(&of.name).starts_with(&module_of(&file.name))
}

/// `tlog/view.rs` is `[crate, tlog, view]`, `tlog/mod.rs` is `[crate, tlog]`.
fn module_of(name: &str) -> Vec<&str> {
    let parts = std::iter::once("crate").chain(name.trim_end_matches(".rs").split('/'));
    parts.filter(|part| !["mod", "lib"].contains(part)).collect()
}

/// All files by the path of their module.
struct Modules(BTreeMap<Vec<&'static str>, &'static Source>);

impl Modules {
    fn of(sources: &'static [Source]) -> Self {
        Self(sources.iter().map(|source| (module_of(&source.name), source)).collect())
    }

    /// The file that a path in a file leads to, through re-exports; none where it leads out of the crate.
    fn file_of(&self, from: &Source, path: &str, depth: usize) -> Option<&'static Source> {
        let path = self.absolute(&module_of(&from.name), path)?;
        let length = (1..=path.len()).rev().find(|length| self.0.contains_key(&path[..*length]))?;
        let file = self.0[&path[..length]];
        let import = file.imports.iter().find(|import| path.get(length) == Some(&&*import.name));
        // A re-export of a re-export is followed, one of itself is not for ever.
        let exported = import.filter(|_| depth < 8).and_then(|it| self.file_of(file, &it.path, depth + 1));
        Some(exported.unwrap_or(file))
    }

    /// A path from the root of the crate; none where it begins with the name of another crate.
    fn absolute<'a>(&self, module: &[&'a str], path: &'a str) -> Option<Vec<&'a str>> {
        let mut parts = path.split("::").peekable();
        let child = |first: &'a str| [module, &[first]].concat();
        let mut absolute = match *parts.peek()? {
            "crate" => Vec::new(),
            "self" | "super" => module.to_vec(),
            first if self.0.contains_key(child(first).as_slice()) => module.to_vec(),
            _ => return None,
        };
        for part in parts {
            match part {
                "self" => {}
                "super" => drop(absolute.pop()),
                part => absolute.push(part),
            }
        }
        Some(absolute)
    }
}

#[test]
fn layers_circles_are_found_through_reexports() {
    let source = |name: &str, text: &str| Source::read(name.to_owned(), text);
    let sources = vec![
        source("lib.rs", "pub mod a; pub mod b;"),
        source("a/mod.rs", "mod one;\nmod two;\npub use one::One;"),
        source("a/one.rs", "use super::two::Two;\nuse super::Shared;"),
        source("a/two.rs", "fn f() -> super::One { crate::b::three() }"),
        source("b.rs", "use crate::a::One;"),
    ];
    let imports = imports(&Modules::of(Vec::leak(sources)));
    assert_eq!(circles(&imports), BTreeSet::from([vec!["a/one.rs", "a/two.rs", "b.rs"]]), "{imports:?}");
}
