//! All integration tests in one binary: quick to compile.

#![allow(clippy::disallowed_methods)] // tests may ask the machine

mod against;
mod books;
mod clock;
mod compare;
mod concurrency;
mod contract;
mod counting;
mod crash;
mod demo;
mod device;
mod di;
mod disk;
mod examples;
mod faults;
mod fuzz;
mod hostile;
mod json;
mod keys;
mod layers;
mod ledgers;
mod pack;
mod peers;
mod power;
mod powercut;
mod proofs;
mod prune;
mod publish;
mod publish_crash;
mod published;
mod recovery;
mod reference;
mod repair;
mod repl;
mod run;
mod server;
mod shift;
mod sign;
mod stubs;
mod succession;
mod tamper;
mod tlog;
mod transcripts;
mod vectors;
mod verify;
