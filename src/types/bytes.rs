//! `\danog\MadelineProto\TL\Types\Bytes`: what TL `bytes` become, so that binary data is told from text.
//!
//! The content is a private property: comparison, `serialize()`, `clone` and `var_dump()` are the engine's own.

use std::sync::atomic::{AtomicUsize, Ordering};

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::{E_WARNING, zend_objects_new};
use ext_php_rs::types::{ZendHashTable, ZendObject, ZendStr, Zval};
use ext_php_rs::zend::ce;

use crate::class::{Base, Class, Frame, Literal, Method, Param, Property, Type, write_slot};
use crate::exceptions::Thrown;
use crate::zend;
use crate::zval::sink;

/// The class.
pub(crate) static BYTES: Class = Class {
    name: c"danog\\MadelineProto\\TL\\Types\\Bytes",
    flags: Class::FINAL,
    interfaces: &[
        Base::JsonSerializable,
        Base::Php(ce::arrayaccess),
        Base::Php(ce::stringable),
    ],
    properties: &[Property::new(c"bytes", Type::STRING, Literal::Text("")).private()],
    methods: &[
        Method::new(c"__construct", construct).params(&[Param::required(c"bytes", Type::STRING)]),
        Method::new(c"__toString", to_string).returns(Type::STRING),
        Method::new(c"jsonSerialize", json_serialize).returns(Type::ARRAY),
        Method::new(c"offsetExists", offset_exists)
            .params(&[Param::required(c"offset", Type::MIXED)])
            .returns(Type::BOOL),
        Method::new(c"offsetGet", offset_get)
            .params(&[Param::required(c"offset", Type::MIXED)])
            .returns(Type::STRING),
        Method::new(c"offsetSet", refuse)
            .params(&[
                Param::required(c"offset", Type::MIXED),
                Param::required(c"value", Type::MIXED),
            ])
            .returns(Type::VOID),
        Method::new(c"offsetUnset", refuse)
            .params(&[Param::required(c"offset", Type::MIXED)])
            .returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

/// Where the content lies in an object; 0 until it is first asked for.
static SLOT: AtomicUsize = AtomicUsize::new(0);

/// A new object, with one reference.
pub(crate) fn new(content: &[u8]) -> *mut ZendObject {
    // SAFETY: a plain class without `create_object`: the engine's standard allocation, whose one declared slot is
    // written before anything reads it.
    unsafe {
        let object = zend_objects_new(BYTES.entry());
        let slot = object.byte_add(slot()).cast::<Zval>();
        slot.write(sink::text(content));
        object
    }
}

/// The bytes in `object`, when it is a `Bytes` object.
pub(crate) fn content(object: &ZendObject) -> Option<&[u8]> {
    if !std::ptr::eq(object.ce, BYTES.entry()) {
        return None;
    }
    // SAFETY: the class is final and declares the property; `unserialize()` may have made it a reference.
    let content = unsafe { &*std::ptr::from_ref(object).byte_add(slot()).cast::<Zval>() };
    content.dereference().zend_str().map(ZendStr::as_bytes)
}

/// Bytes in base64.
pub(crate) fn base64(content: &[u8]) -> ZBox<ZendStr> {
    // SAFETY: reads the content, returns a new string.
    unsafe {
        ZBox::from_raw(zend::php_base64_encode(content.as_ptr(), content.len()).cast::<ZendStr>())
    }
}

fn slot() -> usize {
    match SLOT.load(Ordering::Relaxed) {
        0 => {
            let offset = BYTES.slot("bytes").unwrap_or_default();
            SLOT.store(offset, Ordering::Relaxed);
            offset
        }
        offset => offset,
    }
}

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let content = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    // SAFETY: the slot is of this class's own property.
    unsafe { write_slot(frame.this()?, slot(), content) };
    Ok(())
}

fn to_string(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let content = BYTES.read(frame.this()?, "bytes");
    frame.give_zval(content);
    Ok(())
}

fn json_serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let content = own_content(frame)?;
    let mut json = ZendHashTable::with_capacity(2);
    json.insert("_", "bytes").map_err(Thrown::from)?;
    let mut text = Zval::new();
    text.set_zend_string(base64(content));
    json.insert("bytes", text).map_err(Thrown::from)?;
    frame.give(json)
}

fn offset_exists(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let content = own_content(frame)?;
    let exists = frame
        .arg(0)
        .and_then(integer)
        .is_some_and(|offset| byte_at(content, offset).is_some());
    frame.give(exists)
}

fn offset_get(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let content = own_content(frame)?;
    let wanted = frame.arg(0).and_then(integer);
    let Some(offset) = wanted else {
        let ty = frame
            .arg(0)
            .map_or("null".to_owned(), |value| value.get_type().to_string());
        return Err(Thrown::Type(format!(
            "Cannot access offset of type {ty} on string"
        )));
    };
    let Some(byte) = byte_at(content, offset) else {
        // SAFETY: the format takes one long.
        unsafe {
            zend::zend_error(
                E_WARNING as i32,
                c"Uninitialized string offset %ld".as_ptr(),
                offset,
            );
        };
        Thrown::pending()?;
        return frame.give("");
    };
    frame.give_zval(sink::text(&[byte]));
    Ok(())
}

fn refuse(_: &mut Frame<'_>) -> Result<(), Thrown> {
    Err(Thrown::Assertion("Cannot modify nested bytes!".to_owned()))
}

fn own_content<'f>(frame: &Frame<'f>) -> Result<&'f [u8], Thrown> {
    Ok(content(frame.this()?).unwrap_or_default())
}

/// An offset as PHP's string offsets take it: an int, or a string that is one.
fn integer(value: &Zval) -> Option<i64> {
    value.long().or_else(|| value.str()?.parse().ok())
}

/// The byte at `offset`, counted from the end when it is negative.
fn byte_at(content: &[u8], offset: i64) -> Option<u8> {
    let index = if offset < 0 {
        content.len().checked_sub(offset.unsigned_abs() as usize)?
    } else {
        offset as usize
    };
    content.get(index).copied()
}
