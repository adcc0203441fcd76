//! `foil device replay`: what was recorded of a device, once more.

use std::{fs::File, io::BufReader, path::PathBuf, str::FromStr, time::Duration};

use anyhow::Context;

use crate::{
    cli::{
        Example,
        failure::{Hint, Outcome},
        paste,
        pty_device::{self, PtyDevice, Stop},
        term::Term,
    },
    device::recording::{RecordedEvent, RecordedLine, RecordingReader},
    machine,
};

pub(crate) const EXAMPLES: &[Example] = &[
    Example {
        does: "read a device again as it was recorded, ten times as fast",
        line: "foil device replay meter.rec --link ./p1 --speed 10 & sleep 1; foil device read ./p1 --format dsmr --count 1",
    },
    Example {
        does: "decode a recording at once: device read knows recordings, and where the device was unplugged",
        line: "foil device read meter.rec --format dsmr",
    },
    Example {
        does: "hand the bytes alone to another program",
        line: "foil device replay meter.rec --stdout --speed max > meter.bytes",
    },
];

/// Replay what was recorded of a device
///
/// Prints the device file of a pseudo-terminal, waits for a reader, and sends it the bytes of a recording (device record) at the
/// times at which they came. Where the device was unplugged it is so again. With --stdout the bytes go into a pipe, which
/// tells nothing of that: it ends with 2 in front of the first bytes that came after the device went away, or bytes were lost, or
/// another recording began, since they would be taken for one with those before. device read FILE decodes such a recording.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The recording
    #[arg(value_name = "FILE")]
    recording: PathBuf,

    /// Link to the device file under this name, and again after it was unplugged
    #[arg(long, value_name = "PATH")]
    link: Option<PathBuf>,

    /// How many times as fast as it was recorded, or as fast as it is read
    #[arg(long, value_name = "N|max", default_value = "1")]
    speed: ReplaySpeed,

    /// Write the bytes to standard output, not to a pseudo-terminal
    #[arg(long, conflicts_with = "link")]
    stdout: bool,
}

/// How fast a recording is replayed.
#[derive(Clone, Copy)]
enum ReplaySpeed {
    /// So many times as fast as it was recorded
    Times(u32),
    /// Without pauses
    Max,
}

impl FromStr for ReplaySpeed {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let times = || text.parse().ok().filter(|times| (1..=100_000).contains(times)).map(Self::Times);
        if text == "max" {
            Ok(Self::Max)
        } else {
            times().ok_or("wants a whole number from 1, or max".to_owned())
        }
    }
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let file = File::open(&args.recording);
    let file = file.with_context(|| args.recording.display().to_string())?;
    let lines = RecordingReader::new(BufReader::new(file));
    if args.stdout {
        return into_pipe(args, lines, term);
    }
    let mut device = PtyDevice::plugged_in(args.link.as_deref(), term)?;
    let (ended, torn) = replay(args, lines, &mut |line| match line {
        RecordedLine::Bytes { bytes, .. } => device.send(&bytes),
        RecordedLine::Event { event: RecordedEvent::Disconnected, .. } => device.pull_out(),
        RecordedLine::Event { event: RecordedEvent::Connected, .. } => device.plug_in().map_err(Stop::Error),
        RecordedLine::Event { event: RecordedEvent::Gap, .. } => Ok(()),
        RecordedLine::Head { .. } => device.wait_for_reader(),
    });
    let outcome = device.end(ended);
    tell_torn(args, &torn, term);
    outcome
}

fn into_pipe(
    args: &Args,
    lines: RecordingReader<BufReader<File>>,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    if term.terminal() {
        return Err(anyhow::anyhow!("standard output is a terminal"))
            .hint(format!("foil device read {} decodes it", paste::path(&args.recording)));
    }
    pty_device::hold_signals();
    let mut pipe = Pipe { args, sent: false, border: None };
    let (ended, torn) = replay(args, lines, &mut |line| pipe.line(line, term));
    tell_torn(args, &torn, term);
    pty_device::outcome(ended)
}

/// Bytes on their way into a pipe, which carries nothing else.
struct Pipe<'a> {
    args: &'a Args,
    /// Whether bytes went into it
    sent: bool,
    /// What happened since, behind which none may follow; `None`: nothing did
    border: Option<&'static str>,
}

impl Pipe<'_> {
    fn line(&mut self, line: RecordedLine, term: &mut Term) -> Result<(), Stop> {
        let happened = match line {
            RecordedLine::Bytes { bytes, .. } => return self.bytes(&bytes, term),
            RecordedLine::Event { event: RecordedEvent::Gap, .. } => "bytes were lost",
            RecordedLine::Event { .. } => "the device was unplugged",
            RecordedLine::Head { .. } => "another recording begins",
        };
        self.border = self.border.or(Some(happened).filter(|_| self.sent));
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8], term: &mut Term) -> Result<(), Stop> {
        if let Some(happened) = self.border {
            let file = &self.args.recording;
            let error = anyhow::anyhow!(
                "{}: {happened}: a pipe cannot tell that, and what follows is left out",
                file.display()
            );
            let hint = format!(
                "foil device read {} decodes all of it; --link replays it as a device",
                paste::path(file)
            );
            return Err(error.hint(hint).into());
        }
        self.sent |= !bytes.is_empty();
        term.raw(bytes)?;
        Ok(term.flush()?)
    }
}

/// Says which lines of a recording were cut off.
fn tell_torn(args: &Args, torn: &[String], term: &mut Term) {
    for why in torn {
        term.warn(format!("{}: a line that was cut off is left out: {why}", args.recording.display()));
    }
}

/// Hands on each line of a recording when its time has come. Time that handing on takes, such as waiting for a reader, does
/// not count. Answers which lines were cut off, too.
fn replay(
    args: &Args,
    mut lines: RecordingReader<BufReader<File>>,
    each: &mut dyn FnMut(RecordedLine) -> Result<(), Stop>,
) -> (Result<(), Stop>, Vec<String>) {
    let ended = replay_all(args, &mut lines, each);
    (ended, lines.torn().to_vec())
}

fn replay_all(
    args: &Args,
    lines: &mut RecordingReader<BufReader<File>>,
    each: &mut dyn FnMut(RecordedLine) -> Result<(), Stop>,
) -> Result<(), Stop> {
    let mut begun = machine::up().millis();
    for line in lines {
        let line = line.map_err(|why| anyhow::anyhow!("{}: {why}", args.recording.display()))?;
        let due = match &line {
            RecordedLine::Head { .. } => 0,
            RecordedLine::Bytes { at, .. } | RecordedLine::Event { at, .. } => args.speed.scaled(*at),
        };
        let late = machine::up().millis() - begun;
        pty_device::wait(Duration::from_millis(due.saturating_sub(u64::try_from(late).unwrap_or(0))))?;
        let is_head = matches!(line, RecordedLine::Head { .. });
        let before = machine::up().millis();
        each(line)?;
        let after = machine::up().millis();
        begun = if is_head { after } else { begun + (after - before) };
    }
    Ok(())
}

impl ReplaySpeed {
    /// So many milliseconds of a recording, at this speed.
    fn scaled(self, millis: u64) -> u64 {
        match self {
            Self::Times(times) => millis / u64::from(times),
            Self::Max => 0,
        }
    }
}
