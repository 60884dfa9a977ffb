//! Papers drawn from what is here: a notice, a receipt, a declaration, the receipt of what was sent.

use vicino_contract::ipc::{GetPaper, OpenPaper, PaperOf, PaperView};

use crate::device::Device;
use crate::device::command::Handle;
use crate::device::viewer;
use crate::error::Error;
use crate::matters::certificate::self_certification;
use crate::matters::notice::print::{notice_paper, receipt_paper, receipts_archive};
use crate::overview::delivery;

impl Handle for GetPaper {
    fn handle(self, device: &Device) -> Result<PaperView, Error> {
        match self.of {
            PaperOf::Declaration(wish) => self_certification::paper(device, &wish),
            PaperOf::Delivery(id) => delivery::paper(device, id),
            PaperOf::Notice(id, number) => notice_paper(device, id, number),
            PaperOf::Receipt(id) => receipt_paper(device, id),
            PaperOf::Receipts(year) => receipts_archive(device, year),
        }
    }
}

impl Handle for OpenPaper {
    fn handle(self, device: &Device) -> Result<(), Error> {
        let paper = GetPaper { of: self.of }.handle(device)?;
        viewer::show(device, &paper.name, &paper.bytes)
    }
}
