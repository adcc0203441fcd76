//! Which devices are polled: from a map, or from arguments.

use std::{fs::File, io::Read, path::Path};

use anyhow::Context;

use super::{Args, stem};
use crate::{
    cli::{
        caret,
        failure::{Hint, hint_if},
        paste,
        term::Term,
    },
    device::modbus::{
        bundled,
        map_file::{self, MAX_MAP_FILE, MapProblem},
        register_map::{MapDevice, RegisterMap, RegisterSet},
    },
};

/// The map that the arguments come to, with at least one device.
pub(super) fn load(args: &Args, term: &mut Term) -> anyhow::Result<RegisterMap> {
    let mut map = match &args.map {
        Some(name) => parse(name, &map_text(args)?, term)?,
        None => RegisterMap { registers: Some(RegisterSet::of_lines(&args.reg)?), ..RegisterMap::default() },
    };
    if !map.devices.is_empty() {
        if !args.unit.is_empty() || args.device.is_some() {
            anyhow::bail!(
                "--unit and --device are for maps of one kind of device: this one names its devices"
            );
        }
        return Ok(map);
    }
    let registers = map.registers.take().context("the map has no values")?;
    map.devices = devices(args, &registers)?;
    Ok(map)
}

fn devices(args: &Args, registers: &RegisterSet) -> anyhow::Result<Vec<MapDevice>> {
    if args.unit.is_empty() {
        return Err(anyhow::anyhow!("no unit: whom to ask?"))
            .hint("--unit 1 is how most devices are delivered; foil device scan PORT finds them");
    }
    let name = args.device.as_deref().or(args.map.as_deref().map(stem)).unwrap_or("modbus");
    let mut devices: Vec<MapDevice> = Vec::new();
    for unit in &args.unit {
        if devices.iter().any(|device| device.unit == *unit) {
            anyhow::bail!("--unit {unit} is given twice");
        }
        let name = if args.unit.len() == 1 { name.to_owned() } else { format!("{name}-{unit}") };
        devices.push(MapDevice { name, unit: *unit, registers: registers.clone() });
    }
    Ok(devices)
}

/// The text of the map that is named: a file if there is one, else one that is built in.
pub(super) fn map_text(args: &Args) -> anyhow::Result<String> {
    let name = args.map.as_deref().unwrap_or_default();
    let path = Path::new(name);
    if !path.is_file()
        && let Some(text) = bundled::text(name)
    {
        return Ok(text.to_owned());
    }
    let near = paste::did_you_mean(name, bundled::names()).or_else(|| paste::near_path(path));
    let built_in = || Some(format!("built in are {}", bundled::names().join(", ")));
    let hint = near.or_else(|| (!path.exists()).then(built_in).flatten());
    read(path).with_context(|| path.display().to_string()).map_err(|error| hint_if(error, hint))
}

fn read(path: &Path) -> anyhow::Result<String> {
    let mut bytes = Vec::new();
    // One byte more than allowed, so that a longer file shows.
    File::open(path)?.take(MAX_MAP_FILE as u64 + 1).read_to_end(&mut bytes)?;
    if bytes.len() > MAX_MAP_FILE {
        anyhow::bail!("a file of more than {MAX_MAP_FILE} bytes is no register map");
    }
    String::from_utf8(bytes).context("is no text")
}

fn parse(name: &str, text: &str, term: &mut Term) -> anyhow::Result<RegisterMap> {
    map_file::parse(text).map_err(|problems| {
        for MapProblem { place, message } in &problems {
            let sentence = format!("{name}:{}:{}: {message}", place.line, place.column);
            term.explain(&caret::pointed(&sentence, place));
        }
        let many = if problems.len() == 1 { "one problem" } else { "problems" };
        anyhow::anyhow!("{name}: is no register map: {many}, shown above")
            .hint("foil-device(5) says what a map looks like")
    })
}
