//! Readers of what mail carries: pure, and capped in size and depth.

pub mod archive;

pub use archive::Archive;
