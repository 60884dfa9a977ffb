//! The document before two linters.

use std::time::Duration;

use tempfile::tempdir;
use world::World;

use crate::tools::{document, ended, here, npm};

const WITHIN: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread")]
async fn linters_find_nothing_in_the_document() {
    // As a town stands that everybody reaches.
    let world =
        World::otherwise(|identity| identity.address = Some(String::from("https://vicino.comune.example"))).await;
    let folder = tempdir().unwrap();
    let file = document(&world, folder.path()).await;

    let mut redocly = npm("redocly");
    redocly.arg("lint").arg(&file).arg("--config").arg(here().join("redocly.yaml")).arg("--format=codeframe");
    redocly.env("REDOCLY_TELEMETRY", "off").env("REDOCLY_SUPPRESS_UPDATE_NOTICE", "true");
    let (output, said) = ended(redocly, WITHIN).await;
    assert!(output.status.success() && !said.contains("Warning was"), "{said}");

    let mut spectral = npm("spectral");
    spectral.arg("lint").arg(&file).arg("--ruleset").arg(here().join("spectral.yaml")).arg("--fail-severity=hint");
    let (output, said) = ended(spectral, WITHIN).await;
    assert!(output.status.success(), "{said}");
}

/// A linter that finds nothing anywhere shows nothing.
#[tokio::test(flavor = "multi_thread")]
async fn linters_find_what_is_spoilt() {
    let world = World::new().await;
    let folder = tempdir().unwrap();
    let file = document(&world, folder.path()).await;
    let spoilt =
        std::fs::read_to_string(&file).unwrap().replace("#/components/schemas/Problem", "#/components/schemas/Nothing");
    std::fs::write(&file, spoilt.replace("X-RateLimit-Limit", "X-Nothing")).unwrap();
    let mut redocly = npm("redocly");
    redocly.arg("lint").arg(&file).arg("--config").arg(here().join("redocly.yaml")).env("REDOCLY_TELEMETRY", "off");
    assert!(!ended(redocly, WITHIN).await.0.status.success());
    let mut spectral = npm("spectral");
    spectral.arg("lint").arg(&file).arg("--ruleset").arg(here().join("spectral.yaml"));
    let (_, said) = ended(spectral, WITHIN).await;
    for rule in ["invalid-ref", "reached-sealed", "rates-are-told"] {
        assert!(said.contains(rule), "{rule}: {said}");
    }
}
