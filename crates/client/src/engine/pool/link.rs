//! One connection: a pool that serves one DC and is given up when its connection ends.

use std::any::Any;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use grammers_mtproto::transport;
use grammers_mtsender::{ConnectionParams, InvocationError, SenderPool, SenderPoolHandle};
use grammers_session::updates::UpdatesLike;
use grammers_tl_types::Serializable;
use madeline_mtproto::AuthKey;
use tokio::sync::{mpsc, watch};
use tokio::task::{AbortHandle, JoinError};
use tokio::time::{Instant, timeout, timeout_at};

use super::rpc_text;
use super::session::{LinkSession, Refusal};
use crate::engine::InvokeError;
use crate::engine::exchange::connect_timeout;
use crate::engine::updates::Hub;
use crate::error::Cause;
use crate::fork::OwnPeer;
use crate::{AppInfo, DcId};

/// How long a request whose answer was dropped waits to learn how the connection ended.
const CAUSE_DELAY: Duration = Duration::from_millis(250);

/// A connection that is being made, stands, or has ended. Dropping it closes the socket.
pub(super) struct Link {
    dc: DcId,
    address: SocketAddr,
    handle: SenderPoolHandle,
    state: watch::Sender<State>,
    connect_deadline: Instant,
    connect_limit: Duration,
    watcher: AbortHandle,
}

#[derive(Clone)]
enum State {
    /// The pool connects with the first request.
    Connecting,
    /// The server knows the key and has accepted `initConnection`.
    Connected,
    /// It ended; `connected`: after it had stood.
    Closed { connected: bool, cause: Arc<str> },
}

impl Link {
    /// Prepares a connection; the first request makes it.
    pub(super) fn open(
        dc: DcId,
        address: SocketAddr,
        key: &AuthKey,
        app: &AppInfo,
        connect_limit: Duration,
        hub: Arc<Hub>,
    ) -> Link {
        let state = watch::Sender::new(State::Connecting);
        let connected = {
            let state = state.clone();
            Box::new(move || {
                state.send_if_modified(|state| {
                    let connecting = matches!(state, State::Connecting);
                    if connecting {
                        *state = State::Connected;
                    }
                    connecting
                });
            })
        };
        let session = LinkSession {
            dc,
            address,
            key: key.clone(),
            connected,
        };
        let pool =
            SenderPool::with_configuration(Arc::new(session), app.api_id, parameters(app, address));
        let handle = pool.handle.thin.clone();
        let own = OwnPeer::new(address);
        let watching = watch_over(dc, pool, state.clone(), hub, own);
        let watcher = tokio::spawn(watching).abort_handle();
        Link {
            dc,
            address,
            handle,
            state,
            connect_deadline: Instant::now() + connect_limit,
            connect_limit,
            watcher,
        }
    }

    /// Whether requests may be sent.
    pub(super) fn is_open(&self) -> bool {
        !matches!(*self.state.borrow(), State::Closed { .. })
    }

    /// Sends a request, connecting first where needed, and waits for its answer.
    pub(super) async fn invoke(&self, body: Bytes) -> Result<Bytes, InvokeError> {
        let mut answer = std::pin::pin!(self.handle.invoke_in_dc(self.dc.0, Vec::from(body)));
        let mut state = self.state.subscribe();
        let standing = async {
            let changed = state.wait_for(|state| !matches!(state, State::Connecting));
            timeout_at(self.connect_deadline, changed).await.is_ok()
        };
        let outcome = tokio::select! {
            biased;
            outcome = &mut answer => outcome,
            in_time = standing => {
                if !in_time {
                    self.close(&connect_timeout(self.connect_limit).to_string());
                    return Err(InvokeError::Connect {
                        address: self.address.to_string(),
                        source: connect_timeout(self.connect_limit),
                    });
                }
                answer.await
            }
        };
        match outcome {
            Ok(result) => Ok(result.into()),
            Err(error) => Err(self.describe(error, state).await),
        }
    }

    /// What an error of the pool means, and whether the request may have been sent.
    async fn describe(
        &self,
        error: InvocationError,
        mut state: watch::Receiver<State>,
    ) -> InvokeError {
        let connecting = matches!(
            *state.borrow(),
            State::Connecting
                | State::Closed {
                    connected: false,
                    ..
                }
        );
        if connecting {
            // The pool would try again with the next request; a new connection may use another address.
            self.close(&error.to_string());
        }
        match error {
            InvocationError::Rpc(error) => InvokeError::Rpc {
                code: error.code,
                message: rpc_text::raw(&error.name, error.value),
            },
            InvocationError::Transport(transport::Error::BadStatus { status }) => {
                InvokeError::Transport(i32::try_from(status).map_or(i32::MIN, |status| -status))
            }
            // The pool answers an unknown key with a key exchange of its own, which either fails or makes a key
            // that its session refuses.
            InvocationError::Authentication(_) => InvokeError::Transport(-404),
            InvocationError::Session(refusal) if refusal.is::<Refusal>() => {
                InvokeError::Transport(-404)
            }
            InvocationError::Io(source) if connecting => InvokeError::Connect {
                address: self.address.to_string(),
                source,
            },
            InvocationError::Dropped => {
                let _ = timeout(
                    CAUSE_DELAY,
                    state.wait_for(|state| matches!(state, State::Closed { .. })),
                )
                .await;
                let ended = state.borrow().clone();
                match ended {
                    State::Closed {
                        connected: false,
                        cause,
                    } => InvokeError::Connect {
                        address: self.address.to_string(),
                        source: io::Error::other(&*cause),
                    },
                    State::Closed { cause, .. } => InvokeError::Lost((*cause).into()),
                    _ => InvokeError::Lost("the server refused the message".into()),
                }
            }
            error => InvokeError::Lost(cause(error)),
        }
    }

    /// Ends the connection in order and waits until its socket is closed.
    pub(super) async fn end(&self) {
        // Without effect where the pool has ended already.
        self.handle.quit();
        let mut state = self.state.subscribe();
        let _ = state
            .wait_for(|state| matches!(state, State::Closed { .. }))
            .await;
    }

    fn close(&self, cause: &str) {
        close(&self.state, cause);
        self.watcher.abort();
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.watcher.abort();
    }
}

/// Runs the pool, hands its updates on and notes how it ends.
async fn watch_over(
    dc: DcId,
    pool: SenderPool,
    state: watch::Sender<State>,
    hub: Arc<Hub>,
    own: OwnPeer,
) {
    let SenderPool {
        runner,
        mut updates,
        handle,
    } = pool;
    drop(handle);
    // A task of its own, because it resumes the panics of its connections. Aborted with this one.
    let mut runner = AbortOnDrop(tokio::spawn(runner.run()));
    let cause = loop {
        tokio::select! {
            biased;
            update = updates.recv() => match update {
                Some(UpdatesLike::ConnectionClosed) => break "the connection was closed".to_owned(),
                Some(update) => hand_on(dc, update, &hub),
                None => break runner_end((&mut runner.0).await),
            },
            ended = &mut runner.0 => {
                drain(dc, &mut updates, &hub);
                break runner_end(ended);
            }
        }
    };
    close(&state, &cause);
    drop(own);
    // Nothing comes until the next call connects again: whoever listens has a reason to make one.
    hub.missed(dc);
}

fn drain(dc: DcId, updates: &mut mpsc::UnboundedReceiver<UpdatesLike>, hub: &Hub) {
    while let Ok(update) = updates.try_recv() {
        hand_on(dc, update, hub);
    }
}

/// Parts of the client's own results, which the pool reports here as well, are not updates and stay out.
fn hand_on(dc: DcId, update: UpdatesLike, hub: &Hub) {
    match update {
        UpdatesLike::Updates(updates) => hub.receive(dc, updates.to_bytes().into()),
        UpdatesLike::MalformedUpdates => hub.missed(dc),
        _ => {}
    }
}

fn runner_end(ended: Result<(), JoinError>) -> String {
    match ended.map_err(JoinError::try_into_panic) {
        Ok(()) => "the connection's task has ended".to_owned(),
        Err(Ok(panic)) => format!(
            "the connection failed on what the server sent: {}",
            panic_text(panic.as_ref())
        ),
        Err(Err(_)) => "the connection's task was stopped".to_owned(),
    }
}

fn panic_text(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or("panic without a text")
}

/// Notes the end of a connection; the first cause stays.
fn close(state: &watch::Sender<State>, cause: &str) {
    state.send_if_modified(|state| {
        let connected = matches!(state, State::Connected);
        let open = !matches!(state, State::Closed { .. });
        if open {
            *state = State::Closed {
                connected,
                cause: cause.into(),
            };
        }
        open
    });
}

fn cause(error: InvocationError) -> Cause {
    match error {
        InvocationError::Io(error) => error.into(),
        InvocationError::Deserialize(error) => error.into(),
        InvocationError::Transport(error) => error.into(),
        error => error.into(),
    }
}

fn parameters(app: &AppInfo, address: SocketAddr) -> ConnectionParams {
    // Every field by name: `Default` would start a process to find out the system's name.
    ConnectionParams {
        device_model: app.device_model.clone(),
        system_version: app.system_version.clone(),
        app_version: app.app_version.clone(),
        lang_code: app.lang_code.clone(),
        system_lang_code: app.system_lang_code.clone(),
        use_ipv6: address.is_ipv6(),
        __non_exhaustive: (),
    }
}

/// A task that ends with its owner.
struct AbortOnDrop<T>(tokio::task::JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}
