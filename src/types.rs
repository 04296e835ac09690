//! PHP objects that results contain.

pub(crate) mod button;
pub(crate) mod bytes;

use crate::class::Class;

/// The classes of this module, parents first.
pub(crate) static CLASSES: &[&Class] = &[&bytes::BYTES, &button::IPC_CAPABLE, &button::BUTTON];
