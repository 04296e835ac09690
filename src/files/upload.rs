//! `upload()` and its relatives.

use std::rc::Rc;

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_client::files::{PART, Upload, Uploaded};

use super::classes;
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

/// All of them.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"upload", |frame: &mut Frame<'_>| {
        let order = Order {
            name: text(frame, 1),
            callback: frame.present(2).map(Zval::shallow_clone),
            encrypted: frame.bool(3).unwrap_or_default(),
            cancellation: frame.present(4),
            mime: None,
        };
        give(frame, |instance, file| any(instance, file, order))
    })
    .params(&[
        Param::required(c"file", Type::MIXED),
        FILE_NAME,
        CALLBACK,
        ENCRYPTED,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
    Method::new(c"uploadEncrypted", |frame: &mut Frame<'_>| {
        let order = Order {
            name: text(frame, 1),
            callback: frame.present(2).map(Zval::shallow_clone),
            encrypted: true,
            cancellation: frame.present(3),
            mime: None,
        };
        give(frame, |instance, file| any(instance, file, order))
    })
    .params(&[
        Param::required(c"file", Type::MIXED),
        FILE_NAME,
        CALLBACK,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
    Method::new(c"uploadFromUrl", |frame: &mut Frame<'_>| {
        let order = Order {
            name: text(frame, 2),
            callback: frame.present(3).map(Zval::shallow_clone),
            encrypted: frame.bool(4).unwrap_or_default(),
            cancellation: frame.present(5),
            mime: None,
        };
        let size = size(frame, 1);
        give(frame, |instance, file| {
            let (file, order) = unwrapped(file, order)?;
            let remote = classes::REMOTE_URL
                .object(&file)
                .map(|object| classes::REMOTE_URL.read(object, "url"));
            let url = remote.unwrap_or(file).string().unwrap_or_default();
            run(instance, Input::url(&url, size)?, order)
        })
    })
    .params(&[
        Param::required(c"url", Type::MIXED),
        SIZE,
        FILE_NAME,
        CALLBACK,
        ENCRYPTED,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
    Method::new(c"uploadFromStream", |frame: &mut Frame<'_>| {
        let order = Order {
            mime: mime(frame, 2),
            name: text(frame, 3),
            callback: frame.present(4).map(Zval::shallow_clone),
            encrypted: frame.bool(5).unwrap_or_default(),
            cancellation: frame.present(6),
        };
        let size = size(frame, 1);
        give(frame, |instance, file| {
            let (file, order) = unwrapped(file, order)?;
            run(instance, Input::stream(&file, size)?, order)
        })
    })
    .params(&[
        Param::required(c"stream", Type::MIXED),
        SIZE,
        MIME,
        FILE_NAME,
        CALLBACK,
        ENCRYPTED,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
    Method::new(c"uploadFromCallable", |frame: &mut Frame<'_>| {
        // What is seekable may be asked for in any order; it is asked for in ascending order.
        let order = Order {
            mime: mime(frame, 2),
            name: text(frame, 3),
            callback: frame.present(4).map(Zval::shallow_clone),
            encrypted: frame.bool(6).unwrap_or_default(),
            cancellation: frame.present(7),
        };
        let size = size(frame, 1);
        give(frame, |instance, file| {
            run(instance, Input::callable(file, size), order)
        })
    })
    .params(&[
        Param::required(c"callable", Type::CALLABLE),
        SIZE,
        MIME,
        FILE_NAME,
        CALLBACK,
        Param::optional(c"seekable", Type::BOOL, c"true"),
        ENCRYPTED,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
    Method::new(c"uploadFromTgfile", |frame: &mut Frame<'_>| {
        let order = Order {
            name: String::new(),
            callback: frame.present(1).map(Zval::shallow_clone),
            encrypted: frame.bool(2).unwrap_or_default(),
            cancellation: frame.present(3),
            mime: None,
        };
        give(frame, |instance, file| {
            let (file, order) = unwrapped(file, order)?;
            run(instance, Input::telegram(instance, &file)?, order)
        })
    })
    .params(&[
        Param::required(c"media", Type::MIXED),
        CALLBACK,
        ENCRYPTED,
        CANCELLATION,
    ])
    .returns(Type::ARRAY),
];

/// How a file is to be uploaded.
#[derive(Default)]
pub(super) struct Order<'z> {
    /// Instead of the name that the source has.
    pub(super) name: String,
    pub(super) mime: Option<String>,
    pub(super) callback: Option<Zval>,
    /// For a secret chat.
    pub(super) encrypted: bool,
    pub(super) cancellation: Option<&'z Zval>,
}

fn give(
    frame: &mut Frame<'_>,
    upload: impl FnOnce(&Rc<Instance>, &Zval) -> Result<Zval, Thrown>,
) -> Result<(), Thrown> {
    let instance = api::instance(frame)?;
    let nothing = Zval::new();
    let value = upload(instance, frame.arg(0).unwrap_or(&nothing))?;
    frame.give_zval(value);
    Ok(())
}

fn text(frame: &Frame<'_>, index: usize) -> String {
    frame.text(index).unwrap_or_default().into_owned()
}

fn mime(frame: &Frame<'_>, index: usize) -> Option<String> {
    let mime = frame.text(index)?.into_owned();
    (!mime.is_empty()).then_some(mime)
}

/// A size that is 0 is not known.
fn size(frame: &Frame<'_>, index: usize) -> Option<u64> {
    let size = frame.int(index)?;
    u64::try_from(size).ok().filter(|size| *size > 0)
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

/// Uploads whatever stands for a file.
pub(super) fn any(instance: &Rc<Instance>, file: &Zval, order: Order<'_>) -> Result<Zval, Thrown> {
    let (file, order) = unwrapped(file, order)?;
    let input = Input::of(instance, &file)?;
    run(instance, input, order)
}

fn run(instance: &Rc<Instance>, mut input: Input, order: Order<'_>) -> Result<Zval, Thrown> {
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
    loop {
        let wanted = upload.wanted();
        if wanted == 0 {
            break;
        }
        let part = input.read(upload.position(), wanted, order.cancellation)?;
        let given = part.len();
        if mime.is_none() {
            mime = Some(input.mime_of(&part, &name));
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
    described(&uploaded, &name, &mime)
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
