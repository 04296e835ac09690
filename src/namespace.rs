//! `$api->messages` and its like: one class per namespace, with a real method for every TL method.
//!
//! All methods share one handler. Which one was called stands behind its `arg_info`, so a dispatch looks nothing up;
//! Reflection, named arguments, callables and the JIT treat them as what they are: methods. Methods that only a
//! schema loaded at run time has come through `__call`.

use std::ffi::CString;
use std::mem;
use std::rc::Rc;
use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::ffi::{
    _ZEND_IS_VARIADIC_BIT, ZEND_ACC_PUBLIC, ZEND_ACC_VARIADIC, zend_class_entry, zend_execute_data,
    zend_function_entry, zend_internal_arg_info, zend_register_internal_class_ex, zend_type, zval,
};
use ext_php_rs::types::Zval;
use madeline_tl::{Definition, DefinitionId, Schema};
use once_cell::sync::OnceCell;

use crate::api::instance::Instance;
use crate::call::{self, Arguments};
use crate::class::{self, Class, Frame, Method, Object, Param, State, StateLayout, Type};
use crate::exceptions::Thrown;

/// The parent of all namespaces.
pub(crate) static NAMESPACE: Class = Class {
    name: c"danog\\MadelineProto\\Namespace\\AbstractAPI",
    flags: Class::ABSTRACT | Class::NOT_SERIALIZABLE,
    methods: &[Method::new(c"__call", call_by_name)
        .params(&[
            Param::required(c"name", Type::STRING),
            Param::required(c"arguments", Type::ARRAY),
        ])
        .returns(Type::MIXED)
        .fixed()],
    state: Some(StateLayout::of::<NamespaceState>()),
    ..Class::DEFAULT
};

/// What a namespace object carries.
#[derive(Default)]
pub(crate) struct NamespaceState {
    of: std::cell::OnceCell<(Rc<Instance>, &'static Namespace)>,
}

impl State for NamespaceState {
    fn class() -> &'static Class {
        &NAMESPACE
    }
}

/// A registered namespace.
pub(crate) struct Namespace {
    /// Its name in TL, and the property's: `messages`.
    pub(crate) name: &'static str,
    /// The property's name and the class' full name for property types.
    pub(crate) property: CString,
    class: CString,
    entry: AtomicPtr<zend_class_entry>,
    /// The class' function table, which lives as long as the process.
    functions: AtomicPtr<zend_function_entry>,
}

/// The `arg_info` of one method, and behind it what the handler needs.
#[repr(C)]
struct MethodInfo {
    returns: zend_internal_arg_info,
    arguments: zend_internal_arg_info,
    definition: DefinitionId,
    forbidden: bool,
}

static NAMESPACES: OnceCell<Vec<Namespace>> = OnceCell::new();

/// Registers a class for every namespace of the compiled-in schema. At module start-up, after [`NAMESPACE`].
pub(crate) fn startup() {
    let schema = Schema::api();
    let prepare = || schema.namespaces().map(|name| prepare(name, schema));
    // PHP may start several times in one process, as when Apache reads its configuration again.
    let namespaces = NAMESPACES.get_or_init(|| prepare().collect());
    namespaces.iter().for_each(register);
}

/// All namespaces, sorted by name.
pub(crate) fn all() -> &'static [Namespace] {
    NAMESPACES.get().map_or(&[], Vec::as_slice)
}

impl Namespace {
    /// The type of the property that holds an object of this namespace.
    pub(crate) fn class(&'static self) -> Type {
        Type::class(&self.class)
    }

    /// A new object that calls through `instance`.
    pub(crate) fn object(&'static self, instance: &Rc<Instance>) -> Zval {
        // SAFETY: the class was registered at module start-up and is not abstract.
        let mut object = unsafe { class::instantiate(self.entry.load(Ordering::Relaxed)) };
        if let Some(state) = Class::state::<NamespaceState>(Object::new(&mut object)) {
            state.of.get_or_init(|| (Rc::clone(instance), self));
        }
        let mut value = Zval::new();
        value.set_object(&mut object);
        value
    }
}

/// Everything but the class.
fn prepare(name: &'static str, schema: &'static Schema) -> Namespace {
    let methods: Vec<_> = schema
        .methods()
        .filter(|method| method.namespace() == Some(name))
        .collect();
    let infos = Vec::leak(
        methods
            .iter()
            .map(|method| method_info(*method))
            .collect::<Vec<_>>(),
    );
    let names: String = methods
        .iter()
        .flat_map(|method| [method.short_name(), "\0"])
        .collect();
    // The engine keeps pointers to both tables for as long as the class exists: until the process ends.
    let mut name_start = String::leak(names).as_ptr();
    let mut functions: Vec<zend_function_entry> = methods
        .iter()
        .zip(infos)
        .map(|(method, info)| {
            let fname = name_start.cast();
            name_start = name_start.wrapping_add(method.short_name().len() + 1);
            zend_function_entry {
                fname,
                handler: Some(call_method),
                arg_info: &raw const info.returns,
                num_args: 1,
                flags: ZEND_ACC_PUBLIC | ZEND_ACC_VARIADIC | crate::zend::ZEND_ACC_FINAL,
            }
        })
        .collect();
    // SAFETY: an all-zero entry ends the table.
    functions.push(unsafe { mem::zeroed() });
    Namespace {
        name,
        property: CString::new(name).unwrap_or_default(),
        class: class_name(name),
        entry: AtomicPtr::default(),
        functions: AtomicPtr::new(Vec::leak(functions).as_mut_ptr()),
    }
}

fn register(namespace: &Namespace) {
    // SAFETY: all fields of a class entry may be zero; the engine reads only the name and the functions.
    let entry = unsafe {
        let mut template: zend_class_entry = mem::zeroed();
        template.name = class::interned(&namespace.class);
        template.info.internal.builtin_functions = namespace.functions.load(Ordering::Relaxed);
        zend_register_internal_class_ex(&raw mut template, NAMESPACE.entry())
    };
    // SAFETY: the engine has just made it.
    unsafe { (*entry).ce_flags |= Class::FINAL | Class::NOT_SERIALIZABLE };
    namespace.entry.store(entry, Ordering::Relaxed);
}

/// `danog\MadelineProto\Namespace\Messages` of `messages`.
fn class_name(namespace: &str) -> CString {
    let mut letters = namespace.chars();
    let first = letters.next().map(|letter| letter.to_ascii_uppercase());
    let name: String = first.into_iter().chain(letters).collect();
    CString::new(format!("danog\\MadelineProto\\Namespace\\{name}")).unwrap_or_default()
}

fn method_info(method: Definition<'_>) -> MethodInfo {
    let untyped = |mask| zend_type {
        ptr: std::ptr::null_mut(),
        type_mask: mask,
    };
    MethodInfo {
        // By the engine's convention, the number of required parameters stands in place of a name: none.
        returns: zend_internal_arg_info {
            name: std::ptr::null(),
            type_: untyped(0),
            default_value: std::ptr::null(),
        },
        arguments: zend_internal_arg_info {
            name: c"arguments".as_ptr(),
            type_: untyped(_ZEND_IS_VARIADIC_BIT),
            default_value: std::ptr::null(),
        },
        definition: method.number(),
        forbidden: call::replacement(method.name()).is_some(),
    }
}

/// The handler of every TL method.
unsafe extern "C" fn call_method(data: *mut zend_execute_data, result: *mut zval) {
    // SAFETY: called by the engine. Our `arg_info` is the `arguments` member of a `MethodInfo`: without types in it,
    // the engine uses the record that was registered and not a copy.
    unsafe {
        class::enter_unchecked(data, result, |frame| {
            let info = &*frame
                .arg_info()
                .byte_sub(mem::offset_of!(MethodInfo, arguments))
                .cast::<MethodInfo>();
            call(frame, info)
        });
    }
}

fn call(frame: &mut Frame<'_>, info: &MethodInfo) -> Result<(), Thrown> {
    let (instance, _) = owner(frame)?;
    let arguments = Arguments::of(frame, instance.dialect())?;
    if cfg!(feature = "dispatch-bench")
        && arguments
            .array()
            .is_some_and(|given| given.nNumOfElements == 0)
    {
        return Ok(());
    }
    let Some(method) = Schema::api().definition(info.definition) else {
        return Ok(());
    };
    let method = if instance.has_own_schema() {
        call::method(instance, method.name())?
    } else {
        method
    };
    if info.forbidden {
        call::check_allowed(method)?;
    }
    let value = call::perform(instance, method, &arguments)?;
    frame.give_zval(value);
    Ok(())
}

/// Methods that no class has: those of a schema loaded at run time, and mistakes.
fn call_by_name(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (instance, namespace) = owner(frame)?;
    let name = frame.text(0).unwrap_or_default();
    let method = call::method(instance, &format!("{}.{name}", namespace.name))?;
    let Some(given) = frame.array(1) else {
        return Ok(());
    };
    let arguments = Arguments::of_array(given, instance.dialect())?;
    call::check_allowed(method)?;
    let value = call::perform(instance, method, &arguments)?;
    frame.give_zval(value);
    Ok(())
}

fn owner<'f>(frame: &Frame<'f>) -> Result<(&'f Rc<Instance>, &'static Namespace), Thrown> {
    let state = frame.state::<NamespaceState>()?;
    let (instance, namespace) = state.of.get().ok_or_else(|| {
        Thrown::Exception(
            "A namespace cannot be made by itself: use the properties of an API object".to_owned(),
        )
    })?;
    Ok((instance, namespace))
}
