//! Contents of addresses.

use ext_php_rs::types::Zval;

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::function;

/// Static methods.
pub(crate) const METHODS: &[Method] = &[Method::new(c"fileGetContents", file_get_contents)
    .params(&[Param::required(c"url", Type::STRING)])
    .returns(Type::STRING)
    .of_class()];

/// What PHP's own function reads; an exception says why it could not.
fn file_get_contents(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let url = frame.text(0).unwrap_or_default().into_owned();
    let content = function::call("file_get_contents", vec![&url]);
    Thrown::pending()?;
    match content.filter(Zval::is_string) {
        Some(content) => frame.give_zval(content),
        None => return Err(Thrown::Exception(format!("cannot read {url}"))),
    }
    Ok(())
}
