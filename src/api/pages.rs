//! Pages that a script shows itself, and the templates of those that we show.

use super::{INTERNAL_DOC, instance, reports};
use crate::class::{Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::settings::{self, APP_TEMPLATE};
use crate::tools::web;
use crate::zval::sink;

const TEMPLATE: &[Param] = &[Param::required(c"template", Type::STRING)];

/// Templates and messages.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getWebMessage", message)
        .params(&[Param::required(c"message", Type::STRING)])
        .returns(Type::STRING),
    Method::new(c"getWebAPITemplate", app_template).returns(Type::STRING),
    Method::new(c"setWebApiTemplate", set_app_template)
        .params(TEMPLATE)
        .returns(Type::VOID),
    // Of releases 4 to 7.
    Method::new(c"getWebTemplate", template).returns(Type::STRING),
    Method::new(c"setWebTemplate", set_template)
        .params(TEMPLATE)
        .returns(Type::VOID),
];

/// A page with a message, as loops show it when they go on without the browser.
fn message(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let text = frame.text(0).unwrap_or_default();
    let instance = instance(frame)?;
    let unwatched = reports::nobody_is_told(instance)?;
    let page = web::message_page(&text, unwatched);
    frame.give(page)
}

/// The template of the page that asks for the application's id and hash.
fn app_template(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let stored = instance(frame)?.client()?.session().setting(APP_TEMPLATE)?;
    match stored {
        Some(template) => {
            frame.give_zval(sink::text(&template));
            Ok(())
        }
        None => template(frame),
    }
}

fn set_app_template(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let client = instance(frame)?.client()?;
    Ok(client.session().set_setting(APP_TEMPLATE, frame.bytes(0))?)
}

/// `Settings\Templates::getHtmlTemplate()`
fn template(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let settings = INTERNAL_DOC.read(frame.this()?, "configuration");
    let template = match settings.object().map(Object::of) {
        Some(settings) => settings::html_template(settings)?,
        None => String::new(),
    };
    frame.give(template)
}

fn set_template(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let settings = INTERNAL_DOC.read(frame.this()?, "configuration");
    match (settings.object().map(Object::of), frame.arg(0)) {
        (Some(settings), Some(template)) => {
            settings::set_html_template(settings, template.shallow_clone())
        }
        _ => Ok(()),
    }
}
