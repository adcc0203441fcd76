//! The golden values: computed once more by mpmath 1.3.0 with 60 digits, from the formula at the head of the module.

use proptest::prelude::*;

use super::*;

fn decimal(text: &str) -> Decimal {
    Decimal::parse(text).expect(text)
}

fn mean_of<'a>(scale: TemperatureScale, parts: impl IntoIterator<Item = (&'a str, u64)>) -> Option<String> {
    let mut mean = KineticMean::new(scale);
    for (temperature, millis) in parts {
        mean.add(decimal(temperature), millis)?;
    }
    mean.mean().map(|mean| mean.to_string())
}

#[track_caller]
fn assert_celsius(parts: &[(&str, u64)], mean: &str) {
    assert_eq!(mean_of(TemperatureScale::Celsius, parts.iter().copied()).as_deref(), Some(mean), "{parts:?}");
}

#[test]
fn golden_values_fix_every_digit() {
    // 5.5364245…, 21.3004120…, 25.8582084…
    assert_celsius(&[("2", 1), ("8", 1)], "5.54");
    assert_celsius(&[("15", 3_600_000), ("25", 3_600_000)], "21.3");
    assert_celsius(&[("20", 7), ("25", 7), ("30", 7)], "25.86");
    // a day at 40 °C in a month at 20 °C: 22.0075707…; an hour of it in a month at 25 °C: 25.0490818…
    assert_celsius(&[("20", 29), ("40", 1)], "22.01");
    assert_celsius(&[("25", 719), ("40", 1)], "25.05");
    // 5.0543657…: a minute at 25 °C in a day at 5 °C
    assert_celsius(&[("5", 86_340_000), ("25", 60_000)], "5.05");
    // 5.4805016…, 76.2290671…
    assert_celsius(&[("2.3", 6), ("4.7", 6), ("5.1", 6), ("9.8", 6), ("3.3", 6)], "5.48");
    assert_celsius(&[("-40", 1), ("84.9", 1)], "76.23");
    // frozen −63.0691810…; a millisecond of a fault in three days on dry ice −61.6579005…; in liquid nitrogen −151.0423242…
    assert_celsius(&[("-80", 1), ("-60", 1)], "-63.07");
    assert_celsius(&[("-80", 259_200_000), ("85", 1)], "-61.66");
    assert_celsius(&[("-196", 1), ("-150", 1)], "-151.04");
    // a furnace: 1702.6499948…
    assert_celsius(&[("1000", 1), ("2000", 1)], "1702.65");
}

/// Worked examples that others published, with the result that each states.
#[test]
fn published_examples_come_to_what_they_state() {
    // README of github.com/zelti/mkt, an aggregate of PostgreSQL: 2, 2, 5, 8, 8, 8, 8 is 6.25 (6.2502647…)
    assert_celsius(&[("2", 2), ("5", 1), ("8", 4)], "6.25");
    // tooljolt.com, warehouse calculator after USP <1079>: hours at 23, 28, 30 and 21 degrees, 22.36 (22.3631122…)
    assert_celsius(&[("23", 200), ("28", 20), ("30", 8), ("21", 300)], "22.36");
    // The tests of the package coldspend: half the time at 20, half at 30 degrees, 26.2603
    assert_celsius(&[("20", 1), ("30", 1)], "26.26");
}

/// A year of the monthly means of a store, each weighing as many days as given: 24.7594803….
#[test]
fn a_year_of_months_has_one_temperature() {
    let months = ["20.1", "20.4", "21.3", "22.8", "24.9", "27.2", "28", "26.5", "24", "22.2", "20.8", "20.2"];
    let weights = [1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2];
    assert_celsius(&months.into_iter().zip(weights).collect::<Vec<_>>(), "24.76");
}

#[test]
fn what_never_changes_is_its_own_mean() {
    for (temperature, mean) in [("5", "5"), ("-20", "-20"), ("84.9", "84.9"), ("-272.15", "-272.15")] {
        assert_celsius(&[(temperature, 1), (temperature, 86_400_000)], mean);
    }
    // half to even, and in the field's own scale: 281.155 K would be 281.16 K, which is 8.01 °C
    assert_celsius(&[("8.005", 3)], "8");
    assert_celsius(&[("8.015", 3)], "8.02");
    assert_celsius(&[("-8.005", 3)], "-8");
    assert_eq!(mean_of(TemperatureScale::Kelvin, [("281.155", 3)]).as_deref(), Some("281.16"));
    // 5.0100015…, above the middle of its two values
    assert_celsius(&[("5.005", 1), ("5.015", 1)], "5.01");
}

#[test]
fn kelvin_and_degrees_celsius_agree() {
    // 278.6864245…, which is 273.15 more than 5.5364245…
    assert_eq!(mean_of(TemperatureScale::Kelvin, [("275.15", 1), ("281.15", 1)]).as_deref(), Some("278.69"));
    assert_eq!(TemperatureScale::of_unit("Cel"), Some(TemperatureScale::Celsius));
    assert_eq!(TemperatureScale::of_unit("K"), Some(TemperatureScale::Kelvin));
    assert_eq!(TemperatureScale::of_unit("[degF]"), None);
}

#[test]
fn no_time_and_no_temperature_have_no_mean() {
    let celsius = |parts: &[(&str, u64)]| mean_of(TemperatureScale::Celsius, parts.iter().copied());
    assert_eq!(celsius(&[]), None);
    assert_eq!(celsius(&[("5", 0)]), None);
    assert_eq!(celsius(&[("5", 0), ("8", 1)]).as_deref(), Some("8"));
    for outside in ["-273.15", "-300", "-272.16", "100000", "79228162514264337593543950335"] {
        assert_eq!(celsius(&[(outside, 1)]), None, "{outside}");
    }
    assert_eq!(celsius(&[("99726.85", 1)]).as_deref(), Some("99726.85"));
    assert_eq!(celsius(&[("5", u64::MAX), ("5", 1)]), None);
    // the sum of mantissas of 24 digits does not fit: 10^16 ms, 300,000 years
    assert_eq!(celsius(&[("5", 10_000_000_000_000_000)]), None);
}

#[test]
fn a_mean_can_be_taken_and_the_next_one_begins() {
    let mut mean = KineticMean::new(TemperatureScale::Celsius);
    mean.add(decimal("-60"), 5);
    assert_eq!(mean.take(), Some(decimal("-60")));
    assert_eq!(mean.take(), None);
    mean.add(decimal("2"), 1);
    mean.add(decimal("8"), 1);
    assert_eq!(mean.take(), Some(decimal("5.54")));
}

proptest! {
    /// The sums are equal to the last digit, not only the means.
    #[test]
    fn the_order_and_the_cuts_do_not_matter(
        parts in prop::collection::vec((-27_215i32..9_000, 1u64..100_000_000), 1..40),
    ) {
        let (mut forth, mut back) =
            (KineticMean::new(TemperatureScale::Celsius), KineticMean::new(TemperatureScale::Celsius));
        let value = |hundredths: i32| Decimal::new(hundredths.into(), 2).unwrap();
        for (hundredths, millis) in &parts {
            forth.add(value(*hundredths), *millis).unwrap();
        }
        for (hundredths, millis) in parts.iter().rev() {
            back.add(value(*hundredths), millis / 3).unwrap();
            back.add(value(*hundredths), millis - millis / 3).unwrap();
        }
        prop_assert_eq!((&forth.decades, forth.weight), (&back.decades, back.weight));
        let (least, greatest) = (parts.iter().map(|part| part.0).min(), parts.iter().map(|part| part.0).max());
        let mean = forth.mean().unwrap();
        prop_assert!(value(least.unwrap()) <= mean && mean <= value(greatest.unwrap()));
    }
}
