//! Methods of a handler that get updates as objects, where a filter lets them pass.

use std::cell::RefCell;
use std::rc::Rc;

use ext_php_rs::ffi::zend_function;
use ext_php_rs::types::Zval;
use madeline_tl::{Definition, Schema};

use super::filters;
use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::types;

/// One such method.
pub(super) struct Filtered {
    method: *mut zend_function,
    /// As the attribute made it.
    given: Zval,
    /// What it is replaced by while the handler runs.
    filter: RefCell<Option<Zval>>,
}

impl Filtered {
    pub(super) fn new(method: *mut zend_function, given: Zval) -> Self {
        Self {
            method,
            given,
            filter: RefCell::default(),
        }
    }

    pub(super) fn method(&self) -> *mut zend_function {
        self.method
    }

    /// The handler starts: filters may look up what they need.
    pub(super) fn initialize(&self, handler: &Zval) -> Result<(), Thrown> {
        let filter = filters::initialized(&self.given, handler)?;
        let before = self.filter.replace(Some(filter));
        drop(before);
        Ok(())
    }

    /// Whether the method gets this update.
    pub(super) fn wants(&self, update: &Zval) -> Result<bool, Thrown> {
        let filter = self.filter.borrow().as_ref().map(Zval::shallow_clone);
        filter.map_or(Ok(false), |filter| filters::applies(&filter, update))
    }
}

/// The ids of the updates that there are objects for.
pub(super) fn ids(schema: &Schema) -> Vec<u32> {
    let known = types::KNOWN
        .iter()
        .filter_map(|name| schema.constructor(name));
    known.map(Definition::id).collect()
}

/// An update as an object; `None` where there is none for it.
pub(super) fn object(instance: &Rc<Instance>, update: &Zval) -> Result<Option<Zval>, Thrown> {
    match update.array() {
        Some(update) => types::wrap_update(instance, update),
        None => Ok(None),
    }
}
