//! Postsweep: arguments to command to exit code.

use postsweep::cli::Cli;
use postsweep::command;
use std::process::ExitCode;

fn main() -> ExitCode {
    let (cli, task) = match Cli::read(std::env::args_os()) {
        Ok(read) => read,
        Err(other) => {
            // Help and version come this way too, to standard output and with code 0.
            let _ = other.print();
            return ExitCode::from(u8::try_from(other.exit_code()).unwrap_or(2));
        }
    };
    ExitCode::from(command::run(&cli, task).code())
}
