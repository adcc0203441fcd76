//! `foil contract lint`: a contract in, what is wrong or odd about it out.

use std::path::{Path, PathBuf};

use crate::{
    cli::{
        Example, caret, contract,
        failure::Outcome,
        term::{Term, escape},
    },
    contract::{
        lint,
        problem::{Problem, ProblemSeverity},
    },
    object,
    toml_file::TextPosition,
};

pub(crate) const EXAMPLES: &[Example] =
    &[Example { does: "look a draft over", line: "foil contract lint shipment.toml" }];

/// Look a contract over: errors, and what cannot be meant
///
/// Types, units, unknown names and keys, limits; conditions that can never hold or never break, terms that
/// can never breach, payments without a cap, a hold under twice the cadence, no ledger named. Each with line,
/// column and caret. Ends with 1 if there is an error, with 0 if there are warnings only.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// The contract; standard input if -
    #[arg(value_hint = clap::ValueHint::FilePath)]
    file: PathBuf,
}

pub(crate) fn run(args: &Args, term: &mut Term) -> anyhow::Result<Outcome> {
    let mut opened = contract::open(&args.file)?;
    if let (Some(source), Some(contract)) = (&opened.source, &opened.contract) {
        let odd = lint::lint(contract).into_iter();
        opened.problems.extend(odd.map(|problem| (problem.clone(), source.position(&problem.place))));
    }
    let whole = |place: &Problem| place.place.path().is_empty();
    opened.problems.sort_by_key(|(problem, spot)| {
        let at = spot.as_ref().filter(|_| !whole(problem)).map_or((0, 0), |spot| (spot.line, spot.column));
        (problem.severity, at)
    });
    for (problem, spot) in &opened.problems {
        if term.human() {
            term.text(&human(&args.file, problem, spot.as_ref()))?;
        } else {
            term.data(&object! {
                "severity": problem.severity.to_string(),
                "path": problem.place.path(),
                "line": spot.as_ref().map(|spot| spot.line as u64),
                "column": spot.as_ref().map(|spot| spot.column as u64),
                "message": problem.message.as_str(),
            })?;
        }
    }
    if opened.problems.is_empty() {
        term.say(format!("{}: nothing to say against it", args.file.display()));
    }
    let error = opened.problems.iter().any(|(problem, _)| problem.severity == ProblemSeverity::Error);
    Ok(if error { Outcome::No } else { Outcome::Yes })
}

/// As a compiler says it: the place, the line, and a caret under what is meant.
fn human(path: &Path, problem: &Problem, spot: Option<&TextPosition>) -> String {
    let Some(spot) = spot else {
        let sentence = contract::sentence(path, problem, None);
        return format!("{}\n", escape(&format!("{}: {sentence}", problem.severity)));
    };
    let place = format!("{}:{}:{}", path.display(), spot.line, spot.column);
    caret::pointed(&format!("{place}: {}: {}", problem.severity, problem.message), spot)
}
