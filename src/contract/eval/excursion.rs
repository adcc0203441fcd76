//! Excursions: the stretches in which a condition was broken, and what they come to.

use super::EntryId;
use crate::decimal::Decimal;

/// A stretch in which a condition was broken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excursion {
    /// When it began, in milliseconds since 1970
    pub start: i64,
    /// The first good value, or the end of the period; `None`: it still lasts
    pub end: Option<i64>,
    /// When the limit was passed; `None`: it was not
    pub breached_at: Option<i64>,
    /// How long it counts: what readings show, and the unknown time in it as the term's `gap` says
    pub milliseconds: i64,
    /// How long readings show it
    pub proven: i64,
    /// How much of what counts came after what the term tolerates was used up
    pub beyond: i64,
    /// The value furthest outside, the earliest of several; `None`: no single field is compared with a constant
    pub extreme: Option<Decimal>,
    /// The entry that began it
    pub first_entry: EntryId,
    /// The last entry in it
    pub last_entry: EntryId,
    /// How far inside the extreme is, so below zero; `None` where there is no extreme
    pub(super) distance: Option<Decimal>,
}

/// The excursions of a condition, and sums over them.
#[derive(Clone, Debug, Default)]
pub struct ExcursionTally {
    /// The first excursions
    pub excursions: Vec<Excursion>,
    /// How many there were
    pub excursions_total: u64,
    /// Whether a limit was passed
    pub breached: bool,
    /// For how long the condition was unknown
    pub unknown: i64,
    /// How far inside the worst value was, below zero outside; `None`: no value has a distance
    pub worst: Option<Decimal>,
    /// The worst value itself, the earliest of several, and since when it stood
    pub worst_value: Option<(Decimal, i64)>,
    /// How long the longest excursion counts
    pub longest: i64,
    /// How long all excursions count
    pub total: i64,
    /// How long they count in the fullest window; `None`: the term asks about no window that ends at any
    /// instant
    pub fullest: Option<i64>,
    /// How many excursions are long enough to be counted: a whole unit of the contract's `resolution`
    pub counted: u64,
    /// How much longer the excursion that still lasts must count to breach the term; `None`: none lasts, it has
    /// breached, or no length does
    pub left: Option<i64>,
    /// How much longer the worst of it could have been in whole units, below zero beyond; `None`: what is tolerated
    /// has no length
    pub spare: Option<i64>,
    /// Whether it would be a breach if the condition had been broken in all unknown time
    pub could_breach: bool,
    /// How many excursions breached
    pub breaches_total: u64,
    /// Those of them that were not taken yet, of a term that is paid for
    pub breaches: Vec<Excursion>,
}

impl Excursion {
    /// How far outside the worst value was; `None` where the excursion has no extreme.
    pub fn excess(&self) -> Option<Decimal> {
        self.distance.map(Decimal::negated)
    }

    /// A value in it, and how far inside it is: of equal ones the earliest is the extreme.
    pub(super) fn meet(&mut self, value: Decimal, distance: Decimal) {
        if self.distance.is_none_or(|worst| distance < worst) {
            (self.extreme, self.distance) = (Some(value), Some(distance));
        }
    }
}
