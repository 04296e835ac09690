//! One request as the layer above hands it over.

use std::time::Duration;

use bytes::Bytes;
use madeline_tl::Schema;
use madeline_tl::wire::Writer;

use crate::DcId;
use crate::invoke::Turn;

/// A serialized method with the rules that apply to this one call.
#[derive(Clone, Debug)]
pub struct Call {
    /// The method's TL name, such as `messages.sendMessage`: for the rules that depend on it and for messages.
    pub method: String,
    /// The method as TL bytes, constructor id first.
    pub body: Bytes,
    /// Floods of fewer than this many seconds are slept through; `None`: as the configuration says.
    pub flood_limit: Option<i64>,
    /// The DC to ask; `None`: the home DC of the session.
    pub dc: Option<DcId>,
    /// How long an answer may take once the connection stands; `None`: as the configuration says.
    pub timeout: Option<Duration>,
    /// Its place in a queue: it is sent when the calls before it have ended.
    pub turn: Option<Turn>,
}

impl Call {
    /// A call to the home DC with the configuration's limits.
    pub fn new(method: impl Into<String>, body: impl Into<Bytes>) -> Call {
        Call {
            method: method.into(),
            body: body.into(),
            flood_limit: None,
            dc: None,
            timeout: None,
            turn: None,
        }
    }

    /// Makes it a call of a takeout session (<https://core.telegram.org/api/takeout>). False where the schema has none.
    #[must_use]
    pub fn within_takeout(&mut self, schema: &Schema, id: i64) -> bool {
        self.wrap(schema, "invokeWithTakeout", |writer| {
            writer.long(id);
            Some(())
        })
    }

    /// Makes it a call on behalf of a user (<https://core.telegram.org/api/business#connected-bots>). False where the
    /// schema has no such calls, or the id is longer than TL strings can be.
    #[must_use]
    pub fn within_business_connection(&mut self, schema: &Schema, id: &[u8]) -> bool {
        self.wrap(schema, "invokeWithBusinessConnection", |writer| {
            writer.bytes(id).ok()
        })
    }

    fn wrap(
        &mut self,
        schema: &Schema,
        wrapper: &str,
        write: impl FnOnce(&mut Writer<'_>) -> Option<()>,
    ) -> bool {
        let Some(wrapper) = schema.method(wrapper) else {
            return false;
        };
        let mut body = Vec::with_capacity(self.body.len() + 64);
        let mut writer = Writer::new(&mut body);
        writer.id(wrapper.id());
        if write(&mut writer).is_none() {
            return false;
        }
        body.extend_from_slice(&self.body);
        self.body = body.into();
        true
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use madeline_tl::{Schema, method_from_bytes, method_to_bytes, object};

    use super::Call;

    #[test]
    fn a_wrapped_call_is_one_of_the_schema() {
        let schema = Schema::api();
        let inner = object!("help.getNearestDc");
        let mut call = Call::new(
            "help.getNearestDc",
            method_to_bytes(schema, &inner).unwrap(),
        );
        assert!(call.within_takeout(schema, -7));
        assert!(call.within_business_connection(schema, b"connection"));
        let outer = method_from_bytes(schema, &call.body).unwrap();
        assert!(outer.is("invokeWithBusinessConnection"));
        assert_eq!(outer.text("connection_id").unwrap(), "connection");
        let takeout = outer.get("query");
        assert!(takeout.is("invokeWithTakeout"));
        assert_eq!(takeout.int("takeout_id").unwrap(), -7);
        assert!(takeout.get("query").is("help.getNearestDc"));
    }

    #[test]
    fn a_schema_without_wrappers_says_so() {
        let mut call = Call::new("ping", vec![1, 2, 3, 4]);
        assert!(!call.within_takeout(Schema::mtproto(), 1));
        assert_eq!(call.body.as_ref(), [1, 2, 3, 4]);
    }
}
