//! What is read of objects without building them, at other layers as well.

use bytes::Bytes;
use madeline_tl::{Schema, Value, boxed_to_bytes, from_bytes, method_to_bytes, object};

use crate::peers::PeerId;
use crate::updates::read::{
    Batch, Container, Difference, Order, Plan, Request, affected, container, difference, held,
};

fn bytes(value: &Value) -> Bytes {
    boxed_to_bytes(Schema::api(), value).unwrap().into()
}

fn read(object: &Value) -> (Batch, i32, i32) {
    let schema = Schema::api();
    match container(schema, &Plan::new(schema), &bytes(object), Some(1), None) {
        Container::Updates {
            batch,
            seq_start,
            seq,
            ..
        } => (batch, seq_start, seq),
        Container::TooLong => panic!("{object:?} was not read"),
    }
}

fn updates(updates: Vec<Value>) -> Value {
    let nothing: Vec<Value> = Vec::new();
    let user = object!("user", id: 7_i64, access_hash: 1_i64);
    object!("updates",
        updates: updates, users: vec![user], chats: nothing, date: 9, seq: 4)
}

fn orders(values: Vec<Value>) -> Vec<Order> {
    let (batch, ..) = read(&updates(values));
    batch.items.iter().map(|item| item.order).collect()
}

fn message(place: Value) -> Value {
    object!("message", id: 1, peer_id: place, date: 5, message: "text",
        from_id: object!("peerUser", user_id: 7_i64), via_bot_id: 8_i64,
        fwd_from: object!("messageFwdHeader", from_id: object!("peerChannel", channel_id: 9_i64), date: 1),
        entities: vec![object!("messageEntityMentionName", offset: 0, length: 1, user_id: 10_i64)])
}

#[test]
fn each_update_is_found_in_its_sequence() {
    let channel = object!("peerChannel", channel_id: 77_i64);
    let user = object!("peerUser", user_id: 7_i64);
    let cases = [
        (
            object!("updateNewMessage", message: message(user.clone()), pts: 5, pts_count: 1),
            Order::Account { pts: 5, count: 1 },
        ),
        (
            object!("updateNewChannelMessage", message: message(channel), pts: 6, pts_count: 2),
            Order::Channel {
                id: 77,
                pts: 6,
                count: 2,
            },
        ),
        (
            object!("updateDeleteChannelMessages",
                channel_id: 78_i64, messages: vec![Value::from(1)], pts: 7, pts_count: 1),
            Order::Channel {
                id: 78,
                pts: 7,
                count: 1,
            },
        ),
        (
            object!("updateReadChannelInbox",
                channel_id: 78_i64, max_id: 1, still_unread_count: 0, pts: 7),
            Order::Free,
        ),
        (
            object!("updateBotStopped", user_id: 7_i64, date: 1, stopped: true, qts: 8),
            Order::Qts(8),
        ),
        (
            object!("updateChannelTooLong", channel_id: 78_i64, pts: 9),
            Order::ChannelTooLong {
                id: 78,
                pts: Some(9),
            },
        ),
        (object!("updatePtsChanged"), Order::PtsChanged),
        (object!("updateConfig"), Order::Config),
        (
            object!("updateUserTyping", user_id: 7_i64, action: object!("sendMessageTypingAction")),
            Order::Free,
        ),
    ];
    let (values, expected): (Vec<Value>, Vec<Order>) = cases.into_iter().unzip();
    assert_eq!(orders(values.clone()), expected);
    for (value, order) in values.into_iter().zip(expected) {
        let short = object!("updateShort", update: value.clone(), date: 5);
        let (batch, ..) = read(&short);
        assert_eq!(batch.items[0].order, order);
        let range = batch.items[0].range.clone();
        assert_eq!(batch.bytes[range], bytes(&value)[..]);
    }
}

#[test]
fn an_object_gives_its_peers_its_number_and_whom_messages_name() {
    let user = object!("peerUser", user_id: 7_i64);
    let new = object!("updateNewMessage", message: message(user), pts: 5, pts_count: 1);
    let (batch, seq_start, seq) = read(&updates(vec![new]));
    assert_eq!((seq_start, seq), (4, 4));
    let peers: Vec<&[u8]> = batch.peers().collect();
    let user = object!("user", id: 7_i64, access_hash: 1_i64);
    assert_eq!(peers, [&bytes(&user)[..]]);
    let mut named = batch.named(&batch.items[0]).to_vec();
    named.sort();
    named.dedup();
    let expected = [
        PeerId::channel(9).unwrap(),
        PeerId::user(7).unwrap(),
        PeerId::user(8).unwrap(),
        PeerId::user(10).unwrap(),
    ];
    assert_eq!(named, expected);
}

#[test]
fn what_is_not_for_handlers_counts_in_silence() {
    let empty = object!("updateNewMessage",
        message: object!("messageEmpty", id: 1), pts: 5, pts_count: 1);
    let nothing: Vec<Value> = Vec::new();
    let silent = [
        empty,
        object!("updateDcOptions", dc_options: nothing),
        object!("updateLoginToken"),
        object!("updateChannelTooLong", channel_id: 1_i64),
        object!("updatePtsChanged"),
    ];
    let (batch, ..) = read(&updates(silent.to_vec()));
    assert!(batch.items.iter().all(|item| item.silent), "{batch:?}");
    let (batch, ..) = read(&updates(vec![object!("updateConfig")]));
    assert!(!batch.items[0].silent);
}

#[test]
fn an_unknown_constructor_ends_the_reading_and_what_came_before_it_counts() {
    let typing =
        object!("updateUserTyping", user_id: 7_i64, action: object!("sendMessageTypingAction"));
    let object = updates(vec![typing.clone(), object!("updateConfig")]);
    let config = bytes(&object!("updateConfig"));
    let mut whole = bytes(&object).to_vec();
    let at = whole
        .windows(4)
        .position(|word| word == &config[..])
        .unwrap();
    whole[at..at + 4].copy_from_slice(&0xdead_beef_u32.to_le_bytes());
    let schema = Schema::api();
    let Container::Updates { batch, .. } =
        container(schema, &Plan::new(schema), &whole.into(), None, None)
    else {
        panic!("it has updates");
    };
    assert_eq!(batch.items.len(), 1);
    assert!(batch.broken.unwrap().contains("deadbeef"));
    let nothing = container(schema, &Plan::new(schema), &Bytes::new(), None, None);
    assert!(matches!(nothing, Container::TooLong));
}

#[test]
fn every_prefix_of_an_object_is_read_without_harm() {
    let schema = Schema::api();
    let plan = Plan::new(schema);
    let user = object!("peerUser", user_id: 7_i64);
    let new = object!("updateNewMessage", message: message(user), pts: 5, pts_count: 1);
    let whole = bytes(&updates(vec![new.clone(), new]));
    for length in 0..whole.len() {
        let part = whole.slice(..length);
        if let Container::Updates { batch, .. } = container(schema, &plan, &part, Some(1), None) {
            assert!(batch.broken.is_some(), "{length}");
        }
        let _ = difference(schema, &plan, &part);
    }
}

#[test]
fn a_difference_that_ends_early_has_no_state() {
    let schema = Schema::api();
    let plan = Plan::new(schema);
    let nothing: Vec<Value> = Vec::new();
    let state = object!("updates.state", pts: 1, qts: 2, date: 3, seq: 4, unread_count: 0);
    let whole = bytes(&object!("updates.difference",
        new_messages: vec![message(object!("peerUser", user_id: 7_i64))],
        new_encrypted_messages: nothing.clone(), other_updates: nothing.clone(),
        chats: nothing.clone(), users: nothing, state: state));
    let read = |bytes: &Bytes| match difference(schema, &plan, bytes).unwrap() {
        Difference::Missed { batch, state, .. } => (batch, state),
        other => panic!("{other:?}"),
    };
    let (batch, state) = read(&whole);
    assert_eq!((batch.items.len(), state.unwrap().seq), (1, 4));
    let (batch, state) = read(&whole.slice(..whole.len() - 4));
    assert_eq!((batch.items.len(), state), (1, None));
    assert!(batch.broken.is_some());
    assert!(difference(schema, &plan, &bytes(&object!("updateConfig"))).is_err());
}

#[test]
fn short_forms_become_whole_messages() {
    let schema = Schema::api();
    let plan = Plan::new(schema);
    let expand = |short: &Value, request: Option<&Request<'_>>| match container(
        schema,
        &plan,
        &bytes(short),
        Some(1),
        request,
    ) {
        Container::Updates { batch, .. } => {
            assert_eq!(batch.items[0].order, Order::Account { pts: 5, count: 1 });
            Some(madeline_tl::boxed_from_bytes(schema, &batch.bytes).unwrap())
        }
        Container::TooLong => None,
    };
    let private = object!("updateShortMessage", out: true,
        id: 3, user_id: 7_i64, message: "text", pts: 5, pts_count: 1, date: 6);
    let update = expand(&private, None).unwrap();
    let message = update.get("message");
    assert!(message.flag("out"));
    assert_eq!(message.get("from_id").int("user_id"), Ok(1));
    assert_eq!(message.get("peer_id").int("user_id"), Ok(7));
    let group = object!("updateShortChatMessage",
        id: 3, from_id: 7_i64, chat_id: 8_i64, message: "text", pts: 5, pts_count: 1, date: 6);
    let update = expand(&group, None).unwrap();
    let message = update.get("message");
    assert_eq!(message.get("from_id").int("user_id"), Ok(7));
    assert_eq!(message.get("peer_id").int("chat_id"), Ok(8));
    let short = object!("updateShortSentMessage", out: true, id: 3, pts: 5, pts_count: 1, date: 6);
    assert_eq!(expand(&short, None), None);
    for (peer, field) in [
        (
            object!("inputPeerUser", user_id: 7_i64, access_hash: 1_i64),
            "user_id",
        ),
        (object!("inputPeerChat", chat_id: 7_i64), "chat_id"),
    ] {
        let send = object!("messages.sendMessage", peer: peer, message: "mine", random_id: 1_i64);
        let send = object!("invokeWithTakeout", takeout_id: 1_i64, query: send);
        let body = method_to_bytes(schema, &send).unwrap();
        let request = Request {
            method: "messages.sendMessage",
            body: &body,
        };
        let update = expand(&short, Some(&request)).unwrap();
        assert_eq!(update.get("message").text("message"), Ok("mine"));
        assert_eq!(update.get("message").get("peer_id").int(field), Ok(7));
    }
}

#[test]
fn results_that_only_count_say_for_whom() {
    let schema = Schema::api();
    let result = bytes(&object!("messages.affectedMessages", pts: 5, pts_count: 2));
    let said = |call: &Value| {
        let body = method_to_bytes(schema, call).unwrap();
        let request = Request {
            method: call.name(),
            body: &body,
        };
        affected(schema, &request, &result)
    };
    let ids = vec![Value::from(1)];
    let own = object!("messages.deleteMessages", id: ids.clone());
    assert_eq!(said(&own), Some(Order::Account { pts: 5, count: 2 }));
    let channel = object!("inputChannel", channel_id: 77_i64, access_hash: 1_i64);
    let of_channel = object!("channels.deleteMessages", channel: channel, id: ids);
    let expected = Order::Channel {
        id: 77,
        pts: 5,
        count: 2,
    };
    assert_eq!(said(&of_channel), Some(expected));
}

#[test]
fn updates_within_a_result_are_found() {
    let schema = Schema::api();
    let inner = updates(vec![object!("updateConfig")]);
    let nothing: Vec<Value> = Vec::new();
    let invited =
        object!("messages.invitedUsers", updates: inner.clone(), missing_invitees: nothing);
    let found = held(schema, "channels.inviteToChannel", &bytes(&invited)).unwrap();
    assert_eq!(found, bytes(&inner));
    let updates = schema.ty("Updates").unwrap();
    assert!(from_bytes(schema, updates, &found).is_ok());
    assert_eq!(held(schema, "help.getConfig", &bytes(&invited)), None);
}

#[test]
fn a_schema_that_was_loaded_at_run_time_serves_as_well() {
    let source = "
        peerUser#59511722 user_id:long = Peer;
        message#38116ee0 flags:# out:flags.1?true id:int peer_id:Peer date:int message:string = Message;
        updateNewMessage#1f2b0afd message:Message pts:int pts_count:int = Update;
        updateNew#11111111 qts:int = Update;
        updateShort#78d4dec1 update:Update date:int = Updates;
        updateShortMessage#313bc7f8 flags:# out:flags.1?true id:int user_id:long message:string pts:int pts_count:int date:int = Updates;
    ";
    let schema = Schema::parse(source, Some(999)).unwrap();
    let plan = Plan::new(&schema);
    let read = |value: &Value| {
        let bytes = boxed_to_bytes(&schema, value).unwrap().into();
        match container(&schema, &plan, &bytes, Some(1), None) {
            Container::Updates { batch, .. } => batch,
            Container::TooLong => panic!("{value:?}"),
        }
    };
    let batch = read(&object!("updateShort", update: object!("updateNew", qts: 3), date: 1));
    assert_eq!(batch.items[0].order, Order::Qts(3));
    let short = object!("updateShortMessage",
        id: 3, user_id: 7_i64, message: "text", pts: 5, pts_count: 1, date: 6);
    assert_eq!(
        read(&short).items[0].order,
        Order::Account { pts: 5, count: 1 }
    );
}
