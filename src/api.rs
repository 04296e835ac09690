//! `\danog\MadelineProto\API`: what a script makes for its session, and calls everything on.
//!
//! As in MadelineProto, the methods are `InternalDoc`'s, which event handlers inherit as well.

mod ads;
pub(crate) mod bot_api;
mod conversion;
pub(crate) mod dialect;
pub(crate) mod dialogs;
mod figures;
pub(crate) mod info;
pub(crate) mod instance;
mod kept_open;
mod login;
mod names;
mod outside;
mod pages;
mod photos;
mod place;
pub(crate) mod properties;
mod protocol;
mod pwr_chat;
pub(crate) mod reports;
mod schema;
mod serialization;
mod session;
mod td;
pub(crate) mod updates;

use std::cell::OnceCell;
use std::ffi::CStr;
use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::zend_function;
use ext_php_rs::types::{ZendObject, Zval};

use crate::class::{
    self, Base, Class, Frame, Literal, Method, Object, Param, Property, State, StateLayout, Type,
};
use crate::exceptions::Thrown;
use crate::{broadcast, events, files, function, logger, namespace, tools, types};
use instance::Instance;
pub(crate) use session::reopen;

/// The release of MadelineProto whose API this is.
pub(crate) const RELEASE: &str = "8.3.5";

/// `API::INFO_TYPE_ALL`
const INFO_TYPE_ALL: i64 = 3;

/// How far a login is, and what `getInfo()` is asked for: constants of `API`, and of `MTProto` in releases before 8.
pub(crate) const STATES_AND_FACTS: &[(&CStr, Literal)] = &[
    (c"NOT_LOGGED_IN", Literal::Int(0)),
    (c"WAITING_CODE", Literal::Int(1)),
    (c"WAITING_SIGNUP", Literal::Int(-1)),
    (c"WAITING_PASSWORD", Literal::Int(2)),
    (c"LOGGED_IN", Literal::Int(3)),
    (c"LOGGED_OUT", Literal::Int(4)),
    (c"INFO_TYPE_PEER", Literal::Int(0)),
    (c"INFO_TYPE_CONSTRUCTOR", Literal::Int(1)),
    (c"INFO_TYPE_ID", Literal::Int(2)),
    (c"INFO_TYPE_ALL", Literal::Int(INFO_TYPE_ALL)),
    (c"INFO_TYPE_USERNAMES", Literal::Int(4)),
    (c"INFO_TYPE_TYPE", Literal::Int(5)),
];

static INTERNAL_DOC: Class = Class {
    name: c"danog\\MadelineProto\\InternalDoc",
    flags: Class::ABSTRACT,
    properties: &[
        Property::new(c"configuration", Type::OBJECT.nullable(), Literal::Null).protected(),
    ],
    methods: &[
        Method::new(c"start", login::start).returns(Type::MIXED),
        Method::new(c"phoneLogin", login::phone_login)
            .params(&[
                Param::required(c"number", Type::STRING),
                Param::optional(c"sms_type", Type::INT, c"5"),
            ])
            .returns(Type::MIXED),
        Method::new(c"completePhoneLogin", login::complete_phone_login)
            .params(&[Param::required(c"code", Type::STRING)])
            .returns(Type::MIXED),
        Method::new(c"complete2faLogin", login::complete_2fa_login)
            .params(&[Param::required(c"password", Type::STRING)])
            .returns(Type::MIXED),
        Method::new(c"completeSignup", login::complete_signup)
            .params(&[
                Param::required(c"first_name", Type::STRING),
                Param::optional(c"last_name", Type::STRING, c"''"),
            ])
            .returns(Type::MIXED),
        Method::new(c"botLogin", login::bot_login)
            .params(&[Param::required(c"token", Type::STRING)])
            .returns(Type::ARRAY.nullable()),
        Method::new(c"qrLogin", login::qr_login)
            .returns(Type::class(c"danog\\MadelineProto\\TL\\Types\\LoginQrCode").nullable()),
        Method::new(c"update2fa", login::update_2fa)
            .params(&[Param::required(c"params", Type::ARRAY)])
            .returns(Type::VOID),
        Method::new(c"logout", login::logout).returns(Type::VOID),
        Method::new(c"getAuthorization", login::authorization).returns(Type::INT),
        Method::new(c"getHint", login::hint).returns(Type::STRING),
        Method::new(c"exportAuthorization", login::export_authorization).returns(Type::ARRAY),
        Method::new(c"importAuthorization", login::import_authorization)
            .params(&[
                Param::required(c"authorization", Type::ARRAY),
                Param::optional(c"mainDcID", Type::INT.nullable(), c"null"),
            ])
            .returns(Type::MIXED),
        Method::new(c"getSessionName", session::name).returns(Type::STRING),
        Method::new(c"getSettings", session::settings).returns(Type::OBJECT),
        Method::new(c"updateSettings", session::update_settings)
            .params(&[Param::required(c"settings", Type::MIXED)])
            .returns(Type::VOID),
        Method::new(c"getLogger", |frame: &mut Frame<'_>| {
            frame.give_zval(logger::current());
            Ok(())
        })
        .returns(Type::class(c"danog\\MadelineProto\\Logger").nullable()),
        Method::new(c"getPsrLogger", session::psr_logger)
            .returns(Type::class(c"danog\\MadelineProto\\PsrLogger")),
        Method::new(c"logger", session::log)
            .params(&[
                Param::required(c"param", Type::MIXED),
                Param::optional(
                    c"level",
                    Type::INT,
                    c"\\danog\\MadelineProto\\Logger::NOTICE",
                ),
                Param::optional(c"file", Type::STRING, c"''"),
            ])
            .returns(Type::VOID),
    ],
    traits: &[
        info::METHODS,
        pwr_chat::METHODS,
        dialogs::METHODS,
        updates::METHODS,
        events::METHODS,
        reports::METHODS,
        schema::METHODS,
        pages::METHODS,
        ads::METHODS,
        figures::METHODS,
        outside::METHODS,
        broadcast::METHODS,
        names::METHODS,
        bot_api::METHODS,
        td::METHODS,
        tools::text::UNITS_AND_ESCAPING,
        tools::text::NAMES,
        types::text_entities::METHODS,
        tools::binary::METHODS,
        tools::script::METHODS,
        tools::process::METHODS,
        tools::web::METHODS,
        tools::files::METHODS,
        tools::concurrency::METHODS,
        tools::ids::METHODS,
        files::UPLOADS,
        files::DOWNLOADS,
        files::BROWSER,
        files::LINKS,
        types::media::METHODS,
        files::SENDERS,
        files::MESSAGES,
        files::INFO,
        files::MIME,
        files::FFMPEG,
        files::STREAMS,
        files::STREAM_TOOLS,
        events::VALIDATION,
    ],
    state: Some(StateLayout::of::<ApiState>()),
    ..Class::DEFAULT
};

pub(crate) static ABSTRACT_API: Class = Class {
    name: c"danog\\MadelineProto\\AbstractAPI",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&INTERNAL_DOC)),
    ..Class::DEFAULT
};

static API: Class = Class {
    name: c"danog\\MadelineProto\\API",
    flags: Class::FINAL | Class::DYNAMIC,
    parent: Some(Base::Ours(&ABSTRACT_API)),
    constants: &[
        (c"RELEASE", Literal::Text(RELEASE)),
        (c"PEER_TYPE_USER", Literal::Text("user")),
        (c"PEER_TYPE_BOT", Literal::Text("bot")),
        (c"PEER_TYPE_GROUP", Literal::Text("chat")),
        (c"PEER_TYPE_SUPERGROUP", Literal::Text("supergroup")),
        (c"PEER_TYPE_CHANNEL", Literal::Text("channel")),
    ],
    shared_constants: STATES_AND_FACTS,
    methods: &[
        Method::new(c"__construct", session::construct).params(&[
            Param::required(c"session", Type::MIXED),
            Param::optional(c"settings", Type::MIXED, c"null"),
        ]),
        Method::new(c"__destruct", session::destruct),
        Method::new(c"serialize", session::save)
            .params(&[Param::optional(
                c"filename",
                Type::STRING.nullable(),
                c"null",
            )])
            .returns(Type::INT),
        Method::new(c"__serialize", session::serialize).returns(Type::ARRAY),
        Method::new(c"__unserialize", session::unserialize)
            .params(&[Param::required(c"data", Type::ARRAY)])
            .returns(Type::VOID),
    ],
    traits: &[events::API_METHODS],
    // What handlers of releases 5 to 7 name in their constructors.
    aliases: &[c"danog\\MadelineProto\\APIWrapper"],
    ..Class::DEFAULT
};

/// What an API object carries.
#[derive(Default)]
pub(crate) struct ApiState {
    instance: OnceCell<Rc<Instance>>,
}

impl State for ApiState {
    fn class() -> &'static Class {
        &INTERNAL_DOC
    }
}

/// Registers the classes. At module start-up, after the namespaces.
pub(crate) fn startup() {
    class::register(&[&INTERNAL_DOC]);
    for namespace in namespace::all() {
        let property = Property::new(
            &namespace.property,
            namespace.class(),
            Literal::Uninitialized,
        )
        .readonly();
        class::declare(&INTERNAL_DOC, &property);
    }
    class::register(&[&ABSTRACT_API, &API]);
    class::register(serialization::CLASSES);
    class::register(conversion::CLASSES);
    class::register(&events::classes());
    // SAFETY: the table was made when the class was registered; nothing reads it yet.
    if let Some(handlers) = unsafe { INTERNAL_DOC.handlers().as_mut() } {
        properties::install(handlers);
    }
}

/// At the end of a request.
pub(crate) fn end_of_request() {
    properties::end_of_request();
    ads::end_of_request();
    events::end_of_request();
    instance::end_of_request();
}

/// At the end of PHP, before the runtime ends.
pub(crate) fn shutdown() {
    kept_open::close_all();
}

/// A new API object, as `new API($session, $settings)` makes it.
pub(crate) fn create(session: &Zval, settings: Option<&Zval>) -> Result<Zval, Thrown> {
    let api = API.instantiate().into_zval(false)?;
    if let Some(this) = api.object().map(Object::of) {
        session::construct_with(this, session, settings)?;
    }
    Ok(api)
}

/// Whether an object is an API object, and no event handler.
pub(crate) fn is_api(object: &ZendObject) -> bool {
    API.is_class_of(object)
}

/// The instance of an API object or event handler.
pub(crate) fn instance_of(object: &Object) -> Option<&Rc<Instance>> {
    Class::state::<ApiState>(object)?.instance.get()
}

/// The settings of an API object; null where it has none.
pub(crate) fn configuration(object: &Object) -> Zval {
    INTERNAL_DOC.read(object, "configuration")
}

/// Gives an event handler the session of an API object, unless it has one.
pub(crate) fn adopt(handler: &Object, api: &Zval) -> Result<(), Thrown> {
    let Some(api) = api.object().map(Object::of) else {
        return Ok(());
    };
    let instance = instance_of(api).ok_or_else(no_session)?;
    if instance_of(handler).is_none() {
        session::attach(handler, instance, INTERNAL_DOC.read(api, "configuration"));
    }
    Ok(())
}

/// A method that only API objects have, of earlier releases: event handlers were API objects then.
fn method_of_api(name: &str) -> Option<*mut zend_function> {
    function::method(API.entry(), name)
}

/// The instance of `$this`.
pub(crate) fn instance<'f>(frame: &Frame<'f>) -> Result<&'f Rc<Instance>, Thrown> {
    frame
        .state::<ApiState>()?
        .instance
        .get()
        .ok_or_else(no_session)
}

pub(crate) fn no_session() -> Thrown {
    Thrown::Exception(
        "This API object has no session: its constructor did not run to its end".to_owned(),
    )
}
