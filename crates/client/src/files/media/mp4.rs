//! The header of an MP4 or `QuickTime` film: boxes within boxes (ISO/IEC 14496-12), each with its length and its name.

use std::io::{self, Read, Seek, SeekFrom};
use std::time::Duration;

use super::Facts;

/// Boxes that are looked at, so that a file made for it keeps nobody busy.
const BOXES: u32 = 4096;

/// What the film tells; `None` where it has no header, or one that ends too early.
pub(super) fn read(file: &mut (impl Read + Seek)) -> Option<Facts> {
    let end = file.seek(SeekFrom::End(0)).ok()?;
    let mut reading = Reading {
        file,
        left: BOXES,
        facts: Facts::default(),
    };
    reading.boxes(0, end).ok()?;
    reading.facts.duration?;
    Some(reading.facts)
}

struct Reading<'f, F> {
    file: &'f mut F,
    left: u32,
    facts: Facts,
}

/// A track while its boxes are read.
#[derive(Default)]
struct Track {
    size: Option<(u32, u32)>,
    handler: [u8; 4],
}

/// A box: its name, and where its contents are.
struct Found {
    name: [u8; 4],
    start: u64,
    end: u64,
}

impl<F: Read + Seek> Reading<'_, F> {
    /// The boxes of the file and of its header.
    fn boxes(&mut self, mut at: u64, end: u64) -> io::Result<()> {
        while let Some(found) = self.next(&mut at, end)? {
            match &found.name {
                b"moov" => self.boxes(found.start, found.end)?,
                b"mvhd" => self.facts.duration = self.duration(&found)?,
                b"trak" => {
                    let mut track = Track::default();
                    self.track(&found, &mut track)?;
                    match &track.handler {
                        b"vide" => {
                            self.facts.size = self.facts.size.or(track.size);
                            self.facts.sound.get_or_insert(false);
                        }
                        b"soun" => self.facts.sound = Some(true),
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn track(&mut self, of: &Found, track: &mut Track) -> io::Result<()> {
        let mut at = of.start;
        while let Some(found) = self.next(&mut at, of.end)? {
            match &found.name {
                b"mdia" => self.track(&found, track)?,
                b"tkhd" => track.size = self.size(&found)?,
                b"hdlr" => track.handler = self.bytes(found.start + 8)?,
                _ => {}
            }
        }
        Ok(())
    }

    /// The box at `at`, which is moved behind it; `None` at the end.
    fn next(&mut self, at: &mut u64, end: u64) -> io::Result<Option<Found>> {
        if *at + 8 > end {
            return Ok(None);
        }
        self.left = self.left.checked_sub(1).ok_or(io::ErrorKind::InvalidData)?;
        let length = u64::from(u32::from_be_bytes(self.bytes(*at)?));
        let name = self.bytes(*at + 4)?;
        let (header, length) = match length {
            0 => (8, end - *at),
            1 => (16, u64::from_be_bytes(self.bytes(*at + 8)?)),
            length => (8, length),
        };
        let start = *at + header;
        let stop = at.saturating_add(length).min(end);
        if length < header || start > stop {
            return Err(io::ErrorKind::InvalidData.into());
        }
        *at = stop;
        Ok(Some(Found {
            name,
            start,
            end: stop,
        }))
    }

    fn duration(&mut self, header: &Found) -> io::Result<Option<Duration>> {
        // Times and durations have 64 bits in version 1.
        let is_long = self.bytes::<1>(header.start)? == [1];
        let (scale, duration) = if is_long {
            let duration = u64::from_be_bytes(self.bytes(header.start + 24)?);
            (self.bytes(header.start + 20)?, duration)
        } else {
            let duration = u32::from_be_bytes(self.bytes(header.start + 16)?);
            (self.bytes(header.start + 12)?, duration.into())
        };
        let scale = u64::from(u32::from_be_bytes(scale));
        let seconds = duration.checked_div(scale).map(Duration::from_secs);
        let rest = (duration.checked_rem(scale).unwrap_or(0) * 1_000_000).checked_div(scale);
        Ok(seconds
            .zip(rest.map(Duration::from_micros))
            .map(|(seconds, rest)| seconds + rest))
    }

    fn size(&mut self, header: &Found) -> io::Result<Option<(u32, u32)>> {
        let is_long = self.bytes::<1>(header.start)? == [1];
        let matrix = header.start + if is_long { 52 } else { 40 };
        let [first, fourth] = [0, 16].map(|at| self.bytes::<4>(matrix + at));
        // Numbers of 16 bits before the point, and 16 behind it.
        let width = u32::from_be_bytes(self.bytes(matrix + 36)?) >> 16;
        let height = u32::from_be_bytes(self.bytes(matrix + 40)?) >> 16;
        // Filmed with the camera on its side.
        let is_turned = (first?, fourth?) == ([0; 4], [0; 4]);
        Ok(match (width, height) {
            (0, _) | (_, 0) => None,
            (width, height) if is_turned => Some((height, width)),
            size => Some(size),
        })
    }

    fn bytes<const N: usize>(&mut self, at: u64) -> io::Result<[u8; N]> {
        let mut bytes = [0; N];
        self.file.seek(SeekFrom::Start(at))?;
        self.file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}
