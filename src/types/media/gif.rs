//! The list of saved GIFs.

use ext_php_rs::types::ZendHashTable;

use super::MEDIA;
use crate::call;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::types::ipc_capable;
use crate::zval::sink;

/// `Gif::save()` and `Gif::unsave()`: puts a GIF on the account's list, or takes it off.
pub(super) fn keep(frame: &mut Frame<'_>, keep: bool) -> Result<(), Thrown> {
    let this = frame.this()?;
    let instance = ipc_capable::instance_of(this)?;
    let mut arguments = ZendHashTable::with_capacity(2);
    arguments.insert("id", MEDIA.read(this, "botApiFileId"))?;
    arguments.insert("unsave", !keep)?;
    let method = call::method(&instance, "messages.saveGif")?;
    let done = call::perform(&instance, method, &sink::array(arguments))?;
    frame.give(done.coerce_to_bool())
}
