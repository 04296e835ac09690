//! What service messages have beside numbers and texts: photos, wallpapers, web apps, why a call ended.

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use crate::api::instance::Instance;
use crate::class::{Base, Class, Frame, Literal, Method, Object, Property, Type};
use crate::exceptions::Thrown;
use crate::types::fields::{Fields, names, number};
use crate::types::media;
use crate::types::update;
use crate::zval::name::Name;

const INT_OR_NULL: Type = Type::INT.nullable();
/// A file, if there is one.
const MEDIA: Type = Type::class(c"danog\\MadelineProto\\EventHandler\\Media").nullable();
/// A photo, if there is one.
pub(super) const PHOTO: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\Media\\Photo").nullable();
const METHODS: &[Method] = &[
    Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
    Method::new(c"jsonSerialize", update::json_serialize).returns(Type::MIXED),
];

/// Why a call has ended.
pub(super) static DISCARD_REASON: Class = Class {
    name: c"danog\\MadelineProto\\VoIP\\DiscardReason",
    interfaces: &[Base::JsonSerializable],
    cases: &[c"MISSED", c"DISCONNECTED", c"HANGUP", c"BUSY"],
    case_values: &[
        Literal::Text("phoneCallDiscardReasonMissed"),
        Literal::Text("phoneCallDiscardReasonDisconnect"),
        Literal::Text("phoneCallDiscardReasonHangup"),
        Literal::Text("phoneCallDiscardReasonBusy"),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let name = DISCARD_REASON.read(frame.this()?, "name");
        frame.give_zval(name);
        Ok(())
    })
    .returns(Type::STRING)],
    ..Class::DEFAULT
};

/// A web app of a bot.
pub(super) static BOT_APP: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\BotApp",
    flags: Class::FINAL,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"id", Type::INT),
        Property::filled(c"accessHash", Type::INT),
        Property::filled(c"name", Type::STRING),
        Property::filled(c"title", Type::STRING),
        Property::filled(c"description", Type::STRING),
        Property::filled(c"photo", PHOTO),
        Property::filled(c"document", MEDIA),
        Property::filled(c"hash", Type::INT),
        Property::filled(c"inactive", Type::BOOL.nullable()),
        Property::filled(c"requestWriteAccess", Type::BOOL.nullable()),
        Property::filled(c"hasSettings", Type::BOOL.nullable()),
    ],
    methods: METHODS,
    ..Class::DEFAULT
};

/// What a chat has behind its messages. One without a picture has neither file nor link.
pub(super) static WALLPAPER: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Wallpaper",
    flags: Class::FINAL,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"id", Type::INT),
        Property::filled(c"accessHash", INT_OR_NULL),
        Property::filled(c"creator", Type::BOOL),
        Property::filled(c"default", Type::BOOL),
        Property::filled(c"pattern", Type::BOOL),
        Property::filled(c"dark", Type::BOOL),
        Property::filled(c"uniqueId", Type::STRING.nullable()),
        Property::filled(c"media", MEDIA),
        Property::filled(
            c"settings",
            Type::class(c"danog\\MadelineProto\\EventHandler\\Wallpaper\\WallpaperSettings")
                .nullable(),
        ),
    ],
    methods: METHODS,
    ..Class::DEFAULT
};

/// How a wallpaper is shown.
pub(super) static WALLPAPER_SETTINGS: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Wallpaper\\WallpaperSettings",
    flags: Class::FINAL,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"blur", Type::BOOL),
        Property::filled(c"motion", Type::BOOL),
        Property::filled(c"backgroundColor", INT_OR_NULL),
        Property::filled(c"secondBackgroundColor", INT_OR_NULL),
        Property::filled(c"thirdBackgroundColor", INT_OR_NULL),
        Property::filled(c"fourthBackgroundColor", INT_OR_NULL),
        Property::filled(c"intensity", Type::INT),
        Property::filled(c"rotation", Type::INT),
    ],
    methods: METHODS,
    ..Class::DEFAULT
};

/// The photo of an action; null where it has none.
pub(super) fn photo(action: &Fields<'_>, instance: &Rc<Instance>) -> Result<Zval, Thrown> {
    file(action, &names::PHOTO, instance)
}

fn file(fields: &Fields<'_>, name: &Name, instance: &Rc<Instance>) -> Result<Zval, Thrown> {
    Ok(match fields.array(name)? {
        Some(file) => media::wrap(instance, file, false)?.unwrap_or_default(),
        None => Zval::new(),
    })
}

/// The web app that a bot was allowed to write from.
pub(super) fn bot_app(action: &Fields<'_>, instance: &Rc<Instance>) -> Result<Zval, Thrown> {
    let Some(app) = action.object(&names::APP, "message.action.app")? else {
        return Ok(Zval::new());
    };
    let text = |name| app.required_text_value(name);
    let mut object = BOT_APP.instantiate();
    BOT_APP.fill(
        Object::new(&mut object),
        [
            number(app.required_int(&names::ID)?),
            number(app.required_int(&names::ACCESS_HASH)?),
            text(&names::SHORT_NAME)?,
            text(&names::TITLE)?,
            text(&names::DESCRIPTION)?,
            file(&app, &names::PHOTO, instance)?,
            file(&app, &names::DOCUMENT, instance)?,
            number(app.required_int(&names::HASH)?),
            Zval::new(),
            Zval::new(),
            Zval::new(),
        ],
    );
    Ok(object.into_zval(false)?)
}

/// Why a call has ended; null where it has not, or for a reason that release 8 does not know.
pub(super) fn discard_reason(action: &Fields<'_>, _: &Rc<Instance>) -> Result<Zval, Thrown> {
    let reason = action.object(&names::REASON, "message.action.reason")?;
    let case = reason.and_then(|reason| DISCARD_REASON.case_of(reason.predicate()));
    Ok(case.unwrap_or_default())
}

/// The emoji of a theme; null for the theme of a gift. Up to layer 211 the action had it itself.
pub(super) fn theme(action: &Fields<'_>, _: &Rc<Instance>) -> Result<Zval, Thrown> {
    match action.object(&names::THEME, "message.action.theme")? {
        Some(theme) => theme.text(&names::EMOTICON),
        None => action.text(&names::EMOTICON),
    }
}

/// For how long Premium was given. The layers of release 8 had months, later ones have days: 30 are a month.
pub(super) fn months(action: &Fields<'_>, _: &Rc<Instance>) -> Result<Zval, Thrown> {
    Ok(number(match action.int(&names::MONTHS)? {
        Some(months) => months,
        None => (action.required_int(&names::DAYS)? / 30).max(1),
    }))
}

/// A chat's new wallpaper.
pub(super) fn wallpaper(action: &Fields<'_>, instance: &Rc<Instance>) -> Result<Zval, Thrown> {
    let wallpaper = action.required_object(&names::WALLPAPER, "message.action.wallpaper")?;
    let settings = wallpaper.object(&names::SETTINGS, "message.action.wallpaper.settings")?;
    let mut object = WALLPAPER.instantiate();
    WALLPAPER.fill(
        Object::new(&mut object),
        [
            number(wallpaper.required_int(&names::ID)?),
            number(wallpaper.int(&names::ACCESS_HASH)?),
            Zval::from(wallpaper.flag(&names::CREATOR)?),
            Zval::from(wallpaper.flag(&names::DEFAULT)?),
            Zval::from(wallpaper.flag(&names::PATTERN)?),
            Zval::from(wallpaper.flag(&names::DARK)?),
            wallpaper.text(&names::SLUG)?,
            file(&wallpaper, &names::DOCUMENT, instance)?,
            settings.map_or(Ok(Zval::new()), |settings| wallpaper_settings(&settings))?,
        ],
    );
    Ok(object.into_zval(false)?)
}

fn wallpaper_settings(settings: &Fields<'_>) -> Result<Zval, Thrown> {
    let int = |name| Ok::<_, Thrown>(number(settings.int(name)?));
    let or_zero = |name| Ok::<_, Thrown>(number(settings.int(name)?.unwrap_or_default()));
    let mut object = WALLPAPER_SETTINGS.instantiate();
    WALLPAPER_SETTINGS.fill(
        Object::new(&mut object),
        [
            Zval::from(settings.flag(&names::BLUR)?),
            Zval::from(settings.flag(&names::MOTION)?),
            int(&names::BACKGROUND_COLOR)?,
            int(&names::SECOND_BACKGROUND_COLOR)?,
            int(&names::THIRD_BACKGROUND_COLOR)?,
            int(&names::FOURTH_BACKGROUND_COLOR)?,
            or_zero(&names::INTENSITY)?,
            or_zero(&names::ROTATION)?,
        ],
    );
    Ok(object.into_zval(false)?)
}
