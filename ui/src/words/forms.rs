//! What is missing or wrong in a form, and where a case stands, in plain words.

use vicino_contract::ipc::{FieldKind, Keyboard};
use vicino_domain::Phrase;
use vicino_domain::codes::BadCode;
use vicino_domain::form::FieldErrorKind;

use super::bytes;
use super::moments::day;
use crate::tr;

/// Where a case stands.
pub fn phrase(phrase: Option<Phrase>) -> &'static str {
    match phrase {
        Some(Phrase::Sent) => tr!(case_state.sent),
        Some(Phrase::Registered) => tr!(case_state.registered),
        Some(Phrase::InProgress) => tr!(case_state.in_progress),
        Some(Phrase::YourTurn) => tr!(case_state.your_turn),
        Some(Phrase::Integrated) => tr!(case_state.integrated),
        Some(Phrase::Concluded) => tr!(case_state.concluded),
        Some(Phrase::Refused) => tr!(case_state.refused),
        Some(Phrase::Withdrawn) => tr!(case_state.withdrawn),
        Some(Phrase::Revoked) => tr!(case_state.revoked),
        None => tr!(case_state.unknown),
    }
}

/// The part that is missing or wrong, in the words of what was asked.
pub fn lack(lack: &FieldErrorKind, asked: Option<&FieldKind>) -> String {
    let keyboard = if let Some(FieldKind::Line(keyboard)) = asked { Some(*keyboard) } else { None };
    match (lack, keyboard) {
        (FieldErrorKind::Code(_), Some(Keyboard::Phone)) => return tr!(lack.not_a_phone_number).to_owned(),
        (FieldErrorKind::Code(_), Some(Keyboard::Email)) => return tr!(lack.not_a_mail_address).to_owned(),
        _ => {}
    }
    match lack {
        FieldErrorKind::Missing => tr!(lack.missing).to_owned(),
        FieldErrorKind::TooLong { max, found } => tr!(rule.too_long, found = *found, max = *max),
        FieldErrorKind::Pattern => tr!(lack.pattern).to_owned(),
        FieldErrorKind::NotANumber => tr!(lack.not_a_number).to_owned(),
        FieldErrorKind::TooSmall(_) => tr!(lack.too_small).to_owned(),
        FieldErrorKind::TooLarge(_) => tr!(lack.too_large).to_owned(),
        FieldErrorKind::NotADate => tr!(lack.not_a_date).to_owned(),
        FieldErrorKind::NoSuchDay => tr!(lack.no_such_day).to_owned(),
        FieldErrorKind::TooEarly(from) => tr!(lack.too_early, day = day(*from)),
        FieldErrorKind::TooLate(to) => tr!(lack.too_late, day = day(*to)),
        FieldErrorKind::OneOnly => tr!(lack.one_only).to_owned(),
        FieldErrorKind::Code(BadCode::Check) => tr!(lack.code_check).to_owned(),
        FieldErrorKind::Code(BadCode::Shape | BadCode::Date) => tr!(lack.code_shape).to_owned(),
        FieldErrorKind::NotOfTheHousehold => tr!(lack.household).to_owned(),
        FieldErrorKind::TooMany(most) => tr!(lack.too_many, n = *most),
        FieldErrorKind::ServiceClosed => tr!(lack.service_closed).to_owned(),
        FieldErrorKind::NotSigned(_) => tr!(lack.not_signed).to_owned(),
        FieldErrorKind::NotYetOpen(from) => tr!(lack.not_yet, day = day(*from)),
        FieldErrorKind::Closed(to) => tr!(lack.closed, day = day(*to)),
        FieldErrorKind::FileGone => tr!(lack.file_gone).to_owned(),
        FieldErrorKind::FileEmpty => tr!(lack.file_empty).to_owned(),
        FieldErrorKind::FileTooHeavy(most) => tr!(lack.file_too_heavy, size = bytes(*most)),
        FieldErrorKind::FileKind(_) => tr!(lack.file_kind).to_owned(),
        FieldErrorKind::TooManyFiles(most) => tr!(lack.too_many_files, n = *most),
        FieldErrorKind::FileUndated => tr!(lack.file_undated).to_owned(),
        FieldErrorKind::FileExpired(until) => tr!(lack.file_expired, day = day(*until)),
        FieldErrorKind::OtherKind | FieldErrorKind::NoSuchChoice | FieldErrorKind::UnknownKind => {
            tr!(lack.other).to_owned()
        }
    }
}
