//! Contracts: expressions, compiling, linting, and what a ledger's readings come to under them.

mod arrival;
mod documents;
mod expressions;
mod hour;
mod lints;
mod roles;
mod verdicts;
