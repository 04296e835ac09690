//! `\danog\MadelineProto\Lang`: the texts that people read, by name. There is one language, English; a script may put
//! its own texts in their place.

use ext_php_rs::ffi::zend_read_static_property;
use ext_php_rs::types::Zval;

use crate::class::{Class, Literal, Property, Type};

/// The texts in use, by name.
const CURRENT: &str = "current_lang";

macro_rules! texts {
    ($($name:literal $text:literal)*) => {
        /// The texts that this extension has, as a PHP array.
        const ENGLISH: Literal = Literal::Array(&[$(($name, Literal::Text($text))),*]);

        /// The text of that name in English; empty where there is none.
        fn english(name: &str) -> &'static str {
            match name {
                $($name => $text,)*
                _ => "",
            }
        }
    };
}

texts! {
    // Login pages and the dialogue in a terminal.
    "go" "Continue"
    "apiError" "ERROR: %s. Try again."
    "apiIdPrompt" "Enter your API ID: "
    "apiHashPrompt" "Enter your API hash: "
    "apiManualWeb" "An API id and an API hash are needed once: log in at https://my.telegram.org and open \"API development tools\"."
    "loginChoosePromptWeb" "How do you want to log in?"
    "loginOptionUser" "With a phone number, as a user"
    "loginOptionBot" "With a token, as a bot"
    "loginWebQr" "Or scan this code in Telegram: Settings, Devices, Link Desktop Device."
    "loginQr" "Scan this code in Telegram: Settings, Devices, Link Desktop Device. Or type:"
    "loginManual" "Enter your phone number (with its country code) or a bot token: "
    "loginUserPhoneWeb" "Phone number, with its country code"
    "loginBotTokenWeb" "Token from @BotFather"
    "loginUserCode" "Enter the code: "
    "loginUserPhoneCodeWeb" "Telegram has sent you a code"
    "loginCode" "Code"
    "loginNoCode" "The code is missing"
    "loginUserPass" "Enter your password (hint %s): "
    "loginUserPassWeb" "This account has a password"
    "loginUserPassHint" "Hint: %s"
    "loginPassword" "Password"
    "loginNoName" "The first name is missing"
    "loginAgain" "Start again"
    "signupWeb" "This number has no account yet"
    "signupFirstName" "Enter your first name: "
    "signupLastName" "Enter your last name (can be empty): "
    "signupFirstNameWeb" "First name"
    "signupLastNameWeb" "Last name (can be empty)"
    "botStarted" "The bot has been started. This page can be closed."
    "noReportPeers" "Errors of this bot reach nobody: name yourself in its event handler"
    // Errors.
    "2fa_uncalled" "I'm not waiting for the password! Please call the phoneLogin and the completePhoneLogin methods first"
    "already_loggedIn" "This instance of MadelineProto is already logged in!"
    "api_not_set" "You must provide an api key and an api id, get your own @ my.telegram.org"
    "array_invalid" "You didn't provide a valid array"
    "could_not_convert_object" "Could not convert object of type "
    "file_not_exist" "File does not exist"
    "login_code_uncalled" "I'm not waiting for the code! Please call the phoneLogin method first"
    "method_not_found" "Could not find method: "
    "not_loggedIn" "I'm not logged in!"
    "not_numeric" "Given value isn't numeric"
    "params_missing" "Missing required parameter"
    "peer_not_in_db" "This peer is not present in the internal peer database"
    "predicate_not_set" "Predicate (value under _) was not set!"
    "rpc_tg_error" "Telegram returned an RPC error: %s (%s), caused by %s:%s%sTL trace:%s"
    "sec_peer_not_in_db" "This secret peer is not present in the internal peer database"
    "signup_uncalled" "I'm not waiting to signup! Please call the phoneLogin and the completePhoneLogin methods first"
    "string_required" "A string was expected!"
    "type_extract_error" "Could not extract type \"%s\", you should update MadelineProto!"
    "type_extract_error_id" "Could not extract type: %s with id %s, you should update MadelineProto!"
    "waveform_must_have_100_values" "A waveform array must have 100 values!"
    "waveform_value" "A waveform value must be between 0 and 31!"
    // What is the matter with the source of an event handler.
    "static_analysis_severe" "%s: not in an event handler: %s"
    "static_analysis_minor" "%s: better not in an event handler: %s"
    "must_have_declare_types" "the file has to begin with declare(strict_types=1)"
    "do_not_use_blocking_function" "%s() holds up all other handlers: use %s"
    "do_not_use_blocking_class" "%s holds up all other handlers: use %s"
    "do_not_use_deprecated_function" "%s() has another name now: %s()"
    "recommend_not_use_filesystem_function" "%s() keeps data outside of the session: properties that __sleep() names are kept in it"
    "do_not_delete_MadelineProto.log" "the log becomes no longer than its settings say: leave MadelineProto.log where it is"
    "do_not_remove_MadelineProto.log_phar" "the archives of MadelineProto are removed by who has loaded them"
    "do_not_use_non_root_require_in_event_handler" "include and require belong to the beginning of the file, outside of functions"
    "do_not_use_yield" "a handler of release 8 waits without yield"
    "plugins_do_not_use_require" "a plugin loads no files itself: its classes are found by their names"
    "plugins_must_have_exactly_one_class" "the file of a plugin has exactly one class"
    // What the log says.
    "madelineproto_ready" "MadelineProto is ready!"
}

/// The class.
pub(crate) static LANG: Class = Class {
    name: c"danog\\MadelineProto\\Lang",
    flags: Class::FINAL,
    properties: &[
        Property::new(c"lang", Type::ARRAY, Literal::Array(&[("en", ENGLISH)])).of_class(),
        Property::new(c"current_lang", Type::ARRAY, ENGLISH).of_class(),
    ],
    ..Class::DEFAULT
};

/// A text for people: the script's own, where it has put one into `Lang::$current_lang`.
pub(crate) fn text(name: &str) -> String {
    // SAFETY: a static property of a registered class; the engine returns a pointer to its slot.
    let current = unsafe {
        zend_read_static_property(LANG.entry(), CURRENT.as_ptr().cast(), CURRENT.len(), true)
            .as_ref()
    };
    current
        .and_then(|texts| texts.dereference().array()?.get(name))
        .and_then(Zval::string)
        .unwrap_or_else(|| english(name).to_owned())
}

/// A text with `%s` in it, with this in its place.
pub(crate) fn text_with(name: &str, value: &str) -> String {
    text(name).replacen("%s", value, 1)
}
