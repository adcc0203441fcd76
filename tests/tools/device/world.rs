//! What the world does to a reader of serial ports: plugs that come loose, ports that others hold, bytes from before, clocks,
//! signals, garbage. Each test holds the other end of the cable itself, and waits for events.

use std::{
    fs,
    io::Write,
    net::TcpListener,
    os::fd::OwnedFd,
    process::Stdio,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
    time::Duration,
};

use counterfoil::{
    device::simulated::{KINDS, SimulatedDevice, SplitMix},
    json::Object,
};
use rustix::fs::{FlockOperation, flock};

use super::{
    cable::{Cable, Reader, hang_up, is_exclusive, word_of},
    rig::{foil, signal, talk},
};
use crate::support::{
    needs::{Lacking, Tested},
    trial::trials,
};

trials![
    three_unplugs_in_mid_frame_are_told_and_found_again_under_other_names,
    a_hang_up_is_an_unplug,
    a_port_that_hangs_up_at_once_is_opened_ever_more_rarely,
    an_idle_reader_costs_nothing,
    a_port_that_others_hold_is_left_as_it_is,
    lock_files_count_while_their_process_lives,
    bytes_from_before_are_not_readings_and_nothing_is_echoed,
    a_signal_in_mid_frame_ends_in_order,
    output_that_cannot_be_written_is_no_success,
    floods_of_garbage_are_counted_and_leave_memory_and_talk_small,
];

fn said(records: &[Object]) -> Vec<&str> {
    records.iter().map(word_of).collect()
}

fn values(record: &Object) -> String {
    record.get("values").unwrap().to_string()
}

fn detail(record: &Object) -> String {
    record.get("detail").unwrap().to_string()
}

fn three_unplugs_in_mid_frame_are_told_and_found_again_under_other_names() {
    let mut cable = Cable::plugged_in();
    let mut reader = cable.reader(&["--count", "4"]);
    assert_eq!(said(&reader.until("started")), ["started"]);
    for n in 0..3 {
        cable.say(format!("{{\"n\":{n}}}\n{{\"n\":").as_bytes());
        assert_eq!(values(&reader.next()), format!(r#"{{"n":{n}}}"#));
        let before = cable.path().to_owned();
        cable.unplug();
        let told = reader.until("disconnected");
        assert_eq!(said(&told), ["bad-frames", "disconnected"]);
        assert_eq!(detail(&told[0]), r#"{"partial-last":1}"#);
        assert_eq!(detail(&told[1]), r#"{"why":"no more data"}"#);
        // Whoever has the name meanwhile makes the device come back under another one.
        let mut others = vec![Cable::plugged_in()];
        while others.last().unwrap().path() != before && others.len() < 40 {
            others.push(Cable::plugged_in());
        }
        assert_ne!(cable.plug_in(), before);
        assert_eq!(said(&reader.until("connected")), ["connected"]);
        drop(others);
    }
    cable.say(b"3}\n{\"n\":3}\n");
    let last = reader.until("reading");
    assert_eq!(values(last.last().unwrap()), r#"{"n":3}"#);
    let (code, rest, talk) = reader.end();
    assert_eq!((code, word_of(rest.last().unwrap())), (Some(0), "stopped"), "{talk:?}");
    let times = |what: &str| talk.iter().filter(|line| line.contains(what)).count();
    assert_eq!((times(": disconnected:"), times(": connected:")), (3, 3), "{talk:?}");
}

fn a_hang_up_is_an_unplug() -> Tested {
    let cable = Cable::plugged_in();
    let mut reader = cable.reader(&["--count", "2"]);
    reader.until("started");
    for n in 1..=2 {
        cable.say(format!("{{\"n\":{n}}}\n{{").as_bytes());
        assert_eq!(values(&reader.next()), format!(r#"{{"n":{n}}}"#));
        if n == 1 {
            // From here on each read answers at once that there is nothing.
            hang_up(&cable.open()).map_err(|why| Lacking::new("to hang up terminals", &why.to_string()))?;
            let told = reader.until("connected");
            assert_eq!(said(&told), ["bad-frames", "disconnected", "connected"]);
            assert_eq!(detail(&told[1]), r#"{"why":"no more data"}"#);
        }
    }
    assert_eq!(reader.end().0, Some(0));
    Ok(())
}

fn a_port_that_hangs_up_at_once_is_opened_ever_more_rarely() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = format!("tcp://{}", listener.local_addr().unwrap());
    let opened = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&opened);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            drop(stream);
            count.fetch_add(1, Relaxed);
        }
    });
    let mut reader = Reader::spawn(foil(&["device", "read", &port]).args(["--backoff", "20ms..1h"]));
    for _ in 0..3 {
        reader.until("disconnected");
    }
    std::thread::sleep(Duration::from_secs(3));
    // 20, 40, 80 … 1,280, 2,560 ms: the ninth is opened after five seconds at the earliest.
    let times = opened.load(Relaxed);
    assert!((4..=12).contains(&times), "opened {times} times");
    signal(&reader.child, "TERM");
    let (code, records, _) = reader.end();
    assert_eq!((code, word_of(records.last().unwrap())), (Some(143), "stopped"));
}

fn an_idle_reader_costs_nothing() {
    let mut cable = Cable::plugged_in();
    let spent = |reader: &Reader, what: &str| {
        reader.wait_until_idle();
        let before = reader.cpu();
        std::thread::sleep(Duration::from_secs(4));
        let spent = reader.cpu().saturating_sub(before);
        // A thousandth is 4 ms; a build without optimisation on a machine that is busy may take some more.
        assert!(spent < Duration::from_millis(40), "{what}: {spent:?} of CPU in 4 s");
    };
    let mut reader = cable.reader(&[]);
    reader.until("started");
    cable.say(b"{\"n\":1}\n");
    reader.until("reading");
    spent(&reader, "a port that is silent");
    cable.unplug();
    reader.until("disconnected");
    spent(&reader, "a port that is gone");

    let mut command = foil(&["device", "read", "-"]);
    let mut reader = Reader::spawn(command.stdin(Stdio::piped()));
    let mut stdin = reader.child.stdin.take().unwrap();
    stdin.write_all(b"{\"n\":1}\n").unwrap();
    reader.until("reading");
    spent(&reader, "an input that is silent");
    drop(stdin);
    assert_eq!(reader.end().0, Some(0), "at its end it is over");
}

fn a_port_that_others_hold_is_left_as_it_is() {
    let mut cable = Cable::plugged_in();
    let busy = |cable: &Cable| {
        let output = foil(&["device", "read"])
            .arg(cable.port())
            .args(["--wait", "0s", "--for", "10s"])
            .output()
            .unwrap();
        assert_eq!((output.status.code(), output.stdout.len()), (Some(75), 0), "{}", talk(&output));
        assert!(talk(&output).contains("busy: held by"), "{}", talk(&output));
    };
    // A program that uses TIOCEXCL; a superuser gets past it, all others do not.
    let holder = cable.open();
    rustix::termios::ioctl_tiocexcl(&holder).unwrap();
    let settings = |tty: &OwnedFd| format!("{:?}", rustix::termios::tcgetattr(tty).unwrap());
    let before = settings(&holder);
    busy(&cable);
    assert!(is_exclusive(&holder), "our leaving took its lock away");
    assert_eq!(settings(&holder), before, "its settings are its own");
    drop(holder);
    // A program that uses flock.
    cable.unplug();
    cable.plug_in();
    let holder = cable.open();
    flock(&holder, FlockOperation::NonBlockingLockExclusive).unwrap();
    let before = settings(&holder);
    busy(&cable);
    assert_eq!(settings(&holder), before, "its settings are its own");
    assert!(!is_exclusive(&holder), "and we lock out nobody");
    drop(holder);
    // A reader that was killed leaves the flag on a pseudo-terminal, and nobody behind it.
    cable.unplug();
    cable.plug_in();
    let mut reader = cable.reader(&[]);
    reader.until("started");
    signal(&reader.child, "KILL");
    assert_eq!(reader.end().0, None);
    // Ours: who comes second takes nothing from the first.
    let mut reader = cable.reader(&["--count", "1"]);
    reader.until("started");
    busy(&cable);
    assert!(is_exclusive(&cable.open()), "nobody else may open what we read");
    cable.say(b"{\"n\":1}\n");
    reader.until("reading");
    assert_eq!(reader.end().0, Some(0));
}

fn lock_files_count_while_their_process_lives() -> Tested {
    let cable = Cable::plugged_in();
    let name = format!("/run/lock/LCK..{}", cable.path().file_name().unwrap().to_str().unwrap());
    let lock = |pid: u32| fs::write(&name, format!("{pid:>10}\n"));
    lock(std::process::id()).map_err(|why| Lacking::new("to write /run/lock", &why.to_string()))?;
    let refused =
        foil(&["device", "read"]).arg(cable.port()).args(["--wait", "0s", "--for", "10s"]).output().unwrap();
    let mut gone = foil(&["--version"]).stdout(Stdio::null()).spawn().unwrap();
    gone.wait().unwrap();
    lock(gone.id()).unwrap();
    let mut reader = cable.reader(&["--count", "1"]);
    reader.until("started");
    fs::remove_file(&name).unwrap();
    assert_eq!(refused.status.code(), Some(75));
    let holder = format!("process {} holds a lock file for it in /run/lock", std::process::id());
    assert!(talk(&refused).contains(&holder), "{}", talk(&refused));
    cable.say(b"{\"n\":1}\n");
    assert_eq!(reader.end().0, Some(0), "who wrote the other one is gone");
    Ok(())
}

fn bytes_from_before_are_not_readings_and_nothing_is_echoed() {
    for format in ["json", "text"] {
        let cable = Cable::plugged_in();
        let holder = cable.open();
        // The terminal is as the kernel made it: it edits lines, and echoes them to the device.
        cable.say(b"{\"n\":1}\r{\"n\":2}\nn=1\nn=");
        super::rig::wait_for(|| !cable.heard().is_empty());
        let mut reader = cable.reader(&["--format", format, "--count", "1"]);
        reader.until("started");
        while !cable.heard().is_empty() {}
        // Half a line, as if it had begun before; then a whole one.
        cable.say(if format == "json" { b"7}\n{\"n\":3}\n" } else { b"7\nn=3\n" });
        let records = reader.until("reading");
        assert_eq!(values(records.last().unwrap()), r#"{"n":3}"#);
        let (code, rest, talk) = reader.end();
        assert_eq!(code, Some(0));
        let counts = rest.iter().find(|record| word_of(record) == "bad-frames").unwrap();
        assert_eq!(detail(counts), r#"{"partial-first":1}"#, "{talk:?}");
        assert_eq!(cable.heard(), b"", "the device would take its echo for orders");
        drop(holder);
    }
}

fn a_signal_in_mid_frame_ends_in_order() {
    for (name, code, word) in [("TERM", 143, "terminated"), ("INT", 130, "interrupted")] {
        let cable = Cable::plugged_in();
        let mut reader = cable.reader(&["--format", "text"]);
        reader.until("started");
        cable.say(b"n=0\nn=1\nn=2");
        assert_eq!(values(reader.until("reading").last().unwrap()), r#"{"n":1}"#);
        signal(&reader.child, name);
        let (ended, rest, talk) = reader.end();
        assert_eq!(ended, Some(code), "{talk:?}");
        assert_eq!(said(&rest), ["bad-frames", "stopped"], "half a frame is no reading");
        assert_eq!(detail(&rest[1]), format!(r#"{{"readings":1,"why":"{word}"}}"#));
    }
}

fn output_that_cannot_be_written_is_no_success() {
    let full = fs::File::options().write(true).open("/dev/full").unwrap();
    let mut command = foil(&["device", "read", "sim:cold-room", "--count", "3"]);
    let output = command.stdout(full).stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(talk(&output).contains("No space left on device"), "{}", talk(&output));
}

/// So much of it, in pieces of a page; and so much without any end, which is more than [`ROOM`].
const PAGES: usize = 512;
const ENDLESS: usize = 6_000;

/// By how much a reader may grow meanwhile, in KiB: what waits in its queue is 4 MiB at most, and what one chunk of it comes to is said at
/// once.
const ROOM: u64 = 16 * 1_024;

fn floods_of_garbage_are_counted_and_leave_memory_and_talk_small() {
    // Only silence ends raw frames, and a flood has none: it is one frame, which is too long.
    for kind in KINDS.iter().filter(|kind| kind.format != "raw") {
        let cable = Cable::plugged_in();
        let mut reader = cable.reader(&["--format", kind.format, "--mode", "8N1"]);
        reader.until("started");
        reader.wait_until_idle();
        let before = reader.peak();
        let mut random = SplitMix(7);
        for page in 0..PAGES {
            cable.say(&garbage(page, &mut random));
        }
        for _ in 0..ENDLESS {
            cable.say(&[b'x'; 4_096]);
        }
        // Nothing of it may be left in which a good frame could drown.
        cable.say(b"\n\r\n");
        let mut device = SimulatedDevice::new(kind, 7, None, None);
        let good: Vec<u8> = (0..8).flat_map(|_| device.next_frame().1).collect();
        cable.say(&good);
        let mut records = reader.until("reading");
        let grown = reader.peak() - before;
        let fed = (PAGES + ENDLESS) * 4;
        assert!(grown < ROOM, "{}: {grown} KiB more for {fed} KiB", kind.name);
        signal(&reader.child, "TERM");
        let (_, rest, talk) = reader.end();
        records.extend(rest);
        let statuses: Vec<_> = records.iter().filter(|record| word_of(record) == "bad-frames").collect();
        assert!((1..=10).contains(&statuses.len()), "{}: {statuses:?}", kind.name);
        for status in statuses {
            assert!(status.get("detail").unwrap().as_object().unwrap().len() <= 10, "{status}");
        }
        // One line a class and minute, and there are ten classes.
        let warnings = talk.iter().filter(|line| line.contains("bad frame: ")).count();
        assert!((1..=60).contains(&warnings), "{}: {warnings} lines", kind.name);
    }
}

/// A page of random bytes, of NULs, of CR CR LF, of one letter without an end, of opening brackets.
fn garbage(page: usize, random: &mut SplitMix) -> Vec<u8> {
    match page / 16 % 8 {
        0 => vec![0; 4_096],
        1 => b"\r\r\n".repeat(1_365),
        2 | 3 => vec![b'x'; 4_096],
        4 => vec![b'['; 4_096],
        _ => std::iter::repeat_with(|| random.bits().to_le_bytes()).take(512).flatten().collect(),
    }
}
