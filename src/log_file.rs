//! The log file: what was done and what failed, for whoever looks after the machine. Only our own
//! records, none of a library's, which could hold what a connection carried.

mod told;

pub use told::{counts, learnt, note, note_no_report, note_outcome, note_report};

use crate::settings::{Places, SettingsError};
use crate::text;
use flexi_logger::{
    Cleanup, Criterion, ErrorChannel, FileSpec, LogSpecification, Logger, LoggerHandle, Naming,
};
use std::io::Write;
use std::path::{Path, PathBuf};

const LARGEST: u64 = 1 << 20;
const KEPT: usize = 5;

/// Opens the log in the data folder; it is written until the handle is dropped. Where it cannot
/// be, the error is a sentence, and work goes on without.
pub fn start(places: &Places) -> Result<LoggerHandle, String> {
    let folder = folder(places).map_err(|error| text::no_log(&error.to_string()))?;
    let handle =
        open(&folder).map_err(|error| text::no_log(&format!("{}: {error}", folder.display())))?;
    log::info!("postsweep {} begins", env!("CARGO_PKG_VERSION"));
    Ok(handle)
}

/// The folder of the log, made if it is not there.
pub fn folder(places: &Places) -> Result<PathBuf, SettingsError> {
    places.data_folder("logs")
}

fn open(folder: &Path) -> Result<LoggerHandle, flexi_logger::FlexiLoggerError> {
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
