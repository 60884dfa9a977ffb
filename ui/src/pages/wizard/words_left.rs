//! How much room a text has left, counted as the town counts.

use crate::tr;

/// What the counter under a text says.
pub fn words_left(text: &str, max: u32) -> String {
    let found = u32::try_from(text.trim().chars().count()).unwrap_or(u32::MAX);
    match (max.checked_sub(found), found.saturating_sub(max)) {
        (Some(1), _) => tr!(wizard.left_one, max = max),
        (Some(left), _) => tr!(wizard.left_many, n = left, max = max),
        (None, 1) => tr!(wizard.over_one, max = max),
        (None, over) => tr!(wizard.over_many, n = over, max = max),
    }
}
