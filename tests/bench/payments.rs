//! Payments: a notice's code drawn, one read from a photo, a long list opened.

use std::io::Cursor;
use std::time::Instant;

use image::{GrayImage, ImageFormat, ImageReader, Luma, Rgb, RgbImage};
use uuid::Uuid;
use vicino_contract::http::{CreditorBody, InstallmentBody, NoticeKind, NoticeRecord, PlanBody, WhomBody, WhomKind};
use vicino_contract::ipc::{CommandHandler as _, ListPayments};
use vicino_domain::pagopa::{NoticeCode, NoticeNumber};
use vicino_domain::{Cents, InstallmentState, Open, ResidentId};
use vicino_pictures::{draw, scan};
use vicino_server::matters::notice;

use crate::opening::{Opening, first_row};
use crate::row::{Row, middle};
use crate::town::{Site, device};

/// Notices of the long list.
const NOTICES: u64 = 5_000;
const TIMES: usize = 9;

pub(crate) fn measure() -> Vec<Row> {
    let mut rows = codes();
    rows.push(tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(list()));
    rows
}

fn code(n: u64) -> String {
    let creditor = "77777777777".parse().unwrap();
    NoticeCode::new(NoticeNumber::issue(47, n), creditor, Cents(6240)).unwrap().to_string()
}

fn codes() -> Vec<Row> {
    let many = 2_000;
    let begun = Instant::now();
    let drawn: usize = (0..many).map(|n| draw::notice_qr(&code(n)).unwrap().len()).sum();
    let encoded = begun.elapsed().as_secs_f64() * 1e3 / many as f64;
    // What has to be written in any case: the image's own bytes.
    let begun = Instant::now();
    let copied: usize = (0..many).map(|_| std::hint::black_box(vec![b'x'; drawn / many as usize]).len()).sum();
    let floor = begun.elapsed().as_secs_f64() * 1e3 / many as f64;
    assert!(copied > 0);
    let photo = photo();
    let (mut whole, mut decoding) = (Vec::new(), Vec::new());
    for _ in 0..TIMES {
        let begun = Instant::now();
        assert_eq!(scan::codes(&photo, scan::Wanted::Any).unwrap().texts, [code(7)]);
        whole.push(begun.elapsed().as_secs_f64() * 1e3);
        let begun = Instant::now();
        drop(ImageReader::with_format(Cursor::new(&photo), ImageFormat::Jpeg).decode().unwrap());
        decoding.push(begun.elapsed().as_secs_f64() * 1e3);
    }
    let read = middle(whole);
    vec![
        Row::new(
            "a notice's QR code, drawn",
            "ms",
            encoded,
            floor,
            "≤ 0.1 ms (floor: as many bytes, filled)",
            encoded <= 0.1,
        ),
        Row::new(
            "a notice's code, read from a 12-megapixel photo",
            "ms",
            read,
            middle(decoding),
            "≤ 300 ms (floor: decoding it)",
            read <= 300.0,
        ),
    ]
}

/// A page on a table, with its code as small as a page four thousand pixels tall has it.
fn photo() -> Vec<u8> {
    let mut photo = RgbImage::from_fn(4000, 3000, |x, y| {
        let grain = u8::try_from((x * 31 + y * 17) % 23).unwrap();
        Rgb([205 + grain, 200 + grain, 190 + grain])
    });
    let code = qr(&code(7), 10);
    for (x, y, Luma([shade])) in code.enumerate_pixels() {
        photo.put_pixel(2200 + x, 1500 + y, Rgb([*shade; 3]));
    }
    let mut bytes = Cursor::new(Vec::new());
    photo.write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

/// The modules of a drawn code, from its SVG.
fn qr(text: &str, module: u32) -> GrayImage {
    let svg = draw::notice_qr(text).unwrap();
    let number = |text: &str| text.parse::<f64>().unwrap();
    let side = number(svg.split("width=\"").nth(1).unwrap().split('"').next().unwrap());
    let path = svg.split(" d=\"").last().unwrap().split('"').next().unwrap();
    let steps: Vec<Vec<f64>> = path
        .split('M')
        .skip(1)
        .map(|step| {
            let parts = step.split(|c: char| !c.is_ascii_digit() && c != '.');
            parts.filter(|text| !text.is_empty()).map(number).collect()
        })
        .collect();
    let least = steps.iter().map(|step| step[3]).fold(f64::MAX, f64::min);
    let scale = |value: f64| (value / least).round() as u32 * module;
    let mut picture = GrayImage::from_pixel(scale(side), scale(side), Luma([250]));
    for step in steps {
        let (left, top, wide, tall) = (scale(step[0]), scale(step[1]), scale(step[2]), scale(step[3]));
        for (x, y) in (top..top + tall).flat_map(|y| (left..left + wide).map(move |x| (x, y))) {
            picture.put_pixel(x, y, Luma([30]));
        }
    }
    picture
}

/// From the click to the first row of many.
async fn list() -> Row {
    let (site, folder) = (Site::of(0).await, tempfile::tempdir().unwrap());
    let app = device(folder.path());
    app.join(&site.url).await.unwrap();
    app.sign_in_as("Samira").await.unwrap();
    app.sync().await.unwrap();
    let own = app.handle(ListPayments { most: 1, offset: 0, limit: 1 }).unwrap().to_pay[0].rows[0].id;
    let owner: ResidentId = notice::find(&site.town, own).unwrap().unwrap().owner.unwrap().to_string().parse().unwrap();
    let town = site.town.clone();
    let issued = tokio::task::spawn_blocking(move || {
        (0..NOTICES).for_each(|n| notice::issue(&town, owner, notice(n)).unwrap());
    });
    issued.await.unwrap();
    app.sync().await.unwrap();
    assert!(u64::from(app.handle(ListPayments { most: 1, offset: 0, limit: 1 }).unwrap().to_pay_total) >= NOTICES);
    let opening = Opening { from: "/cases", link: ".v-ways a[href=\"/payments\"]", row: ".v-pay" };
    let opened = first_row(app, opening).await;
    let must = "≤ 100 ms (floor: one frame)";
    Row::new("a list of 5 000 notices: pressed to first row", "ms", opened, 16.7, must, opened <= 100.0)
}

pub(crate) fn notice(n: u64) -> NoticeRecord {
    let due_on = (chrono::Utc::now() + chrono::Duration::days(i64::try_from(n % 300).unwrap())).date_naive();
    NoticeRecord {
        debtor: None,
        id: Uuid::from_u128(0x0190_0000_0000_7000_8000_0000_0000_0000 + u128::from(n)),
        kind: NoticeKind::Service.into(),
        year: 2026,
        title: format!("Posteggio al mercato, settimana {n}"),
        creditor: CreditorBody {
            name: String::from("Comune di Pietrachiara"),
            tax_code: "77777777777".parse().unwrap(),
            postal_account: None,
        },
        office: None,
        whom: WhomBody { kind: WhomKind::Home.into(), name: format!("Banco {}", n % 40), detail: None },
        issued_on: due_on,
        lines: Vec::new(),
        plans: vec![PlanBody {
            title: String::from("Tutto insieme"),
            from: None,
            until: None,
            switch_to_expired: false,
            lines: Vec::new(),
            installments: vec![InstallmentBody {
                number: NoticeNumber::issue(47, 5_000_000 + n),
                amount: Cents(1200),
                due_on,
                due_from: String::from("scritta nell’avviso"),
                state: InstallmentState::Unpaid.into(),
                paid_at: None,
            }],
        }],
        state: Open::default(),
        history: Vec::new(),
        files: Vec::new(),
        good_for_hours: 24,
        services: Vec::new(),
        f24: Vec::new(),
        stamp: None,
    }
}
