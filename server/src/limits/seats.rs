//! Seats: how many things at once each caller, and everybody together, may hold. A seat is given back when it is dropped.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// Seats of one kind, so many for each key and so many in all.
#[derive(Debug)]
pub(crate) struct Seats<K> {
    each: u32,
    all: u32,
    taken: Mutex<Taken<K>>,
}

#[derive(Debug)]
struct Taken<K> {
    by: HashMap<K, u32>,
    all: u32,
}

impl<K: Eq + Hash + Clone> Seats<K> {
    /// Seats, `each` for a key and `all` together.
    pub(crate) fn new(each: u32, all: u32) -> Arc<Self> {
        Arc::new(Self { each, all, taken: Mutex::new(Taken { by: HashMap::new(), all: 0 }) })
    }

    /// A seat for this key; none when the key's, or everybody's, are all taken.
    pub(crate) fn take(self: &Arc<Self>, key: K) -> Option<Seat<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let own = taken.by.get(&key).copied().unwrap_or_default();
        if own >= self.each || taken.all >= self.all {
            return None;
        }
        taken.by.insert(key.clone(), own + 1);
        taken.all += 1;
        Some(Seat { seats: self.clone(), key })
    }
}

/// A seat that is taken.
#[derive(Debug)]
pub(crate) struct Seat<K: Eq + Hash + Clone> {
    seats: Arc<Seats<K>>,
    key: K,
}

impl<K: Eq + Hash + Clone> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut taken = self.seats.taken.lock().unwrap_or_else(PoisonError::into_inner);
        taken.all = taken.all.saturating_sub(1);
        match taken.by.get_mut(&self.key) {
            Some(own) if *own > 1 => *own -= 1,
            // A key without seats is forgotten: strangers' keys must not pile up.
            _ => drop(taken.by.remove(&self.key)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_takes_its_own_seats_and_leaves_the_others() {
        let seats = Seats::new(2, 3);
        let (one, two) = (seats.take("a"), seats.take("a"));
        assert!(one.is_some() && two.is_some() && seats.take("a").is_none());
        let three = seats.take("b");
        assert!(three.is_some() && seats.take("c").is_none(), "everybody's are taken");
        drop(one);
        assert!(seats.take("a").is_some());
        drop((two, three));
        assert!(seats.taken.lock().unwrap().by.is_empty(), "nobody is remembered");
    }
}
