#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod fields;
mod formatting;
mod missing;
mod objects;
mod peers;
mod properties;
mod scalars;

use std::time::Duration;

use madeline_tl::{
    Schema, Ty, Value, ValueRef, boxed_to_bytes, encode, encode_method, from_bytes,
    method_from_bytes,
};
use tempfile::TempDir;

use super::{Conversions, ConvertError, Resolution, Resolutions};
use crate::convert::Need;
use crate::peers::{PeerId, Peers};
use crate::{DcId, Session};

/// The own user of all sessions here.
const OWN: i64 = 1;

/// A session with a few peers, and what the server said so far.
struct Script {
    peers: Peers,
    resolutions: Resolutions,
    _directory: TempDir,
}

impl Script {
    async fn new() -> Self {
        let directory = TempDir::new().unwrap();
        let session = Session::open(&directory.path().join("s"), DcId(2), Duration::ZERO)
            .await
            .unwrap();
        let peers = Peers::new(session.database().clone());
        Self {
            peers,
            resolutions: Resolutions::new(),
            _directory: directory,
        }
    }

    /// The session has seen this user or chat.
    fn saw(self, value: &Value) -> Self {
        self.peers
            .learn(
                Schema::api(),
                [boxed_to_bytes(Schema::api(), value).unwrap().as_slice()],
            )
            .unwrap();
        self
    }

    /// The server has said this.
    fn answered(mut self, need: Need, answer: Resolution) -> Self {
        self.resolutions.insert(need, answer);
        self
    }

    /// The bytes of a call, decoded again: what the server gets.
    fn call(&self, method: &str, args: &Value) -> Result<Value, ConvertError> {
        let mut random = |bytes: &mut [u8]| bytes.fill(7);
        let mut conversions = Conversions::new(
            &self.peers,
            PeerId::user(OWN),
            &self.resolutions,
            &mut random,
        );
        let bytes = call(&mut conversions, method, args)?;
        Ok(method_from_bytes(Schema::api(), &bytes).unwrap())
    }

    /// The `peer` that messages.getHistory is called with.
    fn input_peer(&self, peer: impl Into<Value>) -> Result<Value, ConvertError> {
        let call = self.call("messages.getHistory", &object(&[("peer", peer.into())]))?;
        Ok(call.get("peer").clone())
    }
}

fn call(
    conversions: &mut Conversions<'_>,
    method: &str,
    args: &Value,
) -> Result<Vec<u8>, ConvertError> {
    let mut bytes = Vec::new();
    let method = Schema::api().method(method).unwrap();
    match encode_method(
        Schema::api(),
        method,
        ValueRef::from(args),
        conversions,
        &mut bytes,
    ) {
        Ok(()) => Ok(bytes),
        Err(error) => Err(error.into_parts().1.into()),
    }
}

/// A call without a session, decoded again.
fn serialized(method: &str, args: &Value) -> Result<Value, ConvertError> {
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| bytes.fill(7);
    let bytes = call(
        &mut Conversions::without_session(&resolutions, &mut random),
        method,
        args,
    )?;
    Ok(method_from_bytes(Schema::api(), &bytes).unwrap())
}

/// A value as one of that type, decoded again.
fn converted(ty: &str, value: impl Into<Value>) -> Result<Value, ConvertError> {
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| bytes.fill(7);
    let mut conversions = Conversions::without_session(&resolutions, &mut random);
    let ty = if ty.is_empty() {
        Ty::Object
    } else {
        Schema::api().ty(ty).unwrap()
    };
    let mut bytes = Vec::new();
    match encode(
        Schema::api(),
        ty,
        ValueRef::from(&value.into()),
        &mut conversions,
        &mut bytes,
    ) {
        Ok(()) => Ok(from_bytes(Schema::api(), ty, &bytes).unwrap()),
        Err(error) => Err(error.into_parts().1.into()),
    }
}

/// An array without `_`.
fn object(fields: &[(&'static str, Value)]) -> Value {
    let mut object = madeline_tl::Object::new("");
    for (key, value) in fields {
        object.set(*key, value);
    }
    Value::Object(object)
}

/// The message of a `TL\Exception`.
#[track_caller]
fn tl_error<T: std::fmt::Debug>(result: Result<T, ConvertError>) -> String {
    match result {
        Err(ConvertError::Tl(text)) => text.into_owned(),
        other => panic!("a TL exception was expected, {other:?} came"),
    }
}
