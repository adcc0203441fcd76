//! Every example of help and man pages is run, by `sh`, in a folder that holds what the examples take for granted:
//! keys `gateway`, `shipper`, `carrier` and `probe`, a ledger `cold-room`, a contract, records and a log; and a ledger
//! `fleet` whose registry knows the parties `shipper`, `carrier` and `safe`, a clerk, and the devices `probe` and
//! `logger`, which is let.

use std::{
    fs,
    os::unix::process::{CommandExt, ExitStatusExt},
    path::Path,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use counterfoil::cli;
use rustix::process::{Pid, Signal, kill_process_group};

use crate::support::{
    needs::{self, Tested},
    trial::trials,
};

trials![examples_run, examples_with_jq_run,];

/// What every example finds, as the lines that make it.
const PREPARED: &str = r#"
for who in gateway shipper carrier probe; do foil keygen -q $who; done
foil chain init cold-room -k gateway --origin plant7.example/cold-room -q
foil chain init meter -k gateway --origin plant7.example/meter -q
foil device read sim:cold-room --count 5 -q | foil sign -k gateway | foil chain append cold-room -k gateway -q
foil device read sim:thermometer --count 3 -q | foil sign -k gateway > signed.jsonl
foil device record sim:meter --for 500ms -o meter.rec -q
cat > shipment.toml <<END
contract = "foil/1"
title = "Cold room"
period = { from = 2026-03-01T06:00:00Z, to = 2026-03-02T06:00:00Z }
[parties.shipper]
key = "$(cat shipper.did)"
[parties.carrier]
key = "$(cat carrier.did)"
[devices.probe]
id = "cold-room"
signed_by = ["$(cat gateway.did)"]
fields = { temperature = "Cel" }
[time]
hold = "11m"
[[terms]]
id = "cold"
on = "probe"
require = "temperature <= 8.0"
gap     = "hold"
END
foil contract compile shipment.toml > contract.json
foil sign -k shipper contract.json | foil sign -k carrier > shipment.json
for who in shipper carrier; do foil sign -k $who contract.json > by-$who.json; done
foil chain init fleet -k gateway --origin plant7.example/fleet --writers enrolled -q
foil keygen -q clerk; foil keygen -q safe --next; foil keygen -q logger
takes() { foil chain append fleet -k gateway -q; }
for who in shipper carrier; do
  foil registry enroll fleet --party $who --key $who -k $who -k gateway -q | takes
done
foil registry enroll fleet --party safe --key safe --next safe.next.did -k safe -k gateway -q | takes
foil registry delegate fleet shipper --key clerk --may event --until 99d -k shipper -k clerk -q | takes
for what in probe logger; do
  foil registry enroll fleet --device $what --key $what --owner shipper -k shipper -k $what -q | takes
done
foil registry lease fleet logger --to carrier --until 99d -k shipper -k carrier -q | takes
printf 'ledger = "cold-room"\nkey = "gateway"\n[[port]]\nport = "sim:cold-room"\n' > gateway.toml
echo '$GPZDA,160012.71,11,03,2004,-1,00*7D' > voyage.log
"#;

/// Devices that are not plugged in here, and the simulated ones that take their place.
const STAND_INS: &[(&str, &str)] =
    &[("/dev/ttyUSB0", "meter"), ("/dev/ttyUSB1", "--modbus sdm120"), ("usb:1546:01a8", "gps")];

/// How long an example that would go on for ever is watched.
const WATCHED: Duration = Duration::from_secs(4);

/// How long any other may take, on a machine that has much else to do.
const PATIENCE: Duration = Duration::from_secs(90);

/// Whether a line goes on until it is interrupted.
fn is_everlasting(line: &str) -> bool {
    let sources = ["foil device read", "foil device poll", "foil device simulate"];
    let is_source = |part: &str| sources.iter().any(|source| part.contains(source));
    let bounded = |part: &str| {
        part.contains("--count")
            || part.contains("--for ")
            || part.contains(" - ")
            || part.contains("--print-map")
    };
    let is_gateway = line.contains("foil gateway run") && !line.contains("--dry-run");
    line.contains("--follow") || is_gateway || line.split('|').any(|part| is_source(part) && !bounded(part))
}

/// What an example may answer besides yes. A verdict depends on the day: readings that are entered today say
/// nothing about a contract of last year.
fn may_answer(line: &str, code: i32) -> bool {
    let judges = ["foil contract check", "foil contract blame"].iter().any(|words| line.contains(words));
    code == 0 || judges && [1, 3].contains(&code)
}

fn examples_run() {
    let examples: Vec<_> = cli::examples().into_iter().filter(|(_, line)| !line.contains(JQ)).collect();
    assert!(examples.len() > 20);
    try_all(&examples);
}

fn examples_with_jq_run() -> Tested {
    needs::tool("jq")?;
    let examples: Vec<_> = cli::examples().into_iter().filter(|(_, line)| line.contains(JQ)).collect();
    assert!(!examples.is_empty());
    try_all(&examples);
    Ok(())
}

/// What a line that needs `jq` says.
const JQ: &str = "jq ";

fn try_all(examples: &[(&str, &str)]) {
    let prepared = tempfile::tempdir().unwrap();
    let made = run(prepared.path(), &format!("set -e\n{PREPARED}"), PATIENCE);
    assert!(made.0.success(), "the folder cannot be prepared: {}", made.1);
    let next = std::sync::Mutex::new(examples.iter());
    let failed: Vec<String> = thread::scope(|scope| {
        let work = || {
            let mut failed = Vec::new();
            loop {
                let example = next.lock().unwrap().next();
                let Some((command, line)) = example else { return failed };
                failed.extend(try_example(prepared.path(), command, line));
            }
        };
        let workers: Vec<_> = (0..4).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    });
    assert!(failed.is_empty(), "examples that do not run:\n\n{}", failed.join("\n"));
}

fn try_example(prepared: &Path, command: &str, line: &str) -> Option<String> {
    let folder = tempfile::tempdir().unwrap();
    // A key can only be made where there is none yet.
    if command != "keygen" {
        let copied =
            Command::new("cp").arg("-a").arg(prepared.join(".")).arg(folder.path()).status().unwrap();
        assert!(copied.success());
    }
    let mut script = line.to_owned();
    for (device, kind) in STAND_INS.iter().filter(|(device, _)| line.contains(device)) {
        let simulated = format!(
            "foil device simulate {kind} --link ./stand-in.port --pace 100ms > /dev/null &\nuntil test -e ./stand-in.port; do sleep 0.1; done"
        );
        script = format!("{simulated}\n{}", script.replace(device, "./stand-in.port"));
    }
    // A pseudo-terminal has eight data bits, whatever is asked of it.
    for seven_bits in ["--mode 7E1", "--ask iec62056"] {
        script = script.replace(seven_bits, &format!("{seven_bits} --allow-mismatch"));
    }
    let everlasting = is_everlasting(line);
    let (status, output) = run(folder.path(), &script, if everlasting { WATCHED } else { PATIENCE });
    let is_right = match status.code() {
        Some(code) if !everlasting => may_answer(line, code),
        // It was still at it when it was told to stop.
        Some(code) => [0, 130, 143].contains(&code),
        None => everlasting && status.signal() == Some(2),
    };
    (!is_right || output.contains(": error: ")).then(|| format!("{line}\n{status}\n{output}"))
}

/// Runs lines by `sh`; after some time it is interrupted, as by Ctrl-C. Nothing that it started is left.
fn run(folder: &Path, script: &str, at_most: Duration) -> (ExitStatus, String) {
    let bin = Path::new(env!("CARGO_BIN_EXE_foil")).parent().unwrap();
    let talk = fs::File::create(folder.join(".output")).unwrap();
    let mut shell = Command::new("sh")
        .args(["-c", script])
        .current_dir(folder)
        .env_clear()
        .env("PATH", format!("{}:{}", bin.display(), std::env::var("PATH").unwrap()))
        .env("HOME", folder)
        .stdin(Stdio::null())
        .stdout(talk.try_clone().unwrap())
        .stderr(talk)
        .process_group(0)
        .spawn()
        .unwrap();
    let group = Pid::from_raw(shell.id().cast_signed()).unwrap();
    let mut status = wait(&mut shell, at_most);
    if status.is_none() {
        let _ = kill_process_group(group, Signal::INT);
        status = wait(&mut shell, Duration::from_secs(20));
    }
    let _ = kill_process_group(group, Signal::KILL);
    let status = status.unwrap_or_else(|| shell.wait().unwrap());
    (status, fs::read_to_string(folder.join(".output")).unwrap())
}

fn wait(child: &mut Child, at_most: Duration) -> Option<ExitStatus> {
    let end = Instant::now() + at_most;
    while Instant::now() < end {
        if let Some(status) = child.try_wait().unwrap() {
            return Some(status);
        }
        thread::sleep(Duration::from_millis(20));
    }
    None
}
