//! `updates.*`: where a client stands and what it missed.

use madeline_tl::Value;

use super::{Call, Outcome, int};
use crate::error::bad_request;

/// `updates.getState`.
pub(super) fn state(call: &mut Call<'_>, _: &Value) -> Outcome {
    Ok(call.state.state_value(call.user).into())
}

/// `updates.getDifference`.
pub(super) fn difference(call: &mut Call<'_>, query: &Value) -> Outcome {
    let pts = int(query, "pts");
    let newest = call
        .state
        .users
        .get(&call.user)
        .map_or(0, |user| user.mailbox.pts);
    if pts == 0 {
        return Err(bad_request("PERSISTENT_TIMESTAMP_EMPTY"));
    }
    if pts < 0 || pts > newest {
        return Err(bad_request("PERSISTENT_TIMESTAMP_INVALID"));
    }
    let date = int(query, "date");
    if date == 0 {
        return Err(bad_request("DATE_EMPTY"));
    }
    let total = match int(query, "pts_total_limit") {
        0 => i32::MAX,
        limit => limit,
    };
    Ok(call.state.difference(call.user, pts, date, total).into())
}

/// `updates.getChannelDifference`.
pub(super) fn channel_difference(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let pts = int(query, "pts");
    let newest = call
        .state
        .channels
        .get(&id)
        .map_or(0, |channel| channel.pts);
    if pts == 0 {
        return Err(bad_request("PERSISTENT_TIMESTAMP_EMPTY"));
    }
    if pts < 0 || pts > newest {
        return Err(bad_request("PERSISTENT_TIMESTAMP_INVALID"));
    }
    Ok(call
        .state
        .channel_difference(call.user, id, pts, int(query, "limit"))
        .into())
}
