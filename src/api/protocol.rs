//! The functions of MTProto itself that scripts of releases 2 to 7 call by name: `ping` and `get_future_salts`.

use std::rc::Rc;

use ext_php_rs::types::Zval;
use madeline_client::convert::{Conversions, Resolutions};
use madeline_client::{Call, EngineKind};
use madeline_mtproto::Random;
use madeline_mtproto::random::OsRandom;
use madeline_tl::{Decoder, Definition, Schema, Ty, encode_method};

use super::instance::Instance;
use crate::call;
use crate::exceptions::Thrown;
use crate::runtime;
use crate::zval::{Keys, Scratch, ZvalSink};

/// The others belong to the connection, which calls them itself.
const CALLABLE: [&str; 2] = ["ping", "get_future_salts"];

/// The function of that name.
pub(super) fn method(name: &str) -> Option<Definition<'static>> {
    CALLABLE
        .contains(&name)
        .then(|| Schema::mtproto().method(name))?
}

/// Calls it and waits for the answer.
pub(super) fn perform(
    instance: &Rc<Instance>,
    method: Definition<'static>,
    arguments: &Zval,
) -> Result<Zval, Thrown> {
    if instance.config().engine == EngineKind::Grammers {
        return Err(Thrown::Exception(format!(
            "{}() belongs to the protocol, which the engine grammers keeps to itself",
            method.name()
        )));
    }
    let schema = Schema::mtproto();
    let keys = Keys::owned(schema);
    let mut body = Vec::new();
    let resolutions = Resolutions::new();
    let mut random = |bytes: &mut [u8]| OsRandom.fill(bytes);
    let mut conversions = Conversions::without_session(&resolutions, &mut random);
    let scratch = Scratch::new(&keys);
    let encoded = encode_method(
        schema,
        method,
        scratch.source(arguments),
        &mut conversions,
        &mut body,
    );
    Thrown::pending()?;
    encoded?;
    let client = instance.client()?;
    let request = Call::new(method.name(), body);
    let answer = runtime::wait(async move { client.invoke(request).await })?
        .map_err(|error| call::thrown(instance, error))?;
    let mut sink = ZvalSink::new(&keys, None);
    let (value, _) = Decoder::new(schema, instance.shape())
        .decode(Ty::Object, &answer, &mut sink)
        .map_err(|error| Thrown::Tl(error.to_string()))?;
    Ok(value.into_zval())
}
