//! What a device is made of, if it is made of devices.

use crate::decimal::Decimal;

/// The devices that a device is made of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeviceGroup {
    /// The devices, in the order in which the contract names them
    pub members: Vec<MemberDevice>,
    /// How many of them must agree: more than half
    pub agree: usize,
    /// How far apart values that agree can be, by field of the group
    pub within: Vec<Decimal>,
}

/// One of the devices that a device is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberDevice {
    /// Its place in the contract
    pub device: usize,
    /// Its fields, by field of the group
    pub fields: Vec<usize>,
}
