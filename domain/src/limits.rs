//! The sizes a town accepts; its card carries them, so that no device guesses.

use serde::{Deserialize, Serialize};

/// What one report, case or message may hold. Lengths are in characters (Unicode scalar values), sizes in bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(default)]
pub struct Limits {
    /// Longest title.
    pub title: u32,
    /// Longest details; the official form says 200.
    pub details: u32,
    /// Longest way to be reached again.
    pub contact: u32,
    /// Longest description of a place in words, and longest address.
    pub place_words: u32,
    /// Longest message.
    pub message: u32,
    /// Most photos in one report.
    pub photos: u32,
    /// Largest photo as it is sent.
    pub photo_bytes: u64,
    /// Most files with one case, or with one message.
    pub files: u32,
    /// Largest file of a case or a message.
    pub file_bytes: u64,
    /// Largest piece of an upload in one request.
    pub piece_bytes: u64,
}

impl Default for Limits {
    /// The practice town's, and what a device assumes before it has read a card.
    fn default() -> Self {
        Self {
            title: 80,
            details: 200,
            contact: 120,
            place_words: 200,
            message: 1_000,
            photos: 5,
            photo_bytes: 10_000_000,
            files: 10,
            file_bytes: 10_000_000,
            piece_bytes: 262_144,
        }
    }
}
