//! Where something is, how that is known, and how precisely.

mod coordinates;

use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::invalid::optional;
use crate::wire_enum;
use crate::{Field, Invalid, Limits};

/// A point on the earth in WGS 84 degrees, always finite and within range.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
#[serde(try_from = "RawPoint", into = "RawPoint")]
pub struct Point {
    lat: f64,
    lon: f64,
}

/// The shape of a point on the wire, before it is believed.
#[derive(Serialize, Deserialize)]
struct RawPoint {
    lat: f64,
    lon: f64,
}

/// The numbers are no place on earth.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Error)]
#[error("not a latitude between -90 and 90 and a longitude between -180 and 180")]
pub struct BadPoint;

impl Point {
    /// A point from latitude and longitude in degrees.
    ///
    /// # Errors
    /// [`BadPoint`] when either is not a number or out of range.
    pub fn new(lat: f64, lon: f64) -> Result<Self, BadPoint> {
        let sound = (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon);
        if sound { Ok(Self { lat, lon }) } else { Err(BadPoint) }
    }

    /// Latitude in degrees, north positive.
    #[must_use]
    pub const fn lat(self) -> f64 {
        self.lat
    }

    /// Longitude in degrees, east positive.
    #[must_use]
    pub const fn lon(self) -> f64 {
        self.lon
    }

    /// Reads coordinates as people type and paste them: decimal degrees, or degrees, minutes and seconds, with the letters of the compass
    /// on either side and in any order, or without: then the latitude comes first.
    ///
    /// # Errors
    /// [`BadPoint`] when there are not exactly two, or they are out of range.
    pub fn parse(text: &str) -> Result<Self, BadPoint> {
        coordinates::read(&crate::text::code(text))
    }

    /// Metres to another point over the mean sphere (haversine; within 0.5 % of the ellipsoid).
    #[must_use]
    pub fn metres_to(self, other: Self) -> f64 {
        const MEAN_RADIUS: f64 = 6_371_008.8;
        let (lat1, lat2) = (self.lat.to_radians(), other.lat.to_radians());
        let half_lat = (lat2 - lat1) / 2.0;
        let half_lon = (other.lon - self.lon).to_radians() / 2.0;
        let chord = half_lat.sin().powi(2) + lat1.cos() * lat2.cos() * half_lon.sin().powi(2);
        2.0 * MEAN_RADIUS * chord.sqrt().min(1.0).asin()
    }
}

impl TryFrom<RawPoint> for Point {
    type Error = BadPoint;

    fn try_from(raw: RawPoint) -> Result<Self, BadPoint> {
        Self::new(raw.lat, raw.lon)
    }
}

impl From<Point> for RawPoint {
    fn from(point: Point) -> Self {
        Self { lat: point.lat, lon: point.lon }
    }
}

impl fmt::Display for Point {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.6}, {:.6}", self.lat, self.lon)
    }
}

/// The error of a point, in metres, at the usual 95 % (W3C Geolocation, `accuracy`).
#[derive(Clone, Copy, PartialEq, PartialOrd, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Accuracy(pub f64);

wire_enum! {
    /// The source of a place.
    PlaceSource {
        /// The device's own position.
        Device "device",
        /// The position a camera wrote into a photo.
        Photo "photo",
        /// A street found or an address typed.
        Address "address",
        /// Coordinates typed.
        Coordinates "coordinates",
        /// Words only.
        Words "words",
    }
}

/// Where a report is.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
pub struct Place {
    /// The point, when one is known.
    #[serde(default)]
    pub point: Option<Point>,
    /// The precision of the point, when its source said so.
    #[serde(default)]
    pub accuracy: Option<Accuracy>,
    /// The source it became known from.
    pub source: PlaceSource,
    /// An address, typed or chosen.
    #[serde(default)]
    pub address: Option<String>,
    /// The resident's own words: *behind the school, by the second bench*.
    #[serde(default)]
    pub note: Option<String>,
    /// The point first offered, when the resident corrected it.
    #[serde(default)]
    pub corrected_from: Option<Point>,
}

impl Place {
    /// The same, its words without letters that lie about themselves.
    #[must_use]
    pub fn honest(mut self) -> Self {
        for words in [&mut self.address, &mut self.note] {
            *words = words.as_deref().map(crate::text::line).filter(|shown| !shown.is_empty());
        }
        self
    }

    /// A place known by its point alone.
    #[must_use]
    pub const fn at(point: Point, accuracy: Option<Accuracy>, source: PlaceSource) -> Self {
        Self { point: Some(point), accuracy, source, address: None, note: None, corrected_from: None }
    }

    /// A place known by words alone.
    #[must_use]
    pub const fn in_words(note: String) -> Self {
        Self {
            point: None,
            accuracy: None,
            source: PlaceSource::Words,
            address: None,
            note: Some(note),
            corrected_from: None,
        }
    }

    /// A place known by an address, with its point when the street list has one.
    #[must_use]
    pub const fn at_address(address: String, point: Option<Point>) -> Self {
        Self {
            point,
            accuracy: None,
            source: PlaceSource::Address,
            address: Some(address),
            note: None,
            corrected_from: None,
        }
    }

    /// This place in the stead of an earlier one: what the resident added in words stays, and a point that moved
    /// is remembered as a correction.
    #[must_use]
    pub fn instead_of(mut self, earlier: Option<&Self>) -> Self {
        let Some(earlier) = earlier else { return self };
        self.note = self.note.or_else(|| earlier.note.clone());
        let offered = earlier.corrected_from.or(earlier.point);
        self.corrected_from = self.corrected_from.or(offered).filter(|offered| self.point != Some(*offered));
        self
    }

    /// What keeps this place from being sent: it must say *something*, and not at endless length.
    pub fn invalid(&self, limits: &Limits) -> impl Iterator<Item = Invalid> {
        let kept = self.clone().honest();
        let empty = kept.point.is_none() && kept.address.is_none() && kept.note.is_none();
        let missing = empty.then_some(Invalid::missing(Field::Place));
        let address = optional(Field::Address, &kept.address.unwrap_or_default(), limits.place_words);
        let note = optional(Field::PlaceNote, &kept.note.unwrap_or_default(), limits.place_words);
        [missing, address, note].into_iter().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn coordinates_are_read_as_people_type_them() {
        let expected = Point::new(43.4674, 11.8851).unwrap();
        for text in [
            "43.4674, 11.8851",
            "43.4674 11.8851",
            "43,4674 11,8851",
            "43,4674; 11,8851",
            "43,4674 N · 11,8851 E",
            "43.4674° N 11.8851° E",
            "43.4674,11.8851",
            "43,4674 / 11,8851",
        ] {
            assert_eq!(Point::parse(text), Ok(expected), "{text}");
        }
        assert_eq!(Point::parse("33.5 S 70.6 W"), Point::new(-33.5, -70.6));
        for text in ["", "43.4", "abc def", "91 0", "0 181", "1 2 3", "NaN 4", "N E", "inf 0"] {
            assert_eq!(Point::parse(text), Err(BadPoint), "{text}");
        }
    }

    #[test]
    fn a_degree_of_latitude_is_about_111_kilometres() {
        let metres = Point::new(43.0, 11.0).unwrap().metres_to(Point::new(44.0, 11.0).unwrap());
        assert!((111_000.0..111_400.0).contains(&metres), "{metres}");
    }

    #[test]
    fn a_correction_remembers_what_was_offered_first() {
        let (photo, first, second) =
            (Point::new(43.0, 11.0).unwrap(), Point::new(43.1, 11.0).unwrap(), Point::new(43.2, 11.0).unwrap());
        let offered = Place::at(photo, None, PlaceSource::Photo);
        let once = Place::at(first, None, PlaceSource::Coordinates).instead_of(Some(&offered));
        assert_eq!(once.corrected_from, Some(photo));
        let twice = Place::at(second, None, PlaceSource::Coordinates).instead_of(Some(&once));
        assert_eq!(twice.corrected_from, Some(photo));
        let back = Place::at(photo, None, PlaceSource::Photo).instead_of(Some(&twice));
        assert_eq!(back.corrected_from, None);
    }

    proptest! {
        #[test]
        fn any_point_survives_writing_and_reading(lat in -90.0..=90.0_f64, lon in -180.0..=180.0_f64) {
            let point = Point::new(lat, lon).unwrap();
            prop_assert!(point.metres_to(Point::parse(&point.to_string()).unwrap()) < 0.2);
            let json = serde_json::to_string(&point).unwrap();
            prop_assert_eq!(serde_json::from_str::<Point>(&json).unwrap(), point);
        }

        #[test]
        fn no_text_makes_the_reader_fall(text in "\\PC{0,40}") {
            if let Ok(point) = Point::parse(&text) {
                prop_assert!(Point::new(point.lat(), point.lon()).is_ok());
            }
        }

        #[test]
        fn points_out_of_range_are_refused(lat in -1e6..1e6_f64, lon in -1e6..1e6_f64) {
            let sound = lat.abs() <= 90.0 && lon.abs() <= 180.0;
            prop_assert_eq!(Point::new(lat, lon).is_ok(), sound);
            let json = format!("{{\"lat\":{lat:?},\"lon\":{lon:?}}}");
            prop_assert_eq!(serde_json::from_str::<Point>(&json).is_ok(), sound);
        }

        #[test]
        fn distance_is_the_same_both_ways(a in -89.0..89.0_f64, b in -179.0..179.0_f64, c in -89.0..89.0_f64, d in -179.0..179.0_f64) {
            let (p, q) = (Point::new(a, b).unwrap(), Point::new(c, d).unwrap());
            prop_assert!((p.metres_to(q) - q.metres_to(p)).abs() < 1e-3);
            prop_assert!(p.metres_to(p).abs() < 1e-6);
        }

        #[test]
        fn a_place_that_says_anything_is_enough(note in "[a-z ]{0,12}") {
            let place = Place::in_words(note.clone());
            prop_assert_eq!(place.invalid(&Limits::default()).count(), usize::from(note.trim().is_empty()));
        }
    }
}
