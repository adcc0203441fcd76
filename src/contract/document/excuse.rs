//! `[[excuses]]`: events that take time out of terms.

use super::{
    ContractTerm, EventDemand, TermRule, event::read_signers, names::DocumentNames, table::DocumentTable,
};

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
        check_covered(&table, covered.as_deref().unwrap_or_default(), terms);
        table.finish();
        if let (Some(event), Some(by), Some(terms)) = (event, by, covered) {
            excuses.push(Excuse { demand: EventDemand { event: event.to_owned(), by }, terms });
        }
    }
    excuses
}

/// An excuse that takes time out of nothing would be signed as if it did.
fn check_covered(table: &DocumentTable, covered: &[usize], terms: &[ContractTerm]) {
    if table.object.get("terms").is_some_and(|list| list.as_array().is_some_and(<[_]>::is_empty)) {
        table.error("terms", "nothing is excused: name the terms");
    }
    let event = covered.iter().find(|term| matches!(terms[**term].rule, TermRule::Event { .. }));
    if let Some(term) = event {
        let id = &terms[*term].id;
        table.error("terms", format!("{id} asks for an event, which has no time that could be taken out"));
    }
}
