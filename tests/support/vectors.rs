//! Where the test data of other projects lies.

use std::path::PathBuf;

use super::needs::Lacking;

/// The folder `sub` of the test data that `FOIL_VECTORS` names.
pub fn dir(sub: &str) -> Result<PathBuf, Lacking> {
    let root = std::env::var_os("FOIL_VECTORS")
        .ok_or_else(|| Lacking::new(sub, "FOIL_VECTORS does not name the folder of test data"))?;
    let dir = PathBuf::from(root).join(sub);
    assert!(dir.exists(), "FOIL_VECTORS is set, but {} is not there", dir.display());
    Ok(dir)
}
