//! The hash of a list of ids, by which the server tells that a client has its answer already:
//! <https://core.telegram.org/api/offsets#hash-generation>.

use madeline_tl::{Source, View};

use super::{ConvertError, numeric};

/// The hash of ids; a string counts by the first half of its MD5, as the page says for names.
pub(super) fn of_ids<'a, S: Source<'a>>(ids: impl Iterator<Item = S>) -> Result<i64, ConvertError> {
    let mut hash = 0_u64;
    for id in ids {
        let id = match id.view() {
            View::Int(id) => id as u64,
            View::Double(id) => numeric::int_of_double(id) as u64,
            View::Text(text) | View::Bytes(text) => md5::compute(text)
                .first_chunk()
                .map_or(0, |half| u64::from_be_bytes(*half)),
            _ => return Err(ConvertError::Tl("Given value isn't numeric".into())),
        };
        hash ^= hash >> 21;
        hash ^= hash << 35;
        hash ^= hash >> 4;
        hash = hash.wrapping_add(id);
    }
    Ok(hash as i64)
}
