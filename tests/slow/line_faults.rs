//! A million frames of each format over bad lines.

use crate::support::trial::trials;

#[path = "../device/faults.rs"]
mod faults;

trials![of_a_million_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse];

fn of_a_million_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse() {
    faults::hold_to_their_proof(250_000);
}
