//! Power cuts: a command runs once, the power fails at every point of it in every way, and the files are checked.
//!
//! ```text
//! Scene { folder, words, pieces, check }     what runs where, and what must hold after any cut
//! Case                                       the same with all that it borrows
//!   ├─ posix::Recording                      all states that POSIX allows, from the calls; needs strace
//!   └─ ext4::Ext4                            a real file system on a disk that forgets; needs root and FUSE
//! ```
//!
//! Both answer an [`Outcome`]: how many cuts were made, how many different states were looked at, and the first
//! of them that `check` did not like.

pub mod case;
mod disk;
pub mod ext4;
mod fuse;
mod history;
pub mod posix;
mod tape;
pub mod trace;

use std::{
    collections::HashSet,
    io::{BufRead, BufReader, Write},
    panic::{AssertUnwindSafe, catch_unwind},
    process::Child,
    sync::Mutex,
};

use crate::{run::Folder, support::trial::expecting_panics};

/// Something to be cut off.
pub struct Scene<'a> {
    /// Everything as it is before: keys, ledgers, what was seen
    pub folder: &'a Folder,
    /// What `foil` is told
    pub words: &'a [&'a str],
    /// Its input, piece by piece: the next one follows when a line was answered
    pub pieces: &'a [String],
    /// A call that fails, as `strace` is told of it
    pub fault: Option<&'a str>,
    /// Panics where the files after a cut are as they must not be
    pub check: &'a (dyn Fn(&Found) + Sync),
}

/// The files after a cut.
pub struct Found {
    /// The folder as the disk has it; what is done to it is forgotten
    pub folder: Folder,
    /// The lines of standard output that had been read before the cut
    pub said: Vec<String>,
    /// Whether the command had ended before the cut; on paper only
    pub done: bool,
    /// Which cut it was
    pub why: String,
}

/// What all cuts of a scene came to.
#[derive(Debug, Default)]
pub struct Outcome {
    pub cuts: usize,
    pub states: usize,
    pub wrong: Option<String>,
}

impl Outcome {
    /// Asserts that nothing was wrong, and that there was something to look at.
    pub fn assert_fine(&self, scene: &str, states: usize) {
        assert_eq!(self.wrong, None, "{scene}");
        let Self { cuts, states: seen, .. } = self;
        assert!(*seen >= states, "{scene}: {cuts} cuts, {seen} different states");
    }
}

/// Gives a process its input piece by piece, and hands over each line that it answers.
fn play(mut child: Child, pieces: &[String], mut hear: impl FnMut(String)) {
    let mut stdin = child.stdin.take().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines().map_while(Result::ok);
    for piece in pieces {
        stdin.write_all(piece.as_bytes()).unwrap();
        hear(lines.next().unwrap_or_default());
    }
    drop(stdin);
    lines.for_each(hear);
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "without a cut: {}", String::from_utf8_lossy(&output.stderr));
}

/// Looks at many cuts, each different state once, on two threads. `show` is told which thread it is, makes what
/// a cut leaves, and answers a number that tells its state from others; `look` is given what `show` made.
fn look_at_all<C: Sync, S>(
    cuts: &[C],
    show: impl Fn(usize, &C) -> (u64, S) + Sync,
    look: impl Fn(&C, S) + Sync,
) -> Outcome {
    let (next, seen, wrong) = (Mutex::new(cuts.iter()), Mutex::new(HashSet::new()), Mutex::new(None));
    let work = |thread: usize| {
        while let Some(cut) = { next.lock().unwrap().next() } {
            if wrong.lock().unwrap().is_some() {
                return;
            }
            let looked = expecting_panics(|| {
                catch_unwind(AssertUnwindSafe(|| {
                    let (digest, state) = show(thread, cut);
                    if seen.lock().unwrap().insert(digest) {
                        look(cut, state);
                    }
                }))
            });
            if let Err(panic) = looked {
                let text = panic.downcast_ref::<String>().cloned();
                let text = text.or_else(|| panic.downcast_ref::<&str>().map(|text| (*text).to_owned()));
                wrong.lock().unwrap().get_or_insert(text.unwrap_or_default());
            }
        }
    };
    std::thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || work(thread));
        }
    });
    let states = seen.into_inner().unwrap().len();
    Outcome { cuts: cuts.len(), states, wrong: wrong.into_inner().unwrap() }
}

/// Chance that is the same every time (`SplitMix64`).
pub struct Dice(pub u64);

impl Dice {
    pub fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Subsets of so many things: all of them if these are at most `limit`; else none, all, each alone, all but
    /// one, and random ones, sparse and dense, up to `limit`.
    fn subsets(&mut self, things: usize, limit: usize) -> Vec<Vec<bool>> {
        if things < 20 && 1 << things <= limit {
            return (0..1 << things)
                .map(|set: usize| (0..things).map(|n| set >> n & 1 == 1).collect())
                .collect();
        }
        let mut sets = vec![vec![false; things], vec![true; things]];
        for n in (0..things).filter(|_| things < limit / 4) {
            sets.extend([false, true].map(|rest| (0..things).map(|m| rest ^ (m == n)).collect()));
        }
        while sets.len() < limit {
            let density = [16, 128, 240][(self.next() % 3) as usize];
            sets.push((0..things).map(|_| self.next() % 256 < density).collect());
        }
        sets
    }
}
