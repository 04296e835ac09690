//! `upload()` and its relatives.

use std::ffi::CStr;
use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::media::Facts;
use madeline_client::files::{PART, Upload, Uploaded};

use super::classes;
use super::given::Given;
use super::input::Input;
use super::progress::Progress;
use crate::api;
use crate::api::instance::Instance;
use crate::call::{cancellation, thrown};
use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

const CALLBACK: Param = Param::optional(c"cb", Type::CALLABLE.nullable(), c"null");
const FILE_NAME: Param = Param::optional(c"fileName", Type::STRING, c"''");
const ENCRYPTED: Param = Param::optional(c"encrypted", Type::BOOL, c"false");
const CANCELLATION: Param = Param::optional(c"cancellation", Type::MIXED, c"null");
const SIZE: Param = Param::optional(c"size", Type::INT, c"0");
const MIME: Param = Param::optional(
    c"mime",
    Type::STRING.nullable(),
    c"'application/octet-stream'",
);

macro_rules! uploads {
    ($($name:literal $from:ident [$($param:expr),*];)*) => {
        /// All of them.
        pub(crate) const METHODS: &[Method] = &[$({
            const PARAMS: &[Param] = &[$($param),*];
            Method::new($name, |frame: &mut Frame<'_>| upload(frame, From::$from, PARAMS))
                .params(PARAMS)
                .returns(Type::ARRAY)
        }),*];
    };
}

uploads! {
    c"upload" Anything [required(c"file"), FILE_NAME, CALLBACK, ENCRYPTED, CANCELLATION];
    c"uploadEncrypted" Sealed [required(c"file"), FILE_NAME, CALLBACK, CANCELLATION];
    c"uploadFromUrl" Url [required(c"url"), SIZE, FILE_NAME, CALLBACK, ENCRYPTED, CANCELLATION];
    c"uploadFromStream" Stream [required(c"stream"), SIZE, MIME, FILE_NAME, CALLBACK, ENCRYPTED, CANCELLATION];
    // What is seekable may be asked for in any order; it is asked for in ascending order.
    c"uploadFromCallable" Callable [
        Param::required(c"callable", Type::CALLABLE), SIZE, MIME, FILE_NAME, CALLBACK,
        Param::optional(c"seekable", Type::BOOL, c"true"), ENCRYPTED, CANCELLATION
    ];
    c"uploadFromTgfile" Telegram [required(c"media"), CALLBACK, ENCRYPTED, CANCELLATION];
}

const fn required(name: &'static CStr) -> Param {
    Param::required(name, Type::MIXED)
}

/// What the methods take.
#[derive(Clone, Copy, PartialEq, Eq)]
enum From {
    Anything,
    /// Anything, encrypted.
    Sealed,
    Url,
    Stream,
    Callable,
    Telegram,
}

/// How a file is to be uploaded.
#[derive(Default)]
pub(super) struct Order<'z> {
    /// Instead of the name that the source has.
    pub(super) name: String,
    pub(super) mime: Option<String>,
    pub(super) callback: Option<Zval>,
    /// For a secret chat.
    pub(super) encrypted: bool,
    /// Whether its header is of interest.
    pub(super) looks: bool,
    pub(super) cancellation: Option<&'z Zval>,
}

fn upload(frame: &mut Frame<'_>, from: From, params: &'static [Param]) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let given = Given {
        frame,
        params,
        also: &[],
    };
    let order = Order {
        name: given.text("fileName").unwrap_or_default(),
        mime: given.text("mime").filter(|mime| !mime.is_empty()),
        callback: given.get("cb").map(Zval::shallow_clone),
        encrypted: given.flag("encrypted", from == From::Sealed),
        cancellation: given.get("cancellation"),
        looks: false,
    };
    // A size that is 0 is not known.
    let size = given.int("size").and_then(|size| u64::try_from(size).ok());
    let size = size.filter(|size| *size > 0);
    let file = frame.arg(0).map(Zval::shallow_clone).unwrap_or_default();
    let (file, order) = match from {
        // One with a callback is a callable itself.
        From::Callable => (file, order),
        _ => unwrapped(&file, order)?,
    };
    let input = match from {
        From::Anything | From::Sealed => Input::of(instance, &file)?,
        From::Url => Input::url(&address(&file), size)?,
        From::Stream => Input::stream(&file, size)?,
        From::Callable => Input::callable(&file, size),
        From::Telegram => Input::telegram(instance, &file)?,
    };
    let stored = run(instance, input, order)?;
    frame.give_zval(stored.file);
    Ok(())
}

/// The address that a `RemoteUrl` or a string is.
fn address(url: &Zval) -> String {
    let remote = classes::REMOTE_URL
        .object(url)
        .map(|object| classes::REMOTE_URL.read(object, "url"));
    remote.as_ref().unwrap_or(url).string().unwrap_or_default()
}

/// A `FileCallbackInterface` stands for its file, and is told of the progress.
fn unwrapped<'z>(file: &Zval, mut order: Order<'z>) -> Result<(Zval, Order<'z>), Thrown> {
    match classes::unwrap(file)? {
        Some((file, callback)) => {
            order.callback = Some(callback);
            Ok((file, order))
        }
        None => Ok((file.shallow_clone(), order)),
    }
}

/// A file that was uploaded.
pub(super) struct Stored {
    /// The `InputFile`, with its MIME type beside it.
    pub(super) file: Zval,
    /// What its header tells; only where it was asked.
    pub(super) facts: Facts,
    /// Where it lies on this machine.
    pub(super) path: Option<String>,
}

/// Uploads whatever stands for a file.
pub(super) fn any(
    instance: &Rc<Instance>,
    file: &Zval,
    order: Order<'_>,
) -> Result<Stored, Thrown> {
    let (file, order) = unwrapped(file, order)?;
    let input = Input::of(instance, &file)?;
    run(instance, input, order)
}

/// Uploads bytes.
pub(crate) fn bytes(instance: &Rc<Instance>, bytes: Vec<u8>, name: &str) -> Result<Zval, Thrown> {
    let order = Order {
        name: name.to_owned(),
        ..Order::default()
    };
    run(instance, Input::bytes(bytes), order).map(|stored| stored.file)
}

fn run(instance: &Rc<Instance>, mut input: Input, order: Order<'_>) -> Result<Stored, Thrown> {
    let failed = |error| thrown(instance, error);
    let client = instance.client()?;
    let parallel = instance.transfers().uploads;
    let mut upload = Upload::new(&client, input.size, parallel, order.encrypted).map_err(failed)?;
    let mut progress = Progress::new(instance, "Upload", order.callback.as_ref(), input.size);
    let name = if order.name.is_empty() {
        input.name.clone()
    } else {
        order.name
    };
    let mut mime = order.mime;
    let mut facts = None;
    loop {
        let wanted = upload.wanted();
        if wanted == 0 {
            input.check_end(order.cancellation)?;
            break;
        }
        let part = input.read(upload.position(), wanted, order.cancellation)?;
        let given = part.len();
        if mime.is_none() {
            mime = Some(input.mime_of(&part, &name));
        }
        if facts.is_none() && order.looks {
            facts = Some(input.facts(&part, mime.as_deref().unwrap_or_default()));
        }
        if let Some(size) = input.size.filter(|_| given < wanted) {
            return Err(Thrown::Exception(format!(
                "{} ended after {} bytes, where {size} were announced",
                input.title(),
                upload.position() + given as u64
            )));
        }
        cancellation::wait(order.cancellation, upload.push(part))?.map_err(failed)?;
        progress.at(upload
            .position()
            .saturating_sub((upload.in_flight() * PART) as u64))?;
        if given < wanted {
            break;
        }
    }
    let uploaded = cancellation::wait(order.cancellation, upload.finish())?.map_err(failed)?;
    progress.end(uploaded.size)?;
    let mime = mime.unwrap_or_else(|| input.mime_of(b"", &name));
    Ok(Stored {
        file: described(&uploaded, &name, &mime)?,
        facts: facts.unwrap_or_default(),
        path: input.local_path().map(str::to_owned),
    })
}

/// The `InputFile`, with its MIME type beside it.
fn described(uploaded: &Uploaded, name: &str, mime: &str) -> Result<Zval, Thrown> {
    let constructor = match (&uploaded.sealed, uploaded.big) {
        (None, false) => "inputFile",
        (None, true) => "inputFileBig",
        (Some(_), false) => "inputEncryptedFileUploaded",
        (Some(_), true) => "inputEncryptedFileBigUploaded",
    };
    let mut file = ZendHashTable::with_capacity(10);
    file.insert("_", constructor)?;
    file.insert("id", sink::text(&uploaded.file_id.to_le_bytes()))?;
    file.insert("parts", i64::from(uploaded.parts))?;
    file.insert("name", name)?;
    file.insert("mime_type", mime)?;
    if let Some(sealed) = &uploaded.sealed {
        file.insert("key_fingerprint", i64::from(sealed.fingerprint))?;
        file.insert("key", sink::text(&sealed.key))?;
        file.insert("iv", sink::text(&sealed.iv))?;
        file.insert("size", uploaded.size as i64)?;
    }
    file.insert("md5_checksum", uploaded.md5.as_str())?;
    Ok(sink::array(file))
}
