//! PHP classes as tables: a [`Class`] says what a class looks like, [`register`] tells the engine.
//!
//! A class is a `static`; its methods name a Rust function each, which gets a [`Frame`] and returns `Ok(())` or the
//! exception to throw. Argument counts and types are checked against the table before the function runs, as PHP
//! does it for functions written in PHP, so a handler may rely on them. A panic never crosses into PHP: it becomes
//! an exception.
//!
//! ```ignore
//! pub(crate) static GREETER: Class = Class {
//!     name: c"danog\\MadelineProto\\Greeter",
//!     flags: Class::FINAL,
//!     properties: &[Property::new(c"name", Type::STRING, Literal::Text(""))],
//!     methods: &[Method::new(c"greet", greet).params(&[Param::optional(c"greeting", Type::STRING, c"'Hello'")])],
//!     ..Class::DEFAULT
//! };
//!
//! fn greet(frame: &mut Frame<'_>) -> Result<(), Thrown> {
//!     let name = GREETER.read(frame.this()?, "name");
//!     frame.give(format!("{} {}", frame.text(0).unwrap_or("Hello".into()), name.str().unwrap_or_default()))
//! }
//! ```

mod bridge;
mod entry;
mod frame;
mod inherited;
mod object;
mod state;

use std::ffi::CStr;
use std::sync::atomic::{AtomicPtr, Ordering};

use ext_php_rs::ffi::{
    ZEND_ACC_ABSTRACT, ZEND_ACC_INTERFACE, ZEND_ACC_NOT_SERIALIZABLE, ZEND_ACC_PRIVATE,
    ZEND_ACC_PROTECTED, ZEND_ACC_PUBLIC, ZEND_ACC_STATIC, ZEND_ACC_VARIADIC, zend_class_entry,
    zend_execute_data, zend_object_handlers, zval,
};
use ext_php_rs::zend::ClassEntry;

use crate::exceptions::Thrown;
use crate::zend;

pub(crate) use bridge::Bridge;
pub(crate) use entry::{declare, forget, function_entry, interned, register};
pub(crate) use frame::{Frame, enter_unchecked, type_name, type_of};
pub(crate) use object::{Object, instantiate, is_a, read_property, write_slot};
pub(crate) use state::{State, StateLayout};

/// Everything PHP knows of a class, and, after [`register`], the engine's entry for it.
pub(crate) struct Class {
    /// The full name, without a leading backslash.
    pub(crate) name: &'static CStr,
    /// [`Class::FINAL`] and the like, or'ed.
    pub(crate) flags: u32,
    /// The parent class.
    pub(crate) parent: Option<Base>,
    /// Interfaces the class implements (an interface: extends).
    pub(crate) interfaces: &'static [Base],
    /// Class constants, all public.
    pub(crate) constants: &'static [(&'static CStr, Literal)],
    /// Further constants, which several classes share.
    pub(crate) shared_constants: &'static [(&'static CStr, Literal)],
    /// Declared properties.
    pub(crate) properties: &'static [Property],
    /// Methods in the order Reflection lists them.
    pub(crate) methods: &'static [Method],
    /// Further methods, which several classes share.
    pub(crate) traits: &'static [&'static [Method]],
    /// The cases of an enum; it has neither parent nor state.
    pub(crate) cases: &'static [&'static CStr],
    /// The values of the cases, in the same order, of an enum that is backed by them: all ints, or all strings.
    pub(crate) case_values: &'static [Literal],
    /// Scripts write it above methods, as `#[Name(…)]`.
    pub(crate) attribute: bool,
    /// Further names of the same class.
    pub(crate) aliases: &'static [&'static CStr],
    /// Rust data inside each object: `Some(StateLayout::of::<T>())`. Inherited by child classes.
    pub(crate) state: Option<StateLayout>,
    /// Where the engine's class entry lies; [`Handles::NONE`] in tables.
    pub(crate) handles: Handles,
}

/// What the engine made of a class.
pub(crate) struct Handles {
    entry: AtomicPtr<zend_class_entry>,
    handlers: AtomicPtr<zend_object_handlers>,
}

impl Handles {
    /// Not registered yet.
    #[allow(
        clippy::declare_interior_mutable_const,
        reason = "a template: every static gets its own copy"
    )]
    pub(crate) const NONE: Self = Self {
        entry: AtomicPtr::new(std::ptr::null_mut()),
        handlers: AtomicPtr::new(std::ptr::null_mut()),
    };
}

impl Class {
    /// No class may extend it.
    pub(crate) const FINAL: u32 = zend::ZEND_ACC_FINAL;
    /// `new` is an error.
    pub(crate) const ABSTRACT: u32 = ZEND_ACC_ABSTRACT;
    /// It is an interface: its methods are [`Method::without_body`].
    pub(crate) const INTERFACE: u32 = ZEND_ACC_INTERFACE;
    /// Undeclared properties may be set.
    pub(crate) const DYNAMIC: u32 = zend::ZEND_ACC_ALLOW_DYNAMIC_PROPERTIES;
    /// `serialize()` is an error.
    pub(crate) const NOT_SERIALIZABLE: u32 = ZEND_ACC_NOT_SERIALIZABLE;

    /// An empty class; `..Class::DEFAULT` ends every table.
    #[allow(
        clippy::declare_interior_mutable_const,
        reason = "a template: every static gets its own copy"
    )]
    pub(crate) const DEFAULT: Self = Self {
        name: c"",
        flags: 0,
        parent: None,
        interfaces: &[],
        constants: &[],
        shared_constants: &[],
        properties: &[],
        methods: &[],
        traits: &[],
        cases: &[],
        case_values: &[],
        attribute: false,
        aliases: &[],
        state: None,
        handles: Handles::NONE,
    };

    /// The handlers of objects with a state, for changes at module start-up.
    pub(crate) fn handlers(&self) -> *mut zend_object_handlers {
        self.handles.handlers.load(Ordering::Acquire)
    }

    /// The engine's class entry; null before [`register`].
    pub(crate) fn entry(&self) -> *mut zend_class_entry {
        self.handles.entry.load(Ordering::Acquire)
    }
}

/// A class or interface that others build on: one of our tables, or one of PHP's own.
#[derive(Clone, Copy)]
pub(crate) enum Base {
    /// A class of this extension; it must be registered earlier.
    Ours(&'static Class),
    /// A class of PHP, e.g. `Base::Php(ext_php_rs::zend::ce::exception)`.
    Php(fn() -> &'static ClassEntry),
    /// `JsonSerializable`.
    JsonSerializable,
}

impl Base {
    fn entry(self) -> *mut zend_class_entry {
        match self {
            Self::Ours(class) => class.entry(),
            Self::Php(entry) => std::ptr::from_ref(entry()).cast_mut(),
            // SAFETY: PHP sets the pointer when its json extension starts, before any other extension does.
            Self::JsonSerializable => unsafe { zend::php_json_serializable_ce },
        }
    }
}

/// A constant value in a table: class constants and property defaults.
#[derive(Clone, Copy)]
pub(crate) enum Literal {
    /// A typed property without a default: reading it before it is set is an error.
    Uninitialized,
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// An int.
    Int(i64),
    /// A float.
    Float(f64),
    /// A string.
    Text(&'static str),
    /// `[]`
    EmptyArray,
    /// An array with these keys. It is made once per process, and copied when a script changes it.
    Array(&'static [(&'static str, Literal)]),
}

/// A declared property.
#[derive(Clone, Copy)]
pub(crate) struct Property {
    name: &'static CStr,
    ty: Type,
    default: Literal,
    flags: u32,
}

impl Property {
    /// A public property. [`Type::NONE`] leaves it untyped.
    pub(crate) const fn new(name: &'static CStr, ty: Type, default: Literal) -> Self {
        Self {
            name,
            ty,
            default,
            flags: ZEND_ACC_PUBLIC,
        }
    }

    /// A public readonly property that has its value once the object is made.
    pub(crate) const fn filled(name: &'static CStr, ty: Type) -> Self {
        Self::new(name, ty, Literal::Uninitialized).readonly()
    }

    /// The same property, protected.
    pub(crate) const fn protected(self) -> Self {
        Self {
            flags: self.flags & !ZEND_ACC_PUBLIC | ZEND_ACC_PROTECTED,
            ..self
        }
    }

    /// The same property, private.
    pub(crate) const fn private(self) -> Self {
        Self {
            flags: self.flags & !ZEND_ACC_PUBLIC | ZEND_ACC_PRIVATE,
            ..self
        }
    }

    /// The same property, readonly; its default must be [`Literal::Uninitialized`].
    pub(crate) const fn readonly(self) -> Self {
        Self {
            flags: self.flags | zend::ZEND_ACC_READONLY,
            ..self
        }
    }

    /// The same property, static.
    pub(crate) const fn of_class(self) -> Self {
        Self {
            flags: self.flags | ZEND_ACC_STATIC,
            ..self
        }
    }
}

/// A PHP type as it stands in signatures: a set of builtin types and at most one class.
#[derive(Clone, Copy)]
pub(crate) struct Type {
    mask: u32,
    class: Option<&'static CStr>,
}

impl Type {
    /// No type is written.
    pub(crate) const NONE: Self = Self::builtin(0);
    /// `null`
    pub(crate) const NULL: Self = Self::builtin(zend::MAY_BE_NULL);
    /// `void` (return types only)
    pub(crate) const VOID: Self = Self::builtin(zend::MAY_BE_VOID);
    /// `mixed`
    pub(crate) const MIXED: Self = Self::builtin(zend::MAY_BE_ANY);
    /// `bool`
    pub(crate) const BOOL: Self = Self::builtin(zend::MAY_BE_BOOL);
    /// `false`
    pub(crate) const FALSE: Self = Self::builtin(zend::MAY_BE_FALSE);
    /// `int`
    pub(crate) const INT: Self = Self::builtin(zend::MAY_BE_LONG);
    /// `float`
    pub(crate) const FLOAT: Self = Self::builtin(zend::MAY_BE_DOUBLE);
    /// `string`
    pub(crate) const STRING: Self = Self::builtin(zend::MAY_BE_STRING);
    /// `array`
    pub(crate) const ARRAY: Self = Self::builtin(zend::MAY_BE_ARRAY);
    /// `object`
    pub(crate) const OBJECT: Self = Self::builtin(zend::MAY_BE_OBJECT);
    /// `callable` (parameters only)
    pub(crate) const CALLABLE: Self = Self::builtin(zend::MAY_BE_CALLABLE);
    /// `static` (return types only)
    pub(crate) const STATIC: Self = Self::builtin(zend::MAY_BE_STATIC);

    const fn builtin(mask: u32) -> Self {
        Self { mask, class: None }
    }

    /// The class `name` (full, without a leading backslash); `self` works in return types.
    pub(crate) const fn class(name: &'static CStr) -> Self {
        Self {
            mask: 0,
            class: Some(name),
        }
    }

    /// `?type`
    pub(crate) const fn nullable(self) -> Self {
        self.or(Self::NULL)
    }

    /// `type|other`; of two classes the first stays.
    pub(crate) const fn or(self, other: Self) -> Self {
        Self {
            mask: self.mask | other.mask,
            class: if self.class.is_some() {
                self.class
            } else {
                other.class
            },
        }
    }
}

/// The text of a table that a macro writes, which ends with a zero byte.
pub(crate) const fn c_str(text: &'static str) -> &'static CStr {
    match CStr::from_bytes_with_nul(text.as_bytes()) {
        Ok(text) => text,
        Err(_) => c"",
    }
}

/// A parameter of a method.
#[derive(Clone, Copy)]
pub(crate) struct Param {
    name: &'static CStr,
    ty: Type,
    default: Option<&'static CStr>,
    by_reference: bool,
}

impl Param {
    /// A parameter that must be given.
    pub(crate) const fn required(name: &'static CStr, ty: Type) -> Self {
        Self {
            name,
            ty,
            default: None,
            by_reference: false,
        }
    }

    /// A parameter that may be left out. `default` is PHP source (`c"null"`, `c"[]"`, `c"5"`), for Reflection and for
    /// calls that name a later parameter.
    pub(crate) const fn optional(name: &'static CStr, ty: Type, default: &'static CStr) -> Self {
        Self {
            name,
            ty,
            default: Some(default),
            by_reference: false,
        }
    }

    /// The same parameter, taken by reference.
    pub(crate) const fn by_reference(self) -> Self {
        Self {
            by_reference: true,
            ..self
        }
    }

    /// Its name.
    pub(crate) const fn name(&self) -> &'static CStr {
        self.name
    }

    const fn is_required(&self) -> bool {
        self.default.is_none()
    }
}

/// A method of a [`Class`].
#[derive(Clone, Copy)]
pub(crate) struct Method {
    name: &'static CStr,
    params: &'static [Param],
    returns: Type,
    flags: u32,
    handler: unsafe extern "C" fn(*mut zend_execute_data, *mut zval),
}

impl Method {
    /// A public method without parameters. `handler` is a plain function (or a closure that captures nothing).
    pub(crate) const fn new<F>(name: &'static CStr, handler: F) -> Self
    where
        F: for<'f> Fn(&mut Frame<'f>) -> Result<(), Thrown> + Copy + 'static,
    {
        // Only its type counts: it has no captures, so `enter` can make one.
        let _ = handler;
        Self {
            name,
            params: &[],
            returns: Type::NONE,
            flags: ZEND_ACC_PUBLIC,
            handler: frame::enter::<F>,
        }
    }

    /// The same method with these parameters.
    pub(crate) const fn params(self, params: &'static [Param]) -> Self {
        Self { params, ..self }
    }

    /// The same method with a return type. The engine trusts it: the handler must return such a value.
    pub(crate) const fn returns(self, returns: Type) -> Self {
        Self { returns, ..self }
    }

    /// The same method, static.
    pub(crate) const fn of_class(self) -> Self {
        Self {
            flags: self.flags | ZEND_ACC_STATIC,
            ..self
        }
    }

    /// The same method, whose last parameter takes all further arguments; its type is not checked.
    pub(crate) const fn variadic(self) -> Self {
        Self {
            flags: self.flags | ZEND_ACC_VARIADIC,
            ..self
        }
    }

    /// A method that classes which implement an interface must have.
    pub(crate) const fn without_body(name: &'static CStr) -> Self {
        let method = Self::new(name, |_: &mut Frame<'_>| Ok(()));
        Self {
            flags: method.flags | ZEND_ACC_ABSTRACT,
            ..method
        }
    }

    /// The same method, final.
    pub(crate) const fn fixed(self) -> Self {
        Self {
            flags: self.flags | zend::ZEND_ACC_FINAL,
            ..self
        }
    }

    /// The same method, protected.
    pub(crate) const fn protected(self) -> Self {
        Self {
            flags: self.flags & !ZEND_ACC_PUBLIC | ZEND_ACC_PROTECTED,
            ..self
        }
    }
}
