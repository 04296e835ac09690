//! A handler object: which of its methods gets what.
//!
//! The class is looked at once. Delivering is a look-up by constructor id after that, and an update that nobody wants is not
//! even decoded.

use std::collections::HashMap;
use std::rc::Rc;

use ext_php_rs::ffi::{ZEND_ACC_GENERATOR, zend_class_entry, zend_function};
use ext_php_rs::types::Zval;
use madeline_tl::Ty;

use super::attributes::{self, Mark};
use super::cron::{self, Cron};
use super::filtered::{self, Filtered};
use super::surface::surface;
use super::together::{self, Part};
use super::update;
use crate::api::instance::Instance;
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::function;

/// A handler object with its methods.
pub(crate) struct Handler {
    object: Zval,
    /// By constructor id: everything that gets such an update.
    table: HashMap<u32, Vec<Listener>>,
    /// Methods that get updates as objects, and the ids of those that there are objects for.
    filtered: Vec<Filtered>,
    objects: Vec<u32>,
    /// Methods that run at intervals.
    crons: Vec<Rc<Cron>>,
    /// Methods that other events lead to, by lower-case name.
    events: Vec<(&'static str, *mut zend_function)>,
    /// Goes to every method behind the update: which of several accounts it came to.
    path: Option<Zval>,
    plugins: Vec<Handler>,
}

/// One method that gets updates of a constructor.
struct Listener {
    method: *mut zend_function,
}

/// The method that is told how far broadcasts are.
pub(super) const PROGRESS: &str = "onupdatebroadcastprogress";

/// Methods that are no handlers of updates.
const EVENTS: [&str; 7] = [
    PROGRESS,
    "onstart",
    "onstop",
    "onloop",
    "onany",
    "onupdatecustomevent",
    "getreportpeers",
];

impl Handler {
    /// Looks at the object's class. `path`: its methods get it behind the update.
    ///
    /// # Errors
    /// What is wrong with the attributes of its methods.
    pub(super) fn new(
        instance: &Instance,
        object: Zval,
        path: Option<Zval>,
    ) -> Result<Self, Thrown> {
        let class = class_of(&object);
        let find = |name: &str| class.and_then(|class| function::method(class, name));
        let any = find("onAny");
        let mut table: HashMap<_, Vec<_>> = HashMap::new();
        let schema = instance.schema();
        if let Some(Ty::Boxed(ty)) = schema.ty("Update") {
            for definition in schema.constructors_of(ty) {
                if update::SUPPRESSED.contains(&definition.name()) {
                    continue;
                }
                if let Some(method) = find(&format!("on{}", definition.name())).or(any) {
                    let listeners = table.entry(definition.id()).or_default();
                    listeners.push(Listener { method });
                }
            }
        }
        let events = EVENTS
            .into_iter()
            .filter_map(|name| Some((name, find(name)?)))
            .collect();
        let gets_arrays = |method: *mut zend_function| {
            any == Some(method) || table.values().flatten().any(|it| it.method == method)
        };
        let (mut filtered, mut crons) = (Vec::new(), Vec::new());
        for marked in attributes::marked(&object, gets_arrays)? {
            match marked.mark {
                Mark::Filter(filter) => filtered.push(Filtered::new(marked.method, filter)),
                Mark::Cron(period) => crons.push(Cron::new(marked.method, marked.name, period)),
            }
        }
        let objects = if filtered.is_empty() {
            Vec::new()
        } else {
            filtered::ids(schema)
        };
        Ok(Self {
            object,
            table,
            filtered,
            objects,
            crons,
            events,
            path,
            plugins: Vec::new(),
        })
    }

    /// The same with plugins, which get the same updates.
    pub(super) fn with(self, plugins: Vec<Handler>) -> Self {
        Self { plugins, ..self }
    }

    /// Its plugins.
    pub(super) fn plugins(&self) -> &[Handler] {
        &self.plugins
    }

    /// The handler and its plugins.
    pub(super) fn each(&self) -> impl Iterator<Item = &Handler> {
        std::iter::once(self).chain(&self.plugins)
    }

    /// The same object for another account: what is called once is called for the first one.
    pub(super) fn follower(instance: &Instance, object: Zval, path: Zval) -> Result<Self, Thrown> {
        let mut handler = Self::new(instance, object, Some(path))?;
        handler.crons.clear();
        handler
            .events
            .retain(|(name, _)| matches!(*name, "onany" | "onupdatecustomevent" | PROGRESS));
        Ok(handler)
    }

    /// The object.
    pub(super) fn object(&self) -> &Zval {
        &self.object
    }

    /// Whether one of its methods is a generator, as releases 5 to 7 had them.
    pub(super) fn has_generators(&self) -> bool {
        let methods = |of: &Handler| {
            let listeners = of.table.values().flatten().map(|it| it.method);
            let events = of.events.iter().map(|(_, method)| *method);
            let filtered = of.filtered.iter().map(Filtered::method);
            let crons = of.crons.iter().map(|cron| cron.method());
            let all = listeners.chain(events).chain(filtered).chain(crons);
            all.collect::<Vec<_>>()
        };
        self.each().flat_map(methods).any(|method| {
            // SAFETY: methods live as long as their class: until the request ends.
            unsafe { (*method).common.fn_flags & ZEND_ACC_GENERATOR != 0 }
        })
    }

    /// Whether it has the method of an event.
    pub(super) fn has(&self, event: &str) -> bool {
        self.events.iter().any(|(name, _)| *name == event)
    }

    /// Hands an update to whatever wants it; each gets it, and waits for none of the others. An exception is made known, or is the
    /// result where it ends the loop.
    pub(super) fn deliver(
        self: &Rc<Self>,
        instance: &Rc<Instance>,
        own: Option<i64>,
        update: &[u8],
    ) -> Result<(), Thrown> {
        let id = update::constructor(update);
        let wants_object = self.each().any(|handler| handler.objects.contains(&id));
        if !wants_object && !self.each().any(|handler| handler.table.contains_key(&id)) {
            if instance.schema().constructor_by_id(id).is_none() {
                update::unknown(instance, id);
            }
            return Ok(());
        }
        let Some(value) = update::decode(instance, own, update)? else {
            return Ok(());
        };
        let object = if wants_object {
            let made = filtered::object(instance, &value);
            made.or_else(|thrown| surface(instance, thrown).map(|()| None))?
        } else {
            None
        };
        let mut parts: Vec<Part> = Vec::new();
        for (index, handler) in self.each().enumerate() {
            for Listener { method } in handler.table.get(&id).into_iter().flatten() {
                let (handlers, instance) = (Rc::clone(self), Rc::clone(instance));
                let (method, value) = (*method, value.shallow_clone());
                parts.push(Box::new(move || {
                    let Some(handler) = handlers.each().nth(index) else {
                        return Ok(());
                    };
                    let called = handler.call(method, Some(&value)).map(drop);
                    called.or_else(|thrown| surface(&instance, thrown))
                }));
            }
            let Some(object) = &object else { continue };
            for number in 0..handler.filtered.len() {
                let (handlers, instance) = (Rc::clone(self), Rc::clone(instance));
                let object = object.shallow_clone();
                parts.push(Box::new(move || {
                    let Some(handler) = handlers.each().nth(index) else {
                        return Ok(());
                    };
                    let offered = handler.offer(number, &object);
                    offered.or_else(|thrown| surface(&instance, thrown))
                }));
            }
        }
        together::run(parts)
    }

    /// Shows an object to a filter, and calls its method where it passes.
    fn offer(&self, number: usize, object: &Zval) -> Result<(), Thrown> {
        match self.filtered.get(number) {
            Some(filtered) if filtered.wants(object)? => {
                self.call(filtered.method(), Some(object)).map(drop)
            }
            _ => Ok(()),
        }
    }

    /// `onStart()` is over: filters look up what they need, and what runs at intervals begins. `index` is the handler's number
    /// among `handlers`, itself and its plugins.
    pub(super) fn begin(
        handlers: &Rc<Self>,
        index: usize,
        instance: &Rc<Instance>,
    ) -> Result<(), Thrown> {
        let Some(handler) = handlers.each().nth(index) else {
            return Ok(());
        };
        for filtered in &handler.filtered {
            filtered.initialize(&handler.object)?;
        }
        if handler.crons.is_empty() {
            return Ok(());
        }
        let (own, account) = (Rc::downgrade(handlers), Rc::downgrade(instance));
        let call: cron::Call = Rc::new(move |method, object| {
            let (Some(handlers), Some(instance)) = (own.upgrade(), account.upgrade()) else {
                return Ok(Zval::new());
            };
            let Some(handler) = handlers.each().nth(index) else {
                return Ok(Zval::new());
            };
            let called = handler.call(method, Some(object));
            called.or_else(|thrown| surface(&instance, thrown).map(|()| Zval::new()))
        });
        handler.crons.iter().try_for_each(|cron| cron.begin(&call))
    }

    /// What runs at intervals.
    pub(super) fn crons(&self) -> &[Rc<Cron>] {
        &self.crons
    }

    /// Calls the method of an event, where there is one.
    pub(super) fn event(&self, event: &str) -> Result<Option<Zval>, Thrown> {
        self.event_with(event, None)
    }

    /// Hands over how far a broadcast is.
    pub(super) fn progress(&self, instance: &Rc<Instance>, progress: &Zval) -> Result<(), Thrown> {
        for handler in self.each() {
            if let Err(thrown) = handler.event_with(PROGRESS, Some(progress)) {
                surface(instance, thrown)?;
            }
        }
        Ok(())
    }

    /// Hands over an update that the script itself made.
    pub(super) fn custom(&self, instance: &Rc<Instance>, update: &Zval) -> Result<(), Thrown> {
        for handler in self.each() {
            let event = if handler.has("onupdatecustomevent") {
                "onupdatecustomevent"
            } else {
                "onany"
            };
            if let Err(thrown) = handler.event_with(event, Some(update)) {
                surface(instance, thrown)?;
            }
        }
        Ok(())
    }

    fn event_with(&self, event: &str, update: Option<&Zval>) -> Result<Option<Zval>, Thrown> {
        let found = self.events.iter().find(|(name, _)| *name == event);
        found
            .map(|(_, method)| self.call(*method, update))
            .transpose()
    }

    fn call(&self, method: *mut zend_function, update: Option<&Zval>) -> Result<Zval, Thrown> {
        // The script may drop its handler meanwhile: this reference stays.
        let object = self.object.shallow_clone();
        let Some(this) = object.object().map(Object::of) else {
            return Ok(Zval::new());
        };
        match (update, &self.path) {
            (Some(update), None) => {
                function::call_known(method, this, &mut [update.shallow_clone()])
            }
            (Some(update), Some(path)) => {
                let mut arguments = [update.shallow_clone(), path.shallow_clone()];
                function::call_known(method, this, &mut arguments)
            }
            (None, _) => function::call_known(method, this, &mut []),
        }
    }
}

/// The class of an object.
pub(super) fn class_of(object: &Zval) -> Option<*const zend_class_entry> {
    Some(object.object()?.ce.cast_const())
}
