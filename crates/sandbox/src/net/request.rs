//! A request from its bytes to its answer, and the updates it causes.

use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::MsgId;
use madeline_tl::{DecodeErrorKind, Schema, Ty, Value, method_from_bytes, to_bytes};

use super::session::{Live, Progress};
use super::{Shared, lock, now};
use crate::error::{RpcError, bad_request};
use crate::methods::{self, Answer, Request};
use crate::state::{SessionRef, State};

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
}

/// Executes a request. What can be answered at once is in the session's machine on return.
pub(super) fn handle(
    shared: &Arc<Shared>,
    live: &Arc<Live>,
    session: SessionRef,
    msg_id: MsgId,
    body: &[u8],
) {
    live.with(|machine| machine.note(msg_id.0, Progress::Running));
    let mut pending = Pending {
        shared: Arc::clone(shared),
        live: Arc::clone(live),
        session,
        msg_id,
        ty: Ty::Object,
    };
    let mut state = shared.state();
    let request = decode(shared.schema, body)
        .and_then(|query| methods::without_wrappers(&mut state, shared.schema, session, query));
    let request = match request {
        Ok(request) => request,
        Err(error) => return pending.answer(&Err(error)),
    };
    shared.log(|| format!("dc {}: {}", session.key.dc, request.query.name()));
    if let Some(method) = shared.schema.method(request.query.name()) {
        pending.ty = method.ty();
    }
    if request.after.is_empty() {
        return pending.run(&mut state, &request);
    }
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
    fn run(self, state: &mut State, request: &Request) {
        match methods::execute(state, self.session, self.msg_id.0, request) {
            Ok(Answer::Now(value)) => self.answer(&Ok(value)),
            Err(error) => self.answer(&Err(error)),
            Ok(Answer::Later(after, result)) => {
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
        let bytes = result
            .as_ref()
            .map(|value| to_bytes(self.shared.schema, self.ty, value));
        self.live.with(|machine| {
            match bytes {
                Ok(Ok(bytes)) => machine.session.send_result(now(), self.msg_id, &bytes),
                Ok(Err(defect)) => {
                    eprintln!("madeline-sandbox: a result does not fit the schema: {defect}");
                    machine
                        .session
                        .send_error(now(), self.msg_id, 500, "INTERNAL");
                }
                Err(error) => {
                    machine
                        .session
                        .send_error(now(), self.msg_id, error.code, &error.text);
                }
            }
            machine.note(
                self.msg_id.0,
                if result.is_ok() {
                    Progress::Done
                } else {
                    Progress::Failed
                },
            );
            machine.wake(self.session);
        });
        self.live.finished.notify_waiters();
    }
}

impl Shared {
    /// Pushes the updates that calls have caused.
    fn deliver(&self, state: &mut State) {
        for notice in std::mem::take(&mut state.outbox) {
            let targets: Vec<SessionRef> = state
                .sessions
                .iter()
                .filter(|(session, told)| {
                    told.connected
                        && told.wants_updates
                        && Some(**session) != notice.except
                        && state.user_of(session.key) == Some(notice.user)
                })
                .map(|(session, _)| *session)
                .collect();
            if targets.is_empty() {
                continue;
            }
            let updates = state.updates_value(notice.user, notice.updates);
            match to_bytes(self.schema, Ty::Object, &updates) {
                Ok(bytes) => {
                    for session in targets {
                        if let Some(live) = self.live(session) {
                            live.with(|machine| {
                                machine.session.push(now(), &bytes);
                                machine.wake(session);
                            });
                        }
                    }
                }
                Err(defect) => {
                    eprintln!("madeline-sandbox: updates do not fit the schema: {defect}");
                }
            }
        }
    }
}
