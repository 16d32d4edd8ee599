//! `window.toml` in the data folder: what the window looked like when it was used last. Nobody
//! writes it by hand, so nothing in it can be wrong enough to be told: what cannot be used is as
//! good as not there.

use super::{Places, SettingsError};
use crate::platform;
use serde::{Deserialize, Serialize};
use std::fs::File;
use std::io::{Read, Write};

const FILE: &str = "window.toml";
/// A larger file is none of ours.
const LARGEST: u64 = 1 << 16;
/// No screen is larger, and no number is so large that it cannot be worked with.
const MOST: f32 = 100_000.0;

/// What is remembered. Every part may be missing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "kebab-case")]
pub struct Remembered {
    /// The width of what is inside the window's frame, in points.
    pub width: Option<f32>,
    /// Its height.
    pub height: Option<f32>,
    /// Where the frame's left edge is among all screens, in pixels.
    pub x: Option<f32>,
    /// Where its upper edge is.
    pub y: Option<f32>,
    /// Whether it fills the screen; size and place are those from before.
    pub maximised: bool,
    /// The name of the page that was open.
    pub page: Option<String>,
    /// The name of the column by which hits were sorted.
    pub sort: Option<String>,
    /// Whether the largest came first.
    pub descending: bool,
    /// Whether hits had one line each, where a person chose.
    pub compact: Option<bool>,
    /// The width of the open hit beside the list, in points.
    pub detail: Option<f32>,
}

impl Remembered {
    /// What was written last; nothing where there is nothing that can be used.
    pub fn read(places: &Places) -> Remembered {
        let mut text = String::new();
        let read = File::open(places.data_dir.join(FILE))
            .and_then(|file| file.take(LARGEST).read_to_string(&mut text));
        if read.is_err() {
            return Remembered::default();
        }
        let remembered: Remembered = toml::from_str(&text).unwrap_or_default();
        remembered.sound()
    }

    /// Writes it, whole or not at all.
    pub fn write(&self, places: &Places) -> Result<(), SettingsError> {
        let path = places.data_dir.join(FILE);
        let write = || {
            platform::private_dir(&places.data_dir)?;
            let text = toml::to_string(self).map_err(std::io::Error::other)?;
            let mut file = platform::unfinished(&places.data_dir)?;
            file.write_all(text.as_bytes())?;
            file.as_file().sync_all()?;
            file.persist(&path).map_err(|failed| failed.error)?;
            Ok(())
        };
        write().map_err(|source| SettingsError::File { path, source })
    }

    /// Without numbers that are none.
    fn sound(mut self) -> Remembered {
        for number in [
            &mut self.width,
            &mut self.height,
            &mut self.x,
            &mut self.y,
            &mut self.detail,
        ] {
            *number = number.filter(|number| number.is_finite() && number.abs() < MOST);
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(folder: &std::path::Path) -> Places {
        Places::within(folder)
    }

    #[test]
    fn what_is_written_is_read_and_one_that_is_not_there_is_empty() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path());
        assert_eq!(Remembered::read(&places), Remembered::default());
        let remembered = Remembered {
            width: Some(1000.5),
            x: Some(-20.0),
            maximised: true,
            page: Some("review".to_owned()),
            compact: Some(false),
            ..Remembered::default()
        };
        remembered.write(&places).unwrap();
        assert_eq!(Remembered::read(&places), remembered);
        let files = std::fs::read_dir(&places.data_dir).unwrap();
        assert_eq!(files.count(), 1, "nothing unfinished is left");
    }

    #[test]
    fn what_cannot_be_used_is_as_good_as_not_there() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path());
        std::fs::create_dir_all(&places.data_dir).unwrap();
        let wide = format!("page = \"{}\"", "x".repeat(1 << 17));
        let wrong: [&[u8]; 5] = [
            b"width = \"wide\"",
            b"width = [",
            b"\xff\xfe",
            b"width = nan\nheight = inf\nx = 1e30\n",
            wide.as_bytes(),
        ];
        for text in wrong {
            std::fs::write(places.data_dir.join(FILE), text).unwrap();
            assert_eq!(Remembered::read(&places), Remembered::default());
        }
        std::fs::write(places.data_dir.join(FILE), "later = 1\nwidth = 900").unwrap();
        assert_eq!(Remembered::read(&places).width, Some(900.0));
    }
}
