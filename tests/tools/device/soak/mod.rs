//! An hour of a device in some seconds, with all that may happen in one: the plug comes loose three times, the disk is full once,
//! the ledger's writer is killed once, the clock jumps once. What was acknowledged is in the ledger, every hole in the readings has
//! a status that explains it, and no process grows. So it goes for a pipe of three processes, and for a gateway.

mod recorder;

use std::{
    fs,
    process::Command,
    time::{Duration, Instant},
};

use counterfoil::json::{self, Object};

use self::recorder::{Recorder, Way, with_clock};
use super::cable::{Cable, word_of};
use crate::{
    disk::SmallDisk,
    run::Folder,
    support::{
        needs::{self, Tested},
        trial::trials,
    },
};

trials![
    an_hour_of_troubles_loses_nothing_that_was_acknowledged_and_explains_the_rest,
    an_hour_of_a_gateway_loses_nothing_that_was_acknowledged_and_explains_the_rest,
];

/// An hour of twelve readings a second; with those that the troubles take they fill no more than one file of the ledger.
const READINGS: u64 = 43_200;
/// So many are said between two troubles.
const CHUNK: u64 = 1_200;

/// How long a test waits for what must come, on however slow a machine.
const PATIENCE: Duration = Duration::from_secs(120);

/// The clock is a day behind, and then right.
const CLOCKS: [&str; 2] = ["-86400", "+0"];

fn wait_until(what: &str, mut condition: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !condition() {
        assert!(Instant::now() < deadline, "waited in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The device, what records it, and what supervises that.
struct Hour {
    folder: Folder,
    /// The disk of the ledger
    disk: SmallDisk,
    cable: Cable,
    way: Way,
    recorder: Recorder,
    /// The first lines of the ledger, as they were acknowledged when a writer ended
    kept: Vec<String>,
    /// The readings that were said so far
    said: u64,
    restarts: usize,
    /// How often the plug came loose
    loosened: usize,
}

impl Hour {
    fn begin(way: Way) -> Result<Self, needs::Lacking> {
        needs::tool("faketime")?;
        let folder = Folder::new();
        folder.fixed_key("gateway", 200);
        let disk = SmallDisk::mount(folder.path("disk"), "64m")?;
        fs::write(folder.path("clock"), CLOCKS[0]).unwrap();
        let mut init = folder.foil(&["chain", "init", "disk/book", "-k", "gateway", "--writers", "anyone"]);
        with_clock(&mut init, &folder.path("clock"));
        assert!(init.status().unwrap().success());
        let cable = Cable::plugged_in();
        let recorder = Recorder::start(way, &folder, &cable.port());
        let kept = Vec::new();
        let hour = Self { folder, disk, cable, way, recorder, kept, said: 0, restarts: 0, loosened: 0 };
        hour.wait_for_reader();
        Ok(hour)
    }

    /// Waits until the port is open and set, so that nothing that is said is dropped as stale.
    fn wait_for_reader(&self) {
        self.wait_for_line(r#""status":"started""#, self.restarts + 1);
    }

    /// Waits until so many entries have this in them.
    fn wait_for_line(&self, what: &str, count: usize) {
        let entries = self.folder.path("disk/book/entries/000000000000.jsonl");
        wait_until(what, || {
            fs::read_to_string(&entries).is_ok_and(|text| text.matches(what).count() >= count)
        });
    }

    /// Waits until all that was said is in the ledger.
    fn settle(&self) {
        self.wait_for_line(&format!(r#""values":{{"n":{}}}"#, self.said - 1), 1);
    }

    /// Says a chunk of readings, as fast as they are taken.
    fn speak(&mut self) {
        (0..CHUNK).for_each(|_| self.speak_once());
    }

    fn speak_once(&mut self) {
        let line = format!("{{\"n\":{}}}\n", self.said);
        wait_until("room on the line", || {
            self.mend();
            self.cable.try_say(line.as_bytes())
        });
        self.said += 1;
    }

    /// Goes on at a device's pace until the supervisor has started all anew.
    fn speak_until_restarted(&mut self) {
        let restarts = self.restarts;
        while self.restarts == restarts {
            self.speak_once();
            std::thread::sleep(Duration::from_millis(1));
        }
    }

    /// What a supervisor does: where the ledger's writer has ended, what is left is ended and all is started again. By then
    /// somebody has made room on the disk.
    fn mend(&mut self) {
        if !self.recorder.has_ended() {
            return;
        }
        let _ = fs::remove_file(self.folder.path("disk/ballast"));
        let (codes, acknowledged) = self.recorder.end();
        assert!(matches!(codes.last().unwrap(), Some(2) | None), "{codes:?}");
        self.keep(acknowledged);
        self.restarts += 1;
        self.recorder = Recorder::start(self.way, &self.folder, &self.cable.port());
        self.wait_for_reader();
    }

    /// Notes what was acknowledged.
    fn keep(&mut self, acknowledged: u64) {
        let entries = self.folder.path("disk/book/entries/000000000000.jsonl");
        let text = fs::read_to_string(entries).unwrap();
        let lines: Vec<_> = text.lines().map(str::to_owned).collect();
        let acknowledged = usize::try_from(acknowledged).unwrap();
        assert!(lines.len() >= acknowledged, "{acknowledged} acknowledged, {} there", lines.len());
        self.kept = lines[..acknowledged].to_vec();
    }

    /// Pulls the plug in mid-frame, and puts it in again. What is in the pipe when its end dies is lost, so this waits until it
    /// is in the ledger.
    fn loosen(&mut self) {
        self.loosened += 1;
        self.cable.try_say(b"{\"n\":");
        self.cable.unplug();
        self.wait_for_line(r#""status":"disconnected""#, self.loosened);
        self.cable.plug_in();
        self.wait_for_line(r#""status":"connected""#, self.loosened);
    }

    /// Fills the disk. The pipe's writer gives up, and the supervisor mends that; a gateway keeps elsewhere what it cannot
    /// append, and goes on when somebody has made room.
    fn fill_disk(&mut self) {
        self.settle();
        let ballast = self.folder.path("disk/ballast");
        let full = Command::new("sh")
            .args(["-c", "cat /dev/zero > \"$0\" 2>/dev/null; true"])
            .arg(&ballast)
            .status();
        assert!(full.unwrap().success());
        if self.way == Way::Pipe {
            return self.speak_until_restarted();
        }
        let spill = self.folder.path("spill");
        let spilled = || fs::metadata(&spill).map_or(0, |it| it.len());
        while spilled() == 0 {
            self.speak_once();
            std::thread::sleep(Duration::from_millis(1));
        }
        fs::remove_file(ballast).unwrap();
        wait_until("the spill file is empty", || spilled() == 0);
    }

    /// Kills the ledger's writer.
    fn kill(&mut self) {
        self.settle();
        self.speak();
        self.recorder.kill();
        self.speak_until_restarted();
    }

    /// Ends it in order.
    fn finish(mut self) -> (Folder, SmallDisk, Vec<String>, u64) {
        self.settle();
        let (codes, acknowledged) = self.recorder.end();
        let expected = match self.way {
            Way::Pipe => vec![Some(143), Some(0), Some(0)],
            Way::Gateway => vec![Some(143)],
        };
        assert_eq!(codes, expected);
        (self.folder, self.disk, self.kept, acknowledged)
    }
}

fn an_hour_of_troubles_loses_nothing_that_was_acknowledged_and_explains_the_rest() -> Tested {
    // Once it gave up on the full disk, once it was killed.
    an_hour(Way::Pipe, 2)
}

fn an_hour_of_a_gateway_loses_nothing_that_was_acknowledged_and_explains_the_rest() -> Tested {
    an_hour(Way::Gateway, 1)
}

/// An hour, in which the recorder is started again so many times.
fn an_hour(way: Way, restarts: usize) -> Tested {
    let mut hour = Hour::begin(way)?;
    let mut early = None;
    for chunk in 0..READINGS / CHUNK {
        hour.speak();
        match chunk {
            4 | 16 | 28 => hour.loosen(),
            8 => hour.fill_disk(),
            12 => hour.kill(),
            20 => fs::write(hour.folder.path("clock"), CLOCKS[1]).unwrap(),
            30 => early = Some(hour.recorder.peaks()),
            _ => {}
        }
    }
    let (early, late) = (early.unwrap(), hour.recorder.peaks());
    for (early, late) in early.into_iter().zip(late) {
        assert!(late < early + 8 * 1_024, "grown from {early} to {late} KiB");
    }
    let said = hour.said;
    let (folder, _disk, kept, acknowledged) = hour.finish();
    let verified = folder.run(&["verify", "disk/book", "--key", "gateway.did"]);
    assert_eq!(verified.code, Some(0), "{}{}", verified.out, verified.err);
    let entries = fs::read_to_string(folder.path("disk/book/entries/000000000000.jsonl")).unwrap();
    assert!(
        entries.lines().take(kept.len()).eq(kept.iter().map(String::as_str)),
        "acknowledged, and changed"
    );
    let records = folder.run(&["chain", "cat", "disk/book", "1..", "--records"]).out;
    let records: Vec<_> = records.lines().map(|line| json::parse_object(line.as_bytes()).unwrap()).collect();
    assert_eq!(
        records.len() as u64 + 1,
        acknowledged,
        "all that is there was acknowledged, and nothing else"
    );
    explained(&records, said, restarts);
    Ok(())
}

/// Asserts that every hole in the readings has a status in it, and that each trouble is told as often as it was.
fn explained(records: &[Object], said: u64, restarts: usize) {
    let number = |record: &Object, name: &str| -> Option<u64> { record.get(name)?.to_string().parse().ok() };
    let (mut next, mut sequence, mut explained, mut readings) = (0, None, false, 0);
    for record in records {
        let word = word_of(record);
        explained |= matches!(word, "started" | "disconnected" | "gap");
        let seq = number(record, "seq").unwrap();
        assert!(word == "started" || sequence == Some(seq), "not all of the stream is here: {record}");
        sequence = Some(seq + 1);
        if word == "reading" {
            let n = number(record.get("values").unwrap().as_object().unwrap(), "n").unwrap();
            assert!(
                n == next || (n > next && explained),
                "{next} is missing, and nothing says why: {record}"
            );
            (next, explained, readings) = (n + 1, false, readings + 1);
        }
    }
    let times = |word: &str| records.iter().filter(|record| word_of(record) == word).count();
    assert_eq!((times("started"), times("disconnected"), times("connected")), (1 + restarts, 3, 3));
    let clock: Vec<_> = records.iter().filter(|record| word_of(record) == "clock").collect();
    let step = number(clock[0].get("detail").unwrap().as_object().unwrap(), "step_ms").unwrap();
    assert!(clock.len() == 1 && step.abs_diff(86_400_000) < 1_000, "{step}");
    assert_eq!((next, times("stopped")), (said, 1));
    // What was on the line, or not yet acknowledged, when the writer died.
    assert!(readings > said * 7 / 10, "{readings} of {said}");
}
