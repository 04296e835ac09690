//! One Lua state, and the border between it and PHP.
//!
//! Both languages leave their frames by jumping, and each must only jump over its own. PHP code that Lua calls runs in
//! [`Engine::php`]: an exception becomes a Lua error, and what nobody may stop (`exit()`, a fatal error, a time limit)
//! makes the script end at once, whatever it catches, and goes on where PHP had called Lua. Lua code that PHP calls runs in
//! [`Engine::run`], which makes a Lua error an exception.
//!
//! The hook that Lua calls every [`STEP`] instructions counts them and looks for signals. After a halt it is called at
//! every instruction, so that each function that catches the error dies at its next one.

use std::cell::{Cell, OnceCell, RefCell};
use std::ffi::c_void;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::ptr;
use std::rc::{Rc, Weak};

use ext_php_rs::ffi::{ext_php_rs_executor_globals, zend_atomic_bool_store};
use ext_php_rs::types::{ZendObject, Zval};
use ext_php_rs::zend::{CatchError, bailout, try_catch};
use madeline_tl::Key;
use mlua::{Error, Function, HookTriggers, Lua, LuaString, MultiValue, VmState};

use super::{libraries, objects, raised};
use crate::api::{self, instance::Instance};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::settings::LuaLimits;
use crate::{panic, runtime, zend};

/// How many instructions run between two looks at the world outside.
const STEP: u32 = 1000;

/// A Lua state and what it belongs to.
pub(super) struct Engine {
    this: Weak<Engine>,
    /// Shared by the tables of all PHP objects; made when there is one.
    method_finder: OnceCell<Function>,
    /// Names of fields, which results repeat.
    keys: RefCell<Vec<Option<LuaString>>>,
    lua: Lua,
    api: Zval,
    /// The PHP object that the state belongs to, which frees it; not a reference of its own.
    owner: *mut ZendObject,
    instance: Rc<Instance>,
    limits: LuaLimits,
    /// How many calls of PHP's are under way in it.
    depth: Cell<u32>,
    /// The fiber that makes them.
    fiber: Cell<*const c_void>,
    /// Why the script has to end.
    halt: Cell<Option<Halt>>,
    /// Instructions since PHP was spoken to last.
    instructions: Cell<u64>,
    /// Whether a signal handler runs in the hook.
    hooked: Cell<bool>,
    /// The last to go: what Lua held is dropped when the state is closed.
    _sweep: Sweep,
}

/// Drops what Lua has given up.
struct Sweep;

impl Drop for Sweep {
    fn drop(&mut self) {
        raised::sweep();
    }
}

/// What no script may catch.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Halt {
    /// PHP is about to end the script; its exception is pending.
    Exit,
    /// The time limit has passed, and PHP has not said so yet.
    TimedOut,
    /// A fatal error.
    Bailout,
    /// More instructions than the settings allow.
    Instructions,
}

impl Engine {
    /// A state of the object `owner`, which has to free it, for an API object: with its libraries and nothing of ours in it.
    ///
    /// # Errors
    /// `Exception` where the API object has no session, or the libraries cannot be loaded.
    pub(super) fn new(owner: &Object, api: &Zval, limits: LuaLimits) -> Result<Rc<Self>, Thrown> {
        let instance = api
            .object()
            .and_then(|object| api::instance_of(Object::of(object)).cloned())
            .ok_or_else(api::no_session)?;
        let lua = libraries::open(&limits).map_err(raised::thrown)?;
        let engine = Rc::new_cyclic(|this| Self {
            this: Weak::clone(this),
            method_finder: OnceCell::new(),
            keys: RefCell::default(),
            lua,
            api: api.shallow_clone(),
            owner: owner.as_ptr(),
            instance,
            limits,
            depth: Cell::default(),
            fiber: Cell::new(ptr::null()),
            halt: Cell::default(),
            instructions: Cell::default(),
            hooked: Cell::default(),
            _sweep: Sweep,
        });
        engine.watch(STEP).map_err(raised::thrown)?;
        Ok(engine)
    }

    /// The state. Code that may run Lua uses [`Engine::run`].
    pub(super) fn lua(&self) -> &Lua {
        &self.lua
    }

    /// The API object.
    pub(super) fn api(&self) -> &Zval {
        &self.api
    }

    /// The PHP object that the state belongs to.
    pub(super) fn owner(&self) -> Zval {
        let mut value = Zval::new();
        // SAFETY: the state goes with the object, so it is alive; the value takes a reference of its own.
        value.set_object(unsafe { &mut *self.owner });
        value
    }

    /// The session.
    pub(super) fn instance(&self) -> &Rc<Instance> {
        &self.instance
    }

    /// Makes the settings' limit on memory hold from now on.
    pub(super) fn limit_memory(&self) -> Result<(), Thrown> {
        let limit = self.limits.memory;
        self.lua
            .set_memory_limit(limit)
            .map(drop)
            .map_err(raised::thrown)
    }

    /// Runs Lua code for PHP.
    ///
    /// # Errors
    /// What PHP code threw that Lua had called; `Exception` for Lua's own errors.
    pub(super) fn run<T>(&self, run: impl FnOnce(&Lua) -> mlua::Result<T>) -> Result<T, Thrown> {
        // The script may give up the object whose code runs.
        let engine = self.this.upgrade();
        let (outcome, halt) = {
            let running = self.enter()?;
            let outcome = catch_unwind(AssertUnwindSafe(|| run(&self.lua)));
            (outcome, running.leave())
        };
        match halt {
            None => {}
            Some(Halt::Exit) => return Err(Thrown::Pending),
            Some(Halt::Instructions) => return Err(self.ran_too_long()),
            Some(fatal @ (Halt::TimedOut | Halt::Bailout)) => {
                drop(outcome);
                drop(engine);
                // SAFETY: the frames of Lua are left, and those of PHP that called them are the engine's to leave.
                unsafe {
                    if fatal == Halt::TimedOut {
                        zend_atomic_bool_store(
                            &raw mut (*ext_php_rs_executor_globals()).vm_interrupt,
                            false,
                        );
                        zend::zend_timeout();
                    }
                    bailout()
                }
            }
        }
        match outcome {
            Ok(Ok(value)) => Ok(value),
            Ok(Err(error)) if raised::is_of_memory(&error) => Err(Thrown::Exception(format!(
                "The Lua script needs more memory than the {} bytes that Settings\\Lua::setMemoryLimit() allows",
                self.limits.memory
            ))),
            Ok(Err(error)) => Err(raised::thrown(error)),
            Err(panic) => Err(Thrown::panicked(&panic::describe(panic.as_ref()))),
        }
    }

    /// Calls a function of Lua's for PHP.
    pub(super) fn call(
        &self,
        function: &Function,
        arguments: MultiValue,
    ) -> Result<MultiValue, Thrown> {
        let hooked = self.hooked.get();
        self.run(|lua| {
            if hooked {
                // Lua calls no hook while one runs, but in another thread of its own.
                lua.create_thread(function.clone())?.resume(arguments)
            } else {
                function.call(arguments)
            }
        })
    }

    /// Runs PHP code for Lua: its value, or the exception that it threw. Nothing of Lua's may be used in it.
    ///
    /// # Errors
    /// The error with which the script is to end.
    pub(super) fn php<T>(
        &self,
        run: impl FnOnce() -> Result<T, Thrown>,
    ) -> mlua::Result<Result<T, Zval>> {
        let thrown = match try_catch(AssertUnwindSafe(run)) {
            Ok(Ok(value)) => return Ok(Ok(value)),
            Ok(Err(thrown)) => thrown,
            Err(CatchError::Panic(text)) => Thrown::panicked(&text),
            Err(_) => return Err(self.end(Halt::Bailout)),
        };
        match thrown.into_exception() {
            Some(exception) => Ok(Err(exception)),
            None if Thrown::pending().is_err() => Err(self.end(Halt::Exit)),
            None => Err(self.end(Halt::TimedOut)),
        }
    }

    /// As [`Engine::php`], where an exception is an error of Lua's.
    pub(super) fn php_or_raise<T>(
        &self,
        run: impl FnOnce() -> Result<T, Thrown>,
    ) -> mlua::Result<T> {
        self.php(run)?.map_err(raised::error)
    }

    /// A function for Lua that runs Rust code.
    pub(super) fn function(
        &self,
        run: impl Fn(&Engine, MultiValue) -> mlua::Result<MultiValue> + 'static,
    ) -> mlua::Result<Function> {
        let this = Weak::clone(&self.this);
        self.lua.create_function(move |_, arguments| {
            let Some(engine) = this.upgrade() else {
                return Err(Error::runtime("the script's API object is gone"));
            };
            if let Some(halt) = engine.halt.get() {
                return Err(engine.end(halt));
            }
            let result = run(&engine, arguments);
            engine.instructions.set(0);
            result
        })
    }

    /// The name of a field of the session's schema.
    pub(super) fn key(&self, key: Key<'_>) -> mlua::Result<LuaString> {
        let index = usize::from(key.id().0);
        let mut keys = self.keys.borrow_mut();
        if let Some(Some(made)) = keys.get(index) {
            return Ok(made.clone());
        }
        let made = self.lua.create_string(key.name())?;
        if keys.len() <= index {
            keys.resize(index + 1, None);
        }
        if let Some(slot) = keys.get_mut(index) {
            *slot = Some(made.clone());
        }
        Ok(made)
    }

    /// See [`objects::method_finder`].
    pub(super) fn method_finder(&self) -> mlua::Result<Function> {
        if let Some(made) = self.method_finder.get() {
            return Ok(made.clone());
        }
        let made = objects::method_finder(self)?;
        Ok(self.method_finder.get_or_init(|| made).clone())
    }

    fn enter(&self) -> Result<Running<'_>, Thrown> {
        // SAFETY: the globals of this thread.
        let fiber: *const c_void = unsafe { (*ext_php_rs_executor_globals()).active_fiber.cast() };
        if self.depth.get() > 0 && self.fiber.get() != fiber {
            return Err(Thrown::Exception(
                "This Lua script is running in another fiber: wait until its call has ended, or use a Lua object of \
                 its own for each fiber"
                    .to_owned(),
            ));
        }
        self.fiber.set(fiber);
        self.depth.set(self.depth.get() + 1);
        self.instructions.set(0);
        Ok(Running {
            engine: self,
            sweeps: true,
        })
    }

    /// Makes the script end; the error to do so with.
    fn end(&self, halt: Halt) -> Error {
        self.halt.set(Some(halt));
        match self.watch(1) {
            Ok(()) => Error::external(Halted),
            Err(error) => error,
        }
    }

    fn watch(&self, step: u32) -> mlua::Result<()> {
        let this = Weak::clone(&self.this);
        let triggers = HookTriggers::new().every_nth_instruction(step);
        self.lua.set_global_hook(triggers, move |_, _| {
            if let Some(engine) = this.upgrade() {
                engine.look()?;
            }
            Ok(VmState::Continue)
        })
    }

    /// What the hook does.
    fn look(&self) -> mlua::Result<()> {
        if let Some(halt) = self.halt.get() {
            return Err(self.end(halt));
        }
        let instructions = self.instructions.get() + u64::from(STEP);
        self.instructions.set(instructions);
        if self
            .limits
            .instructions
            .is_some_and(|limit| instructions > limit)
        {
            return Err(self.end(Halt::Instructions));
        }
        let outer = self.hooked.replace(true);
        let interrupted = self.php_or_raise(runtime::interrupt);
        self.hooked.set(outer);
        interrupted
    }

    fn ran_too_long(&self) -> Thrown {
        Thrown::Exception(format!(
            "The Lua script ran more instructions without calling PHP than the {} that \
             Settings\\Lua::setInstructionLimit() allows",
            self.limits.instructions.unwrap_or_default()
        ))
    }
}

/// A call of PHP's into Lua.
struct Running<'e> {
    engine: &'e Engine,
    /// Whether PHP code may run when it ends: destructors of what Lua has given up.
    sweeps: bool,
}

impl Running<'_> {
    /// Why the script had to end, if it had.
    fn leave(mut self) -> Option<Halt> {
        let halt = self.engine.halt.take();
        self.sweeps = halt.is_none_or(|halt| halt == Halt::Instructions);
        if halt.is_some() {
            // An error means that there is no memory for the new hook: then the old one stays, which is slow.
            drop(self.engine.watch(STEP));
        }
        halt
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        let depth = self.engine.depth.get() - 1;
        self.engine.depth.set(depth);
        if depth == 0 && self.sweeps {
            raised::sweep();
        }
    }
}

/// The script ends; why is in its engine.
#[derive(Debug)]
struct Halted;

impl std::fmt::Display for Halted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the script has to end")
    }
}

impl std::error::Error for Halted {}
