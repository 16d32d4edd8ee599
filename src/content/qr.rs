//! QR codes in a grey picture (ISO/IEC 18004). The three finder patterns are found by their runs of
//! dark and light, 1:1:3:1:1 in whatever direction; between them the modules are read on a straight
//! grid, as a program drew them, and `rqrr` corrects and decodes them. A photo from the side is not
//! read. The work is bounded whatever the picture shows: few patterns are taken, fewer codes.

use rqrr::{Grid, SimpleGrid};

/// Finder patterns in one picture; of more, it is no picture with codes.
const PATTERNS: usize = 40;
/// Codes that are decoded of one picture.
const CODES: usize = 12;

/// A grey picture: 0 is black, 255 white.
pub(super) struct Grey {
    /// Picture elements of a row.
    pub(super) width: usize,
    /// Row by row.
    pub(super) levels: Vec<u8>,
}

/// A finder pattern.
#[derive(Debug, Clone, Copy)]
struct Pattern {
    x: f64,
    y: f64,
    /// How wide a module is.
    module: f64,
    /// Whether it is dark on light.
    dark: bool,
    /// How often it was seen.
    seen: f64,
}

/// What the codes in a picture say.
pub(super) fn read(grey: &Grey) -> Vec<String> {
    let Some(picture) = Picture::of(grey) else {
        return Vec::new();
    };
    let mut said = Vec::new();
    let mut tried = 0;
    let patterns = picture.patterns();
    for (first, corner) in patterns.iter().enumerate() {
        for (second, right) in patterns.iter().enumerate() {
            for (third, below) in patterns.iter().enumerate() {
                if first == second || first == third || second == third || tried >= CODES {
                    continue;
                }
                if let Some(grid) = picture.grid(corner, right, below) {
                    tried += 1;
                    if let Ok((_, says)) = Grid::new(grid).decode()
                        && !said.contains(&says)
                    {
                        said.push(says);
                    }
                }
            }
        }
    }
    said
}

/// A picture in black and white.
struct Picture {
    width: usize,
    height: usize,
    dark: Vec<bool>,
}

impl Picture {
    fn of(grey: &Grey) -> Option<Picture> {
        let height = grey.levels.len().checked_div(grey.width)?;
        let limit = threshold(&grey.levels)?;
        let dark = grey.levels.iter().map(|level| *level <= limit).collect();
        Some(Picture {
            width: grey.width,
            height,
            dark,
        })
    }

    fn is_dark(&self, x: usize, y: usize) -> Option<bool> {
        if x >= self.width {
            return None;
        }
        self.dark.get(y * self.width + x).copied()
    }

    /// The finder patterns; none where there are too many to be some.
    fn patterns(&self) -> Vec<Pattern> {
        let mut patterns: Vec<Pattern> = Vec::new();
        let step = if self.height > 300 { 2 } else { 1 };
        for y in (0..self.height).step_by(step) {
            let row = self.dark.get(y * self.width..(y + 1) * self.width);
            let row = row.unwrap_or_default();
            let mut runs = [0_usize; 5];
            let mut start = 0;
            for at in 1..=row.len() {
                if at < row.len() && row.get(at) == row.get(at - 1) {
                    continue;
                }
                runs.rotate_left(1);
                runs[4] = at - start;
                start = at;
                let Some(module) = module(&runs) else {
                    continue;
                };
                let dark = row.get(at - 1).copied().unwrap_or_default();
                let x = at - runs[4] - runs[3] - runs[2] / 2 - 1;
                let Some((middle, across)) = self.column(x.min(row.len() - 1), y, dark, module)
                else {
                    continue;
                };
                if across > 2.0 * module || module > 2.0 * across {
                    continue;
                }
                let ends = at as f64 - (runs[4] + runs[3]) as f64;
                let found = Pattern {
                    x: ends - runs[2] as f64 / 2.0,
                    y: middle,
                    module,
                    dark,
                    seen: 1.0,
                };
                let crowded = patterns.len() >= PATTERNS;
                let near = patterns.iter_mut().find(|one| {
                    let far = (one.x - found.x).abs().max((one.y - found.y).abs());
                    one.dark == dark && far < 2.0 * one.module.max(found.module)
                });
                match near {
                    Some(one) => one.add(&found),
                    None if crowded => return Vec::new(),
                    None => patterns.push(found),
                }
            }
        }
        patterns
    }

    /// The pattern across at this place: its middle, and how high a module is, where that is about
    /// as high as it is wide.
    fn column(&self, x: usize, y: usize, dark: bool, module_across: f64) -> Option<(f64, f64)> {
        // No run of a pattern is longer; stripes are, and there is one at every place of a row.
        let longest = (10.0 * module_across) as usize;
        let run = |mut at: usize, colour: bool, up: bool| {
            let start = at;
            while self.is_dark(x, at)? == colour {
                at = match up {
                    true => at.checked_sub(1)?,
                    false => at + 1,
                };
                if at.abs_diff(start) > longest {
                    return None;
                }
            }
            Some((at.abs_diff(start), at))
        };
        // From the middle up, then down; the outermost may end with the picture.
        let (up, top) = run(y, dark, true)?;
        let (light_up, above) = run(top, !dark, true)?;
        let outer_up = run(above, dark, true).map_or(above + 1, |(length, _)| length);
        let (down, bottom) = run(y, dark, false)?;
        let (light_down, under) = run(bottom, !dark, false)?;
        let outer_down = run(under, dark, false).map_or(self.height - under, |(length, _)| length);
        let middle = up + down - 1;
        let runs = [outer_up, light_up, middle, light_down, outer_down];
        let size = module(&runs)?;
        Some(((top + bottom) as f64 / 2.0 + 0.5, size))
    }

    /// The modules of a code with these patterns at its corners, if they fit together.
    fn grid(&self, corner: &Pattern, right: &Pattern, below: &Pattern) -> Option<SimpleGrid> {
        let (ax, ay) = (right.x - corner.x, right.y - corner.y);
        let (bx, by) = (below.x - corner.x, below.y - corner.y);
        let (a, b) = (ax.hypot(ay), bx.hypot(by));
        let turn = ax * by - ay * bx;
        let alike = |one: f64, other: f64| one < 1.4 * other && other < 1.4 * one;
        let fits = corner.dark == right.dark
            && corner.dark == below.dark
            && alike(corner.module, right.module)
            && alike(corner.module, below.module)
            && a < 1.2 * b
            && b < 1.2 * a
            && turn > 0.95 * a * b;
        if !fits {
            return None;
        }
        let module = (corner.module + right.module + below.module) / 3.0;
        let size = f64::midpoint(a, b) / module + 7.0;
        let mut best = None;
        for version in 1..=40 {
            let modules = 17 + 4 * version;
            let far = (f64::from(modules) - size).abs();
            if far > (size * 0.3).max(5.0) {
                continue;
            }
            let at = |x: i32, y: i32| {
                let scale = f64::from(modules - 7);
                let (u, v) = ((f64::from(x) - 3.0) / scale, (f64::from(y) - 3.0) / scale);
                let (x, y) = (corner.x + u * ax + v * bx, corner.y + u * ay + v * by);
                let inside = x >= 0.0 && y >= 0.0;
                let dark = inside
                    .then(|| self.is_dark(x as usize, y as usize))
                    .flatten();
                dark.unwrap_or(!corner.dark) == corner.dark
            };
            // The timing patterns, dark and light in turn between the finders (section 6.3.5).
            let between = modules - 16;
            let right = |at: &dyn Fn(i32) -> bool| {
                (8..8 + between).filter(|x| at(*x) == (x % 2 == 0)).count()
            };
            let hits = right(&|x| at(x, 6)) + right(&|y| at(6, y));
            let share = hits as f64 / f64::from(2 * between);
            // Of sizes that time as well, the nearest.
            let score = share - far / 200.0;
            if share > 0.8 && best.as_ref().is_none_or(|(known, _)| score > *known) {
                let size = modules as usize;
                best = Some((
                    score,
                    SimpleGrid::from_func(size, |x, y| at(x as i32, y as i32)),
                ));
            }
        }
        best.map(|(_, grid)| grid)
    }
}

impl Pattern {
    fn add(&mut self, other: &Pattern) {
        let share = 1.0 / (self.seen + 1.0);
        self.x += (other.x - self.x) * share;
        self.y += (other.y - self.y) * share;
        self.module += (other.module - self.module) * share;
        self.seen += 1.0;
    }
}

/// The width of a module, where runs are 1:1:3:1:1.
fn module(runs: &[usize; 5]) -> Option<f64> {
    let all: usize = runs.iter().sum();
    if all < 7 {
        return None;
    }
    let module = all as f64 / 7.0;
    let most = module * 0.5 + 0.4;
    let wanted = [1.0, 1.0, 3.0, 1.0, 1.0];
    let fits = runs.iter().zip(wanted).all(|(run, wanted)| {
        let most = if wanted > 1.0 { most * 2.0 } else { most };
        (*run as f64 - wanted * module).abs() < most
    });
    fits.then_some(module)
}

/// The level that parts dark from light best (Otsu 1979); `None` where all is one grey.
fn threshold(levels: &[u8]) -> Option<u8> {
    let mut counts = [0_u64; 256];
    for level in levels {
        if let Some(count) = counts.get_mut(usize::from(*level)) {
            *count += 1;
        }
    }
    let all: u64 = counts.iter().sum();
    let sum: u64 = counts
        .iter()
        .zip(0..)
        .map(|(count, level)| count * level)
        .sum();
    let (mut below, mut below_sum, mut best) = (0_u64, 0_u64, None);
    for (level, count) in (0_u8..=255).zip(counts) {
        below += count;
        below_sum += count * u64::from(level);
        let above = all - below;
        if below == 0 || above == 0 {
            continue;
        }
        let means = below_sum as f64 / below as f64 - (sum - below_sum) as f64 / above as f64;
        let between = below as f64 * above as f64 * means * means;
        if best.is_none_or(|(known, _)| between > known) {
            best = Some((between, level));
        }
    }
    best.map(|(_, level)| level)
}
