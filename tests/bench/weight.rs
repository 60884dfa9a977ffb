//! What the interface weighs, compressed as a server would send it, without its fonts.

use std::io::Write as _;

use world::driver::root;

use crate::row::Row;

pub(crate) fn measure() -> Vec<Row> {
    let dist = root().join("ui/dist");
    let (mut whole, mut module) = (0.0, 0.0);
    for entry in std::fs::read_dir(dist).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let size = compressed(&std::fs::read(&path).unwrap());
            whole += size;
            if path.extension().is_some_and(|kind| kind == "wasm") {
                module = size;
            }
        }
    }
    vec![Row::new(
        "the interface, brotli, without fonts",
        "kB",
        whole,
        module,
        "≤ 300 kB (floor: its wasm alone)",
        whole <= 300.0,
    )]
}

/// Kilobytes after brotli at its best.
fn compressed(bytes: &[u8]) -> f64 {
    let mut out = Vec::new();
    {
        let mut writer = brotli::CompressorWriter::new(&mut out, 1 << 16, 11, 22);
        writer.write_all(bytes).unwrap();
    }
    out.len() as f64 / 1e3
}
