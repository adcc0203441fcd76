//! Records: JSON objects that a party, device or gateway says, and signs.
//!
//! `type` names what a record means. Records of unknown types are carried, signed and verified, and have no further
//! effect.

pub mod claim;
pub mod genesis;
pub mod quantity;
pub mod reading;
pub mod registry;
pub mod scan;
pub mod signed;
pub mod succession;
pub mod view;
pub mod when;
pub mod writers;
