//! A ledger whose records were received the moment they were measured, as on a gateway that has run for months:
//! what memory is measured on, since what arrives months late is kept waiting for.

use std::{io::BufRead, path::Path};

use anyhow::Context;
use counterfoil::{
    json::{Canonical, Object, parse_object},
    key::{
        SecretKey,
        text::{self, KeyText},
    },
    ledger::{
        files::{folder::Folder, read::Reader},
        pins::Seen,
        write::{
            admission::Admission,
            append::{AppendOptions, Appender, WriterMachine},
            batch::{Arrival, MAX_BATCH},
            init::init,
            machine_id::MachineId,
        },
    },
    record::{
        genesis::Genesis,
        signed::{SignOptions, sign},
        writers::Writers,
    },
    rules::received::ClockReading,
    time::{Span, Time},
};

/// Makes a ledger of the records that come, each received at its `time`.
pub fn make(path: &Path, key: &Path, lines: impl BufRead) -> anyhow::Result<()> {
    let key = open(key)?;
    let mut lines = lines.lines().peekable();
    let first = lines.peek().and_then(|line| line.as_ref().ok()).context("no record")?;
    let mut here = here(time(first)?);
    let seen = Seen::new(path.with_extension("seen"));
    let origin = format!("bench/{}", path.display());
    init(path, &key, &origin, declaration(&key, &origin, here.clock.wall)?, &here, &seen)?;
    let folder = Folder::new(path);
    let declared = Reader::open(folder.clone())?.declaration()?;
    // Every record was signed a moment ago: its proof is not looked at again.
    let admission = Admission::new(&declared.genesis, declared.id, || 1);
    // The times are dates of the past, which the clock of a machine that runs this program cannot show.
    let options = AppendOptions { accept_clock: true, ..AppendOptions::default() };
    let mut appender = Appender::new(folder, key, &declared, seen, admission, options)?;
    while lines.peek().is_some() {
        let arrivals = lines.by_ref().take(MAX_BATCH).map(|line| arrival(&line?));
        let arrivals = arrivals.collect::<anyhow::Result<Vec<_>>>()?;
        here.clock = arrivals.last().map_or(here.clock, |last| last.clock);
        appender.commit(arrivals, &here)?;
    }
    Ok(())
}

/// An open secret key, from its file.
pub fn open(path: &Path) -> anyhow::Result<SecretKey> {
    match text::parse(&std::fs::read(path)?)? {
        KeyText::Open(key) => Ok(key),
        _ => anyhow::bail!("{}: not an open secret key", path.display()),
    }
}

fn declaration(key: &SecretKey, origin: &str, created: Time) -> anyhow::Result<Object> {
    let (origin, log, admins) = (origin.to_owned(), key.public(), vec![key.public()]);
    let genesis = Genesis { origin, log, admins, writers: Writers::Signed, created, continues: None };
    let mut record = genesis.to_record();
    sign(&mut record, key, &SignOptions::default())?;
    Ok(record)
}

fn time(record: &str) -> anyhow::Result<Time> {
    let record = parse_object(record.as_bytes())?;
    record.str("time").and_then(Time::parse).context("a record without time")
}

fn arrival(line: &str) -> anyhow::Result<Arrival> {
    let record = Canonical::read(line.as_bytes().to_vec())?;
    Ok(Arrival { clock: clock(time(line)?), record, admitted: true })
}

fn clock(wall: Time) -> ClockReading {
    ClockReading { wall, up: Span::from_millis(0) }
}

/// A machine id, so that a later append is not by another machine.
fn here(wall: Time) -> WriterMachine {
    let machine = MachineId::named("bench").unwrap();
    WriterMachine { machine, boot: String::new(), clock: clock(wall), synchronised: true }
}
