//! Contracts: expressions, compiling, linting, and what a ledger's readings come to under them.

mod documents;
mod expressions;
mod lints;
mod verdicts;
