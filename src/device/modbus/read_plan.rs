//! From the values of a map to as few requests as they need.
//!
//! ```text
//! input 0 f32, input 2 f32, input 6 f32     → input 0, 4 registers; input 6, 2 registers
//! input 0 u16 exponent=3, input 6 u16       → input 0, 4 registers; input 6, 1 register
//! ```
//!
//! Neighbours are read in one request, and so is what is between a value and its power of ten. A gap between them is read only
//! as far as the map says, because a device may refuse the whole request for one register that it does not have.

use super::{map_value::MapValue, request::ModbusTable};

/// One request, and the values that its answer holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct PlannedRead {
    pub(super) table: ModbusTable,
    /// The first register or bit
    pub(super) address: u16,
    /// How many
    pub(super) count: u16,
    /// The places of its values in the map
    pub(super) values: Vec<usize>,
}

/// The requests for all values: `gap` registers that no value has may lie between two of one request, which asks for at
/// most `most` registers.
pub(super) fn plan(values: &[MapValue], gap: u16, most: u16) -> Vec<PlannedRead> {
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by_key(|at| (values[*at].table, values[*at].span()));
    let mut reads: Vec<PlannedRead> = Vec::new();
    for at in order {
        let value = &values[at];
        let last = reads.last_mut().filter(|read| read.table == value.table);
        match last.and_then(|read| Some((read.extended(value, gap, most)?, read))) {
            Some((count, read)) => {
                read.count = count;
                read.values.push(at);
            }
            None => reads.push(alone(values, at)),
        }
    }
    reads
}

/// Requests that replace one which a device does not answer: as small as its values allow. Those in the same registers, as a
/// number and its bits, stay together.
pub(super) fn apart(read: &PlannedRead, values: &[MapValue]) -> Vec<PlannedRead> {
    let mut reads: Vec<PlannedRead> = Vec::new();
    for at in &read.values {
        let alone = alone(values, *at);
        match reads.last_mut().filter(|last| (last.address, last.count) == (alone.address, alone.count)) {
            Some(last) => last.values.push(*at),
            None => reads.push(alone),
        }
    }
    reads
}

fn alone(values: &[MapValue], at: usize) -> PlannedRead {
    let (address, end) = values[at].span();
    let count = u16::try_from(end - u32::from(address)).unwrap_or(u16::MAX);
    PlannedRead { table: values[at].table, address, count, values: vec![at] }
}

impl PlannedRead {
    /// How many registers it would have with one more value; `None`: too many, or too far away.
    fn extended(&self, value: &MapValue, gap: u16, most: u16) -> Option<u16> {
        let end = u32::from(self.address) + u32::from(self.count);
        let (begin_of_value, end_of_value) = value.span();
        let is_near = u32::from(begin_of_value) <= end + u32::from(gap);
        let count = u16::try_from(end.max(end_of_value) - u32::from(self.address)).ok()?;
        let most = if self.table.is_bits() { self.table.most() } else { most.min(self.table.most()) };
        (is_near && count <= most).then_some(count)
    }
}

#[cfg(test)]
mod tests {
    use super::{super::map_value::tests::of_type, *};

    fn reads(addresses: &[(u16, &str)], gap: u16, most: u16) -> Vec<(u16, u16, Vec<usize>)> {
        let value = |(address, kind): &(u16, &str)| MapValue { address: *address, ..of_type(kind) };
        let values: Vec<_> = addresses.iter().map(value).collect();
        let plan = plan(&values, gap, most);
        plan.into_iter().map(|read| (read.address, read.count, read.values)).collect()
    }

    #[test]
    fn neighbours_are_read_together_and_gaps_only_if_said() {
        let map = [(6, "f32"), (0, "f32"), (2, "f32")];
        assert_eq!(reads(&map, 0, 125), [(0, 4, vec![1, 2]), (6, 2, vec![0])]);
        assert_eq!(reads(&map, 2, 125), [(0, 8, vec![1, 2, 0])]);
        assert_eq!(reads(&map, 2, 4), [(0, 4, vec![1, 2]), (6, 2, vec![0])]);
        assert_eq!(reads(&[(3, "bit:0"), (3, "bit:1"), (3, "bits")], 0, 125), [(3, 1, vec![0, 1, 2])]);
    }

    #[test]
    fn a_value_is_read_with_its_power_of_ten() {
        let value = |address, exponent| MapValue { address, exponent, ..of_type("u16") };
        let values = [value(9, Some(4)), value(5, Some(4)), value(12, None), value(20, Some(14))];
        let reads = plan(&values, 0, 125);
        let all: Vec<_> = reads.iter().map(|read| (read.address, read.count, &read.values[..])).collect();
        assert_eq!(all, [(4, 6, &[1, 0][..]), (12, 1, &[2]), (14, 7, &[3])]);
        let apart: Vec<_> = apart(&reads[0], &values).iter().map(|read| (read.address, read.count)).collect();
        assert_eq!(apart, [(4, 2), (4, 6)]);
    }

    #[test]
    fn a_request_asks_for_at_most_125_registers() {
        let map: Vec<_> = (0..200).map(|address| (address, "u16")).collect();
        let counts: Vec<u16> = reads(&map, 0, 125).into_iter().map(|(_, count, _)| count).collect();
        assert_eq!(counts, [125, 75]);
        assert_eq!(reads(&[(65_534, "u16"), (65_535, "u16")], 0, 125), [(65_534, 2, vec![0, 1])]);
    }
}
