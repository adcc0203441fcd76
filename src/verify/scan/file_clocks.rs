//! What is remembered of a log's clock, file by file: enough to say when any entry arrived, once its file is read again.
//!
//! ```text
//! a jump within one file     found again in the file, by what the entries before it said
//! a jump over some files     kept: no two of them begin in one file
//! ```
//!
//! So it takes as much room as there are files, however often the clock jumps.

use crate::{
    time::Time,
    tlog::{
        arrival::{ClockTrail, EntryTimes, JumpStart},
        undone::{JumpWatch, UndoneJump, UndoneJumps},
    },
};

/// The clock along a log's files.
#[derive(Default)]
pub(in crate::verify) struct FileClocks {
    files: Vec<FileClock>,
    /// The undone jumps that end in another file than they begin in
    across: UndoneJumps,
}

/// The clock of one file.
struct FileClock {
    file: usize,
    /// Its first entry that was seen
    first: u64,
    /// What the entries before it say
    before: ClockTrail,
    /// Whether some of its entries stand in a jump that was undone
    undone: bool,
}

/// When the entries of one file arrived.
pub(in crate::verify) struct FileArrivals<'a> {
    across: &'a UndoneJumps,
    within: UndoneJumps,
}

impl FileClocks {
    /// Takes note of an entry, and of what those before it say. Most are not the first of their file.
    pub(in crate::verify) fn enter(&mut self, file: usize, n: u64, before: &ClockTrail) {
        if self.files.last().is_none_or(|last| last.file != file) {
            self.files.push(FileClock { file, first: n, before: *before, undone: false });
        }
    }

    /// Takes note that this entry, of the last file, undoes a jump.
    pub(in crate::verify) fn undo(&mut self, jump: JumpStart, end: u64, wall: Time) {
        for file in self.files.iter_mut().rev() {
            file.undone |= file.first < end;
            if file.first <= jump.n {
                break;
            }
        }
        if self.files.last().is_some_and(|file| jump.n < file.first) {
            self.across.push(UndoneJump { first: jump.n, end, wall });
        }
    }

    /// Whether all entries of a file arrived when they say.
    pub(in crate::verify) fn is_plain(&self, file: usize) -> bool {
        self.of_file(file).is_none_or(|clock| !clock.undone)
    }

    /// When the entries of a file arrived, which has these times, in order.
    pub(in crate::verify) fn arrivals(
        &self,
        file: usize,
        times: impl Iterator<Item = (u64, EntryTimes)>,
    ) -> FileArrivals<'_> {
        let clock = self.of_file(file).filter(|clock| clock.undone);
        let mut watch = JumpWatch::from_trail(clock.map_or_else(ClockTrail::default, |clock| clock.before));
        let mut expected = None;
        for (n, times) in times.filter(|_| clock.is_some()) {
            if expected.is_some_and(|expected| expected != n) {
                watch.pass_over();
            }
            expected = Some(n + 1);
            // What may not stand there undoes nothing.
            let _ = watch.take(n, times);
        }
        FileArrivals { across: &self.across, within: watch.into_undone() }
    }

    fn of_file(&self, file: usize) -> Option<&FileClock> {
        self.files.binary_search_by_key(&file, |clock| clock.file).ok().map(|at| &self.files[at])
    }
}

impl FileArrivals<'_> {
    /// When an entry of the file arrived that has these times.
    pub(in crate::verify) fn of(&self, n: u64, times: EntryTimes) -> Time {
        let jump = self.within.around(n).or_else(|| self.across.around(n));
        jump.map_or(times.stated_arrival(), |jump| jump.wall)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Span;

    const DAY: i64 = 24 * 3_600_000;

    fn at(millis: i64) -> Time {
        Time::EPOCH.saturating_add(Span::from_millis(millis))
    }

    /// A made-up ledger whose clock jumps and is mended all the time: now and then a jump lasts longer.
    fn made_up(entries: u64) -> Vec<EntryTimes> {
        let (mut all, mut received, mut wall) = (vec![EntryTimes::plain(at(0))], 1_000 * DAY, 1);
        while (all.len() as u64) < entries {
            received += 1;
            let lasts = if wall % 7 == 0 { 25 } else { 1 + wall % 2 };
            all.extend((0..lasts).map(|_| EntryTimes::plain(at(received))));
            wall += 1;
            all.push(EntryTimes { received: at(received), wall: Some(at(wall)) });
        }
        all
    }

    #[test]
    fn a_made_up_ledger_full_of_jumps_takes_room_for_its_files_only() {
        for in_a_file in [1u64, 4, 10, 64] {
            let all = made_up(3_000);
            let (mut watch, mut clocks) = (JumpWatch::default(), FileClocks::default());
            for (n, times) in (0u64..).zip(&all) {
                let file = usize::try_from(n / in_a_file).unwrap();
                clocks.enter(file, n, watch.trail());
                let step = watch.take(n, *times).unwrap();
                if let (crate::tlog::arrival::ClockStep::Undoes(jump), Some(wall)) = (step, times.wall) {
                    clocks.undo(jump, n, wall);
                }
            }
            assert!(watch.undone().len() > 400);
            assert!(clocks.across.len() <= clocks.files.len(), "{}", clocks.across.len());
            for (file, lines) in all.chunks(usize::try_from(in_a_file).unwrap()).enumerate() {
                let first = file as u64 * in_a_file;
                let arrivals = clocks.arrivals(file, (first..).zip(lines.iter().copied()));
                for (n, times) in (first..).zip(lines) {
                    assert_eq!(arrivals.of(n, *times), watch.undone().arrival(n, *times), "{in_a_file} {n}");
                    let plain = watch.undone().around(n).is_none();
                    assert!(plain || !clocks.is_plain(file));
                }
            }
        }
    }
}
