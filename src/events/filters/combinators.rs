//! Filters of filters: `FilterNot`, `FiltersAnd`, `FiltersOr`; what lets everything pass, and what goes by the class.

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};

use super::plain::ALLOW_ALL;
use super::{FILTER, FILTER_TYPE, HANDLER, applies, apply, initialized, with_options};
use crate::class::{Class, Frame, Literal, Method, Object, Param, Property, Type, is_a};
use crate::events::start::find_class;
use crate::exceptions::Thrown;
use crate::zval::entries::values;
use crate::zval::sink;

static NOT: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\Combinator\\FilterNot",
    &[
        Property::new(c"filter", FILTER_TYPE, Literal::Uninitialized)
            .private()
            .readonly(),
    ],
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            NOT.write(frame.this()?, "filter", given)
        })
        .params(&[Param::required(c"filter", FILTER_TYPE)]),
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            let handler = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            let inner = initialized(&NOT.read_set(frame.this()?, "filter")?, &handler)?;
            // What is not so twice, is so.
            let own = match NOT.object(&inner) {
                Some(twice) => NOT.read_set(twice, "filter")?,
                None => not(inner)?,
            };
            frame.give_zval(own);
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| {
            let inner = NOT.read_set(frame.this()?, "filter")?;
            let passes = match frame.arg(0) {
                Some(update) => applies(&inner, update)?,
                None => false,
            };
            frame.give(!passes)
        }),
    ],
);

static AND: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\Combinator\\FiltersAnd",
    FILTERS,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct(frame, &AND)
        })
        .params(SEVERAL)
        .variadic(),
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            let filters = initialized_parts(frame, &AND)?;
            let own = join(filters)?;
            frame.give_zval(own);
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| {
            let passes = any(frame, &AND, false)?.is_none();
            frame.give(passes)
        }),
    ],
);

static OR: Class = with_options(
    c"danog\\MadelineProto\\EventHandler\\Filter\\Combinator\\FiltersOr",
    FILTERS,
    &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            construct(frame, &OR)
        })
        .params(SEVERAL)
        .variadic(),
        Method::new(c"initialize", |frame: &mut Frame<'_>| {
            let filters = initialized_parts(frame, &OR)?;
            let own = if filters
                .iter()
                .any(|filter| ALLOW_ALL.object(filter).is_some())
            {
                allow_all()?
            } else {
                one_or_several(&OR, filters)?
            };
            frame.give_zval(own);
            Ok(())
        })
        .params(HANDLER)
        .returns(FILTER_TYPE),
        apply(|frame: &mut Frame<'_>| {
            let passes = any(frame, &OR, true)?.is_some();
            frame.give(passes)
        }),
    ],
);

/// Updates of a class, for what the type of a parameter says.
static OF_CLASS: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Filter\\FilterClass",
    flags: Class::FINAL,
    parent: Some(crate::class::Base::Ours(&FILTER)),
    properties: &[
        Property::new(c"class", Type::STRING, Literal::Uninitialized)
            .private()
            .readonly(),
    ],
    methods: &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
            OF_CLASS.write(frame.this()?, "class", given)
        })
        .params(&[Param::required(c"class", Type::STRING)]),
        apply(|frame: &mut Frame<'_>| {
            let class = OF_CLASS.read_set(frame.this()?, "class")?;
            let class = class
                .zend_str()
                .and_then(|name| find_class(name.as_bytes()));
            Thrown::pending()?;
            let update = super::update(frame)?;
            frame.give(class.is_some_and(|class| is_a(update.ce, class)))
        }),
    ],
    ..Class::DEFAULT
};

const FILTERS: &[Property] = &[
    Property::new(c"filters", Type::ARRAY, Literal::Uninitialized)
        .private()
        .readonly(),
];
const SEVERAL: &[Param] = &[Param::optional(c"filters", FILTER_TYPE, c"null")];

/// The classes of this module.
pub(super) static CLASSES: &[&Class] = &[&NOT, &AND, &OR, &OF_CLASS];

/// What passes all of these filters.
pub(in crate::events) fn all_of(filters: Vec<Zval>) -> Result<Zval, Thrown> {
    several(&AND, filters)
}

/// What passes one of these filters.
pub(super) fn any_of(filters: Vec<Zval>) -> Result<Zval, Thrown> {
    several(&OR, filters)
}

/// Updates of the class of that name.
pub(super) fn of_class(name: &[u8]) -> Result<Zval, Thrown> {
    let mut object = OF_CLASS.instantiate();
    OF_CLASS.fill(Object::new(&mut object), [sink::text(name)]);
    Ok(object.into_zval(false)?)
}

/// Everything that is an object.
pub(super) fn allow_all() -> Result<Zval, Thrown> {
    Ok(ALLOW_ALL.instantiate().into_zval(false)?)
}

fn not(filter: Zval) -> Result<Zval, Thrown> {
    let mut object = NOT.instantiate();
    NOT.fill(Object::new(&mut object), [filter]);
    Ok(object.into_zval(false)?)
}

fn several(class: &Class, filters: Vec<Zval>) -> Result<Zval, Thrown> {
    let mut list = ZendHashTable::with_capacity(filters.len() as u32);
    for filter in filters {
        list.push(filter)?;
    }
    let mut object = class.instantiate();
    class.fill(Object::new(&mut object), [sink::array(list)]);
    Ok(object.into_zval(false)?)
}

/// What passes everything adds nothing to others.
fn join(mut filters: Vec<Zval>) -> Result<Zval, Thrown> {
    filters.retain(|filter| ALLOW_ALL.object(filter).is_none());
    if filters.is_empty() {
        return allow_all();
    }
    one_or_several(&AND, filters)
}

fn one_or_several(class: &Class, mut filters: Vec<Zval>) -> Result<Zval, Thrown> {
    match filters.pop() {
        Some(only) if filters.is_empty() => Ok(only),
        last => {
            filters.extend(last);
            several(class, filters)
        }
    }
}

fn construct(frame: &mut Frame<'_>, class: &Class) -> Result<(), Thrown> {
    let mut list = ZendHashTable::with_capacity(frame.count() as u32);
    for (index, filter) in frame.all().enumerate() {
        if FILTER.object(filter).is_none() {
            return Err(Thrown::Type(format!(
                "{}: argument {} has to be a filter, {} was given",
                class.name.to_string_lossy(),
                index + 1,
                crate::function::type_name(filter)
            )));
        }
        list.push(filter.shallow_clone())?;
    }
    if list.is_empty() {
        return Err(Thrown::InvalidArgument(format!(
            "{}: at least one filter has to be given",
            class.name.to_string_lossy()
        )));
    }
    class.write(frame.this()?, "filters", sink::array(list))
}

/// The filters inside, each with what it is replaced by; those of filters of the same kind one by one.
fn initialized_parts(frame: &Frame<'_>, class: &Class) -> Result<Vec<Zval>, Thrown> {
    let handler = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    let mut parts = Vec::new();
    for filter in inside(frame.this()?, class)? {
        let own = initialized(&filter, &handler)?;
        match class.object(&own) {
            Some(same) => parts.extend(inside(same, class)?),
            None => parts.push(own),
        }
    }
    Ok(parts)
}

fn inside(object: &Object, class: &Class) -> Result<Vec<Zval>, Thrown> {
    let list = class.read_set(object, "filters")?;
    let filters = list.array().into_iter().flat_map(values);
    Ok(filters
        .map(|filter| filter.dereference().shallow_clone())
        .collect())
}

/// The number of the first filter inside that says this.
fn any(frame: &Frame<'_>, class: &Class, wanted: bool) -> Result<Option<usize>, Thrown> {
    let Some(update) = frame.arg(0).map(Zval::shallow_clone) else {
        return Ok(None);
    };
    for (index, filter) in inside(frame.this()?, class)?.iter().enumerate() {
        if applies(filter, &update)? == wanted {
            return Ok(Some(index));
        }
    }
    Ok(None)
}
