//! Filters of event handlers: which updates a method with an attribute gets (specification §8.5).
//!
//! A filter is an object of PHP, so that scripts may combine them and write their own. It is made once, by the attribute; each
//! update that can be an object is shown to it.

mod combinators;
mod of_types;
mod peers;
mod plain;
mod texts;

use ext_php_rs::types::Zval;

use crate::class::{Base, Class, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::function;

pub(super) use combinators::all_of;
pub(super) use of_types::of_type;

/// `\danog\MadelineProto\EventHandler\Filter\Filter`: scripts extend it to make their own.
pub(super) static FILTER: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Filter\\Filter",
    flags: Class::ABSTRACT,
    methods: &[
        Method::without_body(c"apply")
            .params(ONE_UPDATE)
            .returns(Type::BOOL),
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            frame.give_this();
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        Method::new(c"fromReflectionType", of_types::from_reflection_type)
            .params(&[Param::required(c"type", Type::class(c"ReflectionType"))])
            .returns(FILTER_TYPE)
            .of_class(),
    ],
    ..Class::DEFAULT
};

const FILTER_TYPE: Type = Type::class(c"danog\\MadelineProto\\EventHandler\\Filter\\Filter");
const ONE_UPDATE: &[Param] = &[Param::required(
    c"update",
    Type::class(c"danog\\MadelineProto\\EventHandler\\Update"),
)];
const HANDLER: &[Param] = &[Param::required(
    c"API",
    Type::class(c"danog\\MadelineProto\\EventHandler"),
)];

/// The classes, the base first. After those of updates.
pub(super) fn classes() -> Vec<&'static Class> {
    let mut classes = vec![&FILTER];
    classes.extend(combinators::CLASSES);
    classes.extend(plain::CLASSES);
    classes.extend(texts::CLASSES);
    classes.extend(peers::CLASSES);
    classes
}

/// Whether a filter lets an update pass.
pub(super) fn applies(filter: &Zval, update: &Zval) -> Result<bool, Thrown> {
    let passes = function::call_on(filter, "apply", &mut [update.shallow_clone()])?;
    Ok(passes.is_true())
}

/// What a filter is replaced by when its handler starts: most by themselves.
pub(super) fn initialized(filter: &Zval, handler: &Zval) -> Result<Zval, Thrown> {
    let own = function::call_on(filter, "initialize", &mut [handler.shallow_clone()])?;
    if FILTER.object(&own).is_none() {
        return Err(Thrown::Type(
            "A filter's initialize() has to return a filter".to_owned(),
        ));
    }
    Ok(own)
}

/// The update that `apply()` was called with.
fn update<'f>(frame: &Frame<'f>) -> Result<&'f Object, Thrown> {
    frame.object(0).ok_or(Thrown::Pending)
}

/// A filter without options: `$symbol` is its class, `$name` what follows the namespace; the expression says whether an update
/// passes.
macro_rules! filters {
    ($($(#[$doc:meta])* $symbol:ident $name:literal |$update:ident| $passes:expr;)*) => {
        $($(#[$doc])*
        pub(super) static $symbol: $crate::class::Class = $crate::class::Class {
            name: $crate::class::c_str(concat!("danog\\MadelineProto\\EventHandler\\Filter\\", $name, "\0")),
            flags: $crate::class::Class::FINAL,
            parent: Some($crate::class::Base::Ours(&super::FILTER)),
            attribute: true,
            methods: &[$crate::class::Method::new(c"apply", |frame: &mut $crate::class::Frame<'_>| {
                let $update = super::update(frame)?;
                let passes: bool = $passes;
                frame.give(passes)
            })
            .params(super::ONE_UPDATE)
            .returns($crate::class::Type::BOOL)],
            ..$crate::class::Class::DEFAULT
        };)*

        /// The classes of this module.
        pub(super) static CLASSES: &[&$crate::class::Class] = &[$(&$symbol),*];
    };
}
use filters;

/// A filter with options: its constructor takes them.
const fn with_options(
    name: &'static std::ffi::CStr,
    properties: &'static [crate::class::Property],
    methods: &'static [Method],
) -> Class {
    Class {
        name,
        flags: Class::FINAL,
        parent: Some(Base::Ours(&FILTER)),
        attribute: true,
        properties,
        methods,
        ..Class::DEFAULT
    }
}

/// `apply(Update $update): bool`
const fn apply<F>(handler: F) -> Method
where
    F: for<'f> Fn(&mut Frame<'f>) -> Result<(), Thrown> + Copy + 'static,
{
    Method::new(c"apply", handler)
        .params(ONE_UPDATE)
        .returns(Type::BOOL)
}
