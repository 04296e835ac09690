//! Updates and who gets them: event handlers, callbacks, webhooks, `getUpdates()`, and the loop.
//!
//! What an account does with its updates is [`Updates`], a part of every instance. The loop (`run.rs`) takes them from the
//! account's feed (`source.rs`) and hands them to a handler object (`handler.rs`) or whatever else was set.

mod account;
mod attributes;
mod combined;
mod cron;
mod deliver;
mod filtered;
mod filters;
mod handler;
mod kept;
mod plugins;
mod polling;
mod run;
mod shutdown;
mod source;
mod start;
mod surface;
mod together;
mod turns;
mod update;
mod validation;
mod web;
mod webhook;
mod workers;

use ext_php_rs::types::ZendHashTable;

use crate::api::dialect::Dialect;
use crate::api::{ABSTRACT_API, instance};
use crate::class::{Base, Class, Frame, Method, Param, Type};
use crate::runtime::signals;

pub(crate) use account::Updates;
pub(crate) use start::find_class;
pub(crate) use validation::VALIDATION;

/// `\danog\MadelineProto\EventHandler`: scripts extend it. All methods of API objects are its, too.
pub(crate) static EVENT_HANDLER: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler",
    flags: Class::ABSTRACT | Class::DYNAMIC,
    parent: Some(Base::Ours(&ABSTRACT_API)),
    methods: &[
        Method::new(c"__construct", start::construct).params(&[Param::optional(
            c"MadelineProto",
            Type::MIXED,
            c"null",
        )]),
        Method::new(c"startAndLoop", start::start_and_loop)
            .params(&[SESSION, SETTINGS])
            .returns(Type::VOID)
            .of_class(),
        Method::new(c"startAndLoopBot", start::start_and_loop_bot)
            .params(&[SESSION, Param::required(c"token", Type::STRING), SETTINGS])
            .returns(Type::VOID)
            .of_class(),
        Method::new(c"getPeriodicLoop", cron::periodic_loop)
            .params(&[Param::required(c"name", Type::STRING)])
            .returns(cron::PERIODIC_LOOP_TYPE),
        Method::new(c"getPeriodicLoops", cron::periodic_loops).returns(Type::ARRAY),
        Method::new(c"getReportPeers", |frame: &mut Frame<'_>| {
            frame.give(ZendHashTable::new())
        }),
    ],
    ..Class::DEFAULT
};

/// `\danog\MadelineProto\SimpleEventHandler`
pub(crate) static SIMPLE_EVENT_HANDLER: Class = Class {
    name: c"danog\\MadelineProto\\SimpleEventHandler",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&EVENT_HANDLER)),
    ..Class::DEFAULT
};

const SESSION: Param = Param::required(c"session", Type::STRING);
const SETTINGS: Param = Param::optional(c"settings", Type::MIXED, c"null");

/// The classes of this module; after the API's.
pub(crate) fn classes() -> Vec<&'static Class> {
    let mut classes = filters::classes();
    classes.extend(attributes::CLASSES);
    classes.extend(CLASSES);
    classes
}

static CLASSES: &[&Class] = &[
    &cron::PERIODIC_LOOP,
    &EVENT_HANDLER,
    &SIMPLE_EVENT_HANDLER,
    &plugins::PLUGIN_EVENT_HANDLER,
    &plugins::RESTART_PLUGIN,
    &shutdown::SHUTDOWN,
    &combined::COMBINED_API,
    &combined::COMBINED_EVENT_HANDLER,
    &validation::EVENT_HANDLER_ISSUE,
];

/// What API objects and event handlers have.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"getUpdates", polling::get_updates)
        .params(&[Param::optional(c"params", Type::ARRAY, c"[]")])
        .returns(Type::ARRAY),
    Method::new(c"setWebhook", start::set_webhook)
        .params(&[
            Param::required(c"webhookUrl", Type::STRING),
            Param::optional(c"pem_path", Type::STRING.nullable(), c"null"),
        ])
        .returns(Type::VOID),
    Method::new(c"setNoop", start::set_noop).returns(Type::VOID),
    Method::new(c"unsetEventHandler", start::set_noop).returns(Type::VOID),
    Method::new(c"hasEventHandler", start::has_event_handler).returns(Type::BOOL),
    Method::new(c"getEventHandler", start::event_handler)
        .params(&[CLASS])
        .returns(Type::MIXED),
    Method::new(c"getPlugin", plugins::plugin)
        .params(&[Param::required(c"class", Type::STRING)])
        .returns(Type::MIXED),
    Method::new(c"hasPlugin", plugins::has_plugin)
        .params(&[Param::required(c"class", Type::STRING)])
        .returns(Type::BOOL),
    Method::new(c"sendCustomEvent", start::send_custom_event)
        .params(&[Param::required(c"payload", Type::MIXED)])
        .returns(Type::VOID),
    Method::new(c"restart", start::restart).returns(Type::VOID),
    Method::new(c"stop", start::stop).returns(Type::VOID),
    Method::new(c"subscribeToUpdates", start::subscribe)
        .params(&[Param::required(c"channel", Type::MIXED)])
        .returns(Type::BOOL),
    Method::new(c"resetUpdateState", start::reset_update_state).returns(Type::VOID),
    // A page that its server has ended would ask for itself again; a script on the command line is not ended.
    Method::new(c"initSelfRestart", |_: &mut Frame<'_>| {
        web::restart_at_the_end()
    })
    .returns(Type::VOID),
];

const CLASS: Param = Param::optional(c"class", Type::STRING.nullable(), c"null");

/// What API objects have of releases 2 to 7, and of their own. Handlers find them through `__call`, so that a script's
/// handler may use the names for itself.
pub(crate) const API_METHODS: &[Method] = &[
    Method::new(c"startAndLoopMulti", start::start_and_loop_multi)
        .params(&[
            Param::required(c"instances", Type::ARRAY),
            Param::required(c"eventHandler", Type::ARRAY.or(Type::STRING)),
        ])
        .returns(Type::VOID)
        .of_class(),
    Method::new(c"startAndLoop", start::start_and_loop_here)
        .params(&[HANDLER])
        .returns(Type::VOID),
    Method::new(c"startAndLoopAsync", start::start_and_loop_here)
        .params(&[HANDLER])
        .returns(Type::VOID),
    Method::new(c"loopFork", start::loop_fork).returns(Type::VOID),
    Method::new(c"setEventHandler", start::set_event_handler)
        .params(&[HANDLER])
        .returns(Type::VOID),
    Method::new(c"setCallback", start::set_callback)
        .params(&[Param::required(c"callback", Type::CALLABLE)])
        .returns(Type::VOID),
    Method::new(c"setLoopCallback", start::set_loop_callback)
        .params(&[Param::required(c"callback", Type::CALLABLE.nullable())])
        .returns(Type::VOID),
    Method::new(c"loop", start::run_loop)
        .params(&[Param::optional(c"callback", Type::MIXED, c"null")])
        .returns(Type::MIXED),
    Method::new(c"async", |frame: &mut Frame<'_>| {
        instance(frame)?.sign_of(Dialect::V7);
        Ok(())
    })
    .params(&[Param::required(c"async", Type::BOOL)])
    .returns(Type::VOID),
];

const HANDLER: Param = Param::required(c"eventHandler", Type::MIXED);

/// At the end of a request, before sessions are closed.
pub(crate) fn end_of_request() {
    run::end_of_request();
    shutdown::end_of_request();
    surface::end_of_request();
    web::end_of_request();
    signals::end_of_request();
}
