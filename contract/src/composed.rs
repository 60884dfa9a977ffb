//! JSON from outside, read with its texts composed: the one edge at which every letter and its marks become one (Unicode NFC).

use serde::de::DeserializeOwned;
use serde_json::Value;
use vicino_domain::text;

/// Reads a value from JSON as it came. What two keyboards write in two ways is the same from here on.
///
/// # Errors
/// Those of the JSON, with their place in it.
pub fn from_slice<T: DeserializeOwned>(json: &[u8]) -> serde_json::Result<T> {
    let usual = std::str::from_utf8(json).is_ok_and(|json| text::is_composed(json) && !json.contains("\\u"));
    // Read as it is first, so that a fault is told with its place; what is not composed then is, text by text.
    if usual { serde_json::from_slice(json) } else { from_value(serde_json::from_slice(json)?) }
}

/// Reads a value from JSON that is parsed already, with its texts composed as in [`from_slice`].
///
/// # Errors
/// Those of the JSON.
pub fn from_value<T: DeserializeOwned>(mut value: Value) -> serde_json::Result<T> {
    compose(&mut value);
    serde_json::from_value(value)
}

fn compose(value: &mut Value) {
    match value {
        Value::String(said) if !text::is_composed(said) => *said = text::composed(said),
        Value::Array(all) => all.iter_mut().for_each(compose),
        Value::Object(all) => all.values_mut().for_each(compose),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_composed_and_nothing_else_changes() {
        let value = serde_json::json!({ "a": "é", "b": ["à", 1, 2.5, null, true] });
        for json in [
            "{\"a\":\"e\u{301}\",\"b\":[\"a\u{300}\",1,2.5,null,true]}",
            r#"{"a":"e\u0301","b":["a\u0300",1,2.5,null,true]}"#,
            r#"{"a":"é","b":["à",1,2.5,null,true]}"#,
        ] {
            assert_eq!(from_slice::<Value>(json.as_bytes()).unwrap(), value, "{json}");
        }
        assert!(from_slice::<Value>(b"\xff").is_err() && from_slice::<Value>(b"{").is_err());
    }
}
