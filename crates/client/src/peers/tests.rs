#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::time::Duration;

use madeline_tl::{Schema, Value, boxed_to_bytes, object};
use tempfile::TempDir;

use super::{Peer, PeerId, Peers};
use crate::{DcId, Session};

struct Store {
    session: Session,
    peers: Peers,
    _directory: TempDir,
}

impl Store {
    async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let session = Session::open(&directory.path().join("s"), DcId(2), Duration::ZERO)
            .await
            .unwrap();
        Self {
            peers: Peers::new(session.database().clone()),
            session,
            _directory: directory,
        }
    }

    fn learn(&self, value: &Value) {
        self.peers
            .learn(Schema::api(), [bytes(value).as_slice()])
            .unwrap();
    }

    /// As another process sees the session: without what this one has in memory.
    fn cold(&self) -> Peers {
        Peers::new(self.session.database().clone())
    }

    /// What is known of a peer, in memory and on disk alike.
    fn find(&self, id: Option<PeerId>) -> Option<Peer> {
        let peer = self.peers.find(id.unwrap()).unwrap();
        assert_eq!(
            peer,
            self.cold().find(id.unwrap()).unwrap(),
            "in memory and on disk"
        );
        peer
    }

    fn find_username(&self, name: &str) -> Option<PeerId> {
        let id = self.peers.find_username(name).unwrap();
        assert_eq!(
            id,
            self.cold().find_username(name).unwrap(),
            "in memory and on disk"
        );
        id
    }

    fn rows_written(&self) -> u64 {
        self.session
            .database()
            .with("count", |connection| {
                connection.query_row("SELECT total_changes()", (), |row| row.get(0))
            })
            .unwrap()
    }
}

fn bytes(value: &Value) -> Vec<u8> {
    boxed_to_bytes(Schema::api(), value).unwrap()
}

fn user(id: i64) -> Option<PeerId> {
    PeerId::user(id)
}

fn peer(id: Option<PeerId>, access_hash: impl Into<Option<i64>>, min: bool) -> Option<Peer> {
    id.map(|id| Peer {
        id,
        access_hash: access_hash.into(),
        min,
    })
}

fn channel(title: &str, hash: Option<i64>, min: bool) -> Value {
    object!("channel", id: 9, access_hash: hash, min: Some(true).filter(|_| min), title: title, photo: object!("chatPhotoEmpty"), date: 1)
}

#[tokio::test]
async fn users_groups_and_channels_are_found_by_id() {
    let store = Store::new().await;
    store.learn(&object!("user", id: 5, access_hash: 50, first_name: "A"));
    store.learn(&object!(
        "chat", id: 7, title: "t", photo: object!("chatPhotoEmpty"), participants_count: 1, date: 1, version: 1
    ));
    store.learn(&channel("t", Some(90), false));
    store.learn(&object!("chatForbidden", id: 8, title: "t"));
    store.learn(&object!("channelForbidden", id: 10, access_hash: 100, title: "t"));
    assert_eq!(store.find(user(5)), peer(user(5), 50, false));
    assert_eq!(
        store.find(PeerId::chat(7)),
        peer(PeerId::chat(7), None, false)
    );
    assert_eq!(
        store.find(PeerId::channel(9)),
        peer(PeerId::channel(9), 90, false)
    );
    assert_eq!(
        store.find(PeerId::chat(8)),
        peer(PeerId::chat(8), None, false)
    );
    assert_eq!(
        store.find(PeerId::channel(10)),
        peer(PeerId::channel(10), 100, false)
    );
    assert_eq!(store.find(user(6)), None);
}

#[tokio::test]
async fn everybody_who_was_seen_is_listed() {
    let store = Store::new().await;
    assert_eq!(store.peers.ids().unwrap(), []);
    store.learn(&object!("user", id: 5, access_hash: 50, first_name: "A"));
    store.learn(&channel("News", Some(70), false));
    let ids = store.peers.ids().unwrap();
    assert_eq!(ids.len(), 2);
    assert_eq!(ids.last().copied(), user(5));
}

#[tokio::test]
async fn what_sort_of_channel_one_is_follows_its_constructor() {
    let store = Store::new().await;
    let id = PeerId::channel(7).unwrap();
    let kind = |peers: &Peers, id| peers.channel_kind(Schema::api(), id).unwrap();
    assert_eq!(kind(&store.peers, id), None, "never seen");
    let seen = |group, forum, min| {
        store.learn(&object!("channel",
            megagroup: group, forum: forum, min: min, id: 7_i64, access_hash: 1_i64, title: "Talk",
            photo: object!("chatPhotoEmpty"), date: 0,
        ));
        let kinds = [&store.peers, &store.cold()].map(|peers| kind(peers, id));
        assert_eq!(kinds[0], kinds[1], "in memory and on disk");
        kinds[0].map(|kind| (kind.group, kind.forum))
    };
    assert_eq!(seen(false, false, false), Some((false, false)));
    assert_eq!(seen(true, false, false), Some((true, false)));
    assert_eq!(seen(true, true, false), Some((true, true)));
    assert_eq!(
        seen(false, false, true),
        Some((true, true)),
        "a min one says less"
    );
    store.learn(&object!("user", id: 8_i64, first_name: "Bob"));
    assert_eq!(
        kind(&store.peers, PeerId::user(8).unwrap()),
        None,
        "no channel"
    );
}

#[tokio::test]
async fn the_constructor_is_kept_as_it_was_sent() {
    let store = Store::new().await;
    let value = object!("user", id: 5, access_hash: 50, first_name: "A", username: "Abc");
    store.learn(&value);
    let stored = store.cold().constructor(user(5).unwrap()).unwrap().unwrap();
    assert_eq!(
        (stored.bytes, stored.layer),
        (bytes(&value), Schema::api().layer())
    );
    assert_eq!(store.peers.constructor(user(6).unwrap()).unwrap(), None);
}

#[tokio::test]
async fn usernames_are_found_in_any_case_and_with_at() {
    let store = Store::new().await;
    let names = [
        object!("username", active: true, username: "Second"),
        object!("username", username: "Inactive"),
    ];
    store.learn(&object!("user", id: 5, access_hash: 50, username: "Bob_Replay"));
    store.learn(&object!("user", id: 6, access_hash: 60, usernames: names));
    for name in ["bob_replay", "@bob_replay", "BOB_Replay"] {
        assert_eq!(store.find_username(name), user(5), "{name}");
    }
    assert_eq!(store.find_username("second"), user(6));
    assert_eq!(store.find_username("inactive"), None);
    assert_eq!(store.find_username("nobody"), None);
    assert_eq!(store.find_username(""), None);
}

#[tokio::test]
async fn a_username_leads_to_its_last_owner() {
    let store = Store::new().await;
    store.learn(&object!("user", id: 5, access_hash: 50, username: "first"));
    assert_eq!(store.find_username("first"), user(5));
    store.learn(&object!("user", id: 5, access_hash: 50, username: "second"));
    assert_eq!(
        (store.find_username("first"), store.find_username("second")),
        (None, user(5))
    );
    store.learn(&object!("user", id: 6, access_hash: 60, username: "second"));
    assert_eq!(store.find_username("second"), user(6));
    store.learn(&object!("user", id: 5, access_hash: 50));
    assert_eq!(store.find_username("second"), user(6));
}

#[tokio::test]
async fn a_min_constructor_never_replaces_a_full_one() {
    let store = Store::new().await;
    store.learn(&object!("user", id: 5, access_hash: 50, first_name: "full"));
    store.learn(&object!("user", id: 5, access_hash: 51, min: true, first_name: "min"));
    assert_eq!(store.find(user(5)), peer(user(5), 50, false));
    // Also when the full one is on the disk only.
    let cold = store.cold();
    cold.learn(
        Schema::api(),
        [bytes(&object!("user", id: 5, access_hash: 52, min: true)).as_slice()],
    )
    .unwrap();
    assert_eq!(
        cold.find(user(5).unwrap()).unwrap(),
        peer(user(5), 50, false)
    );
    assert_eq!(store.find(user(5)), peer(user(5), 50, false));
}

#[tokio::test]
async fn a_full_constructor_replaces_a_min_one_with_its_hash() {
    let store = Store::new().await;
    store.learn(&channel("t", Some(91), true));
    assert_eq!(
        store.find(PeerId::channel(9)),
        peer(PeerId::channel(9), 91, true)
    );
    store.learn(&channel("t", None, false));
    assert_eq!(
        store.find(PeerId::channel(9)),
        peer(PeerId::channel(9), None, false)
    );
    store.learn(&channel("t", Some(90), false));
    assert_eq!(
        store.find(PeerId::channel(9)),
        peer(PeerId::channel(9), 90, false)
    );
}

#[tokio::test]
async fn a_hash_stays_when_a_later_constructor_has_none() {
    let store = Store::new().await;
    store.learn(&channel("old", Some(90), false));
    store.learn(&channel("new", None, false));
    assert_eq!(
        store.find(PeerId::channel(9)),
        peer(PeerId::channel(9), 90, false)
    );
}

#[tokio::test]
async fn a_forbidden_channel_keeps_its_usernames() {
    let store = Store::new().await;
    let mut known = channel("t", Some(90), false);
    if let Value::Object(channel) = &mut known {
        channel.set("username", "news");
    }
    store.learn(&known);
    store.learn(&object!("channelForbidden", id: 9, access_hash: 90, title: "t"));
    assert_eq!(store.find_username("news"), PeerId::channel(9));
}

#[tokio::test]
async fn what_is_the_same_is_not_written_again() {
    let store = Store::new().await;
    let value = object!("user", id: 5, access_hash: 50, username: "bob");
    store.learn(&value);
    let before = store.rows_written();
    assert!(
        store
            .peers
            .note(Schema::api(), [bytes(&value).as_slice()])
            .is_empty()
    );
    store
        .cold()
        .learn(Schema::api(), [bytes(&value).as_slice()])
        .unwrap();
    assert_eq!(store.rows_written(), before);
    let other = object!("user", id: 5, access_hash: 50, username: "bob", first_name: "B");
    store.learn(&other);
    store.learn(&value);
    assert_eq!(
        store
            .cold()
            .constructor(user(5).unwrap())
            .unwrap()
            .unwrap()
            .bytes,
        bytes(&value)
    );
}

#[tokio::test]
async fn what_the_disk_knows_opens_no_transaction() {
    let store = Store::new().await;
    let full = object!("user", id: 5, access_hash: 50, username: "bob");
    let min = object!("user", id: 5, access_hash: 51, min: true, username: "bob");
    store.learn(&full);
    let set_query_only = |on: bool| {
        store
            .session
            .database()
            .with("switch", |connection| {
                connection.pragma_update(None, "query_only", on)
            })
            .unwrap();
    };
    set_query_only(true);
    for value in [&full, &min] {
        store
            .cold()
            .learn(Schema::api(), [bytes(value).as_slice()])
            .unwrap();
    }
    let other = object!("user", id: 5, access_hash: 50, username: "bobby");
    let other = bytes(&other);
    store
        .cold()
        .learn(Schema::api(), [other.as_slice()])
        .unwrap_err();
    set_query_only(false);
    store
        .cold()
        .learn(Schema::api(), [other.as_slice()])
        .unwrap();
    assert_eq!(store.cold().find_username("bobby").unwrap(), user(5));
}

#[tokio::test]
async fn a_username_returns_to_a_peer_that_did_not_change() {
    let store = Store::new().await;
    let bob = object!("user", id: 5, access_hash: 50, username: "bob");
    store.learn(&bob);
    store.learn(&object!("user", id: 6, access_hash: 60, username: "bob"));
    assert_eq!(store.find_username("bob"), user(6));
    let cold = store.cold();
    cold.learn(Schema::api(), [bytes(&bob).as_slice()]).unwrap();
    assert_eq!(cold.find_username("bob").unwrap(), user(5));
    assert_eq!(store.cold().find_username("bob").unwrap(), user(5));
}

#[tokio::test]
async fn what_is_noted_is_known_before_it_is_saved() {
    let store = Store::new().await;
    let batch = store.peers.note(
        Schema::api(),
        [bytes(&object!("user", id: 5, access_hash: 50, username: "bob")).as_slice()],
    );
    assert_eq!(
        store.peers.find(user(5).unwrap()).unwrap(),
        peer(user(5), 50, false)
    );
    assert_eq!(store.peers.find_username("bob").unwrap(), user(5));
    assert_eq!(store.cold().find(user(5).unwrap()).unwrap(), None);
    store.peers.save(&batch).unwrap();
    assert_eq!(store.find(user(5)), peer(user(5), 50, false));
}

#[tokio::test]
async fn empty_ones_and_other_bytes_are_passed_over() {
    let store = Store::new().await;
    let whole = bytes(&object!("user", id: 5, access_hash: 50, first_name: "A"));
    let others = [
        bytes(&object!("userEmpty", id: 5)),
        bytes(&object!("chatEmpty", id: 5)),
        bytes(&object!("inputPeerSelf")),
        bytes(&object!("user", id: 0, access_hash: 1)),
        bytes(&object!("user", id: -5, access_hash: 1)),
        whole[..whole.len() - 4].to_vec(),
        vec![1, 2, 3],
        Vec::new(),
    ];
    assert!(
        store
            .peers
            .note(Schema::api(), others.iter().map(Vec::as_slice))
            .is_empty()
    );
    assert_eq!(store.find(user(5)), None);
}

#[tokio::test]
async fn a_batch_that_cannot_be_saved_is_forgotten() {
    let store = Store::new().await;
    let database = store.session.database();
    database
        .with("break", |connection| {
            connection.execute_batch("ALTER TABLE username RENAME TO elsewhere")
        })
        .unwrap();
    let value = bytes(&object!("user", id: 5, access_hash: 50, username: "bob"));
    store
        .peers
        .learn(Schema::api(), [value.as_slice()])
        .unwrap_err();
    database
        .with("mend", |connection| {
            connection.execute_batch("ALTER TABLE elsewhere RENAME TO username")
        })
        .unwrap();
    assert_eq!(store.find(user(5)), None);
    store
        .peers
        .learn(Schema::api(), [value.as_slice()])
        .unwrap();
    assert_eq!(store.find(user(5)), peer(user(5), 50, false));
}
