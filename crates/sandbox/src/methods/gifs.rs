//! The account's list of GIFs.

use madeline_tl::{Value, object};

use super::{Call, Outcome};
use crate::state::FileKind;

/// Most GIFs of a list; the oldest makes room.
const MOST: usize = 200;

/// `messages.saveGif`, of any document.
pub(super) fn save(call: &mut Call<'_>, query: &Value) -> Outcome {
    let files = &call.state.files;
    let id = files
        .authorized(FileKind::Document, query.get("id"), "GIF_ID_INVALID")?
        .id;
    let list = call.state.saved_gifs.entry(call.user).or_default();
    list.retain(|other| *other != id);
    if !query.flag("unsave") {
        list.insert(0, id);
        list.truncate(MOST);
    }
    Ok(Value::Bool(true).into())
}

/// `messages.getSavedGifs`, newest first.
pub(super) fn saved(call: &mut Call<'_>, _: &Value) -> Outcome {
    let (files, now) = (&call.state.files, call.state.now);
    let list = call.state.saved_gifs.get(&call.user);
    let gifs: Vec<Value> = list
        .into_iter()
        .flatten()
        .filter_map(|id| files.document(*id, now))
        .collect();
    Ok(object!("messages.savedGifs", hash: 0, gifs: gifs).into())
}
