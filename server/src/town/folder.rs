//! The folder of a town: where its register, its files and its snapshots lie.

use std::path::{Path, PathBuf};

use uuid::Uuid;
use vicino_domain::Sha256;

/// A town's folder. Only digests and identities name files in it, never words from outside.
pub(crate) struct Folder {
    root: PathBuf,
}

impl Folder {
    /// The rooms a town keeps bytes in.
    pub(super) const ROOMS: [&str; 3] = ["uploads", "files", "snapshots"];

    pub(super) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// The folder itself.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// The register's file.
    pub(crate) fn register(&self) -> PathBuf {
        self.root.join("town.db")
    }

    /// The folder of files that arrived whole.
    pub(crate) fn files(&self) -> PathBuf {
        self.root.join("files")
    }

    /// The place of a file that arrived whole.
    pub(crate) fn file(&self, digest: Sha256) -> PathBuf {
        self.files().join(digest.to_string())
    }

    /// The place of an upload that is on its way.
    pub(crate) fn upload(&self, id: Uuid) -> PathBuf {
        self.root.join("uploads").join(id.to_string())
    }

    /// The folder of snapshots.
    pub(crate) fn snapshots(&self) -> PathBuf {
        self.root.join("snapshots")
    }

    /// The place of a snapshot's bytes.
    pub(crate) fn snapshot(&self, digest: Sha256) -> PathBuf {
        self.snapshots().join(format!("{digest}.zst"))
    }
}
