//! The town's edge, and whether a point lies within it.

use serde::{Deserialize, Serialize};

use crate::Point;

/// A closed ring of points around the town; an empty one means that the town did not say.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Border(pub Vec<Point>);

impl Border {
    /// Returns whether the point is inside; `None` when there is no ring to ask.
    ///
    /// Even-odd rule over straight edges in degrees: right for a town, whose edges are a few kilometres long.
    #[must_use]
    pub fn holds(&self, point: Point) -> Option<bool> {
        if self.0.len() < 3 {
            return None;
        }
        let (lat, lon) = (point.lat(), point.lon());
        let ring = || self.0.iter();
        let edges = ring().zip(ring().cycle().skip(1));
        let crossings = edges.filter(|(a, b)| {
            (a.lat() > lat) != (b.lat() > lat)
                && lon < (b.lon() - a.lon()) * (lat - a.lat()) / (b.lat() - a.lat()) + a.lon()
        });
        Some(crossings.count() % 2 == 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(lat: f64, lon: f64) -> Point {
        Point::new(lat, lon).unwrap()
    }

    #[test]
    fn a_hollow_in_the_border_is_outside() {
        // A letter U open to the north: the middle of the U belongs to the neighbours.
        let u = Border(vec![
            at(0.0, 0.0),
            at(0.0, 3.0),
            at(3.0, 3.0),
            at(3.0, 2.0),
            at(1.0, 2.0),
            at(1.0, 1.0),
            at(3.0, 1.0),
            at(3.0, 0.0),
        ]);
        assert_eq!(u.holds(at(0.5, 1.5)), Some(true));
        assert_eq!(u.holds(at(2.0, 1.5)), Some(false));
        assert_eq!(u.holds(at(2.0, 0.5)), Some(true));
        assert_eq!(u.holds(at(-1.0, 1.5)), Some(false));
    }

    #[test]
    fn without_a_ring_nobody_knows() {
        assert_eq!(Border::default().holds(at(1.0, 1.0)), None);
    }

    proptest! {
        #[test]
        fn a_box_holds_what_is_between_its_sides(lat in -2.0..2.0_f64, lon in -2.0..2.0_f64) {
            let square = Border(vec![at(-1.0, -1.0), at(-1.0, 1.0), at(1.0, 1.0), at(1.0, -1.0)]);
            prop_assume!((lat.abs() - 1.0).abs() > 1e-9 && (lon.abs() - 1.0).abs() > 1e-9);
            prop_assert_eq!(square.holds(at(lat, lon)), Some(lat.abs() < 1.0 && lon.abs() < 1.0));
        }
    }
}
