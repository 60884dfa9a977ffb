//! The HTTP side of the town: which call lives where, who may call it, and how an answer is told.

pub(crate) mod conditions;
pub(crate) mod extract;
pub(crate) mod html;
pub(crate) mod middleware;
pub mod openapi;
pub(crate) mod problem;
pub(crate) mod router;
pub(crate) mod routes;
pub(crate) mod serving;
pub mod table;
pub(crate) mod verify_page;
