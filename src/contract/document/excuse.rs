//! `[[excuses]]`: events that take time out of terms.

use super::{ContractTerm, EventDemand, event::read_signers, names::DocumentNames, table::DocumentTable};

/// An event that takes time out of terms: from `from` to `until` of its fields.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Which event, and who signs it
    pub demand: EventDemand,
    /// The terms that it excuses
    pub terms: Vec<usize>,
}

pub(super) fn read(root: &DocumentTable, names: &DocumentNames, terms: &[ContractTerm]) -> Vec<Excuse> {
    let mut excuses = Vec::new();
    for table in root.tables("excuses") {
        let event = table.required("event", table.text("event"));
        let by = read_signers(&table, "signed_by", names.parties);
        let place = |id: &str| terms.iter().position(|term| term.id == id);
        let covered = table.required("terms", Some(table.list("terms", "terms", place)));
        table.finish();
        if let (Some(event), Some(by), Some(terms)) = (event, by, covered) {
            excuses.push(Excuse { demand: EventDemand { event: event.to_owned(), by }, terms });
        }
    }
    excuses
}
