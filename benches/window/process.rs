//! Processes and displays: the real program started and watched, and what the system says of
//! memory and load.

use super::ground::Ground;
use super::table::{Table, at};
use anyhow::{Context as _, Result, bail};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const STARTS: usize = 7;
const LONGEST: Duration = Duration::from_secs(60);

/// Where windows are opened.
pub struct Display {
    server: Option<Child>,
    name: Option<String>,
}

impl Display {
    /// The one there is, or one without a monitor.
    pub fn find() -> Result<Option<Display>> {
        let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
        if is_set("DISPLAY") || is_set("WAYLAND_DISPLAY") {
            return Ok(Some(Display {
                server: None,
                name: None,
            }));
        }
        let server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1280x800x24"])
            .args(["-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn();
        let Ok(mut server) = server else {
            return Ok(None);
        };
        let mut number = String::new();
        let mut told = server.stdout.take().context("Xvfb says nothing")?;
        let mut byte = [0];
        while told.read(&mut byte)? == 1 && byte != *b"\n" {
            number.push(char::from(byte[0]));
        }
        Ok(Some(Display {
            server: Some(server),
            name: Some(format!(":{number}")),
        }))
    }

    pub fn give(&self, command: &mut Command) {
        if let Some(name) = &self.name {
            command.env("DISPLAY", name).env_remove("WAYLAND_DISPLAY");
        }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        if let Some(server) = &mut self.server {
            let _ = server.kill();
            let _ = server.wait();
        }
    }
}

/// The program itself, from its start to what its log says of the first frame.
pub fn first_frame(ground: &Ground, display: &Display, table: &mut Table) -> Result<()> {
    let (mut whole, mut own) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let places = ground.places();
        let logs = places.data_dir.join("logs");
        let _ = fs::remove_dir_all(&logs);
        let mut command = Command::new(env!("CARGO_BIN_EXE_postsweep"));
        command
            .arg("--config")
            .arg(&places.config_file)
            .arg("--data-dir")
            .arg(&places.data_dir);
        display.give(&mut command);
        let begun = Instant::now();
        let mut program = command.stderr(Stdio::null()).spawn()?;
        let shown = wait(&logs, begun);
        let took = begun.elapsed();
        let _ = program.kill();
        let _ = program.wait();
        whole.push(took);
        own.push(shown?);
    }
    table.time(
        "first frame on the screen, from the start of the process, median",
        at(&mut whole, 0.5),
        500.0,
    );
    table.time("the same, worst of seven", at(&mut whole, 1.0), 500.0);
    let own = at(&mut own, 0.5).as_secs_f64() * 1000.0;
    table.note(
        "the same as the program itself counts it, median",
        own,
        "ms",
    );
    Ok(())
}

fn wait(logs: &Path, begun: Instant) -> Result<Duration> {
    while begun.elapsed() < LONGEST {
        for file in fs::read_dir(logs).into_iter().flatten().flatten() {
            let text = fs::read_to_string(file.path()).unwrap_or_default();
            let after = text.split("the first frame is shown after ").nth(1);
            if let Some((number, _)) = after.and_then(|after| after.split_once(" ms")) {
                return Ok(Duration::from_millis(number.parse()?));
            }
        }
        std::thread::sleep(Duration::from_millis(1));
    }
    bail!("the program shows no frame")
}

/// This process's memory in megabytes: all of it, and what no file is behind.
pub fn resident() -> Option<(f64, f64)> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = |name: &str| -> Option<f64> {
        let rest = status.lines().find_map(|line| line.strip_prefix(name))?;
        let kilobytes: f64 = rest.split_whitespace().next()?.parse().ok()?;
        Some(kilobytes / 1024.0)
    };
    Some((line("VmRSS:")?, line("RssAnon:")?))
}

pub fn load() -> Option<String> {
    let load = fs::read_to_string("/proc/loadavg").ok()?;
    let cores = std::thread::available_parallelism().ok()?;
    let three: Vec<&str> = load.split(' ').take(3).collect();
    Some(format!("{} on {cores} cores", three.join(" ")))
}
