//! Zones of which each change is known: they come as a file of the zone database would say it.
//!
//! ```text
//! header (44 bytes), one empty block     for readers of version 1
//! header, instants, types, offsets       the changes, in seconds since 1970
//! "\n" "<-00>-1" "\n"                    the rule behind the last change: its offset, for ever
//! ```
//!
//! Format: RFC 9636.

use super::Zone;

impl Zone {
    /// A zone with this offset, in seconds, and from each instant on, in seconds since 1970 and ascending, with another.
    /// `None`: that is no zone, such as one with more than 256 offsets.
    pub fn changing(first: i32, changes: &[(i64, i32)]) -> Option<Self> {
        let mut types = vec![first];
        let mut indices = Vec::with_capacity(changes.len());
        for (_, offset) in changes {
            let known = types.iter().position(|known| known == offset);
            let index = known.unwrap_or(types.len());
            if known.is_none() {
                types.push(*offset);
            }
            indices.push(u8::try_from(index).ok()?);
        }
        let mut file = header(0, 1);
        file.extend(local_type(first));
        file.extend(NAME);
        file.extend(header(u32::try_from(changes.len()).ok()?, u32::try_from(types.len()).ok()?));
        for (at, _) in changes {
            file.extend(at.to_be_bytes());
        }
        file.extend(indices);
        for offset in &types {
            file.extend(local_type(*offset));
        }
        file.extend(NAME);
        let last = changes.last().map_or(first, |(_, offset)| *offset);
        file.extend(format!("\n{}\n", rule(last)).as_bytes());
        Self::tzif(&file)
    }
}

/// What each offset is called: by no name that anybody knows.
const NAME: &[u8; 4] = b"-00\0";

/// Version 2, no leap seconds, one name.
fn header(changes: u32, types: u32) -> Vec<u8> {
    let mut header = b"TZif2".to_vec();
    header.extend([0; 15]);
    for count in [0, 0, 0, changes, types, 4] {
        header.extend(count.to_be_bytes());
    }
    header
}

/// An offset that is no summer time, by the only name.
fn local_type(offset: i32) -> [u8; 6] {
    let [a, b, c, d] = offset.to_be_bytes();
    [a, b, c, d, 0, 0]
}

/// An offset as POSIX writes it: what must be added to local time.
fn rule(offset: i32) -> String {
    let sign = if offset > 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    format!("<-00>{sign}{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Time;

    #[test]
    fn each_change_is_shown_and_the_last_one_stays() {
        let zone = Zone::changing(3_600, &[(1_774_746_000, 7_200), (1_792_890_000, -12_600)]).unwrap();
        let show = |seconds: i64| zone.show(Time::from_millis(seconds * 1_000).unwrap());
        assert_eq!(show(0), "1970-01-01 01:00:00 +01:00");
        assert_eq!(show(1_774_745_999), "2026-03-29 01:59:59 +01:00");
        assert_eq!(show(1_774_746_000), "2026-03-29 03:00:00 +02:00");
        assert_eq!(show(1_792_890_000), "2026-10-24 21:30:00 -03:30");
        assert_eq!(show(4_000_000_000), "2096-10-02 03:36:40 -03:30");
        let many: Vec<_> = (1..300).map(|at| (i64::from(at) * 100_000, at * 60)).collect();
        assert_eq!(Zone::changing(0, &many), None);
    }
}
