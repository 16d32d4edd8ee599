//! The reader of OneNote sections, fed with arbitrary bytes.

#![no_main]

mod reader;

use postsweep::content::Reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read(Reader::OneNote, bytes));
