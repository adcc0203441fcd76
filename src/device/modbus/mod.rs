//! Modbus RTU: a master that asks the units of a bus for their registers.
//!
//! ```text
//! register_map (TOML, arguments, bundled) → read_plan → request ──→ bus (port) ──→ listener → answer_wait
//!                                                                                             ↓
//!                                           reading ←── unit_reading ←── map_value ←── the data, or why there is none
//! ```
//!
//! An answer does not say which registers it holds. So everything here is about one question: whether these bytes are the answer
//! to that request. What is not certain is no value.

mod answer;
mod answer_wait;
pub mod bundled;
mod bus;
mod crc;
mod debt;
mod device_kind;
mod exception;
mod late;
mod listener;
pub mod map_file;
pub mod map_line;
pub mod map_value;
pub mod poll_plan;
pub mod poll_session;
mod poller;
mod read_plan;
mod recent_answers;
pub mod register_map;
mod register_type;
mod request;
mod rtu_frame;
mod scaling;
pub mod scan;
mod schedule;
pub mod simulated_unit;
mod unit_poll;
mod unit_reading;
mod word_order;
