//! Ids that the bot API has given out, and every other form.

#![allow(clippy::unwrap_used, reason = "tests")]

use madeline_tl::{Value, object};
use proptest::prelude::*;

use super::{FileId, FileIdError, Kind, Legacy, Place, Source};

/// `file_id`, `file_unique_id`, kind, data centre: as they stand in published documentation and examples.
const KNOWN: [(&str, &str, Kind, i32); 8] = [
    (
        "CAACAgIAAxkBAAIEol9yQhBqFnT4HXldAh31a-hYXuDIAAIECwACAoujAAFFn1sl9AABHbkbBA",
        "AgADBAsAAgKLowAB",
        Kind::Sticker,
        2,
    ),
    (
        "CAACAgEAAxUAAWMweAEx9LKl8d-dYGeRqWNWd05fAAJYAgACdbeIRW8TQqAINfmpKQQ",
        "AgADWAIAAnW3iEU",
        Kind::Sticker,
        1,
    ),
    (
        "AAMCAQADFQABYzB4ATH0sqXx351gZ5GpY1Z3Tl8AAlgCAAJ1t4hFbxNCoAg1-akBAAdtAAMpBA",
        "AQADWAIAAnW3iEVy",
        Kind::Thumbnail,
        1,
    ),
    (
        "AgACAgUAAxkBAAMRaH8qXw-VQSGAG4X4VoCg9A5nE50AAvLGMRtBGPlXGt4-FX4l2_oBAAMCAANzAAM2BA",
        "AQAD8sYxG0EY-Vd4",
        Kind::Photo,
        5,
    ),
    (
        "AgACAgUAAxkBAAMRaH8qXw-VQSGAG4X4VoCg9A5nE50AAvLGMRtBGPlXGt4-FX4l2_oBAAMCAANtAAM2BA",
        "AQAD8sYxG0EY-Vdy",
        Kind::Photo,
        5,
    ),
    (
        "AgACAgQAAxkDAAMrY-Dl6RVPgljtK-nJzFLeroLc_pAAAi-wMRugoNRSk24VsivkZcUBAAMCAANzAAMuBA",
        "AQADL7AxG6Cg1FJ4",
        Kind::Photo,
        4,
    ),
    (
        "BQACAgIAAxkDAAMaZZk66eGouWpSt-5uhU-RHp6zTKAAAkU7AAJVFclIHgAB8tPqM0BjNAQ",
        "AgADRTsAAlUVyUg",
        Kind::Document,
        2,
    ),
    (
        "BQACAgUAAyEFAATf4fmaAAMIaaw30_kj3PoKWiFnQGesyWVIHZIAAiofAALCOWFVj4AnSZhFqcw6BA",
        "AgADKh8AAsI5YVU",
        Kind::Document,
        5,
    ),
];

#[test]
fn known_ids_are_read_and_written_and_give_their_unique_ids() {
    for (text, unique, kind, dc) in KNOWN {
        let file = FileId::parse(text).unwrap();
        assert_eq!((file.kind, file.dc), (kind, dc), "{text}");
        assert!(!file.reference.is_empty(), "{text}");
        assert_eq!(file.text(), text);
        assert_eq!(file.unique().unwrap(), unique);
    }
}

#[test]
fn numbers_of_a_known_document_are_those_that_others_read() {
    let (text, ..) = KNOWN[0];
    let Place::Document { id, access_hash } = FileId::parse(text).unwrap().place else {
        unreachable!("a sticker is a document");
    };
    assert_eq!(
        (id, access_hash),
        (46_033_261_910_035_204, -5_107_925_353_769_492_667)
    );
}

#[test]
fn other_texts_are_refused() {
    let (text, ..) = KNOWN[0];
    let cut: String = text.chars().take(20).collect();
    for (text, error) in [
        ("", FileIdError::Text),
        ("not a file id", FileIdError::Text),
        ("AAMCAQADFQ", FileIdError::Version(21)),
        (cut.as_str(), FileIdError::Version(0x72)),
    ] {
        assert_eq!(FileId::parse(text).map(drop), Err(error), "{text}");
    }
}

fn place() -> impl Strategy<Value = (Kind, Place)> {
    let legacy =
        || (any::<i64>(), any::<i32>()).prop_map(|(volume, local)| Legacy { volume, local });
    let ids = || (any::<i64>(), any::<i64>());
    let source = prop_oneof![
        any::<i64>().prop_map(|secret| Source::Legacy { secret }),
        (0..18, any::<u8>()).prop_map(|(kind, letter)| Source::Thumbnail { kind, letter }),
        (any::<bool>(), ids()).prop_map(|(big, (id, access_hash))| Source::Dialog {
            big,
            id,
            access_hash
        }),
        ids().prop_map(|(id, access_hash)| Source::StickerSet { id, access_hash }),
        (any::<i64>(), legacy()).prop_map(|(secret, place)| Source::FullLegacy { secret, place }),
        (any::<bool>(), ids(), legacy()).prop_map(|(big, (id, access_hash), place)| {
            Source::DialogLegacy {
                big,
                id,
                access_hash,
                place,
            }
        }),
        (ids(), legacy()).prop_map(|((id, access_hash), place)| Source::StickerSetLegacy {
            id,
            access_hash,
            place
        }),
        (ids(), any::<i32>()).prop_map(|((id, access_hash), version)| {
            Source::StickerSetVersion {
                id,
                access_hash,
                version,
            }
        }),
    ];
    let photos = Kind::ALL.iter().copied().filter(|kind| kind.is_photo());
    let others = Kind::ALL.iter().copied().filter(|kind| !kind.is_photo());
    prop_oneof![
        (prop::sample::select(others.collect::<Vec<_>>()), ids())
            .prop_map(|(kind, (id, access_hash))| (kind, Place::Document { id, access_hash })),
        (
            prop::sample::select(photos.collect::<Vec<_>>()),
            ids(),
            source
        )
            .prop_map(|(kind, (id, access_hash), source)| {
                let place = Place::Photo {
                    id,
                    access_hash,
                    source,
                    legacy: None,
                };
                (kind, place)
            }),
        ("https://[a-z]{1,300}", any::<i64>()).prop_map(|(url, access_hash)| {
            let url = url.into_bytes();
            (Kind::Document, Place::Web { url, access_hash })
        }),
    ]
}

proptest! {
    #[test]
    fn every_form_is_read_as_it_was_written(
        (kind, place) in place(),
        dc in any::<i32>(),
        reference in prop::collection::vec(any::<u8>(), 0..300),
    ) {
        let file = FileId::new(kind, dc, reference, place);
        prop_assert_eq!(FileId::parse(&file.text()), Ok(file));
    }

    #[test]
    fn older_forms_of_photos_are_read_as_they_were_written(
        sub_version in 0_u8..32, volume in any::<i64>(), local in any::<i32>(), secret in any::<i64>(),
    ) {
        let version = if sub_version == 0 { 2 } else { 4 };
        let legacy = Some(Legacy { volume, local });
        let place = Place::Photo { id: 1, access_hash: 2, source: Source::Legacy { secret }, legacy };
        let file = FileId { version, sub_version, ..FileId::new(Kind::Photo, 4, Vec::new(), place) };
        prop_assert_eq!(FileId::parse(&file.text()), Ok(file));
    }

    #[test]
    fn any_text_is_read_or_refused(text in "[A-Za-z0-9_-]{0,120}") {
        drop(FileId::parse(&text));
    }
}

#[test]
fn what_results_contain_has_ids_by_its_attributes() {
    let document = |attribute: Option<Value>| {
        object!("document", id: 7, access_hash: 8, file_reference: b"ref", dc_id: 2,
            attributes: attribute.into_iter().collect::<Vec<_>>())
    };
    for (attribute, kind) in [
        (None, Kind::Document),
        (Some(object!("documentAttributeSticker")), Kind::Sticker),
        (Some(object!("documentAttributeAnimated")), Kind::Animation),
        (Some(object!("documentAttributeVideo")), Kind::Video),
        (
            Some(object!("documentAttributeVideo", round_message: true)),
            Kind::VideoNote,
        ),
        (Some(object!("documentAttributeAudio")), Kind::Audio),
        (
            Some(object!("documentAttributeAudio", voice: true)),
            Kind::Voice,
        ),
    ] {
        let id = FileId::of_document(&document(attribute)).unwrap();
        assert_eq!(
            (id.kind, id.dc, id.reference.as_slice()),
            (kind, 2, &b"ref"[..])
        );
        assert_eq!(
            id.place,
            Place::Document {
                id: 7,
                access_hash: 8
            }
        );
    }
    let photo = FileId::of_photo(&document(None), b'x').unwrap();
    assert_eq!(photo.kind, Kind::Photo);
    assert_eq!(
        photo.unique(),
        FileId::parse(&photo.text()).unwrap().unique()
    );
    let shown = object!("userProfilePhoto", photo_id: 9, dc_id: 4);
    let id = FileId::of_peer_photo(&shown, true, 5, 6).unwrap();
    assert_eq!((id.kind, id.dc), (Kind::ProfilePhoto, 4));
    assert_eq!(FileId::of_document(&object!("documentEmpty", id: 7)), None);
}
