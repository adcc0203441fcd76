//! What users of serial devices reported elsewhere, rebuilt, and what is right for each.
//!
//! The inputs and the right answers lie where `FOIL_CASES` says: a folder with `devices/cases.json` in it. Without it the
//! cases are left out. Each is a test of its own; it runs the built `foil` and looks at what that prints.

mod answers;
mod line;
mod right;

use std::{
    fs,
    path::{Path, PathBuf},
};

use counterfoil::json::{self, Object, Value};

use crate::{
    run::{Folder, Run},
    support::{
        needs::{Lacking, Tested},
        trial::Test,
    },
};

/// Cases that do not come out right yet.
const OPEN: &[&str] = &[];

/// A folder of the cases.
fn folder() -> Result<PathBuf, Lacking> {
    let root = std::env::var_os("FOIL_CASES")
        .ok_or_else(|| Lacking::new("cases", "FOIL_CASES does not name the folder of cases"))?;
    let folder = PathBuf::from(root).join("devices");
    assert!(folder.exists(), "FOIL_CASES is set, but {} is not there", folder.display());
    Ok(folder)
}

/// A test for each case.
pub fn trials() -> Vec<Test> {
    if std::env::var_os("FOIL_CASES").is_none() {
        return vec![Test::new(module_path!(), "all", || -> Tested { folder().map(|_| ()) })];
    }
    let folder = folder().unwrap_or_else(|lacking| panic!("{}", lacking.0));
    let text = fs::read(folder.join("cases.json")).unwrap();
    let cases = json::parse(&text).unwrap();
    let cases = cases.as_array().unwrap().iter().map(|case| case.as_object().unwrap().clone());
    cases
        .map(|case| {
            let (id, folder) = (case.str("id").unwrap().to_owned(), folder.clone());
            Test::of(module_path!(), &id, move || hold(&case, &folder))
        })
        .collect()
}

/// Holds a case to its right answer; one that is open, to a wrong one.
fn hold(case: &Object, folder: &Path) {
    let id = case.str("id").unwrap();
    let run = match case.get("pty") {
        Some(_) => line::read(case, folder),
        None => read(case, fs::read(folder.join(case.str("input").unwrap())).unwrap()),
    };
    let wrong = right::faults(case, &run);
    if OPEN.contains(&id) {
        assert!(!wrong.is_empty(), "{id} comes out right now: take it from OPEN");
        return;
    }
    assert!(
        wrong.is_empty(),
        "{id}: {}\n{}\n{}\n{}",
        case.str("about").unwrap(),
        wrong.join("\n"),
        run.out,
        run.err
    );
}

/// What `foil device read` makes of an input.
fn read(case: &Object, input: Vec<u8>) -> Run {
    let folder = Folder::new();
    fs::write(folder.path("MAP"), "decimal = \",\"\nthousands = \".\"\n").unwrap();
    let mut words = vec!["device", "read", "-"];
    words.extend(case.get("args").and_then(Value::as_array).unwrap().iter().filter_map(Value::as_str));
    folder.feed(&words, input)
}
