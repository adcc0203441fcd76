//! Where the test data of other projects lies.

use std::path::PathBuf;

/// The folder `sub` of the test data that `FOIL_VECTORS` names. Without the variable the test that asks is
/// skipped, and says so.
#[allow(clippy::print_stderr)]
pub fn dir(sub: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("FOIL_VECTORS") else {
        eprintln!("SKIPPED: set FOIL_VECTORS to the folder of test vectors to run it (needs {sub})");
        return None;
    };
    let dir = PathBuf::from(root).join(sub);
    assert!(dir.exists(), "FOIL_VECTORS is set, but {} is not there", dir.display());
    Some(dir)
}
