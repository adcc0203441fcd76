//! Man pages, as `man` sets them.

use std::{fs, path::Path, process::Command};

use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![pages_are_set_without_warnings];

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
