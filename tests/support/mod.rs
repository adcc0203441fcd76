//! What several test files share. Each binary uses a part of it; `layers` finds what none uses.

#![allow(dead_code)]

pub mod books;
pub mod damaged;
pub mod ledgers;
pub mod needs;
pub mod publishing;
pub mod run;
pub mod signing;
pub mod transcript;
pub mod trial;
pub mod vectors;
