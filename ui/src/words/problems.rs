//! What went wrong, in a sentence that says what happened, what is safe, what to do.

use vicino_contract::http::ProblemCode;
use vicino_contract::{Failure, FailureCode, StuckCode, StuckReason};
use vicino_domain::{Field, Invalid, Rule};

use crate::tr;

/// A failure of the core.
pub fn failure(failure: &Failure) -> String {
    failure.invalid.first().map_or_else(|| code(failure.code).to_owned(), invalid)
}

/// The code of a failure.
pub fn code(code: FailureCode) -> &'static str {
    match code {
        FailureCode::Invalid => tr!(failure.invalid),
        FailureCode::NotFound => tr!(failure.not_found),
        FailureCode::AlreadySent => tr!(failure.already_sent),
        FailureCode::PhotoEmpty => tr!(failure.photo_empty),
        FailureCode::PhotoNotAPicture => tr!(failure.photo_not_a_picture),
        FailureCode::PhotoHeic => tr!(failure.photo_heic),
        FailureCode::PhotoBroken => tr!(failure.photo_broken),
        FailureCode::PhotoTooHeavy => tr!(failure.photo_too_heavy),
        FailureCode::PhotoTooLarge => tr!(failure.photo_too_large),
        FailureCode::PaperLocked => tr!(failure.paper_locked),
        FailureCode::StillReading => tr!(failure.still_reading),
        FailureCode::TooMuchWork => tr!(failure.too_much_work),
        FailureCode::PhotoTooMany => tr!(failure.photo_too_many),
        FailureCode::FileEmpty => tr!(failure.file_empty),
        FailureCode::FileTooHeavy => tr!(failure.file_too_heavy),
        FailureCode::FileKind => tr!(failure.file_kind),
        FailureCode::FileDamaged => tr!(failure.file_damaged),
        FailureCode::FileAgain => tr!(failure.file_again),
        FailureCode::NameTooLong => tr!(failure.name_too_long),
        FailureCode::FileTooMany => tr!(failure.file_too_many),
        FailureCode::NoViewer => tr!(failure.no_viewer),
        FailureCode::NoSuchCode => tr!(lack.code_check),
        FailureCode::SelfCertify => tr!(failure.self_certify),
        FailureCode::DeclarationLacks => tr!(failure.declaration_lacks),
        FailureCode::CertificateWish => tr!(failure.certificate_wish),
        FailureCode::NotADate => tr!(failure.not_a_date),
        FailureCode::NoSuchDay => tr!(lack.no_such_day),
        FailureCode::NotToPay => tr!(notice.not_to_pay),
        FailureCode::ServiceClosed => tr!(failure.service_closed),
        FailureCode::FormUnusable => tr!(failure.form_unusable),
        FailureCode::CheckoutUnreachable => tr!(failure.checkout_unreachable),
        FailureCode::CheckoutRefused => tr!(failure.checkout_refused),
        FailureCode::CheckoutNonsense => tr!(failure.checkout_nonsense),
        FailureCode::SignInToPay => tr!(failure.sign_in_to_pay),
        FailureCode::NoPayments => tr!(failure.no_payments),
        FailureCode::DiskFull => tr!(failure.disk_full),
        FailureCode::Storage => tr!(failure.storage),
        FailureCode::NotJoined => tr!(failure.not_joined),
        FailureCode::NotAnAddress => tr!(failure.not_an_address),
        FailureCode::OtherTown => tr!(failure.other_town),
        FailureCode::OtherPerson => tr!(failure.other_person),
        FailureCode::SignInRefused => tr!(failure.sign_in_refused),
        FailureCode::SignedOut => tr!(failure.signed_out),
        FailureCode::NotNow => tr!(failure.not_now),
        FailureCode::BadSnapshot => tr!(failure.bad_snapshot),
        FailureCode::Unreachable => tr!(failure.unreachable),
        FailureCode::NotATown => tr!(failure.not_a_town),
        FailureCode::BadCall | FailureCode::Internal => tr!(failure.internal),
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
        (_, Field::Amount) => tr!(reading.bad_amount).to_owned(),
        (Rule::Missing, Field::Creditor) => tr!(rule.missing_creditor).to_owned(),
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
    let text = match reason.code {
        StuckCode::FileLost => tr!(problem.file_lost),
        StuckCode::InvalidGrant => tr!(problem.other),
        StuckCode::Town(code) => match code {
            ProblemCode::IdConflict => tr!(problem.id_conflict),
            ProblemCode::TooLarge => tr!(problem.too_large),
            ProblemCode::TooMany => tr!(problem.too_many),
            ProblemCode::Malformed => tr!(problem.malformed),
            ProblemCode::Invalid => tr!(problem.invalid),
            ProblemCode::FileKind => tr!(problem.file_kind),
            ProblemCode::NobodyKnown => tr!(problem.nobody_known),
            ProblemCode::FormChanged => tr!(problem.form_changed),
            ProblemCode::Stale => tr!(problem.stale),
            ProblemCode::ServiceClosed => tr!(failure.service_closed),
            ProblemCode::NotFound => tr!(problem.not_found),
            _ => tr!(problem.other),
        },
    };
    text.to_owned()
}
