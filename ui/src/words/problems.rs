//! What went wrong, in a sentence that says what happened, what is safe, what to do.

use vicino_contract::ipc::StuckReason;
use vicino_contract::{Failure, FailureCode};
use vicino_domain::{Field, Invalid, Rule};

use crate::tr;

/// A failure of the core.
pub fn failure(failure: &Failure) -> String {
    match failure.code {
        FailureCode::Invalid => failure.invalid.first().map_or_else(|| tr!(failure.invalid), invalid),
        FailureCode::NotFound => tr!(failure.not_found),
        FailureCode::AlreadySent => tr!(failure.already_sent),
        FailureCode::PhotoEmpty => tr!(failure.photo_empty),
        FailureCode::PhotoNotAPicture => tr!(failure.photo_not_a_picture),
        FailureCode::PhotoHeic => tr!(failure.photo_heic),
        FailureCode::PhotoBroken => tr!(failure.photo_broken),
        FailureCode::PhotoTooHeavy => tr!(failure.photo_too_heavy),
        FailureCode::PhotoTooLarge => tr!(failure.photo_too_large),
        FailureCode::PhotoTooMany => tr!(failure.photo_too_many),
        FailureCode::DiskFull => tr!(failure.disk_full),
        FailureCode::Storage => tr!(failure.storage),
        FailureCode::NotJoined => tr!(failure.not_joined),
        FailureCode::OtherTown => tr!(failure.other_town),
        FailureCode::Unreachable => tr!(failure.unreachable),
        FailureCode::NotATown => tr!(failure.not_a_town),
        FailureCode::BadCall | FailureCode::Internal => tr!(failure.internal),
    }
}

/// A field that needs correcting.
pub fn invalid(invalid: &Invalid) -> String {
    match (invalid.rule, invalid.field) {
        (Rule::Missing, Field::Privacy) => tr!(rule.missing_privacy),
        (Rule::Missing, Field::Place) => tr!(rule.missing_place),
        (Rule::Missing, Field::Category) => tr!(rule.missing_category),
        (Rule::Missing, Field::Title) => tr!(rule.missing_title),
        (Rule::Missing, Field::Details) => tr!(rule.missing_details),
        (Rule::Missing, Field::Message) => tr!(rule.missing_message),
        (Rule::Missing, _) => tr!(rule.missing_other),
        (Rule::TooLong { max, found }, _) => tr!(rule.too_long, found = found, max = max),
        (Rule::TooMany { max, found }, _) => tr!(rule.too_many, found = found, max = max),
        (Rule::NotText, _) => tr!(rule.not_text),
    }
}

/// Why the town sent a request back.
pub fn problem(reason: &StuckReason) -> String {
    if let Some(first) = reason.invalid.first() {
        return invalid(first);
    }
    match reason.code.as_str() {
        "id_conflict" => tr!(problem.id_conflict),
        "too_large" => tr!(problem.too_large),
        "too_many" => tr!(problem.too_many),
        "malformed" => tr!(problem.malformed),
        "invalid" => tr!(problem.invalid),
        "not_found" => tr!(problem.not_found),
        _ => tr!(problem.other),
    }
}
