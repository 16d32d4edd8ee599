//! The window with a hundred thousand hits: how long a frame, a filter and a sort take, how much
//! memory it needs, how soon it is there and whether it rests, each beside its bound.
//!
//! `cargo bench --bench window`. The real window needs a display or `Xvfb`; without either its
//! lines are missing, and that is said. `POSTSWEEP_ROWS` sets another number of hits.
#![allow(missing_docs, clippy::indexing_slicing)]

mod frames;
mod ground;
mod process;
mod real;
mod table;

use anyhow::{Result, bail};
use ground::Ground;
use std::path::Path;
use table::Table;

const ROWS: usize = 100_000;

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().collect();
    if let Some(at) = words.iter().position(|word| word == real::WORD) {
        let Some(folder) = words.get(at + 1) else {
            bail!("{} without a folder", real::WORD);
        };
        return real::inside(Path::new(folder));
    }
    let rows = match std::env::var("POSTSWEEP_ROWS") {
        Ok(rows) => rows.parse()?,
        Err(_) => ROWS,
    };
    let mut table = Table::default();
    let ground = Ground::new(rows)?;
    eprintln!("{rows} hits in {:.1} s", ground.took.as_secs_f64());
    frames::measure(&ground, &mut table)?;
    match process::Display::find()? {
        Some(display) => {
            real::measure(&ground, &display, &mut table)?;
            process::first_frame(&ground, &display, &mut table)?;
        }
        None => eprintln!("no display and no Xvfb: nothing is said of the real window"),
    }
    println!("{}", table.markdown());
    println!(
        "{rows} hits; load of the machine: {}",
        process::load().unwrap_or_else(|| "unknown".into())
    );
    Ok(())
}
