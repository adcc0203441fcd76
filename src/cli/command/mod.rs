//! The commands, one file each: a table of examples, the arguments, whose doc comments are the help, and
//! `run`.
