//! A disk of a set size, to be filled: a small tmpfs at a folder.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

/// A disk at a folder, until it is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// Of this size: `400k`.
    pub fn new(path: PathBuf, size: &str) -> Disk {
        fs::create_dir_all(&path).unwrap();
        let options = format!("size={size}");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "postsweep-test"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(
            mounted.status.success(),
            "this test fills a disk of its own, and needs to be root with the right to mount: {}",
            String::from_utf8_lossy(&mounted.stderr)
        );
        Disk(path)
    }

    pub fn enlarge(&self, size: &str) {
        let resized = self.resize(size);
        assert!(resized.status.success(), "{resized:?}");
    }

    /// To so many kilobytes, or as few as what is there needs.
    pub fn shrink(&self, size: u64) {
        let mut sizes = (0..).map(|step| size + 16 * step);
        let fits = |size: u64| self.resize(&format!("{size}k")).status.success();
        assert!(sizes.by_ref().take(10_000).any(fits), "{size} kB");
    }

    fn resize(&self, size: &str) -> Output {
        let options = format!("remount,size={size}");
        let mut mount = Command::new("mount");
        mount.args(["-o", &options]).arg(&self.0).output().unwrap()
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
