//! What scripts may pass where TL wants something else: MadelineProto's conversions, for values of any host language.
//!
//! [`Conversions`] is the hook of `madeline_tl`'s encoder. It looks at the session's peers and at what the server
//! already said during this call ([`Resolutions`]), and never waits: what only the server can know is reported as a
//! [`Need`]. The caller asks for it and encodes again.
//!
//! One file per subject: numbers and strings (`scalars`), absent parameters (`defaults`), objects of other constructors
//! (`objects`), peers (`peer`), other names for parameters (`fields`), keyboards (`markup`), formatted text (`entities`,
//! `entity_forms`, `html`, `html_text`, `markdown`).

pub(crate) mod base64;
mod defaults;
mod entities;
mod entity_forms;
mod error;
mod fields;
mod hash;
mod html;
mod html_text;
mod json;
mod link;
mod markdown;
mod markup;
mod need;
mod numeric;
mod objects;
mod peer;
mod scalars;
#[cfg(test)]
mod tests;
mod xml;

pub use entities::{Entity, EntityKind, Formatted};
pub use error::ConvertError;
pub use fields::{BOT_API_NAMES, parsed_text};
pub use html_text::to_html;
pub use link::{Link, parse as parse_link};
pub use markup::{from_bot_api as keyboard_from_bot_api, is_bot_api as is_bot_api_keyboard};
pub use need::{Need, Resolution, Resolutions};

use madeline_tl::{
    Convert, Definition, EncodeError, EncodeErrorKind, Encoder, Field, Key, Param, Place, Source,
    Ty,
};

use crate::peers::{PeerId, Peers};

/// The conversions for one call.
pub struct Conversions<'c> {
    session: Option<Session<'c>>,
    resolutions: &'c Resolutions,
    random: &'c mut dyn FnMut(&mut [u8]),
}

/// What a session knows.
#[derive(Clone, Copy)]
struct Session<'c> {
    peers: &'c Peers,
    /// The own user; `None` before login.
    own: Option<PeerId>,
}

type Encoded = Result<(), EncodeError<ConvertError>>;

impl<'c> Conversions<'c> {
    /// For a call in a session: `own` is the logged-in user, `resolutions` what was asked for this call so far;
    /// `random` fills its argument with random bytes for `random_id`.
    pub fn new(
        peers: &'c Peers,
        own: Option<PeerId>,
        resolutions: &'c Resolutions,
        random: &'c mut dyn FnMut(&mut [u8]),
    ) -> Self {
        Self {
            session: Some(Session { peers, own }),
            resolutions,
            random,
        }
    }

    /// For serializing without a session: no peer is known, and the rewriting that belongs to calls (`reply_to_msg_id`)
    /// is left out.
    pub fn without_session(
        resolutions: &'c Resolutions,
        random: &'c mut dyn FnMut(&mut [u8]),
    ) -> Self {
        Self {
            session: None,
            resolutions,
            random,
        }
    }
}

impl<'a, S: Source<'a>> Convert<'a, S> for Conversions<'_> {
    type Error = ConvertError;

    fn value(&mut self, encoder: &mut Encoder<'_>, at: &Place<'_>, want: Ty, value: S) -> Encoded {
        let failed = |error| at.convert(error);
        let view = value.view();
        match want {
            Ty::Int => encoder.writer().int(scalars::int(view).map_err(failed)?),
            Ty::Flags => encoder.writer().id(scalars::flags(view).map_err(failed)?),
            Ty::Long => encoder
                .writer()
                .long(scalars::long(at, value).map_err(failed)?),
            Ty::Double => encoder
                .writer()
                .double(scalars::double(view).map_err(failed)?),
            Ty::String => encoder.bytes(at, &scalars::string(view).map_err(failed)?)?,
            Ty::Bytes => encoder.bytes(at, &scalars::bytes(at, value).map_err(failed)?)?,
            Ty::Int128 => encoder
                .writer()
                .raw(&scalars::fixed::<16>(view).map_err(failed)?),
            Ty::Int256 => encoder
                .writer()
                .raw(&scalars::fixed::<32>(view).map_err(failed)?),
            Ty::Int512 => encoder
                .writer()
                .raw(&scalars::fixed::<64>(view).map_err(failed)?),
            Ty::Bool => encoder.writer().bool(scalars::truth(value)),
            Ty::True => {}
            Ty::Vector(id) => return self.vector(encoder, at, id, value),
            Ty::Boxed(id) => return self.boxed(encoder, at, id, value),
            Ty::Bare(_) | Ty::Object => return self.any(encoder, at, value),
        }
        Ok(())
    }

    fn missing(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Encoded {
        self.default(encoder, at, param, object)
    }

    fn field(
        &mut self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
        given: Option<S>,
    ) -> Result<Field<S>, EncodeError<ConvertError>> {
        self.filled(at, param, object, given)
            .map_err(|error| at.convert(error))
    }

    fn own(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Encoded {
        self.fill(encoder, at, param, object)
    }

    fn object(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
    ) -> Result<bool, EncodeError<ConvertError>> {
        self.sendable(encoder, at, definition, object)
    }

    fn truth(
        &mut self,
        _: &Encoder<'_>,
        _: &Place<'_>,
        value: S,
    ) -> Result<bool, EncodeError<ConvertError>> {
        Ok(scalars::truth(value))
    }

    fn flags(
        &mut self,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Result<u32, EncodeError<ConvertError>> {
        match object.field(Key::new(param.schema(), param.key())) {
            None => Ok(0),
            Some(given) => scalars::flags(given.view()).map_err(|error| at.convert(error)),
        }
    }
}

impl From<EncodeErrorKind<ConvertError>> for ConvertError {
    /// The exception for an error of the codec itself.
    fn from(kind: EncodeErrorKind<ConvertError>) -> Self {
        match kind {
            EncodeErrorKind::Convert(error) => error,
            EncodeErrorKind::Missing { param } => {
                Self::Tl(format!("Missing required parameter {param}").into())
            }
            EncodeErrorKind::UnknownConstructor { name } => Self::Tl(
                format!("Could not extract type \"{name}\", you should update MadelineProto!")
                    .into(),
            ),
            EncodeErrorKind::Mismatch { expected, found } => {
                Self::Tl(format!("Expected a value of type {expected}, found {found}").into())
            }
            EncodeErrorKind::TooLong { length } => {
                Self::Tl(format!("A string of {length} bytes is too long for TL").into())
            }
            EncodeErrorKind::TooDeep => {
                Self::Tl("Arrays are nested too deep, or contain themselves".into())
            }
        }
    }
}
