//! A `messages.messages` like a group's history, of about 250 bytes a message. Included by `#[path]` where a sample of
//! real size is wanted.

use madeline_tl::{Value, object};

/// The history as an object of the API's schema: `count` messages by `count / 5` users.
pub(crate) fn history(count: i64) -> Value {
    let chat = 1_234_567_890_i64;
    object!(
        "messages.messages",
        messages: (0..count).map(|index| message(index, chat)).collect::<Value>(),
        topics: Vec::<Value>::new(),
        chats: [object!(
            "channel",
            megagroup: true,
            id: chat,
            access_hash: 0x1234_5678_9abc_def0_i64,
            title: "Friends of round numbers",
            username: "round_numbers",
            photo: object!("chatPhotoEmpty"),
            date: 1_700_000_000,
            participants_count: count,
        )],
        users: (0..count / 5).map(user).collect::<Value>(),
    )
}

fn message(index: i64, chat: i64) -> Value {
    let text = "The quick brown fox jumps over the lazy dog, and number ";
    object!(
        "message",
        id: 1_000 + index,
        from_id: object!("peerUser", user_id: 5_000_000_000 + index % 20),
        peer_id: object!("peerChannel", channel_id: chat),
        reply_to: (index % 4 == 1).then(|| object!("messageReplyHeader", reply_to_msg_id: 999 + index)),
        date: 1_700_000_000 + index * 60,
        message: format!("{text}{index} says hello to everybody"),
        reply_markup: (index % 10 == 3).then(keyboard),
        entities: [
            object!("messageEntityBold", offset: 4, length: 5),
            object!("messageEntityTextUrl", offset: 10, length: 5, url: "https://example.org/brown"),
        ],
        views: (index % 2 == 0).then_some(index * 37),
        forwards: (index % 2 == 0).then_some(index),
        edit_date: (index % 7 == 0).then_some(1_700_000_100 + index * 60),
    )
}

fn keyboard() -> Value {
    let button =
        |text: &str, data: &[u8]| object!("keyboardButtonCallback", text: text, data: data);
    object!(
        "replyInlineMarkup",
        rows: [object!("keyboardButtonRow", buttons: [button("Yes", b"answer:yes"), button("No", b"answer:no")])],
    )
}

fn user(index: i64) -> Value {
    object!(
        "user",
        id: 5_000_000_000 + index,
        access_hash: 0x0fed_cba9_8765_4321_i64 ^ index,
        first_name: format!("First{index}"),
        last_name: "Lastname",
        username: format!("user_number_{index}"),
        photo: object!(
            "userProfilePhoto",
            photo_id: 77_000_000 + index,
            stripped_thumb: [1_u8; 40],
            dc_id: 2,
        ),
        status: object!("userStatusOffline", was_online: 1_700_000_000),
    )
}
