//! PHP objects that results contain.

pub(crate) mod button;
pub(crate) mod bytes;
pub(crate) mod login_qr_code;
pub(crate) mod parse_mode;
mod qr_cancellation;

use crate::class::Class;

/// The classes of this module, parents first.
pub(crate) static CLASSES: &[&Class] = &[
    &bytes::BYTES,
    &button::IPC_CAPABLE,
    &button::BUTTON,
    &login_qr_code::LOGIN_QR_CODE,
    &qr_cancellation::QR_CANCELLATION,
    &parse_mode::PARSE_MODE,
];
