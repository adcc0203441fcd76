//! Why bytes gave no reading, in words, and the option that helps.

use super::{
    paste,
    term::{Term, escape},
};
use crate::device::{
    decode::Decoder,
    diagnosis::{LikelyCause, shape::FormatShape},
    port::{access, address::DeviceAddress},
    script,
    unread::UnreadReport,
};

/// The most kinds of frames that are named.
const MOST_KINDS: usize = 12;

/// Tells what was not read, and the option that helps.
pub(crate) fn tell(port: &DeviceAddress, report: &UnreadReport, term: &mut Term) {
    let kinds = (!report.kinds.is_empty()).then(|| format!("read nothing of: {}", kinds(&report.kinds)));
    if report.readings > 0 && report.causes.is_empty() {
        return kinds.into_iter().for_each(|kinds| term.say(format!("{port}: {kinds}")));
    }
    let known = report.causes.iter().map(|cause| sentence(*cause)).chain(kinds).collect::<Vec<_>>();
    let why = match (known.as_slice(), report.bytes) {
        ([], _) => format!("they begin {}", script::escaped(&report.begin)),
        _ => known.join("; "),
    };
    term.warn(match report.bytes {
        _ if report.readings > 0 => format!("{port}: not all that came could be read: {why}"),
        0 => format!("{port}: {why}"),
        bytes => format!("{port}: {bytes} bytes came and gave no reading: {why}"),
    });
    if let Some(hint) = help(port, report) {
        term.hint(hint);
    }
}

/// What to do: the options of all causes, or where none is known, who looks further.
fn help(port: &DeviceAddress, report: &UnreadReport) -> Option<String> {
    let mut options = options(&report.causes);
    let is_mode = report.causes.iter().any(|cause| matches!(cause, LikelyCause::SevenBits(_)));
    if is_mode && port.resolve().is_some_and(|path| access::is_pseudo_terminal(&path)) {
        options.push_str(" --allow-mismatch");
    }
    let other = report.causes.iter().find_map(|cause| advice(*cause, port, report));
    match (options.as_str(), other) {
        ("", Some(advice)) => Some(advice),
        ("", None) if report.causes.is_empty() && report.kinds.is_empty() => doctor(port),
        ("", None) => None,
        (options, _) => Some(options.to_owned()),
    }
}

/// The command that looks further; `None`: the port is none that it can open.
fn doctor(port: &DeviceAddress) -> Option<String> {
    let is_port = matches!(port, DeviceAddress::Path(_) | DeviceAddress::Usb { .. } | DeviceAddress::Tcp(_));
    is_port.then(|| format!("foil device doctor {} looks what it may be", paste::word(&port.to_string())))
}

/// The options that help, as they are pasted; empty: none does.
pub(crate) fn options(causes: &[LikelyCause]) -> String {
    let options = causes.iter().filter_map(|cause| match cause {
        LikelyCause::SevenBits(mode) => Some(format!("--mode {mode}")),
        LikelyCause::CarriageReturns => Some("--frame delim:0d".to_owned()),
        LikelyCause::NoLineEnd => Some("--frame idle:50".to_owned()),
        LikelyCause::SpreadObjects => Some("--frame braces".to_owned()),
        LikelyCause::TooLong(bytes) => longer_frame(*bytes).map(|limit| format!("--max-frame {limit}")),
        LikelyCause::NoColumnNames(count) => {
            let names = (1..=*count).map(|number| format!("column{number}"));
            Some(format!("--columns {}", names.collect::<Vec<_>>().join(",")))
        }
        LikelyCause::OtherFormat(shape) => {
            Decoder::named(shape.format).map(|known| format!("--format {}", known.name))
        }
        _ => None,
    });
    options.collect::<Vec<_>>().join(" ")
}

/// The power of two that holds so many bytes, as `--max-frame` takes it; `None`: that takes none so large.
fn longer_frame(bytes: usize) -> Option<String> {
    match bytes.div_ceil(1_024).checked_next_power_of_two()?.max(16) {
        1_024 => Some("1M".to_owned()),
        kilobytes @ ..1_024 => Some(format!("{kilobytes}K")),
        _ => None,
    }
}

/// What to do where no option helps by itself.
fn advice(cause: LikelyCause, port: &DeviceAddress, report: &UnreadReport) -> Option<String> {
    match cause {
        LikelyCause::Silence => Some(
            "it may have to be asked (--ask BYTES), want DTR (--dtr on), or another cable or end of it"
                .to_owned(),
        ),
        LikelyCause::Echo => {
            Some("the other end did not answer: its address, the wires A and B, or its power".to_owned())
        }
        LikelyCause::DecimalCommas if report.takes_map => {
            Some("--map FILE, with decimal = \",\" in it, reads decimal commas".to_owned())
        }
        LikelyCause::UnsureCommas if report.takes_map => {
            Some("--map FILE says which: decimal = \",\" in it, or thousands = \",\", reads them".to_owned())
        }
        LikelyCause::WrongSpeed => Some(match doctor(port) {
            Some(doctor) => format!("--baud N, or --mode; {doctor}"),
            None => "record it again with another --baud or --mode".to_owned(),
        }),
        _ => None,
    }
}

/// A cause in words.
pub(crate) fn sentence(cause: LikelyCause) -> String {
    match cause {
        LikelyCause::Silence => "nothing came".to_owned(),
        LikelyCause::Echo => "all that came is an echo of what was sent".to_owned(),
        LikelyCause::SevenBits(mode) => {
            let bit = if mode.stop_bits == 2 {
                "the eighth bit is set in all bytes"
            } else {
                "parity bits are set in the bytes"
            };
            format!("{bit}, as a device of seven bits ({mode}) sends them")
        }
        LikelyCause::CarriageReturns => "lines end in CR alone".to_owned(),
        LikelyCause::TelegramReturns => {
            "the lines of its telegram end in CR alone, and want CR LF".to_owned()
        }
        LikelyCause::NoFrameMarks => "its groups came without the STX and ETX that begin and end a frame, \
             which some relays take out"
            .to_owned(),
        LikelyCause::NoChecksumField => "no Checksum field came, which ends a block".to_owned(),
        LikelyCause::TooLong(bytes) => format!("one of {bytes} bytes is longer than --max-frame"),
        LikelyCause::SpreadObjects => "JSON objects stand over several lines".to_owned(),
        LikelyCause::OtherFormat(shape) => format!("they have the shape of another format: {}", named(shape)),
        LikelyCause::NoColumnNames(_) => "no line names the columns".to_owned(),
        LikelyCause::DecimalCommas => "numbers have decimal commas".to_owned(),
        LikelyCause::UnsureCommas => {
            "numbers have commas, which may be decimal or stand between thousands".to_owned()
        }
        LikelyCause::WrongSpeed => {
            "most of them are in no text and no frame: another speed or mode, most often".to_owned()
        }
        LikelyCause::NoLineEnd => "no line ends".to_owned(),
    }
}

/// A shape in words.
pub(crate) fn named(shape: &FormatShape) -> String {
    match Decoder::named(shape.format) {
        Some(_) => shape.about.to_owned(),
        None if shape.format == "modbus" => {
            format!("{}, which are asked for (foil device poll)", shape.about)
        }
        None => format!("{}, which this version does not read", shape.about),
    }
}

fn kinds(kinds: &[(String, u64)]) -> String {
    let named = kinds.iter().take(MOST_KINDS).map(|(kind, count)| format!("{} ×{count}", escape(kind)));
    let more = kinds.len().saturating_sub(MOST_KINDS);
    let more = (more > 0).then(|| format!("and {more} more kinds"));
    named.chain(more).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_longer_frame_is_asked_for_as_far_as_the_option_goes() {
        let limits = [8_193, 16_384, 16_385, 450_120, 1 << 20, (1 << 20) + 1].map(longer_frame);
        let limits = limits.each_ref().map(|limit| limit.as_deref());
        assert_eq!(limits, [Some("16K"), Some("16K"), Some("32K"), Some("512K"), Some("1M"), None]);
        assert_eq!(options(&[LikelyCause::TooLong(9_015)]), "--max-frame 16K");
        assert_eq!(options(&[LikelyCause::NoColumnNames(3)]), "--columns column1,column2,column3");
        assert_eq!(options(&[LikelyCause::SpreadObjects]), "--frame braces");
    }
}
