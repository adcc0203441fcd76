//! Contracts: expressions, compiling, linting, and what a ledger's readings come to under them.

mod arrival;
mod dating;
mod days;
mod documents;
mod doubt_absence;
mod doubt_instants;
mod doubt_lengths;
mod doubt_names;
mod events;
mod expressions;
mod groups;
mod hindsight;
mod hour;
mod liable;
mod limits;
mod lints;
mod measures;
mod metered;
mod model;
mod payments;
mod roles;
mod story;
mod tariffs;
mod verdicts;
mod working;
mod zones;
