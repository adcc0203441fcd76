//! Shapes of meters that send text.

use super::lines::lines;

const STX: u8 = 2;

/// `/ABC5name` at the start of a line: three letters of the maker, a digit or letter for the speed, a name.
fn identification(bytes: &[u8]) -> Option<usize> {
    let at_line_start = |at: usize| at == 0 || b"\r\n\0\x7f".contains(&bytes[at - 1]);
    (0..bytes.len()).find(|at| {
        bytes[*at] == b'/'
            && at_line_start(*at)
            && bytes.get(at + 1..at + 5).is_some_and(|maker| {
                maker[..3].iter().all(u8::is_ascii_alphabetic) && maker[3].is_ascii_alphanumeric()
            })
    })
}

/// `1-0:1.8.0*255(` or `1.8.0(`: the code before the bracket; `None`: the line has none.
fn obis_code(line: &[u8]) -> Option<&[u8]> {
    let line = line.strip_prefix(&[STX]).unwrap_or(line);
    let code = &line[..line.iter().position(|byte| *byte == b'(')?];
    let like_code = |byte: &u8| byte.is_ascii_alphanumeric() || b"-:.*&".contains(byte);
    let dotted = code.contains(&b'.');
    let ends = line.contains(&b')');
    (dotted && ends && code.len() <= 24 && code.iter().all(like_code)).then_some(code)
}

/// A readout: codes behind STX, or with a sixth part such as `*255`, or without the medium before them.
pub(super) fn is_iec62056(bytes: &[u8]) -> bool {
    let codes: Vec<_> = lines(bytes).filter_map(obis_code).collect();
    if codes.is_empty() {
        return false;
    }
    let begun = identification(bytes).is_some();
    let behind_stx = bytes.windows(2).any(|pair| pair[0] == STX && pair[1].is_ascii_alphanumeric());
    let with_sixth = codes.iter().any(|code| code.contains(&b'*'));
    let short = codes.iter().all(|code| !code.contains(&b':'));
    (begun || codes.len() >= 2) && (behind_stx || with_sixth || short)
}

/// A telegram: `/`, and codes such as `1-0:1.8.1(`; or several of those codes.
pub(super) fn is_dsmr(bytes: &[u8]) -> bool {
    let codes = lines(bytes).filter_map(obis_code).filter(|code| code.contains(&b':')).count();
    codes >= 3 || codes >= 1 && identification(bytes).is_some()
}

/// Two groups or more of `LF label SP|HT data SP|HT check CR`, the check character of most of which fits: one of 64 fits by
/// chance.
pub(super) fn is_tic(bytes: &[u8]) -> bool {
    let (mut groups, mut proven) = (0, 0);
    for group in bytes.split(|byte| *byte == b'\n').skip(1) {
        let Some(end) = group.iter().position(|byte| *byte == b'\r') else { continue };
        groups += 1;
        proven += usize::from(tic_check_fits(&group[..end]));
    }
    proven >= 2 && proven * 2 > groups
}

/// In the historic mode the sum ends before the last separator, in the standard mode behind it.
fn tic_check_fits(group: &[u8]) -> bool {
    let [data @ .., separator @ (b' ' | b'\t'), check] = group else { return false };
    let Some(end) = data.iter().position(|byte| byte == separator) else { return false };
    let is_label = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"+-".contains(byte);
    if !(2..=9).contains(&end) || !data[..end].iter().all(is_label) {
        return false;
    }
    let included = if *separator == b'\t' { b'\t' } else { 0 };
    let sum = data.iter().fold(included, |sum: u8, byte| sum.wrapping_add(*byte));
    *check == (sum & 0x3f) + 0x20
}

/// `CR LF label HT value` lines, with `Checksum HT` and a byte at the end of a block.
pub(super) fn is_vedirect(bytes: &[u8]) -> bool {
    has_checksum_field(bytes) && vedirect_fields(bytes) >= 2
}

/// The same without `Checksum`: a program on the way left it out.
pub(super) fn has_unended_fields(bytes: &[u8]) -> bool {
    !has_checksum_field(bytes) && vedirect_fields(bytes) >= 2
}

fn has_checksum_field(bytes: &[u8]) -> bool {
    bytes.windows(10).any(|window| window == b"\nChecksum\t")
}

fn vedirect_fields(bytes: &[u8]) -> usize {
    let is_field = |line: &&[u8]| {
        let label = line.iter().position(|byte| *byte == b'\t').map(|tab| &line[..tab]);
        label.is_some_and(|label| {
            (1..=9).contains(&label.len())
                && label[0].is_ascii_alphabetic()
                && label.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'#')
        })
    };
    bytes.split(|byte| *byte == b'\n').filter(is_field).count()
}

/// `OCMF|{…}|{…}`.
pub(super) fn is_ocmf(bytes: &[u8]) -> bool {
    bytes.windows(6).any(|window| window == b"OCMF|{")
}
