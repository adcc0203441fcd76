//! Many frames of each format over bad lines: a hundred thousand in the ordinary run,
//! and a million by `cargo test --test slow line_faults -- --ignored`.

use crate::support::trial::trials;

#[path = "../device/faults.rs"]
mod faults;

trials![of_a_hundred_thousand_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse;
    takes minutes: of_a_million_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse];

fn of_a_hundred_thousand_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse() {
    faults::hold_to_their_proof(25_000);
}

fn of_a_million_frames_no_faulty_one_becomes_a_reading_that_its_proof_should_refuse() {
    faults::hold_to_their_proof(250_000);
}
