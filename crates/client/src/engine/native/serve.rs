//! A connection's task: connects when there is something to do, reads, keeps time, and connects again.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use madeline_mtproto::random::OsRandom;
use madeline_mtproto::transport::Frame;
use tokio::net::TcpStream;
use tokio::time::{Instant, sleep_until};

use super::backoff::Backoff;
use super::events;
use super::lane::{Connection, Socket, Stage, State};
use super::{connect, ending};
use crate::engine::{InvokeError, Lane};

/// Bytes read at once.
const PORTION: usize = 64 << 10;
/// Portions read before others have their turn.
const PORTIONS: usize = 16;
/// How long a connection that is not for updates is kept without calls.
const IDLE_CALLS: Duration = Duration::from_secs(300);
const IDLE_FILES: Duration = Duration::from_secs(30);

thread_local! {
    /// One for all connections of a thread: they hardly ever need it, and together would keep a lot of memory.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

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
        let end = match until_told(connection, connect::open(connection)).await {
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
                Stage::Serving if connection.lane == Lane::Files => {
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

/// Serves a socket until it ends.
async fn serve(connection: &Arc<Connection>) -> End {
    let Some(stream) = connection
        .state()
        .socket
        .as_ref()
        .map(|socket| Arc::clone(&socket.stream))
    else {
        return End::Told;
    };
    let clock = connection.shared.clock;
    loop {
        let (deadline, is_left) = match prepare(connection) {
            Ok(prepared) => prepared,
            Err(end) => return end,
        };
        let outcome = tokio::select! {
            biased;
            ready = stream.readable() => match ready {
                Ok(()) => read(connection, &stream),
                Err(error) => Err(End::Closed(error)),
            },
            ready = stream.writable(), if is_left => ready.map_err(End::Closed),
            () = connection.woken() => {
                // Whoever else is ready now may have calls, too: they leave together.
                tokio::task::yield_now().await;
                Ok(())
            }
            () = sleep_until(clock.instant(deadline).into()) => tick(connection),
        };
        if let Err(end) = outcome {
            return end;
        }
    }
}

/// Sends what there is to send. Gives when to look at the clock next, and whether the socket has to take more.
fn prepare(connection: &Arc<Connection>) -> Result<(Duration, bool), End> {
    let clock = connection.shared.clock;
    let mut state = connection.state();
    match state.stage {
        Stage::Ending => return Err(End::Told),
        Stage::Retired if state.calls.is_empty() => return Err(End::Told),
        _ => {}
    }
    let mut deadline = clock.now() + Duration::from_secs(3600);
    if state.calls.is_empty() && !is_home(connection) {
        let limit = if connection.lane == Lane::Files {
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
    connection.send_now(&mut state);
    if let Some(end) = events::handle(connection, &mut state) {
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
    Ok((deadline, is_left))
}

/// Whether this is the connection that updates come over.
fn is_home(connection: &Connection) -> bool {
    connection.lane == Lane::Calls && connection.dc == connection.shared.hub.home()
}

/// Takes what the socket has.
fn read(connection: &Arc<Connection>, stream: &TcpStream) -> Result<(), End> {
    BUFFER.with_borrow_mut(|buffer| {
        buffer.resize(PORTION, 0);
        for _ in 0..PORTIONS {
            let count = match stream.try_read(buffer) {
                Ok(0) => {
                    return Err(End::Closed(std::io::Error::new(
                        std::io::ErrorKind::UnexpectedEof,
                        "the server closed the connection",
                    )));
                }
                Ok(count) => count,
                Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => break,
                Err(error) => return Err(End::Closed(error)),
            };
            let portion = buffer.get(..count).unwrap_or_default();
            take(connection, &mut connection.state(), portion)?;
            if count < PORTION {
                break;
            }
        }
        Ok(())
    })
}

/// Cuts a portion into frames and hands them to the machine.
fn take(connection: &Arc<Connection>, state: &mut State, portion: &[u8]) -> Result<(), End> {
    let now = connection.shared.clock.now();
    let mut outcome = Ok(());
    {
        let State {
            session: Some(open),
            socket: Some(socket),
            sockets,
            down_since,
            ..
        } = &mut *state
        else {
            return Ok(());
        };
        let heard_before = socket.heard;
        socket.framing.feed(portion);
        while outcome.is_ok() {
            outcome = match socket.framing.next_frame() {
                Ok(None) => break,
                Ok(Some(Frame::Payload { bytes, .. })) => {
                    let received = open.machine.receive(now, bytes);
                    socket.heard |= received.is_ok();
                    received.map_err(|violation| End::Broken(violation.to_string()))
                }
                Ok(Some(Frame::Error(code))) => Err(End::Code(code)),
                // Nothing asked for one.
                Ok(Some(Frame::QuickAck(_))) => Ok(()),
                Err(error) => Err(End::Broken(error.to_string())),
            };
        }
        // Servers push to connections that stand. What they had for us while none did is in the difference, from here on.
        let is_another = socket.heard && !heard_before && *sockets > 1;
        if is_another && connection.lane == Lane::Calls {
            connection.shared.hub.missed(connection.dc);
        }
        if socket.heard {
            *down_since = None;
        }
    }
    // What was received in order before something broke is valid.
    let end = events::handle(connection, state);
    outcome?;
    end.map_or(Ok(()), Err)
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
