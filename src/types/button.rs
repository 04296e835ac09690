//! `\danog\MadelineProto\TL\Types\Button`: a keyboard button in a message, which can be clicked.
//!
//! What it needs is in PHP properties, so that it can be serialized; the API object is found again by its session.

use std::rc::Rc;
use std::sync::atomic::{AtomicUsize, Ordering};

use ext_php_rs::ffi::{E_WARNING, HashTable, IS_ARRAY, zend_hash_index_find, zend_hash_str_find};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ce;

use crate::api::instance::Instance;
use crate::call;
use crate::class::{
    Base, Class, Frame, Literal, Method, Object, Param, Property, Type, type_of, write_slot,
};
use crate::exceptions::Thrown;
use crate::types::ipc_capable::{self, IPC_CAPABLE};
use crate::zend;
use crate::zval::sink;

/// The class.
pub(crate) static BUTTON: Class = Class {
    name: c"danog\\MadelineProto\\TL\\Types\\Button",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&IPC_CAPABLE)),
    interfaces: &[Base::JsonSerializable, Base::Php(ce::arrayaccess)],
    properties: &[
        Property::new(c"label", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"button", Type::ARRAY, Literal::EmptyArray).private(),
        Property::new(c"peer", Type::MIXED, Literal::Null).private(),
        Property::new(c"id", Type::INT, Literal::Int(0)).private(),
    ],
    methods: &[
        Method::new(c"click", click)
            .params(&[Param::optional(c"donotwait", Type::BOOL, c"true")])
            .returns(Type::MIXED),
        Method::new(c"offsetExists", offset_exists)
            .params(&[Param::required(c"name", Type::MIXED)])
            .returns(Type::BOOL),
        Method::new(c"offsetGet", offset_get)
            .params(&[Param::required(c"name", Type::MIXED)])
            .returns(Type::MIXED),
        Method::new(c"offsetSet", offset_set)
            .params(&[
                Param::required(c"name", Type::MIXED),
                Param::required(c"value", Type::MIXED),
            ])
            .returns(Type::VOID),
        Method::new(c"offsetUnset", offset_unset)
            .params(&[Param::required(c"name", Type::MIXED)])
            .returns(Type::VOID),
        Method::new(c"jsonSerialize", json_serialize).returns(Type::ARRAY),
    ],
    ..Class::DEFAULT
};

/// Who the buttons of a result belong to.
pub(crate) struct Owner<'i> {
    /// The API object.
    pub(crate) instance: &'i Rc<Instance>,
    /// The own id: a message in the chat with oneself is answered to who sent it.
    pub(crate) own_id: Option<i64>,
}

/// Whether `object` is a button.
#[inline]
pub(crate) fn is_button(object: &ZendObject) -> bool {
    std::ptr::eq(object.ce, BUTTON.entry())
}

fn fields(object: &ZendObject) -> Option<&HashTable> {
    value(object)?.array()
}

/// The array inside `object`, when it is a button.
#[inline]
pub(crate) fn value(object: &ZendObject) -> Option<&Zval> {
    if !is_button(object) {
        return None;
    }
    // SAFETY: the class is final and declares the property; `unserialize()` may have made it a reference.
    Some(unsafe { (*slot_of(object)).dereference() })
}

/// Replaces the button arrays in a message by objects.
pub(crate) fn replace(message: &mut HashTable, owner: &Owner<'_>) {
    let id = find(message, "id")
        .and_then(|id| id.long())
        .unwrap_or_default();
    let Some(markup) = find(message, "reply_markup").and_then(array_mut) else {
        return;
    };
    let markup = std::ptr::from_mut(markup);
    let peer = peer_of(message, owner);
    // SAFETY: the markup is another array than the message, and nothing else refers to it.
    let Some(rows) = find(unsafe { &mut *markup }, "rows").and_then(array_mut) else {
        return;
    };
    for row in values_mut(rows) {
        let Some(buttons) = array_mut(row)
            .and_then(|row| find(row, "buttons"))
            .and_then(array_mut)
        else {
            continue;
        };
        for button in values_mut(buttons) {
            if type_of(button) == IS_ARRAY {
                let fields = std::mem::take(button);
                *button = new(fields, &peer, id, owner.instance);
            }
        }
    }
}

fn new(fields: Zval, peer: &Zval, id: i64, instance: &Rc<Instance>) -> Zval {
    let mut object = ipc_capable::new(&BUTTON, instance);
    let slots = Object::new(&mut object);
    let label = fields
        .array()
        .and_then(|fields| fields.get("text"))
        .map_or_else(|| sink::text(b""), Zval::shallow_clone);
    BUTTON.initialize(slots, "label", label);
    BUTTON.initialize(slots, "button", fields);
    BUTTON.initialize(slots, "peer", peer.shallow_clone());
    let mut number = Zval::new();
    number.set_long(id);
    BUTTON.initialize(slots, "id", number);
    let mut value = Zval::new();
    value.set_object(&mut object);
    value
}

/// Who is answered: the chat, or in the chat with oneself whoever sent the message.
fn peer_of(message: &HashTable, owner: &Owner<'_>) -> Zval {
    let field = |name: &str| {
        // SAFETY: the name is given with its length; what is found lives as long as the message.
        unsafe { zend_hash_str_find(message, name.as_ptr().cast(), name.len()).as_ref() }
    };
    let chat = field("peer_id").or_else(|| field("to_id"));
    let is_own = |peer: &Zval| {
        let id = peer.long().or_else(|| peer.array()?.get("user_id")?.long());
        id.is_some() && id == owner.own_id
    };
    match (chat, field("from_id")) {
        (Some(chat), Some(sender)) if is_own(chat) => sender.shallow_clone(),
        (Some(chat), _) => chat.shallow_clone(),
        (None, _) => Zval::new(),
    }
}

fn click(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let result = press(frame.this()?, frame.bool(0))?;
    frame.give_zval(result);
    Ok(())
}

/// What a click on a button gives; `in_background` is false to wait for the answer, `None` to do what the release does.
pub(super) fn press(this: &Object, in_background: Option<bool>) -> Result<Zval, Thrown> {
    let Some(fields) = fields(this) else {
        return Ok(Zval::new());
    };
    let predicate = fields.get("_").and_then(Zval::str).unwrap_or_default();
    let mut arguments = ZendHashTable::with_capacity(4);
    arguments.insert("peer", BUTTON.read(this, "peer"))?;
    let method = match predicate {
        "keyboardButtonUrl" => return Ok(copy(fields.get("url"))),
        "keyboardButton" => {
            arguments.insert("message", copy(fields.get("text")))?;
            let mut reply = ZendHashTable::with_capacity(3);
            reply.insert("_", "inputReplyToMessage")?;
            reply.insert("reply_to_msg_id", BUTTON.read(this, "id"))?;
            reply.insert("top_msg_id", Zval::new())?;
            arguments.insert("reply_to", reply)?;
            "messages.sendMessage"
        }
        "keyboardButtonCallback" => {
            arguments.insert("msg_id", BUTTON.read(this, "id"))?;
            arguments.insert("data", copy(fields.get("data")))?;
            "messages.getBotCallbackAnswer"
        }
        "keyboardButtonGame" => {
            arguments.insert("msg_id", BUTTON.read(this, "id"))?;
            arguments.insert("game", true)?;
            "messages.getBotCallbackAnswer"
        }
        _ => return Ok(Zval::from(false)),
    };
    let arguments = sink::array(arguments);
    let instance = ipc_capable::instance_of(this)?;
    let method = call::method(&instance, method)?;
    if in_background.unwrap_or(instance.dialect().clicks_in_background()) {
        call::start(&instance, method, &arguments)?;
        return Ok(Zval::from(true));
    }
    call::perform(&instance, method, &arguments)
}

fn offset_exists(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let exists = own_field(frame)?.is_some_and(|value| !value.is_null());
    frame.give(exists)
}

fn offset_get(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if let Some(value) = own_field(frame)? {
        frame.give_copy(value);
        return Ok(());
    }
    let name = frame
        .arg(0)
        .map(|name| name.coerce_to_string().unwrap_or_default())
        .unwrap_or_default();
    let text = std::ffi::CString::new(name.replace('\0', "\\0")).unwrap_or_default();
    // SAFETY: the format takes one C string.
    unsafe {
        zend::zend_error(
            E_WARNING as i32,
            c"Undefined array key \"%s\"".as_ptr(),
            text.as_ptr(),
        );
    };
    Thrown::pending()
}

fn offset_set(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let Some(mut changed) = fields(this).map(ToOwned::to_owned) else {
        return Ok(());
    };
    let value = copy(frame.arg(1));
    match frame.arg(0) {
        Some(name) if name.is_string() => changed.insert(name.str().unwrap_or_default(), value)?,
        Some(name) if name.is_long() => {
            changed.insert_at_index(name.long().unwrap_or_default(), value)?;
        }
        _ => changed.push(value)?,
    }
    // SAFETY: the slot is of this class's own property.
    unsafe { write_slot(this, slot(), sink::array(changed)) };
    Ok(())
}

fn offset_unset(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let Some(mut changed) = fields(this).map(ToOwned::to_owned) else {
        return Ok(());
    };
    if let Some(name) = frame.arg(0).and_then(Zval::str) {
        changed.remove(name);
    }
    // SAFETY: the slot is of this class's own property.
    unsafe { write_slot(this, slot(), sink::array(changed)) };
    Ok(())
}

fn json_serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let fields = BUTTON.read(frame.this()?, "button");
    frame.give_zval(fields);
    Ok(())
}

/// The field that the first argument names.
fn own_field<'f>(frame: &Frame<'f>) -> Result<Option<&'f Zval>, Thrown> {
    let fields = fields(frame.this()?);
    Ok(match (fields, frame.arg(0)) {
        (Some(fields), Some(name)) if name.is_long() => {
            fields.get_index(name.long().unwrap_or_default())
        }
        (Some(fields), Some(name)) => fields.get(name.str().unwrap_or_default()),
        _ => None,
    })
}

fn copy(value: Option<&Zval>) -> Zval {
    value.map_or_else(Zval::new, Zval::shallow_clone)
}

/// Where the array lies in an object; 0 until it is first asked for.
static SLOT: AtomicUsize = AtomicUsize::new(0);

fn slot() -> usize {
    match SLOT.load(Ordering::Relaxed) {
        0 => {
            let offset = BUTTON.slot("button").unwrap_or_default();
            SLOT.store(offset, Ordering::Relaxed);
            offset
        }
        offset => offset,
    }
}

fn slot_of(object: &ZendObject) -> *const Zval {
    std::ptr::from_ref(object).wrapping_byte_add(slot()).cast()
}

/// A value of an array that nobody else shares yet.
fn find<'t>(table: &'t mut HashTable, name: &str) -> Option<&'t mut Zval> {
    // SAFETY: the name is given with its length; the borrow of the table covers the value.
    unsafe { zend_hash_str_find(table, name.as_ptr().cast(), name.len()).as_mut() }
}

/// The array in a value that nobody else shares yet.
fn array_mut(value: &mut Zval) -> Option<&mut HashTable> {
    // SAFETY: the tag says that it is an array; the decoder has just made it.
    (type_of(value) == IS_ARRAY).then(|| unsafe { &mut *value.value.arr })
}

/// The items of a list that nobody else shares yet.
fn values_mut(table: &mut HashTable) -> impl Iterator<Item = &mut Zval> {
    let count = table.nNumOfElements;
    // SAFETY: a list made by the decoder is packed without holes.
    (0..u64::from(count)).filter_map(|index| unsafe { zend_hash_index_find(table, index).as_mut() })
}
