//! Asking for state and differences, for as long as it takes.

use std::time::Duration;

use bytes::Bytes;
use madeline_tl::{Value, object};
use tokio::time::sleep;

use super::machine::Ask;
use crate::peers::PeerId;
use crate::{Client, Error};

/// The pause after the first failure; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// How many updates of a channel are asked for at once: what <https://core.telegram.org/method/updates.getChannelDifference>
/// lets bots and others have.
const BOT_LIMIT: i32 = 100_000;
const USER_LIMIT: i32 = 100;

/// Why there is no answer.
pub(super) enum Failure {
    /// The server does not accept where we say that we are.
    Refused,
    /// The channel cannot be asked about.
    Gone,
    /// The listener has to know.
    Error(Error),
}

/// Asks until there is an answer. What passes — lost connections, floods, trouble of the server — is waited out.
pub(super) async fn fetch(client: Client, ask: Ask) -> Result<Bytes, Failure> {
    let request = request(&client, ask)?;
    let mut pause = FIRST_PAUSE;
    let mut tries = 1;
    loop {
        let error = match client.ask_bytes(&request).await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        match outcome(error, ask) {
            Outcome::Wait(Some(seconds)) => sleep(seconds).await,
            Outcome::Wait(None) => {
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Outcome::Doubt(_) if tries < TRIES => {
                tries += 1;
                sleep(pause).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            Outcome::Fail(failure) | Outcome::Doubt(failure) => return Err(failure),
        }
    }
}

/// How often a question is asked that the server refuses for a reason which says nothing of it: what is given up is lost.
const TRIES: u32 = 5;

enum Outcome {
    /// To be tried again, after so long or after a pause.
    Wait(Option<Duration>),
    /// To be tried some times.
    Doubt(Failure),
    Fail(Failure),
}

fn outcome(error: Error, ask: Ask) -> Outcome {
    if let Some(seconds) = error.flood_seconds() {
        let seconds = u64::try_from(seconds).unwrap_or(0).max(1);
        return Outcome::Wait(Some(Duration::from_secs(seconds)));
    }
    let Error::Rpc { code, name, .. } = &error else {
        return match error {
            Error::Connect { .. }
            | Error::KeyExchange { .. }
            | Error::Lost { .. }
            | Error::Timeout { .. }
            | Error::Transport { .. }
            | Error::Answer { .. } => Outcome::Wait(None),
            error => Outcome::Fail(Failure::Error(error)),
        };
    };
    let of_the_login = *code == 401 || name == "AUTH_KEY_DUPLICATED";
    let of_the_state = name.starts_with("PERSISTENT_TIMESTAMP_") || name.starts_with("DATE_");
    match ask {
        _ if of_the_login => Outcome::Fail(Failure::Error(error)),
        _ if !(400..500).contains(code) => Outcome::Wait(None),
        Ask::State => Outcome::Fail(Failure::Error(error)),
        _ if of_the_state => Outcome::Fail(Failure::Refused),
        Ask::Difference(_) => Outcome::Doubt(Failure::Refused),
        // CHANNEL_PRIVATE, CHANNEL_INVALID, USER_BANNED_IN_CHANNEL …
        Ask::ChannelDifference { .. } if name.contains("CHANNEL") || name.starts_with("CHAT_") => {
            Outcome::Fail(Failure::Gone)
        }
        Ask::ChannelDifference { .. } => Outcome::Doubt(Failure::Gone),
    }
}

fn request(client: &Client, ask: Ask) -> Result<Value, Failure> {
    Ok(match ask {
        Ask::State => object!("updates.getState"),
        Ask::Difference(state) => object!("updates.getDifference",
            pts: state.pts, date: state.date.max(1), qts: state.qts),
        Ask::ChannelDifference { id, pts } => {
            let peer = PeerId::channel(id).ok_or(Failure::Gone)?;
            let known = client.peers().find(peer).map_err(Failure::Error)?;
            // The hash of a `min` constructor opens nothing.
            let known = known.filter(|peer| !peer.min);
            let access_hash = known.and_then(|peer| peer.access_hash);
            let access_hash = access_hash.ok_or(Failure::Gone)?;
            let limit = if client.session().is_bot() {
                BOT_LIMIT
            } else {
                USER_LIMIT
            };
            object!("updates.getChannelDifference",
                channel: object!("inputChannel", channel_id: id, access_hash: access_hash),
                filter: object!("channelMessagesFilterEmpty"),
                pts: pts.max(1),
                limit: limit,
            )
        }
    })
}
