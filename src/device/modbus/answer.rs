//! What a unit said to a request.

use super::{exception::ModbusException, rtu_frame::RtuContent};

/// What a unit said to a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReadAnswer {
    /// The bytes of its registers or bits
    Data(Vec<u8>),
    /// Why it does not say them
    Exception(ModbusException),
}

impl ReadAnswer {
    /// The answer that a frame holds; `None`: it is no answer to a read.
    pub(super) fn of(content: RtuContent<'_>) -> Option<Self> {
        match content {
            RtuContent::Data(data) => Some(Self::Data(data.to_vec())),
            RtuContent::Exception(why) => Some(Self::Exception(why)),
            RtuContent::Request(_) => None,
        }
    }
}
