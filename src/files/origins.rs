//! Where files were seen: file references expire, and the message that showed a file has a new one.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use ext_php_rs::ffi::{HashTable, zend_hash_str_find};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::Origin;
use madeline_client::{Call, Client};
use madeline_tl::{Value, method_from_bytes, method_to_bytes};

use crate::api::instance::Instance;
use crate::call::{self, Form, peer_number};
use crate::exceptions::Thrown;
use crate::runtime;
use crate::zval::sink;

/// How many files are remembered; then it begins anew.
const MOST: usize = 1 << 14;

/// The messages in which the files of a session were seen last, by the files' ids.
#[derive(Default)]
pub(crate) struct Origins {
    seen: RefCell<HashMap<i64, Seen>>,
}

#[derive(Clone, Copy)]
struct Seen {
    /// As the bot API has it.
    peer: i64,
    message: i64,
}

impl Origins {
    /// Takes note of the file in a message, where it has one.
    pub(crate) fn note(&self, message: &HashTable) {
        let Some(media) = find(message, "media").and_then(Zval::array) else {
            return;
        };
        let file = find(media, "document").or_else(|| find(media, "photo"));
        let file = file.and_then(Zval::array);
        let id = file.and_then(|file| find(file, "id")).and_then(Zval::long);
        let peer = find(message, "peer_id");
        let peer = peer.and_then(|peer| peer.long().or_else(|| peer_number(peer.array()?)));
        let message = find(message, "id").and_then(Zval::long);
        if let (Some(id), Some(peer), Some(message)) = (id, peer, message) {
            let mut seen = self.seen.borrow_mut();
            if seen.len() >= MOST {
                seen.clear();
            }
            seen.insert(id, Seen { peer, message });
        }
    }

    fn of(&self, id: i64) -> Option<Seen> {
        self.seen.borrow().get(&id).copied()
    }
}

fn find<'t>(table: &'t HashTable, name: &str) -> Option<&'t Zval> {
    // SAFETY: the name is given with its length; what is found lives as long as the table.
    unsafe { zend_hash_str_find(table, name.as_ptr().cast(), name.len()).as_ref() }
}

/// Where a file with this id was seen.
pub(super) fn of_file(instance: &Rc<Instance>, id: i64) -> Result<Option<Origin>, Thrown> {
    match instance.origins().of(id) {
        Some(Seen { peer, message }) => of_message(instance, peer, message),
        None => Ok(None),
    }
}

/// A message as the place where its file is shown.
pub(super) fn of_message(
    instance: &Rc<Instance>,
    peer: i64,
    message: i64,
) -> Result<Option<Origin>, Thrown> {
    let mut ids = ZendHashTable::new();
    ids.push(message)?;
    let mut arguments = ZendHashTable::new();
    arguments.insert("id", ids)?;
    let name = if peer < -1_000_000_000_000 {
        arguments.insert("channel", peer)?;
        "channels.getMessages"
    } else {
        "messages.getMessages"
    };
    let client = instance.client()?;
    let method = call::method(instance, name)?;
    let arguments = sink::array(arguments);
    // Whoever has lost sight of the chat can still have the file, as long as its reference is good.
    let request = match call::encode(instance, &client, Form::Call(method), &arguments) {
        Ok(body) => method_from_bytes(instance.schema(), &body).ok(),
        Err(Thrown::Pending) => return Err(Thrown::Pending),
        Err(_) => None,
    };
    Ok(request.map(|request| Origin { request }))
}

/// A call whose file references have expired, with new ones; `None` where there are none to be had.
pub(crate) fn renewed(
    instance: &Rc<Instance>,
    client: &Client,
    call: Call,
) -> Result<Option<Call>, Thrown> {
    let schema = instance.schema();
    let Ok(mut request) = method_from_bytes(schema, &call.body) else {
        return Ok(None);
    };
    if !renew(instance, client, &mut request)? {
        return Ok(None);
    }
    let body = method_to_bytes(schema, &request).ok();
    Ok(body.map(|body| Call {
        body: body.into(),
        ..call
    }))
}

/// Puts new references into every file in a value that was seen in some message; false where there was none.
fn renew(instance: &Rc<Instance>, client: &Client, value: &mut Value) -> Result<bool, Thrown> {
    match value {
        Value::List(items) => {
            let mut is_new = false;
            for item in items {
                is_new |= renew(instance, client, item)?;
            }
            Ok(is_new)
        }
        Value::Object(_) if value.is("inputDocument") || value.is("inputPhoto") => {
            let Ok(id) = value.int("id") else {
                return Ok(false);
            };
            let Some(origin) = of_file(instance, id)? else {
                return Ok(false);
            };
            let asked = client.clone();
            let reference = runtime::wait(async move { origin.reference(&asked, id).await })?;
            let reference = reference.map_err(|error| call::thrown(instance, error))?;
            if let (Value::Object(file), Some(reference)) = (value, reference) {
                file.set("file_reference", reference);
                return Ok(true);
            }
            Ok(false)
        }
        Value::Object(object) => {
            let keys: Vec<String> = object.fields().map(|(key, _)| key.to_owned()).collect();
            let mut is_new = false;
            for key in keys {
                let Some(mut field) = object.get(&key).cloned() else {
                    continue;
                };
                if renew(instance, client, &mut field)? {
                    object.set(key, field);
                    is_new = true;
                }
            }
            Ok(is_new)
        }
        _ => Ok(false),
    }
}
