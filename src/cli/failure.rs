//! How a command ends: the one table of exit statuses, and the one line that says why.

use std::{fmt, fs, io, path::PathBuf, process::ExitCode};

use super::shell_word;
use crate::{ledger::write::lock::LedgerBusy, verify::Unverified};

/// The promises, as help and man pages say them.
pub(crate) const EXIT_STATUS: &[(u8, &str)] = &[
    (0, "Yes: done, sound, kept."),
    (1, "The answer is no: tampered, breached, stale; or some lines were bad under --keep-going."),
    (2, "Could not ask: usage, malformed input, input or output, no such device, contract not accepted."),
    (
        3,
        "Not decided: contract pending or undetermined; ledger consistent, but nobody outside vouches for it.",
    ),
    (
        4,
        "The ledger under the answer is not sound: a contract, a registry, a status, a stub, a proof, entries.",
    ),
    (75, "Busy, try again: a lock or port is held by another process."),
    (124, "Nothing came in time: --idle-timeout, or --for with nothing read or --count not met."),
    (130, "Interrupted."),
    (141, "The reader of the output went away."),
    (143, "Terminated before the input was drained."),
];

/// What a command answers. The exit statuses are promises, see `foil(1)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Done, sound, kept
    Yes,
    /// The answer is no: tampered, breached, stale
    No,
    /// Could not ask: usage, malformed input, I/O
    CouldNot,
    /// Pending, undetermined, or not vouched for from outside
    Undecided,
    /// The ledger under the answer is not sound
    Unsound,
    /// A lock or port is held by another process
    Busy,
    /// Nothing came in time
    TimedOut,
    /// SIGINT
    Interrupted,
    /// The reader of our output went away
    ReaderGone,
    /// SIGTERM before the input was drained
    Terminated,
    /// A child of the prompt ended with a status of its own
    Child(u8),
}

impl Outcome {
    /// The exit status.
    pub(crate) fn code(self) -> u8 {
        match self {
            Self::Yes => 0,
            Self::No => 1,
            Self::CouldNot => 2,
            Self::Undecided => 3,
            Self::Unsound => 4,
            Self::Busy => 75,
            Self::TimedOut => 124,
            Self::Interrupted => 130,
            Self::ReaderGone => 141,
            Self::Terminated => 143,
            Self::Child(code) => code,
        }
    }

    /// Of several targets' outcomes the first of 2, 1, 3, 0 that occurred.
    pub(crate) fn worst(self, other: Self) -> Self {
        const ORDER: [Outcome; 4] = [Outcome::CouldNot, Outcome::No, Outcome::Undecided, Outcome::Yes];
        let rank = |outcome| ORDER.iter().position(|o| *o == outcome);
        if rank(self) <= rank(other) { self } else { other }
    }
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        Self::from(outcome.code())
    }
}

/// An error that has an exit status of its own.
#[derive(Debug)]
pub(crate) struct Ended {
    outcome: Outcome,
    why: String,
}

impl Ended {
    /// An error that ends the command with this outcome. An empty `why` is not printed.
    pub(crate) fn error(outcome: Outcome, why: impl Into<String>) -> anyhow::Error {
        Self { outcome, why: why.into() }.into()
    }
}

impl fmt::Display for Ended {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}

impl std::error::Error for Ended {}

/// An error with something to do about it.
#[derive(Debug)]
struct Hinted {
    error: anyhow::Error,
    hint: String,
}

impl fmt::Display for Hinted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:#}", self.error)
    }
}

impl std::error::Error for Hinted {}

/// Adds a hint: what to do, best a command to paste.
pub(crate) trait Hint {
    /// What the error is worth when the hint is added.
    type Output;

    /// Adds the hint to the error.
    fn hint(self, hint: impl Into<String>) -> Self::Output;
}

/// An error with a hint, where there is one to give.
pub(crate) fn hint_if(error: anyhow::Error, hint: Option<String>) -> anyhow::Error {
    match hint {
        Some(hint) => error.hint(hint),
        None => error,
    }
}

impl Hint for anyhow::Error {
    type Output = anyhow::Error;

    fn hint(self, hint: impl Into<String>) -> anyhow::Error {
        Hinted { error: self, hint: hint.into() }.into()
    }
}

impl<T, E: Into<anyhow::Error>> Hint for Result<T, E> {
    type Output = anyhow::Result<T>;

    fn hint(self, hint: impl Into<String>) -> anyhow::Result<T> {
        self.map_err(|error| error.into().hint(hint))
    }
}

/// Marks an error of our standard output, to be told from errors of other files.
#[derive(Debug)]
pub(crate) struct OutputLost {
    error: io::Error,
    /// The file that standard output goes to; `None`: it is a pipe, a terminal or a device
    file: Option<PathBuf>,
}

impl OutputLost {
    /// An error of standard output, which may be a file: then it has a name.
    pub(crate) fn of(error: io::Error) -> Self {
        let file = fs::read_link("/proc/self/fd/1").ok().filter(|path| path.is_file());
        Self { error, file }
    }
}

impl fmt::Display for OutputLost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(f, "standard output, {}: {}", file.display(), self.error),
            None => write!(f, "standard output: {}", self.error),
        }
    }
}

impl std::error::Error for OutputLost {}

/// The exit status of an error.
pub(crate) fn outcome(error: &anyhow::Error) -> Outcome {
    if let Some(hinted) = error.downcast_ref::<Hinted>() {
        return outcome(&hinted.error);
    }
    if let Some(ended) = error.downcast_ref::<Ended>() {
        return ended.outcome;
    }
    if error.is::<LedgerBusy>() {
        return Outcome::Busy;
    }
    if error.is::<Unverified>() {
        return Outcome::Unsound;
    }
    match error.downcast_ref::<OutputLost>() {
        Some(OutputLost { error, .. }) if error.kind() == io::ErrorKind::BrokenPipe => Outcome::ReaderGone,
        _ => Outcome::CouldNot,
    }
}

/// The sentence for an error, and its hint. No sentence where the exit status says it all.
pub(crate) fn sentence(error: &anyhow::Error) -> (Option<String>, Option<String>) {
    let hint = error.downcast_ref::<Hinted>().map(|hinted| hinted.hint.clone());
    let hint = hint.or_else(|| way_round(error.downcast_ref()?));
    let hint = hint.or_else(|| hint_of_disk(error).map(str::to_owned));
    let text = format!("{error:#}");
    let silent = text.is_empty() || outcome(error) == Outcome::ReaderGone;
    ((!silent).then_some(text), hint)
}

/// What to do about a ledger that does not verify.
fn way_round(unverified: &Unverified) -> Option<String> {
    let log = shell_word::word(unverified.log.as_ref()?);
    Some(format!("foil verify {log} shows all that is wrong; --no-verify answers from what stands there"))
}

/// What to do where a disk refused a file, which the error names.
fn hint_of_disk(error: &anyhow::Error) -> Option<&'static str> {
    let refused = error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?;
    let failed = Some(rustix::io::Errno::IO.raw_os_error());
    Some(match refused.kind() {
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            "df shows what is full; foil chain pack LEDGER makes room; then send again what has no receipt"
        }
        io::ErrorKind::FileTooLarge => "ulimit -f, or the file system, says how long a file may be",
        io::ErrorKind::ReadOnlyFilesystem => "dmesg says whether the disk failed and was mounted read-only",
        _ if refused.raw_os_error() == failed => "dmesg says whether the disk fails",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_its_line_in_the_table() {
        use Outcome::*;
        let all =
            [Yes, No, CouldNot, Undecided, Unsound, Busy, TimedOut, Interrupted, ReaderGone, Terminated];
        let codes: Vec<u8> = EXIT_STATUS.iter().map(|(code, _)| *code).collect();
        assert_eq!(codes, all.map(Outcome::code));
    }

    #[test]
    fn several_targets_answer_with_the_worst() {
        assert_eq!(Outcome::Yes.worst(Outcome::Undecided), Outcome::Undecided);
        assert_eq!(Outcome::No.worst(Outcome::Undecided), Outcome::No);
        assert_eq!(Outcome::No.worst(Outcome::CouldNot), Outcome::CouldNot);
    }

    #[test]
    fn errors_keep_their_status_under_context_and_hints() {
        let busy = Ended::error(Outcome::Busy, "held").context("cold-room").hint("wait");
        assert_eq!(outcome(&busy), Outcome::Busy);
        assert_eq!(sentence(&busy), (Some("cold-room: held".to_owned()), Some("wait".to_owned())));
        let gone = anyhow::Error::from(OutputLost::of(io::ErrorKind::BrokenPipe.into())).context("entry 7");
        assert_eq!(outcome(&gone), Outcome::ReaderGone);
    }
}
