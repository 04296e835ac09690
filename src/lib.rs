//! The PHP extension: a Telegram MTProto client with MadelineProto's API.

mod class;
mod exceptions;
mod types;
mod zend;

use ext_php_rs::prelude::*;

#[php_module]
#[php(startup = "startup")]
fn module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module.name("madelineproto")
}

fn startup(_type: i32, _module_number: i32) -> i32 {
    class::register(exceptions::CLASSES);
    class::register(types::CLASSES);
    0
}
