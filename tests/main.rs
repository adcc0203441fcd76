//! The quick tests that need nothing but the project: one binary, so that they are quick to compile.

#![allow(clippy::disallowed_methods)] // tests may ask the machine

mod against;
mod agreement;
mod answers;
mod batches;
mod borders;
mod clock;
mod clock_model;
mod clone;
mod compare;
mod concurrency;
mod contract;
mod contributing;
mod counting;
mod demo;
mod device;
mod disk;
mod documents;
mod finality;
mod floods;
mod fuzz;
mod hostile;
mod json;
mod jump_registry;
mod layers;
mod machines;
mod one_pass;
mod origins;
mod pack;
mod pasted;
mod proofs;
mod publish;
mod published;
mod recovery;
mod reference;
mod registry;
mod registry_model;
mod repair;
mod repair_limits;
mod resent;
mod second_look;
mod server;
mod sign;
mod sources;
mod stubs;
mod succession;
mod support;
mod tamper;
mod transcripts;
mod trust;
mod verdict_example;
mod verify;
mod watch;

use support::{books, damaged, ledgers, publishing, run, signing, vectors};
