//! Whether a unit is what its map describes: registers that hold the same in each device of a kind.
//!
//! ```text
//! model = { holding = 40069, type = "u16", only = [101, 102, 103] }
//! 40069: 103     the values stand where the map says
//! 40069: 113     it has other values there, and none of them is read
//! ```

use super::map_value::MapValue;

/// What the answers of a round say of the kind of device.
#[derive(Debug, Default)]
pub(super) struct DeviceKind {
    is_shown: bool,
    /// The name of a value that would have told, and was not answered; `None`: there is none
    unanswered: Option<String>,
    /// What shows that it is another; `None`: nothing does
    other: Option<String>,
}

impl DeviceKind {
    /// The registers of a value hold this pattern.
    pub(super) fn holds(&mut self, value: &MapValue, pattern: u64) {
        if value.only.contains(&pattern) {
            self.is_shown = true;
        } else if !value.only.is_empty() {
            let only: Vec<_> = value.only.iter().map(u64::to_string).collect();
            self.other = Some(format!("{} is {pattern}, and the map is for {}", value.name, only.join(", ")));
        }
    }

    /// A value was not answered.
    pub(super) fn fails(&mut self, value: &MapValue) {
        if !value.only.is_empty() {
            self.unanswered = Some(value.name.clone());
        }
    }

    /// Whether it is what the map describes.
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown && self.other.is_none()
    }

    /// Why it may be another; `None`: nothing says so. `was_shown` is whether an answer before has shown that it is not.
    pub(super) fn doubt(&self, was_shown: bool) -> Option<String> {
        let unanswered = self.unanswered.as_ref().filter(|_| !was_shown);
        let unknown = |name: &String| format!("{name} was not answered, which shows that the map is for it");
        self.other.clone().or_else(|| unanswered.map(unknown))
    }
}

#[cfg(test)]
mod tests {
    use super::{super::map_value::tests::of_type, *};

    #[test]
    fn what_a_register_holds_or_does_not_say_is_weighed() {
        let model = MapValue { name: "model".to_owned(), only: vec![101, 103], ..of_type("u16") };
        let other = of_type("u16");
        let after = |told: &dyn Fn(&mut DeviceKind), was_shown| {
            let mut kind = DeviceKind::default();
            told(&mut kind);
            (kind.is_shown(), kind.doubt(was_shown).is_some())
        };
        for (was_shown, unanswered) in [(false, true), (true, false)] {
            assert_eq!(after(&|kind| kind.holds(&model, 103), was_shown), (true, false));
            assert_eq!(after(&|kind| kind.holds(&model, 113), was_shown), (false, true));
            assert_eq!(after(&|kind| kind.fails(&model), was_shown), (false, unanswered));
            assert_eq!(after(&|kind| kind.fails(&other), was_shown), (false, false));
            assert_eq!(after(&|kind| kind.holds(&other, 113), was_shown), (false, false));
        }
        let mut kind = DeviceKind::default();
        kind.holds(&model, 113);
        assert_eq!(kind.doubt(true).as_deref(), Some("model is 113, and the map is for 101, 103"));
    }
}
