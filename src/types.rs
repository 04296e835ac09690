//! PHP objects that results contain.

mod action;
pub(crate) mod button;
pub(crate) mod bytes;
pub(crate) mod entities;
mod fields;
mod icon_color;
pub(crate) mod inline_query;
pub(crate) mod ipc_capable;
mod keyboard;
pub(crate) mod login_qr_code;
pub(crate) mod media;
pub(crate) mod message;
pub(crate) mod parse_mode;
mod participant;
pub(crate) mod poll;
mod qr_cancellation;
pub(crate) mod query;
mod report_reason;
pub(crate) mod text_entities;
pub(crate) mod update;
mod wrap_update;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{Class, Frame};
use crate::exceptions::Thrown;
use crate::function;

pub(crate) use wrap_update::{KNOWN, wrap_update};

/// At module start-up.
pub(crate) fn startup() {
    for name in fields::names::ALL {
        name.intern();
    }
}

/// The classes of this module, parents first.
pub(crate) fn classes() -> Vec<&'static Class> {
    let mut classes = vec![
        &bytes::BYTES,
        &ipc_capable::IPC_CAPABLE,
        &button::BUTTON,
        &login_qr_code::LOGIN_QR_CODE,
        &qr_cancellation::QR_CANCELLATION,
        &parse_mode::PARSE_MODE,
        &update::UPDATE,
    ];
    classes.extend(media::classes());
    classes.extend(entities::CLASSES);
    classes.extend(text_entities::CLASSES);
    classes.extend(keyboard::CLASSES);
    classes.extend(poll::CLASSES);
    classes.extend(message::simple_filters::INTERFACES);
    classes.extend(message::classes::CLASSES);
    classes.extend(message::service::CLASSES);
    classes.extend(action::CLASSES);
    classes.extend(participant::CLASSES);
    classes.extend([&report_reason::REPORT_REASON, &icon_color::ICON_COLOR]);
    classes.extend(query::CLASSES);
    classes.extend(inline_query::CLASSES);
    classes
}

/// The properties of `$this` that the running method's class may see, without some: what `jsonSerialize()` gives.
pub(crate) fn properties(
    frame: &Frame<'_>,
    without: &[&str],
) -> Result<ZBox<ZendHashTable>, Thrown> {
    let all = function::call("get_object_vars", vec![&frame.this_value()]);
    Thrown::pending()?;
    let all = all
        .as_ref()
        .and_then(Zval::array)
        .ok_or_else(|| Thrown::Error("Call to undefined function get_object_vars()".to_owned()))?;
    let mut seen = all.to_owned();
    for name in without {
        seen.remove(*name);
    }
    Ok(seen)
}
