//! The tests that take minutes: kills and faults at every system call, power cuts, files of 65,536 entries.
//!
//! `cargo test` names them as ignored. They run under `FOIL_REQUIRE=all`, which `.ci/run` sets, and by
//! `cargo test --test slow NAME -- --include-ignored`.

#![allow(clippy::disallowed_methods)] // tests may ask the machine

mod clone_crash;
mod crash;
mod cuts;
mod damage;
mod faults;
mod line_faults;
mod pack;
mod power;
mod powercut;
mod prune;
mod prune_enrolled;
mod publish_crash;
mod repair;
mod shift;
#[path = "../support/mod.rs"]
mod support;

use std::process::ExitCode;

use support::{books, damaged, ledgers, publishing, run};

fn main() -> ExitCode {
    let tests = [
        clone_crash::trials(),
        crash::trials(),
        cuts::trials(),
        damage::trials(),
        faults::trials(),
        line_faults::trials(),
        pack::trials(),
        power::trace::trials(),
        powercut::trials(),
        prune::trials(),
        prune_enrolled::trials(),
        publish_crash::trials(),
        repair::trials(),
        shift::trials(),
    ];
    support::trial::run(tests.into_iter().flatten().collect(), Some("slow: FOIL_REQUIRE=all runs it"))
}
