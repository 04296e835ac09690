//! What scripts get in place of a value: the readings and makings that the schema's rows name.

use super::error::{DecodeError, DecodeErrorKind};
use super::run::Run;
use super::sink::Sink;
use super::{stripped, waveform};
use crate::encode::Key;
use crate::schema::{Definition, KeyId, Ty};
use crate::tables::{Making, ParamRow, Reading};

/// The bot API's number of a channel is this minus its id.
const CHANNELS: i64 = -1_000_000_000_000;

/// The least of `random_bytes`; less would make secret chats' messages guessable.
const MIN_PADDING: usize = 15;

/// What an item of a list takes up in memory, in bytes: PHP's size.
const LIST_ITEM: usize = 16;

type Result<T> = std::result::Result<T, DecodeError>;

impl<'s, S: Sink> Run<'_, 's, '_, S> {
    /// A parameter of which scripts see something else than its value.
    pub(super) fn shaped(
        &mut self,
        row: &ParamRow,
        reading: Reading,
        map: &mut S::Map,
    ) -> Result<Option<S::Value>> {
        match reading {
            Reading::Plain | Reading::OrFalse => self.value(row.ty),
            Reading::AccessHash => {
                let value = self.value(row.ty)?;
                return Ok(Some(value).filter(|_| self.decoder.keep_access_hashes));
            }
            Reading::Padding => return self.padding().map(|()| None),
            Reading::Chat => self
                .number(row.ty)
                .map(|id| self.sink.int(id.wrapping_neg())),
            Reading::Skip => return self.value(row.ty).map(|_| None),
            Reading::Channel => self
                .number(row.ty)
                .map(|id| self.sink.int(CHANNELS.wrapping_sub(id))),
            Reading::OwnChannel => {
                let id = self.number(row.ty)?;
                // No upper bound: Telegram adds ranges, and the call whose answer this is has been made.
                match CHANNELS.checked_sub(id).filter(|_| id > 0) {
                    Some(number) => Ok(self.sink.int(number)),
                    None => return Err(self.fail(DecodeErrorKind::ChannelId { id })),
                }
            }
            Reading::Text => {
                let text = self.reader.bytes().map_err(|error| self.error(error))?;
                Ok(self.sink.text(text))
            }
            Reading::RawLong => match row.ty {
                Ty::Vector(id) => self.vector(id, reading),
                _ => self.raw_long(),
            },
            Reading::Waveform => {
                let packed = self.reader.bytes().map_err(|error| self.error(error))?;
                self.expand(waveform::VALUES * LIST_ITEM)?;
                let mut list = self.sink.list(waveform::VALUES);
                for value in waveform::unpack(packed) {
                    let value = self.sink.int(i64::from(value));
                    self.sink.push(&mut list, value);
                }
                Ok(self.sink.finish_list(list))
            }
            Reading::PeerNumber => self.boxed_peer_number(row.ty),
            Reading::PeerTwice => {
                if self.is_peer_ahead(row.ty)? {
                    let start = self.reader.clone();
                    let copy = self.value(row.ty)?;
                    let key = Key::new(self.decoder.schema, KeyId::TO_ID);
                    self.sink.put(map, key, copy);
                    self.reader = start;
                }
                self.value(row.ty)
            }
        }
        .map(Some)
    }

    fn number(&mut self, ty: Ty) -> Result<i64> {
        let value = if ty == Ty::Int {
            self.reader.int().map(i64::from)
        } else {
            self.reader.long()
        };
        value.map_err(|error| self.error(error))
    }

    pub(super) fn raw_long(&mut self) -> Result<S::Value> {
        let bytes = self.reader.raw(8).map_err(|error| self.error(error))?;
        Ok(self.sink.text(bytes))
    }

    fn padding(&mut self) -> Result<()> {
        let length = self
            .reader
            .bytes()
            .map_err(|error| self.error(error))?
            .len();
        if length < MIN_PADDING {
            return Err(self.fail(DecodeErrorKind::ShortPadding { length }));
        }
        Ok(())
    }

    /// Whether a peer comes next, and nothing that contains other objects.
    fn is_peer_ahead(&self, ty: Ty) -> Result<bool> {
        let id = self.reader.peek_id().map_err(|error| self.error(error))?;
        let definition = self.decoder.schema.by_id(id);
        Ok(definition.is_some_and(|definition| {
            definition.ty() == ty && definition.row().making == Making::Peer
        }))
    }

    fn boxed_peer_number(&mut self, ty: Ty) -> Result<S::Value> {
        let ahead = self.is_peer_ahead(ty)?;
        let id = self.reader.peek_id().map_err(|error| self.error(error))?;
        match self.decoder.schema.by_id(id) {
            Some(definition) if ahead => {
                self.skip_id()?;
                self.peer_number(definition)
            }
            _ => self.boxed(ty),
        }
    }

    /// The bot API's number of a peer, whichever the shape: the reading of its id in V8.
    pub(super) fn peer_number(&mut self, definition: Definition<'s>) -> Result<S::Value> {
        let id = self.number(Ty::Long)?;
        let reading = definition
            .param_rows()
            .first()
            .and_then(|row| row.reading.first());
        Ok(self.sink.int(match reading {
            Some(Reading::Chat) => id.wrapping_neg(),
            Some(Reading::Channel) => CHANNELS.wrapping_sub(id),
            _ => id,
        }))
    }

    /// A photo size with the JPEG that it stands for.
    pub(super) fn stripped_size(&mut self, definition: Definition<'s>) -> Result<S::Value> {
        let mut ahead = self.reader.clone();
        let stripped = ahead
            .bytes()
            .and_then(|_| ahead.bytes())
            .map_err(|error| self.error(error))?;
        self.deeper()?;
        let mut map = self.sink.map(definition, self.capacity(definition) + 1);
        self.params(definition, &mut map)?;
        let jpeg = stripped::inflate(stripped);
        self.expand(jpeg.len())?;
        let inflated = self.sink.bytes(&jpeg);
        self.sink.put(
            &mut map,
            Key::new(self.decoder.schema, KeyId::INFLATED),
            inflated,
        );
        self.depth -= 1;
        Ok(self.sink.finish_map(map, definition))
    }

    /// `jsonObject value:Vector<JSONObjectValue>`, of `jsonObjectValue key:string value:JSONValue`.
    pub(super) fn json_object(&mut self, definition: Definition<'s>) -> Result<S::Value> {
        let schema = self.decoder.schema;
        let member = definition
            .param_rows()
            .first()
            .map_or(Ty::Object, |row| match row.ty {
                Ty::Vector(id) => schema.vector(id).1,
                ty => ty,
            });
        let count = self.reader.vector(12).map_err(|error| self.error(error))?;
        self.deeper()?;
        let mut table = self.sink.table(self.budget.announce(count));
        for _ in 0..count {
            let id = self.reader.peek_id().map_err(|error| self.error(error))?;
            let rows = schema
                .by_id(id)
                .filter(|definition| definition.ty() == member);
            let Some([key, value]) = rows.map(Definition::param_rows) else {
                return Err(self.mismatch(member, id));
            };
            self.skip_id()?;
            if key.ty != Ty::String {
                return Err(self.mismatch(member, id));
            }
            let key = self.reader.bytes().map_err(|error| self.error(error))?;
            let value = self.value(value.ty)?;
            self.sink.set(&mut table, key, value);
        }
        self.depth -= 1;
        Ok(self.sink.finish_table(table))
    }
}
