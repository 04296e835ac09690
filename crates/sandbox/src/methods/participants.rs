//! `channels.getParticipants` and `channels.getParticipant`: members of supergroups and channels.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int};
use crate::error::{RpcError, bad_request, forbidden};
use crate::state::{Channel, Peer, PeerSet};

/// Most members in one answer.
const LIMIT: usize = 200;

/// `channels.getParticipants`.
pub(super) fn participants(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let (offset, limit) = (int(query, "offset"), int(query, "limit"));
    let offset = usize::try_from(offset).map_err(|_| bad_request("OFFSET_INVALID"))?;
    let limit = usize::try_from(limit)
        .map_err(|_| bad_request("LIMIT_INVALID"))?
        .min(LIMIT);
    let channel = call
        .state
        .channels
        .get(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let found = call.filtered(channel, query.get("filter"))?;
    let page: Vec<Value> = found
        .iter()
        .skip(offset)
        .take(limit)
        .map(|member| call.participant(channel, *member))
        .collect();
    let mut mentioned = PeerSet::default();
    mentioned.add(Peer::Channel(id));
    mentioned.collect(&page);
    Ok(object!("channels.channelParticipants",
        count: found.len() as i32,
        participants: page,
        chats: mentioned.chats(call.state, call.user),
        users: mentioned.users(call.state, call.user),
    )
    .into())
}

/// `channels.getParticipant`.
pub(super) fn participant(call: &mut Call<'_>, query: &Value) -> Outcome {
    let id = call.state.input_channel(call.user, query.get("channel"))?;
    let wanted = call
        .state
        .input_peer(call.user, query.get("participant"))
        .map_err(|_| bad_request("PARTICIPANT_ID_INVALID"))?;
    let channel = call
        .state
        .channels
        .get(&id)
        .ok_or_else(|| bad_request("CHANNEL_INVALID"))?;
    let Peer::User(user) = wanted else {
        return Err(bad_request("USER_NOT_PARTICIPANT"));
    };
    if user != call.user && !call.may_list(channel) {
        return Err(bad_request("CHAT_ADMIN_REQUIRED"));
    }
    if !channel.members.contains_key(&user) && !channel.is_banned(user, call.state.now) {
        return Err(bad_request("USER_NOT_PARTICIPANT"));
    }
    let participant = call.participant(channel, user);
    let mut mentioned = PeerSet::default();
    mentioned.collect(std::slice::from_ref(&participant));
    Ok(object!("channels.channelParticipant",
        participant: participant,
        chats: mentioned.chats(call.state, call.user),
        users: mentioned.users(call.state, call.user),
    )
    .into())
}

impl Call<'_> {
    /// Whether the caller may see who is in it: in supergroups members may, in channels administrators.
    fn may_list(&self, channel: &Channel) -> bool {
        channel.creator == self.user
            || channel.megagroup && channel.members.contains_key(&self.user)
    }

    /// Whom a filter lets through, who joined last first.
    fn filtered(&self, channel: &Channel, filter: &Value) -> Result<Vec<i64>, RpcError> {
        let is_admin = channel.creator == self.user;
        let mut members: Vec<(i64, i32)> = channel
            .members
            .iter()
            .map(|(member, joined)| (*member, *joined))
            .collect();
        members.sort_by_key(|(member, joined)| (std::cmp::Reverse(*joined), *member));
        let members = members.into_iter().map(|(member, _)| member);
        let search = filter.text("q").unwrap_or_default().to_lowercase();
        let matches = |member: &i64| {
            let user = self.state.users.get(member);
            search.is_empty()
                || user.is_some_and(|user| user.first_name.to_lowercase().starts_with(&search))
        };
        match filter.name() {
            "channelParticipantsAdmins" => Ok(vec![channel.creator]),
            "channelParticipantsRecent"
            | "channelParticipantsSearch"
            | "channelParticipantsBots"
                if !self.may_list(channel) =>
            {
                Err(forbidden("CHAT_ADMIN_REQUIRED"))
            }
            "channelParticipantsRecent" | "channelParticipantsSearch" => {
                Ok(members.filter(matches).collect())
            }
            "channelParticipantsBots" => Ok(members
                .filter(|member| self.state.is_bot(*member))
                .collect()),
            "channelParticipantsKicked" | "channelParticipantsBanned" if !is_admin => {
                Err(bad_request("CHAT_ADMIN_REQUIRED"))
            }
            "channelParticipantsKicked" => {
                Ok(channel.banned.keys().copied().filter(matches).collect())
            }
            // Nobody is in a supergroup with fewer rights than others.
            "channelParticipantsBanned" => Ok(Vec::new()),
            _ => Err(bad_request("FILTER_NOT_SUPPORTED")),
        }
    }

    fn participant(&self, channel: &Channel, member: i64) -> Value {
        let date = channel.members.get(&member).copied();
        match date {
            None => object!("channelParticipantBanned",
                left: true,
                peer: object!("peerUser", user_id: member),
                kicked_by: channel.creator,
                date: channel.date,
                banned_rights: object!("chatBannedRights",
                    view_messages: true,
                    until_date: channel.banned.get(&member).copied().unwrap_or(i32::MAX),
                ),
            ),
            Some(_) if member == channel.creator => object!("channelParticipantCreator",
                user_id: member,
                admin_rights: object!("chatAdminRights", change_info: true, ban_users: true, other: true),
            ),
            Some(date) if member == self.user => object!("channelParticipantSelf",
                user_id: member, inviter_id: channel.creator, date: date),
            Some(date) => object!("channelParticipant", user_id: member, date: date),
        }
    }
}
