//! Downloads to whoever asks a web server for them: `downloadToBrowser()`.

use std::fmt::Write;
use std::rc::Rc;

use ext_php_rs::convert::IntoZvalDyn;
use ext_php_rs::ffi::php_output_write;
use ext_php_rs::types::Zval;
use madeline_client::files::{Order, Range};

use super::download::{self, Plan, file_of};
use super::{classes, info::RemoteFile, mime, request};
use crate::api;
use crate::api::instance::Instance;
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::{function, settings};

/// A file under one id never changes: browsers may keep it for a year.
const CACHE: &str = "Cache-Control: max-age=31556926";

/// All of them.
pub(crate) const METHODS: &[Method] = &[Method::new(c"downloadToBrowser", to_browser)
    .params(&[
        Param::required(c"messageMedia", Type::MIXED),
        Param::optional(c"cb", Type::CALLABLE.nullable(), c"null"),
        Param::optional(c"size", Type::INT.nullable(), c"null"),
        Param::optional(c"name", Type::STRING.nullable(), c"null"),
        Param::optional(c"mime", Type::STRING.nullable(), c"null"),
        Param::optional(c"cancellation", Type::MIXED, c"null"),
    ])
    .returns(Type::VOID)];

fn to_browser(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let nothing = Zval::new();
    let media = frame.arg(0).unwrap_or(&nothing);
    let (size, name, kind) = (frame.int(2), frame.text(3), frame.text(4));
    if is_file_id(media)? && (size.is_none() || name.is_none() || kind.is_none()) {
        return Err(Thrown::Exception(
            "downloadToBrowser(): a file id does not tell size, name and type of the file: expected $size, $name and $mime"
                .to_owned(),
        ));
    }
    let (mut file, own) = file_of(instance, media)?;
    if let Some(size) = size {
        file.size = u64::try_from(size).ok();
    }
    if let Some(name) = name {
        (file.name, file.extension) = mime::split(&name);
    }
    if let Some(kind) = kind {
        file.mime = kind.into_owned();
    }
    let callback = frame.present(1).map(Zval::shallow_clone).or(own);
    answer(instance, file, callback.as_ref(), frame.present(5))
}

/// Answers it without one.
pub(super) fn not_found() -> Result<(), Thrown> {
    status(404)
}

/// Whether a file is named by its bot API id alone.
fn is_file_id(media: &Zval) -> Result<bool, Thrown> {
    Ok(match classes::unwrap(media)? {
        Some((file, _)) => file.is_string(),
        None => media.is_string(),
    })
}

/// What a request asks for of a file of some size.
#[derive(Debug, PartialEq, Eq)]
enum Wanted {
    Everything,
    Part(Range),
    /// A range that the file does not have.
    Nothing,
}

/// Answers the request that PHP is serving with a file.
pub(super) fn answer(
    instance: &Rc<Instance>,
    file: RemoteFile,
    callback: Option<&Zval>,
    cancellation: Option<&Zval>,
) -> Result<(), Thrown> {
    let sent = function::call("headers_sent", vec![]);
    if sent.is_some_and(|sent| sent.is_true()) && !settings::is_cli() {
        return Err(Thrown::Exception(
            "downloadToBrowser(): the page has been written to already, so that nothing can be said of the file"
                .to_owned(),
        ));
    }
    let asked = request::server("HTTP_RANGE").unwrap_or_default();
    let is_head = request::server("REQUEST_METHOD").is_some_and(|method| method == "HEAD");
    let wanted = wanted(&asked, file.size);
    let total = file.size.map_or("*".to_owned(), |size| size.to_string());
    let range = match wanted {
        Wanted::Everything => {
            status(200)?;
            Range {
                start: 0,
                end: file.size,
            }
        }
        Wanted::Part(range) => {
            status(206)?;
            let last = range.end.unwrap_or_default().saturating_sub(1);
            header(&format!(
                "Content-Range: bytes {}-{last}/{total}",
                range.start
            ))?;
            range
        }
        Wanted::Nothing => {
            status(416)?;
            header(&format!("Content-Range: bytes */{total}"))?;
            return Ok(());
        }
    };
    header("Accept-Ranges: bytes")?;
    header(CACHE)?;
    let kind = if file.mime.is_empty() {
        mime::UNKNOWN
    } else {
        &file.mime
    };
    header(&format!("Content-Type: {}", without_breaks(kind)))?;
    if let Some(end) = range.end {
        header(&format!("Content-Length: {}", end - range.start))?;
    }
    header(&disposition(&format!("{}{}", file.name, file.extension)))?;
    if is_head {
        return Ok(());
    }
    end_buffers()?;
    let plan = Plan {
        range,
        order: Order::Ascending,
        callback,
        cancellation,
    };
    let mut is_gone = false;
    let done = download::run(instance, file, &plan, |part| {
        // SAFETY: writes the bytes to PHP's output.
        unsafe { php_output_write(part.bytes.as_ptr().cast(), part.bytes.len()) };
        function::call("flush", vec![]);
        Thrown::pending()?;
        let aborted = function::call("connection_aborted", vec![]);
        is_gone = aborted.and_then(|aborted| aborted.long()) == Some(1);
        if is_gone {
            return Err(Thrown::Exception("the browser has gone".to_owned()));
        }
        Ok(())
    });
    // Whoever closes a video early is no error.
    if is_gone { Ok(()) } else { done }
}

/// <https://www.rfc-editor.org/rfc/rfc9110#name-range>: one range of bytes. What cannot be understood is ignored, as it says.
fn wanted(asked: &str, size: Option<u64>) -> Wanted {
    let Some(range) = asked.trim().strip_prefix("bytes=") else {
        return Wanted::Everything;
    };
    let (Some(size), Some((first, last))) = (size, range.trim().split_once('-')) else {
        return Wanted::Nothing;
    };
    let (first, last) = (first.trim(), last.trim());
    let number = |text: &str| text.parse::<u64>().ok();
    let (start, end) = match (first.is_empty(), last.is_empty()) {
        (true, true) => return Wanted::Nothing,
        // The last so many bytes.
        (true, false) => match number(last) {
            Some(count) if count > 0 => (size.saturating_sub(count), size),
            _ => return Wanted::Nothing,
        },
        (false, true) => match number(first) {
            Some(start) => (start, size),
            None => return Wanted::Nothing,
        },
        (false, false) => match (number(first), number(last)) {
            (Some(start), Some(last)) if start <= last => (start, last.saturating_add(1).min(size)),
            _ => return Wanted::Nothing,
        },
    };
    if start >= size {
        return Wanted::Nothing;
    }
    Wanted::Part(Range {
        start,
        end: Some(end),
    })
}

fn status(code: i64) -> Result<(), Thrown> {
    run("http_response_code", vec![&code])
}

fn header(line: &str) -> Result<(), Thrown> {
    run("header", vec![&line])
}

fn run(name: &str, arguments: Vec<&dyn IntoZvalDyn>) -> Result<(), Thrown> {
    function::call(name, arguments);
    Thrown::pending()
}

/// What the script has written so far goes out; what follows is not kept in memory.
fn end_buffers() -> Result<(), Thrown> {
    for _ in 0..64 {
        let level = function::call("ob_get_level", vec![]).and_then(|level| level.long());
        if level.unwrap_or_default() <= 0 {
            break;
        }
        let ended = function::call("ob_end_flush", vec![]);
        Thrown::pending()?;
        if ended.is_none_or(|ended| ended.is_false()) {
            break;
        }
    }
    Ok(())
}

/// <https://www.rfc-editor.org/rfc/rfc6266>: a name in ASCII, and the name as it is.
fn disposition(name: &str) -> String {
    let plain: String = without_breaks(name)
        .chars()
        .map(|letter| match letter {
            '"' | '\\' => '_',
            letter if letter.is_ascii() && !letter.is_ascii_control() => letter,
            _ => '_',
        })
        .collect();
    let mut exact = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            exact.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(exact, "%{byte:02X}");
        }
    }
    format!("Content-Disposition: inline; filename=\"{plain}\"; filename*=UTF-8''{exact}")
}

fn without_breaks(text: &str) -> String {
    text.replace(['\r', '\n'], " ")
}
