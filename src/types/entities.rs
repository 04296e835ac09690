//! `\danog\MadelineProto\EventHandler\Message\Entities\*`: formatted parts of texts as objects, one class for each kind.

mod kinds;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, ZendObject, Zval};

use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type, type_name};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::entries::values;
use crate::zval::sink;

pub(super) use kinds::CLASSES;
use kinds::{KINDS, Kind, LENGTH, OFFSET};

/// What all of them are.
pub(crate) static MESSAGE_ENTITY: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\MessageEntity",
    flags: Class::ABSTRACT,
    interfaces: &[Base::JsonSerializable],
    properties: &[
        Property::new(c"offset", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"length", Type::INT, Literal::Uninitialized).readonly(),
    ],
    methods: &[
        Method::new(c"__construct", construct).params(&[OFFSET, LENGTH]),
        Method::new(c"fromRawEntity", |frame: &mut Frame<'_>| {
            let entity = frame.arg(0).map_or_else(|| Ok(Zval::new()), from_raw)?;
            frame.give_zval(entity);
            Ok(())
        })
        .params(&[Param::required(c"entity", Type::ARRAY.or(SELF))])
        .returns(SELF)
        .of_class(),
        Method::new(c"fromRawEntities", |frame: &mut Frame<'_>| {
            let entities = frame.array(0).map(all_from_raw).transpose()?;
            frame.give_zval(entities.unwrap_or_default());
            Ok(())
        })
        .params(&[Param::required(c"entities", Type::ARRAY)])
        .returns(Type::ARRAY)
        .of_class(),
        Method::new(c"toBotAPI", |frame: &mut Frame<'_>| {
            let form = to_bot_api(frame.this()?)?;
            frame.give_zval(form);
            Ok(())
        })
        .returns(Type::ARRAY),
        Method::new(c"toMTProto", |frame: &mut Frame<'_>| {
            let form = to_tl(frame.this()?);
            frame.give_zval(form.unwrap_or_default());
            Ok(())
        })
        .returns(Type::ARRAY),
        Method::new(c"jsonSerialize", json_serialize).returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

const SELF: Type =
    Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\Entities\\MessageEntity");
/// Whether an object is an entity.
pub(crate) fn is_entity(object: &ZendObject) -> bool {
    MESSAGE_ENTITY.is_class_of(object)
}

/// The object for an entity in either form; an object comes back as it is.
///
/// # Errors
/// `AssertionError` for a kind that there is no class for, `Exception` where a key is missing, `TypeError` where a value is
/// of another type.
pub(crate) fn from_raw(entity: &Zval) -> Result<Zval, Thrown> {
    let entity = entity.dereference();
    if MESSAGE_ENTITY.object(entity).is_some() {
        return Ok(entity.shallow_clone());
    }
    let Some(raw) = entity.array() else {
        return Err(Thrown::Type(format!(
            "An entity must be an array or of type {}, {} given",
            MESSAGE_ENTITY.name.to_string_lossy(),
            type_name(entity)
        )));
    };
    let get = |key: &str| raw.get(key).map(Zval::dereference);
    let named = get("_")
        .or_else(|| get("type"))
        .ok_or_else(|| missing("type", ""))?;
    let name = named.str().unwrap_or_default();
    let kind = KINDS
        .iter()
        .find(|kind| kind.constructor == name || kind.types.contains(&name))
        .ok_or_else(|| Thrown::Assertion(format!("Unknown entity type: {name}")))?;
    let required = |key: &str| get(key).ok_or_else(|| missing(key, name));
    let mut arguments = vec![
        required("offset")?.shallow_clone(),
        required("length")?.shallow_clone(),
    ];
    if let Some(detail) = &kind.detail {
        let of_user = || {
            get("user")
                .and_then(Zval::array)
                .and_then(|user| user.get("id"))
        };
        let given = get(detail.tl)
            .or_else(|| get(detail.bot_api))
            .filter(|given| !given.is_array());
        match given.or_else(of_user) {
            Some(given) => arguments.push(given.shallow_clone()),
            None if detail.property == "language" => arguments.push(sink::text(b"")),
            None if detail.property == "collapsed" => {
                arguments.push((name == "expandable_blockquote").into_zval(false)?);
            }
            None => return Err(missing(detail.tl, name)),
        }
    }
    kind.make(&mut arguments)
}

/// The objects for a list of entities, in its order.
pub(crate) fn all_from_raw(entities: &ZendHashTable) -> Result<Zval, Thrown> {
    let mut list = ZendHashTable::with_capacity(entities.len() as u32);
    for entity in values(entities) {
        list.push(from_raw(entity)?)?;
    }
    Ok(sink::array(list))
}

/// The objects for the entities of a message that the server sent; an entity that release 8 has no class for stays an array.
pub(super) fn received(entities: Option<&ZendHashTable>) -> Result<Zval, Thrown> {
    let Some(entities) = entities else {
        return Ok(sink::empty());
    };
    let mut list = ZendHashTable::with_capacity(entities.len() as u32);
    for entity in values(entities).map(Zval::dereference) {
        let fields = entity.array();
        let name = fields.and_then(|fields| fields.get("_")?.str());
        let kind = KINDS.iter().find(|kind| Some(kind.constructor) == name);
        let made = match (kind, name) {
            (Some(kind), _) => fields.and_then(|fields| kind.make_at_once(fields)),
            (None, Some(name)) if name.starts_with("messageEntity") => Some(entity.shallow_clone()),
            _ => None,
        };
        list.push(match made {
            Some(made) => made,
            None => from_raw(entity)?,
        })?;
    }
    Ok(sink::array(list))
}

/// Those entities of a list that there are classes for.
pub(super) fn known(entities: &ZendHashTable) -> Result<ZBox<ZendHashTable>, Thrown> {
    let mut list = ZendHashTable::with_capacity(entities.len() as u32);
    for entity in values(entities).map(Zval::dereference) {
        if entity.is_object() {
            list.push(entity.shallow_clone())?;
        }
    }
    Ok(list)
}

/// The entity as a TL array; `None` for what is no entity.
pub(crate) fn to_tl(entity: &ZendObject) -> Option<Zval> {
    let kind = Kind::of(entity)?;
    let mut form = kind.form("_", kind.constructor, entity).ok()?;
    let value = kind
        .detail
        .as_ref()
        .map(|detail| (detail.tl, kind.class.read(entity, detail.property)));
    // Release 8.3.5 does not know `collapsed`.
    if let Some((name, value)) = value.filter(|(_, value)| !value.is_false()) {
        form.insert(name, value).ok()?;
    }
    Some(sink::array(form))
}

/// The entity as the bot API has it.
pub(crate) fn to_bot_api(entity: &ZendObject) -> Result<Zval, Thrown> {
    let Some(kind) = Kind::of(entity) else {
        return Ok(Zval::new());
    };
    let mut ty = kind.types.first().copied().unwrap_or_default();
    let value = kind
        .detail
        .as_ref()
        .map(|detail| kind.class.read(entity, detail.property));
    if value.as_ref().is_some_and(Zval::is_true) {
        ty = "expandable_blockquote";
    }
    let mut form = kind.form("type", ty, entity)?;
    match (&kind.detail, value) {
        (Some(detail), Some(value)) if detail.bot_api == "user" => {
            let mut user = ZendHashTable::with_capacity(1);
            user.insert("id", value)?;
            form.insert("user", user)?;
        }
        (Some(detail), Some(value))
            if !detail.bot_api.is_empty() && value.str().is_none_or(|text| !text.is_empty()) =>
        {
            form.insert(detail.bot_api, value)?;
        }
        _ => {}
    }
    Ok(sink::array(form))
}

impl Kind {
    fn of(entity: &ZendObject) -> Option<&'static Self> {
        KINDS
            .iter()
            .find(|kind| std::ptr::eq(kind.class.entry(), entity.ce))
    }

    /// A new object, by its constructor: that checks the types.
    fn make(&self, arguments: &mut [Zval]) -> Result<Zval, Thrown> {
        let mut object = self.class.instantiate();
        if let Some(constructor) = function::method(self.class.entry(), "__construct") {
            function::call_known(constructor, Object::new(&mut object), arguments)?;
        }
        Ok(object.into_zval(false)?)
    }

    /// A new object for an entity in TL's form; `None` where something in it is unusual.
    fn make_at_once(&self, fields: &ZendHashTable) -> Option<Zval> {
        let int = |key: &str| fields.get(key).filter(|value| value.is_long());
        let mut object = self.class.instantiate();
        let slots = Object::new(&mut object);
        MESSAGE_ENTITY.fill(
            slots,
            [
                int("offset")?.shallow_clone(),
                int("length")?.shallow_clone(),
            ],
        );
        if let Some(detail) = &self.detail {
            let value = match detail.property {
                "language" | "url" => fields.get(detail.tl).filter(|value| value.is_string())?,
                "userId" | "documentId" => int(detail.tl)?,
                "collapsed" => fields.get(detail.tl).filter(|value| value.is_bool())?,
                _ => return None,
            };
            self.class.fill(slots, [value.shallow_clone()]);
        }
        object.into_zval(false).ok()
    }

    /// What every kind has in either form.
    fn form(
        &self,
        key: &str,
        name: &str,
        entity: &ZendObject,
    ) -> Result<ZBox<ZendHashTable>, Thrown> {
        let mut form = ZendHashTable::with_capacity(4);
        form.insert(key, name)?;
        for property in ["offset", "length"] {
            form.insert(property, self.class.read(entity, property))?;
        }
        Ok(form)
    }
}

fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let argument = |index: usize| frame.arg(index).map(Zval::shallow_clone);
    MESSAGE_ENTITY.write(this, "offset", argument(0).unwrap_or_default())?;
    MESSAGE_ENTITY.write(this, "length", argument(1).unwrap_or_default())?;
    if let Some(kind) = Kind::of(this)
        && let Some(detail) = &kind.detail
    {
        let value = match argument(2) {
            Some(value) => value,
            None => false.into_zval(false)?,
        };
        kind.class.write(this, detail.property, value)?;
    }
    Ok(())
}

/// The class under `_`, then the properties.
fn json_serialize(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    let class = this.get_class_name()?;
    let detail = Kind::of(this).and_then(|kind| kind.detail.as_ref().map(|detail| (kind, detail)));
    let mut json = ZendHashTable::with_capacity(4);
    json.insert("_", class)?;
    for property in ["offset", "length"] {
        json.insert(property, MESSAGE_ENTITY.read(this, property))?;
    }
    if let Some((kind, detail)) = detail {
        let value = kind.class.read(this, detail.property);
        // Release 8.3.5 does not know it.
        if !value.is_false() {
            json.insert(detail.property, value)?;
        }
    }
    frame.give(json)
}

fn missing(key: &str, name: &str) -> Thrown {
    let of = if name.is_empty() {
        String::new()
    } else {
        format!(" of type {name}")
    };
    Thrown::Warning(format!("Undefined array key \"{key}\" in an entity{of}"))
}
