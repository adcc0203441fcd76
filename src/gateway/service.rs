//! What systemd is told of a gateway: `READY=1`, `STATUS=…`, `WATCHDOG=1`, `STOPPING=1` (`sd_notify(3)`). Without
//! `$NOTIFY_SOCKET` nothing is told.

use sd_notify::NotifyState;

use crate::{machine, time::Span};

/// How often a status is worth telling, in milliseconds.
const STATUS_EVERY: i64 = 2_000;

/// The service manager, if one wants to know.
#[derive(Debug)]
pub(super) struct ServiceManager {
    is_ready: bool,
    /// What was said last, and when
    status: (String, Span),
    /// How often it wants a sign of life; `None`: never
    watchdog: Option<Span>,
    /// When it had one
    alive: Option<Span>,
}

impl ServiceManager {
    /// Asks the environment.
    pub(super) fn new() -> Self {
        let watchdog = sd_notify::watchdog_enabled();
        let watchdog = watchdog.and_then(|time| i64::try_from(time.as_millis()).ok()).map(Span::from_millis);
        Self {
            is_ready: false,
            status: (String::new(), Span::from_millis(i64::MIN / 2)),
            watchdog,
            alive: None,
        }
    }

    /// Tells how things are, where that changed and not too often, and once that all is ready.
    pub(super) fn status(&mut self, is_ready: bool, sentence: &str) {
        if is_ready && !self.is_ready {
            self.is_ready = true;
            tell(&[NotifyState::Ready]);
        }
        let now = machine::up();
        if self.status.0 != sentence && now.millis() - self.status.1.millis() >= STATUS_EVERY {
            self.status = (sentence.to_owned(), now);
            tell(&[NotifyState::Status(&sentence.replace('\n', " "))]);
        }
    }

    /// The gateway makes progress. Told three times as often as is asked for.
    pub(super) fn alive(&mut self) {
        let (Some(watchdog), now) = (self.watchdog, machine::up()) else { return };
        let is_due = self.alive.is_none_or(|last| now.millis() - last.millis() >= watchdog.millis() / 3);
        if is_due {
            self.alive = Some(now);
            tell(&[NotifyState::Watchdog]);
        }
    }

    /// The gateway ends: the watchdog is told nothing more.
    pub(super) fn stopping(&mut self) {
        self.watchdog = None;
        tell(&[NotifyState::Stopping]);
    }
}

/// A service manager that does not listen is no harm.
fn tell(state: &[NotifyState<'_>]) {
    let _ = sd_notify::notify(state);
}
