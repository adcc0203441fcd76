//! A gateway: several devices read, signed for, and kept in one ledger by one process.
//!
//! ```text
//! device::session ─ port ─┐       signers
//! device::session ─ port ─┼─→ queue (bounded) ─→ keeper ─→ ledger::write     a receipt
//! device::session ─ port ─┘       signers          └─────→ spill             until it can be written
//!                      └─────────→ state ←─────────┘
//!                                    └─→ listen (/health, /values, /metrics), service (systemd)
//! ```
//!
//! The records are those of `device read | sign | chain append`, byte for byte. What a gateway has just signed it does not
//! verify again; whether it may enter is asked of the ledger's rules as ever.

pub mod keeper;
mod listen;
mod metrics;
pub mod notice;
mod port;
mod queue;
pub mod run;
mod service;
mod signer;
mod spill;
mod state;
