//! The parts of a message that was too long for one, as the requests that results have beside them.

use ext_php_rs::types::Zval;
use madeline_client::Call;
use madeline_tl::{Schema, Value, method_from_bytes};

use crate::exceptions::Thrown;
use crate::zval::{made, sink};

/// The arguments of the whole message with text and entities of the part that a call sends; only the first part has media.
pub(super) fn arguments(schema: &Schema, whole: &Zval, call: &Call) -> Result<Zval, Thrown> {
    let sent = method_from_bytes(schema, &call.body).unwrap_or(Value::Null);
    // Within a takeout and the like the method is inside another one.
    let sent = match sent.get("query") {
        Value::Null => &sent,
        query => query,
    };
    let (Some(given), Some(text)) = (whole.array(), sent.get("message").as_text()) else {
        return Ok(whole.shallow_clone());
    };
    let mut part = given.to_owned();
    part.insert("message", sink::text(text.as_bytes()))?;
    part.remove("parse_mode");
    match sent.get("entities") {
        Value::Null => {
            part.remove("entities");
        }
        entities => part.insert("entities", made::of(entities)?)?,
    }
    if sent.get("media") == &Value::Null {
        part.remove("media");
    }
    Ok(sink::array(part))
}
