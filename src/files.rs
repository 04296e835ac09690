//! Files as scripts know them: what stands for one, uploads, downloads, and files in the arguments of calls.
//!
//! The bytes are moved by `madeline_client::files`; here they come from PHP and go to PHP, on its thread. No lock and no
//! borrow is held while a callable of the script runs.

mod browser;
mod classes;
mod download;
mod ffmpeg;
pub(crate) mod given;
pub(crate) mod implicit;
mod info;
mod input;
mod link;
mod local;
pub(crate) mod messages;
mod mime;
pub(crate) mod origins;
mod progress;
mod reply;
mod request;
mod save;
pub(crate) mod send;
mod stream;
mod streams;
mod targets;
mod unpack;
mod upload;
mod url;

use crate::class::{Class, Method, Param, Type};

pub(crate) use browser::METHODS as BROWSER;
pub(crate) use ffmpeg::METHODS as FFMPEG;
pub(crate) use info::{bytes_of, info as media_info};
pub(crate) use link::{METHODS as LINKS, link_to};
pub(crate) use messages::METHODS as MESSAGES;
pub(crate) use mime::METHODS as MIME;
pub(crate) use send::METHODS as SENDERS;
pub(crate) use streams::{METHODS as STREAMS, STATIC as STREAM_TOOLS};
pub(crate) use targets::{METHODS as DOWNLOADS, Save, save_as, save_in, stream_of};
pub(crate) use unpack::extract as bot_api_file;
pub(crate) use upload::METHODS as UPLOADS;
pub(crate) use upload::bytes as upload_bytes;

/// The classes of this module, interfaces first.
pub(crate) static CLASSES: &[&Class] = &[
    &classes::LOCAL_FILE,
    &classes::REMOTE_URL,
    &classes::BOT_API_FILE_ID,
    &classes::FILE_CALLBACK_INTERFACE,
    &classes::FILE_CALLBACK,
    &stream::FILE_STREAM,
];

/// What is known of files.
pub(crate) const INFO: &[Method] = &[
    Method::new(c"getDownloadInfo", info::download_info)
        .params(&[Param::required(c"messageMedia", Type::MIXED)])
        .returns(Type::ARRAY),
    Method::new(c"getFileInfo", unpack::file_info)
        .params(&[Param::required(c"constructor", Type::MIXED)])
        .returns(Type::ARRAY),
    Method::new(c"unpackFileId", unpack::unpack_file_id)
        .params(&[Param::required(c"fileId", Type::STRING)])
        .returns(Type::ARRAY)
        .of_class(),
    Method::new(c"extractBotAPIFile", unpack::extract_bot_api_file)
        .params(&[Param::required(c"info", Type::ARRAY)])
        .returns(Type::ARRAY.nullable())
        .of_class(),
];
