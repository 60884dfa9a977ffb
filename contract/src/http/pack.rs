//! What a service asks and promises, signed by the town: a device trusts no other form.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use uuid::Uuid;
use vicino_domain::form::Form;
use vicino_domain::{Cents, Term};

/// A service's pack: the content of the compact JWS in [`super::ServiceRecord::pack`].
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct ServicePack {
    /// The town that signs, by its IPA code.
    pub iss: String,
    /// Always `service`: no other word of the town can stand for this one.
    pub kind: String,
    /// The service.
    pub service: Uuid,
    /// The digest of the service's sheet ([`sheet_bytes`]), in hexadecimal: what the sheet says is signed with what is asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// The question.
    pub form: Form,
    /// Within how long the office must conclude, when there is such a term.
    #[serde(default)]
    pub term: Option<Term>,
    /// The price.
    #[serde(default)]
    pub fee: Option<Cents>,
    /// The stamp duty due with the request.
    #[serde(default)]
    pub stamp: Option<Cents>,
}

impl ServicePack {
    /// The word that [`Self::kind`] holds.
    pub const KIND: &'static str = "service";
}

/// The bytes of a service's sheet whose digest is signed: its record as it stands on the wire, keys in order, without the pack
/// itself and without whether it is open just now. Fields of a release to come count as well: they are in the record as it came.
///
/// # Errors
/// None in practice: a JSON value can always be written.
pub fn sheet_bytes(record: &Value) -> serde_json::Result<Vec<u8>> {
    let mut sheet = record.clone();
    if let Some(fields) = sheet.as_object_mut() {
        for passing in ["pack", "active", "inactive_note"] {
            fields.remove(passing);
        }
    }
    serde_json::to_vec(&sheet)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_order_of_fields_and_what_passes_change_nothing_and_a_cost_does() {
        let one: Value =
            serde_json::from_str(r#"{"title":"Mensa","costs":"Gratis","active":true,"pack":"a"}"#).unwrap();
        let same = json!({ "active": false, "inactive_note": "Riapre", "costs": "Gratis", "title": "Mensa" });
        assert_eq!(sheet_bytes(&one).unwrap(), sheet_bytes(&same).unwrap());
        let other = json!({ "costs": "16 euro", "title": "Mensa" });
        assert_ne!(sheet_bytes(&one).unwrap(), sheet_bytes(&other).unwrap());
        let tomorrow = json!({ "costs": "Gratis", "title": "Mensa", "moon": 3 });
        assert_ne!(sheet_bytes(&one).unwrap(), sheet_bytes(&tomorrow).unwrap());
    }
}
