//! Where each call lives. A `{name}` in a path is filled by the function beside it.

use vicino_domain::{CartId, CaseId, CertificateId, MessageId, NoticeId, ReportId, Sha256, SignatureId};

/// The town card.
pub const CARD: &str = "/.well-known/vicino";
/// Tells whether the town answers at all (ModI: a `/status` path must exist).
pub const STATUS: &str = "/status";
/// The generated OpenAPI document.
pub const OPENAPI: &str = "/openapi.json";
/// A device introduces itself.
pub const DEVICES: &str = "/v1/devices";
/// A sign-in of the caller's, on one of their devices.
pub const DEVICE: &str = "/v1/devices/{id}";
/// A report.
pub const REPORT: &str = "/v1/reports/{id}";
/// A message of a report's thread.
pub const MESSAGE: &str = "/v1/reports/{id}/messages/{message}";
/// The wish to take a report back.
pub const WITHDRAWAL: &str = "/v1/reports/{id}/withdrawal";
/// A case.
pub const CASE: &str = "/v1/cases/{id}";
/// A message of a case's thread.
pub const CASE_MESSAGE: &str = "/v1/cases/{id}/messages/{message}";
/// The answer to an office that asked for more: a message, with which the case goes on.
pub const CASE_INTEGRATION: &str = "/v1/cases/{id}/integrations/{message}";
/// The wish to take a case back.
pub const CASE_WITHDRAWAL: &str = "/v1/cases/{id}/withdrawal";
/// A signature asked for.
pub const SIGNATURE: &str = "/v1/signatures/{id}";
/// The answer to it.
pub const SIGNATURE_ANSWER: &str = "/v1/signatures/{id}/answer";
/// A signature is asked for no more.
pub const SIGNATURE_WITHDRAWAL: &str = "/v1/signatures/{id}/withdrawal";
/// The resident says that a notice is paid.
pub const DECLARATION: &str = "/v1/notices/{id}/declarations/{declaration}";
/// Notices to be paid together.
pub const CART: &str = "/v1/carts/{id}";
/// A certificate asked for.
pub const CERTIFICATE: &str = "/v1/certificates/{id}";
/// A resident takes the wish for a certificate back.
pub const CERTIFICATE_WITHDRAWAL: &str = "/v1/certificates/{id}/withdrawal";
/// Where uploads begin.
pub const UPLOADS: &str = "/v1/uploads";
/// An upload.
pub const UPLOAD: &str = "/v1/uploads/{id}";
/// A file, by the digest of its bytes.
pub const FILE: &str = "/v1/files/{sha256}";
/// Where a browser goes to sign in.
pub const AUTHORIZE: &str = "/oauth/authorize";
/// Where the identity provider's answer comes back.
pub const IDENTITY: &str = "/oauth/identity";
/// Where a device asks for tokens.
pub const TOKEN: &str = "/oauth/token";
/// Where a device gives its tokens back.
pub const REVOKE: &str = "/oauth/revoke";
/// The metadata of signing in (RFC 8414).
pub const OAUTH: &str = "/.well-known/oauth-authorization-server";
/// The newest snapshot of the public records: its signed label.
pub const SNAPSHOT: &str = "/v1/snapshot";
/// The bytes of a snapshot, by their digest.
pub const SNAPSHOT_FILE: &str = "/v1/snapshot/{sha256}";
/// The changes after a cursor.
pub const CHANGES: &str = "/v1/changes";
/// A stream that says *something changed*.
pub const EVENTS: &str = "/v1/events";
/// The office's queue of reports.
pub const OFFICE_REPORTS: &str = "/office/v1/reports";
/// A report as the office sees it.
pub const OFFICE_REPORT: &str = "/office/v1/reports/{id}";
/// The office moves a report to another state.
pub const OFFICE_TRANSITIONS: &str = "/office/v1/reports/{id}/transitions";
/// The office writes in a report's thread.
pub const OFFICE_MESSAGES: &str = "/office/v1/reports/{id}/messages";

/// Those who work in the offices.
pub const OFFICE_OPERATORS: &str = "/office/v1/operators";
/// One of them.
pub const OFFICE_OPERATOR: &str = "/office/v1/operators/{id}";
/// A resident's devices, for an office.
pub const OFFICE_DEVICES: &str = "/office/v1/devices";
/// A lost device is shut out.
pub const OFFICE_DEVICES_END: &str = "/office/v1/devices/end";
/// The audit: who read or did what.
pub const OFFICE_AUDIT: &str = "/office/v1/audit";
/// Where an office brings a file.
pub const OFFICE_FILES: &str = "/office/v1/files";
/// The office's queue of cases.
pub const OFFICE_CASES: &str = "/office/v1/cases";
/// A case as the office sees it.
pub const OFFICE_CASE: &str = "/office/v1/cases/{id}";
/// The office moves a case to another state.
pub const OFFICE_CASE_TRANSITIONS: &str = "/office/v1/cases/{id}/transitions";
/// The office writes in a case's thread.
pub const OFFICE_CASE_MESSAGES: &str = "/office/v1/cases/{id}/messages";
/// The payments that residents declare.
pub const OFFICE_DECLARATIONS: &str = "/office/v1/declarations";
/// A debt as the office sees it, and where it is issued.
pub const OFFICE_NOTICE: &str = "/office/v1/notices/{id}";
/// The creditor's word against a payment.
pub const OFFICE_CONTRADICTIONS: &str = "/office/v1/notices/{id}/contradictions";
/// An office takes a debt back.
pub const OFFICE_NOTICE_WITHDRAWAL: &str = "/office/v1/notices/{id}/withdrawal";
/// Certificates that wait, as their office sees them.
pub const OFFICE_CERTIFICATES: &str = "/office/v1/certificates";
/// A certificate as its office sees it.
pub const OFFICE_CERTIFICATE: &str = "/office/v1/certificates/{id}";
/// An office issues a certificate by hand.
pub const OFFICE_CERTIFICATE_ISSUE: &str = "/office/v1/certificates/{id}/issue";
/// An office takes a certificate back.
pub const OFFICE_CERTIFICATE_REVOCATION: &str = "/office/v1/certificates/{id}/revocation";
/// The page on which anybody has a certificate checked.
pub const CHECK: &str = "/verifica";

/// The path of a sign-in on one of the caller's devices.
#[must_use]
pub fn device(id: uuid::Uuid) -> String {
    DEVICE.replace("{id}", &id.to_string())
}

/// The path of one case.
#[must_use]
pub fn case(id: CaseId) -> String {
    CASE.replace("{id}", &id.to_string())
}

/// The path of one message of a case.
#[must_use]
pub fn case_message(case: CaseId, id: MessageId) -> String {
    CASE_MESSAGE.replace("{id}", &case.to_string()).replace("{message}", &id.to_string())
}

/// The path of the answer to an office that asked for more.
#[must_use]
pub fn case_integration(case: CaseId, id: MessageId) -> String {
    CASE_INTEGRATION.replace("{id}", &case.to_string()).replace("{message}", &id.to_string())
}

/// The path of a case's withdrawal.
#[must_use]
pub fn case_withdrawal(id: CaseId) -> String {
    CASE_WITHDRAWAL.replace("{id}", &id.to_string())
}

/// The path of the resident's word that a notice is paid.
#[must_use]
pub fn declaration(notice: NoticeId, id: MessageId) -> String {
    DECLARATION.replace("{id}", &notice.to_string()).replace("{declaration}", &id.to_string())
}

/// The path of a cart.
#[must_use]
pub fn cart(id: CartId) -> String {
    CART.replace("{id}", &id.to_string())
}

/// The path of a certificate asked for.
#[must_use]
pub fn certificate(id: CertificateId) -> String {
    CERTIFICATE.replace("{id}", &id.to_string())
}

/// Where the wish for a certificate is taken back.
#[must_use]
pub fn certificate_withdrawal(id: CertificateId) -> String {
    CERTIFICATE_WITHDRAWAL.replace("{id}", &id.to_string())
}

/// The path of a signature asked for.
#[must_use]
pub fn signature(id: SignatureId) -> String {
    SIGNATURE.replace("{id}", &id.to_string())
}

/// The path of the answer to it.
#[must_use]
pub fn signature_answer(id: SignatureId) -> String {
    SIGNATURE_ANSWER.replace("{id}", &id.to_string())
}

/// The path of the word that it is asked for no more.
#[must_use]
pub fn signature_withdrawal(id: SignatureId) -> String {
    SIGNATURE_WITHDRAWAL.replace("{id}", &id.to_string())
}

/// The path of one report.
#[must_use]
pub fn report(id: ReportId) -> String {
    REPORT.replace("{id}", &id.to_string())
}

/// The path of one message.
#[must_use]
pub fn message(report: ReportId, id: MessageId) -> String {
    MESSAGE.replace("{id}", &report.to_string()).replace("{message}", &id.to_string())
}

/// The path of one withdrawal.
#[must_use]
pub fn withdrawal(id: ReportId) -> String {
    WITHDRAWAL.replace("{id}", &id.to_string())
}

/// The path of a snapshot's bytes.
#[must_use]
pub fn snapshot_file(digest: Sha256) -> String {
    SNAPSHOT_FILE.replace("{sha256}", &digest.to_string())
}

/// The path of one file.
#[must_use]
pub fn file(digest: Sha256) -> String {
    FILE.replace("{sha256}", &digest.to_string())
}
