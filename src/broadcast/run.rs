//! A broadcast on its way.

use std::rc::Rc;
use std::time::Duration;

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::peers::PeerId;

use super::{Broadcast, Filter, Stage};
use crate::api::{dialogs, info, updates};
use crate::call;
use crate::class::Object;
use crate::coroutine::{self, Start};
use crate::exceptions::{self, Thrown};
use crate::logger::{self, Level};
use crate::zval::entries::values;
use crate::zval::sink;
use crate::{events, function, runtime};

/// What is done for each peer.
pub(super) enum Action {
    /// Messages as `messages.sendMessage` and `messages.sendMedia` take them.
    Messages { messages: Zval, pin: bool },
    /// Messages that are there already.
    Forward {
        from: Zval,
        ids: Zval,
        drop_author: bool,
        pin: bool,
    },
    /// An object with the interface `Broadcast\Action`.
    Custom(Zval),
}

/// The pause after each peer; null for none.
pub(super) fn delay(seconds: Option<f64>) -> Result<Duration, Thrown> {
    let seconds = seconds.unwrap_or_default();
    Duration::try_from_secs_f64(seconds).map_err(|_| {
        Thrown::Exception(format!(
            "{seconds} is no number of seconds to wait between two peers"
        ))
    })
}

/// Begins when the script waits next.
pub(super) fn start(
    broadcast: Rc<Broadcast>,
    filter: Filter,
    action: Action,
    delay: Duration,
) -> Result<(), Thrown> {
    let job = coroutine::job(move || {
        let outcome = run(&broadcast, &filter, &action, delay);
        if broadcast.stage.get() != Stage::Cancelled {
            broadcast.set_stage(Stage::Finished)?;
        }
        outcome.map(|()| Zval::new())
    });
    coroutine::spawn(job, Start::Later).map(drop)
}

fn run(
    broadcast: &Rc<Broadcast>,
    filter: &Filter,
    action: &Action,
    delay: Duration,
) -> Result<(), Thrown> {
    let peers = gather(broadcast, filter)?;
    let is_cancelled = || broadcast.stage.get() == Stage::Cancelled;
    broadcast
        .pending
        .set(i64::try_from(peers.len()).unwrap_or(i64::MAX));
    if !is_cancelled() {
        broadcast.set_stage(Stage::Broadcasting)?;
    }
    for (index, peer) in peers.into_iter().enumerate() {
        if index > 0 && !delay.is_zero() {
            runtime::wait(async move { tokio::time::sleep(delay).await })?;
        }
        if is_cancelled() {
            return Ok(());
        }
        let done = serve(broadcast, action, peer)?;
        broadcast.pending.set(broadcast.pending.get() - 1);
        let counter = if done {
            &broadcast.succeeded
        } else {
            &broadcast.failed
        };
        counter.set(counter.get() + 1);
        broadcast.moved()?;
    }
    Ok(())
}

fn gather(broadcast: &Broadcast, filter: &Filter) -> Result<Vec<PeerId>, Thrown> {
    let everybody = match &filter.whitelist {
        Some(listed) => listed.clone(),
        None => dialogs::everybody(&broadcast.of)?,
    };
    let mut peers = Vec::new();
    for peer in everybody {
        if filter.blacklist.contains(&peer.bot_api()) {
            continue;
        }
        let wanted = filter.whitelist.is_some()
            || match info::type_of(&broadcast.of, peer) {
                Ok("user") => filter.users,
                Ok("bot") => filter.bots,
                Ok("channel") => filter.channels,
                Ok(_) => filter.groups,
                Err(Thrown::Pending) => return Err(Thrown::Pending),
                // Nothing is known of it but its id: it cannot be written to.
                Err(_) => false,
            };
        if wanted {
            peers.push(peer);
        }
    }
    Ok(peers)
}

/// Does it for one peer, as often as the server wants it later. False where it cannot be done.
fn serve(broadcast: &Broadcast, action: &Action, peer: PeerId) -> Result<bool, Thrown> {
    loop {
        let error = match action.act(broadcast, peer) {
            Ok(()) => return Ok(true),
            Err(thrown) => {
                let mut value = Zval::new();
                value.set_object(&mut *thrown.caught()?);
                value
            }
        };
        let Some(seconds) = wanted_wait(&error) else {
            logger::write(Level::Error, || {
                format!(
                    "Broadcast {}: {peer} cannot be reached: {}",
                    broadcast.id,
                    exceptions::summary(&error)
                )
            });
            return Ok(false);
        };
        runtime::wait(async move { tokio::time::sleep(Duration::from_secs(seconds)).await })?;
        if broadcast.stage.get() == Stage::Cancelled {
            return Ok(false);
        }
    }
}

/// How long the server wants a flood to rest.
fn wanted_wait(error: &Zval) -> Option<u64> {
    let wait = error
        .object()?
        .try_call_method("getWaitTime", vec![])
        .ok()
        .and_then(|seconds| seconds.long());
    function::forget_exception();
    u64::try_from(wait?).ok()
}

impl Action {
    fn act(&self, broadcast: &Broadcast, peer: PeerId) -> Result<(), Thrown> {
        match self {
            Self::Messages { messages, pin } => {
                let mut last = None;
                for message in messages.array().into_iter().flat_map(values) {
                    let Some(message) = message.dereference().array() else {
                        return Err(Thrown::Exception(format!(
                            "a message of a broadcast is an array of arguments, {} was given",
                            function::type_name(message)
                        )));
                    };
                    let mut arguments = message.to_owned();
                    arguments.insert("peer", peer.bot_api())?;
                    let method = if message.get("media").is_some() {
                        "messages.sendMedia"
                    } else {
                        "messages.sendMessage"
                    };
                    last = Some(perform(broadcast, method, arguments)?);
                }
                pin_last(broadcast, peer, last.filter(|_| *pin))
            }
            Self::Forward {
                from,
                ids,
                drop_author,
                pin,
            } => {
                let mut arguments = ZendHashTable::with_capacity(4);
                arguments.insert("from_peer", from.shallow_clone())?;
                arguments.insert("to_peer", peer.bot_api())?;
                arguments.insert("id", ids.shallow_clone())?;
                arguments.insert("drop_author", *drop_author)?;
                let sent = perform(broadcast, "messages.forwardMessages", arguments)?;
                pin_last(broadcast, peer, Some(sent).filter(|_| *pin))
            }
            Self::Custom(action) => {
                let Some(object) = action.object().map(Object::of) else {
                    return Ok(());
                };
                let never = events::find_class(b"Amp\\NullCancellation");
                Thrown::pending()?;
                let cancellation = match never {
                    // SAFETY: a class of Amp's that PHP has just found; it has no constructor to run.
                    Some(class) => unsafe { crate::class::instantiate(class) }.into_zval(false)?,
                    None => Zval::new(),
                };
                let mut arguments = [
                    broadcast.id.into_zval(false)?,
                    peer.bot_api().into_zval(false)?,
                    cancellation,
                ];
                function::call_public(object.ce, Some(object), "act", &mut arguments).map(drop)
            }
        }
    }
}

/// Pins the last message of what was sent.
fn pin_last(broadcast: &Broadcast, peer: PeerId, sent: Option<Zval>) -> Result<(), Thrown> {
    let Some(id) = sent.and_then(|sent| updates::last_message_id(&broadcast.of, &sent)) else {
        return Ok(());
    };
    let mut arguments = ZendHashTable::with_capacity(2);
    arguments.insert("peer", peer.bot_api())?;
    arguments.insert("id", id)?;
    perform(broadcast, "messages.updatePinnedMessage", arguments).map(drop)
}

fn perform(
    broadcast: &Broadcast,
    method: &str,
    arguments: ext_php_rs::boxed::ZBox<ZendHashTable>,
) -> Result<Zval, Thrown> {
    let method = call::method(&broadcast.of, method)?;
    call::perform(&broadcast.of, method, &sink::array(arguments))
}
