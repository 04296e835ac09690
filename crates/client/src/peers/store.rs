//! The store itself: two tables, a small cache in front of them.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use madeline_tl::Schema;
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::cache::Cache;
use super::facts::{self, Batch, Facts};
use super::id::{PeerId, PeerKind};
use crate::session::{Changes, Database};
use crate::{Error, Session};

/// The store's tables. `id` is the bot-API id; names are in lower case; `constructor` is boxed TL of `layer`.
pub const SCHEMA: &str = "
    CREATE TABLE peer (
        id INTEGER PRIMARY KEY,
        access_hash INTEGER,
        min INTEGER NOT NULL,
        layer INTEGER NOT NULL,
        constructor BLOB NOT NULL
    );
    CREATE TABLE username (
        name TEXT PRIMARY KEY,
        id INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX username_of_peer ON username (id);
";

/// How many peers and names are kept in memory, at least; at most twice as many. About 100 bytes each.
const CACHED: usize = 8192;

/// A `min` constructor replaces only a `min` one, and what is the same is not written again. A hash is kept when a
/// later constructor has none, unless it came with a `min` one, whose hashes are good for nothing else.
const UPSERT: &str = "
    INSERT INTO peer (id, access_hash, min, layer, constructor) VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (id) DO UPDATE SET
        access_hash = coalesce(excluded.access_hash, iif(peer.min > excluded.min, NULL, peer.access_hash)),
        min = excluded.min,
        layer = excluded.layer,
        constructor = excluded.constructor
    WHERE excluded.min <= peer.min
        AND (peer.constructor <> excluded.constructor OR peer.layer <> excluded.layer OR peer.min <> excluded.min)
";

const UPSERT_NAME: &str = "
    INSERT INTO username (name, id) VALUES (?1, ?2)
    ON CONFLICT (name) DO UPDATE SET id = excluded.id WHERE username.id <> excluded.id
";

/// What is needed to address a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// Who.
    pub id: PeerId,
    /// What Telegram wants beside the id; basic groups have none.
    pub access_hash: Option<i64>,
    /// Known only from a `min` constructor: the hash serves for little more than showing the photo.
    pub min: bool,
}

/// What sort of channel one is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ChannelKind {
    /// A supergroup, not a channel that only its administrators write to.
    pub group: bool,
    /// A supergroup with topics.
    pub forum: bool,
}

/// A user, chat or channel as the server sent it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constructor {
    /// Boxed TL.
    pub bytes: Vec<u8>,
    /// The layer it was sent in.
    pub layer: i32,
}

/// The peers of a session. Cheap to clone; clones share the cache.
#[derive(Clone)]
pub struct Peers {
    database: Database,
    /// What other processes have changed.
    changes: Option<Changes>,
    cache: Arc<Mutex<Caches>>,
}

struct Caches {
    peers: Cache<PeerId, Known>,
    names: Cache<String, PeerId>,
    /// The counts of changes, by all processes, that they are as of.
    login: u64,
    moved: u64,
}

/// What the cache knows about a peer.
#[derive(Default)]
struct Known {
    /// `None`: the disk knows better.
    peer: Option<Peer>,
    /// Digests of the full and of the `min` constructor that were seen last.
    seen: [Option<u64>; 2],
    /// `None`: the disk knows better, or it is no channel.
    channel: Option<ChannelKind>,
}

impl Peers {
    /// The peers of a session, whose database has the tables of [`SCHEMA`].
    pub fn new(database: Database) -> Self {
        Self::with(database, None)
    }

    /// Those of a session that other processes may have open as well.
    pub(crate) fn of(session: &Session) -> Self {
        Self::with(session.database().clone(), session.changes().cloned())
    }

    fn with(database: Database, changes: Option<Changes>) -> Self {
        let caches = Caches {
            peers: Cache::new(CACHED),
            names: Cache::new(CACHED),
            login: changes.as_ref().map_or(0, Changes::login),
            moved: changes.as_ref().map_or(0, Changes::names),
        };
        Self {
            database,
            changes,
            cache: Arc::new(Mutex::new(caches)),
        }
    }

    /// How to address a peer; `None` when it was never seen.
    pub fn find(&self, id: PeerId) -> Result<Option<Peer>, Error> {
        let known = self.cache().peers.get(&id).and_then(|known| known.peer);
        // Another process may have seen more of one that is known in part.
        if let Some(peer) = known.filter(|peer| self.changes.is_none() || !is_partial(peer)) {
            return Ok(Some(peer));
        }
        let peer = self.database.with("read a peer", |connection| {
            connection
                .prepare_cached("SELECT access_hash, min FROM peer WHERE id = ?1")?
                .query_row([id.bot_api()], |row| {
                    Ok(Peer {
                        id,
                        access_hash: row.get(0)?,
                        min: row.get(1)?,
                    })
                })
                .optional()
        })?;
        let Some(peer) = peer else { return Ok(known) };
        let mut cache = self.cache();
        let slot = &mut cache.known(id).peer;
        // What was noted while the disk was read is newer.
        match slot {
            Some(noted) if !(is_partial(noted) && noted.min >= peer.min) => Ok(Some(*noted)),
            slot => Ok(Some(*slot.insert(peer))),
        }
    }

    /// Whose username this is, in any case and with or without `@`; `None` when no peer with it was seen.
    pub fn find_username(&self, name: &str) -> Result<Option<PeerId>, Error> {
        let name = name.strip_prefix('@').unwrap_or(name).to_lowercase();
        if let Some(id) = self.cache().names.get(&name) {
            return Ok(Some(*id));
        }
        let id = self.database.with("read a username", |connection| {
            connection
                .prepare_cached("SELECT id FROM username WHERE name = ?1")?
                .query_row([&name], |row| row.get(0))
                .optional()
        })?;
        let Some(id) = id.and_then(PeerId::from_bot_api) else {
            return Ok(None);
        };
        let mut cache = self.cache();
        // What was noted while the disk was read is newer.
        if let Some(noted) = cache.names.get(&name) {
            return Ok(Some(*noted));
        }
        cache.names.insert(name, id);
        Ok(Some(id))
    }

    /// The user, chat or channel as the server sent it last; the `min` one when no other was seen.
    pub fn constructor(&self, id: PeerId) -> Result<Option<Constructor>, Error> {
        self.database.with("read a peer", |connection| {
            connection
                .prepare_cached("SELECT constructor, layer FROM peer WHERE id = ?1")?
                .query_row([id.bot_api()], |row| {
                    Ok(Constructor {
                        bytes: row.get(0)?,
                        layer: row.get(1)?,
                    })
                })
                .optional()
        })
    }

    /// What sort of channel this is; `None` when it was never seen, or is none. Cheap: every message in one asks.
    pub fn channel_kind(&self, schema: &Schema, id: PeerId) -> Result<Option<ChannelKind>, Error> {
        if let Some(kind) = self.cache().peers.get(&id).and_then(|known| known.channel) {
            return Ok(Some(kind));
        }
        let constructor = self.constructor(id)?;
        let facts = constructor.and_then(|it| facts::read(schema, &it.bytes));
        let Some(kind) = facts.and_then(|facts| facts.channel) else {
            return Ok(None);
        };
        // What was noted while the disk was read is newer.
        Ok(Some(*self.cache().known(id).channel.get_or_insert(kind)))
    }

    /// Every peer that was ever seen, in the order of their ids.
    pub fn ids(&self) -> Result<Vec<PeerId>, Error> {
        let ids = self.database.with("list the peers", |connection| {
            connection
                .prepare_cached("SELECT id FROM peer ORDER BY id")?
                .query_map((), |row| row.get(0))?
                .collect::<rusqlite::Result<Vec<i64>>>()
        })?;
        Ok(ids.into_iter().filter_map(PeerId::from_bot_api).collect())
    }

    /// Stores users and chats: [`Peers::note`] and [`Peers::save`] in one.
    pub fn learn<'b>(
        &self,
        schema: &Schema,
        seen: impl IntoIterator<Item = &'b [u8]>,
    ) -> Result<(), Error> {
        self.save(&self.note(schema, seen))
    }

    /// Reads users and chats, boxed, as the decoder reports them. What was seen before is left out, and so is
    /// everything that is none. The cache knows them at once; the disk does after [`Peers::save`], which may run
    /// on another thread.
    pub fn note<'b>(&self, schema: &Schema, seen: impl IntoIterator<Item = &'b [u8]>) -> Batch {
        let mut cache = None;
        let mut rows = Vec::new();
        for bytes in seen {
            let digest = facts::digest(bytes);
            let Some(facts) = facts::read(schema, bytes) else {
                continue;
            };
            let cache = cache.get_or_insert_with(|| self.cache());
            if cache.note(&facts, digest) {
                rows.push(facts);
            }
        }
        Batch {
            layer: schema.layer(),
            rows,
        }
    }

    /// Writes a batch, in one transaction; there is none where the disk knows all of it.
    pub fn save(&self, batch: &Batch) -> Result<(), Error> {
        if batch.rows.is_empty() {
            return Ok(());
        }
        let saved = self.database.with("save peers", |connection| {
            let mut former = Vec::new();
            let mut news = Vec::new();
            for facts in &batch.rows {
                if !is_written(connection, facts, batch.layer)? {
                    news.push(facts);
                }
            }
            if news.is_empty() {
                return Ok(former);
            }
            let transaction = connection.transaction()?;
            for facts in news {
                write(&transaction, facts, batch.layer, &mut former)?;
            }
            transaction.commit()?;
            Ok(former)
        });
        let mut cache = self.cache();
        match saved {
            Ok(former) => {
                if let Some(changes) = self.changes.as_ref().filter(|_| !former.is_empty()) {
                    changes.names_changed();
                }
                for peer in batch.rows.iter().map(|facts| facts.peer).filter(is_partial) {
                    cache.known(peer.id).peer = None;
                }
                for (name, id) in former {
                    if cache.names.get(&name) == Some(&mut { id }) {
                        cache.names.remove(&name);
                    }
                }
                Ok(())
            }
            Err(error) => {
                // The cache promises what is on the disk.
                cache.peers.clear();
                cache.names.clear();
                Err(error)
            }
        }
    }

    /// Forgets all: access hashes are good for one account only.
    pub(crate) fn clear(&self) -> Result<(), Error> {
        self.database.with("forget the peers", |connection| {
            let transaction = connection.transaction()?;
            transaction.execute("DELETE FROM peer", ())?;
            transaction.execute("DELETE FROM username", ())?;
            transaction.commit()
        })?;
        let mut cache = self.cache();
        cache.peers.clear();
        cache.names.clear();
        Ok(())
    }

    /// Without what another process has made wrong.
    fn cache(&self) -> MutexGuard<'_, Caches> {
        let mut cache = self.cache.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(changes) = &self.changes {
            let (login, moved) = (changes.login(), changes.names());
            if cache.login != login {
                // Access hashes are good for one account only.
                cache.peers.clear();
                cache.names.clear();
            } else if cache.moved != moved {
                cache.names.clear();
            }
            (cache.login, cache.moved) = (login, moved);
        }
        cache
    }
}

impl Caches {
    fn known(&mut self, id: PeerId) -> &mut Known {
        self.peers.get_or_default(id)
    }

    /// Whether the facts are news.
    fn note(&mut self, facts: &Facts, digest: u64) -> bool {
        let peer = facts.peer;
        let known = self.known(peer.id);
        let [full, min] = &mut known.seen;
        let seen = if peer.min { min } else { full };
        if seen.replace(digest) == Some(digest) {
            return false;
        }
        known.peer = merge(known.peer, peer);
        // As on the disk, what is known in full stays.
        if !peer.min {
            known.channel = facts.channel;
        }
        for name in &facts.usernames {
            self.names.insert(name.clone(), peer.id);
        }
        true
    }
}

/// Whether the disk may know more of a peer than its constructor says.
fn is_partial(peer: &Peer) -> bool {
    peer.min || peer.access_hash.is_none() && peer.id.kind() != PeerKind::Chat
}

/// What [`UPSERT`] makes of a row; `None` where that depends on a row that is not in memory.
fn merge(earlier: Option<Peer>, new: Peer) -> Option<Peer> {
    match earlier {
        None => Some(new).filter(|new| !is_partial(new)),
        Some(earlier) if new.min && !earlier.min => Some(earlier),
        Some(earlier) if earlier.min == new.min => Some(Peer {
            access_hash: new.access_hash.or(earlier.access_hash),
            ..new
        }),
        Some(_) => Some(new),
    }
}

/// Whether [`write`] would change nothing.
fn is_written(connection: &Connection, facts: &Facts, layer: i32) -> rusqlite::Result<bool> {
    let Peer { id, min, .. } = facts.peer;
    let same = connection
        .prepare_cached(
            "SELECT min < ?2 OR min = ?2 AND layer = ?3 AND constructor = ?4 FROM peer WHERE id = ?1",
        )?
        .query_row((id.bot_api(), min, layer, &facts.constructor), |row| {
            row.get(0)
        })
        .optional()?;
    if same != Some(true) {
        return Ok(false);
    }
    let names = names_of(connection, id)?;
    Ok(facts.usernames.iter().all(|name| names.contains(name))
        && (!facts.lists_usernames() || names.iter().all(|name| facts.usernames.contains(name))))
}

fn names_of(connection: &Connection, id: PeerId) -> rusqlite::Result<Vec<String>> {
    connection
        .prepare_cached("SELECT name FROM username WHERE id = ?1")?
        .query_map([id.bot_api()], |row| row.get(0))?
        .collect()
}

/// Writes a row and its names; names that the peer has no longer go to `former`.
fn write(
    transaction: &Transaction<'_>,
    facts: &Facts,
    layer: i32,
    former: &mut Vec<(String, PeerId)>,
) -> rusqlite::Result<()> {
    let Peer {
        id,
        access_hash,
        min,
    } = facts.peer;
    transaction.prepare_cached(UPSERT)?.execute((
        id.bot_api(),
        access_hash,
        min,
        layer,
        &facts.constructor,
    ))?;
    for name in &facts.usernames {
        let before = transaction
            .prepare_cached("SELECT id FROM username WHERE name = ?1")?
            .query_row([name], |row| row.get(0))
            .optional()?;
        transaction
            .prepare_cached(UPSERT_NAME)?
            .execute((name, id.bot_api()))?;
        if let Some(before) = before.and_then(PeerId::from_bot_api).filter(|it| *it != id) {
            former.push((name.clone(), before));
        }
    }
    if !facts.lists_usernames() {
        return Ok(());
    }
    for name in names_of(transaction, id)?
        .into_iter()
        .filter(|name| !facts.usernames.contains(name))
    {
        transaction
            .prepare_cached("DELETE FROM username WHERE name = ?1")?
            .execute([&name])?;
        former.push((name, id));
    }
    Ok(())
}
