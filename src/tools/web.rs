//! What a script on a web server needs besides its page.

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::prompt::page::{escape, headers};
use crate::settings::is_cli;
use crate::{function, lang, prompt};

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"closeConnection", close_connection)
        .params(&[Param::required(c"message", Type::STRING)])
        .returns(Type::VOID)
        .of_class(),
    // Nothing that MadelineProto warns of concerns us: no other extension is needed, and none makes us faster.
    Method::new(c"getWebWarnings", |frame: &mut Frame<'_>| frame.give(""))
        .returns(Type::STRING)
        .of_class(),
];

/// `closeConnection($page)`
fn close_connection(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    close(frame.bytes(0).unwrap_or_default())
}

/// Sends a page to the browser, which need not wait for the script's end. Does nothing in a terminal, or where the page
/// has begun.
pub(crate) fn close(page: &[u8]) -> Result<(), Thrown> {
    let sent = function::call("headers_sent", vec![]).and_then(|sent| sent.bool());
    if is_cli() || sent == Some(true) {
        return Ok(());
    }
    let before = function::call("ob_get_clean", vec![]);
    function::call("ignore_user_abort", vec![&true]);
    headers(&["Connection: close", "Content-Type: text/html"]);
    let before = before.as_ref().and_then(|text| text.zend_str());
    let before = before.map_or(&[][..], |text| text.as_bytes());
    let buffers = function::call("ob_get_level", vec![]).and_then(|level| level.long());
    if buffers == Some(0) {
        // Without it browsers wait for the end of the connection.
        headers(&[&format!("Content-Length: {}", before.len() + page.len())]);
    }
    prompt::print(before);
    prompt::print(page);
    function::call("flush", vec![]);
    // Of servers that can do without the script.
    let finish = "fastcgi_finish_request";
    if function::call("function_exists", vec![&finish]).and_then(|exists| exists.bool())
        == Some(true)
    {
        function::call(finish, vec![]);
    }
    Thrown::pending()
}

/// A page with a message, and a hint where nobody learns of errors.
pub(crate) fn message_page(text: &str, unwatched: bool) -> String {
    let hint = if unwatched {
        format!(
            "<h2>{}</h2><code>public function getReportPeers() {{ return '@yourtelegramusername'; }}</code>",
            escape(&lang::text("noReportPeers"))
        )
    } else {
        String::new()
    };
    format!("<html><body><h1>{text}</h1>{hint}</body></html>")
}
