//! Exceptions of waiting for several things, as Amp has them.

use ext_php_rs::boxed::ZBox;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ce;

use super::set_message;
use crate::amp;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Property, Type};

const REASONS: &str = "reasons";

/// `\danog\MadelineProto\CompositeException`: all of several things failed.
pub(crate) static COMPOSITE: Class = Class {
    name: c"danog\\MadelineProto\\CompositeException",
    flags: Class::FINAL,
    parent: Some(Base::Php(ce::exception)),
    properties: &[Property::new(c"reasons", Type::ARRAY, Literal::EmptyArray).private()],
    methods: &[Method::new(c"getReasons", |frame: &mut Frame<'_>| {
        let reasons = COMPOSITE.read(frame.this()?, REASONS);
        frame.give_zval(reasons);
        Ok(())
    })
    .returns(Type::ARRAY)],
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\TimeoutException`: a value did not come in time.
pub(crate) static TIMEOUT: Class = Class {
    name: c"danog\\MadelineProto\\TimeoutException",
    flags: Class::FINAL,
    parent: Some(Base::Php(ce::exception)),
    ..Class::DEFAULT
};

pub(super) static CLASSES: &[&Class] = &[&COMPOSITE, &TIMEOUT];

/// The exception for several failures.
pub(super) fn composite(reasons: Zval) -> ZBox<ZendObject> {
    amp::introduce(&COMPOSITE);
    let count = reasons.array().map_or(0, ZendHashTable::len);
    let object = COMPOSITE.instantiate();
    set_message(
        Object::of(&object),
        &format!("Not enough of what was waited for succeeded: {count} failed"),
    );
    COMPOSITE.initialize(Object::of(&object), REASONS, reasons);
    object
}

/// The exception for a value that did not come in time.
pub(super) fn timeout(text: &str) -> ZBox<ZendObject> {
    amp::introduce(&TIMEOUT);
    let object = TIMEOUT.instantiate();
    set_message(Object::of(&object), text);
    object
}
