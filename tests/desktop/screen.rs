//! A screen without a monitor, a window on it, and the hands of whoever sits before it.

use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const INSTALL: &str = "apt-get install -y --no-install-recommends xvfb xdotool openbox x11-apps \
     libgl1 libgl1-mesa-dri libx11-xcb1 libxkbcommon-x11-0 libxcursor1 libxi6 libxrandr2 at-spi2-core";

/// The screen, and the window on it.
pub struct Screen {
    server: Child,
    manager: Child,
    window: Option<Child>,
    display: String,
}

fn start(command: &mut Command) -> Child {
    command
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?}: {error}; install it with: {INSTALL}"))
}

impl Screen {
    /// An empty screen of 1280 × 800.
    pub fn new() -> Screen {
        let mut server = start(
            Command::new("Xvfb")
                .args([
                    "-displayfd",
                    "1",
                    "-screen",
                    "0",
                    "1280x800x24",
                    "-nolisten",
                    "tcp",
                ])
                .stdout(Stdio::piped())
                .stderr(Stdio::null()),
        );
        let mut number = String::new();
        let mut told = server.stdout.take().unwrap();
        let mut byte = [0];
        while told.read(&mut byte).unwrap() == 1 && byte != *b"\n" {
            number.push(byte[0] as char);
        }
        let display = format!(":{number}");
        let manager = start(
            Command::new("openbox")
                .env("DISPLAY", &display)
                .stderr(Stdio::null()),
        );
        Screen {
            server,
            manager,
            window: None,
            display,
        }
    }

    /// Starts the program there.
    pub fn open(&mut self, config: &Path, data: &Path) {
        let mut program = Command::new(env!("CARGO_BIN_EXE_postsweep"));
        program
            .args(["--config".as_ref(), config.as_os_str()])
            .args(["--data-dir".as_ref(), data.as_os_str()])
            .env("DISPLAY", &self.display)
            .env("LIBGL_ALWAYS_SOFTWARE", "1")
            .env_remove("WAYLAND_DISPLAY");
        self.window = Some(start(&mut program));
        self.hand(&["search", "--sync", "--onlyvisible", "--name", "^Postsweep"]);
        // The manager may give it less than the screen: all of it is looked at.
        self.hand(&[
            "search",
            "--onlyvisible",
            "--name",
            "^Postsweep",
            "windowfocus",
            "--sync",
        ]);
    }

    /// The program's number, and whether it still runs.
    pub fn runs(&mut self) -> bool {
        let window = self.window.as_mut();
        window.is_some_and(|window| window.try_wait().unwrap().is_none())
    }

    /// What a hand does, in the words of xdotool.
    pub fn hand(&self, words: &[&str]) -> String {
        let output = Command::new("xdotool")
            .args(words)
            .env("DISPLAY", &self.display)
            .output()
            .unwrap_or_else(|error| panic!("xdotool: {error}; install it with: {INSTALL}"));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Clicks on a point of the window.
    pub fn click(&self, (x, y): (i32, i32)) {
        let window = self.hand(&["search", "--onlyvisible", "--name", "^Postsweep"]);
        let window = window.lines().last().unwrap().to_owned();
        let (x, y) = (x.to_string(), y.to_string());
        self.hand(&["mousemove", "--window", &window, &x, &y]);
        self.hand(&["click", "1"]);
    }

    /// Turns the wheel over a point of the window: 4 is up, 5 is down.
    pub fn turn(&self, (x, y): (i32, i32), button: &str) {
        let window = self.hand(&["search", "--onlyvisible", "--name", "^Postsweep"]);
        let window = window.lines().last().unwrap().to_owned();
        let (x, y) = (x.to_string(), y.to_string());
        self.hand(&["mousemove", "--window", &window, &x, &y]);
        self.hand(&["click", button]);
    }

    /// Types a text.
    pub fn type_in(&self, text: &str) {
        self.hand(&["type", "--delay", "15", text]);
    }

    /// Presses keys, in the words of xdotool: `ctrl+Return`.
    pub fn press(&self, keys: &str) {
        self.hand(&["key", "--clearmodifiers", keys]);
    }

    /// A picture of the screen, for whoever looks into a failure.
    pub fn save(&self, path: &Path) {
        let _ = Command::new("sh")
            .args(["-c", "xwd -root -silent > \"$0\""])
            .arg(path)
            .env("DISPLAY", &self.display)
            .status();
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.save(&std::env::temp_dir().join("postsweep-screen.xwd"));
        }
        for child in self
            .window
            .iter_mut()
            .chain([&mut self.manager, &mut self.server])
        {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
