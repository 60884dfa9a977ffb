//! What is missing or wrong in a form, and where a case stands, in plain words.

use vicino_domain::Phrase;
use vicino_domain::codes::BadCode;
use vicino_domain::form::Lack;

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

/// The part that is missing or wrong.
pub fn lack(lack: &Lack) -> String {
    match lack {
        Lack::Missing => tr!(lack.missing).to_owned(),
        Lack::TooLong { max, found } => tr!(rule.too_long, found = *found, max = *max),
        Lack::Pattern => tr!(lack.pattern).to_owned(),
        Lack::NotANumber => tr!(lack.not_a_number).to_owned(),
        Lack::TooSmall(_) => tr!(lack.too_small).to_owned(),
        Lack::TooLarge(_) => tr!(lack.too_large).to_owned(),
        Lack::NotADate => tr!(lack.not_a_date).to_owned(),
        Lack::NoSuchDay => tr!(lack.no_such_day).to_owned(),
        Lack::TooEarly(from) => tr!(lack.too_early, day = day(*from)),
        Lack::TooLate(to) => tr!(lack.too_late, day = day(*to)),
        Lack::OneOnly => tr!(lack.one_only).to_owned(),
        Lack::Code(BadCode::Check) => tr!(lack.code_check).to_owned(),
        Lack::Code(BadCode::Shape | BadCode::Date) => tr!(lack.code_shape).to_owned(),
        Lack::NotOfTheHousehold => tr!(lack.household).to_owned(),
        Lack::TooMany(most) => tr!(lack.too_many, n = *most),
        Lack::ServiceClosed => tr!(lack.service_closed).to_owned(),
        Lack::NotSigned(_) => tr!(lack.not_signed).to_owned(),
        Lack::NotYetOpen(from) => tr!(lack.not_yet, day = day(*from)),
        Lack::Closed(to) => tr!(lack.closed, day = day(*to)),
        Lack::FileGone => tr!(lack.file_gone).to_owned(),
        Lack::FileEmpty => tr!(lack.file_empty).to_owned(),
        Lack::FileTooHeavy(most) => tr!(lack.file_too_heavy, size = bytes(*most)),
        Lack::FileKind(_) => tr!(lack.file_kind).to_owned(),
        Lack::TooManyFiles(most) => tr!(lack.too_many_files, n = *most),
        Lack::FileUndated => tr!(lack.file_undated).to_owned(),
        Lack::FileExpired(until) => tr!(lack.file_expired, day = day(*until)),
        Lack::OtherKind | Lack::NoSuchChoice | Lack::UnknownKind => tr!(lack.other).to_owned(),
    }
}
