//! The log file: what was done and what failed, for whoever looks after the machine. Only our own
//! records, none of a library's, which could hold what a connection carried.

use super::output::Output;
use crate::settings::Places;
use crate::text;
use flexi_logger::{
    Cleanup, Criterion, ErrorChannel, FileSpec, LogSpecification, Logger, LoggerHandle, Naming,
};
use std::io::Write;

const LARGEST: u64 = 1 << 20;
const KEPT: usize = 5;

/// Opens the log in the data folder; it is written until the handle is dropped. Where it cannot
/// be, that is said, and work goes on without.
pub(super) fn start(places: &Places, output: &Output) -> Option<LoggerHandle> {
    let folder = match places.data_folder("logs") {
        Ok(folder) => folder,
        Err(error) => {
            output.error(&text::no_log(&error.to_string()));
            return None;
        }
    };
    match open(&folder) {
        Ok(handle) => {
            log::info!("postsweep {} begins", env!("CARGO_PKG_VERSION"));
            Some(handle)
        }
        Err(error) => {
            output.error(&text::no_log(&format!("{}: {error}", folder.display())));
            None
        }
    }
}

fn open(folder: &std::path::Path) -> Result<LoggerHandle, flexi_logger::FlexiLoggerError> {
    let ours = LogSpecification::builder()
        .module("postsweep", log::LevelFilter::Info)
        .build();
    let file = FileSpec::default()
        .directory(folder)
        .basename("postsweep")
        .suppress_timestamp();
    Logger::with(ours)
        .log_to_file(file)
        .format_for_files(line)
        .append()
        .rotate(
            Criterion::Size(LARGEST),
            Naming::Numbers,
            Cleanup::KeepLogFiles(KEPT),
        )
        // A full disk must not end a sweep by way of its log.
        .error_channel(ErrorChannel::DevNull)
        .panic_if_error_channel_is_broken(false)
        .start()
}

/// One line, whatever a server or file name put into it.
fn line(
    log: &mut dyn Write,
    now: &mut flexi_logger::DeferredNow,
    record: &log::Record,
) -> std::io::Result<()> {
    let says = text::visible(&record.args().to_string());
    write!(
        log,
        "{} {} {says}",
        now.format("%Y-%m-%d %H:%M:%S%.3f"),
        record.level()
    )
}
