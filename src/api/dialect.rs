//! Which release of MadelineProto an API object behaves like; ARCHITECTURE.md, *Dialects*.

use std::cell::Cell;

use madeline_tl::Shape;

use crate::exceptions::Thrown;
use crate::ini::{self, DialectSetting};

/// The releases that scripts are written for, as far as their results differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Release 8.
    V8,
    /// Releases 5 to 7.
    V7,
    /// Releases 2 to 4.
    V4,
}

impl Dialect {
    /// The form of results.
    pub(crate) fn shape(self) -> Shape {
        match self {
            Self::V8 => Shape::V8,
            Self::V7 => Shape::V7,
            Self::V4 => Shape::V4,
        }
    }

    /// Whether the log goes to the output where nobody says where to.
    pub(crate) fn echoes(self) -> bool {
        self != Self::V8
    }

    /// Whether `Button::click()` returns at once when the script does not say.
    pub(crate) fn clicks_in_background(self) -> bool {
        self == Self::V8
    }

    /// Whether a first argument that is no array counts as no arguments, instead of an error.
    pub(crate) fn ignores_positional(self) -> bool {
        self != Self::V8
    }
}

/// The dialect of one API object: fixed by the ini table, or found out by what the script does.
pub(crate) struct DialectChoice {
    current: Cell<Dialect>,
    fixed: bool,
}

impl DialectChoice {
    /// As the ini table says.
    pub(crate) fn new() -> Result<Self, Thrown> {
        let (current, fixed) = match ini::dialect()? {
            DialectSetting::Auto => (Dialect::V8, false),
            DialectSetting::V8 => (Dialect::V8, true),
            DialectSetting::V7 => (Dialect::V7, true),
            DialectSetting::V4 => (Dialect::V4, true),
        };
        Ok(Self {
            current: Cell::new(current),
            fixed,
        })
    }

    /// The dialect.
    pub(crate) fn get(&self) -> Dialect {
        self.current.get()
    }

    /// Whether the ini table says that it is this one.
    pub(crate) fn is_fixed_to(&self, dialect: Dialect) -> bool {
        self.fixed && self.current.get() == dialect
    }

    /// Notes that the script uses a style that `dialect` was the last release to have. A dialect only ever gets older.
    pub(crate) fn sign_of(&self, dialect: Dialect) {
        if !self.fixed && (dialect == Dialect::V4 || self.current.get() == Dialect::V8) {
            self.current.set(dialect);
        }
    }
}
