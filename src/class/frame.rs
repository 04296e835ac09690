//! One running call of a method: its object, arguments and result.

use std::borrow::Cow;
use std::ffi::CStr;
use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind};

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{
    _ZEND_TYPE_NAME_BIT, IS_UNDEF, ZEND_ACC_STRICT_TYPES, ZEND_ACC_VARIADIC, zend_class_entry,
    zend_execute_data, zend_internal_arg_info, zend_is_callable, zend_lookup_class_ex, zend_string,
    zend_wrong_parameters_count_error, zval,
};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};

use super::object::is_a;
use super::state::State;
use super::{Class, Object};
use crate::exceptions::Thrown;
use crate::zval::entries::{snapshot, values};
use crate::{panic, zend};

/// A call in progress. Arguments have the types that the method's table promises.
pub(crate) struct Frame<'f> {
    data: &'f mut zend_execute_data,
    result: &'f mut Zval,
}

/// What the engine calls for a method with the handler `F`.
///
/// # Safety
/// For the engine only: `data` is the running call, `result` its result slot.
pub(super) unsafe extern "C" fn enter<F>(data: *mut zend_execute_data, result: *mut zval)
where
    F: for<'f> Fn(&mut Frame<'f>) -> Result<(), Thrown> + Copy + 'static,
{
    const { assert!(size_of::<F>() == 0, "a handler captures nothing") };
    // SAFETY: a type without size has no bytes to be wrong; `Method::new` got a value of it.
    let handler: &F = unsafe { std::ptr::NonNull::<F>::dangling().as_ref() };
    // SAFETY: the engine keeps both alive during the call, and nobody else uses the result slot.
    let (data, result) = unsafe { (&mut *data, &mut *result) };
    guard(Frame { data, result }, |frame| {
        frame.check_arguments()?;
        handler(frame)
    });
}

/// Runs a handler that the engine calls without a method table; its arguments are as the script gave them.
///
/// # Safety
/// For the engine's calls only: `data` is the running call, `result` its result slot.
pub(crate) unsafe fn enter_unchecked(
    data: *mut zend_execute_data,
    result: *mut zval,
    handler: impl for<'f> FnOnce(&mut Frame<'f>) -> Result<(), Thrown>,
) {
    // SAFETY: the engine keeps both alive during the call, and nobody else uses the result slot.
    let (data, result) = unsafe { (&mut *data, &mut *result) };
    guard(Frame { data, result }, handler);
}

/// Runs a handler; what it throws and a panic become PHP's exception.
#[inline]
fn guard<'f>(mut frame: Frame<'f>, handler: impl FnOnce(&mut Frame<'f>) -> Result<(), Thrown>) {
    let outcome = catch_unwind(AssertUnwindSafe(|| handler(&mut frame)));
    match outcome {
        Ok(Ok(())) => {}
        Ok(Err(thrown)) => thrown.raise(),
        Err(panic) => Thrown::panicked(&panic::describe(panic.as_ref())).raise(),
    }
}

impl<'f> Frame<'f> {
    /// `$this`.
    pub(crate) fn this(&self) -> Result<&'f Object, Thrown> {
        self.this_pointer()
            .map(|object| {
                // SAFETY: the engine holds a reference to `$this` during the call.
                unsafe { Object::from_raw(object) }
            })
            .ok_or_else(|| Thrown::Exception("This method was called without an object".to_owned()))
    }

    /// The class that a static method was called on.
    pub(crate) fn called_class(&self) -> Option<*mut zend_class_entry> {
        // SAFETY: in a static call `This` holds the called class; the engine leaves its type undefined.
        unsafe {
            (u32::from(self.data.This.u1.v.type_) != ext_php_rs::ffi::IS_OBJECT)
                .then_some(self.data.This.value.ce)
        }
        .filter(|class| !class.is_null())
    }

    /// The Rust data of `$this`.
    pub(crate) fn state<T: State>(&self) -> Result<&'f T, Thrown> {
        let this = self.this()?;
        Class::state(this).ok_or_else(|| {
            Thrown::Exception("This object was not made by its own class".to_owned())
        })
    }

    /// How many positional arguments were given.
    pub(crate) fn count(&self) -> usize {
        // SAFETY: in a call frame this union holds the number of arguments.
        unsafe { self.data.This.u2.num_args as usize }
    }

    /// Argument `index`, references followed, when it was given.
    pub(crate) fn arg(&self, index: usize) -> Option<&'f Zval> {
        let slot = self.argument_slot(index)?;
        // SAFETY: the slot lies in the call frame and lives as long as the call.
        let value = unsafe { (*slot).dereference() };
        (type_of(value) != IS_UNDEF).then_some(value)
    }

    /// Argument `index`, when it was given and is not null.
    pub(crate) fn present(&self, index: usize) -> Option<&'f Zval> {
        self.arg(index).filter(|value| !value.is_null())
    }

    /// Writes to argument `index`, where the caller gave a variable for it.
    pub(crate) fn assign(&mut self, index: usize, mut value: Zval) -> Result<(), Thrown> {
        let Some(slot) = self.argument_slot(index) else {
            return Ok(());
        };
        // SAFETY: the slot is of a given argument. A reference to a typed property is assigned by the engine, which takes
        // the value; otherwise the assignment releases the former one.
        unsafe {
            let is_typed = (*slot).is_reference() && !(*(*slot).value.ref_).sources.ptr.is_null();
            if is_typed {
                zend::zend_try_assign_typed_ref_zval((*slot).value.ref_, &raw mut value);
                mem::forget(value);
            } else {
                *(*slot).dereference_mut() = value;
            }
        }
        Thrown::pending()
    }

    /// An int argument.
    pub(crate) fn int(&self, index: usize) -> Option<i64> {
        self.arg(index)?.long()
    }

    /// A bool argument.
    pub(crate) fn bool(&self, index: usize) -> Option<bool> {
        self.arg(index)?.bool()
    }

    /// The bytes of a string argument.
    pub(crate) fn bytes(&self, index: usize) -> Option<&'f [u8]> {
        Some(self.arg(index)?.zend_str()?.as_bytes())
    }

    /// A string argument; what is not UTF-8 in it becomes U+FFFD.
    pub(crate) fn text(&self, index: usize) -> Option<Cow<'f, str>> {
        self.bytes(index).map(String::from_utf8_lossy)
    }

    /// An array argument.
    pub(crate) fn array(&self, index: usize) -> Option<&'f ZendHashTable> {
        self.arg(index)?.array()
    }

    /// A copy of argument `index` without references: PHP code that runs meanwhile does not change it. `method` is named in the
    /// exception where it nests too deep; null where the argument was not given.
    pub(crate) fn snapshot(&self, index: usize, method: &str) -> Result<Zval, Thrown> {
        let Some(given) = self.arg(index) else {
            return Ok(Zval::new());
        };
        snapshot(given).ok_or_else(|| {
            Thrown::Exception(format!(
                "{method}: arrays are nested too deep, or contain themselves"
            ))
        })
    }

    /// An object argument.
    pub(crate) fn object(&self, index: usize) -> Option<&'f Object> {
        self.arg(index)?.object().map(Object::of)
    }

    /// All arguments, those that no parameter took by their names last.
    pub(crate) fn all(&self) -> impl Iterator<Item = &'f Zval> {
        let by_position = (0..self.count()).filter_map(|index| self.arg(index));
        let by_name = self.named().into_iter().flat_map(values);
        by_position.chain(by_name.map(Zval::dereference))
    }

    /// Named arguments that no parameter took; only methods with a variadic parameter get any.
    pub(crate) fn named(&self) -> Option<&'f ZendHashTable> {
        // SAFETY: the flag says that the pointer is set; the table lives as long as the call.
        unsafe {
            let given = self.data.This.u1.type_info & zend::ZEND_CALL_HAS_EXTRA_NAMED_PARAMS != 0;
            given.then(|| &*self.data.extra_named_params)
        }
    }

    /// Returns `value` to PHP.
    pub(crate) fn give(&mut self, value: impl IntoZval) -> Result<(), Thrown> {
        value
            .set_zval(self.result, false)
            .map_err(|error| Thrown::Exception(error.to_string()))
    }

    /// Returns a value that is a zval already.
    pub(crate) fn give_zval(&mut self, value: Zval) {
        // The slot holds null until a method returns.
        mem::forget(mem::replace(self.result, value));
    }

    /// Returns a copy of a value that lives elsewhere.
    pub(crate) fn give_copy(&mut self, value: &Zval) {
        self.give_zval(value.shallow_clone());
    }

    /// Returns `$this`, as setters do.
    pub(crate) fn give_this(&mut self) {
        if let Some(this) = self.this_pointer() {
            // SAFETY: `$this` is alive; `set_object` takes a reference of its own.
            self.result.set_object(unsafe { &mut *this });
        }
    }

    /// `$this` as a value of its own; null in a static call.
    pub(crate) fn this_value(&self) -> Zval {
        let mut value = Zval::new();
        if let Some(this) = self.this_pointer() {
            // SAFETY: `$this` is alive; `set_object` takes a reference of its own.
            value.set_object(unsafe { &mut *this });
        }
        value
    }

    /// The running function's `arg_info`.
    pub(crate) fn arg_info(&self) -> *const zend_internal_arg_info {
        // SAFETY: only internal functions reach our handlers.
        unsafe { (*self.data.func).internal_function.arg_info }
    }

    fn this_pointer(&self) -> Option<*mut ZendObject> {
        // SAFETY: `This` holds an object exactly when its type says so.
        unsafe {
            (u32::from(self.data.This.u1.v.type_) == ext_php_rs::ffi::IS_OBJECT)
                .then_some(self.data.This.value.obj)
        }
    }

    fn argument_slot(&self, index: usize) -> Option<*mut Zval> {
        (index < self.count()).then(|| {
            let frame = std::ptr::from_ref(&*self.data).cast_mut().cast::<Zval>();
            // SAFETY: arguments follow the call frame, whose size is a whole number of zvals (ZEND_CALL_FRAME_SLOT).
            unsafe { frame.add(size_of::<zend_execute_data>().div_ceil(size_of::<zval>()) + index) }
        })
    }

    /// What the engine does for functions written in PHP: enough arguments, of the declared types; more than are
    /// declared do no harm.
    fn check_arguments(&mut self) -> Result<(), Thrown> {
        // SAFETY: the running function is one of ours, registered with its arg_info.
        let function = unsafe { (*self.data.func).internal_function };
        let given = self.count() as u32;
        if given < function.required_num_args {
            let most = if function.fn_flags & ZEND_ACC_VARIADIC != 0 {
                u32::MAX
            } else {
                function.num_args
            };
            // SAFETY: reports on the running function.
            unsafe { zend_wrong_parameters_count_error(function.required_num_args, most) };
            return Err(Thrown::Pending);
        }
        for index in 0..given.min(function.num_args) {
            // SAFETY: arg_info has `num_args` records.
            let info = unsafe { &*function.arg_info.add(index as usize) };
            self.check_argument(index, info)?;
        }
        Ok(())
    }

    fn check_argument(&mut self, index: u32, info: &zend_internal_arg_info) -> Result<(), Thrown> {
        let mask = info.type_.type_mask;
        let Some(slot) = self.argument_slot(index as usize) else {
            return Ok(());
        };
        // SAFETY: the slot is of a given argument.
        let value = unsafe { (*slot).dereference_mut() };
        let ty = type_of(value);
        let untyped = mask & (zend::MAY_BE_ANY | zend::MAY_BE_CALLABLE) == 0 && !has_class(info);
        // An argument that was skipped by naming a later one is undefined.
        if untyped || ty == IS_UNDEF || mask & (1 << ty) != 0 {
            return Ok(());
        }
        // SAFETY: `value` is a valid zval; the class name in arg_info is a string of the engine since registration.
        let fits = unsafe {
            has_class(info)
                && value
                    .object()
                    .is_some_and(|object| is_named(object, info.type_.ptr.cast()))
                || mask & zend::MAY_BE_CALLABLE != 0
                    && zend_is_callable(value, 0, std::ptr::null_mut())
                || zend::zend_verify_scalar_type_hint(mask, value, self.caller_is_strict(), false)
        };
        if fits {
            return Ok(());
        }
        // SAFETY: reports on the running function's argument; both records have the same layout.
        unsafe {
            zend::zend_verify_arg_error(
                self.data.func,
                std::ptr::from_ref(info).cast(),
                index + 1,
                value,
            );
        };
        Err(Thrown::Pending)
    }

    fn caller_is_strict(&self) -> bool {
        // SAFETY: callers' frames outlive the call; frames without a function are skipped.
        unsafe {
            self.data
                .prev_execute_data
                .as_ref()
                .and_then(|caller| caller.func.as_ref())
                .is_some_and(|function| function.common.fn_flags & ZEND_ACC_STRICT_TYPES != 0)
        }
    }
}

/// The type tag of a value: `IS_LONG` and the like.
pub(crate) fn type_of(value: &Zval) -> u32 {
    // SAFETY: every zval has its tag in this place.
    u32::from(unsafe { value.u1.v.type_ })
}

/// PHP's name of a value's type, for messages.
pub(crate) fn type_name(value: &Zval) -> String {
    // SAFETY: a valid zval; the names are static strings.
    let name = unsafe { CStr::from_ptr(zend::zend_zval_type_name(value)) };
    name.to_string_lossy().into_owned()
}

fn has_class(info: &zend_internal_arg_info) -> bool {
    info.type_.type_mask & _ZEND_TYPE_NAME_BIT != 0
}

/// Whether `object` is an instance of the class `name`; a class that is not loaded has no instances.
unsafe fn is_named(object: &ZendObject, name: *mut zend_string) -> bool {
    // SAFETY: the caller passes a valid name; looking it up does not load anything.
    let wanted = unsafe {
        zend_lookup_class_ex(
            name,
            std::ptr::null_mut(),
            zend::ZEND_FETCH_CLASS_NO_AUTOLOAD,
        )
    };
    !wanted.is_null() && is_a(object.ce, wanted)
}
