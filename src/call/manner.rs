//! How a call is waited for: the pseudo-arguments `async`, `multiple` and `noResponse` of releases 4 to 7.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::{Definition, EntryKey};

use super::{cancellation, prepare, result, rewrites, thrown};
use crate::api::instance::Instance;
use crate::class::type_name;
use crate::coroutine::{self, PendingCall};
use crate::exceptions::Thrown;
use crate::zval::entries::{entries, present, put};
use crate::zval::sink;

/// What the script asked for beside the method's own arguments.
#[derive(Clone, Copy, Default)]
pub(super) struct Manner {
    /// The arguments are arrays of arguments, one for each of several calls.
    multiple: bool,
    /// The result is a future.
    promised: bool,
    /// There is no result.
    forgotten: bool,
}

/// Whether a key in the arguments says how the call is waited for.
pub(super) fn takes(key: &[u8]) -> bool {
    matches!(key, b"multiple" | b"async" | b"noResponse")
}

impl Manner {
    /// As the arguments say; `None` for a plain call.
    pub(super) fn of(instance: &Instance, arguments: &Zval) -> Option<Self> {
        let options = arguments.array()?;
        let is_set = |name: &str| options.get(name).is_some_and(Zval::coerce_to_bool);
        let manner = Self {
            multiple: is_set("multiple"),
            promised: is_set("async") && instance.has_promises(),
            forgotten: is_set("noResponse"),
        };
        (manner.multiple || manner.promised || manner.forgotten).then_some(manner)
    }

    /// Sends all calls, and then waits, or does not.
    pub(super) fn perform(
        self,
        instance: &Rc<Instance>,
        method: Definition<'_>,
        arguments: &Zval,
    ) -> Result<Zval, Thrown> {
        cancellation::check_before(cancellation::of(arguments))?;
        if !self.multiple {
            let call = self.begin(instance, method, arguments)?;
            return Ok(if self.forgotten { Zval::new() } else { call });
        }
        let futures = self.begin_all(instance, method, arguments)?;
        if self.forgotten {
            Ok(Zval::new())
        } else if self.promised {
            coroutine::spawn(
                coroutine::job(move || coroutine::each(&futures)),
                coroutine::Start::Now,
            )
        } else {
            coroutine::each(&futures)
        }
    }

    /// Sends a call for each array of arguments; futures under the arrays' keys. A `cancellation` beside them is for all that
    /// have none of their own.
    fn begin_all(
        self,
        instance: &Rc<Instance>,
        method: Definition<'_>,
        arguments: &Zval,
    ) -> Result<Zval, Thrown> {
        let mut futures = ZendHashTable::new();
        for (key, set) in arguments.array().into_iter().flat_map(entries) {
            let EntryKey::Index(number) = key else {
                continue;
            };
            let Some(set) = set.dereference().array() else {
                return Err(Thrown::InvalidArgument(format!(
                    "multiple: expected an array of arguments under key {number}, found {}",
                    type_name(set.dereference())
                )));
            };
            let mut set = set.to_owned();
            if let Some(for_all) = cancellation::of(arguments)
                && present(&set, "cancellation").is_none()
            {
                set.insert("cancellation", for_all.shallow_clone())?;
            }
            let call = self.begin(instance, method, &sink::array(set))?;
            put(&mut futures, key, call);
        }
        Ok(sink::array(futures))
    }

    /// Begins a call; a future of its result.
    fn begin(
        self,
        instance: &Rc<Instance>,
        method: Definition<'_>,
        arguments: &Zval,
    ) -> Result<Zval, Thrown> {
        cancellation::check_before(cancellation::of(arguments))?;
        // Nobody waits for the answer of a call that is forgotten, so there is no wait to end.
        if self.forgotten || cancellation::of(arguments).is_none() {
            return send(instance, method, arguments).map(coroutine::of_call);
        }
        // Whoever asks whether the wait shall end has to be there while it lasts: a fiber.
        let (of, number) = (Rc::clone(instance), method.number());
        let arguments = arguments.shallow_clone();
        let future = coroutine::spawn(
            coroutine::job(move || match of.schema().definition(number) {
                Some(method) => super::waited(&of, method, &arguments),
                None => Ok(Zval::new()),
            }),
            coroutine::Start::Now,
        )?;
        // What is wrong with the arguments is known at once.
        coroutine::failed(&future)?;
        Ok(future)
    }
}

/// Sends a call, whose answer is decoded when somebody wants it.
fn send(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<PendingCall, Thrown> {
    let (method, asked) = rewrites::apply(instance, method, arguments)?;
    let client = instance.client()?;
    let parts = prepare(instance, &client, method, &asked)?;
    let (of, number, learner) = (Rc::clone(instance), method.number(), client.clone());
    let (pending, answering) = coroutine::pair(move |answers| {
        let answers = answers.map_err(|error| thrown(&of, error))?;
        let Some(method) = of.schema().definition(number) else {
            return Ok(Zval::new());
        };
        let result = |answer: &Vec<u8>| result(&of, &learner, method, &asked, answer);
        if let [alone] = answers.as_slice() {
            return result(alone);
        }
        let mut results = ZendHashTable::new();
        for answer in &answers {
            results.push(result(answer)?)?;
        }
        Ok(sink::array(results))
    });
    instance.in_background(async move {
        let mut answers = Vec::new();
        for call in parts {
            match client.invoke(call).await {
                Ok(answer) => answers.push(Vec::from(answer)),
                Err(error) => return answering.answer(Err(error)),
            }
        }
        answering.answer(Ok(answers));
    })?;
    Ok(pending)
}
