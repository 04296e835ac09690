//! How scripts say who gets the updates, and start loops.

use std::rc::Rc;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::ffi::{
    ZEND_ACC_ABSTRACT, ZEND_ACC_INTERFACE, ZEND_ACC_TRAIT, zend_class_entry, zend_lookup_class_ex,
};
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};
use ext_php_rs::zend::ClassEntry;
use madeline_client::Authorization;
use madeline_client::peers::PeerKind;
use madeline_tl::EntryKey;

use super::account::{Event, Receiver, Wish};
use super::handler::{Handler, class_of};
use super::webhook::Webhook;
use super::{EVENT_HANDLER, kept, plugins, run};
use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::api::{self, info, instance};
use crate::class::{Frame, Object, instantiate, is_a};
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};
use crate::settings::describe;
use crate::zval::entries::{entries, key_text};

/// `H::startAndLoop($session, $settings)`
pub(super) fn start_and_loop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let class = own_class(frame)?;
    let api = create(frame, 1)?;
    let account = log_in(&api)?;
    set_handler(&api, &account, Given::Class(class))?;
    run::run(&[account])
}

/// `H::startAndLoopBot($session, $token, $settings)`
pub(super) fn start_and_loop_bot(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let class = own_class(frame)?;
    let api = create(frame, 2)?;
    let account = of_api(&api)?;
    if let Some(api) = api.object() {
        let token = frame.text(1).unwrap_or_default().into_owned();
        let _ = api.try_call_method("botLogin", vec![&token]);
        Thrown::pending()?;
    }
    set_handler(&api, &account, Given::Class(class))?;
    run::run(&[account])
}

/// `$api->startAndLoop(H::class)` of releases 6 and 7.
pub(super) fn start_and_loop_here(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    instance(frame)?.sign_of(Dialect::V7);
    let api = this(frame)?;
    let account = log_in(&api)?;
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    set_handler(&api, &account, Given::of("startAndLoop", given)?)?;
    run::run(&[account])
}

/// `API::startAndLoopMulti($apis, H::class)`, or a class for each key.
pub(super) fn start_and_loop_multi(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (Some(apis), Some(classes)) = (frame.array(0), frame.arg(1)) else {
        return Ok(());
    };
    let mut accounts = Vec::new();
    for (key, api) in entries(apis) {
        let api = api.dereference();
        let class = match classes.array() {
            None => Some(classes),
            Some(map) => by_key(map, key),
        };
        let key = key_text(key);
        let class = class.ok_or_else(|| {
            Thrown::InvalidArgument(format!(
                "startAndLoopMulti(): the event handlers have none under the key {key} of an API object"
            ))
        })?;
        if !api.object().is_some_and(api::is_api) {
            return Err(Thrown::InvalidArgument(format!(
                "startAndLoopMulti(): API objects are expected, {} is under the key {key}",
                describe(api)
            )));
        }
        let account = log_in(api)?;
        set_handler(api, &account, Given::of("startAndLoopMulti", class)?)?;
        accounts.push(account);
    }
    run::run(&accounts)
}

/// `$api->setEventHandler(H::class)`, or an object, of releases 4 to 7.
pub(super) fn set_event_handler(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let account = instance(frame)?;
    account.sign_of(Dialect::V7);
    let Some(given) = frame.arg(0) else {
        return Ok(());
    };
    set_handler(&this(frame)?, account, Given::of("setEventHandler", given)?)
}

/// `setCallback(callable)`
pub(super) fn set_callback(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(callback) = frame.arg(0).map(Zval::shallow_clone) else {
        return Ok(());
    };
    receive(instance(frame)?, Receiver::Callback(Rc::new(callback)))
}

/// `setLoopCallback(callable)`
pub(super) fn set_loop_callback(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let callback = frame.present(0).map(Zval::shallow_clone);
    let before = instance(frame)?.updates().loop_callback.replace(callback);
    drop(before);
    Ok(())
}

/// `setWebhook($url, $pem)`
pub(super) fn set_webhook(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let url = frame.text(0).unwrap_or_default();
    let pem = frame.text(1);
    let hook = Webhook::new(&url, pem.as_deref())?;
    receive(instance(frame)?, Receiver::Webhook(Rc::new(hook)))
}

/// `setNoop()` and `unsetEventHandler()`: nobody gets the updates.
pub(super) fn set_noop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let updates = instance(frame)?.updates();
    updates.set_receiver(Receiver::Nobody);
    drop(updates.loop_callback.take());
    Ok(())
}

/// `hasEventHandler(): bool`
pub(super) fn has_event_handler(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let has = instance(frame)?.updates().handler().is_some();
    frame.give(has)
}

/// `getEventHandler(?string $class = null)`: the handler, where it is of the class.
pub(super) fn event_handler(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let Some(handler) = instance(frame)?.updates().handler() else {
        return Ok(());
    };
    let fits = match frame.bytes(0) {
        Some(name) => find_class(name)
            .zip(class_of(handler.object()))
            .is_some_and(|(wanted, class)| is_a(class, wanted)),
        None => true,
    };
    Thrown::pending()?;
    if fits {
        frame.give_copy(handler.object());
    }
    Ok(())
}

/// `$api->loop()`: runs until it is stopped. With a callable of releases 5 to 7, only that.
pub(super) fn run_loop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let account = Rc::clone(instance(frame)?);
    account.sign_of(Dialect::V7);
    if let Some(given) = frame.present(0) {
        let value = if given.is_callable() {
            function::call_back(given, vec![])?
        } else {
            crate::coroutine::finish(given.shallow_clone())?
        };
        frame.give_zval(value);
        return Ok(());
    }
    let reason = if account.client()?.authorization() != Authorization::LoggedIn {
        "nobody is logged in"
    } else if matches!(
        account.updates().receiver(),
        Receiver::Nobody | Receiver::Polling
    ) {
        "nothing gets the updates: neither an event handler nor a callback nor a webhook is set"
    } else {
        return run::run(&[account]);
    };
    logger::write(Level::Error, || format!("loop() does nothing: {reason}"));
    frame.give(false)
}

/// `stop()`: the loop ends when the handler in hand is done.
pub(super) fn stop(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    wish(frame, Wish::Stop)
}

/// `restart()`: `onStop()`, what is kept is stored, `onStart()`, and the loop goes on.
pub(super) fn restart(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    wish(frame, Wish::Restart)
}

fn wish(frame: &Frame<'_>, wish: Wish) -> Result<(), Thrown> {
    let updates = instance(frame)?.updates();
    if !updates.running.get() {
        return Err(Thrown::Exception(
            "There is no loop to stop: no event handler of this session is running".to_owned(),
        ));
    }
    updates.wish.set(wish);
    Ok(())
}

/// `$api->loopFork()` of releases 5 to 7: this session takes part in the next loop of any other.
pub(super) fn loop_fork(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let account = instance(frame)?;
    account.sign_of(Dialect::V7);
    run::join(account);
    Ok(())
}

/// `subscribeToUpdates(mixed $channel): bool`: updates of a channel or supergroup that the account has not joined. False for
/// anything else.
pub(super) fn subscribe(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let account = instance(frame)?;
    let given = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    let (peer, _) = info::resolved(account, &given)?;
    let is_channel = peer.kind() == PeerKind::Channel;
    if is_channel {
        let source = &account.updates().source;
        source.subscribe(account, peer.raw())?;
    }
    frame.give(is_channel)
}

/// `resetUpdateState()`: what was missed is forgotten, and updates begin now.
pub(super) fn reset_update_state(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let account = instance(frame)?;
    let source = &account.updates().source;
    source.close();
    account.client()?.forget_updates()?;
    if account.updates().running.get() {
        source.begin(account)?;
    }
    Ok(())
}

/// `sendCustomEvent(mixed $payload)`: an `updateCustomEvent` for the own handler.
pub(super) fn send_custom_event(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let mut update = ZendHashTable::with_capacity(2);
    update.insert("_", "updateCustomEvent")?;
    let payload = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    update.insert("payload", payload)?;
    let update = crate::zval::sink::array(update);
    let updates = instance(frame)?.updates();
    updates.custom.borrow_mut().push_back(Event::Custom(update));
    Ok(())
}

/// Attaches a handler object to the session of an API object: `parent::__construct($api)` of releases 4 to 7.
pub(super) fn construct(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    match frame.present(0) {
        Some(given) if given.object().is_some_and(api::is_api) => api::adopt(frame.this()?, given),
        _ => Ok(()),
    }
}

/// What a script names as its handler.
pub(super) enum Given {
    Class(*mut zend_class_entry),
    Object(Zval),
}

impl Given {
    fn of(what: &str, given: &Zval) -> Result<Self, Thrown> {
        if let Some(object) = given.object() {
            if EVENT_HANDLER.is_class_of(object) {
                return Ok(Self::Object(given.shallow_clone()));
            }
        } else if let Some(name) = given.zend_str() {
            let class = find_class(name.as_bytes());
            Thrown::pending()?;
            match class {
                None => {
                    return Err(Thrown::InvalidArgument(format!(
                        "{what}(): the class {} does not exist",
                        String::from_utf8_lossy(name.as_bytes())
                    )));
                }
                Some(class) if is_a(class, EVENT_HANDLER.entry()) => return Ok(Self::Class(class)),
                Some(_) => {}
            }
        }
        let came = given.zend_str().map_or_else(
            || describe(given),
            |name| String::from_utf8_lossy(name.as_bytes()).into_owned(),
        );
        Err(Thrown::InvalidArgument(format!(
            "{what}(): an event handler is a class that extends danog\\MadelineProto\\EventHandler, or an object of one; \
             {came} is not"
        )))
    }
}

/// Makes the handler object, gives it the session and what the session keeps for it, and listens.
fn set_handler(api: &Zval, account: &Rc<Instance>, given: Given) -> Result<(), Thrown> {
    let object = match given {
        Given::Class(class) => make(api, account, class)?,
        Given::Object(object) => {
            if let Some(this) = object.object().map(Object::of) {
                api::adopt(this, api)?;
            }
            object
        }
    };
    kept::restore(account, &object)?;
    let plugins = plugins::load(api, account, &object)?;
    let handler = Handler::new(account, object, None)?.with(plugins);
    if handler.has_generators() {
        account.sign_of(Dialect::V7);
    }
    receive(account, Receiver::Handler(Rc::new(handler)))
}

/// A new object. Release 8 runs no constructor; those of releases 4 to 7 get the API object.
pub(super) fn make(
    api: &Zval,
    account: &Rc<Instance>,
    class: *mut zend_class_entry,
) -> Result<Zval, Thrown> {
    check_makeable(class)?;
    // SAFETY: a class that the engine has found.
    let constructor = unsafe { (*class).constructor };
    // SAFETY: the class is registered and not abstract.
    let object = unsafe { instantiate(class) };
    let object = object.into_zval(false)?;
    let Some(this) = object.object().map(Object::of) else {
        return Ok(object);
    };
    api::adopt(this, api)?;
    // SAFETY: the constructor is a function of the class.
    let is_own = unsafe {
        !constructor.is_null() && !std::ptr::eq((*constructor).common.scope, EVENT_HANDLER.entry())
    };
    if is_own {
        account.sign_of(Dialect::V7);
        function::call_known(constructor, this, &mut [api.shallow_clone()])?;
    }
    Ok(object)
}

pub(super) fn check_makeable(class: *mut zend_class_entry) -> Result<(), Thrown> {
    const NO_OBJECT: u32 = ZEND_ACC_ABSTRACT | ZEND_ACC_INTERFACE | ZEND_ACC_TRAIT;
    // SAFETY: a class that the engine has found.
    let class = unsafe { &*class.cast::<ClassEntry>() };
    if class.ce_flags & NO_OBJECT == 0 {
        return Ok(());
    }
    let name = class.name().unwrap_or_default();
    Err(Thrown::Exception(format!(
        "The event handler {name} is abstract: call this on a class that extends it"
    )))
}

/// Says who gets the updates from now on.
pub(super) fn receive(account: &Rc<Instance>, receiver: Receiver) -> Result<(), Thrown> {
    account.updates().set_receiver(receiver);
    account.updates().source.begin(account)
}

/// The class that a static method was called on.
fn own_class(frame: &Frame<'_>) -> Result<*mut zend_class_entry, Thrown> {
    let class = frame
        .called_class()
        .ok_or_else(|| Thrown::Exception("This method is called on a class".to_owned()))?;
    check_makeable(class)?;
    Ok(class)
}

/// An API object from the call's first argument, and its settings at `settings`.
fn create(frame: &Frame<'_>, settings: usize) -> Result<Zval, Thrown> {
    let session = frame.arg(0).ok_or(Thrown::Pending)?;
    api::create(session, frame.present(settings))
}

/// `start()`, and the instance.
fn log_in(api: &Zval) -> Result<Rc<Instance>, Thrown> {
    let account = of_api(api)?;
    if let Some(api) = api.object() {
        let _ = api.try_call_method("start", vec![]);
        Thrown::pending()?;
    }
    Ok(account)
}

pub(super) fn of_api(api: &Zval) -> Result<Rc<Instance>, Thrown> {
    api.object()
        .and_then(|object| api::instance_of(Object::of(object)))
        .map(Rc::clone)
        .ok_or_else(api::no_session)
}

fn this(frame: &mut Frame<'_>) -> Result<Zval, Thrown> {
    let mut value = Zval::new();
    // SAFETY: `$this` is alive; `set_object` takes a reference of its own.
    value.set_object(unsafe { &mut *frame.this()?.as_ptr() });
    Ok(value)
}

fn by_key<'m>(map: &'m ZendHashTable, key: EntryKey<'_>) -> Option<&'m Zval> {
    let found = entries(map).find(|(other, _)| *other == key);
    found.map(|(_, value)| value.dereference())
}

/// A class by its name, loaded where it must be.
pub(crate) fn find_class(name: &[u8]) -> Option<*mut zend_class_entry> {
    let name = name.strip_prefix(b"\\").unwrap_or(name);
    let name = ZendStr::new(name, false);
    // SAFETY: the name is valid during the call, which may run an autoloader.
    let class = unsafe {
        zend_lookup_class_ex(
            std::ptr::from_ref(&*name).cast_mut(),
            std::ptr::null_mut(),
            0,
        )
    };
    (!class.is_null()).then_some(class)
}
