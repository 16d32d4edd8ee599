//! The icon's files are what the mark draws: `POSTSWEEP_WRITE_ICONS=1 cargo test --test window
//! icons` writes them anew.

use postsweep::gui::mark;
use std::fs::File;
use std::io::{BufReader, BufWriter};
use std::path::Path;

const SIZES: [u32; 8] = [16, 24, 32, 48, 64, 128, 256, 512];

#[test]
fn every_size_of_the_icon_is_the_mark() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/icon/sizes");
    for size in SIZES {
        let path = folder.join(format!("{size}.png"));
        let pixels = mark::pixels(size);
        if std::env::var_os("POSTSWEEP_WRITE_ICONS").is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            let file = BufWriter::new(File::create(&path).unwrap());
            let mut encoder = png::Encoder::new(file, size, size);
            encoder.set_color(png::ColorType::Rgba);
            encoder.set_depth(png::BitDepth::Eight);
            encoder.set_compression(png::Compression::High);
            let mut writer = encoder.write_header().unwrap();
            writer.write_image_data(&pixels).unwrap();
        }
        let file = BufReader::new(File::open(&path).unwrap());
        let mut reader = png::Decoder::new(file).read_info().unwrap();
        let mut drawn = vec![0; reader.output_buffer_size().unwrap()];
        reader.next_frame(&mut drawn).unwrap();
        // Rounding differs between processors by one step.
        let is_near = drawn.iter().zip(&pixels).all(|(a, b)| a.abs_diff(*b) <= 2);
        assert!(drawn.len() == pixels.len() && is_near, "{}", path.display());
    }
}
