//! Ids of what results contain.

use madeline_tl::Value;

use super::{FileId, Kind, Place, Source};

impl FileId {
    /// The id of a `document`.
    pub fn of_document(document: &Value) -> Option<FileId> {
        let place = Place::Document {
            id: document.int("id").ok()?,
            access_hash: document.int("access_hash").ok()?,
        };
        named(document, kind(document), place)
    }

    /// The id of a size of a `photo`, by its letter.
    pub fn of_photo(photo: &Value, letter: u8) -> Option<FileId> {
        sized(photo, Kind::Photo, Kind::Photo, letter)
    }

    /// The id of a thumbnail of a `document`, by its letter.
    pub fn of_thumbnail(document: &Value, letter: u8) -> Option<FileId> {
        sized(document, Kind::Thumbnail, Kind::Thumbnail, letter)
    }

    /// The id of the photo of a user, group or channel. `peer` is the bot API's number.
    pub fn of_peer_photo(photo: &Value, big: bool, peer: i64, access_hash: i64) -> Option<FileId> {
        let source = Source::Dialog {
            big,
            id: peer,
            access_hash,
        };
        let place = Place::Photo {
            id: photo.int("photo_id").ok()?,
            access_hash: 0,
            source,
            legacy: None,
        };
        named(photo, Kind::ProfilePhoto, place)
    }
}

fn sized(file: &Value, kind: Kind, of: Kind, letter: u8) -> Option<FileId> {
    let source = Source::Thumbnail {
        kind: of as i32,
        letter,
    };
    let place = Place::Photo {
        id: file.int("id").ok()?,
        access_hash: file.int("access_hash").ok()?,
        source,
        legacy: None,
    };
    named(file, kind, place)
}

fn named(file: &Value, kind: Kind, place: Place) -> Option<FileId> {
    let dc = i32::try_from(file.int("dc_id").ok()?).ok()?;
    let reference = file.bytes("file_reference").unwrap_or_default().to_vec();
    Some(FileId::new(kind, dc, reference, place))
}

/// What the attributes make of a document.
fn kind(document: &Value) -> Kind {
    let attributes = document.list("attributes").unwrap_or_default();
    let find = |name: &str| attributes.iter().find(|attribute| attribute.is(name));
    if find("documentAttributeSticker").is_some() || find("documentAttributeCustomEmoji").is_some()
    {
        return Kind::Sticker;
    }
    if find("documentAttributeAnimated").is_some() {
        return Kind::Animation;
    }
    if let Some(video) = find("documentAttributeVideo") {
        return if video.flag("round_message") {
            Kind::VideoNote
        } else {
            Kind::Video
        };
    }
    match find("documentAttributeAudio") {
        Some(audio) if audio.flag("voice") => Kind::Voice,
        Some(_) => Kind::Audio,
        None => Kind::Document,
    }
}
