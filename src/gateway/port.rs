//! One port of a gateway: a thread that reads a device, and puts what it says into the queue.

use std::{
    sync::{
        OnceLock,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use super::{
    notice::{GatewayNotice, NoticeBoard},
    queue::{PortRecords, ReadingPlace, RecordQueue},
    signer::look_over,
    state::{GatewayState, PortLink},
};
use crate::{
    device::{
        byte_source::SourceEnd,
        reader::ReaderOutput,
        session::{LiveSource, SessionNotice, SessionOutput, SessionTurn},
    },
    machine,
    record::{
        signed::{RecordSigner, SignableText},
        view::RecordView,
    },
    rules::received::ClockReading,
};

/// How often a port that waits looks around.
const LOOK: Duration = Duration::from_millis(200);

/// How many records are signed at once at most: enough to share what signing can share, few enough that no signer waits long
/// for another at the end.
const SHARE: usize = 64;

/// What all ports of a gateway share.
pub(super) struct PortContext<'a> {
    /// Where records go, and are signed
    pub(super) queue: &'a RecordQueue,
    /// What is known of the gateway
    pub(super) state: &'a GatewayState,
    /// Who signs
    pub(super) signer: &'a RecordSigner<'a>,
    /// What is told to people
    pub(super) notices: &'a NoticeBoard,
    /// Ports are to end; the word for their last status
    pub(super) stop: &'a OnceLock<&'static str>,
    /// Nothing is kept any more: what waits for room is given up
    pub(super) give_up: &'a AtomicBool,
}

/// One port, as the gateway sees it.
#[derive(Debug, Default)]
pub(super) struct PortPulse {
    /// When it last looked around, in milliseconds since the machine started
    pub(super) seen: AtomicI64,
    /// It has ended
    pub(super) ended: AtomicBool,
    /// It has ended in disorder
    pub(super) failed: AtomicBool,
    /// How many records it could not put into the queue before the end
    pub(super) lost: AtomicI64,
}

impl PortPulse {
    /// It is alive.
    pub(super) fn beat(&self) {
        self.seen.store(machine::up().millis(), Relaxed);
    }
}

/// One port that is being read.
pub(super) struct Port<'a> {
    /// The place of its first device in the state
    pub(super) at: usize,
    /// The names of its devices, at least one
    pub(super) devices: Vec<String>,
    /// What it shares with the others
    pub(super) context: &'a PortContext<'a>,
    /// Whether it is alive
    pub(super) pulse: &'a PortPulse,
}

impl Port<'_> {
    /// Reads until the gateway is to end, or nothing more comes. What goes wrong with one port is told, and ends no other.
    pub(super) fn run(self, source: &mut dyn LiveSource) {
        let why = self.read(source);
        if let Err(why) = &why {
            self.pulse.failed.store(true, Relaxed);
            self.tell(GatewayNotice::PortFailed(self.name(), format!("{why:#}")));
        }
        let why = why.unwrap_or_else(|why| format!("{why:#}"));
        self.set_link(&PortLink::Ended(why));
        self.pulse.ended.store(true, Relaxed);
    }

    /// Answers why it ended in order.
    fn read(&self, session: &mut dyn LiveSource) -> anyhow::Result<String> {
        loop {
            self.pulse.beat();
            let mut out = SessionOutput::default();
            let turn = gather(session, &mut out)?;
            self.hand_on(out)?;
            let (word, at_end) = match (turn, self.context.stop.get()) {
                (SessionTurn::Ended(SourceEnd::Input), _) => ("end of input", true),
                (SessionTurn::Ended(SourceEnd::Gone(why)), _) => anyhow::bail!(why),
                (SessionTurn::Ended(SourceEnd::Unopened(error)), _) => anyhow::bail!(error),
                (_, Some(word)) => (*word, false),
                _ if session.is_done() => ("count", false),
                _ => continue,
            };
            let mut out = SessionOutput::default();
            session.stop(word, at_end, &mut out);
            self.hand_on(out)?;
            return Ok(word.to_owned());
        }
    }

    /// Looks over what was read, and puts it into the queue.
    fn hand_on(&self, out: SessionOutput) -> anyhow::Result<()> {
        for notice in out.notices {
            self.note_link(&notice);
            self.tell(GatewayNotice::Port(self.name(), notice));
        }
        if out.records.is_empty() {
            return Ok(());
        }
        self.tell_of_bad_frames(&out.records);
        let clock = ClockReading { wall: machine::wall(), up: machine::up() };
        let records: Vec<_> = out.records.into_iter().flat_map(ReaderOutput::one_by_one).collect();
        let mut records = records.into_iter();
        while records.len() > 0 {
            let part = self.part(records.by_ref().take(SHARE), clock)?;
            if !part.texts.is_empty() {
                self.put(part);
            }
        }
        Ok(())
    }

    /// Records that are signed together.
    fn part(
        &self,
        outputs: impl Iterator<Item = ReaderOutput>,
        clock: ClockReading,
    ) -> anyhow::Result<PortRecords> {
        let count = outputs.size_hint().0;
        let (mut texts, mut readings) = (Vec::with_capacity(count), Vec::with_capacity(count));
        for output in outputs {
            let is_reading = matches!(output, ReaderOutput::Lines { .. } | ReaderOutput::Reading(_));
            let Some(text) = look_over(self.context.signer, output)? else { continue };
            if is_reading {
                readings.push(ReadingPlace { at: texts.len(), device: self.at + self.place_of(&text) });
            }
            texts.push(text);
        }
        Ok(PortRecords { texts, readings, clock })
    }

    fn put(&self, records: PortRecords) {
        let meanwhile = || {
            self.pulse.beat();
            !self.context.give_up.load(Relaxed)
        };
        if let Err(lost) = self.context.queue.put(records, LOOK, meanwhile) {
            self.pulse.lost.fetch_add(i64::try_from(lost.texts.len()).unwrap_or(i64::MAX), Relaxed);
        }
    }

    fn tell_of_bad_frames(&self, records: &[ReaderOutput]) {
        let mut count = 0;
        for record in records {
            if let ReaderOutput::Bad { why, warn } = record {
                count += 1;
                self.tell(GatewayNotice::BadFrame(self.name(), why.to_string(), *warn));
            }
        }
        if count > 0 {
            self.context.state.lock().ports[self.at].bad_frames += count;
        }
    }

    /// Which of the devices a reading is of.
    fn place_of(&self, reading: &SignableText) -> usize {
        if self.devices.len() == 1 {
            return 0;
        }
        let view = RecordView::of(reading.as_str()).ok();
        let device = view.as_ref().and_then(RecordView::device);
        self.devices.iter().position(|name| Some(name.as_str()) == device).unwrap_or(0)
    }

    fn note_link(&self, notice: &SessionNotice) {
        let link = match notice {
            SessionNotice::Reading(_) | SessionNotice::Connected(_) => PortLink::Open,
            SessionNotice::Disconnected(why) | SessionNotice::Held(why) | SessionNotice::Awaited(why) => {
                PortLink::Awaited(why.clone())
            }
            SessionNotice::Gap | SessionNotice::Unread(_) => return,
        };
        self.set_link(&link);
    }

    fn set_link(&self, link: &PortLink) {
        let mut state = self.context.state.lock();
        state.ports[self.at..][..self.devices.len()].iter_mut().for_each(|port| port.link.clone_from(link));
    }

    /// What it is called: as its device, or as the first of them.
    fn name(&self) -> String {
        self.devices.first().cloned().unwrap_or_default()
    }

    fn tell(&self, notice: GatewayNotice) {
        self.context.notices.put(notice);
    }
}

/// Takes what is here, and waits for more only if that is nothing.
fn gather(session: &mut dyn LiveSource, out: &mut SessionOutput) -> anyhow::Result<SessionTurn> {
    while out.records.iter().map(ReaderOutput::count).sum::<usize>() < SHARE {
        match session.take(out)? {
            SessionTurn::Quiet => break,
            SessionTurn::Event => {}
            end @ SessionTurn::Ended(_) => return Ok(end),
        }
        if session.is_done() {
            break;
        }
    }
    if out.records.is_empty() && out.notices.is_empty() {
        session.wait(LOOK, out)
    } else {
        Ok(SessionTurn::Event)
    }
}
