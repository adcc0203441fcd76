//! The checks of an entry against those before it: arrival, the sequences of streams, the registry's rules.

use super::{
    file_clocks::FileClocks, registry_check::RegistryCheck, scanned_file::ScannedFile,
    stream_check::StreamCheck,
};
use crate::{
    time::Time,
    tlog::arrival::{ClockStep, ClockTrail},
    verify::finding::{FindingKind, Findings},
};

/// What is known of the entries so far.
#[derive(Default)]
pub(in crate::verify) struct OrderCheck {
    /// The entry that comes next, if none is lost
    pub(in crate::verify) expected: u64,
    /// When the last one was received; `None`: there was none
    received: Option<Time>,
    /// What they say about the clock
    trail: ClockTrail,
    /// What is remembered of that
    pub(in crate::verify) clocks: FileClocks,
    streams: StreamCheck,
    /// The registry's rules; `None` if entry 0 does not say them, or an entry was lost
    pub(in crate::verify) registry: Option<RegistryCheck>,
}

impl OrderCheck {
    /// Goes along the lines of a file that are known to be entries in their order.
    pub(in crate::verify) fn check(
        &mut self,
        file: &ScannedFile<'_>,
        entries: impl IntoIterator<Item = (usize, u64)>,
        findings: &mut Findings,
    ) {
        for (at, n) in entries {
            self.entry(file, at, n, findings);
        }
    }

    fn entry(&mut self, file: &ScannedFile<'_>, at: usize, n: u64, findings: &mut Findings) {
        let line = &file.read.lines[at];
        let here = |kind, detail| file.at(at, kind, detail).about(n);
        if n != self.expected || line.n.is_none() {
            self.streams.lose();
            self.registry = None;
            self.trail = ClockTrail::behind_unseen();
        }
        self.expected = n + 1;
        if let Some(said) = line.n.filter(|said| *said != n) {
            findings.push(here(FindingKind::Malformed, format!("entry {n} says that it is entry {said}")));
        }
        if let (Some(before), Some(received)) = (self.received, line.times.map(|times| times.received))
            && received < before
        {
            let detail = format!("entry {n} was received at {received}, the one before it at {before}");
            findings.push(here(FindingKind::ReceivedBackwards, detail));
        }
        self.received = line.times.map(|times| times.received).or(self.received);
        self.clocks.enter(file.read.file, n, &self.trail);
        if let Some(times) = line.times {
            match (self.trail.take(n, times), times.wall) {
                (Err(why), _) => findings.push(here(FindingKind::BadWall, format!("entry {n}: {why}"))),
                (Ok(ClockStep::Undoes(jump)), Some(wall)) => self.clocks.undo(jump, n, wall),
                (Ok(_), _) => {}
            }
        }
        if let Some(finding) = self.registry.as_mut().and_then(|registry| registry.judge(n, line)) {
            let mut finding = here(finding.kind, finding.detail);
            finding.severity = self.registry.as_ref().map_or(finding.severity, RegistryCheck::severity);
            findings.push(finding);
        }
        let Some(track) = &line.track else { return };
        for (kind, odd) in self.streams.see(n, track) {
            findings.push(here(kind, format!("entry {n}{}: {odd}", file.source_clause(at))));
        }
    }
}
