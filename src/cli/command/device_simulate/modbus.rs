//! A simulated unit on its pseudo-terminal: it is silent until it is asked.

use super::{LOOSE, Simulation, Stop, wait};
use crate::{
    cli::paste,
    device::modbus::{bundled, map_file, register_map::RegisterSet, simulated_unit::SimulatedUnit},
};

/// The registers of a map that is built in.
pub(super) fn map(name: &str) -> Result<RegisterSet, String> {
    let map = map_file::built_in(name).and_then(|map| map.registers);
    map.ok_or_else(|| paste::not_one_of(name, &bundled::names()))
}

impl Simulation<'_> {
    /// Answers what it is asked.
    pub(super) fn answer(&mut self, mut unit: SimulatedUnit) -> Result<(), Stop> {
        while self.args.count.is_none_or(|count| self.frames < count) {
            let question = self.device.receive()?;
            if question.is_empty() {
                unit.silence();
            }
            if let Some(answer) = unit.answer(&question) {
                wait(self.args.fault.delay(&mut self.random))?;
                let answer = self.args.fault.distort(answer, &mut self.random);
                self.device.send(&answer)?;
                self.frames += 1;
                if self.args.fault.unplugs_after(self.frames) {
                    self.device.unplug(LOOSE)?;
                }
            }
        }
        Ok(())
    }
}
