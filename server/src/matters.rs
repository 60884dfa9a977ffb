//! The matters a town receives and decides on, a room each; how one is received once, and the files that hang on it.

pub(crate) mod attachment;
pub(crate) mod case;
pub(crate) mod certificate;
pub(crate) mod honest;
pub(crate) mod message;
pub(crate) mod notice;
pub(crate) mod receive_once;
pub(crate) mod report;
pub(crate) mod room;
pub(crate) mod signature;
pub(crate) mod upload;
