//! What ports have read, signed: a few records at once, by as many threads as there are processors.

use super::{queue::RecordQueue, state::GatewayState};
use crate::{
    device::reader::ReaderOutput,
    record::signed::{RecordSigner, SignableText},
};

/// Signs what waits in the queue, until that is closed.
pub(super) fn sign_all(signer: &RecordSigner<'_>, queue: &RecordQueue, state: &GatewayState) {
    while let Some((number, part)) = queue.next_to_sign() {
        let records = signer.sign_many(part.texts);
        state.note(number, &part.readings, &records, part.clock);
        queue.put_back(number, records.into_iter().map(|record| (record, part.clock)).collect());
    }
}

/// What a reader said, one record of it, looked over; `None`: it is a bad frame.
///
/// # Errors
/// If it cannot be signed, which a record of a reader can.
pub(super) fn look_over(
    signer: &RecordSigner<'_>,
    output: ReaderOutput,
) -> anyhow::Result<Option<SignableText>> {
    Ok(match output {
        ReaderOutput::Lines { mut text, .. } => {
            text.truncate(text.trim_end_matches('\n').len());
            Some(signer.look_over(text)?)
        }
        ReaderOutput::Reading(record) | ReaderOutput::Status(record) => {
            Some(signer.look_over_record(record)?)
        }
        ReaderOutput::Bad { .. } => None,
    })
}

#[cfg(test)]
mod tests {
    use std::{thread, time::Duration};

    use super::*;
    use crate::{
        gateway::queue::{PortRecords, ReadingPlace},
        key::SecretKey,
        machine, object,
        record::signed::{FreshlySigned, SignOptions, sign},
        rules::received::ClockReading,
        time::{Span, Time},
    };

    fn record(n: usize) -> ReaderOutput {
        let record = object! { "type": "reading", "seq": n };
        match n % 3 {
            0 => ReaderOutput::Status(record),
            _ => ReaderOutput::Lines { text: record.to_canonical() + "\n", count: 1 },
        }
    }

    /// What `foil sign` makes of it.
    fn signed(n: usize, key: &SecretKey) -> String {
        let mut record = object! { "type": "reading", "seq": n };
        sign(&mut record, key, &SignOptions::default()).unwrap();
        record.to_canonical()
    }

    #[test]
    fn records_are_signed_in_their_order_by_any_number_of_signers() {
        let key = SecretKey::from_seed(&[1; 32]);
        let signer = RecordSigner::new(&key, &SignOptions::default());
        for (signers, count, part) in [(1, 300, 64), (2, 300, 7), (8, 65, 1), (4, 1, 64)] {
            let queue = RecordQueue::default();
            let state = GatewayState::new(["a".to_owned()].into_iter());
            let numbers: Vec<usize> = (0..count).collect();
            let mut kept = Vec::new();
            thread::scope(|scope| {
                (0..signers).for_each(|_| _ = scope.spawn(|| sign_all(&signer, &queue, &state)));
                for numbers in numbers.chunks(part) {
                    let texts = numbers.iter().map(|n| look_over(&signer, record(*n)).unwrap().unwrap());
                    let readings = (0..numbers.len()).map(|at| ReadingPlace { at, device: 0 }).collect();
                    let clock = ClockReading { wall: Time::EPOCH, up: machine::up() };
                    let records = PortRecords { texts: texts.collect(), readings, clock };
                    queue.put(records, Duration::ZERO, || true).unwrap();
                }
                while kept.len() < count {
                    kept.extend(queue.take(Span::from_millis(0), Duration::from_millis(50)));
                }
                queue.close();
            });
            let texts = kept.iter().map(|(record, _)| FreshlySigned::as_str(record));
            assert!(texts.eq(numbers.iter().map(|n| signed(*n, &key))), "{count} by {signers}");
            let state = state.lock();
            let last = state.ports[0].last.as_deref();
            assert_eq!((state.ports[0].readings, last), (count as u64, kept.last().map(|it| it.0.as_str())));
        }
    }
}
