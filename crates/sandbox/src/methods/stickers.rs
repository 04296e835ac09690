//! Sets of stickers: made of documents that the server has, and asked for by their names.

use std::collections::BTreeMap;

use madeline_tl::{Value, object};

use super::{Call, Outcome, text};
use crate::error::{RpcError, bad_request};
use crate::state::{FileKind, StickerSet, random_id};
use crate::world::check::is_username;

/// Most stickers of a set.
const MOST: usize = 120;

/// `stickers.createStickerSet`, of the caller's own.
pub(super) fn create(call: &mut Call<'_>, query: &Value) -> Outcome {
    let (title, name) = (text(query, "title")?, text(query, "short_name")?);
    if title.trim().is_empty() {
        return Err(bad_request("PACK_TITLE_INVALID"));
    }
    if !is_username(name) {
        return Err(bad_request("PACK_SHORT_NAME_INVALID"));
    }
    if call.state.sticker_sets.contains_key(name) {
        return Err(bad_request("PACK_SHORT_NAME_OCCUPIED"));
    }
    let items = query.list("stickers").unwrap_or_default();
    if items.is_empty() {
        return Err(bad_request("STICKERS_EMPTY"));
    }
    let stickers = items
        .iter()
        .map(|item| call.sticker(item))
        .collect::<Result<Vec<_>, RpcError>>()?;
    let set = StickerSet {
        id: random_id(),
        access_hash: random_id(),
        title: title.to_owned(),
        creator: call.user,
        stickers,
    };
    call.state.sticker_sets.insert(name.to_owned(), set);
    call.shown_set(name)
}

/// `stickers.addStickerToSet`, by whoever made it.
pub(super) fn add(call: &mut Call<'_>, query: &Value) -> Outcome {
    let name = call.set_name(query.get("stickerset"))?;
    let sticker = call.sticker(query.get("sticker"))?;
    let user = call.user;
    let set = call.state.sticker_sets.get_mut(&name);
    let set = set.filter(|set| set.creator == user);
    let set = set.ok_or_else(|| bad_request("STICKERSET_INVALID"))?;
    if set.stickers.len() >= MOST {
        return Err(bad_request("STICKERS_TOO_MUCH"));
    }
    set.stickers.push(sticker);
    call.shown_set(&name)
}

/// `messages.getStickerSet`.
pub(super) fn set(call: &mut Call<'_>, query: &Value) -> Outcome {
    let name = call.set_name(query.get("stickerset"))?;
    call.shown_set(&name)
}

impl Call<'_> {
    /// A document of an `InputStickerSetItem`, and its emoji.
    fn sticker(&self, item: &Value) -> Result<(i64, String), RpcError> {
        let emoji = text(item, "emoji")?;
        if emoji.is_empty() {
            return Err(bad_request("STICKER_EMOJI_INVALID"));
        }
        let files = &self.state.files;
        let file = files.authorized(
            FileKind::Document,
            item.get("document"),
            "STICKER_FILE_INVALID",
        )?;
        Ok((file.id, emoji.to_owned()))
    }

    /// The short name of the set that an input means.
    fn set_name(&self, input: &Value) -> Result<String, RpcError> {
        let sets = &self.state.sticker_sets;
        let found = match input.name() {
            "inputStickerSetShortName" => {
                let name = text(input, "short_name")?;
                sets.contains_key(name).then_some(name)
            }
            "inputStickerSetID" => {
                let number = |key: &str| input.int(key).unwrap_or(0);
                sets.iter()
                    .find(|(_, set)| {
                        (set.id, set.access_hash) == (number("id"), number("access_hash"))
                    })
                    .map(|(name, _)| name.as_str())
            }
            _ => None,
        };
        found
            .map(str::to_owned)
            .ok_or_else(|| bad_request("STICKERSET_INVALID"))
    }

    fn shown_set(&self, name: &str) -> Outcome {
        let state = &self.state;
        let set = state.sticker_sets.get(name);
        let set = set.ok_or_else(|| bad_request("STICKERSET_INVALID"))?;
        let mut packs: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
        for (id, emoji) in &set.stickers {
            packs.entry(emoji).or_default().push(Value::Int(*id));
        }
        let packs: Vec<Value> = packs
            .into_iter()
            .map(|(emoji, ids)| object!("stickerPack", emoticon: emoji, documents: ids))
            .collect();
        let documents: Vec<Value> = set
            .stickers
            .iter()
            .filter_map(|(id, _)| state.files.document(*id, state.now))
            .collect();
        let nothing: Vec<Value> = Vec::new();
        Ok(object!("messages.stickerSet",
            set: object!("stickerSet",
                creator: set.creator == self.user,
                id: set.id,
                access_hash: set.access_hash,
                title: set.title.clone(),
                short_name: name,
                count: set.stickers.len() as i32,
                hash: 0,
            ),
            packs: packs,
            keywords: nothing,
            documents: documents,
        )
        .into())
    }
}
