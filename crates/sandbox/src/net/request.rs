//! A request from its bytes to its answer, and the updates it causes.

use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::MsgId;
use madeline_mtproto::server::Session;
use madeline_tl::{DecodeErrorKind, Schema, Ty, Value, append_bytes, method_from_bytes};

use super::session::{Live, Progress};
use super::{Shared, lock};
use crate::error::{RpcError, bad_request};
use crate::faults::order::{Stage, Then, Verb};
use crate::faults::{Occasion, falsify, hostile};
use crate::methods::{self, Answer, Request};
use crate::state::{SessionRef, State, short};

/// How long `invokeAfterMsg` waits.
const AFTER_LIMIT: Duration = Duration::from_secs(30);

/// A request that is being executed.
#[derive(Clone)]
struct Pending {
    shared: Arc<Shared>,
    live: Arc<Live>,
    session: SessionRef,
    msg_id: MsgId,
    /// Type of the result.
    ty: Ty,
    /// Whether packing the result would only cost time.
    is_incompressible: bool,
    /// What a fault makes of the answer.
    twist: Option<Verb>,
}

/// How the connection goes on after a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flow {
    On,
    /// It ends, and what was not sent stays unsent.
    Close,
    /// This transport error is said instead of an answer; then the connection ends, unless it may stay.
    Refuse {
        code: i32,
        stay: bool,
    },
}

/// Executes a request. What can be answered at once is in the session's machine on return.
pub(super) fn handle(
    shared: &Arc<Shared>,
    state: &mut State,
    live: &Arc<Live>,
    session: SessionRef,
    msg_id: MsgId,
    body: &[u8],
) -> Flow {
    let mut pending = Pending {
        shared: Arc::clone(shared),
        live: Arc::clone(live),
        session,
        msg_id,
        ty: Ty::Object,
        is_incompressible: false,
        twist: None,
    };
    let request = decode(shared.schema, body)
        .and_then(|query| methods::without_wrappers(state, shared.schema, session, query));
    let request = match request {
        Ok(request) => request,
        Err(error) => {
            pending.answer(&Err(error));
            return Flow::On;
        }
    };
    shared.log(|| format!("dc {}: {}", session.key.dc, request.query.name()));
    if let Some(method) = shared.schema.method(request.query.name()) {
        pending.ty = method.ty();
        pending.is_incompressible = method.namespace() == Some("upload");
    }
    if shared.faults.any(Stage::Request)
        && let Some(verb) = pending.struck(state, &request)
    {
        return pending.run_with_fault(state, request, verb);
    }
    pending.start(state, request);
    Flow::On
}

fn decode(schema: &Schema, body: &[u8]) -> Result<Value, RpcError> {
    if let Some((first, _)) = body.split_first_chunk::<4>() {
        let id = u32::from_le_bytes(*first);
        if schema.method_by_id(id).is_none() {
            return Err(bad_request(&format!("INPUT_METHOD_INVALID_{id}")));
        }
    }
    method_from_bytes(schema, body).map_err(|error| match error.kind() {
        DecodeErrorKind::UnknownConstructor { id } => {
            bad_request(&format!("INPUT_CONSTRUCTOR_INVALID_{id:X}"))
        }
        DecodeErrorKind::Read(_) => bad_request("INPUT_FETCH_FAIL"),
        _ => bad_request("INPUT_FETCH_ERROR"),
    })
}

/// Waits until these requests of the session are answered.
async fn finished(live: &Live, after: &[i64]) -> Result<(), RpcError> {
    loop {
        let change = live.finished.notified();
        let mut running = false;
        for msg_id in after {
            match live.with(|machine| machine.progress(*msg_id)) {
                Some(Progress::Done) => {}
                Some(Progress::Running) => running = true,
                Some(Progress::Failed) | None => return Err(bad_request("MSG_WAIT_FAILED")),
            }
        }
        if !running {
            return Ok(());
        }
        change.await;
    }
}

impl Pending {
    /// The fault that waits for this request, if any.
    fn struck(&self, state: &State, request: &Request) -> Option<Verb> {
        let occasion = Occasion {
            dc: self.session.key.dc,
            session: Some(self.session),
            user: state.user_of(self.session.key),
            method: Some(request.query.name()),
            holds: None,
        };
        let struck = self.shared.faults.strike(Stage::Request, &occasion)?;
        Some(struck.verb)
    }

    fn run_with_fault(mut self, state: &mut State, request: Request, verb: Verb) -> Flow {
        let (live, msg_id) = (Arc::clone(&self.live), self.msg_id);
        let lose = || live.with(|machine| machine.session.lose(msg_id));
        match verb {
            Verb::CloseBefore {} => {
                lose();
                Flow::Close
            }
            Verb::TransportError { code, stay } => {
                lose();
                Flow::Refuse { code, stay }
            }
            Verb::CloseAfter {} => {
                self.start(state, request);
                Flow::Close
            }
            Verb::Ignore {} => Flow::On,
            Verb::BadMsg { code } => {
                let now = self.shared.now();
                live.with(|machine| machine.session.refuse_late(now, msg_id, code));
                Flow::On
            }
            Verb::RpcError {
                code,
                text,
                executed: false,
                then,
            } => {
                let caller = state
                    .principal(self.session.key)
                    .unwrap_or(self.session.key);
                match then {
                    Some(Then::ForgetKey) => state.drop_key(caller),
                    Some(Then::LogOut) => state.log_out(caller),
                    None => {}
                }
                self.answer(&Err(RpcError::new(code, text)));
                Flow::On
            }
            twist => {
                self.is_incompressible |= matches!(twist, Verb::GzipBomb { .. });
                self.twist = Some(twist);
                self.start(state, request);
                Flow::On
            }
        }
    }

    /// Runs the request, or waits for those it comes after.
    fn start(self, state: &mut State, request: Request) {
        if request.after.is_empty() {
            return self.run(state, &request);
        }
        self.note(Progress::Running);
        let pending = self;
        tokio::spawn(async move {
            let ready =
                tokio::time::timeout(AFTER_LIMIT, finished(&pending.live, &request.after)).await;
            let ready = ready.unwrap_or_else(|_| Err(bad_request("MSG_WAIT_TIMEOUT")));
            let shared = Arc::clone(&pending.shared);
            let mut state = shared.state();
            match ready {
                Ok(()) => pending.run(&mut state, &request),
                Err(error) => pending.answer(&Err(error)),
            }
        });
    }

    fn note(&self, progress: Progress) {
        self.live
            .with(|machine| machine.note(self.msg_id.0, progress));
    }

    fn run(self, state: &mut State, request: &Request) {
        let outcome = methods::execute(state, self.session, self.msg_id.0, request);
        self.shared.stats.executed(&request.query, outcome.is_ok());
        match outcome {
            Ok(Answer::Now(value)) => self.answer(&Ok(value)),
            Err(error) => self.answer(&Err(error)),
            Ok(Answer::Later(after, result)) => {
                self.note(Progress::Running);
                let pending = self.clone();
                tokio::spawn(async move {
                    tokio::time::sleep(after).await;
                    pending.answer(&result);
                });
            }
            Ok(Answer::FromBot {
                query_id,
                answer,
                limit,
            }) => {
                self.note(Progress::Running);
                let pending = self.clone();
                tokio::spawn(async move {
                    let answered = tokio::time::timeout(limit, answer).await;
                    lock(&pending.shared.state).queries.remove(&query_id);
                    let result = answered.ok().and_then(Result::ok);
                    pending.answer(
                        &result.unwrap_or_else(|| Err(bad_request("BOT_RESPONSE_TIMEOUT"))),
                    );
                });
            }
        }
        self.shared.deliver(state);
    }

    /// Puts the answer into the session's machine and wakes whoever sends it.
    fn answer(&self, result: &Result<Value, RpcError>) {
        let bytes = match &self.twist {
            None | Some(Verb::DetailedInfo {} | Verb::ShortResult {} | Verb::Falsify {}) => {
                self.bytes(result)
            }
            Some(Verb::DelayAnswer { ms }) => {
                let (after, result) = (Duration::from_millis(*ms), result.clone());
                let pending = Pending {
                    twist: None,
                    ..self.clone()
                };
                tokio::spawn(async move {
                    tokio::time::sleep(after).await;
                    pending.answer(&result);
                });
                return;
            }
            Some(Verb::RpcError { code, text, .. }) => Err(RpcError::new(*code, text.clone())),
            Some(Verb::GzipBomb { bytes }) => {
                let mut answer = Session::begin_answer(self.msg_id);
                answer.append(&mut hostile::gzip_bomb(*bytes));
                Ok(answer)
            }
            Some(_) => return,
        };
        let now = self.shared.now();
        let progress = if result.is_ok() {
            Progress::Done
        } else {
            Progress::Failed
        };
        self.live.with(|machine| {
            match bytes {
                Ok(answer) if self.is_incompressible => {
                    machine.session.send_answer(now, self.msg_id, answer);
                }
                Ok(result) => machine.session.send_result(now, self.msg_id, &result),
                Err(error) => {
                    machine
                        .session
                        .send_error(now, self.msg_id, error.code, &error.text);
                }
            }
            if let Some(Verb::DetailedInfo {}) = self.twist {
                machine.session.announce_answer(now, self.msg_id);
            }
            machine.note(self.msg_id.0, progress);
            machine.wake(self.session);
        });
        self.live.finished.notify_waiters();
    }

    /// The result as TL bytes; behind the beginning of its answer where it is sent as it is.
    fn bytes(&self, result: &Result<Value, RpcError>) -> Result<Vec<u8>, RpcError> {
        let mut value = result.as_ref().map_err(Clone::clone)?;
        let other = match self.twist {
            Some(Verb::ShortResult {}) => short::sent(value),
            Some(Verb::Falsify {}) => Some(falsify::falsified(value)),
            _ => None,
        };
        if let Some(other) = &other {
            value = other;
        }
        let mut bytes = if self.is_incompressible {
            Session::begin_answer(self.msg_id)
        } else {
            Vec::new()
        };
        append_bytes(self.shared.schema, self.ty, value, &mut bytes).map_err(|defect| {
            eprintln!("madeline-sandbox: a result does not fit the schema: {defect}");
            RpcError::new(500, "INTERNAL")
        })?;
        Ok(bytes)
    }
}
