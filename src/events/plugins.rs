//! Plugins: further handlers of the same session, which a handler names by their classes (`getPlugins()`) or by the directories
//! of their files (`getPluginPaths()`).

use std::ffi::CString;
use std::fs;
use std::path::{Path, PathBuf};
use std::rc::Rc;

use ext_php_rs::ffi::{ZEND_ACC_ABSTRACT, zend_class_entry, zend_eval_string};
use ext_php_rs::types::Zval;

use super::account::Wish;
use super::handler::{Handler, class_of};
use super::{EVENT_HANDLER, SIMPLE_EVENT_HANDLER, kept, start, update};
use crate::api::instance::Instance;
use crate::api::{self, reports};
use crate::class::{Base, Class, Frame, Method, Object, Param, Type, is_a};
use crate::exceptions::Thrown;
use crate::function;
use crate::settings::describe;
use crate::zval::entries::values;

/// The namespace of classes that are found in plugin directories.
const NAMESPACE: &str = "MadelinePlugin\\";

/// `\danog\MadelineProto\PluginEventHandler`: scripts extend it.
pub(super) static PLUGIN_EVENT_HANDLER: Class = Class {
    name: c"danog\\MadelineProto\\PluginEventHandler",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&SIMPLE_EVENT_HANDLER)),
    methods: &[
        Method::new(c"isPluginEnabled", |frame: &mut Frame<'_>| frame.give(true))
            .returns(Type::BOOL),
    ],
    ..Class::DEFAULT
};

const UPDATE: &[Param] = &[Param::required(c"update", Type::ARRAY)];

/// `\danog\MadelineProto\EventHandler\Plugin\RestartPlugin`: administrators restart the handler by `/restart`.
pub(super) static RESTART_PLUGIN: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Plugin\\RestartPlugin",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&PLUGIN_EVENT_HANDLER)),
    methods: &[
        Method::new(c"onUpdateNewMessage", restart)
            .params(UPDATE)
            .returns(Type::VOID),
        Method::new(c"onUpdateNewChannelMessage", restart)
            .params(UPDATE)
            .returns(Type::VOID),
    ],
    ..Class::DEFAULT
};

/// The handlers of all plugins that a handler names, and that those name, each class once.
pub(super) fn load(
    api: &Zval,
    account: &Rc<Instance>,
    object: &Zval,
) -> Result<Vec<Handler>, Thrown> {
    let mut seen: Vec<_> = class_of(object).into_iter().collect();
    let mut waiting = named(object)?;
    let mut plugins = Vec::new();
    while !waiting.is_empty() {
        let class = waiting.remove(0);
        if seen.contains(&class.cast_const()) {
            continue;
        }
        seen.push(class);
        let plugin = start::make(api, account, class)?;
        if !is_enabled(&plugin)? {
            continue;
        }
        waiting.extend(named(&plugin)?);
        kept::restore(account, &plugin)?;
        plugins.push(Handler::new(account, plugin, None)?);
    }
    Ok(plugins)
}

fn is_enabled(plugin: &Zval) -> Result<bool, Thrown> {
    let enabled = ask(plugin, "isPluginEnabled")?;
    Ok(enabled.is_none_or(|enabled| enabled.coerce_to_bool()))
}

/// What a public method without parameters gives, where there is one.
fn ask(object: &Zval, name: &str) -> Result<Option<Zval>, Thrown> {
    let (Some(this), Some(class)) = (object.object().map(Object::of), class_of(object)) else {
        return Ok(None);
    };
    function::method(class, name)
        .map(|method| function::call_known(method, this, &mut []))
        .transpose()
}

/// The classes that an object names as its plugins.
fn named(object: &Zval) -> Result<Vec<*mut zend_class_entry>, Thrown> {
    let mut classes = Vec::new();
    if let Some(names) = ask(object, "getPlugins")? {
        for name in names.array().into_iter().flat_map(values) {
            classes.push(by_name(name.dereference())?);
        }
    }
    if let Some(given) = ask(object, "getPluginPaths")? {
        let one = given.array().is_none().then_some(&given);
        let several = given.array().into_iter().flat_map(values);
        for path in one.into_iter().chain(several).map(Zval::dereference) {
            if !path.is_null() {
                classes.extend(in_directory(path)?);
            }
        }
    }
    Ok(classes)
}

fn by_name(name: &Zval) -> Result<*mut zend_class_entry, Thrown> {
    let class = name
        .zend_str()
        .and_then(|name| start::find_class(name.as_bytes()));
    Thrown::pending()?;
    class.filter(|class| is_plugin(*class)).ok_or_else(|| {
        let came = name.zend_str().map_or_else(
            || describe(name),
            |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
        );
        Thrown::InvalidArgument(format!(
            "getPlugins(): a plugin is the name of a class that extends danog\\MadelineProto\\PluginEventHandler; {came} is not"
        ))
    })
}

fn is_plugin(class: *const zend_class_entry) -> bool {
    is_a(class, PLUGIN_EVENT_HANDLER.entry())
}

/// The plugins among the classes of a directory's files. Files named `functions.php` are only run.
fn in_directory(given: &Zval) -> Result<Vec<*mut zend_class_entry>, Thrown> {
    let path = given.string().unwrap_or_default();
    let root = fs::canonicalize(&path).ok().filter(|root| root.is_dir());
    let Some(root) = root.filter(|_| given.is_string()) else {
        return Err(Thrown::InvalidArgument(format!(
            "getPluginPaths(): a directory is expected, {} is none",
            given.str().map_or_else(|| describe(given), str::to_owned)
        )));
    };
    let mut files = Vec::new();
    collect(&root, &mut files)
        .map_err(|error| Thrown::Exception(format!("getPluginPaths(): {path}: {error}")))?;
    find_by_themselves(root.clone())?;
    let mut classes = Vec::new();
    for file in files {
        if file.ends_with("functions.php") {
            require(&file)?;
            continue;
        }
        let Some(name) = class_name(&root, &file) else {
            continue;
        };
        let class = start::find_class(name.as_bytes());
        Thrown::pending()?;
        let class = class.ok_or_else(|| {
            Thrown::InvalidArgument(format!(
                "getPluginPaths(): the file {} does not declare the class {name}",
                file.display()
            ))
        })?;
        // SAFETY: a class that the engine has found.
        let is_abstract = unsafe { (*class).ce_flags & ZEND_ACC_ABSTRACT != 0 };
        if is_plugin(class) && !is_abstract {
            classes.push(class);
        }
    }
    Ok(classes)
}

/// The PHP files of a directory and of those in it, in the order of their names.
fn collect(directory: &Path, files: &mut Vec<PathBuf>) -> std::io::Result<()> {
    let mut entries = fs::read_dir(directory)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<Vec<_>, _>>()?;
    entries.sort();
    for path in entries {
        if path.is_dir() {
            collect(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "php") {
            files.push(path);
        }
    }
    Ok(())
}

fn class_name(root: &Path, file: &Path) -> Option<String> {
    let inside = file.strip_prefix(root).ok()?.with_extension("");
    Some(format!(
        "{NAMESPACE}{}",
        inside.to_str()?.replace('/', "\\")
    ))
}

/// Classes of a plugin directory may need each other.
fn find_by_themselves(root: PathBuf) -> Result<(), Thrown> {
    let load = function::closure(move |frame| {
        let name = frame.text(0).unwrap_or_default();
        let Some(inside) = name.strip_prefix(NAMESPACE) else {
            return Ok(());
        };
        let file = root.join(inside.replace('\\', "/")).with_extension("php");
        if file.is_file() {
            require(&file)
        } else {
            Ok(())
        }
    });
    function::call("spl_autoload_register", vec![&load]);
    Thrown::pending()
}

fn require(file: &Path) -> Result<(), Thrown> {
    let path = file.to_string_lossy().replace('\\', "\\\\");
    let source = format!("require_once '{}';", path.replace('\'', "\\'"));
    let source = CString::new(source)
        .map_err(|_| Thrown::Exception(format!("cannot load {}", file.display())))?;
    // SAFETY: source and name are valid during the call; what goes wrong is an exception of PHP's.
    unsafe {
        zend_eval_string(
            source.as_ptr(),
            std::ptr::null_mut(),
            c"getPluginPaths()".as_ptr(),
        )
    };
    Thrown::pending()
}

/// `RestartPlugin::onUpdateNewMessage(array $update)`
fn restart(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let message = frame.array(0).and_then(|update| update.get("message"));
    let Some(message) = message.and_then(Zval::array) else {
        return Ok(());
    };
    let text = message
        .get("message")
        .and_then(Zval::str)
        .unwrap_or_default();
    let command = text.strip_prefix(['/', '!', '.']).unwrap_or_default();
    let sender = ["from_id", "peer_id"]
        .into_iter()
        .find_map(|key| message.get(key).and_then(update::user_id));
    let account = api::instance(frame)?;
    if command.split(' ').next() == Some("restart")
        && let Some(sender) = sender
        && reports::is_told(account, sender)?
    {
        account.updates().wish.set(Wish::Restart);
    }
    Ok(())
}

/// `getPlugin(string $class)`: the plugin of that class.
pub(super) fn plugin(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    if let Some(plugin) = find(frame)? {
        frame.give_zval(plugin);
    }
    Ok(())
}

/// `hasPlugin(string $class): bool`
pub(super) fn has_plugin(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let has = find(frame)?.is_some();
    frame.give(has)
}

fn find(frame: &Frame<'_>) -> Result<Option<Zval>, Thrown> {
    let Some(handler) = api::instance(frame)?.updates().handler() else {
        return Ok(None);
    };
    let wanted = start::find_class(frame.bytes(0).unwrap_or_default());
    Thrown::pending()?;
    let found = handler.plugins().iter().find(|plugin| {
        class_of(plugin.object())
            .zip(wanted)
            .is_some_and(|(class, wanted)| is_a(class, wanted))
    });
    Ok(found.map(|plugin| plugin.object().shallow_clone()))
}

/// Whether an object is a plugin, and no handler by itself.
pub(super) fn is_one(object: &Zval) -> bool {
    class_of(object).is_some_and(is_plugin) && EVENT_HANDLER.object(object).is_some()
}
