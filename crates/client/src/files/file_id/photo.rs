//! Which size of which photo, as `TDLib`'s versions wrote it.

use madeline_tl::wire::{Reader, Writer};

use super::FileIdError;

/// Since this inner version ids say where a size comes from.
const WITH_SOURCE: u8 = 22;
/// Since this inner version they no longer say where it was kept.
const WITHOUT_VOLUME: u8 = 32;

/// Where a size comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Of the time before there were sources.
    Legacy {
        /// What proves that one may have it.
        secret: i64,
    },
    /// A size of a photo, or a thumbnail of a document.
    Thumbnail {
        /// The sort of file that has it, by number.
        kind: i32,
        /// The letter of the size.
        letter: u8,
    },
    /// The photo of a user, group or channel.
    Dialog {
        /// The large one.
        big: bool,
        /// The bot API's number of the peer.
        id: i64,
        /// The peer's access hash.
        access_hash: i64,
    },
    /// The picture of a set of stickers.
    StickerSet {
        /// The set.
        id: i64,
        /// Its access hash.
        access_hash: i64,
    },
    /// A [`Source::Legacy`] that was written anew.
    FullLegacy {
        /// What proves that one may have it.
        secret: i64,
        /// Where it was kept.
        place: Legacy,
    },
    /// A [`Source::Dialog`] with the place where it was kept.
    DialogLegacy {
        /// The large one.
        big: bool,
        /// The bot API's number of the peer.
        id: i64,
        /// The peer's access hash.
        access_hash: i64,
        /// Where it was kept.
        place: Legacy,
    },
    /// A [`Source::StickerSet`] with the place where it was kept.
    StickerSetLegacy {
        /// The set.
        id: i64,
        /// Its access hash.
        access_hash: i64,
        /// Where it was kept.
        place: Legacy,
    },
    /// The picture of a set of stickers, which may change.
    StickerSetVersion {
        /// The set.
        id: i64,
        /// Its access hash.
        access_hash: i64,
        /// Which picture.
        version: i32,
    },
}

/// Where the servers kept photos by volume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Legacy {
    /// The volume.
    pub volume: i64,
    /// The file in it.
    pub local: i32,
}

pub(super) fn read(
    reader: &mut Reader<'_>,
    sub_version: u8,
) -> Result<(Source, Option<Legacy>), FileIdError> {
    if sub_version >= WITHOUT_VOLUME {
        return Ok((source(reader)?, None));
    }
    let volume = reader.long()?;
    let source = if sub_version >= WITH_SOURCE {
        source(reader)?
    } else {
        Source::Legacy {
            secret: reader.long()?,
        }
    };
    let local = reader.int()?;
    Ok((source, Some(Legacy { volume, local })))
}

fn source(reader: &mut Reader<'_>) -> Result<Source, FileIdError> {
    let number = reader.int()?;
    Ok(match number {
        0 => Source::Legacy {
            secret: reader.long()?,
        },
        1 => Source::Thumbnail {
            kind: reader.int()?,
            letter: u8::try_from(reader.int()?).map_err(|_| FileIdError::Length)?,
        },
        2 | 3 => Source::Dialog {
            big: number == 3,
            id: reader.long()?,
            access_hash: reader.long()?,
        },
        4 => Source::StickerSet {
            id: reader.long()?,
            access_hash: reader.long()?,
        },
        5 => {
            let volume = reader.long()?;
            let secret = reader.long()?;
            let local = reader.int()?;
            Source::FullLegacy {
                secret,
                place: Legacy { volume, local },
            }
        }
        6 | 7 => Source::DialogLegacy {
            big: number == 7,
            id: reader.long()?,
            access_hash: reader.long()?,
            place: legacy(reader)?,
        },
        8 => Source::StickerSetLegacy {
            id: reader.long()?,
            access_hash: reader.long()?,
            place: legacy(reader)?,
        },
        9 => Source::StickerSetVersion {
            id: reader.long()?,
            access_hash: reader.long()?,
            version: reader.int()?,
        },
        other => return Err(FileIdError::Source(other)),
    })
}

fn legacy(reader: &mut Reader<'_>) -> Result<Legacy, FileIdError> {
    Ok(Legacy {
        volume: reader.long()?,
        local: reader.int()?,
    })
}

pub(super) fn write(
    writer: &mut Writer<'_>,
    sub_version: u8,
    source: &Source,
    place: Option<Legacy>,
) {
    if sub_version >= WITHOUT_VOLUME {
        return write_source(writer, source);
    }
    let place = place.unwrap_or(Legacy {
        volume: 0,
        local: 0,
    });
    writer.long(place.volume);
    match source {
        Source::Legacy { secret } if sub_version < WITH_SOURCE => writer.long(*secret),
        _ => write_source(writer, source),
    }
    writer.int(place.local);
}

fn write_source(writer: &mut Writer<'_>, source: &Source) {
    let numbered = |writer: &mut Writer<'_>, number: i32, id: i64, access_hash: i64| {
        writer.int(number);
        writer.long(id);
        writer.long(access_hash);
    };
    match *source {
        Source::Legacy { secret } => {
            writer.int(0);
            writer.long(secret);
        }
        Source::Thumbnail { kind, letter } => {
            writer.int(1);
            writer.int(kind);
            writer.int(letter.into());
        }
        Source::Dialog {
            big,
            id,
            access_hash,
        } => numbered(writer, 2 + i32::from(big), id, access_hash),
        Source::StickerSet { id, access_hash } => numbered(writer, 4, id, access_hash),
        Source::FullLegacy { secret, place } => {
            writer.int(5);
            writer.long(place.volume);
            writer.long(secret);
            writer.int(place.local);
        }
        Source::DialogLegacy {
            big,
            id,
            access_hash,
            place,
        } => {
            numbered(writer, 6 + i32::from(big), id, access_hash);
            write_legacy(writer, place);
        }
        Source::StickerSetLegacy {
            id,
            access_hash,
            place,
        } => {
            numbered(writer, 8, id, access_hash);
            write_legacy(writer, place);
        }
        Source::StickerSetVersion {
            id,
            access_hash,
            version,
        } => {
            numbered(writer, 9, id, access_hash);
            writer.int(version);
        }
    }
}

fn write_legacy(writer: &mut Writer<'_>, place: Legacy) {
    writer.long(place.volume);
    writer.int(place.local);
}
