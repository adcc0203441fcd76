//! Arguments of `device` commands, from how they are typed to what they are.

use std::{ffi::OsStr, path::Path, sync::Arc};

use clap_complete::CompletionCandidate;

use crate::{
    cli::paste,
    device::{
        decode::{CsvColumns, DECODERS, Decoder},
        port::{address::DeviceAddress, list},
        question::DeviceQuestion,
        reader::RawFrame,
        script, simulated,
    },
    machine,
    record::reading::Integrity,
    time::{Span, Zone},
};

/// A port, or a recording.
pub(super) fn readable(text: &str) -> Result<DeviceAddress, String> {
    Ok(text.parse::<DeviceAddress>()?.or_recording())
}

pub(in crate::cli::command) fn span(text: &str) -> Result<Span, String> {
    Span::parse(text).ok_or_else(|| "wants a duration such as 250ms, 30s, 1h30m".to_owned())
}

pub(in crate::cli::command) fn decoder(name: &str) -> Result<&'static Decoder, String> {
    let names = || DECODERS.iter().map(|decoder| decoder.name).collect::<Vec<_>>();
    Decoder::named(name).ok_or_else(|| paste::not_one_of(name, &names()))
}

pub(super) fn integrity(word: &str) -> Result<Integrity, String> {
    Integrity::parse(word)
        .filter(|integrity| *integrity != Integrity::None)
        .ok_or_else(|| paste::not_one_of(word, &["crc", "checksum", "signature"]))
}

pub(super) fn raw(word: &str) -> Result<RawFrame, String> {
    match word {
        "hash" => Ok(RawFrame::Hash),
        "full" => Ok(RawFrame::Full),
        _ => Err(paste::not_one_of(word, &["hash", "full"])),
    }
}

/// `+02:00`, or a name in the database of zones.
pub(super) fn zone(text: &str) -> Result<Zone, String> {
    let offset = Zone::offset(text);
    offset.or_else(|| machine::named_zone(text)).ok_or_else(|| {
        "is no offset such as +02:00, and no zone that this machine knows, such as Europe/Vilnius".to_owned()
    })
}

/// `temp,hum,door`.
pub(super) fn columns(text: &str) -> Result<CsvColumns, String> {
    CsvColumns::parse(text)
}

/// `8K`, `512`, `1M`.
pub(super) fn size(text: &str) -> Result<usize, String> {
    let (digits, unit) = match text.strip_suffix(['K', 'k']) {
        Some(digits) => (digits, 1 << 10),
        None => text.strip_suffix(['M', 'm']).map_or((text, 1), |digits| (digits, 1 << 20)),
    };
    let size = digits.parse().ok().and_then(|count: usize| count.checked_mul(unit));
    size.filter(|size| (16..=1 << 20).contains(size))
        .ok_or_else(|| "wants 16 to 1M bytes, such as 8K".to_owned())
}

/// `100ms..10s`.
pub(in crate::cli::command) fn backoff(text: &str) -> Result<(Span, Span), String> {
    let (shortest, longest) = text.split_once("..").ok_or("wants SHORTEST..LONGEST, such as 100ms..10s")?;
    let (shortest, longest) = (span(shortest)?, span(longest)?);
    // No pause at all would be a loop that eats a processor.
    let good = shortest.millis() >= 10 && shortest <= longest;
    good.then_some((shortest, longest))
        .ok_or_else(|| "wants at least 10ms, and not more than the longest".to_owned())
}

/// Bytes with escapes.
pub(in crate::cli::command) fn bytes(text: &str) -> Result<Arc<[u8]>, String> {
    script::unescape(text).map(Into::into)
}

/// Bytes with escapes, or the name of a conversation.
pub(super) fn question(text: &str) -> Result<DeviceQuestion, String> {
    match text {
        "iec62056" => Ok(DeviceQuestion::Readout),
        "" => Err("wants at least one byte, such as \\r".to_owned()),
        _ => script::unescape(text).map(DeviceQuestion::Bytes),
    }
}

/// Eight random bytes as a number.
pub(in crate::cli::command) fn random_number() -> anyhow::Result<u64> {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&machine::random()?[..8]);
    Ok(u64::from_be_bytes(bytes))
}

/// Ports of this machine, and simulated devices.
pub(in crate::cli::command) fn complete_port(typed: &OsStr) -> Vec<CompletionCandidate> {
    let ports = list::ports(Path::new("/")).into_iter().map(|port| {
        let about = port.usb.and_then(|usb| usb.name).or(port.driver).unwrap_or_default();
        (port.by_id.unwrap_or(port.path).display().to_string(), about)
    });
    let simulated = simulated::KINDS.iter().map(|kind| (format!("sim:{}", kind.name), kind.about.to_owned()));
    candidates(typed, ports.chain(simulated))
}

/// Names of decoders.
pub(in crate::cli::command) fn complete_format(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, DECODERS.iter().map(|decoder| (decoder.name.to_owned(), decoder.about.to_owned())))
}

/// Kinds of simulated devices.
pub(in crate::cli::command) fn complete_kind(typed: &OsStr) -> Vec<CompletionCandidate> {
    candidates(typed, simulated::KINDS.iter().map(|kind| (kind.name.to_owned(), kind.about.to_owned())))
}

/// Those of some names that begin as typed, each with a word about it.
pub(in crate::cli::command) fn candidates(
    typed: &OsStr,
    all: impl Iterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let typed = typed.to_string_lossy();
    all.filter(|(name, _)| name.starts_with(typed.as_ref()))
        .map(|(name, about)| CompletionCandidate::new(name).help(Some(about.into())))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_and_pauses_as_typed() {
        assert_eq!(size("8K"), Ok(8_192));
        assert!(size("2M").is_err() && size("1").is_err() && size("K").is_err());
        assert_eq!(*bytes(r"/?!\r\n\x00\\").unwrap(), *b"/?!\r\n\0\\");
        assert!(
            bytes(r"\x0").is_err() && bytes("\\").is_err() && bytes(r"\q").is_err() && bytes("\\xé").is_err()
        );
        assert!(backoff("100ms..10s").is_ok());
        assert!(backoff("0ms..10s").is_err() && backoff("10s..1s").is_err() && backoff("10s").is_err());
    }
}
