//! OBIS codes: what each names in an electricity meter, and lines that have them, for all formats that carry them.
//!
//! ```text
//! 1-0:1.8.1*255
//! │ │ │ │ │ └ F   a value of an earlier billing period; 255: the current one
//! │ │ │ │ └── E   tariff, 0: all
//! │ │ │ └──── D   how it was processed: 7 at this moment, 8 counted since the beginning
//! │ │ └────── C   what it is: 1 active energy or power that is imported, 32 voltage of L1
//! │ └──────── B   channel
//! └────────── A   medium: 0 none, 1 electricity
//! ```
//!
//! Standard: IEC 62056-61; DLMS UA Blue Book, part 1.

mod body;
mod clock;
mod code;
mod line;
mod quantities;

pub(super) use body::{ObisBody, fits};
pub(super) use clock::SplitClock;
pub(super) use code::ObisCode;
pub(super) use line::{DataSet, ObisAmount, amount, is_nothing, number_and_unit};
pub(super) use quantities::quantity;
