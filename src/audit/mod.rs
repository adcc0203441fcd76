//! Questions about ledgers, answered as data: is one sound and whose word is it, which continues which, who is who in
//! it at an instant, what is the verdict on a contract, what would a repair do.
//!
//! A question is a plain struct; whatever it needs from outside – the folder, the memory of what was seen, the time –
//! is in it. Its answer is a value, and so is what is noticed on the way: a notice is handed over as soon as it is
//! known, and the caller finds the words. A refusal that a caller can do something about is a type of its own. Nothing
//! here knows a command line or prints, so a program that uses the library gets every answer that a command gives.

pub mod checked_reader;
mod checkpoint_file;
pub mod clone;
pub mod comparison;
pub mod continuation;
pub mod contract;
pub mod declared;
pub mod device_names;
pub mod device_signs;
pub mod exposure;
pub mod ledger;
pub mod ledger_names;
pub mod prune;
pub mod registry;
pub mod repair;
pub mod rollback;
pub mod status;
pub mod stubs;
pub mod succession;
pub mod target;
pub mod watch;
