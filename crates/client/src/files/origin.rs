//! Where a file was seen: file references expire, and whoever shows the file again has a new one,
//! <https://core.telegram.org/api/file_reference>.

use madeline_tl::Value;

use crate::{Client, Error};

/// A call whose result has the file in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Origin {
    /// The method with its parameters.
    pub request: Value,
}

impl Origin {
    /// The present reference of the file with this id; `None` where the file is no longer there.
    pub async fn reference(&self, client: &Client, id: i64) -> Result<Option<Vec<u8>>, Error> {
        let answer = client.ask(self.request.clone()).await?;
        Ok(find(&answer.value, id).map(<[u8]>::to_vec))
    }

    /// The same location with a new file reference; `None` where the file is no longer there.
    pub(super) async fn refreshed(
        &self,
        client: &Client,
        input: &Value,
    ) -> Result<Option<Value>, Error> {
        let Ok(id) = input.int("id") else {
            return Ok(None);
        };
        let mut input = input.clone();
        let reference = self.reference(client, id).await?;
        Ok(match (&mut input, reference) {
            (Value::Object(object), Some(reference)) => {
                object.set("file_reference", reference);
                Some(input)
            }
            _ => None,
        })
    }
}

/// The file reference of the document or photo with this id, anywhere in a value.
fn find(value: &Value, id: i64) -> Option<&[u8]> {
    match value {
        Value::List(items) => items.iter().find_map(|item| find(item, id)),
        Value::Object(object) => {
            if matches!(object.name(), "document" | "photo") && value.int("id") == Ok(id) {
                return value.bytes("file_reference").ok();
            }
            object.fields().find_map(|(_, field)| find(field, id))
        }
        _ => None,
    }
}
