//! PHP values for the codec: references followed, `Bytes`, `Button`, entities and stringable objects seen as what they
//! hold.

use std::cell::RefCell;
use std::mem::ManuallyDrop;

use ext_php_rs::ffi::{
    HashTable, IS_ARRAY, IS_DOUBLE, IS_FALSE, IS_LONG, IS_NULL, IS_OBJECT, IS_REFERENCE,
    IS_RESOURCE, IS_STRING, IS_TRUE, IS_UNDEF, zend_hash_find_known_hash, zend_hash_str_find,
};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use madeline_tl::{EntryKey, Key, Source, View};

use super::Keys;
use super::entries::{Entries, entries, is_list};
use crate::class::type_of;
use crate::types::{button, bytes, entities, parse_mode};

/// What the values of one call share: the schema's keys, what was made of objects (the strings that stringable ones gave,
/// the arrays of entities and buttons), and copies of what references refer to.
pub(crate) struct Scratch<'k> {
    keys: &'k Keys,
    made: RefCell<Vec<(*const ZendObject, Box<Zval>)>>,
    #[allow(
        clippy::vec_box,
        reason = "values are referred to while the list grows"
    )]
    copies: RefCell<Vec<Box<Zval>>>,
}

impl<'k> Scratch<'k> {
    /// For one call.
    pub(crate) fn new(keys: &'k Keys) -> Self {
        Self {
            keys,
            made: RefCell::default(),
            copies: RefCell::default(),
        }
    }

    /// `value` as a source.
    #[inline]
    pub(crate) fn source<'a>(&'a self, value: &'a Zval) -> ZvalSource<'a> {
        ZvalSource {
            value: self.followed(value),
            scratch: self,
        }
    }

    /// The string form of an object that has one. Runs PHP code; an exception stays pending, and the text is empty.
    fn text_of<'a>(&'a self, object: &'a ZendObject) -> Option<&'a [u8]> {
        let bytes = |text: &'a Zval| text.zend_str().map_or(&b""[..], |text| text.as_bytes());
        if let Some(text) = self.known(object) {
            return Some(bytes(text));
        }
        // SAFETY: the class entry outlives its object.
        if unsafe { (*object.ce).__tostring.is_null() } {
            return None;
        }
        // No borrow is held here: the method may throw, exit, or call back into the extension.
        let text = object
            .try_call_method("__toString", Vec::new())
            .unwrap_or_default();
        Some(bytes(self.keep(object, text)))
    }

    /// The array of an entity or a button, as it was when it was first looked at.
    fn array<'a>(&'a self, object: &'a ZendObject) -> Option<&'a HashTable> {
        let array = if let Some(array) = self.known(object) {
            array
        } else {
            let fields = button::value(object).map(Zval::shallow_clone);
            self.keep(object, fields.or_else(|| entities::to_tl(object))?)
        };
        array.array()
    }

    /// What a reference refers to at this moment. PHP code that runs while arguments are read (`__toString()`) may write to
    /// it; arrays of which we hold one more reference stay as they are.
    #[inline]
    fn followed<'a>(&'a self, value: &'a Zval) -> &'a Zval {
        if type_of(value) == IS_REFERENCE {
            self.copy(value.dereference())
        } else {
            value
        }
    }

    #[cold]
    fn copy<'a>(&'a self, value: &'a Zval) -> &'a Zval {
        let copy = Box::new(value.shallow_clone());
        let kept = std::ptr::from_ref(copy.as_ref());
        self.copies.borrow_mut().push(copy);
        // SAFETY: boxed, and there until the scratch is dropped.
        unsafe { &*kept }
    }

    fn known<'a>(&'a self, object: &ZendObject) -> Option<&'a Zval> {
        let made = self.made.borrow();
        let (_, value) = made.iter().find(|(of, _)| std::ptr::eq(*of, object))?;
        // SAFETY: values are boxed and stay until the scratch is dropped, also when the list grows.
        Some(unsafe { &*std::ptr::from_ref(value.as_ref()) })
    }

    fn keep<'a>(&'a self, object: &ZendObject, value: Zval) -> &'a Zval {
        let value = Box::new(value);
        let kept = std::ptr::from_ref(value.as_ref());
        self.made
            .borrow_mut()
            .push((std::ptr::from_ref(object), value));
        // SAFETY: as in `known`.
        unsafe { &*kept }
    }
}

/// A PHP value; never a reference.
#[derive(Clone, Copy)]
pub(crate) struct ZvalSource<'a> {
    value: &'a Zval,
    scratch: &'a Scratch<'a>,
}

impl<'a> ZvalSource<'a> {
    #[inline]
    fn of(self, value: &'a Zval) -> Self {
        Self {
            value: self.scratch.followed(value),
            scratch: self.scratch,
        }
    }

    /// The array that the value is, or that stands for it.
    #[inline]
    fn table(self) -> Option<&'a HashTable> {
        match type_of(self.value) {
            // SAFETY: the tag says that the value is an array; it lives as long as the value.
            IS_ARRAY => Some(unsafe { &*self.value.value.arr }),
            IS_OBJECT => self.scratch.array(self.value.object()?),
            _ => None,
        }
    }
}

impl<'a> Source<'a> for ZvalSource<'a> {
    type Items = Items<'a>;

    #[inline]
    fn view(self) -> View<'a> {
        // SAFETY: each member of the union is read under its own tag.
        unsafe {
            match type_of(self.value) {
                IS_UNDEF | IS_NULL => View::Null,
                IS_FALSE => View::Bool(false),
                IS_TRUE => View::Bool(true),
                IS_LONG => View::Int(self.value.value.lval),
                IS_DOUBLE => View::Double(self.value.value.dval),
                IS_STRING => {
                    let text = self.value.value.str_;
                    View::Text(std::slice::from_raw_parts(
                        (&raw const (*text).val).cast(),
                        (*text).len,
                    ))
                }
                IS_ARRAY => View::Array,
                IS_OBJECT => self.view_object(),
                _ => View::Opaque,
            }
        }
    }

    #[inline]
    fn field(self, key: Key<'_>) -> Option<Self> {
        let table = self.table()?;
        // SAFETY: the table is valid, the key is one of its schema's strings or a name with its length.
        let found = unsafe {
            if self.scratch.keys.are_of(key.schema()) {
                zend_hash_find_known_hash(table, self.scratch.keys.get(key.id()).string)
            } else {
                let name = key.name();
                zend_hash_str_find(table, name.as_ptr().cast(), name.len())
            }
            .as_ref()
        }?;
        Some(self.of(found))
    }

    fn named(self, name: &str) -> Option<Self> {
        // SAFETY: the table is valid, the name is given with its length.
        let found = unsafe {
            zend_hash_str_find(self.table()?, name.as_ptr().cast(), name.len()).as_ref()
        }?;
        Some(self.of(found))
    }

    fn entries<E>(
        self,
        mut visit: impl FnMut(EntryKey<'a>, Self) -> Result<(), E>,
    ) -> Result<(), E> {
        for (key, value) in self.table().into_iter().flat_map(entries) {
            visit(key, self.of(value))?;
        }
        Ok(())
    }

    fn is_list(self) -> bool {
        self.table().is_some_and(is_list)
    }

    #[inline]
    fn len(self) -> usize {
        self.table()
            .map_or(0, |table| table.nNumOfElements as usize)
    }

    fn items(self) -> Items<'a> {
        Items {
            source: self,
            entries: self.table().map(entries),
        }
    }

    fn description(self) -> Option<String> {
        let object = match type_of(self.value) {
            IS_OBJECT => self.value.object()?,
            IS_RESOURCE => return Some("a resource".to_owned()),
            _ => return None,
        };
        match self.view() {
            View::Opaque => Some(format!("an object of {}", object.get_class_name().ok()?)),
            _ => None,
        }
    }

    fn hash(self) -> Option<u64> {
        // SAFETY: the tag says that the value is a string.
        let hash = unsafe {
            if type_of(self.value) == IS_STRING {
                (*self.value.value.str_).h
            } else {
                0
            }
        };
        (hash != 0).then_some(hash)
    }
}

impl<'a> ZvalSource<'a> {
    fn view_object(self) -> View<'a> {
        let Some(object) = self.value.object() else {
            return View::Opaque;
        };
        if let Some(content) = bytes::content(object) {
            View::Bytes(content)
        } else if button::is_button(object) || entities::is_entity(object) {
            View::Array
        } else if let Some(name) = parse_mode::name(object) {
            View::Text(name)
        } else {
            self.scratch
                .text_of(object)
                .map_or(View::Opaque, View::Text)
        }
    }
}

/// The values of an array, in order.
pub(crate) struct Items<'a> {
    source: ZvalSource<'a>,
    entries: Option<Entries<'a>>,
}

impl<'a> Iterator for Items<'a> {
    type Item = ZvalSource<'a>;

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (_, value) = self.entries.as_mut()?.next()?;
        Some(self.source.of(value))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries
            .as_ref()
            .map_or((0, Some(0)), Iterator::size_hint)
    }
}

/// A zval over an array that somebody else owns, for as long as this is in use.
pub(crate) fn borrowed_array(table: &ZendHashTable) -> ManuallyDrop<Zval> {
    let mut value = Zval::new();
    value.value.arr = std::ptr::from_ref(table).cast_mut();
    value.u1.type_info = IS_ARRAY;
    ManuallyDrop::new(value)
}
