//! `Tools::validateEventHandlerClass()`: what in the source of an event handler would hold up the others, or does not work.
//!
//! The rules are MadelineProto's. It refuses handlers with severe issues; here they start nevertheless, since scripts of earlier
//! releases could not know the rules, and whoever wants to refuse them throws the issue.

mod names;
mod rules;

use std::fmt::Display;

use ext_php_rs::convert::{IntoZval, IntoZvalDyn};
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};
use ext_php_rs::zend::ClassEntry;

use self::rules::{Issue, Rules};
use super::plugins::PLUGIN_EVENT_HANDLER;
use crate::class::{Class, Frame, Literal, Method, Object, Param, Property, Type, is_a};
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::syntax::Tree;
use crate::tools::text::html_escaped;
use crate::{function, lang};

/// `\danog\MadelineProto\EventHandlerIssue`
pub(super) static EVENT_HANDLER_ISSUE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandlerIssue",
    flags: Class::FINAL,
    properties: &[
        Property::new(c"message", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"file", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"line", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"severe", Type::BOOL, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", construct).params(&[
            Param::required(c"message", Type::STRING),
            Param::required(c"file", Type::STRING),
            Param::required(c"line", Type::INT),
            Param::required(c"severe", Type::BOOL),
        ]),
        Method::new(c"__toString", |frame: &mut Frame<'_>| {
            let text = text(frame.this()?);
            frame.give(text)
        })
        .returns(Type::STRING),
        Method::new(c"log", |frame: &mut Frame<'_>| {
            let issue = frame.this()?;
            logger::write(Level::Fatal, || text(issue));
            Ok(())
        })
        .returns(Type::VOID),
        Method::new(c"getHTML", |frame: &mut Frame<'_>| {
            let html = html(frame.this()?);
            frame.give(html)
        })
        .returns(Type::STRING),
        Method::new(c"throw", |frame: &mut Frame<'_>| {
            let issue = frame.this()?;
            let (file, line) = (read(issue, "file"), read(issue, "line"));
            Err(Thrown::Exception(text(issue)).at(file, line))
        })
        .returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

/// The method of [`crate::tools`].
pub(crate) const VALIDATION: &[Method] = &[Method::new(c"validateEventHandlerClass", validate)
    .params(&[Param::required(c"class", Type::STRING)])
    .returns(Type::ARRAY)
    .of_class()];

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    for (index, name) in ["message", "file", "line", "severe"]
        .into_iter()
        .enumerate()
    {
        let value = frame.arg(index).map(Zval::shallow_clone);
        EVENT_HANDLER_ISSUE.write(this, name, value.unwrap_or_default())?;
    }
    Ok(())
}

fn read(issue: &Object, name: &str) -> Zval {
    EVENT_HANDLER_ISSUE.read(issue, name)
}

/// The issue in a sentence, with its place.
fn text(issue: &Object) -> String {
    let is_severe = read(issue, "severe").bool().unwrap_or_default();
    let name = if is_severe {
        "static_analysis_severe"
    } else {
        "static_analysis_minor"
    };
    let string = |name| read(issue, name).string().unwrap_or_default();
    let line = read(issue, "line").long().unwrap_or_default();
    let place = format!("{}:{line}", string("file"));
    let text = lang::text_with(name, &place);
    text.replacen("%s", &string("message"), 1)
}

fn html(issue: &Object) -> String {
    let is_severe = read(issue, "severe").bool().unwrap_or_default();
    let colour = if is_severe { "red" } else { "orange" };
    let text = html_escaped(&text(issue));
    format!("<h2 style='color:{colour};'>{text}</h2>")
}

fn validate(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let class = frame.text(0).unwrap_or_default();
    let file = file_of(&class)?;
    let is_plugin =
        ClassEntry::try_find(&class).is_some_and(|found| is_a(found, PLUGIN_EVENT_HANDLER.entry()));
    let code = function::call("file_get_contents", vec![&file]);
    Thrown::pending()?;
    let code = code.as_ref().and_then(Zval::zend_str);
    let Some(code) = code else {
        return Err(failed(&class, format!("{file} cannot be read")));
    };
    let tree = Tree::parse(code.as_bytes(), &file)?;
    let mut issues = ZendHashTable::new();
    for issue in Rules::check(&tree, is_plugin) {
        issues.push(object(&issue, &file)?)?;
    }
    frame.give(issues)
}

/// Where a class stands. A class that does not exist is an exception of PHP's.
fn file_of(class: &str) -> Result<String, Thrown> {
    let reflection = ClassEntry::try_find("ReflectionClass");
    let reflection = reflection.map(ZendObject::new);
    let call = |name, arguments: Vec<&dyn IntoZvalDyn>| {
        let called = reflection.as_ref()?.try_call_method(name, arguments);
        called.ok()
    };
    call("__construct", vec![&class]);
    Thrown::pending()?;
    let file = call("getFileName", vec![]);
    Thrown::pending()?;
    let file = file.and_then(|file| file.string());
    file.ok_or_else(|| failed(class, "it is no class of a script"))
}

fn failed(class: &str, why: impl Display) -> Thrown {
    Thrown::Exception(format!("validateEventHandlerClass(): {class}: {why}"))
}

fn object(issue: &Issue, file: &str) -> Result<Zval, Thrown> {
    let object = EVENT_HANDLER_ISSUE.instantiate();
    let this = Object::of(&object);
    let set = |name, value: Zval| EVENT_HANDLER_ISSUE.initialize(this, name, value);
    set("message", issue.message.as_str().into_zval(false)?);
    set("file", file.into_zval(false)?);
    set("line", i64::from(issue.line).into_zval(false)?);
    set("severe", issue.severe.into_zval(false)?);
    Ok(object.into_zval(false)?)
}
