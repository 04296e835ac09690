//! `upload.*`: files in parts, <https://core.telegram.org/api/files>.

use madeline_tl::{Value, object};

use super::{Call, Outcome, cdn, int};
use crate::error::{RpcError, bad_request, migrate};
use crate::state::{File, FileContent, FileKind as Kind, PIECE, Part};

/// Offsets and limits are multiples of it, unless the client asks for `precise` ones.
const STEP: i64 = 4096;
const PRECISE_STEP: i64 = 1024;
/// No part reaches across the border of two blocks of this size.
const BLOCK: i64 = 1 << 20;
/// Pieces whose hashes are told at once.
pub(super) const TOLD: i64 = 8;

/// `upload.saveFilePart`.
pub(super) fn save_part(call: &mut Call<'_>, query: &Value) -> Outcome {
    save(call, query, None, false)
}

/// `upload.saveBigFilePart`.
pub(super) fn save_big_part(call: &mut Call<'_>, query: &Value) -> Outcome {
    let total = int(query, "file_total_parts");
    // A stream whose length is not known yet.
    save(call, query, (total != -1).then_some(total), true)
}

fn save(call: &mut Call<'_>, query: &Value, total: Option<i32>, big: bool) -> Outcome {
    let part = Part {
        number: int(query, "file_part"),
        total,
        big,
        bytes: query.bytes("bytes").unwrap_or_default(),
    };
    let file_id = query.int("file_id").unwrap_or(0);
    call.state.uploads.take(call.key, file_id, &part)?;
    Ok(Value::Bool(true).into())
}

/// `upload.getFile` of a document or photo.
pub(super) fn file(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (file, content) = located(call, query)?;
    let (offset, limit) = range(query)?;
    if file.dc != call.key.dc {
        return Err(migrate("FILE", file.dc));
    }
    let is_whole = std::ptr::eq(content, &raw const file.content);
    if file.cdn && is_whole && query.flag("cdn_supported") {
        let id = file.id;
        return Ok(cdn::redirect(call, id, offset, limit).into());
    }
    Ok(object!("upload.file",
        type: object!("storage.fileUnknown"),
        mtime: call.state.now,
        bytes: content.part(offset, limit),
    )
    .into())
}

/// `upload.getFileHashes` of the same.
pub(super) fn hashes(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (file, content) = located(call, query)?;
    let offset = query.int("offset").unwrap_or(0);
    if offset < 0 {
        return Err(bad_request("OFFSET_INVALID"));
    }
    if file.dc != call.key.dc {
        return Err(migrate("FILE", file.dc));
    }
    let end = offset.saturating_add(TOLD * PIECE);
    Ok(Value::List(content.hashes(offset, end)).into())
}

/// The file that a location names, and the bytes of the size that is meant.
fn located<'c>(call: &'c Call<'_>, query: &Value) -> Result<(&'c File, &'c FileContent), RpcError> {
    let location = query.get("location");
    let invalid = || bad_request("LOCATION_INVALID");
    let files = &call.state.files;
    let size = location.text("thumb_size").unwrap_or_default();
    match location.name() {
        "inputPeerPhotoFileLocation" => {
            let file = call.profile_photo(location).ok_or_else(invalid)?;
            Ok((file, &file.content))
        }
        "inputEncryptedFileLocation" => {
            let number = |key: &str| location.int(key).unwrap_or(0);
            let file = files.get(number("id"));
            let file = file
                .filter(|file| {
                    file.kind == Kind::Encrypted && file.access_hash == number("access_hash")
                })
                .ok_or_else(invalid)?;
            Ok((file, &file.content))
        }
        "inputDocumentFileLocation" | "inputPhotoFileLocation" => {
            let kind = if location.is("inputPhotoFileLocation") {
                Kind::Photo
            } else {
                Kind::Document
            };
            let file = files.authorized(kind, location, "LOCATION_INVALID")?;
            Ok((file, file.sized(size).ok_or_else(invalid)?))
        }
        _ => Err(invalid()),
    }
}

/// Offset and limit, where they are what <https://core.telegram.org/api/files#downloading-files> permits.
pub(super) fn range(query: &Value) -> Result<(i64, i64), RpcError> {
    let offset = query.int("offset").unwrap_or(0);
    let limit = i64::from(int(query, "limit"));
    let is_precise = query.flag("precise");
    let step = if is_precise { PRECISE_STEP } else { STEP };
    if offset < 0 || offset % step != 0 {
        return Err(bad_request("OFFSET_INVALID"));
    }
    let divides = is_precise || (limit > 0 && BLOCK % limit == 0);
    if !(1..=BLOCK).contains(&limit) || limit % step != 0 || !divides {
        return Err(bad_request("LIMIT_INVALID"));
    }
    // The offset may be right by itself; the documentation gives both the blame of the limit.
    if offset / BLOCK != (offset + limit - 1) / BLOCK {
        return Err(bad_request("LIMIT_INVALID"));
    }
    Ok((offset, limit))
}
