//! Stretches of time: pairs of instants in milliseconds since 1970, the second the first that belongs to it no more.

/// Stretches in order, those that touch as one, without empty ones.
pub fn joined(mut stretches: Vec<(i64, i64)>) -> Vec<(i64, i64)> {
    stretches.retain(|(start, end)| start < end);
    stretches.sort_unstable();
    let mut joined: Vec<(i64, i64)> = Vec::with_capacity(stretches.len());
    for (start, end) in stretches {
        match joined.last_mut() {
            Some(last) if start <= last.1 => last.1 = last.1.max(end),
            _ => joined.push((start, end)),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_touches_is_one_stretch() {
        assert_eq!(joined(vec![(7, 9), (1, 3), (3, 4), (5, 5), (2, 3), (8, 12)]), [(1, 4), (7, 12)]);
        assert_eq!(joined(vec![(1, 9), (2, 3), (9, 8)]), [(1, 9)]);
    }
}
