//! `foil device formats`: what devices speak, with a picture of the bytes and a line to try.

use clap_complete::engine::ArgValueCompleter;

use super::device_read::typed;
use crate::{
    cli::{Example, failure::Outcome, term::Term},
    device::decode::{DECODERS, Decoder},
    json::Object,
    object,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example { does: "all formats, a line each", line: "foil device formats" },
    Example { does: "what nmea looks like, and a line to try", line: "foil device formats nmea" },
];

/// Show the formats that devices speak
///
/// Of each format its name, what it is, how its frames are told apart, and the speed and mode of its devices. Of one format
/// also a picture of its bytes, and a line to try. What readings of each hold is in foil-device(5).
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Only this one, with a picture of its bytes
    #[arg(value_parser = typed::decoder, value_name = "FORMAT", add = ArgValueCompleter::new(typed::complete_format))]
    format: Option<&'static Decoder>,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    match (args.format, term.human()) {
        (Some(decoder), true) => term.text(&page(decoder))?,
        (Some(decoder), false) => term.data(&data(decoder))?,
        (None, true) => {
            let width = DECODERS.iter().map(|decoder| decoder.about.chars().count()).max().unwrap_or(0);
            for decoder in DECODERS {
                term.text(&format!("{:9} {:width$}  {}\n", decoder.name, decoder.about, line(decoder)))?;
            }
        }
        (None, false) => DECODERS.iter().try_for_each(|decoder| term.data(&data(decoder)))?,
    }
    Ok(Outcome::Yes)
}

/// How a device that speaks it is read.
fn line(decoder: &Decoder) -> String {
    format!("{}, {} baud, {}", decoder.framing, decoder.baud, decoder.mode)
}

fn page(decoder: &Decoder) -> String {
    let picture = decoder.picture.lines().fold(String::new(), |page, line| page + "    " + line + "\n");
    let Decoder { name, about, example, .. } = decoder;
    format!("{name}: {about}\n{}\n\n{picture}\nto try:\n    {example}\n", line(decoder))
}

fn data(decoder: &Decoder) -> Object {
    object! {
        "about": decoder.about,
        "baud": decoder.baud,
        "example": decoder.example,
        "format": decoder.name,
        "frame": decoder.framing.to_string(),
        "mode": decoder.mode.to_string(),
        "picture": decoder.picture,
    }
}
