//! Closed doors: what an attacker tried on the running programs, each kind with its neighbours.

mod identities; // nobody is somebody else
