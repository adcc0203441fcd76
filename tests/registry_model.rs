//! The registry's rules, told a second time in a simpler way, and compared with how the registry keeps them.
//!
//! ```text
//! bytes ─ draw ─► event, signers ─┬─► past: a list, everything read anew from its beginning ─┐
//!                                 └─► Registry::judge: a state, changed in place ────────────┴─► alike?
//! ```

mod draw;
mod named;
mod past;
mod rules;
mod twin;

use proptest::{collection::vec, prelude::*};

use draw::{Dice, Draw};
use twin::Twin;

/// Bytes enough for whatever one step decides.
const STEP: usize = 40;

/// One step: time goes on, an event is offered, and a record is said.
fn step(twin: &mut Twin, bytes: &[u8]) {
    let mut draw = Draw { twin, dice: Dice::new(bytes) };
    draw.wait();
    let (event, signers) = draw.event();
    let _ = draw.twin.offer(&event, &signers);
    draw.twin.check_state();
    for _ in 0..4 {
        let (device, speakers) = (draw.device(), draw.speakers());
        draw.twin.check_said(device, &speakers);
    }
    draw.twin.check_replays();
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_registry_keeps_the_rules_as_they_are_written(
        log_is_admin: bool,
        steps in vec(vec(any::<u8>(), STEP), 1..40),
    ) {
        let (mut twin, _) = Twin::peopled(log_is_admin);
        for bytes in &steps {
            step(&mut twin, bytes);
        }
        twin.check_fold();
    }
}
