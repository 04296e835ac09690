//! PHP objects that results contain.

pub(crate) mod bytes;

use crate::class::Class;

/// The classes of this module.
pub(crate) static CLASSES: &[&Class] = &[&bytes::BYTES];
