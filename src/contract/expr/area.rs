//! Areas: a ring of corners, in integers of 10⁻⁷ degrees.
//!
//! ```toml
//! [areas]
//! yard = [["59.91", "10.75"], ["59.92", "10.75"], ["59.92", "10.77"], ["59.91", "10.77"]]
//! ```
//!
//! Latitude first, as people say it. A ring is closed by itself; its edges are inside. Edges are straight in
//! degrees, as on a plate carrée map, and none may cross the antimeridian.

use std::fmt;

use crate::decimal::Decimal;

const DIGITS: u32 = 7;
const DEGREE: i64 = 10_000_000;

/// A closed ring of corners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    corners: Vec<(i64, i64)>,
}

/// Why corners make no area.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadArea {
    /// Fewer than three corners
    TooFew,
    /// A latitude beyond 90 or a longitude beyond 180 degrees
    OffTheEarth,
    /// An edge longer than half the way round
    Antimeridian,
}

impl fmt::Display for BadArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFew => "an area has at least three corners",
            Self::OffTheEarth => "a corner is latitude (-90 to 90), then longitude (-180 to 180)",
            Self::Antimeridian => "an edge across the antimeridian: divide the area there",
        })
    }
}

impl std::error::Error for BadArea {}

impl Area {
    /// The area between corners of latitude and longitude.
    ///
    /// # Errors
    /// If there are fewer than three, one is off the earth, or an edge crosses the antimeridian.
    pub fn new(corners: &[(Decimal, Decimal)]) -> Result<Self, BadArea> {
        let corners: Option<Vec<_>> = corners.iter().map(|(lat, lon)| point(*lat, *lon)).collect();
        let mut corners = corners.ok_or(BadArea::OffTheEarth)?;
        if corners.len() > 1 && corners.first() == corners.last() {
            corners.pop();
        }
        let area = Self { corners };
        if area.corners.len() < 3 {
            return Err(BadArea::TooFew);
        }
        if area.edges().any(|((_, a), (_, b))| (a - b).abs() > 180 * DEGREE) {
            return Err(BadArea::Antimeridian);
        }
        Ok(area)
    }

    /// Whether a place is inside or on an edge. A place off the earth is not.
    pub fn contains(&self, lat: Decimal, lon: Decimal) -> bool {
        let Some((y, x)) = point(lat, lon) else { return false };
        let mut inside = false;
        for ((y1, x1), (y2, x2)) in self.edges() {
            // Differences fit 33 bits, products 66.
            let side = i128::from(x2 - x1) * i128::from(y - y1) - i128::from(y2 - y1) * i128::from(x - x1);
            let within = x >= x1.min(x2) && x <= x1.max(x2) && y >= y1.min(y2) && y <= y1.max(y2);
            if side == 0 && within {
                return true;
            }
            // A ray to the east crosses the edge if the ends lie on both sides of it and the place west of it.
            if (y1 > y) != (y2 > y) && (side > 0) == (y2 > y1) {
                inside = !inside;
            }
        }
        inside
    }

    fn edges(&self) -> impl Iterator<Item = ((i64, i64), (i64, i64))> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }
}

/// A place in integers, the seventh digit rounded half to even.
fn point(lat: Decimal, lon: Decimal) -> Option<(i64, i64)> {
    let whole = |degrees: Decimal, most: i64| {
        let units = i64::try_from(degrees.scaled(DIGITS)?).ok()?;
        (units.abs() <= most * DEGREE).then_some(units)
    };
    Some((whole(lat, 90)?, whole(lon, 180)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    fn area(corners: &[(&str, &str)]) -> Result<Area, BadArea> {
        Area::new(&corners.iter().map(|(lat, lon)| (decimal(lat), decimal(lon))).collect::<Vec<_>>())
    }

    #[test]
    fn edges_and_corners_are_inside() {
        // an L: the notch is the upper right quarter
        let shape = area(&[("0", "0"), ("0", "2"), ("1", "2"), ("1", "1"), ("2", "1"), ("2", "0")]).unwrap();
        let inside = |lat, lon| shape.contains(decimal(lat), decimal(lon));
        for (lat, lon) in [("0.5", "1.5"), ("1.5", "0.5"), ("0", "0"), ("1", "1"), ("1", "1.5"), ("2", "0.5")]
        {
            assert!(inside(lat, lon), "{lat} {lon}");
        }
        for (lat, lon) in
            [("1.5", "1.5"), ("1.0000001", "1.5"), ("-0.0000001", "1"), ("2", "1.1"), ("91", "0")]
        {
            assert!(!inside(lat, lon), "{lat} {lon}");
        }
        // beyond the seventh digit there is rounding, not a difference
        assert!(inside("1.00000001", "1.5"));
    }

    #[test]
    fn what_makes_no_area_is_refused() {
        assert_eq!(area(&[("0", "0"), ("1", "1"), ("0", "0")]), Err(BadArea::TooFew));
        assert_eq!(area(&[("0", "0"), ("91", "1"), ("0", "1")]), Err(BadArea::OffTheEarth));
        assert_eq!(area(&[("0", "179"), ("1", "-179"), ("2", "179")]), Err(BadArea::Antimeridian));
    }
}
