//! Waiting for entries that are to come: a folder is looked at often, a server is asked politely.

use std::{path::Path, thread, time::Duration};

use super::Args;
use crate::{
    audit::target::{self, Log},
    cli::{
        failure::{Ended, Outcome},
        signals,
    },
    ledger::files::read::Reader,
    peer::client,
    tlog::{
        checkpoint::SignedCheckpoint,
        consistency::{Consistency, Inconsistent, KnownBy},
    },
};

/// How often a folder is looked at, and how often a longer pause is interrupted to look for signals.
const LOOK: Duration = Duration::from_millis(200);

/// What a look at a log showed.
struct Look {
    /// How many entries it has; `None`: the server asks to be left alone for now
    size: Option<u64>,
    /// How long to wait until the next look
    pause: Duration,
}

/// Waits until there is an entry of this number.
pub(super) fn wait_for(args: &Args, path: &Path, next: u64) -> anyhow::Result<Reader<Log>> {
    loop {
        let mut look = || look(args, path);
        wait(next, &mut look, &mut thread::sleep, &ended)?;
        let reader = args.answer.open(path)?;
        // A server's caches may be behind what one of them said.
        if reader.size() > next {
            return Ok(reader);
        }
        must_not_shrink(next, reader.size())?;
    }
}

/// Looks until there is an entry of this number, with a pause between two looks.
fn wait(
    next: u64,
    look: &mut dyn FnMut() -> anyhow::Result<Look>,
    sleep: &mut dyn FnMut(Duration),
    ended: &dyn Fn() -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    loop {
        ended()?;
        let Look { size, pause } = look()?;
        if size.is_some_and(|size| size > next) {
            return Ok(());
        }
        must_not_shrink(next, size.unwrap_or(next))?;
        let mut left = pause;
        while !left.is_zero() {
            let piece = left.min(LOOK);
            sleep(piece);
            ended()?;
            left -= piece;
        }
    }
}

/// One look: of a server one request, for its checkpoint alone.
fn look(args: &Args, path: &Path) -> anyhow::Result<Look> {
    let Some(url) = path.to_str().filter(|_| target::is_url(path)) else {
        return Ok(Look { size: Some(args.answer.open(path)?.size()), pause: LOOK });
    };
    let polled = client::poll(url)?;
    let size = match &polled.checkpoint {
        Some(bytes) => Some(SignedCheckpoint::parse_copied(bytes)?.checkpoint().size),
        None => None,
    };
    Ok(Look { size, pause: polled.pause })
}

fn must_not_shrink(next: u64, size: u64) -> anyhow::Result<()> {
    if size < next {
        return Err(Inconsistent::new(Consistency::Smaller, next, size, KnownBy::Seen).into());
    }
    Ok(())
}

/// Whether the command is to end.
fn ended() -> anyhow::Result<()> {
    if signals::interrupted() {
        return Err(Ended::error(Outcome::Interrupted, ""));
    }
    if signals::terminated() {
        return Err(Ended::error(Outcome::Terminated, ""));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// How often a log that never grows is looked at within so long, by a clock that only pauses move.
    fn looks_within(limit: Duration, pause: Duration) -> u32 {
        let (clock, looks) = (Cell::new(Duration::ZERO), Cell::new(0));
        let mut look = || {
            looks.set(looks.get() + 1);
            Ok(Look { size: Some(7), pause })
        };
        let ended = || {
            anyhow::ensure!(clock.get() < limit, "over");
            Ok(())
        };
        let waited = wait(7, &mut look, &mut |pause| clock.set(clock.get() + pause), &ended);
        assert_eq!(waited.unwrap_err().to_string(), "over");
        looks.get()
    }

    #[test]
    fn a_server_is_asked_as_seldom_as_it_says_and_a_folder_often() {
        let minute = Duration::from_secs(60);
        assert_eq!(looks_within(minute, client::POLITE), 12);
        assert_eq!(looks_within(minute, minute), 1);
        assert_eq!(looks_within(minute, LOOK), 300);
    }

    #[test]
    fn a_log_that_shrinks_ends_it_and_a_busy_server_does_not() {
        let sizes = Cell::new(0);
        let mut look = || {
            sizes.set(sizes.get() + 1);
            Ok(Look { size: [None, Some(7), Some(8)][sizes.get() - 1], pause: LOOK })
        };
        wait(7, &mut look, &mut |_| {}, &|| Ok(())).unwrap();
        assert_eq!(sizes.get(), 3);
        let mut look = || Ok(Look { size: Some(6), pause: LOOK });
        assert!(wait(7, &mut look, &mut |_| {}, &|| Ok(())).unwrap_err().is::<Inconsistent>());
    }
}
