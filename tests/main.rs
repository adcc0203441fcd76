//! All integration tests in one binary: quick to compile.
