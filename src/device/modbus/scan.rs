//! Looking for the units of a bus: each is asked for one register. A unit that answers with an exception is there, too.

use std::{ops::ControlFlow, time::Duration};

pub use super::answer::ReadAnswer;
use super::{
    bus::{Bus, BusGone, millis, now},
    late::OwedAnswers,
    request::{ModbusTable, ReadRequest},
};
use crate::device::{
    byte_source::{OpenDelay, SourcePlan, opening::open_first},
    decode::BadFrame,
    port::open_error::OpenError,
};

/// What is looked for, at one setting of the port.
#[derive(Clone, Debug)]
pub struct ScanPlan {
    /// Where the bus is
    pub source: SourcePlan,
    /// Whether the driver is to switch the direction of an RS-485 line
    pub rs485: bool,
    /// The units to ask
    pub units: Vec<u8>,
    /// How long an answer may take
    pub timeout: Duration,
}

/// Asks all units, and tells of each what came: its answer, or why there is none. The listener can end the scan.
///
/// # Errors
/// If the port cannot be opened, or goes away.
pub fn scan(
    plan: &ScanPlan,
    tell: &mut dyn FnMut(u8, Result<ReadAnswer, BadFrame>) -> ControlFlow<()>,
) -> Result<(), OpenError> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| OpenError::Other(error.to_string()))?;
    runtime.block_on(async {
        let gives_up = |delay| match delay {
            OpenDelay::Held(_) => Ok(()),
            OpenDelay::Awaited(why) => Err(OpenError::Absent(why)),
        };
        let device = open_first(&plan.source, gives_up).await.unwrap_or_else(Err)?;
        if plan.rs485 {
            device.enable_rs485()?;
        }
        let mut owed = OwedAnswers::new(millis(plan.timeout));
        let mut bus = Bus::new(device, plan.source.settings.baud, plan.timeout, &mut owed);
        let asked = ask_all(&mut bus, plan, tell).await;
        asked.map_err(|BusGone(why)| OpenError::Other(why))
    })
}

async fn ask_all(
    bus: &mut Bus<'_>,
    plan: &ScanPlan,
    tell: &mut dyn FnMut(u8, Result<ReadAnswer, BadFrame>) -> ControlFlow<()>,
) -> Result<(), BusGone> {
    bus.listen(now() + millis(plan.timeout)).await?;
    for unit in &plan.units {
        let request = ReadRequest { unit: *unit, table: ModbusTable::HoldingRegisters, address: 0, count: 1 };
        let answer = bus.ask(request).await?;
        if tell(*unit, answer).is_break() {
            break;
        }
    }
    Ok(())
}
