//! Verifying published logs: in folders, and on servers that may be anything.
