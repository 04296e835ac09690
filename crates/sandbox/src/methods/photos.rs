//! `photos.*`: profile photos. Nobody is told of new ones; whoever asks sees them.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int};
use crate::error::{RpcError, bad_request};
use crate::state::{File, FileKind};

/// `photos.uploadProfilePhoto`: of the caller's own.
pub(super) fn upload(call: &mut Call<'_>, query: &Value) -> Outcome {
    if !query.has("file") {
        return Err(bad_request("PHOTO_FILE_MISSING"));
    }
    let id = call.uploaded_photo(query)?;
    let shown = call.own_photos()?;
    shown.push(id);
    call.shown_photo()
}

/// `photos.updateProfilePhoto`: an earlier one is shown again, or none.
pub(super) fn update(call: &mut Call<'_>, query: &Value) -> Outcome {
    let input = query.get("id");
    if input.is("inputPhotoEmpty") {
        call.own_photos()?.pop();
        return call.shown_photo();
    }
    let id = call.own_photo(input)?;
    let photos = call.own_photos()?;
    photos.retain(|other| *other != id);
    photos.push(id);
    call.shown_photo()
}

/// `photos.deletePhotos`.
pub(super) fn delete(call: &mut Call<'_>, query: &Value) -> Outcome {
    let mut deleted = Vec::new();
    for input in query.list("id").unwrap_or_default() {
        let Ok(id) = call.own_photo(input) else {
            continue;
        };
        call.own_photos()?.retain(|other| *other != id);
        deleted.push(Value::Int(id));
    }
    Ok(Value::List(deleted).into())
}

/// `photos.getUserPhotos`, the newest first.
pub(super) fn of_user(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_user(call.user, query.get("user_id"))?;
    let state = &call.state;
    let (offset, limit) = (int(query, "offset"), int(query, "limit"));
    let all = state.users.get(&id).map(|user| user.photos.as_slice());
    let photos: Vec<Value> = all
        .unwrap_or_default()
        .iter()
        .rev()
        .skip(usize::try_from(offset).unwrap_or(0))
        .take(usize::try_from(limit).unwrap_or(0))
        .filter_map(|photo| state.files.photo(*photo, state.now))
        .collect();
    let users: Vec<Value> = state.user_value(call.user, id).into_iter().collect();
    Ok(object!("photos.photos", photos: photos, users: users).into())
}

impl Call<'_> {
    /// The profile photo of an `inputPeerPhotoFileLocation`.
    pub(super) fn profile_photo(&self, location: &Value) -> Option<&File> {
        let peer = location.get("peer");
        let id = match peer.name() {
            "inputPeerSelf" => self.user,
            "inputPeerUser" => self.state.known_user(self.user, peer)?,
            _ => return None,
        };
        let photo = location.int("photo_id").ok()?;
        let user = self.state.users.get(&id)?;
        let file = user.photos.iter().find(|other| **other == photo)?;
        self.state.files.get(*file)
    }

    fn own_photos(&mut self) -> Result<&mut Vec<i64>, RpcError> {
        let user = self.state.users.get_mut(&self.user);
        user.map(|user| &mut user.photos)
            .ok_or_else(|| bad_request("USER_ID_INVALID"))
    }

    fn own_photo(&mut self, input: &Value) -> Result<i64, RpcError> {
        let files = &self.state.files;
        let id = files
            .authorized(FileKind::Photo, input, "PHOTO_ID_INVALID")?
            .id;
        if self.own_photos()?.contains(&id) {
            Ok(id)
        } else {
            Err(bad_request("PHOTO_ID_INVALID"))
        }
    }

    fn shown_photo(&mut self) -> Outcome {
        let id = self.own_photos()?.last().copied();
        let state = &self.state;
        let photo = id.and_then(|id| state.files.photo(id, state.now));
        let users: Vec<Value> = state.user_value(self.user, self.user).into_iter().collect();
        Ok(object!("photos.photo",
            photo: photo.unwrap_or_else(|| object!("photoEmpty", id: 0_i64)), users: users)
        .into())
    }
}
