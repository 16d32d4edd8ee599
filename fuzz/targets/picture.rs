//! The reader of pictures, and of the QR codes in them, fed with arbitrary bytes.

#![no_main]

mod reader;

use postsweep::content::Reader;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| reader::read(Reader::Picture, bytes));
