//! Unique ids: equal for the same file, whoever asks and however often its location changes.

use madeline_tl::wire::Writer;

use super::{Class, FileId, Legacy, Place, Source, string};

/// The bytes of a file's unique id.
pub(super) fn of(file: &FileId) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(32);
    let class = match file.place {
        Place::Web { .. } => Class::Web,
        _ => file.kind.class(),
    };
    let mut writer = Writer::new(&mut out);
    writer.id(class as u32);
    match &file.place {
        Place::Web { url, .. } => string(&mut writer, url),
        Place::Document { id, .. } => writer.long(*id),
        Place::Photo {
            id, source, legacy, ..
        } => {
            let photo = photo(*id, source, *legacy)?;
            out.extend(photo);
        }
    }
    Some(out)
}

fn photo(id: i64, source: &Source, legacy: Option<Legacy>) -> Option<Vec<u8>> {
    let numbered = |byte: u8| Some([&id.to_le_bytes()[..], &[byte]].concat());
    match source {
        Source::Thumbnail { letter, .. } => numbered(match letter {
            b'a' => 0,
            b'c' => 1,
            letter => letter.wrapping_add(5),
        }),
        Source::Dialog { big, .. } if legacy.is_none() => numbered(u8::from(*big)),
        Source::FullLegacy { place, .. }
        | Source::DialogLegacy { place, .. }
        | Source::StickerSetLegacy { place, .. } => Some(placed(*place)),
        Source::StickerSetVersion { id, version, .. } => Some(
            [
                &[2][..],
                id.to_le_bytes().as_slice(),
                version.to_le_bytes().as_slice(),
            ]
            .concat(),
        ),
        Source::Legacy { .. } | Source::Dialog { .. } | Source::StickerSet { .. } => {
            legacy.map(placed)
        }
    }
}

fn placed(place: Legacy) -> Vec<u8> {
    [
        place.volume.to_le_bytes().as_slice(),
        place.local.to_le_bytes().as_slice(),
    ]
    .concat()
}
