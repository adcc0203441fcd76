//! The axis of values: from where to where it goes, and its round numbers.

/// An axis of values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueScale {
    low: f64,
    high: f64,
    pub(super) ticks: Vec<ValueTick>,
}

/// A number on the axis.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ValueTick {
    pub(super) value: f64,
    pub(super) label: String,
}

/// The part of the axis above the highest value, and below the lowest.
const MARGIN: f64 = 0.05;

/// Doubles that differ by less of their size than this are hardly told apart.
const FINEST: f64 = 1e-14;

impl ValueScale {
    /// The axis for values from a lowest to a highest one, which are finite, with about so many round numbers.
    pub(super) fn of(lowest: f64, highest: f64, most: usize) -> Self {
        // Halves, since the difference of two doubles may be none.
        let half = highest / 2.0 - lowest / 2.0;
        let pad = match (half > 0.0, lowest == 0.0) {
            (true, _) => half * 2.0 * MARGIN,
            (false, true) => 1.0,
            (false, false) => lowest.abs() * 2.0 * MARGIN,
        };
        let low = (lowest - pad).max(f64::MIN);
        let high = (highest + pad).min(f64::MAX);
        let ticks = round_numbers(low, high, most).unwrap_or_else(|| ends(lowest, highest));
        Self { low, high, ticks }
    }

    /// Where a value stands: 0 is the lower end of the axis, 1 the upper one.
    pub(super) fn place(&self, value: f64) -> f64 {
        let length = self.high / 2.0 - self.low / 2.0;
        ((value / 2.0 - self.low / 2.0) / length).clamp(0.0, 1.0)
    }
}

/// The multiples of 1, 2 or 5 times a power of ten; `None`: doubles of this size are too coarse or too fine for that.
fn round_numbers(low: f64, high: f64, most: usize) -> Option<Vec<ValueTick>> {
    let parts = f64::from(u16::try_from(most.max(1)).unwrap_or(u16::MAX));
    let rough = (high / 2.0 - low / 2.0) / (parts / 2.0);
    let power = rough.log10().floor();
    let unit = 10f64.powf(power);
    let step = [1.0, 2.0, 5.0, 10.0].map(|times| times * unit).into_iter().find(|step| *step >= rough)?;
    let size = low.abs().max(high.abs());
    if !unit.is_normal() || step < size * FINEST {
        return None;
    }
    let (first, last) = ((low / step).ceil(), (high / step).floor());
    let numbers = (0..=most).map(|n| first + f64::from(u16::try_from(n).unwrap_or(u16::MAX)));
    // Zero has no sign.
    let values = numbers.take_while(|number| *number <= last).map(|number| number * step + 0.0);
    Some(values.map(|value| ValueTick { value, label: label(value, step, size) }).collect())
}

/// A round number with as many digits as tell it from its neighbours.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // exponents of doubles, made positive before
fn label(value: f64, step: f64, size: f64) -> String {
    // What is a power of ten may be written a little below it.
    let power = (step.log10() + 1e-9).floor();
    if (-9.0..0.0).contains(&power) {
        return format!("{value:.*}", -power as usize);
    }
    if (0.0..9.0).contains(&power) && size < 1e12 {
        return format!("{value:.0}");
    }
    let digits = (size.log10().floor() - power).clamp(0.0, 16.0) as usize;
    format!("{value:.digits$e}")
}

/// The lowest and the highest value themselves.
fn ends(lowest: f64, highest: f64) -> Vec<ValueTick> {
    let mut ends = vec![lowest, highest];
    ends.dedup();
    ends.into_iter().map(|value| ValueTick { value, label: format!("{value:e}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(lowest: f64, highest: f64) -> Vec<String> {
        let scale = ValueScale::of(lowest, highest, 5);
        assert!(scale.ticks.len() <= 6);
        let places: Vec<f64> = scale.ticks.iter().map(|tick| scale.place(tick.value)).collect();
        assert!(places.is_sorted() && places.iter().all(|place| (0.0..=1.0).contains(place)), "{places:?}");
        scale.ticks.into_iter().map(|tick| tick.label).collect()
    }

    #[test]
    fn numbers_are_round_and_told_apart() {
        assert_eq!(labels(3.92, 3.96), ["3.92", "3.93", "3.94", "3.95", "3.96"]);
        assert_eq!(labels(-4.0, 5.0), ["-4", "-2", "0", "2", "4"]);
        assert_eq!(labels(0.0, 1e6), ["0", "500000", "1000000"]);
        assert_eq!(labels(1e-12, 4e-12), ["1e-12", "2e-12", "3e-12", "4e-12"]);
        assert_eq!(
            labels(1.0001e20, 1.0005e20),
            ["1.0001e20", "1.0002e20", "1.0003e20", "1.0004e20", "1.0005e20"]
        );
    }

    #[test]
    fn one_value_has_an_axis_around_it() {
        let scale = ValueScale::of(4.0, 4.0, 5);
        assert!((scale.place(4.0) - 0.5).abs() < 1e-9);
        assert!(labels(4.0, 4.0).contains(&"4.0".to_owned()));
        assert_eq!(labels(0.0, 0.0), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
    }

    #[test]
    fn the_ends_of_what_doubles_can_say_have_an_axis() {
        for (lowest, highest) in [
            (f64::MIN, f64::MAX),
            (f64::MAX, f64::MAX),
            (5e-324, 1e-323),
            (0.0, 5e-324),
            (1e16, 1e16 + 2.0),
            (-1e300, 1e-300),
        ] {
            assert!(!labels(lowest, highest).is_empty(), "{lowest:e} {highest:e}");
            let scale = ValueScale::of(lowest, highest, 5);
            let places = [scale.place(lowest), scale.place(highest)];
            assert!(places.iter().all(|place| place.is_finite()), "{places:?}");
        }
    }
}
