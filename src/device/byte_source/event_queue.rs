//! The bounded queue between the thread that reads a source and whoever wants its events.

use std::{
    collections::VecDeque,
    sync::mpsc::{Receiver, RecvTimeoutError, SyncSender, TrySendError, sync_channel},
    time::Duration,
};

use super::{SourceEnd, SourceEvent};

/// The receiver of the events is gone, so the thread ends.
pub(super) struct ReceiverGone;

/// A queue with room for so many events, or lots of events that are sent together.
pub(super) fn event_queue(room: usize) -> (EventSender, EventReceiver) {
    let (sender, receiver) = sync_channel(room);
    (EventSender(sender), EventReceiver { receiver, taken: VecDeque::new() })
}

/// Where events are put in. Each method waits while there is no room.
#[derive(Debug)]
pub(super) struct EventSender(SyncSender<Vec<SourceEvent>>);

impl EventSender {
    pub(super) fn send(&self, event: SourceEvent) -> Result<(), ReceiverGone> {
        self.send_all(vec![event])
    }

    /// Sends several together: that one waits for them costs more than some of them.
    pub(super) fn send_all(&self, events: Vec<SourceEvent>) -> Result<(), ReceiverGone> {
        self.0.send(events).map_err(|_| ReceiverGone)
    }

    /// Answers whether there was no room at first.
    pub(super) fn send_late(&self, event: SourceEvent) -> Result<bool, ReceiverGone> {
        match self.0.try_send(vec![event]) {
            Ok(()) => Ok(false),
            Err(TrySendError::Disconnected(_)) => Err(ReceiverGone),
            Err(TrySendError::Full(events)) => self.send_all(events).map(|()| true),
        }
    }
}

/// Where events are taken out.
#[derive(Debug)]
pub(super) struct EventReceiver {
    receiver: Receiver<Vec<SourceEvent>>,
    /// Those that came together with the one before
    taken: VecDeque<SourceEvent>,
}

impl EventReceiver {
    /// The next event; `None` if there is none within `patience`.
    pub(super) fn next(&mut self, patience: Duration) -> Option<SourceEvent> {
        if self.taken.is_empty() {
            match self.receiver.recv_timeout(patience) {
                Ok(events) => self.taken = events.into(),
                Err(RecvTimeoutError::Timeout) => return None,
                // The thread sends the reason before it ends; after that there are no more events.
                Err(RecvTimeoutError::Disconnected) => return Some(SourceEvent::Ended(SourceEnd::Input)),
            }
        }
        self.taken.pop_front()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_come_in_their_order_however_they_were_sent() {
        let (sender, mut receiver) = event_queue(4);
        let lost = |n: u32| SourceEvent::Lost(n.to_string());
        sender.send(lost(0)).ok().unwrap();
        sender.send_all((1..4).map(lost).collect()).ok().unwrap();
        assert!(sender.send_late(lost(4)).is_ok_and(|waited| !waited));
        drop(sender);
        let mut next = || format!("{:?}", receiver.next(Duration::from_secs(60)).unwrap());
        for n in 0..5 {
            assert_eq!(next(), format!("{:?}", lost(n)));
        }
        assert_eq!(next(), "Ended(Input)");
    }
}
