//! Published logs of others, read over the network.

pub mod client;
