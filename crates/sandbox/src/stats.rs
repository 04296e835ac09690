//! What happened, for tests that have to prove that nothing was lost and nothing ran twice.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use madeline_tl::Value;
use serde_json::json;

use crate::net::lock;

/// Executions that are remembered one by one.
const REMEMBERED: usize = 200_000;
/// Bytes of a marker that are remembered.
const MARKER: usize = 64;

/// Counters of everything that came and went. Executions are counted only when somebody has asked for the control
/// channel.
#[derive(Default)]
pub(crate) struct Stats {
    pub(crate) accepted: AtomicU64,
    pub(crate) ended: AtomicU64,
    /// Encrypted messages of clients: envelopes, not what is in them.
    pub(crate) envelopes: AtomicU64,
    /// Messages of ours that clients acknowledged.
    pub(crate) acked: AtomicU64,
    /// `bad_msg_notification` and `bad_server_salt`.
    pub(crate) refused: AtomicU64,
    watched: AtomicBool,
    executions: Mutex<Executions>,
}

#[derive(Default)]
struct Executions {
    /// Per method: with a result, with an error.
    methods: BTreeMap<String, (u64, u64)>,
    marked: VecDeque<Marked>,
}

/// An execution that can be told from others.
struct Marked {
    method: String,
    random_id: Option<i64>,
    marker: Vec<u8>,
    succeeded: bool,
}

/// Which executions are meant.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    pub(crate) method: Option<String>,
    pub(crate) random_id: Option<i64>,
    pub(crate) marker: Option<String>,
}

pub(crate) fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

impl Stats {
    /// Begins to count executions.
    pub(crate) fn watch(&self) {
        self.watched.store(true, Ordering::Relaxed);
    }

    /// A method was executed.
    pub(crate) fn executed(&self, query: &Value, succeeded: bool) {
        if !self.watched.load(Ordering::Relaxed) {
            return;
        }
        let mut executions = lock(&self.executions);
        let method = query.name();
        if !executions.methods.contains_key(method) {
            executions.methods.insert(method.to_owned(), (0, 0));
        }
        if let Some((results, errors)) = executions.methods.get_mut(method) {
            *(if succeeded { results } else { errors }) += 1;
        }
        let random_id = match query.get("random_id") {
            Value::Int(number) => Some(*number),
            Value::List(numbers) => match numbers.first() {
                Some(Value::Int(number)) => Some(*number),
                _ => None,
            },
            _ => None,
        };
        let marker = ["message", "data", "username", "first_name", "lang_code"]
            .into_iter()
            .find_map(|key| match query.get(key) {
                Value::Text(bytes) | Value::Bytes(bytes) => Some(bytes),
                _ => None,
            });
        if random_id.is_none() && marker.is_none() {
            return;
        }
        let marker = marker.map(|bytes| bytes.get(..MARKER).unwrap_or(bytes).to_vec());
        executions.marked.push_back(Marked {
            method: method.to_owned(),
            random_id,
            marker: marker.unwrap_or_default(),
            succeeded,
        });
        while executions.marked.len() > REMEMBERED {
            executions.marked.pop_front();
        }
    }

    /// How often something was executed: with a result, with an error.
    pub(crate) fn executions(&self, wanted: &Wanted) -> (u64, u64) {
        let executions = lock(&self.executions);
        let is_method = |method: &str| wanted.method.as_ref().is_none_or(|name| name == method);
        if wanted.random_id.is_none() && wanted.marker.is_none() {
            let methods = executions.methods.iter();
            return methods
                .filter(|(method, _)| is_method(method))
                .fold((0, 0), |(results, errors), (_, (more, failed))| {
                    (results + more, errors + failed)
                });
        }
        let marker = wanted.marker.as_ref().map(String::as_bytes);
        let marker = marker.map(|marker| marker.get(..MARKER).unwrap_or(marker));
        let mut found = (0, 0);
        for marked in &executions.marked {
            if is_method(&marked.method)
                && (wanted.random_id.is_none() || wanted.random_id == marked.random_id)
                && marker.is_none_or(|marker| marker == marked.marker)
            {
                *(if marked.succeeded {
                    &mut found.0
                } else {
                    &mut found.1
                }) += 1;
            }
        }
        found
    }

    /// The counters as JSON.
    pub(crate) fn to_json(&self) -> serde_json::Value {
        let get = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        let executions = lock(&self.executions);
        let methods: serde_json::Map<_, _> = executions
            .methods
            .iter()
            .map(|(method, (results, errors))| {
                (
                    method.clone(),
                    json!({"results": results, "errors": errors}),
                )
            })
            .collect();
        json!({
            "accepted": get(&self.accepted),
            "open": get(&self.accepted).saturating_sub(get(&self.ended)),
            "envelopes": get(&self.envelopes),
            "acked": get(&self.acked),
            "bad_messages": get(&self.refused),
            "methods": methods,
        })
    }
}
