//! A desktop session of its own for a test: a message bus, an open keyring, a home. The address of
//! a session is read once by a process, so a test runs the rest of itself again inside.

use std::process::Command;

const INSIDE: &str = "POSTSWEEP_TEST_SESSION";
const UNLOCKED: &str =
    "printf %s test | gnome-keyring-daemon --unlock --components=secrets --daemonize >/dev/null";

/// Whether this process is the one inside.
pub fn is_inside() -> bool {
    std::env::var_os(INSIDE).is_some()
}

/// Runs this test inside a session, and demands that it ran and passed.
pub fn run(test: &str) {
    let home = tempfile::tempdir().unwrap();
    let runtime = home.path().join("run");
    std::fs::create_dir_all(&runtime).unwrap();
    std::fs::create_dir_all(home.path().join(".cache")).unwrap();
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o700);
    std::fs::set_permissions(&runtime, private).unwrap();
    let output = Command::new("dbus-run-session")
        .args(["--", "sh", "-c"])
        .arg(format!(
            "{UNLOCKED}\nexec \"$0\" --exact {test} --nocapture"
        ))
        .arg(std::env::current_exe().unwrap())
        .env(INSIDE, "1")
        .env("HOME", home.path())
        .env("XDG_RUNTIME_DIR", &runtime)
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .env_remove("XDG_CACHE_HOME")
        .env_remove("DBUS_SESSION_BUS_ADDRESS")
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .output()
        .unwrap_or_else(|error| panic!("dbus-run-session: {error}; install dbus-daemon"));
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let said = text(&output.stdout) + &text(&output.stderr);
    let passed = output.status.success() && said.contains("1 passed");
    assert!(passed, "{test}:\n{said}");
}
