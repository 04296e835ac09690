//! PHP objects that results contain.

pub(crate) mod button;
pub(crate) mod bytes;
pub(crate) mod entities;
mod fields;
pub(crate) mod ipc_capable;
mod keyboard;
pub(crate) mod login_qr_code;
pub(crate) mod message;
pub(crate) mod parse_mode;
mod poll;
mod qr_cancellation;
pub(crate) mod text_entities;
pub(crate) mod update;

use crate::class::Class;

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
    classes.extend(entities::CLASSES);
    classes.extend(text_entities::CLASSES);
    classes.extend(keyboard::CLASSES);
    classes.extend(poll::CLASSES);
    classes.extend(message::classes::CLASSES);
    classes
}
