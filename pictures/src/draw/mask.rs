//! The mask of a notice's QR code: the one of eight whose picture is easiest to read (ISO/IEC 18004, §7.8.3).
//!
//! The library's own choice walks module by module and takes nine tenths of the time of a code; here a line of modules
//! is one number. The picture is the same, and a test holds the two together.

use qrcode::Color;
use qrcode::canvas::{Canvas, MaskPattern};

const MASKS: [MaskPattern; 8] = [
    MaskPattern::Checkerboard,
    MaskPattern::HorizontalLines,
    MaskPattern::VerticalLines,
    MaskPattern::DiagonalLines,
    MaskPattern::LargeCheckerboard,
    MaskPattern::Fields,
    MaskPattern::Diamonds,
    MaskPattern::Meadow,
];

/// The modules of a canvas of `SIDE` by `SIDE`, under its best mask; `SIDE` is at most 64.
pub(super) fn best<const SIDE: usize>(canvas: &Canvas) -> Vec<Color> {
    let masked = MASKS.map(|mask| {
        let mut canvas = canvas.clone();
        canvas.apply_mask(mask);
        canvas.into_colors()
    });
    masked.into_iter().min_by_key(|colors| penalty::<SIDE>(colors)).unwrap_or_default()
}

/// How hard a picture is to read.
fn penalty<const SIDE: usize>(colors: &[Color]) -> u32 {
    let (mut rows, mut columns) = ([0u64; SIDE], [0u64; SIDE]);
    for (at, _) in colors.iter().enumerate().filter(|(_, color)| **color == Color::Dark) {
        let (y, x) = (at / SIDE, at % SIDE);
        if let (Some(row), Some(column)) = (rows.get_mut(y), columns.get_mut(x)) {
            *row |= 1 << x;
            *column |= 1 << y;
        }
    }
    let lines: u32 = rows.iter().chain(&columns).map(|line| runs(*line, SIDE) + finders(*line, SIDE)).sum();
    let blocks: u32 = rows.windows(2).map(|two| blocks(two, SIDE)).sum();
    let dark: u32 = rows.iter().map(|row| row.count_ones()).sum();
    let half = u32::try_from(SIDE * SIDE).unwrap_or(u32::MAX);
    lines + blocks + (dark * 200 / half).abs_diff(100)
}

/// The first `count` bits.
fn first(count: usize) -> u64 {
    u64::MAX.checked_shr(u32::try_from(64usize.saturating_sub(count)).unwrap_or(64)).unwrap_or(0)
}

/// Returns the bits whose module equals the next one in its row.
fn same(line: u64, side: usize) -> u64 {
    !(line ^ (line >> 1)) & first(side - 1)
}

/// Five alike or more in a line: three, and one for each beyond the fifth.
fn runs(line: u64, side: usize) -> u32 {
    let same = same(line, side);
    let five = same & same >> 1 & same >> 2 & same >> 3;
    five.count_ones() + 2 * (five & !(five << 1)).count_ones()
}

/// What looks like a corner's mark: dark, light, three dark, light, dark, with four light before it or after.
fn finders(line: u64, side: usize) -> u32 {
    let mark = line & !(line >> 1) & line >> 2 & line >> 3 & line >> 4 & !(line >> 5) & line >> 6 & first(side - 6);
    let before = line << 1 | line << 2 | line << 3 | line << 4;
    let after = line >> 7 | line >> 8 | line >> 9 | line >> 10;
    40 * (mark & !(before & after)).count_ones()
}

/// Four alike in a square.
fn blocks(two: &[u64], side: usize) -> u32 {
    let &[above, below] = two else { return 0 };
    3 * (same(above, side) & same(below, side) & !(above ^ below)).count_ones()
}
