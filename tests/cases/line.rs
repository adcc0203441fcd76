//! Cases on a pseudo-terminal: what the device at its other end does.

use std::{
    fs::{self, File},
    io::{Read, Write},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use counterfoil::json::{Object, Value};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::run::{Folder, Run};

/// What `foil device read` makes of a device that answers or plays, as the case's inputs say. `folder` holds them.
pub(super) fn read(case: &Object, folder: &Path) -> Run {
    match case.get("input").unwrap() {
        Value::String(answer) => read_asked(case, &fs::read(folder.join(answer)).unwrap()),
        inputs => {
            let script = inputs.as_array().unwrap()[0].as_str().unwrap();
            read_played(case, folder, script)
        }
    }
}

/// Reads what `foil device simulate` plays from a script.
fn read_played(case: &Object, folder: &Path, script: &str) -> Run {
    let own = Folder::new();
    let link = own.path("port");
    let mut command = Command::new(env!("CARGO_BIN_EXE_foil"));
    command.args(["device", "simulate", "--pace", "0s", "--script", script, "--link"]).arg(&link);
    command.current_dir(folder).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut device = command.spawn().unwrap();
    let deadline = Instant::now() + Duration::from_secs(20);
    while !link.exists() {
        assert!(Instant::now() < deadline, "no port");
        thread::sleep(Duration::from_millis(10));
    }
    let run = read_port(case, &own, link.to_str().unwrap());
    let _ = device.kill();
    let _ = device.wait();
    run
}

/// Reads a console that is silent until it is asked: it says what it heard, then all lines of `answer` but the first, which is
/// its own prompt.
fn read_asked(case: &Object, answer: &[u8]) -> Run {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).unwrap();
    grantpt(&master).unwrap();
    unlockpt(&master).unwrap();
    let port = ptsname(&master, Vec::new()).unwrap().into_string().unwrap();
    let behind = answer.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    let answer = answer[behind..].to_vec();
    let mut line = File::from(master);
    // It ends with the test: nothing tells it that nobody will ask again.
    thread::spawn(move || {
        let (mut heard, mut byte) = (Vec::new(), [0]);
        loop {
            match line.read(&mut byte) {
                Ok(1) => heard.push(byte[0]),
                _ => thread::sleep(Duration::from_millis(5)),
            }
            if heard.ends_with(b"\n") {
                line.write_all(&[&heard[..], &answer].concat()).unwrap();
                heard.clear();
            }
        }
    });
    read_port(case, &Folder::new(), &port)
}

fn read_port(case: &Object, folder: &Folder, port: &str) -> Run {
    let mut words = vec!["device", "read", port];
    words.extend(case.get("args").and_then(Value::as_array).unwrap().iter().filter_map(Value::as_str));
    folder.feed(&words, Vec::new())
}
