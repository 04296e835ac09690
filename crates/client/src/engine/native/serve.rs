//! A connection's task: connects when there is something to do, reads, keeps time, and connects again.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::random::OsRandom;
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::events;
use super::lane::{Connection, Stage, State};
use super::socket::Socket;
use super::{connect, ending, receive};
use crate::engine::{InvokeError, Lane};

/// How long a connection that is not for updates is kept without calls.
const IDLE_CALLS: Duration = Duration::from_secs(300);
const IDLE_FILES: Duration = Duration::from_secs(30);

/// Why a socket is given up.
#[derive(Debug)]
pub(super) enum End {
    /// The other side or the system ended it.
    Closed(std::io::Error),
    /// The server answered with a transport error.
    Code(i32),
    /// The server never said anything.
    Silent,
    /// What came breaks a rule of the protocol, or nothing more came in time.
    Broken(String),
    /// The temporary key is good for nothing: another one is wanted.
    Key,
    /// The permanent key is unknown to the server.
    Unknown,
    /// It was told to end, or has been idle for long.
    Told,
}

/// Drives a connection until it is told to end.
pub(super) async fn run(connection: Arc<Connection>) {
    let finish = Finish(connection);
    let connection = &finish.0;
    let mut backoff = Backoff::default();
    while wanted(connection).await {
        let begun = Instant::now();
        let end = match until_told(connection, Box::pin(connect::open(connection))).await {
            Some(Ok(())) => serve(connection).await,
            Some(Err(error)) => {
                ending::not_connected(connection, error);
                pause(connection, backoff.failed(&mut OsRandom)).await;
                continue;
            }
            None => End::Told,
        };
        if ending::disconnected(connection, &end) {
            backoff.succeeded(begun.elapsed());
        }
        if matches!(end, End::Told) {
            continue;
        }
        pause(connection, backoff.failed(&mut OsRandom)).await;
    }
}

/// Waits until a socket is wanted. False: never again.
async fn wanted(connection: &Arc<Connection>) -> bool {
    loop {
        {
            let mut state = connection.state();
            match state.stage {
                Stage::Ending => return false,
                Stage::Retired if state.calls.is_empty() => return false,
                _ if !state.calls.is_empty() || connection.listens() => return true,
                // One more would be started for the next call.
                Stage::Serving if connection.lane.is_for_files() => {
                    state.stage = Stage::Ending;
                    return false;
                }
                _ => {}
            }
        }
        connection.woken().await;
    }
}

/// Waits before the next try to connect, unless a new call comes, which shall have its own.
async fn pause(connection: &Arc<Connection>, pause: Duration) {
    let until = Instant::now() + pause;
    let has_new = || {
        let state = connection.state();
        state.stage == Stage::Ending || !state.held.is_empty()
    };
    while !has_new() {
        tokio::select! {
            () = sleep_until(until) => return,
            () = connection.woken() => {}
        }
    }
}

/// The future's value; `None` when the connection is to end.
async fn until_told<T>(connection: &Arc<Connection>, future: impl Future<Output = T>) -> Option<T> {
    let told = async {
        while connection.state().stage != Stage::Ending {
            connection.woken().await;
        }
    };
    tokio::select! {
        value = future => Some(value),
        () = told => None,
    }
}

/// When to look at the clock next, and whether the socket has to take more of what is to be sent.
#[derive(Clone, Copy)]
pub(super) struct Prepared {
    deadline: Duration,
    is_left: bool,
}

impl Prepared {
    /// Whether the task, which sleeps until `timer`, has to look.
    pub(super) fn needs_task(self, timer: Duration) -> bool {
        self.is_left || self.deadline < timer
    }
}

/// Serves a socket until it ends.
async fn serve(connection: &Arc<Connection>) -> End {
    let begun = {
        let mut state = connection.state();
        let stream = state
            .socket
            .as_ref()
            .map(|socket| Arc::clone(&socket.stream));
        stream.map(|stream| (stream, prepare_to_sleep(connection, &mut state)))
    };
    let Some((stream, mut prepared)) = begun else {
        return End::Told;
    };
    let clock = connection.shared.clock;
    loop {
        let Prepared { deadline, is_left } = match prepared {
            Ok(prepared) => prepared,
            Err(end) => return end,
        };
        prepared = tokio::select! {
            biased;
            prepared = poll_fn(|context| {
                let received = receive::poll(connection, &stream, context);
                received.map(|state| state.and_then(|mut state| prepare_to_sleep(connection, &mut state)))
            }) => prepared,
            ready = stream.writable(), if is_left => {
                ready.map_err(End::Closed).and_then(|()| prepare_to_sleep(connection, &mut connection.state()))
            }
            () = connection.woken() => {
                // Whoever else is ready now may have calls, too: they leave together.
                tokio::task::yield_now().await;
                prepare_to_sleep(connection, &mut connection.state())
            }
            () = sleep_until(clock.instant(deadline).into()) => {
                tick(connection).and_then(|()| prepare_to_sleep(connection, &mut connection.state()))
            }
        };
    }
}

/// [`prepare`] for the task, which also looks after a socket that nobody may be reading from.
fn prepare_to_sleep(connection: &Arc<Connection>, state: &mut State) -> Result<Prepared, End> {
    let socket = state.socket.as_mut();
    let has_to_read = socket.map(|socket| socket.reader.look(&socket.stream));
    if has_to_read.transpose().map_err(End::Closed)? == Some(true) {
        while receive::take(connection, state)?.bytes > 0 {}
    }
    let mut prepared = prepare(connection, state)?;
    let look = state
        .socket
        .as_ref()
        .and_then(|socket| socket.reader.good_time());
    if let Some(at) = look {
        prepared.deadline = prepared.deadline.min(connection.shared.clock.at(at));
        state.timer = prepared.deadline;
    }
    Ok(prepared)
}

/// Sends what there is to send.
pub(super) fn prepare(connection: &Arc<Connection>, state: &mut State) -> Result<Prepared, End> {
    if let Some(end) = state.end.take() {
        return Err(end);
    }
    let clock = connection.shared.clock;
    match state.stage {
        Stage::Ending => return Err(End::Told),
        Stage::Retired if state.calls.is_empty() => return Err(End::Told),
        _ => {}
    }
    let mut deadline = clock.now() + Duration::from_secs(3600);
    if state.calls.is_empty() && !is_home(connection) {
        let limit = if connection.lane.is_for_files() {
            IDLE_FILES
        } else {
            IDLE_CALLS
        };
        let idle = state.used.elapsed();
        if idle >= limit {
            return Err(End::Told);
        }
        deadline = clock.now() + limit.saturating_sub(idle);
    }
    connection.send_now(state);
    let socket = state.socket.as_mut();
    if let Some(error) = socket.and_then(|socket| socket.failed.take()) {
        // What the server said before it closed the connection tells more.
        receive::take(connection, state)?;
        return Err(End::Closed(error));
    }
    if let Some(end) = events::handle(connection, state) {
        return Err(end);
    }
    state.shrink();
    if let Some(open) = &state.session {
        // A retired connection has done its part: its successor has another key.
        let renewal = open
            .key
            .renew_at()
            .filter(|_| state.stage == Stage::Serving);
        deadline = [open.machine.deadline(), renewal]
            .into_iter()
            .flatten()
            .fold(deadline, Duration::min);
        if open.binding.is_some() {
            deadline = deadline.min(open.key.bind_by());
        }
    }
    if let Some(socket) = state.socket.as_ref().filter(|socket| !socket.heard) {
        deadline = deadline.min(socket.hear_by);
    }
    state.timer = deadline;
    let is_left = state
        .socket
        .as_ref()
        .is_some_and(|socket| !socket.out.is_empty());
    Ok(Prepared { deadline, is_left })
}

/// Whether this is the connection that updates come over.
fn is_home(connection: &Connection) -> bool {
    connection.lane == Lane::Calls && connection.dc == connection.shared.hub.home()
}

/// The machine's timers, and those of the key.
fn tick(connection: &Arc<Connection>) -> Result<(), End> {
    let now = connection.shared.clock.now();
    let mut state = connection.state();
    let is_silent = |socket: &Socket| !socket.heard && socket.hear_by <= now;
    if state.socket.as_ref().is_some_and(is_silent) {
        return Err(End::Silent);
    }
    let is_serving = state.stage == Stage::Serving;
    let Some(open) = &mut state.session else {
        return Ok(());
    };
    if open
        .machine
        .deadline()
        .is_some_and(|deadline| deadline <= now)
    {
        open.machine
            .tick(now)
            .map_err(|silence| End::Broken(silence.to_string()))?;
    }
    if open.binding.is_some() && open.key.bind_by() <= now {
        // No answer to auth.bindTempAuthKey: another key, and the next connection, may do better.
        return Err(End::Key);
    }
    if is_serving && open.key.renew_at().is_some_and(|at| at <= now) {
        drop(state);
        connection.shared.renew_key(connection.dc);
    }
    Ok(())
}

/// Leaves nothing behind when the task ends, however it ends.
struct Finish(Arc<Connection>);

impl Drop for Finish {
    fn drop(&mut self) {
        let connection = &self.0;
        connection.shared.forget(connection);
        let mut state = connection.state();
        state.stage = Stage::Ending;
        state.socket = None;
        let ids: Vec<_> = state.calls.keys().copied().collect();
        state.fail(ids, || InvokeError::Lost("the connection has ended".into()));
        drop(state);
        connection.has_ended();
    }
}
