//! The quick tests that need something which a machine may lack: tools, rights, other projects' test data. Where it
//! is missing they are reported as ignored, with the reason; under `FOIL_REQUIRE=all` they fail.

#![allow(clippy::disallowed_methods)] // tests may ask the machine

mod accord;
mod analytics;
#[path = "../cases/mod.rs"]
mod cases;
mod cel;
mod device;
mod di;
mod disk;
mod examples;
mod gateway;
mod install;
mod json;
mod keys;
mod man;
mod owner;
mod peers;
mod progress;
mod proofs;
mod publish;
mod qr;
mod repl;
mod second_look;
#[path = "../server.rs"]
#[allow(dead_code)] // the other binary asks it for more
mod server;
mod sign;
mod story;
#[path = "../support/mod.rs"]
mod support;
mod tasks;
mod tlog;
mod verdict_bytes;

use std::process::ExitCode;

use support::{books, ledgers, publishing, run, signing, vectors};

fn main() -> ExitCode {
    let tests = [
        accord::trials(),
        analytics::trials(),
        cases::trials(),
        cel::trials(),
        device::asked::trials(),
        device::dsmr_parser::trials(),
        device::doctor::trials(),
        device::line::trials(),
        device::modbus::trials(),
        device::peers::trials(),
        device::polled::trials(),
        device::slow_units::trials(),
        device::pynmea2::trials(),
        device::silence::trials(),
        device::smllib::trials(),
        device::soak::trials(),
        device::world::trials(),
        di::trials(),
        disk::trials(),
        examples::trials(),
        gateway::trials(),
        install::trials(),
        json::trials(),
        keys::trials(),
        man::trials(),
        owner::trials(),
        peers::trials(),
        progress::trials(),
        proofs::trials(),
        publish::trials(),
        qr::trials(),
        repl::trials(),
        second_look::trials(),
        sign::trials(),
        story::trials(),
        tasks::trials(),
        tlog::trials(),
        verdict_bytes::trials(),
    ];
    support::trial::run(tests.into_iter().flatten().collect(), None)
}
