//! Turns the words of i18n/ into code: a key that is missing, or named wrongly, does not compile.

use std::error::Error;
use std::path::PathBuf;

use leptos_i18n_build::{Config, ParseOptions, TranslationsInfos};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("it")?.add_locale("en")?.locales_path("../i18n").parse_options(options);
    let words = TranslationsInfos::parse(config)?;
    words.emit_diagnostics();
    words.rerun_if_locales_changed();
    let folder = std::env::var_os("OUT_DIR").ok_or("cargo gives no folder")?;
    words.generate_i18n_module(PathBuf::from(folder).join("i18n"))?;
    Ok(())
}
