//! One request as the layer above hands it over.

use std::time::Duration;

use bytes::Bytes;

use crate::DcId;

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
        }
    }
}
