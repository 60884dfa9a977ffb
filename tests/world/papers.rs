//! Papers made here: with codes on their pages, and odd ones that ask for all of a machine.

use image::{GrayImage, Luma};
use qrcode::{Color, QrCode};

/// A square code as a picture, each module so many pixels wide, with its quiet zone.
pub fn code(text: &str, module: u32) -> GrayImage {
    let code = QrCode::new(text).unwrap();
    let side = u32::try_from(code.width()).unwrap();
    GrayImage::from_fn((side + 8) * module, (side + 8) * module, |x, y| {
        let (x, y) = ((x / module).wrapping_sub(4) as usize, (y / module).wrapping_sub(4) as usize);
        let dark = x < code.width() && y < code.width() && code[(x, y)] == Color::Dark;
        Luma([if dark { 0 } else { 255 }])
    })
}

/// A file of these objects, the first of which is its catalogue.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let (mut bytes, mut places) = (b"%PDF-1.4\n".to_vec(), Vec::new());
    for (n, object) in (1..).zip(objects) {
        places.push(bytes.len());
        bytes.extend(format!("{n} 0 obj\n").into_bytes());
        bytes.extend(object);
        bytes.extend(b"\nendobj\n");
    }
    let table: String = places.iter().map(|place| format!("{place:010} 00000 n \n")).collect();
    let (count, begins) = (objects.len() + 1, bytes.len());
    let end = format!(
        "xref\n0 {count}\n0000000000 65535 f \n{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{begins}\n%%EOF\n"
    );
    bytes.extend(end.into_bytes());
    bytes
}

fn stream(dictionary: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<<{dictionary}/Length {}>>stream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// A paper of one page with this content; `more` stands in its catalogue.
fn one(content: &[u8], more: &str) -> Vec<u8> {
    let page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<>>>>".to_vec();
    file(&[
        format!("<</Type/Catalog/Pages 2 0 R{more}>>").into_bytes(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        page,
        stream("", content),
    ])
}

/// A paper whose pages bear these codes, each at its place in points from the lower left.
pub fn with_codes(pages: &[Vec<(&str, (u32, u32))>]) -> Vec<u8> {
    let mut objects = vec![b"<</Type/Catalog/Pages 2 0 R>>".to_vec(), Vec::new()];
    let mut kids = String::new();
    for codes in pages {
        let (mut names, mut content) = (String::new(), String::new());
        for (n, (text, (x, y))) in codes.iter().enumerate() {
            let picture = code(text, 8);
            let (width, height) = picture.dimensions();
            let what = format!(
                "/Type/XObject/Subtype/Image/Width {width}/Height {height}/ColorSpace/DeviceGray/BitsPerComponent 8"
            );
            objects.push(stream(&what, picture.as_raw()));
            names += &format!("/I{n} {} 0 R", objects.len());
            content += &format!("q 90 0 0 90 {x} {y} cm /I{n} Do Q\n");
        }
        objects.push(stream("", content.as_bytes()));
        let page = format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents {} 0 R/Resources<</XObject<<{names}>>>>>>",
            objects.len()
        );
        objects.push(page.into_bytes());
        kids += &format!("{} 0 R ", objects.len());
    }
    objects[1] = format!("<</Type/Pages/Kids[{kids}]/Count {}>>", pages.len()).into_bytes();
    file(&objects)
}

/// Papers whose parts lie in one another so many times: arrays and dictionaries of its catalogue, operands of its page.
pub fn nested(depth: usize) -> Vec<(&'static str, Vec<u8>)> {
    let arrays = format!("/X {}{}", "[".repeat(depth), "]".repeat(depth));
    let dictionaries = format!("/X {}1{}", "<</X ".repeat(depth), ">>".repeat(depth));
    let operands = format!("{}{} 0 d", "[".repeat(depth), "]".repeat(depth));
    vec![
        ("arrays", one(b"q Q", &arrays)),
        ("dictionaries", one(b"q Q", &dictionaries)),
        ("operands", one(operands.as_bytes(), "")),
    ]
}

/// Papers that are never drawn to their end: a line of countless dashes, states put upon states, forms in forms in forms.
pub fn endless() -> Vec<(&'static str, Vec<u8>)> {
    let dashes = one(b"[0.00001 0.00001] 0 d 1 w 0 0 m 595 842 l S", "");
    let states = one("q ".repeat(5_000_000).as_bytes(), "");
    let mut forms = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>".to_vec(),
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>".to_vec(),
        stream("", b"/F Do"),
    ];
    for level in 0..9 {
        let last = level == 8;
        let next = format!("/Resources<</XObject<</F {} 0 R>>>>", forms.len() + 2);
        let what = format!("/Type/XObject/Subtype/Form/BBox[0 0 600 900]{}", if last { "" } else { &next });
        let content = if last { String::from("0 0 1 1 re f") } else { "/F Do ".repeat(10) };
        forms.push(stream(&what, content.as_bytes()));
    }
    vec![("dashes", dashes), ("states", states), ("forms", file(&forms))]
}
