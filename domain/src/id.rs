//! Identities made on the device: UUIDv7 behind a type each, so that one can never stand for another.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Instant;

/// Returns whether a device may have made this id: only UUIDv7 (RFC 9562 §5.7), which no register gives to people, offices or services
/// of its own.
#[must_use]
pub fn is_made_on_device(id: Uuid) -> bool {
    id.get_version_num() == 7 && id.get_variant() == uuid::Variant::RFC4122
}

/// The text is no identity.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("no identity such as 0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b")]
pub struct BadId;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new identity from the moment and ten random bytes (UUIDv7, RFC 9562 §5.7).
            #[must_use]
            pub fn new(now: Instant, random: [u8; 10]) -> Self {
                let millis = u64::try_from(now.timestamp_millis()).unwrap_or(0);
                Self(uuid::Builder::from_unix_timestamp_millis(millis, &random).into_uuid())
            }

            /// The identity inside a UUID read elsewhere.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The bare UUID.
            #[must_use]
            pub const fn uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = BadId;

            fn from_str(text: &str) -> Result<Self, BadId> {
                Uuid::from_str(text).map(Self).map_err(|_| BadId)
            }
        }
    )*};
}

ids! {
    /// A report, from its first typed letter to its last state.
    ReportId;
    /// A photo of one report.
    PhotoId;
    /// A case, from its first typed letter to its end.
    CaseId;
    /// A debt that is asked to be paid, whatever the ways to pay it.
    NoticeId;
    /// Notices that are paid together, once.
    CartId;
    /// A certificate, from the wish for it to the day it no longer holds.
    CertificateId;
    /// A paper of one's own, kept to be used again; it never leaves the device as such.
    PaperId;
    /// A signature asked of somebody else.
    SignatureId;
    /// A file of a case or a message.
    AttachmentId;
    /// An entry in the thread of a report.
    MessageId;
    /// A device that introduced itself to a town.
    DeviceId;
    /// A person the town knows.
    ResidentId;
    /// A service of the town's catalogue.
    ServiceId;
    /// A piece of news, a notice, an act of the notice board.
    BulletinId;
    /// A profile on this device, with a store of its own; never sent to a town.
    PersonId;
    /// A street of the town's list.
    StreetId;
    /// An office of the town.
    OfficeId;
    /// A thing this device still has to tell the town.
    RequestId;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_sort_by_the_moment_they_were_made() {
        let at = |ms| chrono::DateTime::from_timestamp_millis(ms).unwrap();
        let first = ReportId::new(at(1_000), [0xff; 10]);
        let later = ReportId::new(at(1_001), [0; 10]);
        assert!(first < later);
        assert_eq!(first.uuid().get_version_num(), 7);
        assert_eq!(first.to_string().parse::<ReportId>().unwrap(), first);
    }
}
