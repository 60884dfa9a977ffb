//! Commands that carry a file: its bytes travel beside the arguments.

use serde::{Deserialize, Serialize};
use vicino_domain::ReportId;

use super::{AddedPhoto, CheckView, Command, FileTo, FileView, ReadView};

/// Takes a photo into a draft; the file's bytes travel beside the arguments, as they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddPhoto {
    /// The draft it belongs to.
    pub draft: ReportId,
    /// The file as it was chosen, whatever it calls itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Command for AddPhoto {
    const NAME: &'static str = "add_photo";
    type Reply = AddedPhoto;

    fn attach(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }
}

/// Takes a file into a case being written, or into a message; the file's bytes travel beside the arguments, as they are.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct AddFile {
    /// Where it goes.
    pub to: FileTo,
    /// The name.
    pub name: String,
    /// The file as it was chosen, whatever it calls itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Command for AddFile {
    const NAME: &'static str = "add_file";
    type Reply = FileView;

    fn attach(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }
}

/// Reads the codes in a picture or a PDF; the file's bytes travel beside the arguments, and are not kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ReadNoticeFile {
    /// The file as it was chosen, whatever it calls itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Command for ReadNoticeFile {
    const NAME: &'static str = "read_notice_file";
    type Reply = ReadView;

    fn attach(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }
}

/// Checks a certificate: a PDF, or a picture of its code; the file's bytes travel beside the arguments, and are not kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct CheckFile {
    /// The file as it was chosen, whatever it calls itself.
    #[serde(skip)]
    pub bytes: Vec<u8>,
}

impl Command for CheckFile {
    const NAME: &'static str = "check_file";
    type Reply = CheckView;

    fn attach(&mut self, bytes: Vec<u8>) {
        self.bytes = bytes;
    }
}
