//! Attributes of methods: `#[Handler]`, `#[Filter…]`, `#[Cron]` (specification §8.2).

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{ZEND_ACC_PUBLIC, ZEND_USER_FUNCTION, zend_function};
use ext_php_rs::types::{ZendStr, Zval};

use super::SIMPLE_EVENT_HANDLER;
use super::filters::{self, FILTER};
use super::handler::class_of;
use super::start::find_class;
use crate::class::{Class, Frame, Method, Object, Param, Property, Type, instantiate, is_a};
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};
use crate::zval::entries::values;
use crate::zval::sink;

/// `\danog\MadelineProto\EventHandler\Attributes\Handler`: the method gets every update that its parameter's type allows.
static HANDLER: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Attributes\\Handler",
    flags: Class::FINAL,
    attribute: true,
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\EventHandler\Attributes\Cron`: the method runs when the handler starts, and again so many seconds after
/// each end.
static CRON: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Attributes\\Cron",
    flags: Class::FINAL,
    attribute: true,
    properties: &[Property::filled(c"period", Type::FLOAT)],
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
        let period = given.double().unwrap_or_default();
        if !(period > 0.0 && period <= FOREVER) {
            return Err(Thrown::InvalidArgument(format!(
                "Cron: period: seconds, more than 0 and at most {FOREVER}, are expected; {period} was given"
            )));
        }
        CRON.write(frame.this()?, "period", given)
    })
    .params(&[Param::required(c"period", Type::FLOAT)])],
    ..Class::DEFAULT
};

/// Seconds in a hundred years: what is due later than that, a clock may not be able to tell.
const FOREVER: f64 = 100.0 * 365.25 * 86400.0;

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&HANDLER, &CRON];

/// What a method's attributes make of it.
pub(super) enum Mark {
    /// It gets what passes this filter.
    Filter(Zval),
    /// It runs every so many seconds.
    Cron(f64),
}

/// A method with such attributes.
pub(super) struct Marked {
    pub(super) method: *mut zend_function,
    pub(super) name: String,
    pub(super) mark: Mark,
}

/// The methods of an object with attributes, but for those that `is_other` knows: they are something else.
///
/// # Errors
/// What PHP says of attributes that cannot be made; `AssertionError` for a method that gets updates without saying which, and
/// in a class that is no `SimpleEventHandler`.
pub(super) fn marked(
    object: &Zval,
    is_other: impl Fn(*mut zend_function) -> bool,
) -> Result<Vec<Marked>, Thrown> {
    let Some(class) = class_of(object) else {
        return Ok(Vec::new());
    };
    let is_simple = SIMPLE_EVENT_HANDLER.object(object).is_some();
    let mut all = Vec::new();
    // SAFETY: an object's class is linked, and has a table of functions, which live as long.
    let table = unsafe { &(*class).function_table };
    for entry in values(table) {
        // SAFETY: such a table holds pointers to functions; user code's have a name.
        let (method, name) = unsafe {
            let method = entry.value.func;
            let is_public = (*method).common.fn_flags & ZEND_ACC_PUBLIC != 0;
            if u32::from((*method).type_) != ZEND_USER_FUNCTION
                || !is_public
                || (*method).common.attributes.is_null()
            {
                continue;
            }
            let name = &*(*method).common.function_name.cast::<ZendStr>();
            (
                method,
                String::from_utf8_lossy(name.as_bytes()).into_owned(),
            )
        };
        if is_other(method) {
            continue;
        }
        let reflection = reflect(object, &name)?;
        if !is_simple {
            refuse(&reflection, &name)?;
        } else if let Some(mark) = mark(&reflection, &name)? {
            all.push(Marked { method, name, mark });
        }
    }
    Ok(all)
}

/// An error where a method has one of our attributes; what others there are, does not concern us.
fn refuse(reflection: &Zval, name: &str) -> Result<(), Thrown> {
    let attributes = function::call_on(reflection, "getattributes", &mut [])?;
    for attribute in attributes.array().into_iter().flat_map(values) {
        let class = function::call_on(attribute.dereference(), "getname", &mut [])?;
        let class = class
            .zend_str()
            .and_then(|name| find_class(name.as_bytes()));
        Thrown::pending()?;
        let ours = [&FILTER, &HANDLER, &CRON];
        if class.is_some_and(|class| ours.iter().any(|own| is_a(class, own.entry()))) {
            return Err(Thrown::Assertion(format!(
                "{name}(): attributes of this kind are for classes that extend danog\\MadelineProto\\SimpleEventHandler"
            )));
        }
    }
    Ok(())
}

fn mark(reflection: &Zval, name: &str) -> Result<Option<Mark>, Thrown> {
    let attributes = function::call_on(reflection, "getattributes", &mut [])?;
    let (mut filters, mut is_handler) = (Vec::new(), false);
    for attribute in attributes.array().into_iter().flat_map(values) {
        let made = function::call_on(attribute.dereference(), "newinstance", &mut [])?;
        if let Some(cron) = CRON.object(&made) {
            let period = CRON.read_set(cron, "period")?;
            return Ok(Some(Mark::Cron(period.double().unwrap_or_default())));
        }
        is_handler |= HANDLER.object(&made).is_some();
        if FILTER.object(&made).is_some() {
            filters.push(made);
        }
    }
    if filters.len() > 1 {
        logger::write(Level::Error, || {
            format!(
                "{name}(): only the first filter counts: FiltersAnd or FiltersOr makes one of several"
            )
        });
    }
    if filters.is_empty() && !is_handler {
        return Ok(None);
    }
    filters.truncate(1);
    let parameters = function::call_on(reflection, "getparameters", &mut [])?;
    let first = parameters.array().and_then(|all| values(all).next());
    let ty = match first {
        Some(first) => function::call_on(first.dereference(), "gettype", &mut [])?,
        None => Zval::new(),
    };
    let Some(ty) = ty.object().map(Object::of) else {
        return Err(Thrown::Assertion(format!(
            "{name}(): the method of a filter takes the update as its first parameter, whose type says which updates it wants: \
             Message&Incoming, for example"
        )));
    };
    filters.push(filters::of_type(ty)?);
    Ok(Some(Mark::Filter(filters::all_of(filters)?)))
}

/// A `ReflectionMethod`.
fn reflect(object: &Zval, name: &str) -> Result<Zval, Thrown> {
    let class = find_class(b"ReflectionMethod")
        .ok_or_else(|| Thrown::Error("PHP has no ReflectionMethod".to_owned()))?;
    // SAFETY: a class of PHP's that is not abstract.
    let reflection = unsafe { instantiate(class) }.into_zval(false)?;
    let mut arguments = [object.shallow_clone(), sink::text(name.as_bytes())];
    let this = reflection.object().map(Object::of);
    function::call_public(class, this, "__construct", &mut arguments)?;
    Ok(reflection)
}
