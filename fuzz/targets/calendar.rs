//! The reader of calendar entries, fed with arbitrary bytes.

#![no_main]

mod reader;

use postsweep::content::Reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read(Reader::Calendar, bytes));
