//! Meters of DZG that send numbers without the zero byte that says that they are positive: 328.05 W come as 8025, in two bytes with a
//! sign, as -327.31 W. By the maker's word these are the meters DVS74 with serial numbers of two ranges. A WS74 of the fifty-first million
//! was seen to do so as well, by its users, whose display showed other powers; negative powers of its other meters are exports.
//!
//! ```text
//! 0a 01 44 5a 47 00 02 be bc 20
//!       D  Z  G     46000000: serial number
//! ```

use std::ops::RangeInclusive;

use super::element::{Element, ElementKind};

/// What identifiers of meters of DZG have behind their first two octets.
const MAKER: &[u8] = b"DZG";

/// The serial numbers of meters that do so.
const LOSE_SIGN: [RangeInclusive<u32>; 3] =
    [42_000_000..=48_999_999, 50_000_000..=50_999_999, 55_000_000..=58_999_999];

/// In how many bytes the sign of a number is lost; in three it would be a power that no meter can bear, unless it is counted in
/// less than hundredths.
const MOST_SUSPECT: usize = 2;

/// The exponent of the scaler of hundredths.
const HUNDREDTHS: i64 = -2;

/// Whether a meter may lose the sign of a number: one of DZG with such a serial number, or without one.
pub(super) fn loses_sign(server_id: &[u8]) -> bool {
    match server_id {
        [_, _, maker @ .., _, a, b, c, d] if maker == MAKER => {
            let serial = u32::from_be_bytes([*a, *b, *c, *d]);
            LOSE_SIGN.iter().any(|range| range.contains(&serial))
        }
        _ => server_id.get(2..5) == Some(MAKER),
    }
}

/// Whether a value of such a meter may be one that lost its sign.
pub(super) fn may_have_lost_sign(value: &Element, scaler: &Element) -> bool {
    let ElementKind::Integer(..0, bytes) = value.kind else { return false };
    let is_coarse = matches!(
        scaler.kind,
        ElementKind::Integer(HUNDREDTHS.., _) | ElementKind::Unsigned(0) | ElementKind::None
    );
    bytes <= MOST_SUSPECT || bytes == MOST_SUSPECT + 1 && !is_coarse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_serial_number_tells_which_meters_do_so() {
        let of = |serial: u32| loses_sign(&[&b"\x0a\x01DZG\x00"[..], &serial.to_be_bytes()].concat());
        for serial in [42_000_000, 46_000_000, 48_999_999, 50_000_000, 50_999_999, 55_000_000, 58_999_999] {
            assert!(of(serial), "{serial}");
        }
        for serial in
            [0, 40_050_000, 41_999_999, 49_000_000, 51_000_000, 54_999_999, 59_000_000, 60_000_000, u32::MAX]
        {
            assert!(!of(serial), "{serial}");
        }
        assert!(loses_sign(b"\x06\x01DZG\x00"), "no serial number says that it does not");
        assert!(!loses_sign(b"\x0a\x01EMH\x00\x02\xbe\xbc\x20"));
    }

    #[test]
    fn three_bytes_of_hundredths_are_no_power_that_lost_its_sign() {
        let of = |value: &[u8], scaler: &[u8]| {
            may_have_lost_sign(&Element::read(value).unwrap(), &Element::read(scaler).unwrap())
        };
        for (value, scaler) in [(&b"\x52\x80"[..], b"\x52\xfe"), (b"\x53\x80\x25", b"\x52\x00")] {
            assert!(of(value, scaler), "{value:02x?}");
        }
        assert!(of(b"\x54\x80\x25\x00", b"\x52\xfd"), "8397.056 W as -8380.16");
        for scaler in [&b"\x52\xfe"[..], b"\x52\xff", b"\x01"] {
            assert!(!of(b"\x54\xfe\x9a\x84", scaler), "{scaler:02x?}");
        }
        for value in [&b"\x55\xff\xff\xee\x08"[..], b"\x53\x7f\xff", b"\x63\x80\x25"] {
            assert!(!of(value, b"\x52\xfe"), "{value:02x?}");
        }
    }
}
