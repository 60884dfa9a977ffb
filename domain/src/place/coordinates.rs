//! Coordinates as people type and paste them: decimal degrees, degrees and minutes, letters of the compass on either side and in any order.

use super::{BadPoint, Point};

/// A piece of what was typed.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Piece {
    Number(f64),
    Degrees,
    Minutes,
    Seconds,
    Axis(Axis),
}

/// One of the two numbers of a place, and the half of the world a letter names.
#[derive(Clone, Copy, PartialEq, Debug)]
struct Axis {
    /// Tells whether it is the latitude.
    lat: bool,
    /// Tells whether it counts backwards: south, west.
    back: bool,
}

/// A coordinate: its degrees, and the letter that stood by it.
#[derive(Clone, Copy, Debug, Default)]
struct Coordinate {
    degrees: f64,
    /// How fine it was told: 1, degrees; 2, minutes; 3, seconds.
    parts: u8,
    axis: Option<Axis>,
}

impl Coordinate {
    /// Adds minutes or seconds of the same sign as the degrees.
    fn refine(&mut self, part: u8, value: f64) -> Result<(), BadPoint> {
        // Nothing is finer than a part that is broken up itself, and sixty of one are one of the other.
        if part > 3 || self.parts != part - 1 || !(0.0..60.0).contains(&value) {
            return Err(BadPoint);
        }
        let share = value / if part == 2 { 60.0 } else { 3600.0 };
        self.degrees += if self.degrees.is_sign_negative() { -share } else { share };
        self.parts = part;
        Ok(())
    }
}

/// Reads a place: `43.4674, 11.8851`, `43,4674 N 11,8851 E`, `E 11.8851 N 43.4674`, `43°28'02.6"N 11°53'06.4"E`, `(43.4674; 11.8851)`.
pub(super) fn read(text: &str) -> Result<Point, BadPoint> {
    let pieces = pieces(text)?;
    let before = matches!(pieces.first(), Some(Piece::Axis(_)));
    let marked = pieces.iter().any(|piece| matches!(piece, Piece::Degrees | Piece::Minutes | Piece::Seconds));
    let lettered = pieces.iter().filter(|piece| matches!(piece, Piece::Axis(_))).count() == 2;
    let mut all: Vec<Coordinate> = Vec::new();
    let mut awaited: Option<Axis> = None;
    let mut rest = pieces.as_slice();
    while let [piece, after @ ..] = rest {
        rest = after;
        match *piece {
            Piece::Axis(axis) if before => {
                if awaited.replace(axis).is_some() {
                    return Err(BadPoint);
                }
            }
            Piece::Axis(axis) => {
                let last = all.last_mut().filter(|last| last.axis.is_none()).ok_or(BadPoint)?;
                last.axis = Some(axis);
            }
            Piece::Number(value) => {
                let mark = match rest.first() {
                    Some(mark @ (Piece::Degrees | Piece::Minutes | Piece::Seconds)) => {
                        rest = rest.get(1..).unwrap_or_default();
                        Some(*mark)
                    }
                    _ => None,
                };
                // Without marks, and with both letters, numbers up to a letter are one coordinate: `43 28 02.6 N`.
                let open = all.last().copied().filter(|last| {
                    let same = if before { awaited.is_none() } else { last.axis.is_none() };
                    !marked && lettered && same
                });
                match (mark, open) {
                    (Some(Piece::Minutes), _) => all.last_mut().ok_or(BadPoint)?.refine(2, value)?,
                    (Some(Piece::Seconds), _) => all.last_mut().ok_or(BadPoint)?.refine(3, value)?,
                    (None, Some(last)) => all.last_mut().ok_or(BadPoint)?.refine(last.parts + 1, value)?,
                    _ => all.push(Coordinate { degrees: value, parts: 1, axis: awaited.take() }),
                }
            }
            Piece::Degrees | Piece::Minutes | Piece::Seconds => return Err(BadPoint),
        }
    }
    let [first, second] = all.as_slice() else { return Err(BadPoint) };
    if awaited.is_some() {
        return Err(BadPoint);
    }
    let first_is_lat = match (first.axis, second.axis) {
        (Some(one), Some(other)) if one.lat == other.lat => return Err(BadPoint),
        (Some(one), _) => one.lat,
        (None, Some(other)) => !other.lat,
        (None, None) => true,
    };
    let (lat, lon) = if first_is_lat { (first, second) } else { (second, first) };
    Point::new(signed(lat), signed(lon))
}

fn signed(one: &Coordinate) -> f64 {
    if one.axis.is_some_and(|axis| axis.back) { -one.degrees.abs() } else { one.degrees }
}

/// Takes apart what was typed; a letter that means nothing here is none of a place.
fn pieces(text: &str) -> Result<Vec<Piece>, BadPoint> {
    let letters: Vec<char> = text.chars().collect();
    let at = |place: usize| letters.get(place).copied().unwrap_or(' ');
    let points = letters.contains(&'.');
    let mut found = Vec::new();
    let mut place = 0;
    while place < letters.len() {
        let letter = at(place);
        place += 1;
        match letter {
            // Between two numbers it is a dash, and says nothing of either.
            '-' | '+' | '\u{2212}' if place > 1 && at(place - 2).is_ascii_digit() => return Err(BadPoint),
            '0'..='9' | '-' | '+' | '\u{2212}' => {
                let mut number = String::from(if letter == '\u{2212}' { '-' } else { letter });
                loop {
                    let next = at(place);
                    // A comma between digits is a decimal comma where no point is used as one.
                    let comma = next == ',' && !points && at(place + 1).is_ascii_digit() && !number.contains('.');
                    match next {
                        '0'..='9' => number.push(next),
                        '.' if !number.contains('.') => number.push('.'),
                        ',' if comma => number.push('.'),
                        _ => break,
                    }
                    place += 1;
                }
                found.push(Piece::Number(number.parse().map_err(|_| BadPoint)?));
            }
            '°' | 'º' | '˚' => found.push(Piece::Degrees),
            '"' | '″' | '”' | '“' => found.push(Piece::Seconds),
            '\'' | '′' | '’' | '‘' if matches!(at(place), '\'' | '′' | '’' | '‘') => {
                place += 1;
                found.push(Piece::Seconds);
            }
            '\'' | '′' | '’' | '‘' => found.push(Piece::Minutes),
            'N' | 'n' => found.push(Piece::Axis(Axis { lat: true, back: false })),
            'S' | 's' => found.push(Piece::Axis(Axis { lat: true, back: true })),
            'E' | 'e' => found.push(Piece::Axis(Axis { lat: false, back: false })),
            // Ovest, west.
            'O' | 'o' | 'W' | 'w' => found.push(Piece::Axis(Axis { lat: false, back: true })),
            ',' | ';' | '/' | '·' | '(' | ')' | '[' | ']' => {}
            blank if blank.is_whitespace() => {}
            _ => return Err(BadPoint),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(text: &str, lat: f64, lon: f64) {
        let point = read(text).unwrap_or_else(|_| panic!("{text}"));
        let expected = Point::new(lat, lon).unwrap();
        assert!(point.metres_to(expected) < 5.0, "{text}: {point}");
    }

    #[test]
    fn letters_are_obeyed_on_either_side_and_in_any_order() {
        for text in [
            "43.4665N 11.8830E",
            "43.4665 N 11.8830 E",
            "11.8830 E 43.4665 N",
            "N 43.4665 E 11.8830",
            "E11.8830 N43.4665",
            "(43.4665, 11.8830)",
            "[43,4665; 11,8830]",
            "43,4665 11,8830 E",
            "11,8830 E 43,4665",
            "43.4665° 11.8830°",
        ] {
            near(text, 43.4665, 11.8830);
        }
        near("N 43.36 W 5.84", 43.36, -5.84);
        near("43.36 N 5.84 O", 43.36, -5.84);
        near("33.5 S 70.6 W", -33.5, -70.6);
        near("-33.5 -70.6", -33.5, -70.6);
    }

    #[test]
    fn degrees_minutes_and_seconds_are_read() {
        for text in [
            "43°28'02.6\"N 11°53'06.4\"E",
            "43° 28′ 02,6″ N, 11° 53′ 06,4″ E",
            "43°28’02.6’’N 11°53’06.4’’E",
            "N 43°28'02.6\" E 11°53'06.4\"",
            "11°53'06.4\"E 43°28'02.6\"N",
            "43 28 02.6 N 11 53 06.4 E",
            "43º 28.0433' N 11º 53.1067' E",
        ] {
            near(text, 43.467_389, 11.885_111);
        }
        near("33°30'0\"S 70°36'W", -33.5, -70.6);
        near("-33°30' -70°36'", -33.5, -70.6);
    }

    #[test]
    fn what_is_no_place_is_refused() {
        for text in [
            "",
            "43.4",
            "N E",
            "43.4 N 11.8 N",
            "43°61' N 11° E",
            "43'28 N",
            "1 2 3",
            "1.2.3 4",
            "43 N",
            "N 43 S 11",
            "43 28 02 5 N 11 E",
            "lat 43 lon 11",
            "43° 28\" N 11 E",
            "NN 43 E 11",
            "43 N E 11",
            "- 4",
            "43.4674-11.8851",
            "91 0",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_is_too_odd(text in "[0-9NSEWO°'\"., -]{0,30}|\\PC{0,30}") {
            let _ = read(&text);
        }

        #[test]
        fn degrees_and_minutes_say_the_same_as_degrees(lat in -89.0..89.0_f64, lon in -179.0..179.0_f64) {
            let written = |degrees: f64, letters: [char; 2]| {
                let (whole, letter) = (degrees.abs(), letters[usize::from(degrees < 0.0)]);
                let minutes = whole.fract() * 60.0;
                format!("{:.0}°{:.0}'{:.4}\"{letter}", whole.floor(), minutes.floor(), (minutes.fract() * 60.0).min(59.9999))
            };
            let text = format!("{} {}", written(lon, ['E', 'W']), written(lat, ['N', 'S']));
            let point = read(&text).unwrap();
            prop_assert!(point.metres_to(Point::new(lat, lon).unwrap()) < 1.0, "{}", text);
        }
    }
}
