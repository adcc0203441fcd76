//! Signed readings from serial devices, a ledger of plain files in which every change shows, and contracts that every
//! party checks for itself.
//!
//! The way of one reading:
//!
//! ```text
//! serial bytes
//!   → device::port      opens the line
//!   → device::frame     cuts it into frames
//!   → device::decode    names values and units, checks what the frame proves
//!   → record::reading   says it as a record
//!   → record::signed    says who says so (W3C Data Integrity, eddsa-jcs-2022)
//!   → ledger::write     keeps it: entry line, then tree, then checkpoint, then the receipt
//!   → tlog              leaf and node hashes (RFC 6962), checkpoints (C2SP)
//!   → tlog::view        what a verifier reads, wherever it lies
//!   → verify | contract a verdict, the same for every party
//! ```
//!
//! Rooms, top to bottom; an arrow (an import) points down only, and `tests/layers/` keeps it so:
//!
//! ```text
//! face     cli
//! answers  audit
//! pages    report
//! words    explain
//! verdict  verify · contract
//! edge     gateway
//!          device · peer
//! disk     ledger
//! rules    rules
//! paper    tlog
//! said     record
//! who      key
//! machine  machine
//! values   json · hash · time · decimal · likeness · escape · file_kind · toml_file
//! ```
//!
//! Where one rule is asked, for those who look for it:
//!
//! ```text
//! who must sign a registry event           rules::registry::needed_signer
//! whose proofs let an entry in             rules::admission
//! who may write an entry, where enrolled   rules::registry::fold, and speaker for readings
//! when an entry was received               rules::received
//! whether the gateway's clock is believed  device::clock, for the time of a reading
//! whether a device's clock is believed     contract::eval::device
//! who signed a checkpoint                  tlog::checkpoint
//! whether a checkpoint may follow another  tlog::consistency
//! what a writer that died left behind      ledger::write::recover; its own torn line: ledger::write::batch
//! whether a term is kept                   contract::standing
//! the price of an excursion                contract::settle::price
//! ```
//!
//! Values, records, trees, rules, contracts, verdicts and their words are pure: no file, clock, environment or terminal.
//! Only `machine` asks for the time and for random numbers, only `cli::term` prints, only `bin/foil.rs` ends the process.

pub mod audit;
pub mod cli;
pub mod contract;
pub mod decimal;
pub mod device;
pub mod escape;
pub mod explain;
pub mod file_kind;
pub mod gateway;
pub mod hash;
pub mod json;
pub mod key;
pub mod ledger;
pub mod likeness;
pub mod machine;
pub mod peer;
pub mod record;
pub mod report;
pub mod rules;
pub mod time;
pub mod tlog;
pub mod toml_file;
pub mod verify;
