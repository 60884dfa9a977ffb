//! A device without a window: driven from a shell, or shown in a plain browser.

pub mod serve;
