//! A paper that could not be drawn.

use thiserror::Error;

/// A paper could not be drawn: a fault of its template, facts it cannot hold, or a program that draws no PDF.
#[derive(Debug, Error)]
#[error("the paper cannot be drawn: {0}")]
pub struct PaperError(pub(crate) String);
