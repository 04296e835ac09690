//! The arguments of a call by the names of its parameters: methods with many of them share what reads them.

use ext_php_rs::types::Zval;

use crate::class::{Frame, Param};

/// The arguments of a call.
pub(crate) struct Given<'f, 'c> {
    pub(crate) frame: &'c Frame<'f>,
    /// Those of the method.
    pub(crate) params: &'static [Param],
    /// What the method itself adds.
    pub(crate) also: &'c [(&'static str, Zval)],
}

impl<'c> Given<'_, 'c> {
    /// An argument that was given and is not null.
    pub(crate) fn get(&self, name: &str) -> Option<&'c Zval> {
        if let Some((_, value)) = self.also.iter().find(|(known, _)| *known == name) {
            return Some(value).filter(|value| !value.is_null());
        }
        let index = self
            .params
            .iter()
            .position(|param| param.name().to_bytes() == name.as_bytes())?;
        self.frame.present(index)
    }

    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.string()
    }

    pub(super) fn int(&self, name: &str) -> Option<i64> {
        self.get(name)?.long()
    }

    /// The flag, or its default where it was left out.
    pub(crate) fn flag(&self, name: &str, default: bool) -> bool {
        self.get(name).map_or(default, Zval::coerce_to_bool)
    }
}
