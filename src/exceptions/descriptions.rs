//! What errors of the server mean, in a sentence for people.

use std::borrow::Cow;

/// The description of an error; for one that is not in the table its own text, a number at its end replaced by `X`.
pub(super) fn of(rpc: &str) -> Cow<'_, str> {
    let general = general(rpc);
    match DESCRIPTIONS.binary_search_by(|(known, _)| (*known).cmp(&general)) {
        Ok(index) => DESCRIPTIONS
            .get(index)
            .map_or(general, |(_, text)| Cow::Borrowed(*text)),
        Err(_) => general,
    }
}

/// `FILE_MIGRATE_4` → `FILE_MIGRATE_X`.
fn general(rpc: &str) -> Cow<'_, str> {
    match rpc.rsplit_once('_') {
        Some((kind, number))
            if !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            Cow::Owned(format!("{kind}_X"))
        }
        _ => Cow::Borrowed(rpc),
    }
}

/// By error text, in the order of its bytes. <https://core.telegram.org/api/errors> has the whole list.
static DESCRIPTIONS: &[(&str, &str)] = &[
    (
        "2FA_CONFIRM_WAIT_X",
        "The account has a password: the deletion has to wait",
    ),
    ("ABOUT_TOO_LONG", "The text about the account is too long"),
    (
        "ACCESS_TOKEN_EXPIRED",
        "This bot token was revoked, ask @BotFather for the new one",
    ),
    ("ACCESS_TOKEN_INVALID", "This bot token does not exist"),
    (
        "ADMINS_TOO_MUCH",
        "This chat has as many administrators as it may have",
    ),
    (
        "ADMIN_RANK_EMOJI_NOT_ALLOWED",
        "An administrator's title cannot have emoji",
    ),
    (
        "ADMIN_RANK_INVALID",
        "This administrator's title is not allowed",
    ),
    (
        "API_ID_INVALID",
        "The API id and API hash do not belong together",
    ),
    (
        "API_ID_PUBLISHED_FLOOD",
        "This API id was published and is blocked, get your own at my.telegram.org",
    ),
    ("AUTH_BYTES_INVALID", "The exported authorization is wrong"),
    (
        "AUTH_KEY_DUPLICATED",
        "An auth key with the same ID was already generated",
    ),
    (
        "AUTH_KEY_INVALID",
        "The server does not accept this authorization key",
    ),
    (
        "AUTH_KEY_PERM_EMPTY",
        "The temporary authorization key is not bound to a permanent one",
    ),
    (
        "AUTH_KEY_UNREGISTERED",
        "Nobody is logged in with this authorization key",
    ),
    ("AUTH_RESTART", "The login has to start again"),
    (
        "AUTH_TOKEN_ALREADY_ACCEPTED",
        "This login code was used already",
    ),
    ("AUTH_TOKEN_EXPIRED", "This login code has expired"),
    ("AUTH_TOKEN_INVALID", "This login code is wrong"),
    ("BANNED_RIGHTS_INVALID", "These restrictions cannot be set"),
    ("BOTS_TOO_MUCH", "This chat has as many bots as it may have"),
    ("BOT_GROUPS_BLOCKED", "This bot cannot be added to groups"),
    ("BOT_INLINE_DISABLED", "This bot has no inline mode"),
    ("BOT_INVALID", "This is not a bot"),
    ("BOT_METHOD_INVALID", "Bots cannot call this method"),
    ("BOT_MISSING", "Only the bot itself can do this"),
    ("BOT_RESPONSE_TIMEOUT", "The bot did not answer in time"),
    (
        "BUTTON_DATA_INVALID",
        "The data of a button is missing or too long",
    ),
    (
        "BUTTON_TYPE_INVALID",
        "A button of this type is not allowed here",
    ),
    ("BUTTON_URL_INVALID", "The URL of a button is wrong"),
    (
        "CDN_METHOD_INVALID",
        "This method cannot be called on a CDN data centre",
    ),
    (
        "CHANNELS_ADMIN_PUBLIC_TOO_MUCH",
        "You administer as many public channels as you may",
    ),
    (
        "CHANNELS_TOO_MUCH",
        "You are in as many channels and groups as you may be",
    ),
    ("CHANNEL_INVALID", "The provided channel is invalid"),
    (
        "CHANNEL_PRIVATE",
        "You haven't joined this channel/supergroup",
    ),
    (
        "CHANNEL_PUBLIC_GROUP_NA",
        "This channel or group is not available",
    ),
    (
        "CHAT_ABOUT_NOT_MODIFIED",
        "The chat's description is the same already",
    ),
    (
        "CHAT_ADMIN_INVITE_REQUIRED",
        "You need the right to invite people here",
    ),
    (
        "CHAT_ADMIN_REQUIRED",
        "You must be an administrator of this chat for this",
    ),
    ("CHAT_FORBIDDEN", "You cannot write in this chat"),
    (
        "CHAT_FORWARDS_RESTRICTED",
        "Messages of this chat cannot be forwarded",
    ),
    (
        "CHAT_GUEST_SEND_FORBIDDEN",
        "You must join the discussion before you can write here",
    ),
    ("CHAT_ID_INVALID", "This chat does not exist"),
    ("CHAT_INVALID", "This chat does not exist"),
    (
        "CHAT_LINK_EXISTS",
        "This chat is public, its history cannot be hidden",
    ),
    ("CHAT_NOT_MODIFIED", "Nothing of the chat would change"),
    ("CHAT_RESTRICTED", "You are restricted in this chat"),
    (
        "CHAT_SEND_AUDIOS_FORBIDDEN",
        "You cannot send music in this chat",
    ),
    (
        "CHAT_SEND_DOCS_FORBIDDEN",
        "You cannot send files in this chat",
    ),
    (
        "CHAT_SEND_GAME_FORBIDDEN",
        "You cannot send games in this chat",
    ),
    (
        "CHAT_SEND_GIFS_FORBIDDEN",
        "You cannot send GIFs in this chat",
    ),
    (
        "CHAT_SEND_INLINE_FORBIDDEN",
        "You cannot send results of inline bots in this chat",
    ),
    (
        "CHAT_SEND_MEDIA_FORBIDDEN",
        "You cannot send media in this chat",
    ),
    (
        "CHAT_SEND_PHOTOS_FORBIDDEN",
        "You cannot send photos in this chat",
    ),
    (
        "CHAT_SEND_PLAIN_FORBIDDEN",
        "You cannot send text in this chat",
    ),
    (
        "CHAT_SEND_POLL_FORBIDDEN",
        "You cannot send polls in this chat",
    ),
    (
        "CHAT_SEND_ROUNDVIDEOS_FORBIDDEN",
        "You cannot send video messages in this chat",
    ),
    (
        "CHAT_SEND_STICKERS_FORBIDDEN",
        "You cannot send stickers in this chat",
    ),
    (
        "CHAT_SEND_VIDEOS_FORBIDDEN",
        "You cannot send videos in this chat",
    ),
    (
        "CHAT_SEND_VOICES_FORBIDDEN",
        "You cannot send voice messages in this chat",
    ),
    ("CHAT_TITLE_EMPTY", "The chat needs a title"),
    ("CHAT_TOO_BIG", "The chat has too many members for this"),
    ("CHAT_WRITE_FORBIDDEN", "You cannot write in this chat"),
    ("CODE_EMPTY", "The code is missing"),
    ("CODE_HASH_INVALID", "The code's hash is wrong"),
    (
        "CONNECTION_API_ID_INVALID",
        "The API id of this connection is wrong",
    ),
    (
        "CONNECTION_NOT_INITED",
        "The connection has not introduced itself",
    ),
    ("CONTACT_ADD_MISSING", "This contact cannot be added"),
    ("CONTACT_ID_INVALID", "This contact does not exist"),
    ("CONTACT_NAME_EMPTY", "The contact needs a name"),
    ("DATA_INVALID", "Encrypted data invalid"),
    ("DATA_TOO_LONG", "The data is too long"),
    ("DC_ID_INVALID", "There is no such data centre"),
    (
        "EMAIL_UNCONFIRMED_X",
        "The e-mail address has to be confirmed with the code that was sent to it",
    ),
    (
        "ENCRYPTED_MESSAGE_INVALID",
        "The encrypted message is wrong",
    ),
    (
        "ENCRYPTION_ALREADY_ACCEPTED",
        "This secret chat was accepted already",
    ),
    (
        "ENCRYPTION_ALREADY_DECLINED",
        "This secret chat was declined already",
    ),
    ("ENCRYPTION_DECLINED", "This secret chat was declined"),
    ("ENCRYPTION_ID_INVALID", "This secret chat does not exist"),
    (
        "ENTITY_BOUNDS_INVALID",
        "An entity of the message reaches beyond the text",
    ),
    ("EXTERNAL_URL_INVALID", "This URL is wrong"),
    ("FILE_ID_INVALID", "The file's id is wrong"),
    (
        "FILE_PARTS_INVALID",
        "The number of the file's parts is wrong",
    ),
    (
        "FILE_PART_INVALID",
        "The number of a part of the file is wrong",
    ),
    (
        "FILE_REFERENCE_EMPTY",
        "The file's reference is missing, get its message again",
    ),
    (
        "FILE_REFERENCE_EXPIRED",
        "The file's reference has expired, get its message again",
    ),
    (
        "FILE_REFERENCE_INVALID",
        "The file's reference is wrong, get its message again",
    ),
    ("FILE_TOKEN_INVALID", "The file's token is wrong"),
    ("FIRSTNAME_INVALID", "The first name is not allowed"),
    (
        "FLOOD_PREMIUM_WAIT_X",
        "Accounts without Telegram Premium have to wait before the next call of this kind",
    ),
    (
        "FLOOD_WAIT_X",
        "Too many calls of this kind, a pause is needed",
    ),
    (
        "FROM_MESSAGE_BOT_DISABLED",
        "Bots cannot name peers by a message that mentions them",
    ),
    ("FROM_PEER_INVALID", "The sender is wrong"),
    (
        "FROZEN_METHOD_INVALID",
        "The account is frozen and cannot call this method",
    ),
    ("GROUPCALL_FORBIDDEN", "This group call is over"),
    ("GROUPCALL_INVALID", "This group call does not exist"),
    (
        "HIDE_REQUESTER_MISSING",
        "This request to join was handled already",
    ),
    ("IMAGE_PROCESS_FAILED", "The server cannot read this image"),
    ("INLINE_RESULT_EXPIRED", "The inline query is too old"),
    (
        "INPUT_CONSTRUCTOR_INVALID",
        "The server does not know this constructor",
    ),
    ("INPUT_FETCH_ERROR", "The server cannot read the parameters"),
    (
        "INPUT_METHOD_INVALID",
        "The server does not know this method",
    ),
    ("INPUT_REQUEST_TOO_LONG", "The request is too long"),
    ("INPUT_USER_DEACTIVATED", "This user's account is deleted"),
    ("INVITE_HASH_EMPTY", "The invite link is missing"),
    ("INVITE_HASH_EXPIRED", "The invite link has expired"),
    ("INVITE_HASH_INVALID", "The invite link is wrong"),
    (
        "INVITE_REQUEST_SENT",
        "The request to join was sent, an administrator has to accept it",
    ),
    ("LANG_CODE_INVALID", "There is no such language"),
    ("LASTNAME_INVALID", "The last name is not allowed"),
    ("LIMIT_INVALID", "The limit is out of its range"),
    ("LOCATION_INVALID", "The location of the file is wrong"),
    ("MEDIA_CAPTION_TOO_LONG", "The caption is too long"),
    ("MEDIA_EMPTY", "The media is missing or wrong"),
    ("MEDIA_INVALID", "The media is wrong"),
    (
        "MEDIA_PREV_INVALID",
        "The old media of the message cannot be replaced by this",
    ),
    (
        "MESSAGE_AUTHOR_REQUIRED",
        "Only the author of the message can do this",
    ),
    ("MESSAGE_DELETE_FORBIDDEN", "You cannot delete this message"),
    (
        "MESSAGE_EDIT_TIME_EXPIRED",
        "The message is too old to be edited",
    ),
    ("MESSAGE_EMPTY", "The message is missing or empty"),
    ("MESSAGE_IDS_EMPTY", "No message was named"),
    ("MESSAGE_ID_INVALID", "The provided message id is invalid"),
    (
        "MESSAGE_NOT_MODIFIED",
        "Nothing of the message would change",
    ),
    ("MESSAGE_TOO_LONG", "The message is too long"),
    ("METHOD_INVALID", "The server does not know this method"),
    ("MSG_ID_INVALID", "This message does not exist"),
    (
        "MSG_WAIT_FAILED",
        "A call that this one waited for has failed",
    ),
    ("NEED_MEMBER_INVALID", "This user is not in the chat"),
    (
        "NETWORK_MIGRATE_X",
        "Another data centre serves this address",
    ),
    ("PARTICIPANTS_TOO_FEW", "The chat has too few members"),
    ("PARTICIPANT_ID_INVALID", "This member does not exist"),
    ("PASSWORD_EMPTY", "The password is missing"),
    ("PASSWORD_HASH_INVALID", "The password is wrong"),
    ("PASSWORD_MISSING", "The account has no two-step password"),
    (
        "PASSWORD_REQUIRED",
        "The account needs a two-step password for this",
    ),
    (
        "PASSWORD_TOO_FRESH_X",
        "The two-step password is too new for this",
    ),
    (
        "PEER_FLOOD",
        "Too many people were written to, the account is limited",
    ),
    ("PEER_ID_INVALID", "The provided peer id is invalid"),
    (
        "PEER_ID_NOT_SUPPORTED",
        "Peers of this kind cannot be used here",
    ),
    ("PERSISTENT_TIMESTAMP_EMPTY", "The update state is missing"),
    ("PERSISTENT_TIMESTAMP_INVALID", "The update state is wrong"),
    (
        "PERSISTENT_TIMESTAMP_OUTDATED",
        "The server cannot serve this update state yet, try again",
    ),
    ("PHONE_CODE_EMPTY", "The login code is missing"),
    (
        "PHONE_CODE_EXPIRED",
        "The login code has expired, ask for a new one",
    ),
    (
        "PHONE_CODE_HASH_EMPTY",
        "The hash of the login code is missing",
    ),
    ("PHONE_CODE_INVALID", "The login code is wrong"),
    (
        "PHONE_MIGRATE_X",
        "Another data centre serves this phone number",
    ),
    (
        "PHONE_NUMBER_APP_SIGNUP_FORBIDDEN",
        "This application cannot make new accounts",
    ),
    (
        "PHONE_NUMBER_BANNED",
        "This phone number is banned from Telegram",
    ),
    (
        "PHONE_NUMBER_FLOOD",
        "Too many codes were sent to this phone number",
    ),
    ("PHONE_NUMBER_INVALID", "The phone number is wrong"),
    (
        "PHONE_NUMBER_OCCUPIED",
        "This phone number has an account already",
    ),
    (
        "PHONE_NUMBER_UNOCCUPIED",
        "This phone number has no account",
    ),
    (
        "PHONE_PASSWORD_FLOOD",
        "Too many logins were tried with this phone number",
    ),
    (
        "PHONE_PASSWORD_PROTECTED",
        "The account has a two-step password",
    ),
    ("PHOTO_CROP_SIZE_SMALL", "The photo is too small"),
    ("PHOTO_EXT_INVALID", "Photos of this type are not taken"),
    ("PHOTO_INVALID", "The photo is wrong"),
    (
        "PHOTO_INVALID_DIMENSIONS",
        "The photo's width and height are not allowed",
    ),
    (
        "PINNED_DIALOGS_TOO_MUCH",
        "As many dialogs are pinned as may be",
    ),
    ("POLL_ANSWERS_INVALID", "The answers of the poll are wrong"),
    (
        "POLL_OPTION_DUPLICATE",
        "Two answers of the poll are the same",
    ),
    ("POLL_OPTION_INVALID", "The poll has no such answer"),
    ("PREMIUM_ACCOUNT_REQUIRED", "This needs Telegram Premium"),
    (
        "PRIVACY_PREMIUM_REQUIRED",
        "This user takes messages only from contacts and Premium users",
    ),
    ("QUERY_ID_INVALID", "The query is too old or does not exist"),
    (
        "RANDOM_ID_DUPLICATE",
        "A message with this random id was sent already",
    ),
    ("RANDOM_ID_EMPTY", "The random id is missing"),
    ("REACTION_INVALID", "This reaction is not allowed here"),
    ("REPLY_MARKUP_INVALID", "The keyboard is wrong"),
    ("REPLY_MARKUP_TOO_LONG", "The keyboard is too large"),
    (
        "REPLY_MESSAGE_ID_INVALID",
        "The message to reply to does not exist",
    ),
    (
        "RIGHT_FORBIDDEN",
        "You cannot give rights that you do not have",
    ),
    ("RPC_CALL_FAIL", "The server failed, please try again"),
    ("RPC_MCGET_FAIL", "The server failed, please try again"),
    ("SCHEDULE_BOT_NOT_ALLOWED", "Bots cannot schedule messages"),
    (
        "SCHEDULE_DATE_TOO_LATE",
        "The message is scheduled for too far in the future",
    ),
    (
        "SCHEDULE_STATUS_PRIVATE",
        "This user's online status is hidden, so nothing can be scheduled for it",
    ),
    (
        "SCHEDULE_TOO_MUCH",
        "As many messages are scheduled as may be",
    ),
    ("SEARCH_QUERY_EMPTY", "The search text is missing"),
    ("SECONDS_INVALID", "The number of seconds is not allowed"),
    ("SEND_AS_PEER_INVALID", "You cannot write as this peer"),
    ("SESSION_EXPIRED", "The login has expired"),
    (
        "SESSION_PASSWORD_NEEDED",
        "The account has a two-step password, which is needed now",
    ),
    ("SESSION_REVOKED", "The login was ended from another device"),
    ("SESSION_TOO_FRESH_X", "The login is too new for this"),
    ("SHORTNAME_OCCUPY_FAILED", "This short name is taken"),
    (
        "SLOWMODE_WAIT_X",
        "The chat is in slow mode, the next message has to wait",
    ),
    (
        "SRP_ID_INVALID",
        "The password check has expired, ask for a new one",
    ),
    (
        "SRP_PASSWORD_CHANGED",
        "The password was changed in the meantime",
    ),
    ("STICKERSET_INVALID", "There is no such sticker set"),
    ("STICKER_INVALID", "The sticker is wrong"),
    (
        "TAKEOUT_INIT_DELAY_X",
        "The export has to wait, confirm it on another device to start at once",
    ),
    ("TAKEOUT_REQUIRED", "This needs an export session"),
    ("TOKEN_INVALID", "The token is wrong"),
    ("TOPIC_CLOSED", "This topic is closed"),
    ("TOPIC_DELETED", "This topic is deleted"),
    ("Timeout", "Timeout while fetching data"),
    (
        "UPDATE_APP_TO_LOGIN",
        "The server refuses logins of such an old application",
    ),
    ("USERNAME_INVALID", "This is not a valid username"),
    ("USERNAME_NOT_MODIFIED", "The username is the same already"),
    ("USERNAME_NOT_OCCUPIED", "Nobody has this username"),
    ("USERNAME_OCCUPIED", "This username is taken"),
    (
        "USERNAME_PURCHASE_AVAILABLE",
        "This username can be bought at fragment.com",
    ),
    ("USERPIC_UPLOAD_REQUIRED", "A profile photo is needed first"),
    ("USERS_TOO_FEW", "Too few users were named"),
    (
        "USERS_TOO_MUCH",
        "The chat has as many members as it may have",
    ),
    (
        "USER_ADMIN_INVALID",
        "You cannot restrict this administrator",
    ),
    ("USER_ALREADY_INVITED", "This user was invited already"),
    (
        "USER_ALREADY_PARTICIPANT",
        "This user is in the chat already",
    ),
    (
        "USER_BANNED_IN_CHANNEL",
        "You are banned from writing in groups and channels",
    ),
    ("USER_BLOCKED", "This user is blocked"),
    ("USER_BOT", "Bots can only be administrators of channels"),
    ("USER_BOT_INVALID", "Only bots can call this method"),
    ("USER_BOT_REQUIRED", "Only bots can call this method"),
    (
        "USER_CHANNELS_TOO_MUCH",
        "This user is in as many channels and groups as possible",
    ),
    ("USER_CREATOR", "The owner of the chat cannot do this"),
    ("USER_DEACTIVATED", "The account is deleted"),
    ("USER_DEACTIVATED_BAN", "The account is banned"),
    ("USER_ID_INVALID", "This user does not exist"),
    ("USER_INVALID", "This user does not exist"),
    ("USER_IS_BLOCKED", "This user has blocked you"),
    ("USER_IS_BOT", "Bots cannot write to bots"),
    ("USER_KICKED", "This user was removed from the chat"),
    ("USER_MIGRATE_X", "Another data centre serves this account"),
    (
        "USER_NOT_MUTUAL_CONTACT",
        "This user does not have you as a contact",
    ),
    ("USER_NOT_PARTICIPANT", "This user is not in the chat"),
    (
        "USER_PRIVACY_RESTRICTED",
        "The privacy settings of this user forbid it",
    ),
    (
        "USER_RESTRICTED",
        "The account is restricted after reports of spam",
    ),
    (
        "VOICE_MESSAGES_FORBIDDEN",
        "This user does not take voice messages",
    ),
    (
        "WEBPAGE_CURL_FAILED",
        "The server cannot load this web page",
    ),
    ("WEBPAGE_MEDIA_EMPTY", "The web page has no media"),
    (
        "WEBPAGE_NOT_FOUND",
        "The server finds no preview of this web page",
    ),
    (
        "WORKER_BUSY_TOO_LONG_RETRY",
        "The server is busy, please try again",
    ),
    ("YOU_BLOCKED_USER", "You have blocked this user"),
];
