use super::*;

fn entry(n: u64) -> EntryId {
    EntryId { ledger: 0, n }
}

#[test]
fn holes_do_not_depend_on_the_order_of_arrival() {
    let mut seqs = [3, 4, 5, 9, 10, 14];
    for _ in 0..seqs.len() {
        seqs.rotate_left(1);
        let mut stream = SequenceNumbers::default();
        for seq in seqs.iter().chain(seqs.iter().rev()) {
            stream.insert(*seq, Some(i64::try_from(*seq).unwrap() * 10), entry(*seq));
        }
        let holes: Vec<_> = stream.holes().map(|hole| (hole.start, hole.first)).collect();
        assert_eq!(holes, [(None, 0), (Some(50), 6), (Some(100), 11)]);
        let gaps: Vec<_> = stream.gaps().iter().map(|gap| (gap.start, gap.opening.0.n)).collect();
        assert_eq!(gaps, [(None, 3), (Some(50), 9), (Some(100), 14)]);
    }
}

/// A row that is shifted for each number would take minutes for what this does in a moment.
#[test]
fn many_holes_in_descending_order_take_no_more_time() {
    let mut stream = SequenceNumbers::default();
    for seq in (0..200_000).rev() {
        stream.insert(seq * 2 + 1, None, entry(seq));
    }
    assert_eq!(stream.holes().count(), 200_000);
}

#[test]
fn a_hole_starts_at_the_last_time_that_is_known() {
    let mut stream = SequenceNumbers::default();
    stream.insert(0, Some(0), entry(0));
    stream.insert(1, None, entry(1));
    stream.insert(3, None, entry(3));
    stream.insert(5, Some(50), entry(5));
    let starts: Vec<_> = stream.holes().map(|hole| hole.start).collect();
    assert_eq!(starts, [Some(0), Some(0)]);
    stream.insert(1, Some(10), entry(1));
    stream.insert(2, None, entry(2));
    let starts: Vec<_> = stream.holes().map(|hole| hole.start).collect();
    assert_eq!(starts, [Some(10)]);
}

/// A stream of these numbers, a record each ten milliseconds.
fn stream(seqs: &[u64]) -> SequenceNumbers {
    let mut stream = SequenceNumbers::default();
    for seq in seqs {
        stream.insert(*seq, Some(i64::try_from(*seq).unwrap() * 10), entry(*seq));
    }
    stream
}

fn holes(stream: &SequenceNumbers) -> Vec<(Option<i64>, u64, Option<usize>)> {
    stream.holes().map(|hole| (hole.start, hole.first, hole.field)).collect()
}

#[test]
fn what_does_not_count_is_a_hole_and_not_missing() {
    let mut stream = stream(&[0, 1, 2, 4]);
    stream.refuse(3, Some(30), entry(3));
    assert_eq!((holes(&stream), stream.gaps()), (vec![(Some(20), 3, None)], vec![]));
    // above the last one that counts the hole has no end, and no further start when it grows
    stream.refuse(5, None, entry(5));
    stream.refuse(6, None, entry(6));
    assert_eq!(holes(&stream), [(Some(20), 3, None), (Some(40), 5, None)]);
    // 7 is missing below 8, which does not count either
    stream.refuse(8, None, entry(8));
    assert_eq!(holes(&stream), [(Some(20), 3, None), (Some(40), 5, None)]);
    assert_eq!(stream.gaps(), [NumberGap { start: Some(40), opening: (entry(8), None) }]);
    // the same record once more, in time: it counts
    stream.insert(3, Some(30), entry(9));
    assert_eq!(holes(&stream), [(Some(40), 5, None)]);
}

#[test]
fn what_waits_for_its_time_is_no_hole_yet() {
    let mut stream = stream(&[0, 1, 3]);
    stream.wait_for(2);
    assert_eq!(holes(&stream), []);
    let mut with_another = stream.clone();
    with_another.insert(5, Some(50), entry(5));
    with_another.wait_for(4);
    assert_eq!(holes(&with_another), []);
    stream.refuse(2, None, entry(2));
    assert_eq!(holes(&stream), [(Some(10), 2, None)]);
}

#[test]
fn spoilt_values_that_follow_each_other_are_one_hole_in_whatever_order_they_are_dated() {
    for order in [[2, 3, 4], [4, 3, 2], [3, 2, 4], [4, 2, 3]] {
        let mut stream = stream(&[0, 1]);
        for seq in order {
            stream.spoil(seq, 0);
            stream.insert(seq, Some(i64::try_from(seq).unwrap() * 10), entry(seq));
        }
        assert_eq!(holes(&stream), [(Some(10), 2, Some(0))], "{order:?}");
    }
}

#[test]
fn a_spoilt_value_is_a_hole_of_its_field() {
    let mut stream = stream(&[0, 1]);
    for (seq, fields) in [(2, &[0][..]), (3, &[0, 1]), (5, &[0])] {
        for field in fields {
            stream.spoil(seq, *field);
        }
        stream.insert(seq, Some(i64::try_from(seq).unwrap() * 10), entry(seq));
    }
    stream.insert(4, Some(40), entry(4));
    assert_eq!(holes(&stream), [(Some(10), 2, Some(0)), (Some(40), 5, Some(0)), (Some(20), 3, Some(1))]);
    assert_eq!(stream.gaps(), []);
}
