//! Everything of one peer: `userFull`, `chatFull`, `channelFull`, kept for a while.

use madeline_tl::object;
use rusqlite::{OptionalExtension, params};

use super::now;
use crate::peers::{PeerId, PeerKind};
use crate::{Client, Error};

/// The table; `id` is the bot-API id, `constructor` boxed TL of `layer`, `fetched` Unix time.
pub const SCHEMA: &str = "
    CREATE TABLE full_peer (
        id INTEGER PRIMARY KEY,
        fetched INTEGER NOT NULL,
        layer INTEGER NOT NULL,
        constructor BLOB NOT NULL
    );
";

/// A `UserFull` or `ChatFull`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Full {
    /// Boxed TL.
    pub bytes: Vec<u8>,
    /// When it was asked for, in Unix time.
    pub fetched: i64,
}

impl Client {
    /// Everything of a peer; asked from the server where what is stored is older than `max_age` seconds.
    pub async fn full_info(&self, id: PeerId, max_age: i64) -> Result<Full, Error> {
        match self.stored_full_info(id)? {
            Some(full) if now() - full.fetched < max_age => Ok(full),
            _ => self.fetch_full_info(id).await,
        }
    }

    /// What is stored of a peer, however old.
    pub fn stored_full_info(&self, id: PeerId) -> Result<Option<Full>, Error> {
        let layer = self.config().schema().layer();
        self.session()
            .database()
            .with("read everything of a peer", |connection| {
                connection
                    .prepare_cached(
                        "SELECT constructor, fetched FROM full_peer WHERE id = ? AND layer = ?",
                    )?
                    .query_row(params![id.bot_api(), layer], |row| {
                        Ok(Full {
                            bytes: row.get(0)?,
                            fetched: row.get(1)?,
                        })
                    })
                    .optional()
            })
    }

    async fn fetch_full_info(&self, id: PeerId) -> Result<Full, Error> {
        let (request, part) = match id.kind() {
            PeerKind::User => (
                object!("users.getFullUser", id: self.input_user(id)?),
                "full_user",
            ),
            PeerKind::Channel => (
                object!("channels.getFullChannel", channel: self.input_channel(id)?),
                "full_chat",
            ),
            PeerKind::Chat | PeerKind::SecretChat => (
                object!("messages.getFullChat", chat_id: id.raw()),
                "full_chat",
            ),
        };
        let answer = self.ask(request).await?;
        self.learn_of(&answer, &["users", "chats"])?;
        let schema = self.config().schema();
        let full = Full {
            bytes: answer.part_bytes(schema, answer.read(|answer| answer.object(part))?)?,
            fetched: now(),
        };
        self.session()
            .database()
            .with("store everything of a peer", |connection| {
                connection
                    .prepare_cached(
                        "INSERT OR REPLACE INTO full_peer (id, fetched, layer, constructor) VALUES (?, ?, ?, ?)",
                    )?
                    .execute(params![id.bot_api(), full.fetched, schema.layer(), full.bytes])
            })?;
        Ok(full)
    }
}
