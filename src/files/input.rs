//! What is to be uploaded, in every form that scripts hand in, as something that gives bytes in order.

use std::fs::File;
use std::io::{BufReader, Cursor};
use std::rc::Rc;
use std::time::Duration;

use ext_php_rs::types::Zval;
use madeline_client::files::media::Facts;
use madeline_client::files::{Download, Order, Range};

use super::classes::{BOT_API_FILE_ID, LOCAL_FILE, REMOTE_URL};
use super::url::{Body, is_url};
use super::{info, local, mime};
use crate::api::instance::Instance;
use crate::call::{cancellation, thrown};
use crate::class::{Class, Object};
use crate::exceptions::Thrown;
use crate::types::media;
use crate::types::message::classes::ABSTRACT_MESSAGE;
use crate::{function, runtime};

/// Pause for a stream that has nothing at the moment.
const EMPTY: Duration = Duration::from_millis(5);

/// Something to upload.
pub(super) struct Input {
    reader: Reader,
    /// `None`: whatever comes.
    pub(super) size: Option<u64>,
    /// As far as the source tells it.
    pub(super) name: String,
    /// As far as the source tells it.
    pub(super) mime: Option<String>,
}

enum Reader {
    File {
        file: File,
        path: String,
    },
    /// A resource of PHP's.
    Stream(Zval),
    /// An object with `read()`, which gives null at the end, and what it gave beyond the last part.
    Object {
        object: Zval,
        rest: Vec<u8>,
    },
    /// A callable that is told offset and size.
    Callable(Zval),
    Url(Body),
    Bytes(Cursor<Vec<u8>>),
    Telegram {
        download: Download,
        instance: Rc<Instance>,
        rest: Vec<u8>,
    },
}

impl Input {
    /// What `upload()` takes.
    pub(super) fn of(instance: &Rc<Instance>, file: &Zval) -> Result<Self, Thrown> {
        if let Some(object) = file.object() {
            if LOCAL_FILE.is_class_of(object) || REMOTE_URL.is_class_of(object) {
                return Self::local(file);
            }
            if BOT_API_FILE_ID.is_class_of(object) {
                return Self::telegram(instance, file);
            }
            if let Some(file) = media::held(file)? {
                return Self::telegram(instance, &file);
            }
            if function::method(object.ce, "getPathname").is_some() {
                let object = Object::of(object);
                let path = function::call_public(object.ce, Some(object), "getpathname", &mut [])?;
                return Self::path(&path.string().unwrap_or_default());
            }
            return Self::stream(file, None);
        }
        if file.is_resource() {
            return Self::stream(file, None);
        }
        if file.is_array() {
            return Self::telegram(instance, file);
        }
        match file.string() {
            Some(text) if is_url(&text) => Self::url(&text, None),
            Some(path) => Self::path(&path),
            None => Err(Thrown::Exception(format!(
                "expected a file to upload (a path, a URL, a stream or a file of Telegram's), found {}",
                function::type_name(file)
            ))),
        }
    }

    /// A `LocalFile` or `RemoteUrl`.
    pub(super) fn local(file: &Zval) -> Result<Self, Thrown> {
        let read = |class: &'static Class, name: &str| {
            let text = class.object(file).map(|object| class.read(object, name));
            text.and_then(|text| text.string())
        };
        match (read(&LOCAL_FILE, "file"), read(&REMOTE_URL, "url")) {
            (Some(path), _) => Self::path(&path),
            (None, Some(url)) => Self::url(&url, None),
            (None, None) => Err(Thrown::Exception(format!(
                "expected a LocalFile or a RemoteUrl, found {}",
                function::type_name(file)
            ))),
        }
    }

    /// A path, or anything else that PHP's `fopen()` opens.
    fn path(path: &str) -> Result<Self, Thrown> {
        if path.contains("://") {
            let opened = function::call("fopen", vec![&path, &"rb"]);
            Thrown::pending()?;
            let stream = opened
                .filter(Zval::is_resource)
                .ok_or_else(|| Thrown::Exception(format!("cannot read {path}")))?;
            let mut input = Self::stream(&stream, None)?;
            input.name = base_name(path);
            return Ok(input);
        }
        let (file, metadata) = local::open(path)?;
        Ok(Self {
            reader: Reader::File {
                file,
                path: path.to_owned(),
            },
            // Pipes and devices do not say.
            size: metadata.is_file().then_some(metadata.len()),
            name: base_name(path),
            mime: None,
        })
    }

    /// A resource, or an object with `read()`.
    pub(super) fn stream(stream: &Zval, size: Option<u64>) -> Result<Self, Thrown> {
        let reader = if function::is_open(stream) {
            Reader::Stream(stream.shallow_clone())
        } else {
            if !is_stream(stream) {
                return Err(Thrown::Exception(format!(
                    "expected a stream, or an object with read(), found {}",
                    function::type_name(stream)
                )));
            }
            Reader::Object {
                object: stream.shallow_clone(),
                rest: Vec::new(),
            }
        };
        let size = match (&reader, size) {
            (Reader::Stream(stream), None) => size_of_stream(stream)?,
            (_, size) => size,
        };
        Ok(Self {
            reader,
            size,
            name: String::new(),
            mime: None,
        })
    }

    /// A callable that gives the bytes at an offset.
    pub(super) fn callable(callable: &Zval, size: Option<u64>) -> Self {
        Self {
            reader: Reader::Callable(callable.shallow_clone()),
            size,
            name: String::new(),
            mime: None,
        }
    }

    /// What is there already.
    pub(super) fn bytes(bytes: Vec<u8>) -> Self {
        Self {
            size: Some(bytes.len() as u64),
            reader: Reader::Bytes(Cursor::new(bytes)),
            name: String::new(),
            mime: None,
        }
    }

    /// A file of the web. `size` counts where the server does not tell it.
    pub(super) fn url(url: &str, size: Option<u64>) -> Result<Self, Thrown> {
        let body = Body::open(url)?;
        let path = url.split(['?', '#']).next().unwrap_or_default();
        Ok(Self {
            size: body.size.or(size),
            name: base_name(path),
            mime: body.mime.clone(),
            reader: Reader::Url(body),
        })
    }

    /// A file of Telegram's.
    pub(super) fn telegram(instance: &Rc<Instance>, media: &Zval) -> Result<Self, Thrown> {
        let file = info::file(instance, media)?;
        let range = Range {
            start: 0,
            end: file.size,
        };
        if file.secret.is_some() {
            return Err(Thrown::Exception(
                "files of secret chats cannot be uploaded again as they are: download them first"
                    .to_owned(),
            ));
        }
        // Without the number that tells it from others of its name.
        let number = file.location.input.int("id").unwrap_or_default();
        let stem = file.name.strip_suffix(&format!("_{number}"));
        let name = format!("{}{}", stem.unwrap_or(&file.name), file.extension);
        let download = Download::new(
            &instance.client()?,
            file.location,
            range,
            Order::Ascending,
            instance.transfers().downloads,
        );
        Ok(Self {
            reader: Reader::Telegram {
                download,
                instance: Rc::clone(instance),
                rest: Vec::new(),
            },
            size: file.size,
            name,
            mime: Some(file.mime).filter(|mime| !mime.is_empty()),
        })
    }

    /// What the source is called in messages.
    pub(super) fn title(&self) -> &str {
        match &self.reader {
            Reader::File { path, .. } => path,
            Reader::Stream(_) => "the stream",
            Reader::Object { .. } => "the stream object",
            Reader::Callable(_) => "the callable",
            Reader::Url(body) => body.url(),
            Reader::Bytes(_) | Reader::Telegram { .. } => "the file",
        }
    }

    /// The next bytes: `wanted` of them, fewer only at the end.
    pub(super) fn read(
        &mut self,
        offset: u64,
        wanted: usize,
        cancellation: Option<&Zval>,
    ) -> Result<Vec<u8>, Thrown> {
        match &mut self.reader {
            Reader::File { file, path } => local::read(file, wanted)
                .map_err(|error| Thrown::Exception(format!("cannot read {path}: {error}"))),
            Reader::Bytes(bytes) => {
                local::read(bytes, wanted).map_err(|error| Thrown::Exception(error.to_string()))
            }
            Reader::Stream(stream) => read_stream(stream, wanted),
            Reader::Object { object, rest } => fill(rest, wanted, || read_object(object)),
            Reader::Callable(callable) => call(callable, offset, wanted, cancellation),
            Reader::Url(body) => {
                let more = cancellation::wait(cancellation, body.read(wanted))?;
                more.map_err(Thrown::Exception)
            }
            Reader::Telegram {
                download,
                instance,
                rest,
            } => fill(rest, wanted, || {
                let part = cancellation::wait(cancellation, download.next())?;
                let part = part.map_err(|error| thrown(instance, error))?;
                Ok(part.map(|part| part.bytes.to_vec()))
            }),
        }
    }

    /// An error where a file of the web goes on behind its last byte: a part of it would be lost.
    pub(super) fn check_end(&mut self, cancellation: Option<&Zval>) -> Result<(), Thrown> {
        let Reader::Url(body) = &mut self.reader else {
            return Ok(());
        };
        let more = cancellation::wait(cancellation, body.read(1))?;
        if more.map_err(Thrown::Exception)?.is_empty() {
            return Ok(());
        }
        Err(Thrown::Exception(format!(
            "{} goes on after {} bytes, the size that was given",
            body.url(),
            self.size.unwrap_or_default()
        )))
    }

    /// What the file's header tells. `head` are its first bytes; the rest is looked at where that is possible.
    pub(super) fn facts(&self, head: &[u8], mime: &str) -> Facts {
        match &self.reader {
            Reader::File { file, .. } if self.size.is_some() => {
                Facts::read(&mut BufReader::new(local::At::new(file)), mime)
            }
            _ if self.size == Some(head.len() as u64) => Facts::read(&mut Cursor::new(head), mime),
            _ => Facts::of_beginning(head, mime),
        }
    }

    /// The path of a file of this machine.
    pub(super) fn local_path(&self) -> Option<&str> {
        match &self.reader {
            Reader::File { path, .. } if self.size.is_some() => Some(path),
            _ => None,
        }
    }

    /// The type, from what was told, from the first bytes, or from the name.
    pub(super) fn mime_of(&self, head: &[u8], name: &str) -> String {
        match &self.mime {
            Some(mime) => mime.clone(),
            None => mime::detect(head, if name.is_empty() { &self.name } else { name }),
        }
    }
}

/// Whether a value is an object that can be read: messages have a `read()`, too, which does something else.
pub(super) fn is_stream(value: &Zval) -> bool {
    value.object().is_some_and(|object| {
        function::method(object.ce, "read").is_some() && !ABSTRACT_MESSAGE.is_class_of(object)
    })
}

fn base_name(path: &str) -> String {
    let path = path.trim_end_matches('/');
    path.rsplit('/').next().unwrap_or_default().to_owned()
}

/// How much is still to come of a stream of a plain file.
fn size_of_stream(stream: &Zval) -> Result<Option<u64>, Thrown> {
    let field = |name: &str, function: &str| {
        let told = function::call(function, vec![stream]);
        Thrown::pending()?;
        Ok::<_, Thrown>(told.and_then(|told| told.array()?.get(name).map(Zval::shallow_clone)))
    };
    let kind = field("wrapper_type", "stream_get_meta_data")?;
    let seekable = field("seekable", "stream_get_meta_data")?;
    let is_plain = kind.is_some_and(|kind| kind.str() == Some("plainfile"))
        && seekable.is_some_and(|seekable| seekable.is_true());
    if !is_plain {
        return Ok(None);
    }
    let size = field("size", "fstat")?.and_then(|size| size.long());
    let position = function::call("ftell", vec![stream]).and_then(|position| position.long());
    Thrown::pending()?;
    Ok(size
        .zip(position)
        .and_then(|(size, position)| u64::try_from(size.checked_sub(position)?).ok()))
}

fn read_stream(stream: &Zval, wanted: usize) -> Result<Vec<u8>, Thrown> {
    let mut bytes = Vec::with_capacity(wanted);
    while bytes.len() < wanted {
        let rest = (wanted - bytes.len()) as i64;
        let read = function::call("fread", vec![stream, &rest]);
        Thrown::pending()?;
        let chunk = read.as_ref().and_then(Zval::zend_str);
        let chunk = chunk
            .ok_or_else(|| Thrown::Exception("the stream cannot be read any further".to_owned()))?;
        if chunk.as_bytes().is_empty() {
            let ended = function::call("feof", vec![stream]);
            Thrown::pending()?;
            if ended.is_none_or(|ended| !ended.is_false()) {
                break;
            }
            // A stream that does not block: somebody else may have to fill it first.
            runtime::wait(async { tokio::time::sleep(EMPTY).await })?;
            continue;
        }
        bytes.extend_from_slice(chunk.as_bytes());
    }
    Ok(bytes)
}

fn read_object(object: &Zval) -> Result<Option<Vec<u8>>, Thrown> {
    let Some(object) = object.object().map(Object::of) else {
        return Ok(None);
    };
    let chunk = function::call_public(object.ce, Some(object), "read", &mut [])?;
    let chunk = crate::coroutine::finish(chunk)?;
    Ok(chunk.zend_str().map(|chunk| chunk.as_bytes().to_vec()))
}

fn call(
    callable: &Zval,
    offset: u64,
    wanted: usize,
    cancellation: Option<&Zval>,
) -> Result<Vec<u8>, Thrown> {
    let mut arguments = vec![Zval::new(), Zval::new()];
    for (argument, number) in arguments.iter_mut().zip([offset as i64, wanted as i64]) {
        argument.set_long(number);
    }
    arguments.extend(cancellation.map(Zval::shallow_clone));
    let given = function::call_value(callable, &arguments)?;
    let given = crate::coroutine::finish(given)?;
    let bytes = given.zend_str().ok_or_else(|| {
        Thrown::Exception(format!(
            "the callable shall give {wanted} bytes at {offset} as a string, it gave {}",
            function::type_name(&given)
        ))
    })?;
    if bytes.as_bytes().len() > wanted {
        return Err(Thrown::Exception(format!(
            "the callable shall give {wanted} bytes at {offset}, it gave {}",
            bytes.as_bytes().len()
        )));
    }
    Ok(bytes.as_bytes().to_vec())
}

/// Collects chunks of any size to parts; what is beyond stays in `rest`.
fn fill(
    rest: &mut Vec<u8>,
    wanted: usize,
    mut next: impl FnMut() -> Result<Option<Vec<u8>>, Thrown>,
) -> Result<Vec<u8>, Thrown> {
    let mut bytes = std::mem::take(rest);
    while bytes.len() < wanted {
        match next()? {
            Some(chunk) => bytes.extend(chunk),
            None => break,
        }
    }
    *rest = bytes.split_off(wanted.min(bytes.len()));
    Ok(bytes)
}
