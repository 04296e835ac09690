//! What the header of a picture, film or piece of music tells: its size, how long it is, who plays.

mod mp4;
#[cfg(test)]
mod tests;

use std::io::{BufReader, Cursor, Read, Seek, SeekFrom};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use lofty::config::ParseOptions;
use lofty::file::{AudioFile, TaggedFileExt};
use lofty::probe::Probe;
use lofty::tag::Accessor;

/// Bytes of a picture that are looked at: its size stands behind what cameras write.
const PICTURE: u64 = 256 << 10;

/// What is known of a file. What its header does not tell is `None`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Facts {
    /// Width and height of a picture or film in pixels, as it is shown.
    pub size: Option<(u32, u32)>,
    /// How long a film or piece of music is.
    pub duration: Option<Duration>,
    /// Whether a film has sound.
    pub sound: Option<bool>,
    /// The title of a piece of music.
    pub title: Option<String>,
    /// Who plays it.
    pub performer: Option<String>,
}

impl Facts {
    /// What a file of this MIME type tells. A header that cannot be read tells nothing.
    pub fn read(file: &mut (impl Read + Seek), mime: &str) -> Facts {
        let kind = mime.split('/').next().unwrap_or_default();
        match (kind, mime) {
            ("image", _) => picture(file),
            (_, "video/mp4" | "video/quicktime") => mp4::read(file).unwrap_or_default(),
            // The library panics on some broken files.
            ("audio", _) => catch_unwind(AssertUnwindSafe(|| music(file)))
                .ok()
                .flatten()
                .unwrap_or_default(),
            _ => Facts::default(),
        }
    }

    /// What the beginning of such a file tells; how long music is stands elsewhere.
    pub fn of_beginning(bytes: &[u8], mime: &str) -> Facts {
        let facts = Facts::read(&mut Cursor::new(bytes), mime);
        Facts {
            duration: facts.duration.filter(|_| !mime.starts_with("audio/")),
            ..facts
        }
    }
}

fn picture(file: &mut (impl Read + Seek)) -> Facts {
    let mut head = Vec::new();
    // What could be read of it may be enough.
    let _ = file.take(PICTURE).read_to_end(&mut head);
    let told = imagesize::blob_size(&head).ok();
    let pixels = |side: usize| u32::try_from(side).ok().filter(|side| *side > 0);
    Facts {
        size: told.and_then(|told| pixels(told.width).zip(pixels(told.height))),
        ..Facts::default()
    }
}

fn music(file: &mut (impl Read + Seek)) -> Option<Facts> {
    file.seek(SeekFrom::Start(0)).ok()?;
    let options = ParseOptions::new().read_cover_art(false);
    let probe = Probe::new(BufReader::new(file)).options(options);
    let music = probe.guess_file_type().ok()?.read().ok()?;
    let tag = music.primary_tag().or_else(|| music.first_tag());
    let text = |text: Option<std::borrow::Cow<'_, str>>| {
        text.map(|text| text.trim().to_owned())
            .filter(|text| !text.is_empty())
    };
    let duration = music.properties().duration();
    Some(Facts {
        duration: (!duration.is_zero()).then_some(duration),
        title: text(tag.and_then(Accessor::title)),
        performer: text(tag.and_then(Accessor::artist)),
        ..Facts::default()
    })
}
