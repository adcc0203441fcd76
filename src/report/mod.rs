//! Pages for people: a verdict on a contract, on a ledger, on two copies, on evidence; for an auditor, too. And plots of what
//! was measured.
//!
//! A page is plain text, made from an answer that is data. What came from devices, peers and files is escaped in it.

mod auditor;
mod comparison;
mod doubt;
mod evidence;
mod excursion;
mod finality;
mod folded;
mod money;
mod names;
mod open_until;
mod page;
mod party;
mod period;
pub mod plot;
mod record_doubt;
mod term;
mod verdict;
mod verification;

pub use auditor::{AuditorPage, auditor};
pub use comparison::comparison;
pub use doubt::doubts;
pub use evidence::evidence;
pub use excursion::excursion;
pub use folded::folded;
pub use open_until::OpenUntil;
pub use page::{VerdictPage, grouped};
pub use verdict::verdict;
pub use verification::verification;
