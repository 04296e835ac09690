//! Photos of people and chats: as objects since release 8 (specification §1.2), as arrays in releases before.

use std::rc::Rc;

use ext_php_rs::types::Zval;

use super::dialect::Dialect;
use super::instance::Instance;
use crate::exceptions::Thrown;
use crate::types::media;
use crate::zval::entries::present;
use crate::zval::sink;

/// Where a `userFull`, `chatFull` or `channelFull` has photos.
const PHOTOS: [&str; 4] = [
    "profile_photo",
    "personal_photo",
    "fallback_photo",
    "chat_photo",
];

/// A `userFull`, `chatFull` or `channelFull` with its photos as this release has them; photos that are none are left out.
pub(super) fn wrapped(instance: &Rc<Instance>, full: Zval) -> Result<Zval, Thrown> {
    let Some(table) = full.array().filter(|_| instance.dialect() == Dialect::V8) else {
        return Ok(full);
    };
    let mut changed = table.to_owned();
    for key in PHOTOS {
        let Some(photo) = present(table, key).and_then(Zval::array) else {
            continue;
        };
        match media::wrap(instance, photo, false)? {
            Some(photo) => {
                changed.insert(key, photo)?;
            }
            None => drop(changed.remove(key)),
        }
    }
    Ok(sink::array(changed))
}
