//! How an explanation is shown to people.

use super::term::escape;
use crate::explain::{Explanation, Signer};

/// What a document says, who signed it, and whose signature is missing: lines, and harmless ones.
pub(crate) fn text(told: &Explanation) -> String {
    let says = told.says.iter().cloned().chain(told.fault.as_ref().map(|fault| format!("at fault: {fault}")));
    let warnings = told.warnings.iter().map(|warning| format!("warning: {warning}"));
    let mut lines: Vec<String> = says.chain(warnings).collect();
    lines.extend(told.signers.iter().map(|one| signer(one, told)));
    if told.signers.is_empty() {
        lines.push("signed by nobody".to_owned());
    }
    lines.extend(told.missing.iter().map(|missing| format!("missing: the signature of {missing}")));
    format!(
        "{}: {}\n",
        escape(&told.kind),
        lines.iter().map(|line| escape(line)).collect::<Vec<_>>().join("\n  ")
    )
}

fn signer(signer: &Signer, told: &Explanation) -> String {
    let (who, why) = (signer.who.as_deref(), signer.why.as_deref().unwrap_or_default());
    let Some(who) = who.or(signer.good.map(|_| "nobody who can be named")) else {
        return format!("a signature that names no key: {why}");
    };
    let who = called(who, told.name_of(who));
    match signer.good {
        Some(true) => format!("signed by {who}: the proof holds"),
        Some(false) => format!("a bad proof in the name of {who}: {why}"),
        None => format!("a signature in the name of {who}: {why}"),
    }
}

/// A key by what it is called where it stands, and its DID.
pub(crate) fn called(did: &str, name: Option<&str>) -> String {
    name.map_or_else(|| did.to_owned(), |name| format!("{name}, {did}"))
}
