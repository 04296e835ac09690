//! From a [`Class`] table to the engine's class entry.

use std::ffi::CStr;
use std::mem;
use std::sync::atomic::Ordering;
use std::sync::{Mutex, PoisonError};

use ext_php_rs::ffi::{
    _ZEND_IS_VARIADIC_BIT, _ZEND_TYPE_NAME_BIT, GC_FLAGS_SHIFT, GC_IMMUTABLE, HashTable, IS_ARRAY,
    IS_LONG, IS_STRING, IS_UNDEF, ZEND_ACC_PUBLIC, ZEND_ACC_VARIADIC, std_object_handlers,
    zend_class_entry, zend_declare_class_constant_ex, zend_empty_array, zend_enum_add_case,
    zend_function_entry, zend_hash_str_find, zend_hash_update, zend_internal_arg_info,
    zend_register_internal_class_ex, zend_register_internal_enum, zend_register_internal_interface,
    zend_string, zend_string_init_interned, zend_type, zval,
};
use ext_php_rs::types::Zval;

use super::{Class, Literal, Method, Property, Type, inherited};
use crate::zend;

/// Registers classes in the given order, so parents come before their children. At module start-up only.
pub(crate) fn register(classes: &[&'static Class]) {
    for class in classes {
        register_one(class);
    }
}

fn register_one(class: &'static Class) {
    let functions = Functions::of(class);
    // SAFETY: all fields of a class entry may be zero; the engine fills them from this template, of which it reads
    // only the name and the function table.
    let mut template: zend_class_entry = unsafe { mem::zeroed() };
    template.name = interned(class.name);
    template.info.internal.builtin_functions = functions.entries.as_ptr();
    let parent = class
        .parent
        .map_or(std::ptr::null_mut(), super::Base::entry);
    // SAFETY: module start-up; the template lives through the call, the tables it points to live forever.
    let entry = unsafe {
        if class.flags & Class::INTERFACE != 0 {
            zend_register_internal_interface(&raw mut template)
        } else if class.cases.is_empty() {
            zend_register_internal_class_ex(&raw mut template, parent)
        } else {
            let backing = match class.case_values.first() {
                Some(Literal::Int(_)) => IS_LONG,
                Some(Literal::Text(_)) => IS_STRING,
                _ => IS_UNDEF,
            };
            zend_register_internal_enum(
                class.name.as_ptr(),
                backing as _,
                functions.entries.as_ptr(),
            )
        }
    };
    for (index, case) in class.cases.iter().enumerate() {
        let mut value = class.case_values.get(index).copied().map(literal);
        let value = value
            .as_mut()
            .map_or(std::ptr::null_mut(), std::ptr::from_mut);
        // SAFETY: the enum is new, and its cases have values of its type, or none has one. The engine copies the value.
        unsafe { zend_enum_add_case(entry, interned(case), value) };
    }
    // SAFETY: the engine has just returned this entry and keeps it for the life of the process.
    let record = unsafe { &mut *entry };
    record.ce_flags |= class.flags;
    class.handles.entry.store(entry, Ordering::Release);
    // It has read them, and reads them no more.
    record.info.internal.builtin_functions = std::ptr::null();
    functions.keep(record);

    if let Some(state) = class.state {
        let mut handlers = standard_handlers();
        handlers.offset = state.offset as i32;
        handlers.free_obj = Some(state.free);
        handlers.clone_obj = state.clone;
        let place = &class.handles.handlers;
        let known = place.load(Ordering::Acquire);
        if known.is_null() {
            place.store(Box::leak(Box::new(handlers)), Ordering::Release);
        } else {
            // SAFETY: of an earlier start in this process, from here; no object is left that uses it.
            unsafe { known.write(handlers) };
        }
        record.__bindgen_anon_2.create_object = Some(state.create);
    }
    for interface in class.interfaces {
        // SAFETY: both entries are registered; one entry follows the count 1.
        unsafe { zend::zend_class_implements(entry, 1, interface.entry()) };
    }
    for (name, value) in class.constants.iter().chain(class.shared_constants) {
        let mut value = literal(*value);
        // SAFETY: the entry is ours; the engine copies the zval, whose string is interned.
        unsafe {
            zend_declare_class_constant_ex(
                entry,
                interned(name),
                &raw mut value,
                ZEND_ACC_PUBLIC as _,
                std::ptr::null_mut(),
            )
        };
    }
    for property in class.properties {
        declare_property(entry, property);
    }
    if let Some(super::Base::Ours(parent)) = class.parent {
        // SAFETY: both are registered, and no class inherits from this one yet.
        unsafe { inherited::share(entry, parent.entry()) };
    }
    if class.attribute {
        // SAFETY: the entry is registered; at module start-up.
        unsafe {
            zend::zend_internal_attribute_register(entry, zend::ZEND_ATTRIBUTE_TARGET_METHOD)
        };
    }
    for alias in class.aliases {
        let alias = alias.to_bytes();
        // SAFETY: the name is valid for its length and the engine copies it.
        unsafe {
            zend::zend_register_class_alias_ex(alias.as_ptr().cast(), alias.len(), entry, true)
        };
    }
}

/// Declares a further property of a registered class, before any class inherits from it. At module start-up only.
pub(crate) fn declare(class: &Class, property: &Property) {
    declare_property(class.entry(), property);
}

fn declare_property(entry: *mut zend_class_entry, property: &Property) {
    let mut value = literal(property.default);
    // SAFETY: the entry is ours; name and type strings are interned, the engine copies the zval.
    unsafe {
        zend::zend_declare_typed_property(
            entry,
            interned(property.name),
            &raw mut value,
            property.flags as _,
            std::ptr::null_mut(),
            property_type(property.ty),
        )
    };
}

fn standard_handlers() -> ext_php_rs::ffi::zend_object_handlers {
    // SAFETY: a static table of the engine, copied as every extension copies it.
    unsafe { std_object_handlers }
}

/// What the engine is told of a class's methods. It makes functions of it, with arguments of their own where a method has types.
struct Functions {
    entries: Vec<zend_function_entry>,
    arguments: Vec<Arguments>,
}

/// One function's return value and parameters, and how many of those there are.
type Arguments = (Box<[zend_internal_arg_info]>, u32);

/// Arguments that the engine goes on using, as addresses of what is to be freed when PHP has ended.
static KEPT: Mutex<Vec<(usize, usize)>> = Mutex::new(Vec::new());

/// Frees what classes had that are gone: PHP may start several times in a process. Before any class is registered.
pub(crate) fn forget() {
    inherited::forget();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    for (address, length) in kept.drain(..) {
        let place = std::ptr::with_exposed_provenance_mut::<zend_internal_arg_info>(address);
        // SAFETY: a box of that length, given away by `keep()`; the functions that had it went when PHP ended.
        drop(unsafe { Box::from_raw(std::ptr::slice_from_raw_parts_mut(place, length)) });
    }
}

impl Functions {
    fn of(class: &Class) -> Self {
        let shared = class.traits.iter().copied().flatten();
        let methods = class.methods.iter().chain(shared);
        let (mut entries, mut all) = (Vec::new(), Vec::new());
        for method in methods {
            let arguments = arguments(method);
            entries.push(entry(method, &arguments));
            all.push(arguments);
        }
        // SAFETY: an all-zero entry ends the table.
        entries.push(unsafe { mem::zeroed() });
        Self {
            entries,
            arguments: all,
        }
    }

    /// Keeps what functions of the class still point to, and frees the rest.
    fn keep(self, class: &zend_class_entry) {
        let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
        for (entry, (arguments, _)) in self.entries.iter().zip(self.arguments) {
            // SAFETY: entries have the names of methods; a function table holds pointers to functions.
            let is_used = unsafe {
                let name = CStr::from_ptr(entry.fname).to_bytes().to_ascii_lowercase();
                let table = &raw const class.function_table;
                let found = zend_hash_str_find(table, name.as_ptr().cast(), name.len());
                found.as_ref().is_none_or(|found| {
                    let own = (*found.value.func).internal_function.arg_info;
                    std::ptr::eq(own, arguments.as_ptr().wrapping_add(1))
                })
            };
            if is_used {
                let length = arguments.len();
                let place = Box::into_raw(arguments);
                kept.push((place.cast::<u8>().expose_provenance(), length));
            }
        }
    }
}

/// A method, or a function, as the engine registers it.
pub(crate) fn function_entry(method: &Method) -> zend_function_entry {
    let arguments = arguments(method);
    let entry = entry(method, &arguments);
    // The engine may go on using them.
    Box::leak(arguments.0);
    entry
}

fn entry(method: &Method, (arguments, count): &Arguments) -> zend_function_entry {
    zend_function_entry {
        fname: method.name.as_ptr(),
        handler: Some(method.handler),
        arg_info: arguments.as_ptr(),
        num_args: *count,
        flags: method.flags,
    }
}

fn arguments(method: &Method) -> Arguments {
    let mut arg_info = Vec::with_capacity(method.params.len() + 1);
    arg_info.push(zend_internal_arg_info {
        // By the engine's convention the first record holds the number of required parameters in place of a name.
        name: std::ptr::without_provenance(
            method
                .params
                .iter()
                .filter(|param| param.is_required())
                .count(),
        ),
        type_: argument_type(method.returns),
        default_value: std::ptr::null(),
    });
    arg_info.extend(method.params.iter().map(|param| zend_internal_arg_info {
        name: param.name.as_ptr(),
        type_: passed(argument_type(param.ty), param.by_reference),
        default_value: param.default.map_or(std::ptr::null(), CStr::as_ptr),
    }));
    let mut num_args = method.params.len() as u32;
    if method.flags & ZEND_ACC_VARIADIC != 0
        && let Some(last) = arg_info.last_mut()
    {
        last.type_.type_mask |= _ZEND_IS_VARIADIC_BIT;
        num_args -= 1;
    }
    (arg_info.into_boxed_slice(), num_args)
}

/// A type in an `arg_info`: class names are C strings, which the engine turns into its own strings.
fn argument_type(ty: Type) -> zend_type {
    match ty.class {
        None => zend_type {
            ptr: std::ptr::null_mut(),
            type_mask: ty.mask,
        },
        Some(name) => zend_type {
            ptr: name.as_ptr().cast_mut().cast(),
            type_mask: ty.mask | LITERAL_NAME_BIT,
        },
    }
}

/// The type of a parameter with how it is passed.
fn passed(ty: zend_type, by_reference: bool) -> zend_type {
    let mode = u32::from(by_reference) << ext_php_rs::ffi::_ZEND_SEND_MODE_SHIFT;
    zend_type {
        type_mask: ty.type_mask | mode,
        ..ty
    }
}

#[cfg(php83)]
const LITERAL_NAME_BIT: u32 = ext_php_rs::ffi::_ZEND_TYPE_LITERAL_NAME_BIT;
#[cfg(not(php83))]
const LITERAL_NAME_BIT: u32 = _ZEND_TYPE_NAME_BIT;

/// A type of a property: class names are strings of the engine.
fn property_type(ty: Type) -> zend_type {
    match ty.class {
        None => zend_type {
            ptr: std::ptr::null_mut(),
            type_mask: ty.mask,
        },
        Some(name) => zend_type {
            ptr: interned(name).cast(),
            type_mask: ty.mask | _ZEND_TYPE_NAME_BIT,
        },
    }
}

fn literal(value: Literal) -> zval {
    let mut result = Zval::new();
    match value {
        // The type tag of an uninitialized property is 0, IS_UNDEF.
        Literal::Uninitialized => result.u1.type_info = ext_php_rs::ffi::IS_UNDEF,
        Literal::Null => result.set_null(),
        Literal::Bool(value) => result.set_bool(value),
        Literal::Int(value) => result.set_long(value),
        Literal::Float(value) => result.set_double(value),
        Literal::Text(text) => {
            result.value.str_ = interned_bytes(text.as_bytes());
            result.u1.type_info = ext_php_rs::ffi::IS_INTERNED_STRING_EX;
        }
        Literal::EmptyArray => {
            // SAFETY: the engine's immutable empty array; such an array carries no type flags, so nobody counts it.
            result.value.arr = std::ptr::addr_of!(zend_empty_array).cast_mut();
            result.u1.type_info = ext_php_rs::ffi::IS_ARRAY;
        }
        Literal::Array(entries) => {
            let mut array = shared_array(entries.len());
            for (key, value) in entries {
                array.put(key, literal(*value));
            }
            array.give(&mut result);
        }
    }
    result
}

/// An array that lives as long as the process: nobody counts references to it, and who changes it gets a copy.
struct SharedArray(*mut HashTable);

/// The arrays, so that tools that look for leaks see that they are in use.
static SHARED_ARRAYS: Mutex<Vec<usize>> = Mutex::new(Vec::new());

fn shared_array(size: usize) -> SharedArray {
    // SAFETY: all fields of a table may be zero; the engine fills them next. The table is never freed.
    let table = unsafe {
        let table = Box::into_raw(Box::new(mem::zeroed::<HashTable>()));
        zend::_zend_hash_init(table, size as u32, None, true);
        table
    };
    let mut arrays = SHARED_ARRAYS.lock().unwrap_or_else(PoisonError::into_inner);
    arrays.push(table.expose_provenance());
    SharedArray(table)
}

impl SharedArray {
    fn put(&mut self, key: &str, mut value: zval) {
        // SAFETY: the table is ours, the key interned; the engine copies the value, which nobody counts.
        unsafe { zend_hash_update(self.0, interned_bytes(key.as_bytes()), &raw mut value) };
    }

    fn give(self, result: &mut zval) {
        // SAFETY: the table is ours. With more than one reference, whoever writes to it separates it first.
        unsafe {
            (*self.0).gc.refcount = 2;
            (*self.0).gc.u.type_info |= GC_IMMUTABLE << GC_FLAGS_SHIFT;
        }
        result.value.arr = self.0;
        // Without type flags, as the engine's own empty array.
        result.u1.type_info = IS_ARRAY;
    }
}

/// The engine's interned string for `text`. At module start-up only.
pub(crate) fn interned(text: &CStr) -> *mut zend_string {
    interned_bytes(text.to_bytes())
}

/// As [`interned`], from bytes.
pub(crate) fn interned_bytes(text: &[u8]) -> *mut zend_string {
    // SAFETY: the engine sets the function pointer before extensions start; it copies the text.
    unsafe {
        zend_string_init_interned.map_or(std::ptr::null_mut(), |init| {
            init(text.as_ptr().cast(), text.len(), true)
        })
    }
}
