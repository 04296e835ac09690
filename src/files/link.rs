//! Addresses under which files can be had: `getDownloadLink()`, and the page that serves them, `downloadServer()`.

use std::borrow::Cow;
use std::fs;
use std::path::Path;
use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::file_id::FileId;
use madeline_tl::boxed_from_bytes;

use super::browser;
use super::classes::BOT_API_FILE_ID;
use super::{info, request};
use crate::api;
use crate::api::instance::Instance;
use crate::call::{self, Form};
use crate::class::{Frame, Method, Object, Param, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::settings;
use crate::types::media::{self, MEDIA};
use crate::zval::sink;

/// All of them.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"getDownloadLink", download_link)
        .params(&[
            Param::required(c"media", Type::MIXED),
            Param::optional(c"scriptUrl", Type::STRING.nullable(), c"null"),
            Param::optional(c"size", Type::INT.nullable(), c"null"),
            Param::optional(c"name", Type::STRING.nullable(), c"null"),
            Param::optional(c"mime", Type::STRING.nullable(), c"null"),
        ])
        .returns(Type::STRING),
    Method::new(c"downloadServer", download_server)
        .params(&[Param::required(c"session", Type::STRING)])
        .returns(Type::VOID)
        .of_class(),
    // Where MadelineProto's pages report to each other; here nobody waits for it.
    Method::new(c"processDownloadServerPing", |_: &mut Frame<'_>| Ok(()))
        .params(&[
            Param::required(c"path", Type::STRING),
            Param::required(c"payload", Type::STRING),
        ])
        .returns(Type::VOID)
        .of_class(),
];

/// The page that serves the files of a session, in its directory.
const PAGE: &str = "dl.php";
const PAGE_SOURCE: &str = "<?php\n\\danog\\MadelineProto\\API::downloadServer(__DIR__);\n";

fn download_link(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let script = frame.text(1).map(Cow::into_owned);
    let nothing = Zval::new();
    let told = Told {
        size: frame.int(2),
        name: frame.text(3).map(Cow::into_owned),
        mime: frame.text(4).map(Cow::into_owned),
    };
    let link = link(instance, frame.arg(0).unwrap_or(&nothing), script, told)?;
    frame.give(link)
}

/// The address of a file; `script` serves it.
pub(crate) fn link_to(
    instance: &Rc<Instance>,
    media: &Zval,
    script: Option<String>,
) -> Result<String, Thrown> {
    link(instance, media, script, Told::default())
}

/// What a script tells of a file itself.
#[derive(Default)]
struct Told {
    size: Option<i64>,
    name: Option<String>,
    mime: Option<String>,
}

fn link(
    instance: &Rc<Instance>,
    media: &Zval,
    script: Option<String>,
    told: Told,
) -> Result<String, Thrown> {
    let script = match script.or_else(|| instance.download_link()) {
        Some(script) => script,
        None => page(instance)?,
    };
    let (id, info) = named(instance, media)?;
    let text = |key: &str| info.get(key).and_then(Zval::string).unwrap_or_default();
    let size = told
        .size
        .or_else(|| info.get("size").and_then(Zval::long))
        .ok_or_else(|| unknown("size"))?;
    let name = told
        .name
        .unwrap_or_else(|| format!("{}{}", text("name"), text("ext")));
    let kind = told.mime.unwrap_or_else(|| text("mime"));
    let mut query = ZendHashTable::new();
    query.insert("f", id)?;
    query.insert("s", size)?;
    query.insert("n", name)?;
    query.insert("m", kind)?;
    let query = function::call("http_build_query", vec![&sink::array(query)]);
    Thrown::pending()?;
    let query = query.and_then(|query| query.string()).unwrap_or_default();
    let joint = if script.contains('?') { '&' } else { '?' };
    Ok(format!("{script}{joint}{query}"))
}

/// The address of a page of our own in the session's directory, where the web server that runs the script shows it.
fn page(instance: &Instance) -> Result<String, Thrown> {
    let expected = "getDownloadLink(): expected the address of a script that calls API::downloadServer(), as $scriptUrl or in \
                    Settings\\Files::setDownloadLink()";
    let served = if settings::is_cli() {
        None
    } else {
        request::server("DOCUMENT_ROOT").zip(request::server("HTTP_HOST"))
    };
    let Some((root, host)) = served else {
        return Err(Thrown::Exception(expected.to_owned()));
    };
    let directory = instance.directory();
    let directory = directory.canonicalize().unwrap_or(directory);
    let below = Path::new(&root)
        .canonicalize()
        .ok()
        .and_then(|root| Some(directory.strip_prefix(root).ok()?.to_owned()));
    let below = below.ok_or_else(|| {
        Thrown::Exception(format!(
            "{expected}: the web server does not show the session's directory, where one could be made"
        ))
    })?;
    let path = directory.join(PAGE);
    if fs::read(&path).ok().as_deref() != Some(PAGE_SOURCE.as_bytes()) {
        fs::write(&path, PAGE_SOURCE).map_err(|error| {
            Thrown::Exception(format!("cannot write {}: {error}", path.display()))
        })?;
    }
    let secure = request::server("HTTPS").is_some_and(|https| !https.is_empty() && https != "off");
    let scheme = if secure { "https" } else { "http" };
    let mut address = format!("{scheme}://{host}");
    for name in &below.join(PAGE) {
        let name = name.to_string_lossy().into_owned();
        let name = function::call("rawurlencode", vec![&name]).and_then(|name| name.string());
        Thrown::pending()?;
        address.push('/');
        address.push_str(&name.unwrap_or_default());
    }
    Ok(address)
}

fn unknown(what: &str) -> Thrown {
    Thrown::Exception(format!(
        "getDownloadLink(): the file does not tell its {what}: expected ${what}"
    ))
}

/// A file's bot API id, and what is known of it.
fn named(instance: &Rc<Instance>, media: &Zval) -> Result<(String, info::Info), Thrown> {
    let info = info::info(instance, media)?;
    if let Some(file) = media::held(media)? {
        let read = |name: &str| MEDIA.object(&file).map(|file| MEDIA.read(file, name));
        let id = read("botApiFileId").and_then(|id| id.string());
        let is_secret = read("encrypted").is_some_and(|encrypted| encrypted.is_true());
        let id = id.filter(|_| !is_secret).ok_or_else(no_file_id)?;
        return Ok((id, info));
    }
    if let Some(object) = BOT_API_FILE_ID.object(media) {
        let id = BOT_API_FILE_ID.read(object, "fileId");
        return Ok((id.string().unwrap_or_default(), info));
    }
    if let Some(id) = media.string() {
        return Ok((id, info));
    }
    let id = file_id(instance, &info)?.ok_or_else(no_file_id)?;
    Ok((id.text(), info))
}

fn no_file_id() -> Thrown {
    Thrown::Exception(
        "getDownloadLink(): expected a document or photo, which have file ids".to_owned(),
    )
}

/// The id of a document or photo.
fn file_id(instance: &Rc<Instance>, info: &ZendHashTable) -> Result<Option<FileId>, Thrown> {
    let media = info.get("MessageMedia").and_then(Zval::array);
    let inner = |key: &str| media.and_then(|media| media.get(key));
    let (ty, file) = match (inner("document"), inner("photo")) {
        (Some(document), _) => ("Document", document),
        (None, Some(photo)) => ("Photo", photo),
        (None, None) => return Ok(None),
    };
    let schema = instance.schema();
    let Some(boxed) = schema.ty(ty) else {
        return Ok(None);
    };
    let bytes = call::encode(instance, &instance.client()?, Form::Value(boxed), file)?;
    let Ok(value) = boxed_from_bytes(schema, &bytes) else {
        return Ok(None);
    };
    let letter = info.get("thumb_size").and_then(Zval::string);
    let letter = letter
        .and_then(|letter| letter.bytes().next())
        .unwrap_or(b'x');
    Ok(if ty == "Document" {
        FileId::of_document(&value)
    } else {
        FileId::of_photo(&value, letter)
    })
}

/// Answers a request for such an address; with `?login` it logs the session in.
fn download_server(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let session = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    if request::query("login").is_some() {
        let api = api::create(&session, None)?;
        if let Some(api) = api.object().map(Object::of) {
            function::call_public(api.ce, Some(api), "start", &mut [])?;
        }
        return Ok(());
    }
    let size = request::query("s").and_then(|size| size.parse().ok());
    let (Some(id), Some(size), Some(name), Some(kind)) = (
        request::query("f"),
        size,
        request::query("n"),
        request::query("m"),
    ) else {
        return browser::not_found();
    };
    let api = api::create(&session, None)?;
    let instance = api.object().map(Object::of).and_then(api::instance_of);
    let instance = instance.ok_or_else(api::no_session)?;
    let mut file = info::file(instance, &sink::text(id.as_bytes()))?;
    file.size = Some(size);
    (file.name, file.extension) = super::mime::split(&name);
    file.mime = kind;
    browser::answer(instance, file, None, None)
}
