//! The zone of this machine's user: `TZ`, else `/etc/localtime`, as the C library has it.

use std::{fs, path::Path};

use crate::time::Zone;

/// Where the zone database lies.
const DATABASE: &str = "/usr/share/zoneinfo";

/// The local zone; UTC where none is set, or what is set means nothing here.
#[allow(clippy::disallowed_methods)] // the environment is read here
pub fn zone() -> Zone {
    let set = std::env::var_os("TZ").map(|set| set.to_string_lossy().into_owned());
    let zone = match &set {
        Some(set) => named_zone(set.strip_prefix(':').unwrap_or(set)),
        None => file(Path::new("/etc/localtime")),
    };
    zone.unwrap_or(Zone::UTC)
}

/// The zone that a text names as in `TZ`: a file, a name in the database, or a rule. `None`: none that is known here.
pub fn named_zone(text: &str) -> Option<Zone> {
    if text.is_empty() {
        return None;
    }
    // An absolute path stands for itself.
    file(&Path::new(DATABASE).join(text)).or_else(|| Zone::posix(text))
}

fn file(path: &Path) -> Option<Zone> {
    Zone::tzif(&fs::read(path).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    #[test]
    fn a_rule_is_a_zone_and_nonsense_is_none() {
        let show = |text| named_zone(text).map(|zone| zone.show(Time::EPOCH));
        assert_eq!(show("XYZ-5:30").unwrap(), "1970-01-01 05:30:00 +05:30");
        assert_eq!(show(""), None);
        assert_eq!(show("No/Such zone"), None);
        assert_eq!(show("/etc/passwd"), None);
    }
}
