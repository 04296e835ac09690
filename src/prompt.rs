//! The dialogue of `start()`: what is missing is asked for, a wrong answer is asked for again.
//!
//! In a terminal, lines are read through PHP's own `STDIN`, so a script may go on reading where the dialogue stopped.
//! Input that ends is an exception, never a loop. A terminal shows a QR code beside the first question. On a web server
//! the questions are pages (`web.rs`).

pub(crate) mod page;
mod qr;
pub(crate) mod request;
mod web;

use std::rc::Rc;

use ext_php_rs::ffi::php_output_write;
use ext_php_rs::types::Zval;
use madeline_client::{Authorization, Client, Error};

use crate::api::instance::Instance;
use crate::exceptions::Thrown;
use crate::settings::is_cli;
use crate::{call, function, lang, runtime, zend};
use qr::Outcome;

/// How often one question is asked before its error is thrown.
const TRIES: usize = 5;
/// Answers of the server that mean: ask again.
const WRONG_NUMBER: &[&str] = &[
    "PHONE_NUMBER_INVALID",
    "ACCESS_TOKEN_INVALID",
    "ACCESS_TOKEN_EXPIRED",
    "PHONE_NUMBER_APP_SIGNUP_FORBIDDEN",
];
const WRONG_CODE: &[&str] = &["PHONE_CODE_INVALID", "PHONE_CODE_EMPTY"];
const WRONG_PASSWORD: &[&str] = &["PASSWORD_HASH_INVALID"];
const WRONG_NAME: &[&str] = &["FIRSTNAME_INVALID", "LASTNAME_INVALID"];

const BAD_APP: &str = "The API id is a number, the API hash a text of 32 letters and digits";

/// Asks for the application's id and hash; throws where `asks` is false. `template` is of web pages.
pub(crate) fn app(asks: bool, template: &str) -> Result<(i32, String), Thrown> {
    if !asks {
        let text = "No API ID or API hash was provided, please specify them in the settings!";
        return Err(Thrown::Exception(text.to_owned()));
    }
    if !is_cli() {
        return web::app(template);
    }
    print(format!("{}\n", lang::text("apiManualWeb")).as_bytes());
    for _ in 0..TRIES {
        if let Some(id) = ask(&lang::text("apiIdPrompt"))?
            .parse()
            .ok()
            .filter(|&id: &i32| id > 0)
        {
            let hash = ask(&lang::text("apiHashPrompt"))?;
            if !hash.is_empty() {
                return Ok((id, hash));
            }
        }
        print(format!("{BAD_APP}.\n").as_bytes());
    }
    Err(Thrown::Exception(
        "No usable API id and API hash were entered".to_owned(),
    ))
}

/// Goes from the session's state to a finished login. `template` is of web pages.
pub(crate) fn login(instance: &Rc<Instance>, template: &str) -> Result<(), Thrown> {
    if !is_cli() {
        return web::login(instance, template);
    }
    loop {
        match instance.client()?.authorization() {
            Authorization::NotLoggedIn | Authorization::LoggedOut => number_or_token(instance)?,
            Authorization::WaitingCode => code(instance)?,
            Authorization::WaitingPassword => password(instance)?,
            Authorization::WaitingSignup => names(instance)?,
            Authorization::LoggedIn => return Ok(()),
        }
    }
}

fn number_or_token(instance: &Instance) -> Result<(), Thrown> {
    repeat(instance, WRONG_NUMBER, || {
        let question = lang::text("loginManual");
        let answer = match qr::offer(instance, &question)? {
            Outcome::Scanned => return Ok(Ok(())),
            Outcome::Typed => read(&question)?,
            Outcome::NotOffered => ask(&question)?,
        };
        step(instance, move |client| async move {
            if answer.contains(':') {
                client.bot_login(&answer).await.map(drop)
            } else {
                client.phone_login(&answer).await.map(drop)
            }
        })
    })
}

fn code(instance: &Instance) -> Result<(), Thrown> {
    // A wrong code ends the login for scripts; who types gets another try at the same one.
    let progress = instance.client()?.session().login_progress();
    repeat(instance, WRONG_CODE, || {
        let session = instance.client()?;
        session
            .session()
            .set_login(Authorization::WaitingCode, progress.clone())?;
        let answer = ask(&lang::text("loginUserCode"))?;
        step(instance, move |client| async move {
            client.complete_phone_login(&answer).await.map(drop)
        })
    })
}

fn password(instance: &Instance) -> Result<(), Thrown> {
    let hint = instance.client()?.hint()?;
    let question = if hint.is_empty() {
        "Enter your password: ".to_owned()
    } else {
        lang::text_with("loginUserPass", &hint)
    };
    repeat(instance, WRONG_PASSWORD, || {
        let answer = ask(&question)?;
        step(instance, move |client| async move {
            client.complete_2fa_login(answer.as_bytes()).await.map(drop)
        })
    })
}

fn names(instance: &Instance) -> Result<(), Thrown> {
    repeat(instance, WRONG_NAME, || {
        print(format!("{}. ", lang::text("signupWeb")).as_bytes());
        let first = ask(&lang::text("signupFirstName"))?;
        let last = ask(&lang::text("signupLastName"))?;
        step(instance, move |client| async move {
            client.complete_signup(&first, &last).await.map(drop)
        })
    })
}

/// Repeats a question while the server's answer is one of `wrong`; after [`TRIES`] it is thrown.
fn repeat(
    instance: &Instance,
    wrong: &[&str],
    question: impl Fn() -> Result<Result<(), Error>, Thrown>,
) -> Result<(), Thrown> {
    let mut tries = 1;
    loop {
        match question()? {
            Ok(()) => return Ok(()),
            Err(error) if tries < TRIES && wrong.iter().any(|text| error.is_rpc(text)) => {
                print(format!("{}.\n", crate::exceptions::describe(&error)).as_bytes());
                tries += 1;
            }
            Err(error) => return Err(call::thrown(instance, error)),
        }
    }
}

/// Runs a step of the login and waits for it.
fn step<F>(instance: &Instance, step: impl FnOnce(Client) -> F) -> Result<Result<(), Error>, Thrown>
where
    F: Future<Output = Result<(), Error>> + Send + 'static,
{
    runtime::wait(step(instance.client()?))
}

/// Prints a question and reads the answer's line, without surrounding space.
pub(crate) fn ask(question: &str) -> Result<String, Thrown> {
    print(question.as_bytes());
    read(question)
}

/// Reads the answer to a question that is printed already.
fn read(question: &str) -> Result<String, Thrown> {
    function::call("flush", vec![]);
    let line = standard_input().and_then(|input| function::call("fgets", vec![&input]));
    Thrown::pending()?;
    let Some(line) = line.as_ref().and_then(Zval::zend_str) else {
        let text = format!(
            "The input ended before the question \"{}\" was answered",
            question.trim_end()
        );
        return Err(Thrown::Exception(text));
    };
    Ok(String::from_utf8_lossy(line.as_bytes()).trim().to_owned())
}

/// `STDIN`, which PHP defines for scripts that are files; else a stream of its own.
fn standard_input() -> Option<Zval> {
    let defined = function::call("defined", vec![&"STDIN"])
        .and_then(|defined| defined.bool())
        .unwrap_or_default();
    if defined {
        function::call("constant", vec![&"STDIN"])
    } else {
        function::call("fopen", vec![&"php://stdin", &"r"])
    }
}

/// Ends the script, as `exit` does: shutdown functions and destructors run.
pub(crate) fn end() -> Thrown {
    // SAFETY: a script is running, in a call of ours, which returns with this; PHP has no other exception.
    unsafe { zend::zend_throw_unwind_exit() };
    Thrown::Pending
}

/// Writes to the output.
pub(crate) fn print(text: &[u8]) {
    // SAFETY: writes the text to PHP's output.
    unsafe { php_output_write(text.as_ptr().cast(), text.len()) };
}
