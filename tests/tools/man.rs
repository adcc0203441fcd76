//! Man pages, as `man` sets them.

use std::{fs, path::Path, process::Command};

use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![pages_are_set_without_warnings, pages_have_the_letters_that_man_sets];

fn pages_are_set_without_warnings() -> Tested {
    needs::tool("man")?;
    let pages = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("man")).unwrap();
    for page in pages.map(|page| page.unwrap().path()) {
        let mut man = Command::new("man");
        let set = man.args(["--warnings", "-l"]).arg(&page).env("MANWIDTH", "100").output().unwrap();
        let complaints = String::from_utf8_lossy(&set.stderr).into_owned();
        assert!(set.status.success() && complaints.is_empty(), "{}: {complaints}", page.display());
        assert!(!set.stdout.is_empty(), "{}: nothing was set", page.display());
    }
    Ok(())
}

/// The letters of a page, without the spaces between them, which each setter chooses as it likes.
fn letters(page: &str) -> String {
    let page = page.replace('\u{2010}', "-").replace('\u{2019}', "'").replace('⟨', "<").replace('⟩', ">");
    page.replace(char::is_whitespace, "")
}

/// `foil man` sets each page without man(1); both give the same letters in the same order.
fn pages_have_the_letters_that_man_sets() -> Tested {
    needs::tool("man")?;
    let foil = |arguments: &[&str]| {
        let set = Command::new(env!("CARGO_BIN_EXE_foil")).args(arguments).output().unwrap();
        assert!(set.status.success(), "foil {arguments:?}: {}", String::from_utf8_lossy(&set.stderr));
        String::from_utf8(set.stdout).unwrap()
    };
    let overstrike = regex::Regex::new(".\u{8}").unwrap();
    let pages = fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("man")).unwrap();
    for page in pages.map(|page| page.unwrap().path()) {
        let name = page.file_name().unwrap().to_str().unwrap();
        let mut man = Command::new("man");
        let plain =
            [("MANWIDTH", "80"), ("MANROFFOPT", "-rHY=0"), ("GROFF_NO_SGR", "1"), ("LC_ALL", "C.UTF-8")];
        let set = man.args(["-E", "UTF-8", "-l"]).arg(&page).envs(plain).output().unwrap();
        let set = String::from_utf8(set.stdout).unwrap();
        let overstruck = overstrike.replace_all(&set, "").into_owned();
        let lines: Vec<&str> = overstruck.trim().lines().collect();
        // man's first and last lines name the page and the version
        let theirs = letters(&lines[1..lines.len() - 1].concat());
        let ours = foil(&["man", name]);
        let (_, ours) = ours.split_once('\n').unwrap();
        let first = letters(ours).chars().zip(theirs.chars()).position(|(ours, theirs)| ours != theirs);
        assert_eq!(first, None, "{name} differs there");
        assert_eq!(letters(ours).len(), theirs.len(), "{name} ends early");
        let roff = foil(&["man", "--roff", name]);
        assert_eq!(roff, fs::read_to_string(&page).unwrap(), "{name}");
    }
    Ok(())
}
