//! Sending files: `messages.sendMedia`, `messages.sendMultiMedia`, `messages.uploadMedia`.

use madeline_tl::{Value, object};

use super::{Call, Outcome};
use crate::error::{RpcError, bad_request};
use crate::picture::dimensions;
use crate::state::{Complete, Draft, FileContent, FileKind, Sent};

/// Most files of an album.
const ALBUM: usize = 10;

/// `messages.sendMedia`.
pub(super) fn send(call: &mut Call<'_>, query: &Value) -> Outcome {
    let to = call.writable_peer(query.get("peer"))?;
    let mut body = call.caption(query)?;
    body.media = Some(call.input_media(query.get("media"))?);
    let random_id = call.fresh_random_id(query.get("random_id"))?;
    let mut draft = Draft::new(call.user, to, body, call.state.now);
    draft.reply_to = call.reply_to(to, query.get("reply_to"))?;
    draft.silent = query.flag("silent");
    draft.noforwards = query.flag("noforwards") && call.state.is_bot(call.user);
    draft.topic = call.topic(to, draft.reply_to, query.get("reply_to"))?;
    let (id, own) = call.state.deliver(draft, Some(call.session));
    let mut updates = vec![object!("updateMessageID", id: id, random_id: random_id)];
    updates.extend(own);
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.sendMultiMedia`: only of files that the server has already.
pub(super) fn send_album(call: &mut Call<'_>, query: &Value) -> Outcome {
    let to = call.writable_peer(query.get("peer"))?;
    let items = query.list("multi_media").unwrap_or_default();
    if items.is_empty() {
        return Err(bad_request("MULTI_MEDIA_EMPTY"));
    }
    if items.len() > ALBUM {
        return Err(bad_request("MULTI_MEDIA_TOO_LONG"));
    }
    let reply_to = call.reply_to(to, query.get("reply_to"))?;
    let topic = call.topic(to, reply_to, query.get("reply_to"))?;
    let mut drafts = Vec::new();
    for item in items {
        let media = item.get("media");
        if !matches!(media.name(), "inputMediaPhoto" | "inputMediaDocument") {
            return Err(bad_request("MEDIA_INVALID"));
        }
        let mut body = call.caption(item)?;
        body.media = Some(call.input_media(media)?);
        let mut draft = Draft::new(call.user, to, body, call.state.now);
        draft.reply_to = reply_to;
        draft.topic = topic;
        draft.silent = query.flag("silent");
        drafts.push((draft, call.fresh_random_id(item.get("random_id"))?));
    }
    let mut updates = Vec::new();
    for (draft, random_id) in drafts {
        let (id, own) = call.state.deliver(draft, Some(call.session));
        updates.push(object!("updateMessageID", id: id, random_id: random_id));
        updates.extend(own);
    }
    Ok(call.state.updates_value(call.user, updates).into())
}

/// `messages.uploadMedia`.
pub(super) fn upload(call: &mut Call<'_>, query: &Value) -> Outcome {
    call.writable_peer(query.get("peer"))?;
    Ok(call.input_media(query.get("media"))?.into())
}

/// `messages.uploadEncryptedFile`, of any secret chat: there are none here.
pub(super) fn upload_encrypted(call: &mut Call<'_>, query: &Value) -> Outcome {
    let file = query.get("file");
    let Complete { parts, .. } = call.state.uploads.complete(call.key, file)?;
    let content = FileContent::of_parts(parts);
    if content.size % 16 != 0 {
        return Err(bad_request("FILE_PART_LENGTH_INVALID"));
    }
    let size = content.size;
    let id = call.state.files.add(Sent {
        kind: FileKind::Encrypted,
        dc: call.key.dc,
        mime: String::new(),
        attributes: Vec::new(),
        content,
        dimensions: (0, 0),
        thumb: None,
    });
    let access_hash = call.state.files.get(id).map(|file| file.access_hash);
    Ok(object!("encryptedFile",
        id: id,
        access_hash: access_hash,
        size: size,
        dc_id: call.key.dc,
        key_fingerprint: file.get("key_fingerprint").clone(),
    )
    .into())
}

impl Call<'_> {
    /// What an `InputMedia` becomes in a message.
    pub(super) fn input_media(&mut self, media: &Value) -> Result<Value, RpcError> {
        let id = match media.name() {
            "inputMediaUploadedPhoto" => self.uploaded_photo(media)?,
            "inputMediaUploadedDocument" => self.uploaded_document(media)?,
            "inputMediaPhoto" => self.known(FileKind::Photo, media)?,
            "inputMediaDocument" => self.known(FileKind::Document, media)?,
            "inputMediaEmpty" => return Err(bad_request("MEDIA_EMPTY")),
            _ => return Err(bad_request("MEDIA_INVALID")),
        };
        let Some(Value::Object(mut shown)) = self.state.files.media(id, self.state.now) else {
            return Err(bad_request("MEDIA_INVALID"));
        };
        for key in ["spoiler", "ttl_seconds"] {
            if media.has(key) {
                shown.set(key, media.get(key).clone());
            }
        }
        Ok(Value::Object(shown))
    }

    fn known(&self, kind: FileKind, media: &Value) -> Result<i64, RpcError> {
        let file = self
            .state
            .files
            .authorized(kind, media.get("id"), "MEDIA_EMPTY")?;
        Ok(file.id)
    }

    /// A photo that was uploaded as the `file` of a request or media.
    pub(super) fn uploaded_photo(&mut self, media: &Value) -> Result<i64, RpcError> {
        let Complete { parts, .. } = self.state.uploads.complete(self.key, media.get("file"))?;
        let content = FileContent::of_parts(parts);
        let dimensions = dimensions(&content.part(0, content.size))
            .ok_or_else(|| bad_request("IMAGE_PROCESS_FAILED"))?;
        Ok(self.state.files.add(Sent {
            kind: FileKind::Photo,
            dc: self.key.dc,
            mime: "image/jpeg".to_owned(),
            attributes: Vec::new(),
            content,
            dimensions,
            thumb: None,
        }))
    }

    fn uploaded_document(&mut self, media: &Value) -> Result<i64, RpcError> {
        let complete = self.state.uploads.complete(self.key, media.get("file"))?;
        let thumb = match media.get("thumb") {
            Value::Null => None,
            thumb => {
                let Complete { parts, .. } = self.state.uploads.complete(self.key, thumb)?;
                let content = FileContent::of_parts(parts);
                let dimensions = dimensions(&content.part(0, content.size))
                    .ok_or_else(|| bad_request("IMAGE_PROCESS_FAILED"))?;
                Some((content, dimensions))
            }
        };
        let mut attributes = media.list("attributes").unwrap_or_default().to_vec();
        let is_named = |attribute: &Value| attribute.is("documentAttributeFilename");
        if !complete.name.is_empty() && !attributes.iter().any(is_named) {
            attributes.push(object!("documentAttributeFilename", file_name: complete.name));
        }
        Ok(self.state.files.add(Sent {
            kind: FileKind::Document,
            dc: self.key.dc,
            mime: media.text("mime_type").unwrap_or_default().to_owned(),
            attributes,
            content: FileContent::of_parts(complete.parts),
            dimensions: (0, 0),
            thumb,
        }))
    }
}
