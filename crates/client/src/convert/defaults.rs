//! What stands for parameters that a script leaves out.

use madeline_tl::{Definition, Encoder, Param, ParamKind, Place, Schema, Source, Ty, TypeId, View};

use super::{Conversions, ConvertError, Encoded, peer};

impl Conversions<'_> {
    /// Writes a parameter without value: random ids, zero, an empty list or constructor; else it is an error.
    pub(super) fn default<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Encoded {
        if param.optional() {
            // Its bit is set by hand, or by another parameter on the same bit.
            return Err(at.missing(param));
        }
        if self.session.is_some() && peer::is_of_send_message(at) {
            return Err(at.convert(peer::undefined("peer")));
        }
        if self.random(encoder, at, param, object)? {
            return Ok(());
        }
        if let Some(mime_type) = uploaded_mime_type(at, param, object) {
            return encoder.value(at, param.ty(), mime_type, self);
        }
        match param.ty() {
            Ty::Int | Ty::Flags => encoder.writer().int(0),
            Ty::Long => encoder.writer().long(0),
            Ty::Double => encoder.writer().double(0.0),
            Ty::String | Ty::Bytes => encoder.bytes(at, b"")?,
            Ty::Bool => encoder.writer().bool(false),
            Ty::Vector(id) => {
                if encoder.schema().vector(id).0 {
                    encoder.writer().id(madeline_tl::wire::VECTOR);
                }
                encoder.writer().int(0);
            }
            Ty::Boxed(id) => match (data_json(encoder.schema(), id), empty(encoder.schema(), id)) {
                (Some(definition), _) => {
                    encoder.writer().id(definition.id());
                    encoder.bytes(at, b"null")?;
                }
                (None, Some(definition)) => {
                    self.write_empty(encoder, &at.object(definition), definition, object)?;
                }
                (None, None) => return Err(at.missing(param)),
            },
            Ty::Int128 | Ty::Int256 | Ty::Int512 | Ty::True | Ty::Bare(_) | Ty::Object => {
                return Err(at.missing(param));
            }
        }
        Ok(())
    }

    /// `random_id` and `random_bytes`; false for any other parameter.
    fn random<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        param: Param<'_>,
        object: S,
    ) -> Result<bool, madeline_tl::EncodeError<ConvertError>> {
        match (param.name(), param.ty()) {
            ("random_id", Ty::Long) => {
                let number = self.random_long();
                encoder.writer().long(number);
            }
            ("random_id", Ty::Int) => {
                let number = self.random_long();
                encoder.writer().int(number as i32);
            }
            // One for each message that is forwarded.
            ("random_id", Ty::Vector(id)) if encoder.schema().vector(id) == (true, Ty::Long) => {
                let ids = object
                    .named("id")
                    .filter(|ids| ids.view() == View::Array)
                    .map_or(0, Source::len);
                encoder.writer().id(madeline_tl::wire::VECTOR);
                encoder.writer().int(i32::try_from(ids).unwrap_or(i32::MAX));
                for _ in 0..ids {
                    let number = self.random_long();
                    encoder.writer().long(number);
                }
            }
            // Of a random length, too: 15, 19 or 23 bytes take 16, 20 or 24 on the wire.
            ("random_bytes", Ty::Bytes | Ty::String) => {
                let mut bytes = [0; 24];
                (self.random)(&mut bytes);
                let [choice, bytes @ ..] = &bytes;
                let length = 15 + 4 * usize::from(choice % 3);
                encoder.bytes(at, bytes.get(..length).unwrap_or_default())?;
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn random_long(&mut self) -> i64 {
        let mut bytes = [0; 8];
        (self.random)(&mut bytes);
        i64::from_le_bytes(bytes)
    }

    /// Writes an empty constructor; a few have an id all the same, which is 0.
    fn write_empty<'a, S: Source<'a>>(
        &mut self,
        encoder: &mut Encoder<'_>,
        at: &Place<'_>,
        definition: Definition<'_>,
        object: S,
    ) -> Encoded {
        encoder.writer().id(definition.id());
        for param in definition.params() {
            match param.kind() {
                ParamKind::Mandatory => self.default(encoder, &at.param(param), param, object)?,
                ParamKind::Flags { .. } => encoder.writer().id(0),
                ParamKind::Optional { .. } => {}
            }
        }
        Ok(())
    }
}

/// The MIME type that an uploaded file brings along.
fn uploaded_mime_type<'a, S: Source<'a>>(at: &Place<'_>, param: Param<'_>, object: S) -> Option<S> {
    if param.name() != "mime_type" {
        return None;
    }
    let Ty::Boxed(id) = at.definition()?.ty() else {
        return None;
    };
    if param.schema().type_name(id) != "InputMedia" {
        return None;
    }
    object
        .named("file")?
        .named("mime_type")
        .filter(|mime_type| mime_type.view() != View::Null)
}

/// `dataJSON`, where that is the type.
pub(super) fn data_json(schema: &Schema, id: TypeId) -> Option<Definition<'_>> {
    Some(id)
        .filter(|id| schema.type_name(*id) == "DataJSON")
        .and_then(|id| schema.constructors_of(id).next())
}

/// `userEmpty` for `User`, `inputPeerEmpty` for `InputPeer`, `inputStickerSetEmpty` for `StickerSet`'s input type …
fn empty(schema: &Schema, id: TypeId) -> Option<Definition<'_>> {
    let name = schema.type_name(id);
    let mut letters = name.chars();
    let first = letters.next()?.to_ascii_lowercase();
    let candidates = [
        format!("{first}{}Empty", letters.as_str()),
        format!("input{name}Empty"),
    ];
    candidates.iter().find_map(|name| {
        let definition = schema
            .constructor(name)
            .filter(|definition| definition.ty() == Ty::Boxed(id))?;
        let mut params = definition
            .params()
            .filter(|param| param.kind() == ParamKind::Mandatory);
        // An empty constructor that contains others could contain itself.
        params
            .all(|param| !matches!(param.ty(), Ty::Boxed(_) | Ty::Bare(_)))
            .then_some(definition)
    })
}
