//! The codes of a notice, drawn: the QR code of pagoPA, and the postal Data Matrix.

use vicino_contract::http::{InstallmentBody, NoticeRecord};
use vicino_contract::ipc::{CodeView, GetCode};
use vicino_contract::{Failure, FailureCode};
use vicino_domain::Cents;
use vicino_domain::pagopa::{Creditor, NoticeCode, NoticeNumber, PostalCode};
use vicino_pictures::draw;

use crate::device::Device;
use crate::device::command::Handle;
use crate::error::Error;
use crate::matters::notice::ledger::{Known, Ledger, known, payment};

impl Handle for GetCode {
    fn handle(self, device: &Device) -> Result<CodeView, Error> {
        let now = device.now();
        let (creditor, amount, postal) = device.store.private(|tx| {
            Ok(match known(tx, self.id, now)? {
                Known::Told(record) => {
                    let (_, _, one) = payment(&record, self.number).ok_or_else(Error::not_found)?;
                    open(Ledger::read(tx, now)?.is_payable(&record, one))?;
                    let postal = postal_of(&record, one);
                    (record.creditor.tax_code, one.amount, postal)
                }
                Known::Kept(stranger) if stranger.number != self.number => return Err(Error::not_found()),
                Known::Kept(stranger) => (stranger.creditor, stranger.amount, None),
            })
        })?;
        let payload = payload(self.number, creditor, amount)?;
        Ok(CodeView {
            grouped: self.number.grouped(),
            amount,
            qr_svg: draw::notice_qr(&payload).map_err(|_| unwritable())?,
            payload,
            matrix_svg: postal.map(|postal| draw::matrix(&postal.write()).map_err(|_| unwritable())).transpose()?,
        })
    }
}

/// What is paid, or may not be paid any more, is shown at no counter.
pub(crate) fn open(payable: bool) -> Result<(), Error> {
    payable.then_some(()).ok_or_else(|| Failure::new(FailureCode::NotToPay).into())
}

/// What the postal code of a payment says; none where the creditor has no postal account.
pub(crate) fn postal_of(record: &NoticeRecord, one: &InstallmentBody) -> Option<PostalCode> {
    let account = record.creditor.postal_account.clone()?;
    let debtor = record.debtor.clone();
    Some(PostalCode {
        number: one.number,
        account,
        amount: one.amount,
        creditor: record.creditor.tax_code,
        debtor: debtor.as_ref().map(|one| one.tax_code.clone()).unwrap_or_default(),
        name: debtor.map(|one| one.name).unwrap_or_default(),
        reason: record.title.clone(),
    })
}

fn unwritable() -> Error {
    Failure::new(FailureCode::Internal).into()
}

/// The text of a notice's QR code.
pub(crate) fn payload(number: NoticeNumber, creditor: Creditor, amount: Cents) -> Result<String, Error> {
    Ok(NoticeCode::new(number, creditor, amount).map_err(|_| unwritable())?.to_string())
}
