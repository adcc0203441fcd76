//! What single groups of a line say where their code tells what to look for.
//!
//! ```text
//! (0)               no failure, no month: nothing follows
//! (2147483647*s)    a duration whose counter is at its end
//! (0002)            text; of states, up to three digits are a number
//! ```

use crate::json::Value;

use super::{ObisAmount, amount, is_nothing, number_and_unit};

/// Whether a group says that nothing follows.
pub(super) fn is_zero(count: &str) -> bool {
    count.bytes().all(|digit| digit == b'0')
}

/// Whether a duration is that of a counter at its end, which stands for none.
pub(super) fn is_endless(duration: &str) -> bool {
    matches!(number_and_unit(duration).0.parse(), Ok(0x7fff_ffff_u32 | u32::MAX))
}

pub(super) fn text_of(text: &str) -> Value {
    if is_nothing(text) { Value::Null } else { text.into() }
}

/// Up to three digits are a number.
pub(super) fn state_of(state: &str) -> Value {
    match amount(state) {
        Some(ObisAmount::Number(number, None)) if state.trim().len() <= 3 => number.into(),
        Some(ObisAmount::Nothing) => Value::Null,
        _ => state.into(),
    }
}
