//! `\danog\MadelineProto\ParseMode`: the languages of formatted text, as an enum.

use ext_php_rs::types::ZendObject;

use crate::class::Class;

/// The enum.
pub(crate) static PARSE_MODE: Class = Class {
    name: c"danog\\MadelineProto\\ParseMode",
    cases: &[c"MARKDOWN", c"HTML", c"TEXT"],
    ..Class::DEFAULT
};

/// The name of a case, which is what `parse_mode` takes as text.
pub(crate) fn name(object: &ZendObject) -> Option<&'static [u8]> {
    if !std::ptr::eq(object.ce, PARSE_MODE.entry()) {
        return None;
    }
    let name = PARSE_MODE.read(object, "name");
    let name = name.zend_str()?.as_bytes();
    PARSE_MODE
        .cases
        .iter()
        .map(|case| case.to_bytes())
        .find(|case| *case == name)
}
