//! Who uses this device, the town they may join, and how far reading has come.

use serde::{Deserialize, Serialize};
use uuid::Uuid;
use vicino_domain::{Instant, PersonId, ResidentId};

use super::Freshness;
use crate::FailureCode;

/// One of those who use this device.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PersonRow {
    /// Their place on this device.
    pub id: PersonId,
    /// The resident they are for the town, once they have signed in.
    pub resident: Option<ResidentId>,
    /// Their name, once the town has told it.
    pub name: Option<String>,
    /// Tells whether the town believes this device.
    pub signed_in: bool,
    /// Tells whether they use it now.
    pub current: bool,
}

/// The profiles of this device, the current one first.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct PeopleView {
    /// Everyone, by name.
    pub people: Vec<PersonRow>,
    /// Of whoever uses it now: how much the town does not have yet.
    pub unsent: u32,
    /// The names of the residents entrusted to the current user.
    pub entrusted: Vec<String>,
    /// A sign-in under way.
    pub sign_in: SignInView,
}

/// The point a sign-in has reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInView {
    /// None is under way.
    #[default]
    None,
    /// The town is being asked.
    Asking,
    /// The town's page waits at this address, in the system's browser.
    Elsewhere {
        /// The address.
        url: String,
        /// Tells whether this device has opened it by itself.
        opened: bool,
    },
    /// It came to nothing.
    Failed {
        /// Why.
        code: FailureCode,
    },
}

/// A device the resident is signed in on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DeviceRow {
    /// The sign-in's identity.
    pub id: Uuid,
    /// Tells whether it is this very device.
    pub here: bool,
    /// What it calls itself; may be empty.
    pub name: String,
    /// `phone`, `computer`, `shell`, `browser`, or nothing.
    pub kind: String,
    /// The moment they signed in on it, when that is known.
    pub since: Option<Instant>,
    /// The day the town last heard of it.
    pub seen_at: Instant,
}

/// The devices the resident is signed in on.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct DevicesView {
    /// This one first, then the last used.
    pub rows: Vec<DeviceRow>,
    /// The point signing out on one of them has reached.
    pub signing_out: SigningOut,
    /// As of when they are known.
    pub freshness: Freshness,
}

/// The point signing out elsewhere has reached.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SigningOut {
    /// Nothing is under way.
    #[default]
    None,
    /// The town is being asked.
    Asking,
    /// The town was not reached, or did not do it.
    Failed {
        /// Why.
        code: FailureCode,
    },
}

/// A town being looked at, before it is joined.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnboardingView {
    /// None.
    #[default]
    None,
    /// Its card is being read.
    Asking {
        /// Where.
        url: String,
    },
    /// This is what it says of itself.
    Card {
        /// Where it answers.
        url: String,
        /// The name.
        name: String,
        /// The code in the national index of public bodies (IPA).
        ipa_code: String,
        /// The thumbprint of its key, in groups of four: to compare with what the town has published.
        fingerprint: String,
        /// Tells whether it is a town to practise in.
        practice: bool,
    },
    /// There is no town to be seen there.
    Failed {
        /// Where.
        url: String,
        /// Why.
        code: FailureCode,
    },
}

/// How far this device has read the town.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct SyncState {
    /// Each collection, the resident's own first.
    pub collections: Vec<CollectionRow>,
    /// As of when the resident's own records are known.
    pub own: Freshness,
    /// As of when the public records are known.
    pub public: Freshness,
    /// The fault in the last reading.
    pub trouble: Option<FailureCode>,
    /// Where reading the own records stands, in a few letters for whoever helps.
    pub own_cursor: Option<String>,
    /// Where reading the public records stands.
    pub public_cursor: Option<String>,
}

/// The part of a collection this device has.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct CollectionRow {
    /// The word on the wire.
    pub name: String,
    /// Tells whether only the resident may read it.
    pub own: bool,
    /// Records.
    pub count: u32,
    /// Records this app cannot read: kept for the one that can.
    pub set_aside: u32,
    /// As of when.
    pub as_of: Option<Instant>,
    /// Why it is not known as of now, when the last reading did not get there.
    pub trouble: Option<FailureCode>,
}
