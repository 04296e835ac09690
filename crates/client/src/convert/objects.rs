//! Objects where the value is none, or one of another type.

use madeline_tl::{
    Definition, EncodeError, Encoder, Key, Place, Schema, Source, Ty, TypeId, View, object,
};

use super::peer::Target;
use super::{Conversions, ConvertError, Encoded, Need, Resolution, defaults, json};

const NO_PREDICATE: &str = "Predicate (value under _) was not set!";

impl Conversions<'_> {
    /// A value that is not of the wanted boxed type.
    pub(super) fn boxed<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        id: TypeId,
        value: S,
    ) -> Encoded {
        let schema = encoder.schema();
        if let Some(definition) = defaults::data_json(schema, id) {
            let json = json::encode(value).map_err(|error| at.convert(error))?;
            encoder.writer().id(definition.id());
            return encoder.bytes(at, json.as_bytes());
        }
        let name = schema.type_name(id);
        let array = value.view() == View::Array;
        match name {
            "InputMessage" if !array => {
                let Some(definition) = schema.constructor("inputMessageID") else {
                    return self.any(encoder, at, value);
                };
                encoder.writer().id(definition.id());
                encoder.value(at, Ty::Int, value, self)
            }
            // The rest takes a session to look into.
            _ if self.session.is_none() => self.any(encoder, at, value),
            "InputCheckPasswordSRP" if !array => self.password(encoder, at, value),
            "InputMedia" | "InputDocument" | "InputPhoto" | "InputFile" | "InputEncryptedFile"
            | "InputFileLocation" => {
                encoder.check_constructor(at, value)?;
                let text = match constructor_name(value) {
                    Some(other) => format!("Could not convert media object of type {other}"),
                    None => format!("Could not convert object of type {name}"),
                };
                Err(at.convert(ConvertError::Madeline(text.into())))
            }
            _ => match (Target::of_type(name), self.session) {
                (Some(target), Some(session)) => self.peer(encoder, at, target, session, value),
                _ => self.any(encoder, at, value),
            },
        }
    }

    /// An array as whatever its `_` says: what the type should be is the server's to judge.
    pub(super) fn any<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        value: S,
    ) -> Encoded {
        if let Some(definition) = constructor(encoder.schema(), value) {
            return encoder.boxed(at, definition, value, self);
        }
        encoder.check_constructor(at, value)?;
        Err(at.convert(ConvertError::Tl(NO_PREDICATE.into())))
    }

    /// `messageEntityMentionName`, which clients receive, is sent as another constructor.
    pub(super) fn sendable<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        definition: Definition<'_>,
        value: S,
    ) -> Result<bool, EncodeError<ConvertError>> {
        if definition.name() != "messageEntityMentionName" {
            return Ok(false);
        }
        let Some(input) = encoder
            .schema()
            .constructor("inputMessageEntityMentionName")
        else {
            return Ok(false);
        };
        encoder.boxed(at, input, value, self)?;
        Ok(true)
    }

    /// The proof of knowing a password, from the password itself.
    fn password<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        value: S,
    ) -> Encoded {
        let (View::Text(password) | View::Bytes(password)) = value.view() else {
            return Err(at.convert(ConvertError::Tl(NO_PREDICATE.into())));
        };
        let need = Need::Password(password.to_vec());
        match self.resolutions.get(&need) {
            Some(Resolution::Password(proof)) => {
                encoder.writer().raw(proof);
                Ok(())
            }
            Some(_) => {
                let text = "Could not convert object of type InputCheckPasswordSRP";
                Err(at.convert(ConvertError::Madeline(text.into())))
            }
            None => Err(at.convert(ConvertError::Need(need))),
        }
    }

    /// What a call's `reply_to_msg_id` stands for.
    pub(super) fn reply<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        ty: Ty,
        call: S,
    ) -> Encoded {
        let number = |name: &str| {
            let value = call
                .named(name)
                .filter(|value| value.view() != View::Null)?;
            Some(super::scalars::int(value.view()))
        };
        let reply = number("reply_to_msg_id")
            .or_else(|| number("reply_to_message_id"))
            .transpose();
        let topic = number("top_msg_id").transpose();
        let reply = object!(
            "inputReplyToMessage",
            reply_to_msg_id: reply.map_err(|error| at.convert(error))?,
            top_msg_id: topic.map_err(|error| at.convert(error))?,
        );
        encoder.value(at, ty, madeline_tl::ValueRef::from(&reply), self)
    }
}

/// The constructor under `_`.
fn constructor<'a, 's, S: Source<'a>>(schema: &'s Schema, value: S) -> Option<Definition<'s>> {
    let View::Text(name) = value
        .field(Key::new(schema, madeline_tl::KeyId::CONSTRUCTOR))?
        .view()
    else {
        return None;
    };
    schema.constructor(std::str::from_utf8(name).ok()?)
}

/// The name under `_`, whether there is such a constructor or not.
pub(super) fn constructor_name<'a, S: Source<'a>>(value: S) -> Option<std::borrow::Cow<'a, str>> {
    match value.named("_")?.view() {
        View::Text(name) => Some(String::from_utf8_lossy(name)),
        _ => None,
    }
}
