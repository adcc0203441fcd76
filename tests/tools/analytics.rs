//! The recipes of `docs/analytics.md`, run with the programs that they are for.
//!
//! `.ci/run` installs them; where one is missing, or is of another version than the page names, the test is left out.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use regex::Regex;

use crate::{
    run::Folder,
    support::{
        needs::{self, Lacking, Tested},
        transcript,
        trial::trials,
    },
};

trials![recipes_print_what_the_page_says];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The Python packages that the page names, with their versions.
fn versions(page: &str) -> Vec<(String, String)> {
    let named = Regex::new(r"\b(DuckDB|Polars|pandas) (\d+\.\d+\.\d+)").unwrap();
    let head = page.split("\n## ").next().unwrap().replace('\n', " ");
    let versions = named.captures_iter(&head).map(|found| (found[1].to_lowercase(), found[2].to_owned()));
    versions.collect()
}

/// The folder of a Python that has these packages in these versions.
fn python_with(packages: &[(String, String)]) -> Result<PathBuf, Lacking> {
    let programs = root().join("target/tables/bin");
    for (package, version) in packages {
        let asks = format!("import {package}; print({package}.__version__)");
        let run = Command::new(programs.join("python3")).args(["-c", &asks]).output();
        let has = run.is_ok_and(|run| String::from_utf8_lossy(&run.stdout).trim() == version);
        if !has {
            let proof = ".ci/run puts it into target/tables, where it is not";
            return Err(Lacking::new(&format!("{package} {version}"), proof));
        }
    }
    Ok(programs)
}

fn recipes_print_what_the_page_says() -> Tested {
    let file = root().join("docs/analytics.md");
    let packages = versions(&fs::read_to_string(&file).unwrap());
    assert_eq!(packages.len(), 3, "the head of the page names them: {packages:?}");
    ["gnuplot", "jq"].into_iter().try_for_each(needs::tool)?;
    let programs = python_with(&packages)?;
    let folder = Folder::new();
    transcript::check_with(&file, folder.as_ref(), &programs);
    Ok(())
}
