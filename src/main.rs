//! Postsweep: arguments to window or command to exit code.

use postsweep::cli::Cli;
use postsweep::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    match Cli::read(std::env::args_os()) {
        Ok((cli, Some(task))) => ExitCode::from(command::run(&cli, task).code()),
        Ok((cli, None)) => window(&cli),
        Err(other) => {
            // Help and version come this way too, to standard output and with code 0.
            let _ = other.print();
            ExitCode::from(u8::try_from(other.exit_code()).unwrap_or(2))
        }
    }
}

#[cfg(feature = "gui")]
fn window(cli: &Cli) -> ExitCode {
    let code = match postsweep::gui::run(cli.config.as_deref(), cli.data_dir.as_deref()) {
        Ok(()) => 0,
        Err(says) => command::not_started(&says),
    };
    ExitCode::from(code)
}

#[cfg(not(feature = "gui"))]
fn window(_: &Cli) -> ExitCode {
    ExitCode::from(command::no_window())
}
