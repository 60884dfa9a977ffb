//! Parts that several screens share.

mod arriving;
mod as_of;
mod ask;
mod field;
mod files;
mod heading;
mod icon;
mod long_list;
mod photo;
mod pill;
mod receipt;
mod sheet;
mod thread;
mod unknown;

pub use arriving::{arriving, list};
pub use as_of::{AsOf, Nothing};
pub use ask::Ask;
pub use field::{Problem, TextField};
pub use files::{Enclose, FileList};
pub use heading::{Heading, focus};
pub use icon::Icon;
pub use long_list::LongList;
pub use photo::PhotoTile;
pub use pill::{Look, Pill, pill_of, town as town_look};
pub use receipt::{Receipt, ReceiptFacts};
pub use sheet::Sheet;
pub use thread::{Thread, To};
pub use unknown::{Empty, Unknown};
