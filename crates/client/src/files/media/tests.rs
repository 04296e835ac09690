//! Headers of files as ffmpeg writes them, and of files that are broken.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::Cursor;
use std::time::Duration;

use super::Facts;

const FILM: &[u8] = include_bytes!("samples/film.mp4");
const TURNED: &[u8] = include_bytes!("samples/turned.mp4");
const SONG: &[u8] = include_bytes!("samples/song.mp3");
const MP4_SONG: &[u8] = include_bytes!("samples/song.m4a");
const VOICE: &[u8] = include_bytes!("samples/voice.ogg");
const BROKEN: &[u8] = include_bytes!("samples/broken.ogg");
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\x02\0\0\0\x01\x01\x08\x02\0\0\0";

fn facts(bytes: &[u8], mime: &str) -> Facts {
    Facts::read(&mut Cursor::new(bytes), mime)
}

/// Tenths of a second.
fn tenths(facts: &Facts) -> u128 {
    let duration = facts.duration.unwrap();
    (duration + Duration::from_millis(50)).as_millis() / 100
}

#[test]
fn films_tell_their_size_as_they_are_shown_their_length_and_whether_there_is_sound() {
    let film = facts(FILM, "video/mp4");
    assert_eq!((film.size, film.sound), (Some((320, 180)), Some(true)));
    assert!((10..=12).contains(&tenths(&film)), "{film:?}");
    let turned = facts(TURNED, "video/quicktime");
    assert_eq!((turned.size, turned.sound), (Some((180, 320)), Some(false)));
    // Its header stands at the beginning, so that a part is enough.
    assert_eq!(Facts::of_beginning(&TURNED[..1200], "video/mp4"), turned);
}

#[test]
fn music_tells_its_length_its_title_and_who_plays() {
    let song = facts(SONG, "audio/mpeg");
    assert_eq!(song.title.as_deref(), Some("A Song"));
    assert_eq!(song.performer.as_deref(), Some("Somebody"));
    assert!((20..=22).contains(&tenths(&song)), "{song:?}");
    let song = facts(MP4_SONG, "audio/mp4");
    assert_eq!(song.title.as_deref(), Some("Mp4 song"));
    assert!((10..=13).contains(&tenths(&song)), "{song:?}");
    let voice = facts(VOICE, "audio/ogg");
    assert_eq!((tenths(&voice), voice.title), (10, None));
    let beginning = Facts::of_beginning(&SONG[..2000], "audio/mpeg");
    assert_eq!(beginning.title.as_deref(), Some("A Song"));
    assert_eq!(beginning.duration, None);
}

#[test]
fn pictures_tell_their_size() {
    let picture = facts(PNG, "image/png");
    assert_eq!(picture.size, Some((512, 257)));
    assert_eq!(Facts::of_beginning(PNG, "image/png"), picture);
}

#[test]
fn other_bytes_and_broken_headers_tell_nothing() {
    for mime in ["image/png", "video/mp4", "audio/mpeg", "text/plain"] {
        for bytes in [&b""[..], b"hello", &[0; 100], &[0xff; 100]] {
            assert_eq!(facts(bytes, mime), Facts::default(), "{mime} {bytes:?}");
        }
    }
    assert_eq!(facts(FILM, "text/plain"), Facts::default());
    for end in 0..TURNED.len().min(1500) {
        drop(facts(&TURNED[..end], "video/mp4"));
    }
    // The library that reads music panics here.
    assert_eq!(facts(BROKEN, "audio/ogg").title, None);
    // A box within itself without end.
    let endless = b"\0\0\0\x08moov".repeat(10_000);
    assert_eq!(facts(&endless, "video/mp4"), Facts::default());
    let beyond = b"\0\0\0\x01moov\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\x08mvhd";
    assert_eq!(facts(beyond, "video/mp4"), Facts::default());
}
