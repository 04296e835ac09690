//! What user code returns: values, and generators that are run to their end.

use ext_php_rs::types::Zval;

use crate::exceptions::Thrown;

/// The value that a returned one stands for.
pub(crate) fn finish(value: Zval) -> Result<Zval, Thrown> {
    let Some(generator) = value.object().filter(|object| {
        object
            .get_class_name()
            .is_ok_and(|name| name == "Generator")
    }) else {
        return Ok(value);
    };
    let call = |name: &str| {
        let result = generator.try_call_method(name, vec![]);
        Thrown::pending()?;
        Ok::<_, Thrown>(result.unwrap_or_default())
    };
    while call("valid")?.bool() == Some(true) {
        let yielded = call("current")?;
        let _ = generator.try_call_method("send", vec![&yielded]);
        Thrown::pending()?;
    }
    call("getReturn")
}
