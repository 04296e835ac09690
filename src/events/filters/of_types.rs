//! The filter that belongs to the type of a handler's parameter: `Message&Incoming`, `PrivateMessage|GroupMessage`.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::Zval;

use super::combinators::{all_of, allow_all, any_of, of_class};
use super::{peers, plain};
use crate::class::{Class, Frame, Object, is_a};
use crate::events::start::find_class;
use crate::exceptions::Thrown;
use crate::function;
use crate::types::message::classes::{CHANNEL_MESSAGE, GROUP_MESSAGE, MESSAGE, PRIVATE_MESSAGE};
use crate::types::message::service::SERVICE_MESSAGE;
use crate::types::update::UPDATE;
use crate::zval::entries::values;

/// The namespace of the interfaces.
const SIMPLE: &str = "danog\\MadelineProto\\EventHandler\\SimpleFilter\\";

/// `Filter::fromReflectionType(ReflectionType $type): Filter`
pub(super) fn from_reflection_type(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(ty) = frame.object(0) else {
        return Err(Thrown::Pending);
    };
    let filter = of_type(ty)?;
    frame.give_zval(filter);
    Ok(())
}

/// The filter for a `ReflectionType`.
///
/// # Errors
/// `AssertionError` for a type that no update has.
pub(in crate::events) fn of_type(ty: &Object) -> Result<Zval, Thrown> {
    let kind = ty.get_class_name()?;
    let join = match kind.as_str() {
        "ReflectionUnionType" => any_of,
        "ReflectionIntersectionType" => all_of,
        _ => {
            let name = ask(ty, "getname")?;
            return of_name(name.str().unwrap_or_default());
        }
    };
    let types = ask(ty, "gettypes")?;
    let parts = types.array().into_iter().flat_map(values);
    let parts = parts.filter_map(|part| part.dereference().object().map(Object::of));
    join(parts.map(of_type).collect::<Result<_, _>>()?)
}

fn ask(object: &Object, method: &str) -> Result<Zval, Thrown> {
    function::call_public(object.ce, Some(object), method, &mut [])
}

fn of_name(name: &str) -> Result<Zval, Thrown> {
    if let Some(simple) = name.strip_prefix(SIMPLE) {
        if simple == "FromAdminOrOutgoing" {
            return any_of(vec![new(&peers::FROM_ADMIN)?, new(&plain::OUTGOING)?]);
        }
        if let Some((_, filter)) = FILTERS.iter().find(|(known, _)| *known == simple) {
            return new(filter);
        }
    }
    let class = find_class(name.as_bytes());
    Thrown::pending()?;
    let class = class.filter(|class| is_a(*class, UPDATE.entry()));
    let Some(class) = class else {
        return Err(Thrown::Assertion(format!(
            "The type {name} of a handler's parameter is none of updates: is a `use` missing?"
        )));
    };
    if std::ptr::eq(class, UPDATE.entry()) {
        return allow_all();
    }
    let of_messages = MESSAGES
        .iter()
        .find(|(message, _)| std::ptr::eq(class, message.entry()));
    match of_messages {
        Some((_, filter)) => new(filter),
        None => of_class(name.as_bytes()),
    }
}

fn new(filter: &Class) -> Result<Zval, Thrown> {
    Ok(filter.instantiate().into_zval(false)?)
}

/// The filters of interfaces.
static FILTERS: &[(&str, &Class)] = &[
    ("Ended", &plain::ENDED),
    ("FromAdmin", &peers::FROM_ADMIN),
    ("HasAudio", &plain::AUDIO),
    ("HasDocument", &plain::DOCUMENT),
    ("HasDocumentPhoto", &plain::DOCUMENT_PHOTO),
    ("HasGif", &plain::GIF),
    ("HasMedia", &plain::MEDIA),
    ("HasMultiplePoll", &plain::MULTIPLE_POLL),
    ("HasNoMedia", &plain::NO_MEDIA),
    ("HasPhoto", &plain::PHOTO),
    ("HasPoll", &plain::POLL),
    ("HasQuizPoll", &plain::QUIZ_POLL),
    ("HasRoundVideo", &plain::ROUND_VIDEO),
    ("HasSinglePoll", &plain::SINGLE_POLL),
    ("HasSticker", &plain::STICKER),
    ("HasTopic", &plain::TOPIC),
    ("HasVideo", &plain::VIDEO),
    ("HasVoice", &plain::VOICE),
    ("Incoming", &plain::INCOMING),
    ("IsEdited", &plain::EDITED),
    ("IsForwarded", &plain::FORWARDED),
    ("IsNotEdited", &plain::NOT_EDITED),
    ("IsReply", &plain::REPLY),
    ("IsReplyToSelf", &plain::REPLY_TO_SELF),
    ("Outgoing", &plain::OUTGOING),
    ("Running", &plain::RUNNING),
];

/// The filters of classes of messages that have their own.
static MESSAGES: &[(&Class, &Class)] = &[
    (&MESSAGE, &plain::WRITTEN),
    (&PRIVATE_MESSAGE, &plain::PRIVATE),
    (&GROUP_MESSAGE, &plain::GROUP),
    (&CHANNEL_MESSAGE, &plain::CHANNEL),
    (&SERVICE_MESSAGE, &plain::SERVICE),
];
