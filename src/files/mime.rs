//! What sort of file something is: from its first bytes, else from its name.

use std::fs::File;
use std::io::Read;

use ext_php_rs::types::Zval;

use crate::class::{Frame, Method, Param, Type};
use crate::exceptions::Thrown;

/// What is said of bytes that say nothing themselves.
pub(super) const UNKNOWN: &str = "application/octet-stream";
/// How many bytes are looked at.
const HEAD: u64 = 8192;

/// Where several extensions mean one type: the usual one.
const USUAL: [(&str, &str); 22] = [
    ("application/gzip", "gz"),
    ("application/msword", "doc"),
    ("application/octet-stream", "bin"),
    ("application/pdf", "pdf"),
    ("application/vnd.android.package-archive", "apk"),
    ("application/x-tgsticker", "tgs"),
    ("application/xml", "xml"),
    ("audio/mp4", "m4a"),
    ("audio/mpeg", "mp3"),
    ("audio/ogg", "ogg"),
    ("audio/x-wav", "wav"),
    ("image/jpeg", "jpg"),
    ("image/svg+xml", "svg"),
    ("image/tiff", "tiff"),
    ("image/webp", "webp"),
    ("text/html", "html"),
    ("text/plain", "txt"),
    ("video/mp4", "mp4"),
    ("video/mpeg", "mpeg"),
    ("video/quicktime", "mov"),
    ("video/webm", "webm"),
    ("video/x-matroska", "mkv"),
];

/// Static methods.
pub(crate) const METHODS: &[Method] = &[
    Method::new(c"getExtensionFromMime", |frame: &mut Frame<'_>| {
        let mime = frame.text(0).unwrap_or_default();
        frame.give(extension_of(&mime))
    })
    .params(&[Param::required(c"mime", Type::STRING)])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"getMimeFromExtension", |frame: &mut Frame<'_>| {
        let extension = frame.text(0).unwrap_or_default();
        match of_extension(&extension) {
            Some(mime) => frame.give(mime),
            None => frame.give(frame.text(1).unwrap_or_default().as_ref()),
        }
    })
    .params(&[
        Param::required(c"extension", Type::STRING),
        Param::required(c"default", Type::STRING),
    ])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"getMimeFromBuffer", |frame: &mut Frame<'_>| {
        let head = frame.bytes(0).unwrap_or_default();
        frame.give(of_bytes(head))
    })
    .params(&[Param::required(c"buffer", Type::STRING)])
    .returns(Type::STRING)
    .of_class(),
    Method::new(c"getMimeFromFile", of_file)
        .params(&[Param::required(c"file", Type::STRING)])
        .returns(Type::STRING)
        .of_class(),
    Method::new(c"getExtensionFromLocation", |frame: &mut Frame<'_>| {
        let location = frame.array(0);
        let kind = location
            .and_then(|location| location.get("_"))
            .and_then(Zval::str);
        match kind {
            Some("inputPhotoFileLocation" | "inputPeerPhotoFileLocation") => frame.give(".jpg"),
            _ => frame.give(frame.text(1).unwrap_or_default().as_ref()),
        }
    })
    .params(&[
        Param::required(c"location", Type::MIXED),
        Param::required(c"default", Type::STRING),
    ])
    .returns(Type::STRING)
    .of_class(),
];

fn of_file(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let path = frame.text(0).unwrap_or_default();
    super::local::check_basedir(&path)?;
    let mut head = Vec::new();
    let read = File::open(path.as_ref()).and_then(|file| file.take(HEAD).read_to_end(&mut head));
    if let Err(error) = read {
        return Err(Thrown::Exception(format!("cannot read {path}: {error}")));
    }
    frame.give(detect(&head, &path))
}

/// The type of a file with these first bytes and this name.
pub(super) fn detect(head: &[u8], name: &str) -> String {
    if let Some(kind) = infer::get(head) {
        // Archives that documents are made of tell no more than their names do.
        let is_container = matches!(kind.extension(), "zip" | "xml" | "gz");
        let named = split(name).1;
        let named = is_container.then(|| of_extension(&named)).flatten();
        return named.unwrap_or_else(|| kind.mime_type().to_owned());
    }
    of_extension(&split(name).1).unwrap_or_else(|| of_bytes(head))
}

/// The type of a file with these first bytes.
fn of_bytes(head: &[u8]) -> String {
    if let Some(kind) = infer::get(head) {
        return kind.mime_type().to_owned();
    }
    let is_text = match std::str::from_utf8(head) {
        Ok(text) => is_plain(text),
        // A letter may be cut at the end.
        Err(error) => {
            error.error_len().is_none()
                && head
                    .get(..error.valid_up_to())
                    .is_some_and(|text| std::str::from_utf8(text).is_ok_and(is_plain))
        }
    };
    if is_text && !head.is_empty() {
        "text/plain".to_owned()
    } else {
        UNKNOWN.to_owned()
    }
}

fn is_plain(text: &str) -> bool {
    !text
        .chars()
        .any(|letter| letter.is_control() && !letter.is_whitespace() && letter != '\u{1b}')
}

/// The type of an extension, with or without its dot.
pub(super) fn of_extension(extension: &str) -> Option<String> {
    let extension = extension.trim_start_matches('.').to_ascii_lowercase();
    let usual = USUAL.iter().find(|(_, usual)| *usual == extension);
    match usual {
        Some((mime, _)) => Some((*mime).to_owned()),
        None => mime_guess::from_ext(&extension)
            .first_raw()
            .map(str::to_owned),
    }
}

/// The extension of a type, with its dot; empty where there is none.
pub(super) fn extension_of(mime: &str) -> String {
    let mime = mime.split(';').next().unwrap_or_default().trim();
    let mime = mime.to_ascii_lowercase();
    let usual = USUAL.iter().find(|(usual, _)| *usual == mime);
    let extension = match usual {
        Some((_, extension)) => Some(*extension),
        None => mime_guess::get_mime_extensions_str(&mime)
            .and_then(|extensions| extensions.first().copied()),
    };
    extension.map_or_else(String::new, |extension| format!(".{extension}"))
}

/// A file's name without directories, and its extension with its dot.
pub(super) fn split(name: &str) -> (String, String) {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    match base.rsplit_once('.') {
        Some((stem, extension)) => (stem.to_owned(), format!(".{extension}")),
        None => (base.to_owned(), String::new()),
    }
}
