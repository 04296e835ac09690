//! The list of dialogs, page by page: <https://core.telegram.org/api/offsets>.

use std::collections::HashSet;

use madeline_tl::{Value, object};

use super::peer_id;
use crate::ask::Answer;
use crate::peers::PeerId;
use crate::{Client, Error};

/// As many as the server gives at once.
const PAGE: i32 = 100;
/// The main list and the archive.
const FOLDERS: [i32; 2] = [0, 1];

/// A chat with a message in it, or that the user has joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// With whom.
    pub peer: PeerId,
    /// Boxed `dialog`.
    pub bytes: Vec<u8>,
}

impl Client {
    /// All dialogs of a user, those with the newest messages first, the archived ones at the end. Bots may not ask.
    pub async fn dialogs(&self) -> Result<Vec<Dialog>, Error> {
        let mut dialogs = Vec::new();
        let mut known = HashSet::new();
        for folder in FOLDERS {
            let mut offset = Some(Offset::START);
            while let Some(from) = offset {
                let answer = self.dialog_page(folder, &from).await?;
                let page = self.page_of(&answer)?;
                let before = dialogs.len();
                dialogs.extend(page.into_iter().filter(|dialog| known.insert(dialog.peer)));
                offset = if answer.value.is("messages.dialogsSlice") && dialogs.len() > before {
                    next_offset(&answer)?
                } else {
                    None
                };
            }
        }
        Ok(dialogs)
    }

    async fn dialog_page(&self, folder: i32, from: &Offset) -> Result<Answer, Error> {
        let peer = from.peer.map(|id| self.input_peer(id)).transpose()?;
        let peer = peer.unwrap_or_else(|| object!("inputPeerEmpty"));
        let answer = self
            .ask(object!(
                "messages.getDialogs",
                folder_id: folder,
                offset_date: from.date,
                offset_id: from.message,
                offset_peer: peer,
                limit: PAGE,
                hash: 0_i64,
            ))
            .await?;
        self.learn_of(&answer, &["users", "chats"])?;
        Ok(answer)
    }

    fn page_of(&self, answer: &Answer) -> Result<Vec<Dialog>, Error> {
        answer
            .read(|answer| answer.list("dialogs"))?
            .iter()
            .filter(|dialog| dialog.is("dialog"))
            .map(|dialog| {
                Ok(Dialog {
                    peer: peer_id(answer, dialog.get("peer"))?,
                    bytes: answer.part_bytes(self.config().schema(), dialog)?,
                })
            })
            .collect()
    }
}

/// Where a page begins: behind this message.
struct Offset {
    date: i64,
    message: i64,
    peer: Option<PeerId>,
}

impl Offset {
    const START: Self = Self {
        date: 0,
        message: 0,
        peer: None,
    };
}

/// Behind the last dialog whose newest message came along.
fn next_offset(answer: &Answer) -> Result<Option<Offset>, Error> {
    let messages = answer.read(|answer| answer.list("messages"))?;
    for dialog in answer.read(|answer| answer.list("dialogs"))?.iter().rev() {
        let peer = dialog.get("peer");
        let top = dialog.get("top_message");
        let is_top = |message: &&Value| message.get("id") == top && message.get("peer_id") == peer;
        if let Some(message) = messages.iter().find(is_top)
            && let Ok(date) = message.int("date")
        {
            return Ok(Some(Offset {
                date,
                message: message.int("id").unwrap_or(0),
                peer: Some(peer_id(answer, peer)?),
            }));
        }
    }
    Ok(None)
}
