//! Loops on a web server: the browser gets a page and does not wait, and a script that ends before it was told to starts
//! itself again by a request.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::thread;
use std::time::{Duration, Instant};

use ext_php_rs::types::Zval;
use madeline_mtproto::random::{OsRandom, Random};

use super::shutdown;
use crate::api::instance::Instance;
use crate::api::reports;
use crate::exceptions::Thrown;
use crate::logger::{self, Level};
use crate::prompt::request;
use crate::settings::is_cli;
use crate::tools::web;
use crate::{function, lang};

/// Under which the request is among what [`shutdown`] calls, as scripts know it.
const RESTARTER: &[u8] = b"restarter";
/// The parameter that such a request has.
const PARAMETER: &str = "MadelineSelfRestart";
/// How long after its beginning a script may begin again: one that ends at once shall not do so all the time.
const PAUSE: Duration = Duration::from_secs(1);

thread_local! {
    /// The connection of the request, open until this one ends: a server may give up what nobody waits for.
    static SENT: RefCell<Option<Zval>> = const { RefCell::new(None) };
    static BEGUN: Cell<Option<Instant>> = const { Cell::new(None) };
}

/// A loop begins.
pub(super) fn begin(accounts: &[Rc<Instance>]) -> Result<(), Thrown> {
    if is_cli() {
        return Ok(());
    }
    // It goes on where nobody reads the page, as the one does that starts itself.
    function::call("ignore_user_abort", vec![&true]);
    function::call("set_time_limit", vec![&0_i64]);
    restart_at_the_end()?;
    let mut is_unwatched = false;
    for account in accounts {
        is_unwatched |= reports::nobody_is_told(account)?;
    }
    let page = web::message_page(&lang::text("botStarted"), is_unwatched);
    web::close(page.as_bytes())
}

/// The loop has ended because it was told to, or cannot go on.
pub(super) fn end() {
    shutdown::remove_named(RESTARTER);
}

/// At the end of a request.
pub(super) fn end_of_request() {
    drop(SENT.take());
}

/// `initSelfRestart()`: the script asks for itself once more when it ends.
pub(super) fn restart_at_the_end() -> Result<(), Thrown> {
    if is_cli() {
        return Ok(());
    }
    BEGUN.set(Some(Instant::now()));
    let callback = function::closure(|_| {
        if let Some(begun) = BEGUN.take() {
            thread::sleep(PAUSE.saturating_sub(begun.elapsed()));
        }
        ask_for_itself();
        Thrown::pending()
    });
    shutdown::add_named(RESTARTER, callback)
}

/// Sends the request and does not wait for its answer. It goes where this one came to, whatever host that named.
fn ask_for_itself() {
    let server = |name: &str| request::server(name).filter(|value| !value.is_empty());
    let (Some(name), Some(port)) = (server("SERVER_NAME"), server("SERVER_PORT")) else {
        return;
    };
    let is_secure = server("HTTPS").is_some_and(|https| https != "off");
    let address = if is_secure {
        // The certificate is for the name.
        format!("tls://{name}")
    } else {
        match server("SERVER_ADDR") {
            Some(address) if address.contains(':') => format!("[{address}]"),
            address => address.unwrap_or_else(|| name.clone()),
        }
    };
    let Ok(number) = port.parse::<i64>() else {
        return;
    };
    let host = server("HTTP_HOST").unwrap_or(name);
    let path = with_token(&server("REQUEST_URI").unwrap_or_else(|| "/".to_owned()));
    let head = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
    let opened = function::call("fsockopen", vec![&address, &number]);
    match opened.filter(Zval::is_resource) {
        Some(stream) => {
            function::call("fwrite", vec![&stream, &head]);
            SENT.set(Some(stream));
        }
        None => logger::write(Level::Error, || {
            format!("The script cannot start itself again: {address}:{port} does not answer")
        }),
    }
}

/// The address with a parameter that makes it another one for caches.
fn with_token(uri: &str) -> String {
    let mut bytes = [0; 8];
    OsRandom.fill(&mut bytes);
    let token = format!("{PARAMETER}={:016x}", u64::from_le_bytes(bytes));
    // Nothing of an address may end the line it stands in.
    let uri: String = uri
        .chars()
        .filter(|it| !it.is_control() && *it != ' ')
        .collect();
    let (path, query) = uri.split_once('?').unwrap_or((&uri, ""));
    let kept = query
        .split('&')
        .filter(|pair| !pair.is_empty() && !pair.starts_with(PARAMETER));
    let query: Vec<&str> = kept.chain([token.as_str()]).collect();
    format!("{path}?{}", query.join("&"))
}
