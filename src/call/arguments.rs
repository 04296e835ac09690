//! The arguments of a TL method as scripts give them: one array, two arrays, or named.

use std::mem::ManuallyDrop;
use std::ops::Deref;

use ext_php_rs::ffi::zend_empty_array;
use ext_php_rs::types::{ZendHashTable, Zval};

use crate::api::dialect::Dialect;
use crate::class::Frame;
use crate::exceptions::Thrown;
use crate::zend;
use crate::zval::entries::is_list;
use crate::zval::{sink, source::borrowed_array};

/// One array of arguments by name.
pub(crate) enum Arguments {
    /// The script's own array, which lives as long as the call.
    Given(ManuallyDrop<Zval>),
    /// Made of two arrays.
    Merged(Zval),
}

impl Arguments {
    /// The arguments of a running call.
    ///
    /// # Errors
    /// `InvalidArgumentException` when a value stands without its parameter's name.
    pub(crate) fn of(frame: &Frame<'_>, dialect: Dialect) -> Result<Self, Thrown> {
        let Some(first) = frame.present(0) else {
            return Ok(Self::Given(borrowed_array(
                frame.named().unwrap_or_else(|| empty()),
            )));
        };
        Self::positional(
            first,
            frame.present(1),
            frame.count() > 2 || frame.named().is_some(),
            dialect,
        )
    }

    /// The arguments that `__call` got: positional ones under int keys, named ones under their names.
    pub(crate) fn of_array(given: &ZendHashTable, dialect: Dialect) -> Result<Self, Thrown> {
        let present = |index| given.get_index(index).filter(|value| !value.is_null());
        let Some(first) = present(0) else {
            return Ok(Self::Given(borrowed_array(given)));
        };
        let beyond = given.len() - usize::from(given.get_index(1).is_some()) > 1;
        Self::positional(first, present(1), beyond, dialect)
    }

    /// The arguments of a call by name: the arrays at `index` and behind it.
    pub(crate) fn by_position(frame: &Frame<'_>, index: usize) -> Self {
        let first = frame.array(index).unwrap_or_else(|| empty());
        match frame.array(index + 1) {
            Some(second) => merged(first, second),
            None => Self::Given(borrowed_array(first)),
        }
    }

    fn positional(
        first: &Zval,
        second: Option<&Zval>,
        beyond: bool,
        dialect: Dialect,
    ) -> Result<Self, Thrown> {
        let Some(table) = first.array() else {
            return if dialect.ignores_positional() {
                Ok(Self::Given(borrowed_array(empty())))
            } else {
                Err(unnamed())
            };
        };
        let is_several = || second.is_some_and(asks_for_several);
        if beyond || !(is_named(table) || is_several()) {
            return Err(unnamed());
        }
        match second {
            None => Ok(Self::Given(borrowed_array(table))),
            Some(second) => Ok(merged(table, second.array().ok_or_else(unnamed)?)),
        }
    }
}

impl Deref for Arguments {
    type Target = Zval;

    fn deref(&self) -> &Zval {
        match self {
            Self::Given(value) => value,
            Self::Merged(value) => value,
        }
    }
}

/// Whether an array can be parameters by name: no list, and no TL object.
fn is_named(table: &ZendHashTable) -> bool {
    is_empty(table) || !(is_list(table) || table.get("_").is_some())
}

/// Whether the second array says that the first is a list of arguments for several calls.
fn asks_for_several(options: &Zval) -> bool {
    let multiple = options.array().and_then(|options| options.get("multiple"));
    multiple.is_some_and(Zval::coerce_to_bool)
}

/// Whether an array has no elements. The engine counts anew only where variables' tables may hide undefined ones.
#[inline]
fn is_empty(table: &ZendHashTable) -> bool {
    table.nNumOfElements == 0
}

/// Both arrays; where they share a key the first one's value stays.
fn merged(first: &ZendHashTable, second: &ZendHashTable) -> Arguments {
    if is_empty(second) {
        return Arguments::Given(borrowed_array(first));
    }
    let mut merged = first.to_owned();
    // SAFETY: the target is new and ours; the engine's own function counts the references that the copies add.
    unsafe {
        zend::zend_hash_merge(
            &raw mut *merged,
            std::ptr::from_ref(second).cast_mut(),
            Some(zend::zval_add_ref),
            false,
        );
    }
    Arguments::Merged(sink::array(merged))
}

fn empty() -> &'static ZendHashTable {
    // SAFETY: the engine's immutable empty array.
    unsafe { &zend_empty_array }
}

fn unnamed() -> Thrown {
    Thrown::InvalidArgument("Parameter names must be provided!".to_owned())
}
