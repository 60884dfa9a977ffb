//! A disk that can be full: a small file system of its own.

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A small file system, taken down with it.
pub struct SmallDisk(TempDir);

impl SmallDisk {
    /// Returns whether this process may mount one.
    pub fn is_possible() -> bool {
        let id = Command::new("id").arg("-u").output().unwrap();
        id.stdout.trim_ascii() == b"0"
    }

    /// Runs one test of this program again where whoever runs it may: as root of a name space that is theirs alone.
    pub fn again_where_it_is(test: &str) {
        let mut again = Command::new("unshare");
        again.args(["--map-root-user", "--mount"]).arg(std::env::current_exe().unwrap()).args(["--exact", test]);
        let done = again.output().unwrap();
        let said = String::from_utf8_lossy(&done.stdout).into_owned();
        assert!(done.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&done.stderr));
    }

    pub fn of(kilobytes: u32) -> Self {
        let disk = Self(tempfile::tempdir().unwrap());
        disk.mount(&format!("size={kilobytes}k"));
        disk
    }

    pub fn folder(&self) -> &Path {
        self.0.path()
    }

    pub fn grow(&self, kilobytes: u32) {
        self.mount(&format!("remount,size={kilobytes}k"));
    }

    /// Fills it to the last byte.
    pub fn fill(&self) {
        let mut ballast = std::fs::File::options().create(true).append(true).open(self.ballast()).unwrap();
        for piece in [1 << 16, 1 << 12, 1] {
            while std::io::Write::write(&mut ballast, &vec![0x5a; piece]).is_ok() {}
        }
    }

    /// Makes room again.
    pub fn clear(&self) {
        std::fs::remove_file(self.ballast()).unwrap();
    }

    fn ballast(&self) -> PathBuf {
        self.0.path().join("ballast")
    }

    fn mount(&self, options: &str) {
        let mut mount = Command::new("mount");
        mount.args(["-t", "tmpfs", "-o", options, "vicino-test"]).arg(self.0.path());
        let done = mount.status();
        assert!(done.is_ok_and(|status| status.success()), "this test mounts a small file system: run it as root");
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0.path()).status();
    }
}
