//! Pictures as greys, for QR codes: PNG, JPEG and GIF, the three kinds that mail programs show.
//! The header is read first, and what is too large is left alone; a large picture is made smaller
//! while it is read.

use super::opened::Opened;
use super::qr::{self, Grey};
use std::io::Cursor;
use zune_jpeg::zune_core::colorspace::ColorSpace;
use zune_jpeg::zune_core::options::DecoderOptions;

/// Bytes of a picture that is decoded: what a message's excerpt holds of it whole
/// (`mail::excerpt::reach`).
const BYTES: usize = 512 << 10;
/// Picture elements of a picture that is decoded.
pub(super) const LARGEST: usize = 8_000_000;
/// The longest side of what is searched for codes.
const SIDE: usize = 1200;
/// The shortest side of a picture in which a code fits: 21 modules.
const SHORTEST: usize = 21;

/// Looks for QR codes in a picture.
pub(super) fn read(bytes: &[u8], opened: &mut Opened) {
    if bytes.len() > BYTES || opened.effort.pictures == 0 {
        return;
    }
    opened.effort.pictures -= 1;
    let grey = match bytes {
        [0x89, b'P', b'N', b'G', ..] => png(bytes, opened),
        [0xFF, 0xD8, ..] => jpeg(bytes, opened),
        [b'G', b'I', b'F', ..] => gif(bytes, opened),
        _ => None,
    };
    if let Some(grey) = grey {
        find(&grey, opened);
    }
}

/// Looks for QR codes in rows of picture elements, each of as many bytes as they divide into, of 1
/// or 8 bits; `predicted` rows are those of a PNG (RFC 2083 section 6).
pub(super) fn raw(
    mut bytes: Vec<u8>,
    (width, height): (usize, usize),
    bits: usize,
    predicted: bool,
    opened: &mut Opened,
) {
    if opened.effort.pictures == 0 || !allowed(width, height, opened) {
        return;
    }
    opened.effort.pictures -= 1;
    let mut stride = bytes.len() / height;
    if predicted {
        stride = stride.saturating_sub(1);
        bytes = unpredicted(bytes, stride, (stride / width).max(1));
    }
    let mut shrunk = Shrunk::new(width, height);
    for row in bytes.chunks_exact(stride.max(1)).take(height) {
        match bits {
            1 => shrunk.add((0..width).map(|x| {
                let byte = row.get(x / 8).copied().unwrap_or_default();
                if byte << (x % 8) & 0x80 == 0 { 0 } else { 255 }
            })),
            8 => shrunk.add(row.chunks_exact((stride / width).max(1)).map(grey)),
            _ => return,
        }
    }
    find(&shrunk.done(), opened);
}

fn find(grey: &Grey, opened: &mut Opened) {
    for says in qr::read(grey) {
        opened.code(&says);
    }
}

fn allowed(width: usize, height: usize, opened: &mut Opened) -> bool {
    let pixels = width.saturating_mul(height);
    if width.min(height) < SHORTEST || pixels > LARGEST || pixels > opened.effort.pixels {
        return false;
    }
    opened.effort.pixels -= pixels;
    true
}

/// One picture element of one to four bytes as a grey; what is transparent is on white.
fn grey(element: &[u8]) -> u8 {
    let mixed = |red: u8, green: u8, blue: u8| {
        let sum = 3 * u16::from(red) + 6 * u16::from(green) + u16::from(blue);
        (sum / 10) as u8
    };
    let on_white = |grey: u8, alpha: u8| {
        let (grey, alpha) = (u16::from(grey), u16::from(alpha));
        ((grey * alpha + 255 * (255 - alpha)) / 255) as u8
    };
    match element {
        [grey] => *grey,
        [grey, alpha] => on_white(*grey, *alpha),
        [red, green, blue] => mixed(*red, *green, *blue),
        [red, green, blue, alpha, ..] => on_white(mixed(*red, *green, *blue), *alpha),
        [] => 255,
    }
}

fn png(bytes: &[u8], opened: &mut Opened) -> Option<Grey> {
    let limits = png::Limits { bytes: 32 << 20 };
    let mut decoder = png::Decoder::new_with_limits(Cursor::new(bytes), limits);
    decoder.set_transformations(png::Transformations::normalize_to_color8());
    decoder.set_ignore_text_chunk(true);
    decoder.set_ignore_iccp_chunk(true);
    let mut reader = decoder.read_info().ok()?;
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    if reader.info().interlaced && width.saturating_mul(height) > LARGEST / 4 {
        return None;
    }
    allowed(width, height, opened).then_some(())?;
    let samples = reader.output_color_type().0.samples();
    let mut shrunk = Shrunk::new(width, height);
    if reader.info().interlaced {
        let mut all = vec![0; reader.output_buffer_size()?];
        // What came before a mistake is looked at all the same.
        let _ = reader.next_frame(&mut all);
        for row in all.chunks_exact(width * samples) {
            shrunk.add(row.chunks_exact(samples).map(grey));
        }
    } else {
        while let Ok(Some(row)) = reader.next_row() {
            shrunk.add(row.data().chunks_exact(samples).map(grey));
        }
    }
    Some(shrunk.done())
}

fn jpeg(bytes: &[u8], opened: &mut Opened) -> Option<Grey> {
    let options = DecoderOptions::default()
        .set_max_width(10_000)
        .set_max_height(10_000)
        .jpeg_set_max_scans(32)
        .jpeg_set_out_colorspace(ColorSpace::Luma);
    let mut decoder = zune_jpeg::JpegDecoder::new_with_options(Cursor::new(bytes), options);
    decoder.decode_headers().ok()?;
    let (width, height) = decoder.dimensions()?;
    allowed(width, height, opened).then_some(())?;
    // Of a picture in two colours and black the decoder makes colours.
    let levels = decoder.decode().ok()?;
    let samples = levels.len() / width.checked_mul(height)?;
    let mut shrunk = Shrunk::new(width, height);
    for row in levels.chunks_exact((width * samples).max(1)) {
        shrunk.add(row.chunks_exact(samples.max(1)).map(grey));
    }
    Some(shrunk.done())
}

/// The first picture of a GIF.
fn gif(bytes: &[u8], opened: &mut Opened) -> Option<Grey> {
    let mut options = gif::DecodeOptions::new();
    options.set_color_output(gif::ColorOutput::Indexed);
    options.set_memory_limit(gif::MemoryLimit::Bytes(16_000_000.try_into().ok()?));
    let mut decoder = options.read_info(Cursor::new(bytes)).ok()?;
    let global = decoder.global_palette().map(<[u8]>::to_vec);
    let frame = decoder.next_frame_info().ok()??;
    let (width, height) = (usize::from(frame.width), usize::from(frame.height));
    let (palette, transparent) = (frame.palette.clone().or(global)?, frame.transparent);
    allowed(width, height, opened).then_some(())?;
    let mut levels = vec![0; width * height];
    let _ = decoder.read_into_buffer(&mut levels);
    let mut greys: Vec<u8> = palette.chunks_exact(3).map(grey).collect();
    greys.resize(256, 255);
    if let Some(level) = transparent.and_then(|index| greys.get_mut(usize::from(index))) {
        *level = 255;
    }
    let mut shrunk = Shrunk::new(width, height);
    for row in levels.chunks_exact(width) {
        let levels = row.iter().map(|index| greys.get(usize::from(*index)));
        shrunk.add(levels.map(|level| level.copied().unwrap_or(255)));
    }
    Some(shrunk.done())
}

/// Undoes the filters of a PNG's rows, each of which begins with the filter's number.
fn unpredicted(bytes: Vec<u8>, stride: usize, step: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(bytes.len());
    let mut above = vec![0; stride];
    for row in bytes.chunks_exact(stride + 1) {
        let Some((filter, row)) = row.split_first() else {
            break;
        };
        let mut line: Vec<u8> = Vec::with_capacity(stride);
        for (x, byte) in row.iter().enumerate() {
            let before = |line: &[u8]| {
                let at = x.checked_sub(step);
                at.and_then(|at| line.get(at)).copied().unwrap_or_default()
            };
            let left = before(&line);
            let up = above.get(x).copied().unwrap_or_default();
            let guess = match filter {
                1 => left,
                2 => up,
                3 => u16::midpoint(left.into(), up.into()) as u8,
                4 => nearest(left, up, before(&above)),
                _ => 0,
            };
            line.push(byte.wrapping_add(guess));
        }
        all.extend(&line);
        above = line;
    }
    all
}

/// Paeth's predictor (RFC 2083 section 6.6).
fn nearest(left: u8, up: u8, corner: u8) -> u8 {
    let guess = i16::from(left) + i16::from(up) - i16::from(corner);
    let far = |value: u8| (guess - i16::from(value)).abs();
    if far(left) <= far(up) && far(left) <= far(corner) {
        left
    } else if far(up) <= far(corner) {
        up
    } else {
        corner
    }
}

/// A picture that is made smaller row by row: each element is the mean of a square.
struct Shrunk {
    by: usize,
    grey: Grey,
    sums: Vec<u32>,
    rows: usize,
}

impl Shrunk {
    fn new(width: usize, height: usize) -> Shrunk {
        let by = width.max(height).div_ceil(SIDE).max(1);
        let width = width / by;
        Shrunk {
            by,
            grey: Grey {
                width,
                levels: Vec::with_capacity(width * (height / by)),
            },
            sums: vec![0; width],
            rows: 0,
        }
    }

    fn add(&mut self, row: impl Iterator<Item = u8>) {
        if self.by == 1 {
            let before = self.grey.levels.len();
            self.grey.levels.extend(row.take(self.grey.width));
            self.grey.levels.resize(before + self.grey.width, 255);
            return;
        }
        let (mut place, mut within) = (0, 0);
        for level in row {
            if let Some(sum) = self.sums.get_mut(place) {
                *sum += u32::from(level);
            }
            within += 1;
            if within == self.by {
                within = 0;
                place += 1;
            }
        }
        self.rows += 1;
        if self.rows == self.by {
            let all = (self.by * self.by) as u32;
            let means = self.sums.iter().map(|sum| (sum / all) as u8);
            self.grey.levels.extend(means);
            self.sums.fill(0);
            self.rows = 0;
        }
    }

    fn done(self) -> Grey {
        self.grey
    }
}
