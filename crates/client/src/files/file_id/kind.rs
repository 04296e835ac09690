//! The sorts of files.

/// What sort of file a file id is of; the numbers are `TDLib`'s.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Kind {
    Thumbnail = 0,
    ProfilePhoto = 1,
    Photo = 2,
    Voice = 3,
    Video = 4,
    Document = 5,
    Encrypted = 6,
    Temp = 7,
    Sticker = 8,
    Audio = 9,
    Animation = 10,
    EncryptedThumbnail = 11,
    Wallpaper = 12,
    VideoNote = 13,
    SecureRaw = 14,
    Secure = 15,
    Background = 16,
    DocumentAsFile = 17,
}

/// What unique ids tell apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Class {
    Web = 0,
    Photo = 1,
    Document = 2,
    Secure = 3,
    Encrypted = 4,
    Temp = 5,
}

impl Kind {
    /// All of them, in the order of their numbers.
    pub const ALL: [Kind; 18] = [
        Kind::Thumbnail,
        Kind::ProfilePhoto,
        Kind::Photo,
        Kind::Voice,
        Kind::Video,
        Kind::Document,
        Kind::Encrypted,
        Kind::Temp,
        Kind::Sticker,
        Kind::Audio,
        Kind::Animation,
        Kind::EncryptedThumbnail,
        Kind::Wallpaper,
        Kind::VideoNote,
        Kind::SecureRaw,
        Kind::Secure,
        Kind::Background,
        Kind::DocumentAsFile,
    ];

    /// The sort with this number.
    pub fn of(number: u32) -> Option<Kind> {
        Kind::ALL.get(number as usize).copied()
    }

    /// The name that MadelineProto and the bot API's fields have for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Thumbnail => "thumbnail",
            Kind::ProfilePhoto => "profile_photo",
            Kind::Photo => "photo",
            Kind::Voice => "voice",
            Kind::Video => "video",
            Kind::Document => "document",
            Kind::Encrypted => "encrypted",
            Kind::Temp => "temp",
            Kind::Sticker => "sticker",
            Kind::Audio => "audio",
            Kind::Animation => "animation",
            Kind::EncryptedThumbnail => "encrypted_thumbnail",
            Kind::Wallpaper => "wallpaper",
            Kind::VideoNote => "video_note",
            Kind::SecureRaw => "secure_raw",
            Kind::Secure => "secure",
            Kind::Background => "background",
            Kind::DocumentAsFile => "size",
        }
    }

    /// Whether ids of it say which size of a photo is meant.
    pub(super) fn is_photo(self) -> bool {
        self.class() == Class::Photo
    }

    /// What unique ids tell of it.
    pub fn class(self) -> Class {
        match self {
            Kind::Thumbnail
            | Kind::ProfilePhoto
            | Kind::Photo
            | Kind::EncryptedThumbnail
            | Kind::Wallpaper => Class::Photo,
            Kind::SecureRaw | Kind::Secure => Class::Secure,
            Kind::Encrypted => Class::Encrypted,
            Kind::Temp => Class::Temp,
            _ => Class::Document,
        }
    }
}
