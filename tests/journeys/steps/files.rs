//! Steps that journeys share about files.

use crate::steps::cases::{canteen, chosen, put, text};
use vicino_contract::Failure;
use vicino_contract::ipc::{AddFile, CommandHandler as _, DateFile, FileTo, FileView};
use vicino_domain::CaseId;
use world::Device;

/// A paper that begins as a PDF does, of this many bytes, none like another's.
pub(crate) fn pdf(seed: u8, bytes: usize) -> Vec<u8> {
    let mut paper = b"%PDF-1.7\n".to_vec();
    paper.extend((0..bytes.saturating_sub(9)).map(|n| (n as u8).wrapping_mul(31).wrapping_add(seed)));
    paper
}

pub(crate) fn certificate(case: CaseId) -> FileTo {
    FileTo::Answer { case, path: "meals.certificate".parse().unwrap() }
}

pub(crate) fn add(device: &Device, to: FileTo, name: &str, bytes: Vec<u8>) -> Result<FileView, Failure> {
    device.app().handle(AddFile { to, name: name.into(), bytes })
}

/// A request for the canteen with a diet and its certificate, ready to be sent.
pub(crate) fn with_certificate(device: &Device, bytes: Vec<u8>) -> CaseId {
    let id = canteen(device);
    put(device, id, "meals.diet", chosen(&["health"]));
    put(device, id, "meals.diet_words", text("Niente latte"));
    let file = add(device, certificate(id), "certificato.pdf", bytes).unwrap();
    device.app().handle(DateFile { id: file.id, dated: "01/03/2026".into() }).unwrap();
    id
}
