//! Reading a town's card: the moment a device decides whom to trust.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use vicino_contract::http::{CARD_SIGNATURE, CompromisedKey, TownCard, TownKey, path};
use vicino_contract::jws::Kind;
use vicino_contract::{Failure, FailureCode, jws};

use crate::api::{TownClient, bounded};

/// The time a card may take.
const PATIENCE: Duration = Duration::from_secs(30);

impl TownClient {
    /// The card, when its signature holds: under the keys pinned and those they vouched for since, or under its own when
    /// nothing is pinned yet.
    pub(crate) async fn card(&self) -> Result<TownCard, Failure> {
        let unreachable = |_| Failure::passing(FailureCode::Unreachable);
        let response = self.request(Method::GET, path::CARD).timeout(PATIENCE).send().await.map_err(unreachable)?;
        if response.status() != StatusCode::OK {
            return Err(Failure::passing(FailureCode::NotATown));
        }
        let signature = response.headers().get(CARD_SIGNATURE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        // Before any trust: whatever answers may be anything.
        let read = bounded::bytes(response, bounded::CARD).await;
        let bytes = read.map_err(|_| Failure::passing(FailureCode::NotATown))?;
        let not_a_town = || Failure::new(FailureCode::NotATown);
        // A key that is not what it calls itself is not read: what is compared on the screen is what signs.
        let card: TownCard = serde_json::from_slice(&bytes).map_err(|_| not_a_town())?;
        if !card.has_sound_keys() {
            return Err(not_a_town());
        }
        // The first time its present key must vouch for it: the one whose fingerprint is shown.
        let first = || card.keys.first().cloned().into_iter().collect();
        let keys: Vec<TownKey> = if self.keys.is_empty() { first() } else { jws::follow(&self.keys, &card.succession) };
        // A key the card itself gives up vouches for no card.
        let keys = CompromisedKey::spare(&keys, &card.compromised);
        jws::verify_detached(Kind::Card, &signature.ok_or_else(not_a_town)?, &bytes, &keys)
            .map_err(|_| not_a_town())?;
        Ok(card)
    }
}
