//! Register maps that are built in, for common sensors and meters: text files in `maps/`, each with the document that
//! its registers are from. A map is its file and its line in [`BUNDLED`].

macro_rules! bundled {
    ($($name:literal),*) => { &[$(($name, include_str!(concat!("maps/", $name, ".toml")))),*] };
}

/// The maps, by name.
pub const BUNDLED: &[(&str, &str)] =
    bundled!["pzem-004t", "sdm120", "sdm230", "sdm630", "sdm72", "sunspec-inverter", "xy-md02"];

/// The names of all maps.
pub fn names() -> Vec<&'static str> {
    BUNDLED.iter().map(|(name, _)| *name).collect()
}

/// The text of a map; `None`: there is none of this name.
pub fn text(name: &str) -> Option<&'static str> {
    BUNDLED.iter().find(|(known, _)| *known == name).map(|(_, text)| *text)
}
