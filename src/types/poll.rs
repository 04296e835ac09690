//! `\danog\MadelineProto\EventHandler\AbstractPoll`: polls in messages (specification §8.6).

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::fields::{Fields, names, number, peer};
use super::{bytes, entities, text_entities, update};
use crate::class::{Base, Class, Frame, Method, Object, Param, Property, Type, type_name};
use crate::exceptions::Thrown;
use crate::tools::text::html_escaped;
use crate::zval::entries::values;
use crate::zval::name::Name;
use crate::zval::sink;

pub(super) const TELEGRAM_TAGS: &[Param] =
    &[Param::optional(c"allowTelegramTags", Type::BOOL, c"false")];
const INT_OR_NULL: Type = Type::INT.nullable();
const JSON: Method = Method::new(c"jsonSerialize", update::json_serialize).returns(Type::MIXED);
const NO_CONSTRUCTOR: Method = Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected();

/// Any poll.
static ABSTRACT_POLL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\AbstractPoll",
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"id", Type::INT),
        Property::filled(c"closed", Type::BOOL),
        Property::filled(c"question", Type::STRING),
        Property::filled(c"questionEntities", Type::ARRAY),
        Property::filled(c"answers", Type::ARRAY),
        Property::filled(c"closePeriod", INT_OR_NULL),
        Property::filled(c"closeDate", INT_OR_NULL),
        Property::filled(c"recentVoters", Type::ARRAY),
        Property::filled(c"totalVoters", INT_OR_NULL),
    ],
    methods: &[
        NO_CONSTRUCTOR,
        Method::new(c"fromRawPoll", |frame: &mut Frame<'_>| {
            // Without references, which `__toString()` of something in it could change meanwhile.
            let media = frame.snapshot(0, "fromRawPoll()")?;
            let poll = media.array().map(from_media).transpose()?;
            frame.give_zval(poll.unwrap_or_default());
            Ok(())
        })
        .params(&[Param::required(c"rawPoll", Type::ARRAY)])
        .returns(Type::class(
            c"danog\\MadelineProto\\EventHandler\\AbstractPoll",
        ))
        .of_class(),
        Method::new(c"getQuestionHTML", |frame: &mut Frame<'_>| {
            give_html(frame, &ABSTRACT_POLL, "question", "questionEntities")
        })
        .params(TELEGRAM_TAGS)
        .returns(Type::STRING),
        JSON,
    ],
    ..Class::DEFAULT
};

/// A poll that takes one answer.
pub(crate) static SINGLE_POLL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Poll\\SinglePoll",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&ABSTRACT_POLL)),
    ..Class::DEFAULT
};

/// A poll that takes several answers.
pub(crate) static MULTIPLE_POLL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Poll\\MultiplePoll",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&ABSTRACT_POLL)),
    ..Class::DEFAULT
};

/// A poll with a right answer.
pub(crate) static QUIZ_POLL: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Poll\\QuizPoll",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&ABSTRACT_POLL)),
    properties: &[
        Property::filled(c"solution", Type::STRING.nullable()),
        Property::filled(c"solutionEntities", Type::ARRAY),
    ],
    methods: &[Method::new(c"getSolutionHTML", |frame: &mut Frame<'_>| {
        if QUIZ_POLL.read_set(frame.this()?, "solution")?.is_null() {
            return Ok(());
        }
        give_html(frame, &QUIZ_POLL, "solution", "solutionEntities")
    })
    .params(TELEGRAM_TAGS)
    .returns(Type::STRING.nullable())],
    ..Class::DEFAULT
};

/// One of the answers.
static POLL_ANSWER: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Poll\\PollAnswer",
    flags: Class::FINAL,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::filled(c"text", Type::STRING),
        Property::filled(c"entities", Type::ARRAY),
        Property::filled(c"option", Type::STRING),
        Property::filled(c"chosen", Type::BOOL.nullable()),
        Property::filled(c"correct", Type::BOOL.nullable()),
        Property::filled(c"voters", INT_OR_NULL),
    ],
    methods: &[
        NO_CONSTRUCTOR,
        Method::new(c"getHTML", |frame: &mut Frame<'_>| {
            give_html(frame, &POLL_ANSWER, "text", "entities")
        })
        .params(TELEGRAM_TAGS)
        .returns(Type::STRING),
        Method::new(c"jsonSerialize", answer_json).returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// The classes of this module, parents first.
pub(super) static CLASSES: &[&Class] = &[
    &ABSTRACT_POLL,
    &SINGLE_POLL,
    &MULTIPLE_POLL,
    &QUIZ_POLL,
    &POLL_ANSWER,
];

/// The object for a message's media; null where that is no poll.
pub(super) fn of(media: &ZendHashTable) -> Result<Zval, Thrown> {
    if Fields::new(media, "").predicate() != "messageMediaPoll" {
        return Ok(Zval::new());
    }
    from_media(media)
}

/// The object for a `messageMediaPoll`.
fn from_media(media: &ZendHashTable) -> Result<Zval, Thrown> {
    let media = Fields::new(media, "poll");
    let poll = media.required_object(&names::POLL, "poll")?;
    let results = media.object(&names::RESULTS, "poll.results")?;
    let class = if poll.flag(&names::QUIZ)? {
        &QUIZ_POLL
    } else if poll.flag(&names::MULTIPLE_CHOICE)? {
        &MULTIPLE_POLL
    } else {
        &SINGLE_POLL
    };
    let mut object = class.instantiate();
    let slots = Object::new(&mut object);
    let question = Text::of(&poll, &names::QUESTION, "poll.question")?;
    let counts = match &results {
        Some(results) => results.objects(&names::RESULTS, "poll.results.results")?,
        None => Vec::new(),
    };
    ABSTRACT_POLL.fill(
        slots,
        [
            number(poll.required_int(&names::ID)?),
            Zval::from(poll.flag(&names::CLOSED)?),
            question.text,
            question.entities,
            answers(&poll, &counts)?,
            number(poll.int(&names::CLOSE_PERIOD)?),
            number(poll.int(&names::CLOSE_DATE)?),
            recent_voters(results.as_ref())?,
            number(match &results {
                Some(results) => results.int(&names::TOTAL_VOTERS)?,
                None => None,
            }),
        ],
    );
    if std::ptr::eq(class, &raw const QUIZ_POLL) {
        let (solution, styled) = match &results {
            Some(results) => (
                results.text(&names::SOLUTION)?,
                results.array(&names::SOLUTION_ENTITIES)?,
            ),
            None => (Zval::new(), None),
        };
        QUIZ_POLL.fill(slots, [solution, entities::received(styled)?]);
    }
    Ok(object.into_zval(false)?)
}

/// A text with entities; up to layer 178 it was a string.
struct Text {
    text: Zval,
    entities: Zval,
}

impl Text {
    fn of(fields: &Fields<'_>, name: &Name, path: &'static str) -> Result<Self, Thrown> {
        if let Some(plain) = fields.get(name).filter(|text| text.is_string()) {
            return Ok(Self {
                text: plain.shallow_clone(),
                entities: sink::empty(),
            });
        }
        let styled = fields.required_object(name, path)?;
        styled.required_text(&names::TEXT)?;
        Ok(Self {
            text: styled.text(&names::TEXT)?,
            entities: entities::received(styled.array(&names::ENTITIES)?)?,
        })
    }
}

/// The answers, each with what is known of the votes for it.
fn answers(poll: &Fields<'_>, counts: &[Fields<'_>]) -> Result<Zval, Thrown> {
    let given = poll.objects(&names::ANSWERS, "poll.answers")?;
    let mut list = ZendHashTable::with_capacity(given.len() as u32);
    for answer in given {
        let text = Text::of(&answer, &names::TEXT, "poll.answers.text")?;
        let option = answer.required_bytes(&names::OPTION)?;
        let mut votes = None;
        for of_option in counts {
            if of_option.required_bytes(&names::OPTION)? == option {
                votes = Some(of_option);
            }
        }
        let flag = |name| match votes {
            Some(votes) => Ok::<_, Thrown>(Zval::from(votes.flag(name)?)),
            None => Ok(Zval::new()),
        };
        let mut object = POLL_ANSWER.instantiate();
        POLL_ANSWER.fill(
            Object::new(&mut object),
            [
                text.text,
                text.entities,
                sink::text(option),
                flag(&names::CHOSEN)?,
                flag(&names::CORRECT)?,
                number(match votes {
                    Some(votes) => votes.int(&names::VOTERS)?,
                    None => None,
                }),
            ],
        );
        list.push(object)?;
    }
    Ok(sink::array(list))
}

fn recent_voters(results: Option<&Fields<'_>>) -> Result<Zval, Thrown> {
    let voters = match results {
        Some(results) => results.array(&names::RECENT_VOTERS)?,
        None => None,
    };
    let Some(voters) = voters else {
        return Ok(sink::empty());
    };
    let mut list = ZendHashTable::with_capacity(voters.len() as u32);
    for voter in values(voters).map(Zval::dereference) {
        let id = peer(voter).ok_or_else(|| {
            Thrown::Exception(format!(
                "poll.results.recent_voters: expected peers, found {} in it",
                type_name(voter)
            ))
        })?;
        list.push(id)?;
    }
    Ok(sink::array(list))
}

/// Returns a text of an object's as HTML.
pub(super) fn give_html(
    frame: &mut Frame<'_>,
    class: &Class,
    text: &str,
    with: &str,
) -> Result<(), Thrown> {
    let this = frame.this()?;
    let (text, styled) = (class.read_set(this, text)?, class.read_set(this, with)?);
    let telegram_tags = frame.bool(0).unwrap_or_default();
    let html = if let Some(styled) = styled.array().filter(|styled| !styled.is_empty()) {
        let known = entities::known(styled)?;
        text_entities::html_of(&text, Some(&known), telegram_tags)?
    } else {
        let text = text.zend_str().map(ZendStr::as_bytes).unwrap_or_default();
        html_escaped(&String::from_utf8_lossy(text))
    };
    frame.give(html)
}

/// As of other objects, but the option may be any bytes.
fn answer_json(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let mut json = update::public_properties(this)?;
    let option = POLL_ANSWER.read(this, "option");
    let option = option.zend_str().map(ZendStr::as_bytes).unwrap_or_default();
    // SAFETY: a new object with one reference, which the box takes.
    json.insert("option", unsafe { ZBox::from_raw(bytes::new(option)) })?;
    frame.give(json)
}
