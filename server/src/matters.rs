//! The matters a town receives and decides on, a room each; how one is received once, and the files that hang on it.

pub(crate) mod attachment;
pub mod case;
pub mod certificate;
pub(crate) mod honest;
pub(crate) mod message;
pub mod notice;
pub(crate) mod part;
pub(crate) mod receive_once;
pub(crate) mod report;
pub mod room;
pub(crate) mod service_pack;
pub(crate) mod signature;
pub(crate) mod upload;
