//! The codes of a notice, drawn: the QR code of pagoPA, and the postal Data Matrix.

use std::fmt::Write as _;

use datamatrix::{DataMatrix, SymbolList};
use qrcode::render::svg;
use qrcode::{EcLevel, QrCode, Version};
use rusqlite::Transaction;
use vicino_contract::http::{Collection, ResidentRecord};
use vicino_contract::ipc::{CodeView, GetCode};
use vicino_contract::{Failure, FailureCode};
use vicino_domain::Cents;
use vicino_domain::pagopa::{Creditor, NoticeCode, NoticeNumber, PostalCode};

use super::{Known, known, payment};
use crate::answers::Answer;
use crate::device::Device;
use crate::error::Error;
use crate::store::person;

/// The symbol of a notice: version 4, 33 by 33 (docs.pagopa.it, *Codice QR*).
const NOTICE: (Version, EcLevel) = (Version::Normal(4), EcLevel::M);

impl Answer for GetCode {
    fn answer(self, device: &Device) -> Result<CodeView, Error> {
        let (creditor, amount, postal) = device.store.private(|tx| {
            Ok(match known(tx, self.id)? {
                Known::Told(record) => {
                    let (_, _, one) = payment(&record, self.number).ok_or_else(Error::not_found)?;
                    let debtor = resident(tx)?;
                    let postal = record.creditor.postal_account.clone().map(|account| PostalCode {
                        number: self.number,
                        account,
                        amount: one.amount,
                        creditor: record.creditor.tax_code,
                        debtor: debtor.as_ref().map(|one| one.tax_code.clone()).unwrap_or_default(),
                        name: debtor.map(|one| one.full_name()).unwrap_or_default(),
                        reason: record.title.clone(),
                    });
                    (record.creditor.tax_code, one.amount, postal)
                }
                Known::Kept(stranger) => (stranger.creditor, stranger.amount, None),
            })
        })?;
        let payload = payload(self.number, creditor, amount)?;
        Ok(CodeView {
            grouped: self.number.grouped(),
            qr_svg: qr_svg(payload.as_bytes(), Some(NOTICE))?,
            payload,
            matrix_svg: postal.map(|postal| matrix_svg(&postal)).transpose()?,
        })
    }
}

/// The resident as the town knows them: the debtor that a counter prints.
fn resident(tx: &Transaction<'_>) -> Result<Option<ResidentRecord>, Error> {
    let Some(person) = person::find(tx)? else { return Ok(None) };
    let body = vicino_records::body(tx, Collection::Residents.wire(), person.resident.uuid())?;
    Ok(body.and_then(|body| serde_json::from_str(&body).ok()))
}

fn unwritable() -> Error {
    Failure::new(FailureCode::Internal).into()
}

/// The text of a notice's QR code.
pub(super) fn payload(number: NoticeNumber, creditor: Creditor, amount: Cents) -> Result<String, Error> {
    Ok(NoticeCode::new(number, creditor, amount).map_err(|_| unwritable())?.to_string())
}

/// A QR code as an SVG image; of the size its text needs where none is set.
pub(super) fn qr_svg(text: &[u8], symbol: Option<(Version, EcLevel)>) -> Result<String, Error> {
    let code = match symbol {
        Some((version, level)) => QrCode::with_version(text, version, level),
        None => QrCode::new(text),
    };
    let code = code.map_err(|_| unwritable())?;
    Ok(code.render::<svg::Color<'_>>().min_dimensions(240, 240).build())
}

/// A postal Data Matrix as an SVG image, one path, with the quiet module around it that the standard asks for.
fn matrix_svg(code: &PostalCode) -> Result<String, Error> {
    let matrix =
        DataMatrix::encode_str(&code.write(), SymbolList::default().enforce_square()).map_err(|_| unwritable())?;
    let bitmap = matrix.bitmap();
    let side = bitmap.width() + 2;
    let mut path = String::new();
    for (x, y) in bitmap.pixels() {
        // Writing into a string cannot fail.
        let _ = write!(path, "M{} {}h1v1h-1z", x + 1, y + 1);
    }
    Ok(format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {side} {side}\" width=\"240\" height=\"240\" shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h{side}v{side}H0z\"/><path d=\"{path}\"/></svg>"
    ))
}
