//! Transparency logs: a Merkle tree over the lines of a ledger (RFC 6962, RFC 9162), and signed
//! notes about that tree (C2SP). Pure: no file, socket or clock.

pub mod arrival;
pub mod bundle;
pub mod checkpoint;
pub mod consistency;
pub mod declaration;
pub mod entry;
pub mod entry_view;
pub mod evidence;
pub mod layout;
pub mod merkle;
pub mod note;
pub mod proof;
pub mod proof_file;
pub mod proven;
pub mod pruned;
pub mod published;
pub mod resource;
pub mod stub;
pub mod tile;
pub mod undone;
pub mod view;
pub mod vkey;
