//! `[[excuses]]`: events that take time out of terms; read, and evaluated by a later version.

use super::{ContractTerm, table::DocumentTable, term::DocumentNames};

/// An event that takes time out of terms.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excuse {
    /// Which event
    pub event: String,
    /// The parties that sign it
    pub signed_by: Vec<usize>,
    /// The terms that it excuses
    pub terms: Vec<usize>,
}

pub(super) fn read(
    root: &DocumentTable,
    names: &DocumentNames,
    terms: &[ContractTerm],
    later: &mut Vec<String>,
) -> Vec<Excuse> {
    let mut excuses = Vec::new();
    for table in root.tables("excuses") {
        let event = table.required("event", table.text("event"));
        let signed_by =
            table.required("signed_by", Some(table.list("signed_by", "parties", |id| names.party(id))));
        let place = |id: &str| terms.iter().position(|term| term.id == id);
        let covered = table.required("terms", Some(table.list("terms", "terms", place)));
        table.finish();
        if let (Some(event), Some(signed_by), Some(terms)) = (event, signed_by, covered) {
            later.push(format!("excuses ({event})"));
            excuses.push(Excuse { event: event.to_owned(), signed_by, terms });
        }
    }
    excuses
}
