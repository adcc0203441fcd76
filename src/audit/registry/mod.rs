//! The registry of a ledger at an instant: who is who, who owned what, in whose hands it was, and what led to it.
//!
//! ```text
//! ledger ─ fold ─► RegistryAt ─ find_member ─► party, device or admin ─ to_object ─► every answer with its entry
//!        └ history ─► PastEvent …                                     └ EventDraft ─► a record, and who is to sign it
//! ```

mod data;
mod draft;
mod entry_judge;
mod fold;
mod history;
mod lookalike;
mod lookup;

pub use data::device_state;
pub use draft::{DraftedEvent, EventDraft};
pub use entry_judge::EntryJudge;
pub use fold::{LedgerInstant, RegistryAt, UpcomingEvent, fold, replay};
pub use history::{PastEvent, history, holder_of};
pub use lookup::{MemberNotFound, RegistryMember, find_member};
