//! `foil verify --report`: the page for an auditor.

use std::path::Path;

use crate::{
    cli::{failure::Outcome, key_names, notice, paste, term::Term},
    machine,
    report::{self, AuditorPage},
    verify::{KeySource, Soundness, VerifyReport},
};

use super::{Args, say};

/// Prints the page of one target.
pub(super) fn page(
    target: &Path,
    args: &Args,
    report: &VerifyReport,
    term: &mut Term,
) -> anyhow::Result<Outcome> {
    let target = target.display().to_string();
    let (outcome, soundness) = (say::outcome(report), report.soundness());
    let page = AuditorPage {
        target: &target,
        report,
        now: machine::wall(),
        zone: term.zone(),
        answer: answer(soundness, report),
        contacts: &key_names::contacts_of,
        more: "foil verify",
        again: &again(&target, args, report),
    };
    notice::call_members(report, term);
    term.tell(&report::auditor(&page))?;
    term.flush()?;
    Ok(outcome)
}

fn answer(soundness: Soundness, report: &VerifyReport) -> &'static str {
    match soundness {
        Soundness::Sound => "exit 0: yes, as far as this page says",
        Soundness::NotSound => "exit 1: no, something is wrong with it: see what was found",
        Soundness::NotReadable => "exit 2: it could not be read as a whole",
        Soundness::NotDecided if !report.signatures_checked => {
            "exit 3: not decided, since signatures were left out"
        }
        Soundness::NotDecided if report.kind == "records" => {
            "exit 3: not decided, since some signatures are of a kind that this version does not know"
        }
        Soundness::NotDecided if report.vouched.is_empty() => {
            "exit 3: not decided: it agrees with itself, and whoever made it up could have made up its key as well"
        }
        Soundness::NotDecided => {
            "exit 3: not decided, since it answers none of the stubs, or not all were read"
        }
    }
}

/// The commands that lead to the same page wherever the same bytes are.
fn again(target: &str, args: &Args, report: &VerifyReport) -> Vec<String> {
    let target = paste::word(target);
    let log = report.declared.as_ref().map(|(declared, _)| &declared.log);
    let known = report.vouched.first().map(|voucher| voucher.key.to_string());
    let known = known.filter(|_| report.key != KeySource::Stub && report.kind != "records");
    let key = known.or_else(|| args.key.clone()).map(|key| format!(" --key {}", paste::word(&key)));
    let stubs = args.stub.iter().map(|stub| format!(" --stub {}", paste::path(stub)));
    let unsigned = args.no_signatures.then(|| " --no-signatures".to_owned());
    let all = args.all.then(|| " --all".to_owned());
    let options: String = key.into_iter().chain(stubs).chain(all).chain(unsigned).collect();
    let command = format!("foil verify {target} --report{options}");
    let mut lines = vec![command];
    if report.kind == "records" {
        lines.push(format!("foil show {target}   (what each record says, and who signed it)"));
    }
    if let (true, Some(log)) = (report.vouched.is_empty() && report.kind != "records", log) {
        lines.push(format!(
            "foil verify {target} --key {log}   (once its operator has confirmed the short form)"
        ));
    }
    lines
}
