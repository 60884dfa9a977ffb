//! What stands on a certificate's paper in somebody's own words, and what its file is called.

use vicino_domain::certificate::{CertificateKind, StampDuty};
use vicino_domain::text;

/// The words with which somebody explains why no stamp is due, as theirs.
pub(crate) fn declared(stamp: &StampDuty) -> String {
    let reason = match stamp {
        StampDuty::Exempt { reason, .. } => reason.as_deref().unwrap_or_default(),
        StampDuty::Due => "",
    };
    if text::line(reason).is_empty() { String::new() } else { text::quoted(reason) }
}

/// The name of the file on a disk.
pub(crate) fn file_name(kinds: &[CertificateKind], on: chrono::NaiveDate) -> String {
    let name = kinds.first().map_or("certificato", |kind| kind.title());
    let plain = name.to_lowercase().replace([' ', '’', '\''], "-");
    format!("{plain}-{on}")
}
