//! Work that waits for the register or the disk.

use std::sync::Arc;

use vicino_contract::http::ProblemCode;

use crate::refusal::{Refusal, RefusalKind};
use crate::town::Town;

/// Runs work that waits for the register or the disk, away from the threads that answer.
pub(crate) async fn blocking<T: Send + 'static>(
    town: &Arc<Town>,
    work: impl FnOnce(&Arc<Town>) -> Result<T, Refusal> + Send + 'static,
) -> Result<T, Refusal> {
    let town = town.clone();
    let done = tokio::task::spawn_blocking(move || work(&town)).await;
    done.unwrap_or_else(|_| Err(Refusal::new(RefusalKind::Internal, ProblemCode::Internal, "Internal error")))
}
