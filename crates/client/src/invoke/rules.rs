//! What follows from an error of a call (specification §4.3).

use std::time::Duration;

use crate::DcId;
use crate::engine::InvokeError;
use crate::error::trailing_number;

/// Pause before a request is sent again that the server could not serve just now.
const PAUSE: Duration = Duration::from_secs(1);

/// Bots answer these, and when a bot is silent, asking again would press the button again.
const NOT_RESENT_ON_TIMEOUT: [&str; 2] = [
    "messages.getBotCallbackAnswer",
    "messages.getInlineBotResults",
];

/// Passing failures of the server: the request is sent again.
const PASSING: [&str; 7] = [
    "MSGID_DECREASE_RETRY",
    "HISTORY_GET_FAILED",
    "RPC_CONNECT_FAILED",
    "RPC_CALL_FAIL",
    "RPC_MCGET_FAIL",
    "PERSISTENT_TIMESTAMP_OUTDATED",
    "No workers running",
];

/// The account's login is over.
const LOGIN_ENDED: [&str; 4] = [
    "USER_DEACTIVATED",
    "USER_DEACTIVATED_BAN",
    "SESSION_REVOKED",
    "SESSION_EXPIRED",
];

/// The key has no login, or is none any more.
const KEY_WITHOUT_LOGIN: [&str; 2] = [KEY_UNREGISTERED, "AUTH_KEY_INVALID"];
/// The key is good, but nobody is logged in with it.
const KEY_UNREGISTERED: &str = "AUTH_KEY_UNREGISTERED";

/// What to do about an error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reaction {
    /// Give it to the caller.
    Fail,
    /// Wait, then send the request again.
    Resend(Duration),
    /// The account lives on this DC: make it the home DC and send the request there.
    Migrate(DcId),
    /// What the call is about lives on this DC: send the request there; the account's home stays.
    Redirect(DcId),
    /// Log in at this DC with the login of the home DC and send the request again.
    Introduce,
    /// Make a new key for this DC and send the request again.
    NewKey,
    /// Log out here, too, and give the caller the reason.
    LogOut,
    /// Forget the key, which the server has invalidated, and the login with it; give the error to the caller.
    DropKey,
    /// Forget the key of a DC that is not the home; give the error to the caller.
    DropForeignKey,
}

/// The circumstances of a call.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    /// Floods of fewer seconds are slept through.
    pub(crate) flood_limit: i64,
    /// Whether somebody is logged in.
    pub(crate) logged_in: bool,
    /// Whether the login is still the one that the call was made in.
    pub(crate) same_login: bool,
    /// Whether the call went to the home DC.
    pub(crate) at_home: bool,
    /// What was tried already.
    pub(crate) tries: Tries,
}

/// What was tried for one call.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Tries {
    /// It was sent again after a lost connection.
    pub(crate) lost: bool,
    /// The DC was told of the login.
    pub(crate) introduced: bool,
    /// A new key was made for it.
    pub(crate) new_key: bool,
    /// How often it was sent to another DC.
    pub(crate) migrations: u32,
}

/// What to do about an error of a call.
pub(crate) fn reaction(method: &str, error: &InvokeError, now: Circumstances) -> Reaction {
    match error {
        InvokeError::Rpc { code, message } => rpc_reaction(method, *code, message, now),
        // The server has forgotten the key. Without a login nothing is lost with it.
        InvokeError::Transport(-404) if may_replace_key(now) => Reaction::NewKey,
        InvokeError::Lost(_) if is_repeatable(method) && !now.tries.lost => {
            Reaction::Resend(Duration::ZERO)
        }
        _ => Reaction::Fail,
    }
}

fn rpc_reaction(method: &str, code: i32, text: &str, now: Circumstances) -> Reaction {
    match code {
        _ if code == -503 || text == "-503" => {
            if NOT_RESENT_ON_TIMEOUT.contains(&method) {
                Reaction::Fail
            } else {
                Reaction::Resend(PAUSE)
            }
        }
        _ if PASSING.contains(&text) => Reaction::Resend(PAUSE),
        303 if now.tries.migrations < 5 => migration(text, now.at_home),
        420 => match trailing_number(text) {
            Some(seconds) if (0..now.flood_limit).contains(&seconds) => {
                // Never without a pause, whatever the server says.
                Reaction::Resend(Duration::from_secs(seconds.max(1).unsigned_abs()))
            }
            _ => Reaction::Fail,
        },
        // It was said of a login that is gone already.
        401 | 406 if !now.same_login => Reaction::Fail,
        401 if LOGIN_ENDED.contains(&text) && now.logged_in => Reaction::LogOut,
        401 if KEY_WITHOUT_LOGIN.contains(&text) && now.logged_in && now.at_home => {
            Reaction::LogOut
        }
        401 if text == KEY_UNREGISTERED && may_introduce(method, now) => Reaction::Introduce,
        401 if KEY_WITHOUT_LOGIN.contains(&text) && now.logged_in && may_replace_key(now) => {
            Reaction::NewKey
        }
        406 if text == "AUTH_KEY_DUPLICATED" && now.at_home => Reaction::DropKey,
        406 if text == "AUTH_KEY_DUPLICATED" => Reaction::DropForeignKey,
        _ => Reaction::Fail,
    }
}

/// Whether the call's DC, which is not the home, may only not know of the login yet.
fn may_introduce(method: &str, now: Circumstances) -> bool {
    // CDNs are never told who asks.
    let may_know = !method.starts_with("auth.") && method != "upload.getCdnFile";
    now.logged_in && !now.tries.introduced && may_know
}

/// Whether a new key may help, and no login hangs on the old one.
fn may_replace_key(now: Circumstances) -> bool {
    let holds_login = now.logged_in && now.at_home;
    !holds_login && !now.tries.new_key
}

/// `PHONE_MIGRATE_n`, `NETWORK_MIGRATE_n` and `USER_MIGRATE_n` concern the account, `STATS_MIGRATE_n` and others one
/// object, and what another DC than the home says concerns the call. Where a file lies (`FILE_MIGRATE_n`) is the business of whoever transfers it, part by part.
fn migration(text: &str, at_home: bool) -> Reaction {
    let Some((what, number)) = text.split_once("_MIGRATE_") else {
        return Reaction::Fail;
    };
    match (what, number.parse().ok().filter(|dc| *dc > 0).map(DcId)) {
        (_, None) | ("FILE", _) => Reaction::Fail,
        ("PHONE" | "NETWORK" | "USER", Some(dc)) if at_home => Reaction::Migrate(dc),
        (_, Some(dc)) => Reaction::Redirect(dc),
    }
}

/// Whether a method may be executed twice without harm, so that it is repeated when its connection is lost.
///
/// By name: what reads (`get…`, `resolve…`, `search…`, `check…`) and the parts of an upload. Not the two that
/// make a bot act, and nothing of a login, where each try counts.
pub(crate) fn is_repeatable(method: &str) -> bool {
    const READS: [&str; 6] = [
        "get",
        "resolve",
        "search",
        "check",
        "saveFilePart",
        "saveBigFilePart",
    ];
    let name = method.rsplit('.').next().unwrap_or(method);
    READS.iter().any(|prefix| name.starts_with(prefix))
        && !NOT_RESENT_ON_TIMEOUT.contains(&method)
        && !method.starts_with("auth.")
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOGGED_IN: Circumstances = Circumstances {
        flood_limit: 30,
        logged_in: true,
        same_login: true,
        at_home: true,
        tries: Tries {
            lost: false,
            introduced: false,
            new_key: false,
            migrations: 0,
        },
    };
    const NEW: Circumstances = Circumstances {
        logged_in: false,
        ..LOGGED_IN
    };
    const ELSEWHERE: Circumstances = Circumstances {
        at_home: false,
        ..LOGGED_IN
    };

    fn to(method: &str, code: i32, text: &str, now: Circumstances) -> Reaction {
        reaction(
            method,
            &InvokeError::Rpc {
                code,
                message: text.to_owned(),
            },
            now,
        )
    }

    #[test]
    fn floods_below_the_limit_are_slept_through() {
        let send = |text| to("messages.sendMessage", 420, text, LOGGED_IN);
        assert_eq!(
            send("FLOOD_WAIT_29"),
            Reaction::Resend(Duration::from_secs(29))
        );
        assert_eq!(
            send("FLOOD_PREMIUM_WAIT_3"),
            Reaction::Resend(Duration::from_secs(3))
        );
        assert_eq!(
            send("SLOWMODE_WAIT_0"),
            Reaction::Resend(Duration::from_secs(1))
        );
        assert_eq!(send("FLOOD_WAIT_30"), Reaction::Fail);
        assert_eq!(send("FLOOD_WAIT_-1"), Reaction::Fail);
        assert_eq!(send("FROZEN_METHOD_INVALID"), Reaction::Fail);
        let patient = Circumstances {
            flood_limit: 31,
            ..LOGGED_IN
        };
        assert_eq!(
            to("a.b", 420, "FLOOD_WAIT_30", patient),
            Reaction::Resend(Duration::from_secs(30))
        );
        let impatient = Circumstances {
            flood_limit: 0,
            ..LOGGED_IN
        };
        assert_eq!(to("a.b", 420, "FLOOD_WAIT_0", impatient), Reaction::Fail);
    }

    #[test]
    fn timeouts_are_resent_except_where_a_bot_would_act_twice() {
        assert_eq!(
            to("messages.getHistory", -503, "Timeout", LOGGED_IN),
            Reaction::Resend(PAUSE)
        );
        assert_eq!(
            to("messages.getHistory", 500, "-503", LOGGED_IN),
            Reaction::Resend(PAUSE)
        );
        assert_eq!(
            to("messages.getBotCallbackAnswer", -503, "Timeout", LOGGED_IN),
            Reaction::Fail
        );
        assert_eq!(
            to("messages.getInlineBotResults", -503, "Timeout", LOGGED_IN),
            Reaction::Fail
        );
    }

    #[test]
    fn passing_failures_are_resent_and_others_are_not() {
        for text in PASSING {
            assert_eq!(
                to("messages.getHistory", 500, text, LOGGED_IN),
                Reaction::Resend(PAUSE)
            );
        }
        assert_eq!(
            to(
                "messages.getHistory",
                500,
                "INTERDC_2_CALL_ERROR",
                LOGGED_IN
            ),
            Reaction::Fail
        );
        assert_eq!(
            to("messages.getHistory", 400, "PEER_ID_INVALID", LOGGED_IN),
            Reaction::Fail
        );
    }

    #[test]
    fn migrations_of_the_account_are_followed_a_few_times() {
        assert_eq!(
            to("auth.sendCode", 303, "PHONE_MIGRATE_4", NEW),
            Reaction::Migrate(DcId(4))
        );
        assert_eq!(
            to("auth.sendCode", 303, "NETWORK_MIGRATE_1", NEW),
            Reaction::Migrate(DcId(1))
        );
        assert_eq!(
            to("auth.importBotAuthorization", 303, "USER_MIGRATE_5", NEW),
            Reaction::Migrate(DcId(5))
        );
        assert_eq!(
            to("upload.getFile", 303, "FILE_MIGRATE_5", LOGGED_IN),
            Reaction::Fail
        );
        assert_eq!(
            to("stats.getBroadcastStats", 303, "STATS_MIGRATE_3", LOGGED_IN),
            Reaction::Redirect(DcId(3))
        );
        assert_eq!(
            to("users.getUsers", 303, "USER_MIGRATE_2", ELSEWHERE),
            Reaction::Redirect(DcId(2))
        );
        assert_eq!(
            to("stats.getBroadcastStats", 303, "STATS_MIGRATE_0", LOGGED_IN),
            Reaction::Fail
        );
        assert_eq!(
            to("auth.sendCode", 303, "PHONE_MIGRATE_x", NEW),
            Reaction::Fail
        );
        let tired = Circumstances {
            tries: Tries {
                migrations: 5,
                ..NEW.tries
            },
            ..NEW
        };
        assert_eq!(
            to("auth.sendCode", 303, "PHONE_MIGRATE_4", tired),
            Reaction::Fail
        );
    }

    #[test]
    fn a_login_that_the_server_ended_ends_here() {
        for text in LOGIN_ENDED.iter().chain(&KEY_WITHOUT_LOGIN) {
            assert_eq!(
                to("users.getUsers", 401, text, LOGGED_IN),
                Reaction::LogOut,
                "{text}"
            );
            assert_eq!(
                to("users.getUsers", 401, text, NEW),
                Reaction::Fail,
                "{text}"
            );
        }
        assert_eq!(
            to("auth.signIn", 401, "SESSION_PASSWORD_NEEDED", NEW),
            Reaction::Fail
        );
    }

    #[test]
    fn a_foreign_dc_is_told_of_the_login_and_then_gets_one_new_key() {
        let ask = |method, introduced, new_key| {
            let tries = Tries {
                introduced,
                new_key,
                ..NEW.tries
            };
            let now = Circumstances { tries, ..ELSEWHERE };
            to(method, 401, KEY_UNREGISTERED, now)
        };
        assert_eq!(ask("upload.getFile", false, false), Reaction::Introduce);
        assert_eq!(ask("upload.getFile", true, false), Reaction::NewKey);
        assert_eq!(ask("upload.getFile", false, true), Reaction::Introduce);
        assert_eq!(ask("upload.getFile", true, true), Reaction::Fail);
        assert_eq!(ask("auth.importAuthorization", false, true), Reaction::Fail);
        assert_eq!(
            to("upload.getFile", 401, "AUTH_KEY_INVALID", ELSEWHERE),
            Reaction::NewKey
        );
    }

    #[test]
    fn an_unknown_key_is_replaced_unless_a_login_hangs_on_it() {
        let unknown = InvokeError::Transport(-404);
        assert_eq!(reaction("auth.sendCode", &unknown, NEW), Reaction::NewKey);
        assert_eq!(
            reaction("upload.getFile", &unknown, ELSEWHERE),
            Reaction::NewKey
        );
        assert_eq!(
            reaction("users.getUsers", &unknown, LOGGED_IN),
            Reaction::Fail
        );
        let again = Circumstances {
            tries: Tries {
                new_key: true,
                ..NEW.tries
            },
            ..NEW
        };
        assert_eq!(reaction("auth.sendCode", &unknown, again), Reaction::Fail);
        assert_eq!(
            reaction("auth.sendCode", &InvokeError::Transport(-429), NEW),
            Reaction::Fail
        );
    }

    #[test]
    fn what_is_said_of_a_former_login_ends_no_later_one() {
        let later = Circumstances {
            same_login: false,
            ..LOGGED_IN
        };
        for text in LOGIN_ENDED.iter().chain(&KEY_WITHOUT_LOGIN) {
            assert_eq!(
                to("users.getUsers", 401, text, later),
                Reaction::Fail,
                "{text}"
            );
        }
        assert_eq!(
            to("users.getUsers", 406, "AUTH_KEY_DUPLICATED", later),
            Reaction::Fail
        );
    }

    #[test]
    fn a_duplicated_key_is_dropped() {
        assert_eq!(
            to("users.getUsers", 406, "AUTH_KEY_DUPLICATED", LOGGED_IN),
            Reaction::DropKey
        );
        assert_eq!(
            to("upload.getFile", 406, "AUTH_KEY_DUPLICATED", ELSEWHERE),
            Reaction::DropForeignKey
        );
        assert_eq!(
            to("users.getUsers", 406, "CHANNEL_PRIVATE", LOGGED_IN),
            Reaction::Fail
        );
    }

    #[test]
    fn after_a_lost_connection_only_harmless_methods_are_repeated_and_once() {
        let lost = || InvokeError::Lost("reset".into());
        let again = Circumstances {
            tries: Tries {
                lost: true,
                ..NEW.tries
            },
            ..LOGGED_IN
        };
        for method in [
            "messages.getHistory",
            "contacts.resolveUsername",
            "upload.saveFilePart",
            "help.getConfig",
        ] {
            assert_eq!(
                reaction(method, &lost(), LOGGED_IN),
                Reaction::Resend(Duration::ZERO),
                "{method}"
            );
            assert_eq!(reaction(method, &lost(), again), Reaction::Fail, "{method}");
        }
        for method in [
            "messages.sendMessage",
            "messages.getBotCallbackAnswer",
            "auth.checkPassword",
        ] {
            assert_eq!(
                reaction(method, &lost(), LOGGED_IN),
                Reaction::Fail,
                "{method}"
            );
        }
    }
}
