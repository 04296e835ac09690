//! Files in the arguments of calls (specification §2.2, §2.5): what stands for a file is uploaded where the schema wants an
//! `InputFile`, and files of Telegram's take the form that the schema wants.

use std::rc::Rc;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use ext_php_rs::types::{ZendHashTable, Zval};
use madeline_tl::{Definition, EntryKey, Param, Schema, Ty};

use super::classes::REMOTE_URL;
use super::upload::{self, Order};
use super::{info, unpack};
use crate::api::instance::Instance;
use crate::call;
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::zval::{entries, sink};

/// Arguments with their files uploaded; `None` where nothing changes.
pub(crate) fn expand(
    instance: &Rc<Instance>,
    method: Definition<'_>,
    arguments: &Zval,
) -> Result<Option<Zval>, Thrown> {
    let Some(table) = arguments.array().filter(|_| takes_files(method)) else {
        return Ok(None);
    };
    let files = Files { instance };
    let Some(mut changed) = files.object(method, table)? else {
        return Ok(None);
    };
    if method.name() == "messages.sendMultiMedia" {
        files.upload_album(&mut changed)?;
    }
    Ok(Some(sink::array(changed)))
}

/// Whether a method may be given files. Every call asks, so the answer is kept for the methods that everybody has.
pub(crate) fn takes_files(method: Definition<'_>) -> bool {
    const NO: u8 = 1;
    const YES: u8 = 2;
    static ANSWERS: OnceLock<Box<[AtomicU8]>> = OnceLock::new();
    let ask = || method.params().any(|param| held(param).is_some());
    let api = Schema::api();
    if !std::ptr::eq(method.schema(), api) {
        return ask();
    }
    let answers = ANSWERS.get_or_init(|| {
        let definitions = api.constructors().len() + api.methods().len();
        (0..definitions).map(|_| AtomicU8::new(0)).collect()
    });
    let Some(answer) = answers.get(usize::from(method.number().0)) else {
        return ask();
    };
    match answer.load(Ordering::Relaxed) {
        NO => false,
        YES => true,
        _ => {
            let takes = ask();
            answer.store(if takes { YES } else { NO }, Ordering::Relaxed);
            takes
        }
    }
}

/// Whether values of a type are files, or may have some in them.
fn may_hold_files(ty: &str) -> bool {
    matches!(
        ty,
        "InputFile"
            | "InputEncryptedFile"
            | "InputMedia"
            | "InputSingleMedia"
            | "InputDocument"
            | "InputPhoto"
            | "InputFileLocation"
            | "InputChatPhoto"
            | "InputStickerSetItem"
            | "InputStickeredMedia"
            | "InputBotInlineResult"
    )
}

struct Files<'i> {
    instance: &'i Rc<Instance>,
}

type Table = ext_php_rs::boxed::ZBox<ZendHashTable>;

impl Files<'_> {
    /// The fields of an object, or the parameters of a method; an album's are always copied.
    fn object(
        &self,
        definition: Definition<'_>,
        table: &ZendHashTable,
    ) -> Result<Option<Table>, Thrown> {
        let mut changed = None;
        for param in definition.params() {
            let Some((ty, is_list)) = held(param) else {
                continue;
            };
            let given = table.get(param.name()).map(Zval::dereference);
            let Some(given) = given.filter(|given| !given.is_null()) else {
                continue;
            };
            let new = if is_list {
                self.list(ty, given)?
            } else {
                self.value(ty, given)?
            };
            if let Some(new) = new {
                changed
                    .get_or_insert_with(|| table.to_owned())
                    .insert(param.name(), new)?;
            }
        }
        let is_album = definition.name() == "messages.sendMultiMedia";
        Ok(changed.or_else(|| is_album.then(|| table.to_owned())))
    }

    fn list(&self, ty: &str, given: &Zval) -> Result<Option<Zval>, Thrown> {
        let Some(items) = given.array() else {
            return Ok(None);
        };
        let mut changed: Option<Table> = None;
        for (key, item) in entries::entries(items) {
            let (Some(new), EntryKey::Index(index)) = (self.value(ty, item.dereference())?, key)
            else {
                continue;
            };
            changed
                .get_or_insert_with(|| items.to_owned())
                .insert_at_index(index, new)?;
        }
        Ok(changed.map(sink::array))
    }

    fn value(&self, ty: &str, given: &Zval) -> Result<Option<Zval>, Thrown> {
        let schema = self.instance.schema();
        let constructor = given
            .array()
            .and_then(|table| table.get("_"))
            .and_then(Zval::str)
            .and_then(|name| schema.constructor(name));
        let own = constructor.filter(
            |constructor| matches!(constructor.ty(), Ty::Boxed(id) if schema.type_name(id) == ty),
        );
        if let (Some(constructor), Some(table)) = (own, given.array()) {
            let external = match constructor.name() {
                "inputMediaPhotoExternal" => Some("inputMediaUploadedPhoto"),
                "inputMediaDocumentExternal" => Some("inputMediaUploadedDocument"),
                _ => None,
            };
            if let Some(uploaded) = external {
                return self.fetched(uploaded, table).map(Some);
            }
            return Ok(self.object(constructor, table)?.map(sink::array));
        }
        match ty {
            "InputFile" | "InputEncryptedFile" | "InputMedia" | "InputDocument" | "InputPhoto"
            | "InputFileLocation" => self.converted(ty, given),
            // Nothing else stands for them.
            _ => Ok(None),
        }
    }

    /// Something else than the type's own constructors.
    fn converted(&self, ty: &str, given: &Zval) -> Result<Option<Zval>, Thrown> {
        let order = Order::default();
        match ty {
            "InputFile" | "InputEncryptedFile" => {
                if !self.instance.transfers().automatic_uploads {
                    return Ok(None);
                }
                let order = Order {
                    encrypted: ty == "InputEncryptedFile",
                    ..order
                };
                upload::any(self.instance, given, order).map(|stored| Some(stored.file))
            }
            "InputFileLocation" => Ok(info::place_of(self.instance, given)?),
            _ => {
                let forms = unpack::forms(self.instance, given)?;
                let form = forms.array().and_then(|forms| forms.get(ty));
                match form {
                    Some(form) => Ok(Some(form.shallow_clone())),
                    None => Err(Thrown::Exception(format!(
                        "Could not convert object of type {ty}"
                    ))),
                }
            }
        }
    }

    /// A file of the web, fetched here and uploaded: Telegram's servers cannot reach every address.
    fn fetched(&self, uploaded: &str, media: &ZendHashTable) -> Result<Zval, Thrown> {
        let mut media = media.to_owned();
        let url = media.get("url").map(Zval::shallow_clone);
        let mut remote = REMOTE_URL.instantiate();
        REMOTE_URL.initialize(Object::new(&mut remote), "url", url.unwrap_or_default());
        let mut file = Zval::new();
        file.set_object(&mut remote);
        let file = upload::any(self.instance, &file, Order::default())?.file;
        if uploaded == "inputMediaUploadedDocument" {
            let name = file
                .array()
                .and_then(|file| file.get("name"))
                .map(Zval::shallow_clone);
            let mut attribute = ZendHashTable::new();
            attribute.insert("_", "documentAttributeFilename")?;
            attribute.insert("file_name", name.unwrap_or_default())?;
            let mut attributes = ZendHashTable::new();
            attributes.push(attribute)?;
            media.insert("attributes", attributes)?;
        }
        media.remove("url");
        media.insert("_", uploaded)?;
        media.insert("file", file)?;
        Ok(sink::array(media))
    }

    /// Albums are made of files that the server has: new ones go to `messages.uploadMedia` first.
    fn upload_album(&self, arguments: &mut ZendHashTable) -> Result<(), Thrown> {
        let Some(items) = arguments.get("multi_media").and_then(Zval::array) else {
            return Ok(());
        };
        let peer = arguments.get("peer").map(Zval::shallow_clone);
        let mut album = items.to_owned();
        for (key, item) in entries::entries(items) {
            let (EntryKey::Index(index), Some(item)) = (key, item.dereference().array()) else {
                continue;
            };
            let Some(media) = item.get("media").map(Zval::dereference) else {
                continue;
            };
            let kind = media
                .array()
                .and_then(|media| media.get("_"))
                .and_then(Zval::str);
            if !kind.is_some_and(|kind| kind.starts_with("inputMediaUploaded")) {
                continue;
            }
            let mut upload = ZendHashTable::new();
            upload.insert(
                "peer",
                peer.as_ref().map(Zval::shallow_clone).unwrap_or_default(),
            )?;
            upload.insert("media", media.shallow_clone())?;
            let method = call::method(self.instance, "messages.uploadMedia")?;
            let shown = call::perform(self.instance, method, &sink::array(upload))?;
            let forms = unpack::forms(self.instance, &shown)?;
            let Some(input) = forms.array().and_then(|forms| forms.get("InputMedia")) else {
                continue;
            };
            let mut item = item.to_owned();
            item.insert("media", input.shallow_clone())?;
            album.insert_at_index(index, item)?;
        }
        arguments.insert("multi_media", album)?;
        Ok(())
    }
}

/// The type of a parameter that may hold files, and whether it is a list of them.
fn held(param: Param<'_>) -> Option<(&str, bool)> {
    let schema = param.schema();
    let (ty, is_list) = match param.ty() {
        Ty::Vector(id) => (schema.vector(id).1, true),
        ty => (ty, false),
    };
    let Ty::Boxed(id) = ty else {
        return None;
    };
    let name = schema.type_name(id);
    may_hold_files(name).then_some((name, is_list))
}
