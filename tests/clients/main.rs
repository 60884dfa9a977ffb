//! Other people's programs before the running town: linters and a fuzzer that know nothing of it but its document, and a client that was
//! generated from it. `cargo xtask setup` installs them.

mod fuzzed;
mod generated;
mod linted;
mod tools;
