//! Records that their producers send again, since they were not told that they are kept: each is written once.
//!
//! ```text
//! acknowledged │ unacknowledged: committed, and the writer died before it said so │ behind the checkpoint: recovered
//!              open                                                           size
//! ```
//!
//! A producer begins with what it was not told of. So what is equal counts as sent again in the first batch of a run, and as
//! long as nothing else came. A record that numbers itself (`stream`, `seq`) is the same whenever it comes.

use std::collections::HashMap;

use super::{batch::IncomingRecord, end::MAX_TAIL, lock::LastWriter};
use crate::{
    hash::Hash,
    json::{self, Canonical, Object},
    ledger::files::{folder::Folder, read::Reader},
};

/// The records that may come again, and how often each.
#[derive(Debug, Default)]
pub(super) struct ResentRecords {
    /// Those that number themselves
    numbered: HashMap<Hash, u64>,
    /// All others
    others: HashMap<Hash, u64>,
    /// Whether one has come again in this batch
    again: bool,
    /// Whether another one came in this batch
    new: bool,
}

impl ResentRecords {
    /// What was recovered, and what the writer before had committed without telling its producer.
    pub(super) fn of(
        recovered: &[IncomingRecord],
        folder: &Folder,
        last: &LastWriter,
        boot: &str,
        size: u64,
    ) -> Self {
        let mut resent = Self::default();
        for incoming in recovered {
            let numbers =
                json::parse_object(incoming.record.as_str().as_bytes()).is_ok_and(|it| numbers_itself(&it));
            resent.expect(&incoming.record, numbers);
        }
        let open = last.open.unwrap_or(size).max(size.saturating_sub(MAX_TAIL as u64));
        if open < size {
            // A writer that is alive may just be about to say so. Where an entry cannot be read, the verifier tells.
            let died = !is_alive(last, boot);
            let reader = Reader::open(folder.clone()).ok();
            let entries = reader.iter().flat_map(|reader| reader.entries(open..size)).map_while(Result::ok);
            for entry in entries {
                let numbers = numbers_itself(&entry.record);
                if numbers || died {
                    resent.expect(&Canonical::from(&entry.record), numbers);
                }
            }
        }
        resent
    }

    fn expect(&mut self, record: &Canonical, numbers: bool) {
        let kind = if numbers { &mut self.numbered } else { &mut self.others };
        *kind.entry(Hash::of(record.as_str().as_bytes())).or_default() += 1;
    }

    /// Whether a record is one of those. Each answers for one.
    pub(super) fn absorb(&mut self, record: &Canonical) -> bool {
        if self.numbered.is_empty() && self.others.is_empty() {
            return false;
        }
        let hash = Hash::of(record.as_str().as_bytes());
        let take = |kind: &mut HashMap<Hash, u64>| {
            let left = kind.get_mut(&hash).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_some()
        };
        let again = take(&mut self.numbered) || take(&mut self.others);
        self.again |= again;
        self.new |= !again;
        again
    }

    /// A batch is over. A producer that has sent something else by now has sent again what there was.
    pub(super) fn end_batch(&mut self) {
        if self.new || !self.again {
            self.others.clear();
        }
        (self.again, self.new) = (false, false);
    }
}

fn numbers_itself(record: &Object) -> bool {
    record.str("stream").is_some() && record.get("seq").is_some_and(|seq| seq.as_u64().is_some())
}

/// Whether the process that wrote last is still there, as far as this machine can see.
fn is_alive(last: &LastWriter, boot: &str) -> bool {
    let process = last.process.filter(|_| last.boot == boot);
    process.is_some_and(|process| std::path::Path::new("/proc").join(process.to_string()).exists())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::object;

    fn record(n: u32, numbered: bool) -> Canonical {
        let mut record = object! { "n": n };
        if numbered {
            record.insert("stream", "a");
            record.insert("seq", n);
        }
        Canonical::from(&record)
    }

    fn expecting(numbered: bool) -> ResentRecords {
        let mut resent = ResentRecords::default();
        (0..4).for_each(|n| resent.expect(&record(n, numbered), numbered));
        resent
    }

    #[test]
    fn what_is_sent_again_bit_by_bit_is_known_until_something_else_comes() {
        let mut resent = expecting(false);
        for n in [0, 1] {
            assert!(resent.absorb(&record(n, false)));
            resent.end_batch();
        }
        assert!(
            !resent.absorb(&record(7, false)) && resent.absorb(&record(2, false)),
            "in one batch with it"
        );
        resent.end_batch();
        assert!(!resent.absorb(&record(3, false)));
    }

    #[test]
    fn a_record_that_numbers_itself_is_known_whenever_it_comes_and_once() {
        let mut resent = expecting(true);
        for n in [0, 7, 3, 1] {
            assert_eq!(resent.absorb(&record(n, true)), n < 4);
            resent.end_batch();
        }
        assert!(!resent.absorb(&record(3, true)));
    }
}
