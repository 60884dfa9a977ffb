//! Enums with a word on the wire: each case declared once, with its word and its meaning.

mod open;

pub use open::{Open, WireWord};

/// Declares enums whose cases have a word; each gets `ALL`, `code`, `from_code`, `Display` and `serde` by that word.
#[macro_export]
macro_rules! wire_enum {
    ($($(#[$doc:meta])* $name:ident { $($(#[$case_doc:meta])* $case:ident $word:literal,)* })*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, ::serde::Serialize, ::serde::Deserialize)]
        pub enum $name { $($(#[$case_doc])* #[serde(rename = $word)] $case,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$case,)*];

            /// The word on the wire.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$case => $word,)* }
            }

            /// The one with this word.
            #[must_use]
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($word => Some(Self::$case),)* _ => None }
            }
        }

        impl $crate::WireWord for $name {
            fn word(self) -> &'static str {
                self.code()
            }

            fn from_word(word: &str) -> Option<Self> {
                Self::from_code(word)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.code()
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }
    )*};
}
