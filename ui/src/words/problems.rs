//! What went wrong, in a sentence that says what happened, what is safe, what to do.

use vicino_contract::ipc::StuckReason;
use vicino_contract::{Failure, FailureCode};
use vicino_domain::{Field, Invalid, Rule};

use crate::tr;

/// A failure of the core.
pub fn failure(failure: &Failure) -> String {
    match failure.code {
        FailureCode::Invalid => failure.invalid.first().map_or_else(|| tr!(failure.invalid).to_owned(), invalid),
        FailureCode::NotFound => tr!(failure.not_found).to_owned(),
        FailureCode::AlreadySent => tr!(failure.already_sent).to_owned(),
        FailureCode::PhotoEmpty => tr!(failure.photo_empty).to_owned(),
        FailureCode::PhotoNotAPicture => tr!(failure.photo_not_a_picture).to_owned(),
        FailureCode::PhotoHeic => tr!(failure.photo_heic).to_owned(),
        FailureCode::PhotoBroken => tr!(failure.photo_broken).to_owned(),
        FailureCode::PhotoTooHeavy => tr!(failure.photo_too_heavy).to_owned(),
        FailureCode::PhotoTooLarge => tr!(failure.photo_too_large).to_owned(),
        FailureCode::PhotoTooMany => tr!(failure.photo_too_many).to_owned(),
        FailureCode::DiskFull => tr!(failure.disk_full).to_owned(),
        FailureCode::Storage => tr!(failure.storage).to_owned(),
        FailureCode::NotJoined => tr!(failure.not_joined).to_owned(),
        FailureCode::OtherTown => tr!(failure.other_town).to_owned(),
        FailureCode::Unreachable => tr!(failure.unreachable).to_owned(),
        FailureCode::NotATown => tr!(failure.not_a_town).to_owned(),
        FailureCode::BadCall | FailureCode::Internal => tr!(failure.internal).to_owned(),
    }
}

/// A field that needs correcting.
pub fn invalid(invalid: &Invalid) -> String {
    match (invalid.rule, invalid.field) {
        (Rule::Missing, Field::Privacy) => tr!(rule.missing_privacy).to_owned(),
        (Rule::Missing, Field::Place) => tr!(rule.missing_place).to_owned(),
        (Rule::Missing, Field::Category) => tr!(rule.missing_category).to_owned(),
        (Rule::Missing, Field::Title) => tr!(rule.missing_title).to_owned(),
        (Rule::Missing, Field::Details) => tr!(rule.missing_details).to_owned(),
        (Rule::Missing, Field::Message) => tr!(rule.missing_message).to_owned(),
        (Rule::Missing, _) => tr!(rule.missing_other).to_owned(),
        (Rule::TooLong { max, found }, _) => tr!(rule.too_long, found = found, max = max),
        (Rule::TooMany { max, found }, _) => tr!(rule.too_many, found = found, max = max),
        (Rule::NotText, _) => tr!(rule.not_text).to_owned(),
    }
}

/// Why the town sent a request back.
pub fn problem(reason: &StuckReason) -> String {
    if let Some(first) = reason.invalid.first() {
        return invalid(first);
    }
    match reason.code.as_str() {
        "id_conflict" => tr!(problem.id_conflict).to_owned(),
        "too_large" => tr!(problem.too_large).to_owned(),
        "too_many" => tr!(problem.too_many).to_owned(),
        "malformed" => tr!(problem.malformed).to_owned(),
        "invalid" => tr!(problem.invalid).to_owned(),
        "file_lost" => tr!(problem.file_lost).to_owned(),
        "not_found" => tr!(problem.not_found).to_owned(),
        _ => tr!(problem.other).to_owned(),
    }
}
