//! Our classes as implementations of interfaces that PHP code brings, if anybody does, and in a version of its own choice.
//!
//! A class of an extension cannot implement what is not there when the extension starts. So it has no interface; where
//! there is one, a child class that implements it is declared for the rest of the request.

use std::ffi::CStr;

use ext_php_rs::boxed::ZBox;
use ext_php_rs::ffi::zend_eval_string;
use ext_php_rs::types::ZendObject;
use ext_php_rs::zend::ClassEntry;

use super::{Class, instantiate};
use crate::exceptions::Thrown;
use crate::function;

/// A child class that implements an interface.
pub(crate) struct Bridge {
    pub(crate) parent: &'static Class,
    pub(crate) interface: &'static str,
    pub(crate) child: &'static str,
    /// What declares it.
    pub(crate) source: &'static CStr,
}

impl Bridge {
    /// A new object: of the child class where the interface is there, of the parent where it is not.
    pub(crate) fn instantiate(&self) -> Result<ZBox<ZendObject>, Thrown> {
        Ok(match self.class()? {
            // SAFETY: a class that is declared until the request ends, and not abstract.
            Some(class) => unsafe { instantiate(std::ptr::from_ref(class).cast_mut()) },
            None => self.parent.instantiate(),
        })
    }

    fn class(&self) -> Result<Option<&'static ClassEntry>, Thrown> {
        let known = function::call("interface_exists", vec![&self.interface]);
        Thrown::pending()?;
        if known.and_then(|known| known.bool()) != Some(true) {
            return Ok(None);
        }
        if ClassEntry::try_find(self.child).is_none() {
            // SAFETY: constant source; an error in it would be an exception of PHP's.
            unsafe {
                zend_eval_string(
                    self.source.as_ptr(),
                    std::ptr::null_mut(),
                    c"madelineproto".as_ptr(),
                )
            };
            Thrown::pending()?;
        }
        Ok(ClassEntry::try_find(self.child))
    }
}
