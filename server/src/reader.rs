//! Whose things a caller may see: their own, their device's, and those of whom the household rules entrust to them.

use std::fmt;
use std::str::FromStr;

use uuid::Uuid;
use vicino_domain::{DeviceId, ResidentId};

use crate::entropy::digest;

/// Whom a private record belongs to: a resident, or a device on which nobody has said who they are.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Owner(Uuid);

impl From<DeviceId> for Owner {
    fn from(id: DeviceId) -> Self {
        Self(id.uuid())
    }
}

impl From<ResidentId> for Owner {
    fn from(id: ResidentId) -> Self {
        Self(id.uuid())
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Owner {
    type Err = uuid::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        text.parse().map(Self)
    }
}

/// A caller the town knows.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Reader {
    /// The device that calls.
    pub device: DeviceId,
    /// Who uses it, when they have said so.
    pub resident: Option<ResidentId>,
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
        Self { device, resident, owners }
    }

    /// Whom what they send now belongs to.
    #[must_use]
    pub fn owner(&self) -> Owner {
        self.resident.map_or_else(|| self.device.into(), Owner::from)
    }

    /// Whether they may see what belongs to this one.
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
    fn a_device_nobody_signed_in_on_owns_what_it_sends() {
        let device = DeviceId::from_uuid(Uuid::from_u128(1));
        assert_eq!(Reader::new(device, None, &[]).owner(), device.into());
    }
}
