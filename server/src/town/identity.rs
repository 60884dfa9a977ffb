//! Where a town's residents prove who they are: one door, whoever stands behind it.
//!
//! The national providers (SPID, CIE) speak to the town and never to a device (`private_key_jwt` needs a key that no
//! distributed program can keep): behind this trait the town is their relying party, in front of it a device sees plain
//! OAuth 2. The practice town's provider is a page on which one becomes any of its residents.

use std::fmt::Debug;

use vicino_domain::ResidentId;

use crate::{Refusal, Town};

/// What a browser gets that came to sign in.
pub enum Greeting {
    /// A page to look at, HTML.
    Page(String),
    /// The provider's own address, to go on to.
    Elsewhere(String),
}

/// Somebody who can say who a person is.
pub trait IdentityProvider: Debug + Send + Sync {
    /// The name it has in the town card.
    fn name(&self) -> &'static str;

    /// Receives a browser. The ticket must come back with the answer.
    ///
    /// # Errors
    /// A [`Refusal`] when it cannot receive anybody now.
    fn greet(&self, town: &Town, ticket: &str) -> Result<Greeting, Refusal>;

    /// Who the fields of the answer show the person to be; `None`: they show nobody.
    ///
    /// # Errors
    /// A [`Refusal`] when it cannot say now.
    fn recognise(&self, town: &Town, answer: &[(String, String)]) -> Result<Option<ResidentId>, Refusal>;
}
