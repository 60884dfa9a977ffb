//! Browsers, driven as people drive them.
