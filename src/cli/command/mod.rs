//! The commands, one file each: a table of examples, the arguments, whose doc comments are the help, and
//! `run`.

pub(super) mod chain_append;
pub(super) mod chain_cat;
pub(super) mod chain_diff;
pub(super) mod chain_init;
pub(super) mod chain_pack;
pub(super) mod chain_prove;
pub(super) mod chain_prune;
pub(super) mod chain_publish;
pub(super) mod chain_repair;
pub(super) mod chain_status;
pub(super) mod chain_stub;
pub(super) mod contact_add;
pub(super) mod contact_list;
pub(super) mod contact_remove;
pub(super) mod contract_check;
pub(super) mod contract_compile;
pub(super) mod contract_lint;
pub(super) mod demo;
pub(super) mod device_ports;
pub(super) mod device_read;
pub(super) mod device_simulate;
pub(super) mod key_export;
pub(super) mod key_show;
pub(super) mod keygen;
pub(super) mod repl;
pub(super) mod show;
pub(super) mod sign;
pub(super) mod verify;
