//! The resident's preferences at work: language and text size of the whole page.

use vicino_contract::ipc::{GetSettings, Language, Settings, TextSize};

use crate::bridge;
use crate::i18n::Locale;
use crate::words;

/// Reads and applies them before the first word is shown.
pub async fn begin() {
    apply(&bridge::call(GetSettings {}).await.unwrap_or_default());
}

/// Applies them to the page.
pub fn apply(settings: &Settings) {
    let locale = match settings.language {
        Language::It => Locale::it,
        Language::En => Locale::en,
        Language::System => system(),
    };
    words::set_locale(locale);
    let Some(root) = web_sys::window().and_then(|window| window.document()?.document_element()) else { return };
    let size = match settings.text_size {
        TextSize::Normal => "normal",
        TextSize::Large => "large",
        TextSize::Larger => "larger",
    };
    let language = if locale == Locale::en { "en" } else { "it" };
    // Both are words of ours: setting them cannot fail.
    let _ = root.set_attribute("lang", language);
    let _ = root.set_attribute("data-text", size);
}

/// English where the system speaks it, Italian everywhere else.
fn system() -> Locale {
    let tongue = web_sys::window().and_then(|window| window.navigator().language()).unwrap_or_default();
    if tongue.to_lowercase().starts_with("en") { Locale::en } else { Locale::it }
}
