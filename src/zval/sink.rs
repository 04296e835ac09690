//! PHP arrays straight from TL bytes: allocated at their final size, filled by appending, keyed by interned strings.

use std::mem::{self, ManuallyDrop};
use std::num::{NonZeroU32, NonZeroU64};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{
    _Bucket, _zend_new_array, HashTable, IS_ARRAY, IS_ARRAY_EX, IS_DOUBLE, IS_FALSE,
    IS_INTERNED_STRING_EX, IS_LONG, IS_NULL, IS_OBJECT_EX, IS_STRING_EX, IS_TRUE,
    ext_php_rs_zend_string_init, zend_array_destroy, zend_empty_array, zend_hash_add_new,
    zend_hash_index_update, zend_hash_next_index_insert, zend_hash_str_update, zend_object,
    zend_string,
};
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::{Definition, Key, Sink};

use super::keys::{KeyString, Keys};
use crate::types::button::{self, Owner};
use crate::types::bytes;
use crate::zend;

/// Builds the arrays of one result.
pub(crate) struct ZvalSink<'k> {
    keys: &'k Keys,
    owner: Option<Owner<'k>>,
    seen: Vec<u8>,
    ends: Vec<usize>,
}

/// An array that is being filled; freed when decoding fails.
pub(crate) struct Table(*mut HashTable);

impl<'k> ZvalSink<'k> {
    /// For values of the schema that the keys are of. Buttons stay arrays without an owner.
    pub(crate) fn new(keys: &'k Keys, owner: Option<Owner<'k>>) -> Self {
        Self {
            keys,
            owner,
            seen: Vec::new(),
            ends: Vec::new(),
        }
    }

    /// The serialized users and chats that were met, in order.
    pub(crate) fn seen(&self) -> impl Iterator<Item = &[u8]> {
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts
            .zip(&self.ends)
            .filter_map(|(start, end)| self.seen.get(start..*end))
    }
}

impl Sink for ZvalSink<'_> {
    type Value = Fresh;
    type Map = Table;
    type List = Table;

    #[inline]
    fn null(&mut self) -> Fresh {
        Fresh::new(0, NULL)
    }

    #[inline]
    fn bool(&mut self, value: bool) -> Fresh {
        Fresh::new(0, if value { TRUE } else { FALSE })
    }

    #[inline]
    fn int(&mut self, value: i64) -> Fresh {
        Fresh::new(value as u64, LONG)
    }

    #[inline]
    fn double(&mut self, value: f64) -> Fresh {
        Fresh::new(value.to_bits(), DOUBLE)
    }

    #[inline]
    fn text(&mut self, value: &[u8]) -> Fresh {
        fresh_text(value)
    }

    #[inline]
    fn bytes(&mut self, value: &[u8]) -> Fresh {
        Fresh::of_object(bytes::new(value))
    }

    #[inline]
    fn map(&mut self, definition: Definition<'_>, capacity: usize) -> Table {
        let table = Table::keyed(capacity + 1);
        let predicate = self.keys.get(definition.key()).string;
        // SAFETY: the array is new; the strings are of the schema's table.
        unsafe {
            let predicate = if self.keys.are_owned() {
                Fresh::counted(predicate)
            } else {
                Fresh::interned(predicate)
            };
            table.append(self.keys, self.keys.underscore(), predicate);
        }
        table
    }

    #[inline]
    fn put(&mut self, map: &mut Table, key: Key<'_>, value: Fresh) {
        // SAFETY: no key comes twice; the string is of the schema's table.
        unsafe { map.append(self.keys, self.keys.get(key.id()), value) };
    }

    #[inline]
    fn finish_map(&mut self, map: Table, definition: Definition<'_>) -> Fresh {
        if let Some(owner) = self.owner.as_ref().filter(|_| definition.is_message()) {
            // SAFETY: the array is still only ours.
            let message = unsafe { &mut *map.0 };
            owner.instance.origins().note(message);
            button::replace(message, owner);
        }
        map.into_value()
    }

    #[inline]
    fn list(&mut self, capacity: usize) -> Table {
        Table::packed(capacity)
    }

    #[inline]
    fn push(&mut self, list: &mut Table, value: Fresh) {
        list.push(value);
    }

    #[inline]
    fn finish_list(&mut self, list: Table) -> Fresh {
        list.into_value()
    }

    fn table(&mut self, capacity: usize) -> Table {
        Table::keyed(capacity)
    }

    fn set(&mut self, table: &mut Table, key: &[u8], value: Fresh) {
        table.set(key, value);
    }

    fn finish_table(&mut self, table: Table) -> Fresh {
        table.into_value()
    }

    fn seen(&mut self, _: Definition<'_>, bytes: &[u8]) {
        self.seen.extend_from_slice(bytes);
        self.ends.push(self.seen.len());
    }
}

const NULL: NonZeroU32 = tag(IS_NULL);
const FALSE: NonZeroU32 = tag(IS_FALSE);
const TRUE: NonZeroU32 = tag(IS_TRUE);
const LONG: NonZeroU32 = tag(IS_LONG);
const DOUBLE: NonZeroU32 = tag(IS_DOUBLE);
const INTERNED: NonZeroU32 = tag(IS_INTERNED_STRING_EX);
const STRING: NonZeroU32 = tag(IS_STRING_EX);
const IMMUTABLE_ARRAY: NonZeroU32 = tag(IS_ARRAY);
const ARRAY: NonZeroU32 = tag(IS_ARRAY_EX);
const OBJECT: NonZeroU32 = tag(IS_OBJECT_EX);

/// A type's tag with its flags; only `IS_UNDEF`, which no value has, is 0.
const fn tag(type_info: u32) -> NonZeroU32 {
    match NonZeroU32::new(type_info) {
        Some(tag) => tag,
        None => NonZeroU32::MAX,
    }
}

/// A value that nobody else refers to yet: a zval as two machine words.
///
/// Values travel through several results before they reach their array. A zval is written in parts of 8 and 4 bytes, and
/// a processor that is told to read 16 bytes of it right away has to wait for them; words pass through. The second is
/// never 0, so that a `Result` has room for an error beside it and stays in registers.
#[repr(C)]
pub(crate) struct Fresh {
    value: u64,
    info: NonZeroU64,
}

impl Fresh {
    #[inline]
    fn new(value: u64, type_info: NonZeroU32) -> Self {
        const {
            assert!(
                cfg!(target_endian = "little"),
                "a zval's second word has the type in its lower half"
            );
        };
        Self {
            value,
            info: NonZeroU64::from(type_info),
        }
    }

    /// The second word of the zval in a bucket: the type, and the next bucket in the chain.
    #[inline]
    fn chained(&self, next: u32) -> u64 {
        self.info.get() | u64::from(next) << 32
    }

    #[inline]
    fn of_pointer<T>(pointer: *mut T, type_info: NonZeroU32) -> Self {
        Self::new(pointer.expose_provenance() as u64, type_info)
    }

    /// An interned string.
    #[inline]
    fn interned(string: *mut zend_string) -> Self {
        Self::of_pointer(string, INTERNED)
    }

    /// A further reference to a string.
    ///
    /// # Safety
    /// The string is not interned.
    unsafe fn counted(string: *mut zend_string) -> Self {
        // SAFETY: the caller vouches for it.
        unsafe { (*string).gc.refcount += 1 };
        Self::of_pointer(string, STRING)
    }

    #[inline]
    fn of_object(object: *mut zend_object) -> Self {
        Self::of_pointer(object, OBJECT)
    }

    /// The value as PHP has it.
    #[inline]
    pub(crate) fn into_zval(self) -> Zval {
        // SAFETY: the same two words.
        unsafe { mem::transmute(self) }
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        // SAFETY: the same two words, used once more.
        drop(unsafe { std::ptr::from_ref(self).cast::<Zval>().read() });
    }
}

/// A PHP string; the engine's own for what it keeps one of.
pub(crate) fn text(value: &[u8]) -> Zval {
    fresh_text(value).into_zval()
}

#[inline]
fn fresh_text(value: &[u8]) -> Fresh {
    // SAFETY: the engine's shared strings live as long as the process; a new string copies the bytes.
    unsafe {
        match value {
            [] => Fresh::interned(zend::zend_empty_string),
            [byte] => Fresh::interned(
                *(&raw const zend::zend_one_char_string)
                    .cast::<*mut zend_string>()
                    .add(usize::from(*byte)),
            ),
            _ => Fresh::of_pointer(
                ext_php_rs_zend_string_init(value.as_ptr().cast(), value.len(), false),
                STRING,
            ),
        }
    }
}

/// The engine's empty array, which costs nothing.
pub(crate) fn empty() -> Zval {
    Table::packed(0).into_value().into_zval()
}

/// An array of ext-php-rs as a value.
pub(crate) fn array(table: ZBox<ZendHashTable>) -> Zval {
    let mut value = Zval::new();
    value.set_hashtable(table);
    value
}

impl Table {
    fn keyed(capacity: usize) -> Self {
        // SAFETY: a new array, whose buckets are allocated at once.
        unsafe {
            let table = _zend_new_array(capacity as u32);
            zend::zend_hash_real_init_mixed(table);
            Self(table)
        }
    }

    fn packed(capacity: usize) -> Self {
        if capacity == 0 {
            // The engine's immutable empty array; `push` makes another one.
            return Self(std::ptr::addr_of!(zend_empty_array).cast_mut());
        }
        // SAFETY: a new array, whose slots are allocated at once.
        unsafe {
            let table = _zend_new_array(capacity as u32);
            zend::zend_hash_real_init_packed(table);
            Self(table)
        }
    }

    /// Adds a value under a key that the array does not have yet.
    ///
    /// # Safety
    /// The key is one of `keys` and new to the array.
    #[inline]
    unsafe fn append(&self, keys: &Keys, key: KeyString, value: Fresh) {
        // SAFETY: the array is ours alone. Free buckets follow the used ones, and the hash slots lie before the first
        // bucket, as `HT_HASH_EX` finds them: at the negative index `hash | nTableMask`.
        unsafe {
            let table = &mut *self.0;
            let index = table.nNumUsed;
            if index >= table.nTableSize {
                zend_hash_add_new(
                    self.0,
                    key.string,
                    &raw mut *ManuallyDrop::new(value.into_zval()),
                );
                return;
            }
            if keys.are_owned() {
                (*key.string).gc.refcount += 1;
                table.u.flags &= !zend::HASH_FLAG_STATIC_KEYS;
            }
            table.nNumUsed = index + 1;
            table.nNumOfElements += 1;
            let buckets = table.__bindgen_anon_1.arData.cast::<_Bucket>();
            let chain = buckets
                .cast::<u32>()
                .offset((key.hash as u32 | table.nTableMask) as i32 as isize);
            let info = value.chained(*chain);
            *chain = index;
            let bucket = buckets.add(index as usize).cast::<u64>();
            bucket.write(value.value);
            bucket.add(1).write(info);
            bucket.add(2).write(key.hash);
            bucket.add(3).cast::<*mut zend_string>().write(key.string);
            mem::forget(value);
        }
    }

    #[inline]
    fn push(&mut self, value: Fresh) {
        if self.is_immutable() {
            // A list whose length nobody knew before, as in JSON.
            *self = Self::packed(8);
        }
        // SAFETY: the array is ours alone and packed; free slots follow the used ones.
        unsafe {
            let table = &mut *self.0;
            let index = table.nNumUsed;
            if index >= table.nTableSize {
                zend_hash_next_index_insert(self.0, &raw mut *ManuallyDrop::new(value.into_zval()));
                return;
            }
            table
                .__bindgen_anon_1
                .arPacked
                .add(index as usize)
                .cast::<Fresh>()
                .write(value);
            table.nNumUsed = index + 1;
            table.nNumOfElements += 1;
            table.nNextFreeElement = i64::from(index) + 1;
        }
    }

    /// Sets a free key, as PHP does it: a decimal number becomes an int key.
    fn set(&mut self, key: &[u8], value: Fresh) {
        let mut value = value.into_zval();
        let number = std::str::from_utf8(key).ok().and_then(|text| {
            let number: i64 = text.parse().ok()?;
            (number.to_string() == text).then_some(number)
        });
        // SAFETY: the array is ours alone; the engine copies the key and takes over the value.
        unsafe {
            match number {
                Some(number) => zend_hash_index_update(self.0, number as u64, &raw mut value),
                None => {
                    zend_hash_str_update(self.0, key.as_ptr().cast(), key.len(), &raw mut value)
                }
            };
        }
        mem::forget(value);
    }

    #[inline]
    fn into_value(self) -> Fresh {
        // The immutable array is not counted, so its value carries no flags.
        let value = Fresh::of_pointer(
            self.0,
            if self.is_immutable() {
                IMMUTABLE_ARRAY
            } else {
                ARRAY
            },
        );
        mem::forget(self);
        value
    }

    fn is_immutable(&self) -> bool {
        std::ptr::eq(self.0, &raw const zend_empty_array)
    }
}

impl Drop for Table {
    fn drop(&mut self) {
        if !self.is_immutable() {
            // SAFETY: an array that nobody else has seen.
            unsafe { zend_array_destroy(self.0) };
        }
    }
}
