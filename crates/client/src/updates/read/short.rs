//! What the short forms leave out: `updateShortMessage` and its like become `updateNewMessage` with a whole message,
//! results that only count say for which sequence they count.

use madeline_tl::{
    Definition, Object, Schema, Ty, Value, boxed_from_bytes, boxed_to_bytes, from_bytes,
    method_from_bytes, object,
};

use super::{Head, Order};

/// A call whose result says something of updates.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Request<'r> {
    pub(crate) method: &'r str,
    /// The method as TL bytes.
    pub(crate) body: &'r [u8],
}

impl Request<'_> {
    /// The method with its parameters, taken out of `invokeWithTakeout` and the like.
    fn value(&self, schema: &Schema) -> Option<Value> {
        let mut value = method_from_bytes(schema, self.body).ok()?;
        while value.name() != self.method {
            value = value.object("query").ok()?.clone();
        }
        Some(value)
    }
}

/// The `updateNewMessage` that a short form stands for; `None` where the schema has no such thing, or the form does
/// not say enough.
pub(super) fn expand(
    schema: &Schema,
    head: Head,
    bytes: &[u8],
    own: Option<i64>,
    request: Option<&Request<'_>>,
) -> Option<Vec<u8>> {
    let short = boxed_from_bytes(schema, bytes).ok()?;
    let out = head == Head::Sent || short.flag("out");
    let user = |key: &str| Some(object!("peerUser", user_id: short.int(key).ok()?));
    let own = || Some(object!("peerUser", user_id: own?));
    let mut asked = None;
    let (peer, from) = match head {
        Head::Message => {
            let peer = user("user_id")?;
            let from = if out { own()? } else { peer.clone() };
            (peer, from)
        }
        Head::ChatMessage => {
            let chat = object!("peerChat", chat_id: short.int("chat_id").ok()?);
            (chat, user("from_id")?)
        }
        _ => {
            let request = asked.insert(request?.value(schema)?);
            (place(request.get("peer"), own()?)?, own()?)
        }
    };
    let asked = asked.as_ref();
    let mut message = Object::new("message");
    for param in schema.constructor("message").map(Definition::params)? {
        let name = param.name();
        let value = match name {
            "out" => Value::Bool(out),
            "peer_id" => peer.clone(),
            "from_id" => from.clone(),
            "reply_to" => match short.get(name) {
                Value::Null => asked.map_or(Value::Null, |asked| reply(asked.get(name))),
                header => header.clone(),
            },
            // Of a message that was just sent the server says only what the request did not.
            "message" | "reply_markup" | "silent" | "noforwards" | "invert_media" | "effect" => {
                match short.get(name) {
                    Value::Null => asked.map_or(Value::Null, |asked| asked.get(name).clone()),
                    said => said.clone(),
                }
            }
            _ => short.get(name).clone(),
        };
        if value != Value::Bool(false) {
            message.set(name.to_owned(), value);
        }
    }
    if !message.fields().any(|(name, _)| name == "message") {
        message.set("message", "");
    }
    let update = object!("updateNewMessage",
        message: Value::Object(message),
        pts: short.get("pts").clone(),
        pts_count: short.get("pts_count").clone(),
    );
    boxed_to_bytes(schema, &update).ok()
}

/// The `Peer` that an `InputPeer` names.
fn place(input: &Value, own: Value) -> Option<Value> {
    let id = |key: &str| input.int(key).ok();
    Some(match input.name() {
        "inputPeerSelf" => own,
        "inputPeerUser" | "inputPeerUserFromMessage" => {
            object!("peerUser", user_id: id("user_id")?)
        }
        "inputPeerChat" => object!("peerChat", chat_id: id("chat_id")?),
        _ => object!("peerChannel", channel_id: channel(input)?),
    })
}

/// The channel that an `InputPeer` or `InputChannel` names.
fn channel(input: &Value) -> Option<i64> {
    match input.name() {
        "inputPeerChannel"
        | "inputPeerChannelFromMessage"
        | "inputChannel"
        | "inputChannelFromMessage" => input.int("channel_id").ok(),
        _ => None,
    }
}

/// The `MessageReplyHeader` that an `InputReplyTo` leads to.
fn reply(input: &Value) -> Value {
    if input.name() != "inputReplyToMessage" {
        return Value::Null;
    }
    object!("messageReplyHeader",
        reply_to_msg_id: input.get("reply_to_msg_id").clone(),
        reply_to_top_id: input.get("top_msg_id").clone(),
        quote: input.has("quote_text").then_some(true),
        quote_text: input.get("quote_text").clone(),
        quote_entities: input.get("quote_entities").clone(),
        quote_offset: input.get("quote_offset").clone(),
    )
}

/// What a call counts that says only how far its sequence is: `messages.affectedMessages` and its like.
pub(crate) fn affected(schema: &Schema, request: &Request<'_>, result: &[u8]) -> Option<Order> {
    let ty: Ty = schema.method(request.method)?.ty();
    let said = from_bytes(schema, ty, result).ok()?;
    let pts = i32::try_from(said.int("pts").ok()?).ok()?;
    let count = i32::try_from(said.int("pts_count").ok()?).ok()?;
    let asked = request.value(schema)?;
    let place = ["channel", "parent_peer", "peer"]
        .iter()
        .find_map(|key| channel(asked.get(key)));
    Some(match place {
        Some(id) => Order::Channel { id, pts, count },
        None => Order::Account { pts, count },
    })
}

/// The `Updates` that a result has in one of its fields, as TL bytes.
pub(crate) fn held(schema: &Schema, method: &str, result: &[u8]) -> Option<Vec<u8>> {
    let ty = schema.method(method)?.ty();
    let said = from_bytes(schema, ty, result).ok()?;
    let updates = schema.ty("Updates");
    let holder = schema.constructor(said.name())?;
    let field = holder.params().find(|param| Some(param.ty()) == updates)?;
    boxed_to_bytes(schema, said.get(field.name())).ok()
}
