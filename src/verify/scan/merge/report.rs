//! What is to be said of a file once it is known which of its lines is which entry.

use super::{Merger, truncated};
use crate::verify::{
    finding::{Finding, Kind},
    locate::{align::Fate, settled::Settled, strays},
    scan::{examine::Line, roll::Roll},
};

impl Merger<'_> {
    /// Says what is wrong with a file, in itself and beside its neighbours.
    pub(in crate::verify) fn report(&mut self, settled: &mut Settled<'_>) {
        self.report_lines(settled);
        self.check_order(settled);
    }

    fn report_lines(&mut self, settled: &mut Settled<'_>) {
        if let Some(why) = &settled.gathered.given_up {
            let detail = format!("not read to its end: {why}");
            // What lies beyond the checkpoint was never acknowledged: nothing is torn there.
            let kind = if settled.count == 0 { Kind::Trailing } else { Kind::Malformed };
            self.torn |= settled.count > 0;
            self.findings.push(Finding::new(kind, detail).in_file(&settled.file.name));
        }
        if let Some(finding) = settled.garbled() {
            self.structural(finding);
        }
        let tail = self.report_fates(settled);
        let next_file = self.files.get(settled.gathered.file + 1);
        let last_file = next_file.is_none_or(|file| self.size.is_some_and(|size| file.first >= size));
        for (range, before) in std::mem::take(&mut settled.alignment.missing) {
            let ends = range.end == settled.file.first + settled.count as u64;
            let (kind, detail) = match self.size {
                Some(size) if last_file && ends => {
                    self.truncated = true;
                    (Kind::Truncated, truncated(size, range.start))
                }
                _ => (Kind::Missing, format!("{} missing", strays::named(range.start, range.end - 1))),
            };
            let finding = Finding::new(kind, detail).about(range.start).in_file(&settled.file.name);
            self.miss(range, finding.at_line(before as u64 + 1));
        }
        for finding in std::mem::take(&mut settled.gathered.findings) {
            if finding.line.is_none_or(|line| line <= tail as u64) {
                self.findings.push(finding.in_file(&settled.file.name));
            }
        }
        for (_, severity) in settled.gathered.more.iter().filter(|(line, _)| *line <= tail as u64) {
            self.findings.count(*severity);
        }
    }

    /// Says which lines are not what they should be; answers where the unfinished tail begins.
    fn report_fates(&mut self, settled: &Settled<'_>) -> usize {
        let fates = &settled.alignment.fates;
        let stands = |fate: &Fate| !matches!(fate, Fate::Copy(_) | Fate::Stranger);
        let committed = fates.iter().rposition(stands).map_or(0, |last| last + 1);
        let mut tail = fates.len();
        let mut at = 0;
        while at < fates.len() {
            let Line { n, hash, .. } = settled.gathered.lines[at];
            let claims_a_place = n.is_some_and(|n| self.size.is_some_and(|size| n < size));
            if settled.last && at >= committed && fates[at] == Fate::Stranger && !claims_a_place {
                tail = tail.min(at);
                at += 1;
                continue;
            }
            let (finding, lines) = settled.fate(at);
            let stray = n.filter(|n| fates[at] == Fate::Stranger && self.tree.has(*n, &hash));
            let finding = match (stray, finding) {
                (Some(n), Some(finding)) => self.strays.find(n, finding),
                (_, finding) => finding,
            };
            self.torn |= stray.is_some();
            if let Some(finding) = finding {
                self.structural(finding);
            }
            at += lines;
        }
        if tail < fates.len() {
            let lines = fates.len() - tail;
            let lines = if lines == 1 { "1 line".to_owned() } else { format!("{lines} lines") };
            let detail = format!("{lines} beyond what the checkpoint states: an unfinished batch");
            let finding = Finding::new(Kind::Trailing, detail).in_file(&settled.file.name);
            self.findings.push(finding.at_line(tail as u64 + 1));
        }
        self.entries += tail as u64;
        self.proofs += settled.gathered.lines[..tail].iter().map(|line| u64::from(line.proofs)).sum::<u64>();
        tail
    }

    /// What concerns neighbours, along the entries that are known to be in their order.
    fn check_order(&mut self, settled: &Settled<'_>) {
        for (at, fate) in settled.alignment.fates.iter().enumerate() {
            let (Fate::Entry(n), line) = (*fate, &settled.gathered.lines[at]) else { continue };
            let here = |kind, detail| settled.at(at, kind, detail).about(n);
            if n != self.expected || line.n.is_none() {
                self.streams.lose();
                self.roll = None;
            }
            self.expected = n + 1;
            if let Some(said) = line.n.filter(|said| *said != n) {
                let detail = format!("entry {n} says that it is entry {said}");
                self.findings.push(here(Kind::Malformed, detail));
            }
            if let (Some(before), Some(received)) = (self.received, line.received)
                && received < before
            {
                let detail = format!("entry {n} was received at {received}, the one before it at {before}");
                self.findings.push(here(Kind::ReceivedBackwards, detail));
            }
            self.received = line.received.or(self.received);
            if let Some(finding) = self.roll.as_mut().and_then(|roll| roll.judge(n, line)) {
                let mut finding = settled.at(at, finding.kind, finding.detail).about(n);
                finding.severity = self.roll.as_ref().map_or(finding.severity, Roll::severity);
                self.findings.push(finding);
            }
            let Some(track) = &line.track else { continue };
            for (kind, odd) in self.streams.see(n, track) {
                let detail = format!("entry {n}{}: {odd}", settled.source(at));
                self.findings.push(here(kind, detail));
            }
        }
    }
}
