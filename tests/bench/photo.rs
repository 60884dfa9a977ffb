//! A 12-megapixel JPEG made fit to send, beside the decoder alone on the same file; and the memory it takes.

use std::io::Cursor;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use image::{ImageFormat, ImageReader, Rgb, RgbImage};
use vicino_pictures::photo::develop;

use crate::row::{Row, middle};

const TIMES: usize = 9;

pub(crate) fn measure() -> Vec<Row> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("twelve.jpg");
    let bytes = picture();
    std::fs::write(&file, &bytes).unwrap();
    let (mut whole, mut floor) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        let done = develop(&bytes).unwrap();
        whole.push(begun.elapsed().as_secs_f64() * 1e3);
        assert_eq!(done.width.max(done.height), 1600);
        let begun = Instant::now();
        let decoded = ImageReader::with_format(Cursor::new(&bytes), ImageFormat::Jpeg).decode().unwrap();
        floor.push(begun.elapsed().as_secs_f64() * 1e3);
        drop(decoded);
    }
    let (value, floor) = (middle(whole), middle(floor));
    let time =
        Row::new("12-megapixel JPEG to 1600 px", "ms", value, floor, "≤ 1.0 × decoding + 60 ms", value <= floor + 60.0);
    // In a process of its own, because a process only knows its highest mark.
    let output = Command::new(std::env::current_exe().unwrap()).env("VICINO_BENCH_PHOTO", &file).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let mut marks = text.split_whitespace().map(|mark| mark.parse::<f64>().unwrap());
    let (before, after) = (marks.next().unwrap(), marks.next().unwrap());
    let pixels = 4000.0 * 3000.0 * 3.0 / 1e6;
    let memory = Row::new(
        "the same, extra memory at its peak",
        "MB",
        after - before,
        pixels,
        "≤ 120 MB",
        after - before <= 120.0,
    );
    vec![time, memory]
}

/// Says the highest mark of memory before and after one photo, in MB.
pub(crate) fn alone(file: &Path) {
    let bytes = std::fs::read(file).unwrap();
    let before = high_mark();
    let done = develop(&bytes).unwrap();
    println!("{before} {}", high_mark());
    drop(done);
}

/// `VmHWM` of this process, in MB (proc(5)).
fn high_mark() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<f64>().unwrap() * 1024.0 / 1e6
}

/// Twelve megapixels with the busyness of a street: soft shapes and some grain.
fn picture() -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    let picture = RgbImage::from_fn(4000, 3000, |x, y| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let grain = u8::try_from(state % 24).unwrap();
        let soft = |n: u32| u8::try_from((n / 7) % 200).unwrap();
        Rgb([soft(x + y) + grain, soft(x * 2) + grain, soft(y * 3) + grain])
    });
    let mut bytes = Vec::new();
    picture.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg).unwrap();
    bytes
}
