//! Files by way of the CDN, <https://core.telegram.org/cdn>.

use madeline_tl::{Value, object};

use super::upload::{self, TOLD};
use super::{Call, Outcome};
use crate::error::{RpcError, bad_request};
use crate::state::{CDN_DC, PIECE};

/// `help.getCdnConfig`.
pub(super) fn config(call: &mut Call<'_>, _: &Value) -> Outcome {
    let key = &call.state.cdn.public_key;
    let mut keys = Vec::new();
    if !key.is_empty() {
        keys.push(object!("cdnPublicKey", dc_id: CDN_DC, public_key: key.clone()));
    }
    Ok(object!("cdnConfig", public_keys: keys).into())
}

/// The answer of `upload.getFile` for a file that the CDN gives.
pub(super) fn redirect(call: &Call<'_>, file: i64, offset: i64, limit: i64) -> Value {
    let state = &call.state;
    let (key, iv) = state.cdn.cipher(file);
    object!("upload.fileCdnRedirect",
        dc_id: CDN_DC,
        file_token: state.cdn.token(file),
        encryption_key: key.to_vec(),
        encryption_iv: iv.to_vec(),
        file_hashes: state.cdn_hashes(file, offset, offset.saturating_add(limit)),
    )
}

/// `upload.getCdnFile`, of the CDN.
pub(super) fn file(call: &mut Call<'_>, query: &Value) -> Outcome {
    let file = named(call, query)?;
    let (offset, limit) = upload::range(query)?;
    let cdn = &call.state.cdn;
    if !cdn.has(file) {
        let token = cdn.request_token(file);
        return Ok(object!("upload.cdnFileReuploadNeeded", request_token: token).into());
    }
    let bytes = call.state.cdn_part(file, offset, limit);
    let bytes = bytes.ok_or_else(|| bad_request("FILE_TOKEN_INVALID"))?;
    Ok(object!("upload.cdnFile", bytes: bytes).into())
}

/// `upload.reuploadCdnFile`, of the data centre of the file.
pub(super) fn reupload(call: &mut Call<'_>, query: &Value) -> Outcome {
    let file = named(call, query)?;
    let cdn = &mut call.state.cdn;
    if query.bytes("request_token") != Ok(cdn.request_token(file).as_slice()) {
        return Err(bad_request("REQUEST_TOKEN_INVALID"));
    }
    cdn.bring(file);
    Ok(Value::List(call.state.cdn_hashes(file, 0, TOLD * PIECE)).into())
}

/// `upload.getCdnFileHashes`, of the data centre of the file.
pub(super) fn hashes(call: &mut Call<'_>, query: &Value) -> Outcome {
    let file = named(call, query)?;
    let offset = query.int("offset").unwrap_or(0);
    if offset < 0 {
        return Err(bad_request("OFFSET_INVALID"));
    }
    let end = offset.saturating_add(TOLD * PIECE);
    Ok(Value::List(call.state.cdn_hashes(file, offset, end)).into())
}

fn named(call: &Call<'_>, query: &Value) -> Result<i64, RpcError> {
    let token = query.bytes("file_token").unwrap_or_default();
    let file = call.state.cdn.file(token);
    file.ok_or_else(|| bad_request("FILE_TOKEN_INVALID"))
}
