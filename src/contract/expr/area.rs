//! Areas: a ring of corners, in integers of 10⁻⁷ degrees.
//!
//! ```toml
//! [areas]
//! yard = [["59.91", "10.75"], ["59.92", "10.75"], ["59.92", "10.77"], ["59.91", "10.77"]]
//! ```
//!
//! Latitude first, as people say it. A ring is closed by itself; its edges are inside. Edges are straight in
//! degrees, as on a plate carrée map, and none may cross the antimeridian, or another one: of a ring that crosses itself
//! nobody knows which side is inside.

use std::fmt;

use crate::decimal::Decimal;

const DIGITS: u32 = 7;
const DEGREE: i64 = 10_000_000;

/// A place in integers: latitude, then longitude.
type Corner = (i64, i64);

/// Two corners that follow each other.
type Edge = (Corner, Corner);

/// A closed ring of corners.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Area {
    corners: Vec<Corner>,
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
    /// Two edges that cross
    Crossing,
    /// All corners on one line
    Flat,
}

impl fmt::Display for BadArea {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooFew => "an area has at least three corners",
            Self::OffTheEarth => "a corner is latitude (-90 to 90), then longitude (-180 to 180)",
            Self::Antimeridian => "an edge across the antimeridian: divide the area there",
            Self::Crossing => "two edges cross: the corners follow each other round the area",
            Self::Flat => "all corners are on one line: nothing is between them",
        })
    }
}

impl std::error::Error for BadArea {}

impl Area {
    /// The area between corners of latitude and longitude.
    ///
    /// # Errors
    /// If there are fewer than three, one is off the earth, an edge crosses the antimeridian or another edge, or nothing is
    /// between them.
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
        let [a, b] = [area.corners[0], area.corners[1]];
        if area.corners.iter().all(|corner| side((a, b), *corner) == 0) {
            return Err(BadArea::Flat);
        }
        if area.crosses_itself() { Err(BadArea::Crossing) } else { Ok(area) }
    }

    /// Whether a place is inside or on an edge; `None`: there is no such place on the earth. The antimeridian is one line,
    /// whichever sign it bears.
    pub fn contains(&self, lat: Decimal, lon: Decimal) -> Option<bool> {
        let (y, x) = point(lat, lon)?;
        Some(self.has((y, x)) || x.abs() == 180 * DEGREE && self.has((y, -x)))
    }

    fn has(&self, (y, x): Corner) -> bool {
        let mut inside = false;
        for ((y1, x1), (y2, x2)) in self.edges() {
            let side = side(((y1, x1), (y2, x2)), (y, x));
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

    fn edges(&self) -> impl Iterator<Item = Edge> {
        let next = self.corners.iter().cycle().skip(1);
        self.corners.iter().copied().zip(next.copied())
    }

    /// Whether two edges cross at a place that is an end of neither.
    fn crosses_itself(&self) -> bool {
        let edges: Vec<_> = self.edges().collect();
        edges.iter().enumerate().any(|(at, edge)| edges[at + 1..].iter().any(|other| cross(*edge, *other)))
    }
}

/// On which side of an edge a place lies: above zero, below, or in line with it.
fn side(((y1, x1), (y2, x2)): Edge, (y, x): Corner) -> i128 {
    // Differences fit 33 bits, products 66.
    i128::from(x2 - x1) * i128::from(y - y1) - i128::from(y2 - y1) * i128::from(x - x1)
}

fn cross(a: Edge, b: Edge) -> bool {
    let apart = |a: (i64, i64), b: (i64, i64)| a.0.max(a.1) < b.0.min(b.1) || b.0.max(b.1) < a.0.min(a.1);
    let [lat, lon] = [|edge: Edge| (edge.0.0, edge.1.0), |edge: Edge| (edge.0.1, edge.1.1)];
    if apart(lat(a), lat(b)) || apart(lon(a), lon(b)) {
        return false;
    }
    let parts = |edge: Edge, ends: Edge| side(edge, ends.0).signum() * side(edge, ends.1).signum() < 0;
    parts(a, b) && parts(b, a)
}

/// A place in integers, the seventh digit rounded half to even.
fn point(lat: Decimal, lon: Decimal) -> Option<Corner> {
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
        let inside = |lat, lon| shape.contains(decimal(lat), decimal(lon)).unwrap();
        for (lat, lon) in [("0.5", "1.5"), ("1.5", "0.5"), ("0", "0"), ("1", "1"), ("1", "1.5"), ("2", "0.5")]
        {
            assert!(inside(lat, lon), "{lat} {lon}");
        }
        for (lat, lon) in [("1.5", "1.5"), ("1.0000001", "1.5"), ("-0.0000001", "1"), ("2", "1.1")] {
            assert!(!inside(lat, lon), "{lat} {lon}");
        }
        for (lat, lon) in [("91", "0"), ("0", "180.0000001"), ("0", "370")] {
            assert_eq!(shape.contains(decimal(lat), decimal(lon)), None, "{lat} {lon} is nowhere");
        }
        // beyond the seventh digit there is rounding, not a difference
        assert!(inside("1.00000001", "1.5"));
    }

    #[test]
    fn the_antimeridian_is_one_line_from_both_sides() {
        let [west, east] = [("180", "170"), ("-180", "-170")]
            .map(|(line, far)| area(&[("-1", far), ("1", far), ("1", line), ("-1", line)]).unwrap());
        let holds = |area: &Area, lon| area.contains(Decimal::ZERO, decimal(lon)).unwrap();
        for (lon, expected) in [("180", [true; 2]), ("-180", [true; 2]), ("179.9999999", [true, false])] {
            assert_eq!([holds(&west, lon), holds(&east, lon)], expected, "{lon}");
        }
    }

    #[test]
    fn what_makes_no_area_is_refused() {
        assert_eq!(area(&[("0", "0"), ("1", "1"), ("0", "0")]), Err(BadArea::TooFew));
        assert_eq!(area(&[("0", "0"), ("91", "1"), ("0", "1")]), Err(BadArea::OffTheEarth));
        assert_eq!(area(&[("0", "179"), ("1", "-179"), ("2", "179")]), Err(BadArea::Antimeridian));
        assert_eq!(area(&[("0", "0"), ("1", "1"), ("2", "2"), ("3", "3")]), Err(BadArea::Flat));
        // a bow tie: the second corner was written third
        assert_eq!(area(&[("0", "0"), ("1", "1"), ("1", "0"), ("0", "1")]), Err(BadArea::Crossing));
        // a hole that is reached by a cut, and a corner that touches an edge, cross nothing
        let cut =
            [("0", "0"), ("9", "0"), ("9", "9"), ("5", "9"), ("5", "6"), ("3", "6"), ("5", "9"), ("0", "9")];
        assert!(area(&cut).is_ok());
    }
}
