//! Peers in every form that scripts give them.

use madeline_tl::{Encoder, Place, Source, Ty, Value, ValueRef, View, object};

use super::link::{self, Link};
use super::{
    Conversions, ConvertError, Encoded, Need, Resolution, Resolutions, Session, numeric, objects,
};
use crate::peers::{Peer, PeerId, PeerKind};

/// Arrays that contain themselves end here.
const MAX_DEPTH: u8 = 8;

/// The types that peers are converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Peer,
    User,
    Channel,
    DialogPeer,
    NotifyPeer,
}

impl Target {
    pub(super) fn of_type(name: &str) -> Option<Self> {
        Some(match name {
            "InputPeer" => Self::Peer,
            "InputUser" => Self::User,
            "InputChannel" => Self::Channel,
            "InputDialogPeer" => Self::DialogPeer,
            "InputNotifyPeer" => Self::NotifyPeer,
            _ => return None,
        })
    }
}

/// Whom a script means.
#[derive(Clone, Copy, Debug)]
enum Addressed {
    /// The logged-in user.
    Me,
    Peer(Peer),
}

impl Conversions<'_> {
    /// Writes a peer of any form as a value of the type that is wanted.
    pub(super) fn peer<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        target: Target,
        session: Session<'_>,
        value: S,
    ) -> Encoded {
        encoder.check_constructor(at, value)?;
        if let Target::DialogPeer | Target::NotifyPeer = target {
            return self.wrapped_peer(encoder, at, target, value);
        }
        if value.view() == View::Int(0) && is_of_send_message(at) {
            return Err(at.convert(out_of_range(0)));
        }
        let lookup = Lookup {
            session,
            resolutions: self.resolutions,
        };
        let addressed = lookup
            .addressed(value, 0)
            .map_err(|error| at.convert(error))?;
        let input = match (target, addressed) {
            (Target::User, Addressed::Me) => object!("inputUserSelf"),
            (Target::User, Addressed::Peer(peer)) if peer.id.kind() == PeerKind::User => {
                object!("inputUser", user_id: peer.id.raw(), access_hash: peer.access_hash.unwrap_or(0))
            }
            (Target::Channel, Addressed::Peer(peer)) if peer.id.kind() == PeerKind::Channel => {
                object!("inputChannel", channel_id: peer.id.raw(), access_hash: peer.access_hash.unwrap_or(0))
            }
            (Target::User | Target::Channel, _) => {
                let name = if target == Target::User {
                    "InputUser"
                } else {
                    "InputChannel"
                };
                let text = format!("Could not convert object of type {name}");
                return Err(at.convert(ConvertError::Madeline(text.into())));
            }
            (_, addressed) => input_peer(addressed),
        };
        self.write(encoder, at, &input)
    }

    /// `inputDialogPeer` or `inputNotifyPeer` around an `InputPeer`.
    fn wrapped_peer<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        target: Target,
        value: S,
    ) -> Encoded {
        let name = if target == Target::DialogPeer {
            "inputDialogPeer"
        } else {
            "inputNotifyPeer"
        };
        let (Some(wrapper), Some(ty)) = (
            encoder.schema().constructor(name),
            encoder.schema().ty("InputPeer"),
        ) else {
            return self.any(encoder, at, value);
        };
        encoder.writer().id(wrapper.id());
        encoder.value(at, ty, value, self)
    }

    fn write(&mut self, encoder: &mut Encoder<'_>, at: &Place<'_>, input: &Value) -> Encoded {
        encoder.value(at, Ty::Object, ValueRef::from(input), self)
    }
}

/// Finds whom a script means: in the session, and in what the server said.
#[derive(Clone, Copy)]
struct Lookup<'l> {
    session: Session<'l>,
    resolutions: &'l Resolutions,
}

impl Lookup<'_> {
    /// Whom the value means.
    fn addressed<'a, S: Source<'a>>(&self, value: S, depth: u8) -> Result<Addressed, ConvertError> {
        match value.view() {
            View::Int(id) => self.by_number(id),
            View::Double(id) => self.by_number(numeric::int_of_double(id)),
            View::Text(text) | View::Bytes(text) => self.by_text(text),
            View::Array if depth == MAX_DEPTH => Err(ConvertError::Madeline(
                "The peer is an array that is nested too deep, or contains itself".into(),
            )),
            View::Array => self.by_array(value, depth),
            View::Null | View::Bool(_) | View::Opaque => Err(ConvertError::PeerNotInDb {
                peer: "a value that is neither number, string nor array".to_owned(),
            }),
        }
    }

    fn by_number(&self, number: i64) -> Result<Addressed, ConvertError> {
        match PeerId::from_bot_api(number) {
            Some(id) => self.by_id(id, None),
            None if number == 0 => Err(ConvertError::InvalidArgument(
                "An invalid ID was specified!".into(),
            )),
            None => Err(out_of_range(number)),
        }
    }

    /// A peer by its id; `given` is an access hash that the script brings along.
    fn by_id(&self, id: PeerId, given: Option<i64>) -> Result<Addressed, ConvertError> {
        let unknown = || ConvertError::PeerNotInDb {
            peer: id.to_string(),
        };
        if self.session.own == Some(id) {
            return Ok(Addressed::Me);
        }
        if id.kind() == PeerKind::SecretChat {
            return Err(unknown());
        }
        let stored = self.session.peers.find(id)?;
        if let Some(peer) = stored.filter(is_addressable) {
            return Ok(Addressed::Peer(peer));
        }
        if given.is_some() {
            return Ok(Addressed::Peer(Peer {
                id,
                access_hash: given,
                min: false,
            }));
        }
        match self.ask(Need::Peer(id), unknown) {
            // The server may know better than we do what the hash of a `min` constructor is good for, or none.
            Err(ConvertError::PeerNotInDb { .. }) if stored.is_some() => {
                stored.map(Addressed::Peer).ok_or_else(unknown)
            }
            answer => answer,
        }
    }

    fn by_text(&self, text: &[u8]) -> Result<Addressed, ConvertError> {
        if let Some(number) = numeric::int_of_text(text) {
            return self.by_number(number);
        }
        let text = String::from_utf8_lossy(text);
        let unknown = || ConvertError::PeerNotInDb {
            peer: text.clone().into_owned(),
        };
        if text.eq_ignore_ascii_case("me") || text.eq_ignore_ascii_case("@me") {
            return Ok(Addressed::Me);
        }
        if text.eq_ignore_ascii_case("support") {
            return self.ask(Need::Support, unknown);
        }
        match link::parse(&text) {
            Some(Link::Peer(id)) => self.by_id(id, None),
            Some(Link::Invite(hash)) => self.ask(Need::Invite(hash.to_owned()), unknown),
            Some(Link::Username(name)) => self.by_username(name),
            None => self.by_username(&text),
        }
    }

    fn by_username(&self, name: &str) -> Result<Addressed, ConvertError> {
        let name = name.strip_prefix('@').unwrap_or(name).to_lowercase();
        let unknown = || ConvertError::PeerNotInDb {
            peer: format!("@{name}"),
        };
        if name.is_empty() {
            return Err(unknown());
        }
        let Session { peers, own } = self.session;
        if let Some(id) = peers.find_username(&name)? {
            if own == Some(id) {
                return Ok(Addressed::Me);
            }
            if let Some(peer) = peers.find(id)?.filter(is_addressable) {
                return Ok(Addressed::Peer(peer));
            }
        }
        self.ask(Need::Username(name.clone()), unknown)
    }

    /// What the server said about a need; the need itself where it was not asked yet.
    fn ask(
        &self,
        need: Need,
        unknown: impl Fn() -> ConvertError,
    ) -> Result<Addressed, ConvertError> {
        let own = self.session.own;
        match self.resolutions.get(&need) {
            Some(Resolution::Peer(peer)) if own == Some(peer.id) => Ok(Addressed::Me),
            Some(Resolution::Peer(peer)) => Ok(Addressed::Peer(*peer)),
            Some(Resolution::NotJoined) => Err(ConvertError::Madeline(
                "You have not joined this chat".into(),
            )),
            Some(Resolution::NotFound | Resolution::Password(_)) => Err(unknown()),
            None => Err(ConvertError::Need(need)),
        }
    }

    /// Users, chats, messages, updates and everything else that has a peer in it.
    fn by_array<'a, S: Source<'a>>(&self, value: S, depth: u8) -> Result<Addressed, ConvertError> {
        let Some(name) = objects::constructor_name(value) else {
            return Err(ConvertError::Warning("Undefined array key \"_\"".into()));
        };
        let id = |key: &str, of: fn(i64) -> Option<PeerId>| self.by_field(value, key, of);
        match &*name {
            "inputPeerSelf" | "inputUserSelf" => Ok(Addressed::Me),
            "user" | "userFull" => id("id", PeerId::user),
            "chat" | "chatForbidden" | "chatFull" => id("id", PeerId::chat),
            "channel" | "channelForbidden" | "channelFull" => id("id", PeerId::channel),
            "inputPeerUser"
            | "inputUser"
            | "peerUser"
            | "requestedPeerUser"
            | "inputPeerUserFromMessage"
            | "inputUserFromMessage"
            | "contact"
            | "messageEntityMentionName"
            | "inputMessageEntityMentionName"
            | "messageActionChatDeleteUser" => id("user_id", PeerId::user),
            "messageActionChatJoinedByLink" => id("inviter_id", PeerId::user),
            "inputPeerChat"
            | "peerChat"
            | "requestedPeerChat"
            | "chatParticipants"
            | "chatParticipantsForbidden" => id("chat_id", PeerId::chat),
            "inputPeerChannel"
            | "inputChannel"
            | "peerChannel"
            | "requestedPeerChannel"
            | "inputPeerChannelFromMessage"
            | "inputChannelFromMessage" => id("channel_id", PeerId::channel),
            "dialog"
            | "dialogPeer"
            | "notifyPeer"
            | "inputDialogPeer"
            | "inputNotifyPeer"
            | "folderPeer"
            | "inputFolderPeer"
            | "sendAsPeer"
            | "help.proxyDataPromo"
            | "help.promoData" => self.nested(value, "peer", depth, &name),
            "message" | "messageService" => self.by_message(value, depth, &name),
            update if update.starts_with("update") => self.by_update(value, depth, &name),
            _ => Err(invalid(&name)),
        }
    }

    /// The peer of an id in a field. MadelineProto 8 gives ids in the bot API's form, earlier releases as Telegram
    /// does; a positive number in the field of a group or channel can only be one of the latter, never a user.
    fn by_field<'a, S: Source<'a>>(
        &self,
        object: S,
        key: &str,
        of: fn(i64) -> Option<PeerId>,
    ) -> Result<Addressed, ConvertError> {
        let field = object.named(key).ok_or_else(|| undefined(key))?;
        let id = match field.view() {
            View::Int(id) => id,
            View::Double(id) => {
                numeric::exact_int(id).ok_or_else(|| ConvertError::PeerNotInDb {
                    peer: numeric::text_of_double(id, numeric::Style::Text),
                })?
            }
            View::Text(text) | View::Bytes(text) => match numeric::int_of_text(text) {
                Some(id) => id,
                // A name, which says whom it means.
                None => return self.by_text(text),
            },
            View::Null | View::Bool(_) | View::Array | View::Opaque => {
                return Err(ConvertError::PeerNotInDb {
                    peer: format!("a {key} that is neither number nor string"),
                });
            }
        };
        let hash = object
            .named("access_hash")
            .and_then(|hash| match hash.view() {
                View::Int(hash) => Some(hash),
                _ => None,
            });
        match of(id).or_else(|| PeerId::from_bot_api(id).filter(|_| id < 0)) {
            Some(id) => self.by_id(id, hash),
            None if id > 0 => Err(out_of_range(id)),
            None => self.by_number(id),
        }
    }

    fn nested<'a, S: Source<'a>>(
        &self,
        object: S,
        key: &str,
        depth: u8,
        name: &str,
    ) -> Result<Addressed, ConvertError> {
        match object.named(key).filter(|field| field.view() != View::Null) {
            Some(peer) => self.addressed(peer, depth + 1),
            None => Err(invalid(name)),
        }
    }

    /// The chat of a message; the sender, where that chat is the one with oneself.
    fn by_message<'a, S: Source<'a>>(
        &self,
        message: S,
        depth: u8,
        name: &str,
    ) -> Result<Addressed, ConvertError> {
        let chat = if message.named("peer_id").is_some() {
            "peer_id"
        } else {
            "to_id"
        };
        let peer = self.nested(message, chat, depth, name)?;
        match (
            peer,
            message
                .named("from_id")
                .filter(|from| from.view() != View::Null),
        ) {
            (Addressed::Me, Some(from)) => self.addressed(from, depth + 1),
            (peer, _) => Ok(peer),
        }
    }

    /// The peer that an update is about.
    fn by_update<'a, S: Source<'a>>(
        &self,
        update: S,
        depth: u8,
        name: &str,
    ) -> Result<Addressed, ConvertError> {
        let field = |key: &str| update.named(key).filter(|field| field.view() != View::Null);
        // In updateServiceNotification and updateShortMessage this is a text.
        if let Some(message) = field("message").filter(|message| message.view() == View::Array) {
            return self.addressed(message, depth + 1);
        }
        if let Some(peer) = ["peer", "peer_id", "participants"]
            .into_iter()
            .find_map(field)
        {
            return self.addressed(peer, depth + 1);
        }
        if field("channel_id").is_some() {
            self.by_field(update, "channel_id", PeerId::channel)
        } else if field("chat_id").is_some() {
            self.by_field(update, "chat_id", PeerId::chat)
        } else if field("user_id").is_some() {
            self.by_field(update, "user_id", PeerId::user)
        } else {
            Err(invalid(name))
        }
    }
}

/// Whether what is stored suffices to address the peer.
fn is_addressable(peer: &Peer) -> bool {
    !peer.min && (peer.access_hash.is_some() || peer.id.kind() == PeerKind::Chat)
}

fn input_peer(addressed: Addressed) -> Value {
    let Addressed::Peer(Peer {
        id, access_hash, ..
    }) = addressed
    else {
        return object!("inputPeerSelf");
    };
    let hash = access_hash.unwrap_or(0);
    match id.kind() {
        PeerKind::User => object!("inputPeerUser", user_id: id.raw(), access_hash: hash),
        PeerKind::Chat | PeerKind::SecretChat => object!("inputPeerChat", chat_id: id.raw()),
        PeerKind::Channel => object!("inputPeerChannel", channel_id: id.raw(), access_hash: hash),
    }
}

/// Whether this is the peer of messages.sendMessage, at which MadelineProto looks before it serializes: it may be a
/// secret chat. So its errors are others than elsewhere.
pub(super) fn is_of_send_message(at: &Place<'_>) -> bool {
    let method = at
        .method()
        .filter(|method| at.definition() == Some(*method));
    method.is_some_and(|method| method.name() == "messages.sendMessage")
        && at.parameter().is_some_and(|param| param.name() == "peer")
}

fn out_of_range(id: i64) -> ConvertError {
    ConvertError::Assertion(format!("Invalid ID {id} provided!").into())
}

fn invalid(name: &str) -> ConvertError {
    ConvertError::Madeline(format!("Invalid constructor given {name}").into())
}

/// PHP's warning about a key that is not there.
pub(super) fn undefined(key: &str) -> ConvertError {
    ConvertError::Warning(format!("Undefined array key \"{key}\"").into())
}
