//! `foil demo`: the whole way, on a simulated device and a real pseudo-terminal.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
};

use anyhow::{Context, ensure};

use crate::{
    cli::{
        Example,
        failure::{Ended, Outcome},
        term::Term,
    },
    ledger::files::{folder::Folder, read::Reader},
    machine,
    time::{Span, Time},
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "see the whole way, and keep what it makes", line: "foil demo tour" }];

/// Go the whole way on a simulated device, each command shown as it runs
///
/// Makes keys, a ledger, and a simulated cold room on a pseudo-terminal; reads, signs and appends; holds a
/// contract of two parties to the ledger; verifies it; and shows what becomes of a copy in which one byte was
/// changed. The folder is kept, so that you can go on from there.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The folder to make; foil-demo, or the next free name, where absent
    dir: Option<PathBuf>,
}

/// How long the simulated cold room has been running when the demo reads it.
const STORY: Span = Span::from_millis(5 * 3_600_000);

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let dir = make_folder(args.dir.as_deref())?;
    let mut shell = DemoShell::new(&dir, term)?;
    play(&mut shell)?;
    let path = dir.display();
    term.text(&format!(
        "\n# It was all made in {path}. Go on: cd {path}; export XDG_STATE_HOME=$PWD/state\n"
    ))?;
    Ok(Outcome::Yes)
}

/// What is played. Each line says which exit statuses it may have: a breach and a forgery are answers.
fn play(shell: &mut DemoShell) -> anyhow::Result<()> {
    let start = machine::wall().saturating_add(Span::from_millis(-STORY.millis()));
    shell.say("Three keys: the gateway's, and those of two parties who do not trust each other.")?;
    shell.run("foil keygen gateway && foil keygen shipper && foil keygen carrier", &[0])?;
    shell.say("A ledger: a folder whose checkpoints the gateway signs.")?;
    shell.run("foil chain init cold-room -k gateway --origin demo.example/cold-room --human", &[0])?;
    shell.say(
        "A cold room on a pseudo-terminal. Its door will be left open after two hours of its own clock.",
    )?;
    let device = shell
        .start(&format!("foil device simulate cold-room --link probe --start {start} --pace 5ms --seed 7"))?;
    shell.wait_for("probe")?;
    shell.say("What it says is read, signed and kept.")?;
    shell.run(
        "foil device read probe --device probe --count 240 | foil sign -k gateway | \
         foil chain append cold-room -k gateway --delay 2s --human",
        &[0],
    )?;
    drop(device);
    shell.run("foil chain cat cold-room --last 2 --type reading --records", &[0])?;
    shell.say("A contract: at most half an hour above 8 degrees. Both parties sign it.")?;
    shell.write("shipment.toml", &contract(shell, start)?)?;
    shell.run("cat shipment.toml", &[0])?;
    shell.run("foil contract lint shipment.toml --human", &[0])?;
    shell.run(
        "foil contract compile shipment.toml | foil sign -y -k shipper | foil sign -y -k carrier -o shipment.json",
        &[0],
    )?;
    shell.say("Everybody who has the ledger gets this verdict, byte for byte. Exit 1: breached.")?;
    shell.run("foil contract check shipment.json cold-room --human", &[1])?;
    shell.say("Is the ledger sound? Its key was remembered when it was made.")?;
    shell.run("foil verify cold-room --human", &[0])?;
    shell.say(
        "Somebody changes one byte of one reading in a copy, so that the door was open for less long.",
    )?;
    shell.run("cp -r cold-room forged", &[0])?;
    let edit = "sed -i '128s/\"temperature\":9/\"temperature\":7/' forged/entries/000000000000.jsonl";
    shell.run(edit, &[0])?;
    shell.run("cmp cold-room/entries/000000000000.jsonl forged/entries/000000000000.jsonl", &[1])?;
    shell.say("It shows, and where. Exit 1: not sound.")?;
    shell.run("foil verify forged --human", &[1])
}

/// The folder that was named, or the first free name.
fn make_folder(named: Option<&Path>) -> anyhow::Result<PathBuf> {
    if let Some(dir) = named {
        fs::create_dir(dir).with_context(|| dir.display().to_string())?;
        return Ok(dir.to_owned());
    }
    for number in 1..1_000 {
        let name = if number == 1 { "foil-demo".to_owned() } else { format!("foil-demo-{number}") };
        match fs::create_dir(&name) {
            Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            made => return made.map(|()| PathBuf::from(&name)).with_context(|| name.clone()),
        }
    }
    anyhow::bail!("foil-demo: all names up to foil-demo-999 are taken")
}

/// A shell in the folder, with this very program first in its path.
struct DemoShell<'a> {
    dir: PathBuf,
    path: OsString,
    term: &'a mut Term,
}

/// A process in the background, ended with the scene.
struct Background(Child);

impl Drop for Background {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl<'a> DemoShell<'a> {
    #[allow(clippy::disallowed_methods)] // the environment is read here
    fn new(dir: &Path, term: &'a mut Term) -> anyhow::Result<Self> {
        let dir = fs::canonicalize(dir).with_context(|| dir.display().to_string())?;
        let own = std::env::current_exe().context("where this program lies")?;
        let mut path = own.parent().context("a program lies in a folder")?.as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        Ok(Self { dir, path, term })
    }

    fn say(&mut self, text: &str) -> anyhow::Result<()> {
        self.term.text(&format!("\n# {text}\n"))
    }

    /// Shows a command, runs it, and sees whether it ended as it should.
    fn run(&mut self, line: &str, expected: &[i32]) -> anyhow::Result<()> {
        self.term.text(&format!("$ {line}\n"))?;
        self.term.flush()?;
        let status = self.shell(line).status().context("sh")?;
        ensure!(status.code().is_some_and(|code| expected.contains(&code)), ended(line, status));
        Ok(())
    }

    /// Shows a command and leaves it running.
    fn start(&mut self, line: &str) -> anyhow::Result<Background> {
        self.term.text(&format!("$ {line} &\n"))?;
        self.term.flush()?;
        let child = self.shell(&format!("exec {line}")).stdout(Stdio::null()).spawn();
        child.map(Background).context("sh")
    }

    fn shell(&self, line: &str) -> Command {
        let mut shell = Command::new("sh");
        shell.args(["-c", line]).current_dir(&self.dir).stdin(Stdio::null());
        // What the demo sees is remembered in its own folder, not in the user's memory.
        shell.env("PATH", &self.path).env("XDG_STATE_HOME", self.dir.join("state"));
        shell
    }

    fn wait_for(&self, name: &str) -> anyhow::Result<()> {
        for _ in 0..500 {
            if self.dir.join(name).exists() {
                return Ok(());
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        anyhow::bail!("{name}: the simulated device did not appear")
    }

    fn write(&self, name: &str, text: &str) -> anyhow::Result<()> {
        fs::write(self.dir.join(name), text).with_context(|| name.to_owned())
    }

    fn did(&self, name: &str) -> anyhow::Result<String> {
        let did =
            fs::read_to_string(self.dir.join(format!("{name}.did"))).with_context(|| name.to_owned())?;
        Ok(did.trim().to_owned())
    }
}

fn ended(line: &str, status: ExitStatus) -> anyhow::Error {
    Ended::error(Outcome::CouldNot, format!("the demo stops here: {line}: {status}"))
}

/// The contract of the demo, on the day it is run.
fn contract(shell: &DemoShell, start: Time) -> anyhow::Result<String> {
    let [shipper, carrier, gateway] = [shell.did("shipper")?, shell.did("carrier")?, shell.did("gateway")?];
    let ledger = Reader::open(Folder::new(shell.dir.join("cold-room")))?.declaration()?.id;
    let end = start.saturating_add(STORY);
    Ok(format!(
        r#"contract = "foil/1"
title    = "Vaccines, cold room to ramp"
ledgers  = ["{ledger}"]
period   = {{ from = {start}, to = {end} }}

[parties.shipper]
key  = "{shipper}"
name = "Pharma SA"
[parties.carrier]
key  = "{carrier}"
name = "Nordic Reefer AS"

[devices.probe]
id          = "probe"
signed_by   = ["{gateway}"]
responsible = "carrier"
fields      = {{ temperature = "Cel" }}

[time]
hold       = "5m"
late_after = "12h"

[[terms]]
id       = "cold"
on       = "probe"
require  = "temperature <= 8.0"
gap      = "hold"
tolerate = {{ longer_than = "30m" }}
"#
    ))
}
