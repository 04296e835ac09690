//! The PHP extension: a Telegram MTProto client with MadelineProto's API.
//!
//! This file is the table of contents: what is registered when PHP starts, and what ends with a request and with the
//! process.

#![allow(
    missing_docs,
    reason = "the only public item is the symbol that PHP loads, which a macro makes"
)]

mod amp;
mod api;
mod broadcast;
mod call;
mod class;
mod coroutine;
mod events;
mod exceptions;
mod files;
mod function;
mod ini;
mod lang;
mod loader;
mod logger;
mod lua;
mod memory;
mod metrics;
mod namespace;
mod panic;
mod prompt;
mod runtime;
mod settings;
mod syntax;
mod tools;
mod types;
mod zend;
mod zval;

use ext_php_rs::error::php_error;
use ext_php_rs::ffi::MODULE_TEMPORARY;
use ext_php_rs::flags::ErrorType;
use ext_php_rs::prelude::*;
use ext_php_rs::zend::ModuleEntry;
use ext_php_rs::{info_table_end, info_table_row, info_table_start};
use madeline_tl::Schema;

#[php_module]
#[php(startup = "startup")]
fn module(module: ModuleBuilder<'_>) -> ModuleBuilder<'_> {
    module
        .name("madelineproto")
        .shutdown_function(shutdown)
        .request_shutdown_function(end_of_request)
        .info_function(information)
}

/// At the start of PHP. No threads are started: a server may fork its workers from here.
fn startup(kind: i32, module_number: i32) -> i32 {
    if kind == MODULE_TEMPORARY as i32 {
        // PHP takes the classes of such modules away in an order in which it reads what it has freed.
        let refusal =
            "madelineproto cannot be loaded this way: say extension=madelineproto in php.ini";
        php_error(&ErrorType::CoreWarning, refusal);
        return -1;
    }
    panic::startup();
    ini::startup(module_number);
    zval::keys::startup();
    class::forget();
    class::register(&exceptions::classes());
    class::register(&[&function::CALLBACK, &coroutine::FUTURE]);
    class::register(settings::CLASSES);
    class::register(settings::stream_classes());
    class::register(logger::CLASSES);
    class::register(&[&lang::LANG]);
    class::register(&[&namespace::NAMESPACE]);
    namespace::startup();
    types::startup();
    class::register(&types::classes());
    class::register(tools::CLASSES);
    class::register(metrics::CLASSES);
    class::register(broadcast::CLASSES);
    class::register(files::CLASSES);
    api::startup();
    class::register(lua::CLASSES);
    loader::startup();
    amp::startup();
    memory::forget_constants();
    0
}

/// At the end of PHP.
unsafe extern "C" fn shutdown(_: i32, _: i32) -> i32 {
    loader::shutdown();
    api::shutdown();
    runtime::shutdown();
    zval::keys::shutdown();
    0
}

/// At the end of a request: another process may want its sessions.
unsafe extern "C" fn end_of_request(_: i32, _: i32) -> i32 {
    api::end_of_request();
    lua::end_of_request();
    runtime::end_of_request();
    amp::end_of_request();
    metrics::end_of_request();
    broadcast::end_of_request();
    exceptions::handlers::end_of_request();
    0
}

/// The table of `php --ri madelineproto` and `phpinfo()`.
unsafe extern "C" fn information(module: *mut ModuleEntry) {
    info_table_start!();
    info_table_row!("MadelineProto support", "enabled");
    info_table_row!("Version", env!("CARGO_PKG_VERSION"));
    info_table_row!("API compatible with MadelineProto", api::RELEASE);
    info_table_row!("Telegram API layer", Schema::api().layer().to_string());
    info_table_end!();
    // SAFETY: PHP calls this with the module's own entry.
    unsafe { zend::display_ini_entries(module) };
}
