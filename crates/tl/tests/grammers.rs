//! Our bytes are those that grammers-tl-types' own serialization makes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::cast_precision_loss,
    reason = "tests"
)]

#[path = "../benches/sample.rs"]
mod sample;
mod support;

use grammers_tl_types::{Deserializable, Serializable, enums, functions, types};
use madeline_tl::{Schema, Value, boxed_to_bytes, method_to_bytes, object};
use support::{Maker, Optionals};

/// Makes values of every constructor of a type; grammers must read them and write the same bytes.
fn same_bytes<T: Deserializable + Serializable>(name: &str) {
    let schema = Schema::api();
    let Some(madeline_tl::Ty::Boxed(id)) = schema.ty(name) else {
        panic!("{name}")
    };
    let mut maker = Maker::new(schema);
    for constructor in schema.constructors_of(id) {
        for seed in 0..12 {
            let optionals = [Optionals::None, Optionals::All, Optionals::Some][seed as usize % 3];
            let value = maker.make(constructor, seed, optionals, seed % 2 == 0);
            let bytes = boxed_to_bytes(schema, &value).unwrap();
            let read =
                T::from_bytes(&bytes).unwrap_or_else(|error| panic!("{constructor:?}: {error}"));
            assert_eq!(read.to_bytes(), bytes, "{constructor:?}");
        }
    }
}

macro_rules! same_bytes {
    ($($test:ident: $($name:literal = $ty:path),+;)+) => {
        $(#[test]
        fn $test() {
            $(same_bytes::<$ty>($name);)+
        })+
    };
}

same_bytes! {
    peers_and_people:
        "InputPeer" = enums::InputPeer, "InputUser" = enums::InputUser, "InputChannel" = enums::InputChannel,
        "Peer" = enums::Peer, "User" = enums::User, "Chat" = enums::Chat, "UserFull" = enums::UserFull,
        "ChatFull" = enums::ChatFull, "UserStatus" = enums::UserStatus, "Dialog" = enums::Dialog;
    messages:
        "Message" = enums::Message, "MessageMedia" = enums::MessageMedia, "MessageAction" = enums::MessageAction,
        "MessageEntity" = enums::MessageEntity, "MessageReplyHeader" = enums::MessageReplyHeader,
        "messages.Messages" = enums::messages::Messages, "messages.Dialogs" = enums::messages::Dialogs,
        "messages.BotCallbackAnswer" = enums::messages::BotCallbackAnswer;
    keyboards:
        "ReplyMarkup" = enums::ReplyMarkup, "KeyboardButton" = enums::KeyboardButton,
        "KeyboardButtonRow" = enums::KeyboardButtonRow;
    media:
        "InputMedia" = enums::InputMedia, "InputFile" = enums::InputFile, "Photo" = enums::Photo,
        "PhotoSize" = enums::PhotoSize, "Document" = enums::Document,
        "DocumentAttribute" = enums::DocumentAttribute, "WebPage" = enums::WebPage, "Poll" = enums::Poll,
        "upload.File" = enums::upload::File;
    updates:
        "Updates" = enums::Updates, "Update" = enums::Update, "updates.State" = enums::updates::State,
        "updates.Difference" = enums::updates::Difference,
        "updates.ChannelDifference" = enums::updates::ChannelDifference;
    the_rest:
        "Config" = enums::Config, "DcOption" = enums::DcOption, "auth.SentCode" = enums::auth::SentCode,
        "auth.Authorization" = enums::auth::Authorization, "account.Password" = enums::account::Password,
        "InputCheckPasswordSRP" = enums::InputCheckPasswordSrp, "JSONValue" = enums::Jsonvalue,
        "RichText" = enums::RichText, "PageBlock" = enums::PageBlock, "StarGift" = enums::StarGift,
        "StoryItem" = enums::StoryItem, "contacts.ResolvedPeer" = enums::contacts::ResolvedPeer;
}

#[test]
fn a_history_of_100_messages() {
    let bytes = boxed_to_bytes(Schema::api(), &sample::history(100)).unwrap();
    let read = enums::messages::Messages::from_bytes(&bytes).unwrap();
    assert_eq!(read.to_bytes(), bytes);
    let enums::messages::Messages::Messages(history) = read else {
        panic!()
    };
    assert_eq!((history.messages.len(), history.users.len()), (100, 20));
}

#[test]
fn a_pressed_button() {
    let call = object!(
        "messages.getBotCallbackAnswer",
        peer: object!("inputPeerChannel", channel_id: 1_234_567_890, access_hash: -5),
        msg_id: 42,
        data: b"answer:yes",
    );
    let theirs = functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: types::InputPeerChannel {
            channel_id: 1_234_567_890,
            access_hash: -5,
        }
        .into(),
        msg_id: 42,
        data: Some(b"answer:yes".to_vec()),
        password: None,
    };
    assert_eq!(
        method_to_bytes(Schema::api(), &call).unwrap(),
        theirs.to_bytes()
    );
}

#[test]
fn a_sent_message() {
    let call = object!(
        "messages.sendMessage",
        no_webpage: true,
        silent: false,
        peer: object!("inputPeerUser", user_id: 5_000_000_001_i64, access_hash: i64::MIN),
        reply_to: object!("inputReplyToMessage", reply_to_msg_id: 7, quote_text: "what?"),
        message: "x".repeat(300),
        random_id: i64::MAX,
        entities: [object!("messageEntityPre", offset: 0, length: 3, language: "rust")],
        schedule_date: None::<i32>,
    );
    let theirs = functions::messages::SendMessage {
        no_webpage: true,
        silent: false,
        background: false,
        clear_draft: false,
        noforwards: false,
        update_stickersets_order: false,
        invert_media: false,
        allow_paid_floodskip: false,
        peer: types::InputPeerUser {
            user_id: 5_000_000_001,
            access_hash: i64::MIN,
        }
        .into(),
        reply_to: Some(
            types::InputReplyToMessage {
                reply_to_msg_id: 7,
                top_msg_id: None,
                reply_to_peer_id: None,
                quote_text: Some("what?".into()),
                quote_entities: None,
                quote_offset: None,
                monoforum_peer_id: None,
                todo_item_id: None,
                poll_option: None,
            }
            .into(),
        ),
        message: "x".repeat(300),
        random_id: i64::MAX,
        reply_markup: None,
        entities: Some(vec![
            types::MessageEntityPre {
                offset: 0,
                length: 3,
                language: "rust".into(),
            }
            .into(),
        ]),
        schedule_date: None,
        schedule_repeat_period: None,
        send_as: None,
        quick_reply_shortcut: None,
        effect: None,
        allow_paid_stars: None,
        suggested_post: None,
        rich_message: None,
    };
    assert_eq!(
        method_to_bytes(Schema::api(), &call).unwrap(),
        theirs.to_bytes()
    );
}

#[test]
fn a_wrapped_call() {
    let call = object!(
        "invokeWithLayer",
        layer: 227,
        query: object!(
            "initConnection",
            api_id: 6,
            device_model: "d",
            system_version: "s",
            app_version: "a",
            system_lang_code: "en",
            lang_pack: "",
            lang_code: "en",
            query: object!("help.getConfig"),
        ),
    );
    let theirs = functions::InvokeWithLayer {
        layer: 227,
        query: functions::InitConnection {
            api_id: 6,
            device_model: "d".into(),
            system_version: "s".into(),
            app_version: "a".into(),
            system_lang_code: "en".into(),
            lang_pack: String::new(),
            lang_code: "en".into(),
            proxy: None,
            params: None,
            query: functions::help::GetConfig {},
        },
    };
    let bytes = theirs.to_bytes();
    assert_eq!(method_to_bytes(Schema::api(), &call).unwrap(), bytes);
    let back: Value = madeline_tl::method_from_bytes(Schema::api(), &bytes).unwrap();
    assert_eq!(back, call);
    // A call that is serialized already goes in as bytes.
    let inner = functions::help::GetConfig {}.to_bytes();
    let call = object!("invokeWithLayer", layer: 227, query: inner.clone());
    let theirs = functions::InvokeWithLayer {
        layer: 227,
        query: functions::help::GetConfig {},
    };
    assert_eq!(
        method_to_bytes(Schema::api(), &call).unwrap(),
        theirs.to_bytes()
    );
}
