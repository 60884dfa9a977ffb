//! Steps that journeys share about shelf.

use world::Device;

/// One byte of every file on the disk is another.
pub(crate) fn spoil(device: &Device) {
    for entry in std::fs::read_dir(device.own_folder().join("files")).unwrap() {
        let path = entry.unwrap().path();
        let mut bytes = std::fs::read(&path).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
}
