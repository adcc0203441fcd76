//! Logs of others, over the network.

pub mod client;
