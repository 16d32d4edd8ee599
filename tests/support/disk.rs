//! A disk of a set size, to be filled: a small tmpfs at a folder.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

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
        let options = format!("remount,size={size}");
        let mut said = String::new();
        // While others are mounted and unmounted it may not be seen in the kernel's list.
        for _ in 0..50 {
            let mounted = Command::new("mount")
                .args(["-o", &options])
                .arg(&self.0)
                .output()
                .unwrap();
            if mounted.status.success() {
                return;
            }
            said = String::from_utf8_lossy(&mounted.stderr).into_owned();
            std::thread::sleep(Duration::from_millis(20));
        }
        panic!("{said}");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).status();
    }
}
