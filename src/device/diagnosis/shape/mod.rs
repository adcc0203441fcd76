//! The shapes of formats: what bytes of each look like, whether or not anything decodes them.
//!
//! A shape is a start sequence, a checksum that fits, or a form that most lines have. The decoders are not asked: bytes
//! whose checksum is wrong, or that were cut, still show what they are.

mod binary;
mod lines;
mod meter;

use self::lines::most_lines;

/// The shape of a format.
#[derive(Debug)]
pub struct FormatShape {
    /// What `--format` calls the format, if there is a decoder of it
    pub format: &'static str,
    /// What it is, for people
    pub about: &'static str,
    /// Whether it shows by a start sequence or a checksum, so that a few frames prove it
    pub proves: bool,
    fits: fn(&[u8]) -> bool,
}

impl PartialEq for FormatShape {
    fn eq(&self, other: &Self) -> bool {
        self.format == other.format
    }
}

impl Eq for FormatShape {}

const fn proven(format: &'static str, about: &'static str, fits: fn(&[u8]) -> bool) -> FormatShape {
    FormatShape { format, about, proves: true, fits }
}

const fn likely(format: &'static str, about: &'static str, fits: fn(&[u8]) -> bool) -> FormatShape {
    FormatShape { format, about, proves: false, fits }
}

/// All shapes, those that prove more first.
pub const SHAPES: &[FormatShape] = &[
    proven("sml", "SML files of a meter", binary::is_sml),
    proven("ocmf", "OCMF records of a charging station", meter::is_ocmf),
    proven(
        "glo",
        "encrypted messages of a meter (DLMS general-glo-ciphering: the grid operator has the key)",
        binary::is_general_glo_ciphering,
    ),
    proven("tic", "TIC frames of a Linky meter", meter::is_tic),
    proven("vedirect", "VE.Direct blocks", meter::is_vedirect),
    proven("iec62056", "a readout of IEC 62056-21", meter::is_iec62056),
    proven("dsmr", "P1 telegrams of a meter", meter::is_dsmr),
    proven("nmea", "NMEA 0183 sentences", lines::is_nmea),
    proven("mbus", "M-Bus telegrams", binary::is_mbus),
    proven("dlms", "DLMS messages in HDLC frames", binary::is_hdlc),
    likely("json", "JSON objects", lines::is_json),
    likely("scale", "weights of a balance", lines::is_scale),
    likely("text", "names with values", lines::is_text),
    likely("csv", "columns of numbers", lines::is_csv),
    proven("modbus", "Modbus RTU frames", binary::is_modbus),
];

/// The shape that bytes have; `None`: none that is known.
pub fn of(bytes: &[u8]) -> Option<&'static FormatShape> {
    SHAPES.iter().find(|shape| (shape.fits)(bytes))
}

/// Whether most lines that have a number have one with a decimal comma behind `=` or `:`.
pub(super) fn has_decimal_commas(bytes: &[u8]) -> bool {
    most_lines(bytes, lines::has_decimal_comma)
}

/// The same where no comma of most lines can stand between thousands.
pub(super) fn has_sure_decimal_commas(bytes: &[u8]) -> bool {
    most_lines(bytes, lines::has_sure_decimal_comma)
}

/// Whether JSON objects stand over several lines, each with its own member, and none on one line.
pub(super) fn has_spread_objects(bytes: &[u8]) -> bool {
    lines::has_spread_objects(bytes)
}

/// How many columns the rows of csv have above which none names them; `None`: they have names.
pub(super) fn unnamed_columns(bytes: &[u8]) -> Option<usize> {
    lines::unnamed_columns(bytes)
}

/// Whether there are fields of VE.Direct, and none that ends a block.
pub(super) fn has_unended_fields(bytes: &[u8]) -> bool {
    meter::has_unended_fields(bytes)
}

#[cfg(test)]
mod tests;
