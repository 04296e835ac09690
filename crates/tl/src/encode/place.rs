//! Where in a value the codec is: for hooks, and for messages.

use std::fmt;

use super::error::{EncodeError, EncodeErrorKind};
use super::source::{Source, View};
use crate::schema::{Definition, Param, Schema, Ty};

/// A place in the value that is being encoded. It lives on the stack: no allocation until it is displayed.
///
/// Displayed as a path: `messages.sendMessage → reply_markup → rows[0]`.
#[derive(Clone, Copy, Debug)]
pub struct Place<'p> {
    parent: Option<&'p Place<'p>>,
    step: Step<'p>,
}

#[derive(Clone, Copy, Debug)]
enum Step<'p> {
    /// The value itself, where it is no call.
    Value(&'p Schema, Ty),
    Definition(Definition<'p>),
    Param(Param<'p>),
    Item(usize),
}

impl<'p> Place<'p> {
    /// A call.
    pub fn root(method: Definition<'p>) -> Self {
        Self {
            parent: None,
            step: Step::Definition(method),
        }
    }

    /// A value of that type that is no part of a call.
    pub fn value(schema: &'p Schema, ty: Ty) -> Self {
        Self {
            parent: None,
            step: Step::Value(schema, ty),
        }
    }

    /// An object of that constructor at this place.
    pub fn object<'c>(&'c self, definition: Definition<'c>) -> Place<'c> {
        Place {
            parent: Some(self),
            step: Step::Definition(definition),
        }
    }

    /// A parameter of the definition at this place.
    pub fn param<'c>(&'c self, param: Param<'c>) -> Place<'c> {
        Place {
            parent: Some(self),
            step: Step::Param(param),
        }
    }

    /// An item of the vector at this place, from 0.
    pub fn item(&self, index: usize) -> Place<'_> {
        Place {
            parent: Some(self),
            step: Step::Item(index),
        }
    }

    /// The definition that this place is a part of: the nearest one.
    pub fn definition(&self) -> Option<Definition<'p>> {
        self.steps().find_map(|step| {
            if let Step::Definition(definition) = step {
                Some(definition)
            } else {
                None
            }
        })
    }

    /// The parameter that this place is, or is a part of within vectors.
    pub fn parameter(&self) -> Option<Param<'p>> {
        self.steps().find_map(|step| {
            if let Step::Param(param) = step {
                Some(param)
            } else {
                None
            }
        })
    }

    /// The method that is being called; `None` within a value that is no part of a call.
    pub fn method(&self) -> Option<Definition<'p>> {
        let outermost = self.steps().last()?;
        if let Step::Definition(definition) = outermost {
            Some(definition).filter(Definition::is_method)
        } else {
            None
        }
    }

    /// An error at this place.
    pub fn error<E>(&self, kind: EncodeErrorKind<E>) -> EncodeError<E> {
        EncodeError::new(self.to_string(), kind)
    }

    /// A hook's own error at this place.
    pub fn convert<E>(&self, error: E) -> EncodeError<E> {
        self.error(EncodeErrorKind::Convert(error))
    }

    /// The error that `value` is not of the type `want`.
    pub fn mismatch<'a, E, S: Source<'a>>(
        &self,
        schema: &Schema,
        want: Ty,
        value: S,
    ) -> EncodeError<E> {
        self.error(EncodeErrorKind::Mismatch {
            expected: schema.spell(want).to_string(),
            found: describe(schema, value),
        })
    }

    /// The error that a parameter has no value.
    pub fn missing<E>(&self, param: Param<'_>) -> EncodeError<E> {
        self.error(EncodeErrorKind::Missing {
            param: param.name().to_owned(),
        })
    }

    fn steps(&self) -> impl Iterator<Item = Step<'p>> {
        let mut next = Some(*self);
        std::iter::from_fn(move || {
            let place = next?;
            next = place.parent.copied();
            Some(place.step)
        })
    }
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Below the top, a parameter's name says enough: definitions are left out.
        let named = |step: &Step<'_>| !matches!(step, Step::Definition(_));
        let mut steps: Vec<_> = self.steps().collect();
        let top = steps.pop();
        steps.retain(named);
        steps.reverse();
        match top {
            Some(Step::Definition(definition)) => f.write_str(definition.name())?,
            Some(Step::Value(schema, ty)) => schema.spell(ty).fmt(f)?,
            Some(Step::Param(_) | Step::Item(_)) | None => {}
        }
        let middle = HEAD..steps.len().saturating_sub(TAIL);
        let mut gap = false;
        for (index, step) in steps.iter().enumerate() {
            if middle.contains(&index) {
                if !gap {
                    f.write_str(" → …")?;
                }
                gap = true;
            } else if let Step::Param(param) = step {
                write!(f, " → {}", param.name())?;
                gap = false;
            } else if let Step::Item(item) = step
                && !gap
            {
                write!(f, "[{item}]")?;
            }
        }
        Ok(())
    }
}

/// How many steps of a long path are displayed: an array that contains itself leads on without end.
const HEAD: usize = 16;
const TAIL: usize = 4;

/// What came, in a few words and without its content: content may be secret.
pub(super) fn describe<'a, S: Source<'a>>(schema: &Schema, value: S) -> String {
    if let Some(description) = value.description() {
        return description;
    }
    match value.view() {
        View::Null => "null".to_owned(),
        View::Bool(value) => value.to_string(),
        View::Int(value) => format!("the number {value}"),
        View::Double(value) => format!("the number {value}"),
        View::Text([]) => "an empty string".to_owned(),
        View::Text(text) => format!("a string of {} bytes", text.len()),
        View::Bytes(bytes) => format!("{} bytes", bytes.len()),
        View::Opaque => "an object".to_owned(),
        View::Array if value.is_list() => match value.len() {
            0 => "an empty array".to_owned(),
            1 => "a list of 1 item".to_owned(),
            items => format!("a list of {items} items"),
        },
        View::Array => match super::encoder::constructor_name(schema, value) {
            Some(name) => String::from_utf8_lossy(name).into_owned(),
            None => "an array without _".to_owned(),
        },
    }
}
