//! How a call is waited for: the pseudo-arguments `async`, `multiple` and `noResponse` of releases 4 to 7.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::{Definition, EntryKey};

use super::{prepare, result, rewrites, thrown};
use crate::api::instance::Instance;
use crate::class::type_name;
use crate::coroutine::{self, PendingCall};
use crate::exceptions::Thrown;
use crate::zval::entries::{entries, put};
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
        if !self.multiple {
            let call = begin(instance, method, arguments)?;
            return Ok(if self.forgotten {
                Zval::new()
            } else {
                coroutine::of_call(call)
            });
        }
        let futures = begin_all(instance, method, arguments)?;
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
}

/// Sends a call for each array of arguments; futures under the arrays' keys.
fn begin_all(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<Zval, Thrown> {
    let mut futures = ZendHashTable::new();
    for (key, set) in arguments.array().into_iter().flat_map(entries) {
        let EntryKey::Index(number) = key else {
            continue;
        };
        let set = set.dereference();
        if !set.is_array() {
            return Err(Thrown::InvalidArgument(format!(
                "multiple: expected an array of arguments under key {number}, found {}",
                type_name(set)
            )));
        }
        let call = begin(instance, method, set)?;
        put(&mut futures, key, coroutine::of_call(call));
    }
    Ok(sink::array(futures))
}

/// Sends a call, whose answer is decoded when somebody wants it.
fn begin(
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
