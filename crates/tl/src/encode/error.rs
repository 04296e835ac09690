//! Why a value could not be encoded.

use std::error::Error;
use std::fmt;

use super::place::Place;

/// An error of encoding, with the place where it happened.
///
/// `E` is the error of the [`crate::Convert`] hook.
#[derive(Debug)]
pub struct EncodeError<E> {
    /// Boxed, so that a result of the codec fits into a register.
    inner: Box<Inner<E>>,
}

#[derive(Debug)]
struct Inner<E> {
    path: String,
    kind: EncodeErrorKind<E>,
    /// What was wanted and what came, where the hook's own error need not say it.
    finding: Option<String>,
}

/// What is wrong.
#[derive(Debug)]
pub enum EncodeErrorKind<E> {
    /// The value is not of the wanted type.
    Mismatch {
        /// The type in TL's spelling.
        expected: String,
        /// What came, in a few words.
        found: String,
    },
    /// A mandatory parameter, or one whose flag is set, has no value.
    Missing {
        /// Its name.
        param: String,
    },
    /// The schema has no constructor of that name.
    UnknownConstructor {
        /// The name that was under `_`.
        name: String,
    },
    /// A string or bytes longer than TL can carry (16 MiB).
    TooLong {
        /// Its length in bytes.
        length: usize,
    },
    /// Values nest deeper than the codec follows.
    TooDeep,
    /// The hook's own.
    Convert(E),
}

impl<E> EncodeError<E> {
    /// An error at a place that the path describes.
    pub fn new(path: String, kind: EncodeErrorKind<E>) -> Self {
        Self {
            inner: Box::new(Inner {
                path,
                kind,
                finding: None,
            }),
        }
    }

    /// The place: `messages.sendMessage → reply_markup → rows[0]`.
    pub fn path(&self) -> &str {
        &self.inner.path
    }

    /// What is wrong.
    pub fn kind(&self) -> &EncodeErrorKind<E> {
        &self.inner.kind
    }

    /// The place, what was wanted there and what came: `messages.getHistory → limit: expected int, found null`. A
    /// hook's error tells that in its own words; this is the same for all of them.
    pub fn trace(&self) -> String {
        let Inner {
            path,
            kind,
            finding,
        } = &*self.inner;
        match kind.finding().as_ref().or(finding.as_ref()) {
            Some(finding) => format!("{path}: {finding}"),
            None => path.clone(),
        }
    }

    /// Notes what was wanted and what came, where the hook failed at this very place.
    pub(super) fn found(mut self, at: &Place<'_>, finding: impl FnOnce() -> String) -> Self {
        let is_hooks = matches!(self.inner.kind, EncodeErrorKind::Convert(_));
        if is_hooks && self.inner.finding.is_none() && self.inner.path == at.to_string() {
            self.inner.finding = Some(finding());
        }
        self
    }

    /// The place and what is wrong there.
    pub fn into_parts(self) -> (String, EncodeErrorKind<E>) {
        (self.inner.path, self.inner.kind)
    }
}

impl<E> EncodeErrorKind<E> {
    /// What was wanted and what came; `None` for the hook's own.
    fn finding(&self) -> Option<String> {
        Some(match self {
            Self::Mismatch { expected, found } => format!("expected {expected}, found {found}"),
            Self::Missing { param } => format!("expected a value for {param}, found none"),
            Self::UnknownConstructor { name } => {
                format!("expected a constructor of the schema, found {name}")
            }
            Self::TooLong { length } => format!(
                "expected at most {} bytes, found {length}",
                crate::wire::MAX_BYTES
            ),
            Self::TooDeep => "expected values that nest less deep".to_owned(),
            Self::Convert(_) => return None,
        })
    }
}

impl<E: fmt::Display> fmt::Display for EncodeError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.inner.path)?;
        match (&self.inner.kind, self.inner.kind.finding()) {
            (_, Some(finding)) => f.write_str(&finding),
            (EncodeErrorKind::Convert(error), None) => error.fmt(f),
            (_, None) => Ok(()),
        }
    }
}

impl<E: Error + 'static> Error for EncodeError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        if let EncodeErrorKind::Convert(error) = &self.inner.kind {
            Some(error)
        } else {
            None
        }
    }
}
