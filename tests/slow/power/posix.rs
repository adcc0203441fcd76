//! Power cuts on a disk that keeps what was synced and nothing else, in a plain folder.

use super::{
    Dice, Found, Outcome, Scene,
    disk::Disk,
    history::{Cut, History},
    look_at_all, play,
    trace::{self, Call},
};
use crate::{
    books,
    run::Folder,
    support::needs::{self, Lacking},
};

/// A scene as it went without a cut.
pub struct Recording<'a> {
    scene: &'a Scene<'a>,
    before: Disk,
    folder: Folder,
    calls: Vec<Call>,
}

impl<'a> Recording<'a> {
    /// Plays a scene.
    pub fn of(scene: &'a Scene<'a>) -> Result<Self, Lacking> {
        needs::tool("strace")?;
        let folder = books::copy(scene.folder);
        let before = Disk::read(folder.as_ref());
        let options = trace::everything();
        let faults = scene.fault.iter().flat_map(|fault| ["-e", fault]);
        let options: Vec<&str> = options.iter().map(String::as_str).chain(faults).collect();
        play(trace::start(&folder, &options, scene.words), scene.pieces, drop);
        let calls = trace::calls(&folder);
        Ok(Self { scene, before, folder, calls })
    }

    /// What is made durable, in order.
    pub fn syncs(&self) -> Vec<String> {
        self.history(None).syncs.into_iter().map(|(_, what)| what).collect()
    }

    fn history(&self, without: Option<usize>) -> History {
        let mut history = History::new(self.before.clone(), &self.folder, self.calls.len());
        history.follow(&self.calls, without);
        history
    }

    fn is_done(&self, cut: &Cut) -> bool {
        cut.at + 1 == self.calls.len()
    }

    /// Cuts after every call, in at most `limit` ways each. One sync may be left out, as if the program had none.
    pub fn cut(&self, limit: usize, without: Option<usize>) -> Outcome {
        let history = self.history(without);
        let cuts = history.cuts(limit, &mut Dice(7));
        let show = |_, cut: &Cut| {
            let (disk, said) = (history.disk(cut), history.said(cut));
            // The same files are less when more was promised.
            let promised = said.len() as u64 | u64::from(self.is_done(cut)) << 32;
            (disk.digest() ^ promised, (disk, said))
        };
        look_at_all(&cuts, show, |cut, (disk, said)| {
            let folder = Folder::in_memory();
            disk.write(folder.as_ref());
            books::restart(&folder);
            let why = format!("cut after call {}: {:?}", cut.at, self.calls[cut.at].name);
            (self.scene.check)(&Found { folder, said, done: self.is_done(cut), why });
        })
    }
}
