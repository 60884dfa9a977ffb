//! Records as they are kept: without the letters that lie, in whatever field somebody has put them.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use vicino_domain::text;

/// A message with every text of it honest.
///
/// # Errors
/// When it does not travel as JSON.
pub(crate) fn honest<T: Serialize + DeserializeOwned>(record: &T) -> serde_json::Result<T> {
    let mut value = serde_json::to_value(record)?;
    clean(&mut value);
    serde_json::from_value(value)
}

fn clean(value: &mut Value) {
    match value {
        Value::String(said) => *said = text::honest(said),
        Value::Array(all) => all.iter_mut().for_each(clean),
        Value::Object(all) => all.values_mut().for_each(clean),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_of_a_record_is_honest_and_nothing_else_changes() {
        let record = serde_json::json!({ "a": ["x\u{202e}y", { "b": "  due\nrighe \u{1b}[2J" }], "n": 3, "t": null });
        let kept = serde_json::json!({ "a": ["xy", { "b": "  due\nrighe [2J" }], "n": 3, "t": null });
        assert_eq!(honest(&record).unwrap(), kept);
    }
}
