//! Every method there is, and who may call it.

use madeline_tl::Value;

use super::{
    Access, Call, Method, Outcome, account, ads, auth, callback, cdn, channels, contacts, dialogs,
    edit, forum, gifs, help, history, invites, login_token, media, moderation, participants,
    password, photos, reactions, send, settings, stickers, updates, upload, users,
};
use crate::state::Switch;

const fn open(name: &'static str, run: fn(&mut Call<'_>, &Value) -> Outcome) -> Method {
    Method {
        name,
        access: Access::Open,
        anywhere: true,
        run,
    }
}

const fn logged_in(name: &'static str, run: fn(&mut Call<'_>, &Value) -> Outcome) -> Method {
    Method {
        name,
        access: Access::LoggedIn,
        anywhere: false,
        run,
    }
}

const fn person(name: &'static str, run: fn(&mut Call<'_>, &Value) -> Outcome) -> Method {
    Method {
        name,
        access: Access::Person,
        anywhere: false,
        run,
    }
}

/// Every method there is; `docs/sandbox.md` lists them.
pub(super) static METHODS: &[Method] = &[
    open("auth.sendCode", auth::send_code),
    open("auth.resendCode", auth::resend_code),
    open("auth.cancelCode", auth::cancel_code),
    open("auth.signIn", auth::sign_in),
    open("auth.signUp", auth::sign_up),
    open("auth.checkPassword", auth::check_password),
    open(
        "auth.importBotAuthorization",
        auth::import_bot_authorization,
    ),
    open("auth.importAuthorization", auth::import_authorization),
    Method {
        anywhere: true,
        ..logged_in("auth.exportAuthorization", auth::export_authorization)
    },
    Method {
        anywhere: true,
        ..logged_in("auth.logOut", auth::log_out)
    },
    open("auth.exportLoginToken", login_token::export),
    open("auth.importLoginToken", login_token::import),
    person("auth.acceptLoginToken", login_token::accept),
    person("account.initTakeoutSession", account::init_takeout),
    person("account.finishTakeoutSession", account::finish_takeout),
    open("account.getPassword", password::parameters),
    person("account.updatePasswordSettings", password::update),
    person("account.getPasswordSettings", password::settings),
    person("account.confirmPasswordEmail", password::confirm_email),
    person("account.cancelPasswordEmail", password::cancel_email),
    person("account.updateStatus", account::update_status),
    person("account.checkUsername", account::check_username),
    person("account.updateUsername", account::update_username),
    person("account.updateProfile", account::update_profile),
    open("help.getConfig", help::config),
    open("help.getCdnConfig", cdn::config),
    open("help.getNearestDc", help::nearest_dc),
    open("help.getAppConfig", help::app_config),
    person("help.getSupport", help::support),
    logged_in("users.getUsers", users::users),
    logged_in("users.getFullUser", users::full_user),
    logged_in("contacts.resolveUsername", users::resolve_username),
    person("contacts.resolvePhone", users::resolve_phone),
    person("contacts.getContacts", users::contacts),
    person("contacts.addContact", contacts::add),
    person("contacts.deleteContacts", contacts::delete),
    person("contacts.block", contacts::block),
    person("contacts.unblock", contacts::unblock),
    logged_in("messages.sendMessage", send::message),
    logged_in("messages.sendMedia", media::send),
    logged_in("messages.sendMultiMedia", media::send_album),
    logged_in("messages.uploadMedia", media::upload),
    person("messages.uploadEncryptedFile", media::upload_encrypted),
    person("messages.saveGif", gifs::save),
    person("messages.getSavedGifs", gifs::saved),
    logged_in("messages.getStickerSet", stickers::set),
    logged_in("stickers.createStickerSet", stickers::create),
    logged_in("stickers.addStickerToSet", stickers::add),
    logged_in("photos.uploadProfilePhoto", photos::upload),
    logged_in("photos.updateProfilePhoto", photos::update),
    logged_in("photos.getUserPhotos", photos::of_user),
    logged_in("photos.deletePhotos", photos::delete),
    logged_in("messages.forwardMessages", send::forward),
    logged_in("messages.setTyping", send::typing),
    logged_in("messages.getMessages", history::messages),
    person("messages.getHistory", history::history),
    person("messages.search", history::search),
    logged_in("messages.editMessage", edit::message),
    logged_in("messages.updatePinnedMessage", edit::pin),
    logged_in("messages.deleteMessages", edit::delete),
    person("messages.readHistory", edit::read),
    person("messages.sendReaction", reactions::send),
    person("messages.getMessagesViews", reactions::views),
    person("messages.getDiscussionMessage", reactions::discussion),
    person("messages.translateText", reactions::translate),
    person("messages.report", reactions::report),
    person("messages.setHistoryTTL", settings::history_ttl),
    person("messages.togglePeerTranslations", settings::translations),
    person("messages.toggleNoForwards", settings::no_forwards),
    person("messages.sendScreenshotNotification", settings::screenshot),
    person("messages.migrateChat", moderation::migrate),
    logged_in("messages.createForumTopic", forum::create),
    logged_in("messages.editForumTopic", forum::edit),
    logged_in("messages.deleteTopicHistory", forum::delete),
    person("messages.getDialogs", dialogs::dialogs),
    person("messages.getPeerDialogs", dialogs::peer_dialogs),
    logged_in("messages.getChats", dialogs::chats),
    logged_in("messages.getFullChat", dialogs::full_chat),
    person("messages.getSponsoredMessages", ads::messages),
    person("messages.viewSponsoredMessage", ads::view),
    person("messages.checkChatInvite", invites::check),
    person("messages.importChatInvite", invites::import),
    person("messages.getBotCallbackAnswer", callback::press),
    Method {
        access: Access::Bot,
        ..logged_in("messages.setBotCallbackAnswer", callback::answer)
    },
    Method {
        access: Access::Bot,
        anywhere: true,
        ..logged_in("messages.editInlineBotMessage", edit::inline)
    },
    logged_in("channels.getMessages", channels::messages),
    logged_in("channels.getChannels", channels::channels),
    logged_in("channels.getFullChannel", channels::full_channel),
    logged_in("channels.getParticipants", participants::participants),
    logged_in("channels.getParticipant", participants::participant),
    person("channels.joinChannel", invites::join_channel),
    logged_in("channels.leaveChannel", invites::leave_channel),
    person("channels.readHistory", channels::read),
    logged_in("channels.deleteMessages", channels::delete),
    logged_in("channels.editBanned", moderation::edit_banned),
    person("channels.inviteToChannel", moderation::invite),
    person("channels.deleteHistory", moderation::delete_history),
    logged_in(
        "channels.deleteParticipantHistory",
        moderation::delete_participant_history,
    ),
    person("channels.toggleSignatures", settings::signatures),
    person("channels.toggleSlowMode", settings::slow_mode),
    person("channels.togglePreHistoryHidden", |call, query| {
        settings::toggle(call, query, Switch::HiddenPrehistory)
    }),
    person("channels.toggleParticipantsHidden", |call, query| {
        settings::toggle(call, query, Switch::ParticipantsHidden)
    }),
    person("channels.toggleAntiSpam", |call, query| {
        settings::toggle(call, query, Switch::Antispam)
    }),
    person("channels.toggleForum", |call, query| {
        settings::toggle(call, query, Switch::Forum)
    }),
    person("channels.toggleJoinToSend", |call, query| {
        settings::toggle(call, query, Switch::JoinToSend)
    }),
    logged_in("updates.getState", updates::state),
    logged_in("updates.getDifference", updates::difference),
    logged_in("updates.getChannelDifference", updates::channel_difference),
    Method {
        anywhere: true,
        ..logged_in("upload.saveFilePart", upload::save_part)
    },
    Method {
        anywhere: true,
        ..logged_in("upload.saveBigFilePart", upload::save_big_part)
    },
    Method {
        anywhere: true,
        ..logged_in("upload.getFile", upload::file)
    },
    Method {
        anywhere: true,
        ..logged_in("upload.getFileHashes", upload::hashes)
    },
    open("upload.getCdnFile", cdn::file),
    Method {
        anywhere: true,
        ..logged_in("upload.reuploadCdnFile", cdn::reupload)
    },
    Method {
        anywhere: true,
        ..logged_in("upload.getCdnFileHashes", cdn::hashes)
    },
];
