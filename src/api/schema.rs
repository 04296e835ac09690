//! What can be called, and how the server is configured.

use ext_php_rs::types::ZendHashTable;
use madeline_tl::Ty;

use super::instance;
use super::login::ask;
use crate::call;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;

/// Lists of methods, and the configuration.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getAllMethods", all_methods).returns(Type::ARRAY),
    Method::new(c"getMethodNamespaces", method_namespaces).returns(Type::ARRAY),
    Method::new(c"getMethodsNamespaced", methods_namespaced).returns(Type::ARRAY),
    Method::new(c"getConfig", config)
        .params(&[Param::optional(c"config", Type::ARRAY, c"[]")])
        .returns(Type::ARRAY),
    Method::new(c"getCachedConfig", config).returns(Type::ARRAY),
    Method::new(c"getCdnConfig", cdn_config).returns(Type::MIXED),
    Method::new(c"isIpc", |frame: &mut Frame<'_>| frame.give(false)).returns(Type::BOOL),
    Method::new(c"isIpcWorker", |frame: &mut Frame<'_>| frame.give(false)).returns(Type::BOOL),
];

/// What `help.getConfig` says; asked anew where that has expired.
fn config(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let config = ask(
        instance,
        |client| async move { client.server_config().await },
    )?;
    let value = call::decode(instance, &instance.client()?, Ty::Object, &config)?;
    frame.give_zval(value);
    Ok(())
}

/// What `help.getCdnConfig` says.
fn cdn_config(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let method = call::method(instance, "help.getCdnConfig")?;
    let value = call::perform(
        instance,
        method,
        &crate::zval::sink::array(ZendHashTable::new()),
    )?;
    frame.give_zval(value);
    Ok(())
}

/// `messages.sendMessage` and all others.
fn all_methods(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for method in instance.schema().methods() {
        list.push(method.name())?;
    }
    frame.give(list)
}

/// `['messages' => 'messages', …]`
fn method_namespaces(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for namespace in instance.schema().namespaces() {
        list.insert(namespace, namespace)?;
    }
    frame.give(list)
}

/// `[['messages' => 'sendMessage'], …]`
fn methods_namespaced(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = instance(frame)?;
    let mut list = ZendHashTable::new();
    for method in instance.schema().methods() {
        if let Some(namespace) = method.namespace() {
            let mut pair = ZendHashTable::with_capacity(1);
            pair.insert(namespace, method.short_name())?;
            list.push(pair)?;
        }
    }
    frame.give(list)
}
