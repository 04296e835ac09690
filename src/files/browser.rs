//! Downloads to whoever asks a web server for them: `downloadToBrowser()`, `downloadToResponse()`.

use std::rc::Rc;

use ext_php_rs::convert::IntoZvalDyn;
use ext_php_rs::ffi::php_output_write;
use ext_php_rs::types::{ZendHashTable, Zval};
use ext_php_rs::zend::ClassEntry;
use madeline_client::files::Order;

use super::download::{self, Plan, file_of};
use super::given::Given;
use super::info::RemoteFile;
use super::reply::{Asked, Reply};
use super::{classes, mime, request, stream};
use crate::api;
use crate::api::instance::Instance;
use crate::class::{self, Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;
use crate::{function, prompt, settings};

const MEDIA: Param = Param::required(c"messageMedia", Type::MIXED);
const CALLBACK: Param = Param::optional(c"cb", Type::CALLABLE.nullable(), c"null");
const SIZE: Param = Param::optional(c"size", Type::INT.nullable(), c"null");
const NAME: Param = Param::optional(c"name", Type::STRING.nullable(), c"null");
const MIME: Param = Param::optional(c"mime", Type::STRING.nullable(), c"null");
const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");
const TO_BROWSER: &[Param] = &[MEDIA, CALLBACK, SIZE, NAME, MIME, CANCELLATION];
const TO_RESPONSE: &[Param] = &[
    MEDIA,
    Param::required(c"request", Type::OBJECT),
    CALLBACK,
    SIZE,
    MIME,
    NAME,
    CANCELLATION,
];

/// The answers of Amp's web server.
const RESPONSE: &str = "Amp\\Http\\Server\\Response";

/// All of them.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"downloadToBrowser", |frame: &mut Frame<'_>| {
        let instance = api::instance(frame)?;
        let given = Given {
            frame,
            params: TO_BROWSER,
            also: &[],
        };
        let (file, callback) = file(instance, &given, "downloadToBrowser")?;
        answer(instance, file, callback.as_ref(), given.get("cancellation"))
    })
    .params(TO_BROWSER)
    .returns(Type::VOID),
    Method::new(c"downloadToResponse", to_response)
        .params(TO_RESPONSE)
        .returns(Type::OBJECT),
];

/// The file that was asked for, and who is told of the progress.
fn file(
    instance: &Rc<Instance>,
    given: &Given<'_, '_>,
    method: &str,
) -> Result<(RemoteFile, Option<Zval>), Thrown> {
    let nothing = Zval::new();
    let media = given.get("messageMedia").unwrap_or(&nothing);
    let (size, name, kind) = (given.int("size"), given.text("name"), given.text("mime"));
    if is_file_id(media)? && (size.is_none() || name.is_none() || kind.is_none()) {
        return Err(Thrown::Exception(format!(
            "{method}(): a file id does not tell size, name and type of the file: expected $size, $name and $mime"
        )));
    }
    let (mut file, own) = file_of(instance, media)?;
    if let Some(size) = size {
        file.size = u64::try_from(size).ok();
    }
    if let Some(name) = name {
        (file.name, file.extension) = mime::split(&name);
    }
    if let Some(kind) = kind {
        file.mime = kind;
    }
    let callback = given.get("cb").map(Zval::shallow_clone).or(own);
    Ok((file, callback))
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
    let asked = Asked {
        range: request::server("HTTP_RANGE"),
        if_range: request::server("HTTP_IF_RANGE"),
        if_none_match: request::server("HTTP_IF_NONE_MATCH"),
        is_head: request::server("REQUEST_METHOD").is_some_and(|method| method == "HEAD"),
    };
    let reply = Reply::to(&asked, &file);
    status(reply.status)?;
    for (name, value) in &reply.headers {
        run("header", vec![&format!("{name}: {value}")])?;
    }
    let Some(range) = reply.body else {
        return Ok(());
    };
    end_buffers()?;
    let ignoring = function::call("ignore_user_abort", vec![&true]);
    Thrown::pending()?;
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
        run("flush", vec![])?;
        let aborted = function::call("connection_aborted", vec![]);
        is_gone = aborted.and_then(|aborted| aborted.long()) == Some(1);
        if is_gone {
            return Err(Thrown::Exception("the browser has gone".to_owned()));
        }
        Ok(())
    });
    let goes_on = ignoring.is_some_and(|ignoring| ignoring.coerce_to_bool());
    run("ignore_user_abort", vec![&goes_on])?;
    if !is_gone {
        return done;
    }
    // Whoever closes a video early is no error. The script ends, as PHP would have ended it, but by a way that drops what
    // the download holds.
    if goes_on { Ok(()) } else { Err(prompt::end()) }
}

/// The answer to a request of Amp's web server.
fn to_response(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let given = Given {
        frame,
        params: TO_RESPONSE,
        also: &[],
    };
    let (file, callback) = file(instance, &given, "downloadToResponse")?;
    let request = frame.object(1).ok_or_else(|| {
        Thrown::Exception("downloadToResponse(): expected a request, found none".to_owned())
    })?;
    let header = |name: &str| {
        let mut arguments = [sink::text(name.as_bytes())];
        let value = function::call_public(request.ce, Some(request), "getheader", &mut arguments)?;
        Ok::<_, Thrown>(value.string())
    };
    let method = function::call_public(request.ce, Some(request), "getmethod", &mut [])?;
    let asked = Asked {
        range: header("range")?,
        if_range: header("if-range")?,
        if_none_match: header("if-none-match")?,
        is_head: method.str() == Some("HEAD"),
    };
    let reply = Reply::to(&asked, &file);
    let class = ClassEntry::try_find(RESPONSE).ok_or_else(|| {
        Thrown::Exception(
            "downloadToResponse() needs the package amphp/http-server, which this script does not load: downloadToBrowser() answers without it"
                .to_owned(),
        )
    })?;
    let mut headers = ZendHashTable::new();
    for (name, value) in &reply.headers {
        headers.insert(*name, value.as_str())?;
    }
    let body = match reply.body {
        Some(range) => {
            let cancellation = given.get("cancellation");
            stream::of_file(instance, file, range, callback.as_ref(), cancellation)?
        }
        None => sink::text(b""),
    };
    let mut code = Zval::new();
    code.set_long(reply.status);
    // SAFETY: a class that is declared until the request ends; PHP's own error where it is abstract.
    let mut response = unsafe { class::instantiate(std::ptr::from_ref(class).cast_mut()) };
    let of = Object::of(&response);
    let mut arguments = [code, sink::array(headers), body];
    function::call_public(of.ce, Some(of), "__construct", &mut arguments)?;
    // The class counts the body itself, where there is none.
    if let Some((name, length)) = reply
        .headers
        .iter()
        .find(|(name, _)| *name == "Content-Length")
    {
        let mut arguments = [sink::text(name.as_bytes()), sink::text(length.as_bytes())];
        function::call_public(of.ce, Some(of), "setheader", &mut arguments)?;
    }
    let mut value = Zval::new();
    value.set_object(&mut response);
    frame.give_zval(value);
    Ok(())
}

fn status(code: i64) -> Result<(), Thrown> {
    run("http_response_code", vec![&code])
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
