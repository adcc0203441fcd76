//! Records: JSON objects that somebody says, and signs.
//!
//! `type` names what a record means. Types that nobody here knows are carried, signed and verified, and
//! mean nothing here.

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
