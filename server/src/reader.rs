//! Whose things a caller may see: their own, their device's, and those of whom the household rules entrust to them.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use vicino_domain::{DeviceId, ResidentId};

use crate::entropy::digest;

/// The owner of a private record: a resident, or a device on which nobody has said who they are.
///
/// Devices choose their own ids, so the kind is part of the value and of the stored column: a device that takes a resident's
/// id owns nothing of the resident's.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Owner {
    /// A device nobody has signed in on.
    Device(DeviceId),
    /// A resident.
    Resident(ResidentId),
}

impl Owner {
    /// The resident, if it is one.
    #[must_use]
    pub const fn resident(self) -> Option<ResidentId> {
        match self {
            Self::Resident(id) => Some(id),
            Self::Device(_) => None,
        }
    }
}

impl From<DeviceId> for Owner {
    fn from(id: DeviceId) -> Self {
        Self::Device(id)
    }
}

impl From<ResidentId> for Owner {
    fn from(id: ResidentId) -> Self {
        Self::Resident(id)
    }
}

/// Writes the owner as its column holds it: `device:` or `resident:` before the id.
impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Device(id) => write!(f, "device:{id}"),
            Self::Resident(id) => write!(f, "resident:{id}"),
        }
    }
}

/// The text names no owner.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("not an owner")]
pub struct NoOwner;

impl FromStr for Owner {
    type Err = NoOwner;

    fn from_str(text: &str) -> Result<Self, NoOwner> {
        match text.split_once(':') {
            Some(("device", id)) => id.parse().map(Self::Device).map_err(|_| NoOwner),
            Some(("resident", id)) => id.parse().map(Self::Resident).map_err(|_| NoOwner),
            _ => Err(NoOwner),
        }
    }
}

/// A caller the town knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// The device that calls.
    pub device: DeviceId,
    /// The resident on it, once signed in.
    pub resident: Option<ResidentId>,
    /// The session they have said it in.
    pub session: Option<Uuid>,
    /// Everyone whose records they may see, sorted.
    owners: Vec<Owner>,
}

impl Reader {
    /// A caller; `wards` are the residents that the household rules entrust to this one.
    #[must_use]
    pub fn new(device: DeviceId, resident: Option<ResidentId>, wards: &[ResidentId]) -> Self {
        let own = resident.map(Owner::from).into_iter().chain([Owner::from(device)]);
        let mut owners: Vec<Owner> = own.chain(wards.iter().copied().map(Owner::from)).collect();
        owners.sort_unstable();
        owners.dedup();
        Self { device, resident, session: None, owners }
    }

    /// The same caller, in the session they have said who they are in.
    #[must_use]
    pub fn within(self, session: Uuid) -> Self {
        Self { session: Some(session), ..self }
    }

    /// Whom what they send now belongs to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.resident.map_or_else(|| self.device.into(), Owner::from)
    }

    /// Returns whether they may see what belongs to this one.
    #[must_use]
    pub fn may_see(&self, owner: Owner) -> bool {
        self.owners.binary_search(&owner).is_ok()
    }

    /// Everyone whose records they may see.
    #[must_use]
    pub fn owners(&self) -> &[Owner] {
        &self.owners
    }

    /// A short name of what they may see: it changes when that does, and a cursor that carries another is read anew.
    #[must_use]
    pub fn view(&self) -> String {
        let all: Vec<String> = self.owners.iter().map(Owner::to_string).collect();
        digest(all.join(" ").as_bytes()).to_string().chars().take(12).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resident(n: u128) -> ResidentId {
        ResidentId::from_uuid(Uuid::from_u128(n))
    }

    #[test]
    fn a_parent_sees_their_ward_and_not_the_other_way_round() {
        let (device, other) = (DeviceId::from_uuid(Uuid::from_u128(1)), DeviceId::from_uuid(Uuid::from_u128(2)));
        let (parent, child) = (resident(3), resident(4));
        let parents = Reader::new(device, Some(parent), &[child]);
        let childs = Reader::new(other, Some(child), &[]);
        assert!(parents.may_see(child.into()) && parents.may_see(device.into()) && parents.may_see(parent.into()));
        assert!(!childs.may_see(parent.into()) && !childs.may_see(device.into()));
        assert_eq!(parents.owner(), parent.into());
        assert_ne!(parents.view(), Reader::new(device, Some(parent), &[]).view(), "another household, another view");
    }

    #[test]
    fn a_device_that_took_a_residents_id_owns_nothing_of_theirs() {
        let id = Uuid::from_u128(7);
        let (device, resident) = (DeviceId::from_uuid(id), ResidentId::from_uuid(id));
        assert!(!Reader::new(device, None, &[]).may_see(resident.into()));
        for owner in [Owner::from(device), Owner::from(resident)] {
            assert_eq!(owner.to_string().parse(), Ok(owner));
        }
        for nobody in [id.to_string(), format!("office:{id}"), String::from("device:"), String::new()] {
            assert_eq!(nobody.parse::<Owner>(), Err(NoOwner), "{nobody}");
        }
    }

    #[test]
    fn a_device_nobody_signed_in_on_owns_what_it_sends() {
        let device = DeviceId::from_uuid(Uuid::from_u128(1));
        assert_eq!(Reader::new(device, None, &[]).owner(), device.into());
    }
}
