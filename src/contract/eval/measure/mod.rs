//! Measures through time: for each bucket what a device's values come to.
//!
//! ```text
//! plan      which measures are asked for over which buckets, each once: series of columns
//! follower  the values of one device as they change ─► series: pieces of time, cut at the borders ─► columns
//! table     all columns of all devices, bucket by bucket ─► measure terms (tally), payments
//! ```
//!
//! A follower keeps one value for each bucket that is over, and the state of those that are open. Time in which a value is
//! unknown makes what is measured a bound, or unknown: [`MeasuredValue`].

mod column;
mod counters;
mod follower;
mod plan;
mod rise;
mod series;
mod table;
mod tally;
mod value;

pub use plan::MeasuredBy;
pub use table::{MeasuredBucket, MeasuredRow, MeasuredTable, TermBucket};
pub use tally::{FailedBucket, MeasureTally};
pub use value::MeasuredValue;

pub(super) use follower::MeasureFollower;
pub(super) use table::DeviceColumns;
