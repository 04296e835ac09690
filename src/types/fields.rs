//! The fields of TL objects, as typed objects read them from the arrays that calls return.
//!
//! What is of another type than TL says throws: the array may come from the script.

use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::bytes;
use crate::call;
use crate::class::{Class, type_name};
use crate::exceptions::Thrown;
use crate::zval::entries::values;
use crate::zval::name::Name;

/// The names of fields.
pub(super) mod names {
    use crate::zval::name::Name;

    macro_rules! names {
        ($($symbol:ident $text:literal)*) => {
            $(pub(in crate::types) static $symbol: Name = Name::new($text);)*

            /// All of them.
            pub(in crate::types) static ALL: &[&Name] = &[$(&$symbol),*];
        };
    }

    names! {
        PREDICATE "_"
        ID "id"
        OUT "out"
        PEER_ID "peer_id"
        FROM_ID "from_id"
        DATE "date"
        MENTIONED "mentioned"
        SILENT "silent"
        POST "post"
        TTL_PERIOD "ttl_period"
        REPLY_TO "reply_to"
        REPLY_TO_SCHEDULED "reply_to_scheduled"
        REPLY_TO_MSG_ID "reply_to_msg_id"
        REPLY_TO_TOP_ID "reply_to_top_id"
        REPLY_TO_PEER_ID "reply_to_peer_id"
        FORUM_TOPIC "forum_topic"
        NO_FORWARDS "noforwards"
        VIEWS "views"
        FORWARDS "forwards"
        POST_AUTHOR "post_author"
        GROUPED_ID "grouped_id"
        EDIT_DATE "edit_date"
        EDIT_HIDE "edit_hide"
        MESSAGE "message"
        FROM_SCHEDULED "from_scheduled"
        ENTITIES "entities"
        VIA_BOT_ID "via_bot_id"
        FWD_FROM "fwd_from"
        FROM_NAME "from_name"
        CHANNEL_POST "channel_post"
        SAVED_FROM_PEER "saved_from_peer"
        SAVED_FROM_MSG_ID "saved_from_msg_id"
        PSA_TYPE "psa_type"
        IMPORTED "imported"
        MEDIA "media"
        REPLY_MARKUP "reply_markup"
        ROWS "rows"
        BUTTONS "buttons"
        REACTIONS "reactions"
        RESULTS "results"
        CHOSEN_ORDER "chosen_order"
        REACTION "reaction"
        EMOTICON "emoticon"
        DOCUMENT_ID "document_id"
        POLL "poll"
        QUIZ "quiz"
        MULTIPLE_CHOICE "multiple_choice"
        QUESTION "question"
        CLOSED "closed"
        CLOSE_PERIOD "close_period"
        CLOSE_DATE "close_date"
        ANSWERS "answers"
        TEXT "text"
        OPTION "option"
        CHOSEN "chosen"
        CORRECT "correct"
        VOTERS "voters"
        RECENT_VOTERS "recent_voters"
        TOTAL_VOTERS "total_voters"
        SOLUTION "solution"
        SOLUTION_ENTITIES "solution_entities"
        ACTION "action"
        ATTACH_MENU "attach_menu"
        DOMAIN "domain"
        APP "app"
        USERS "users"
        USER_ID "user_id"
        INVITER_ID "inviter_id"
        TITLE "title"
        PHOTO "photo"
        RANDOM_IDS "random_ids"
        CHANNEL_ID "channel_id"
        CHAT_ID "chat_id"
        GAME_ID "game_id"
        SCORE "score"
        TO_ID "to_id"
        DISTANCE "distance"
        VIDEO "video"
        CALL_ID "call_id"
        REASON "reason"
        DURATION "duration"
        CALL "call"
        ACCESS_HASH "access_hash"
        SCHEDULE_DATE "schedule_date"
        PERIOD "period"
        AUTO_SETTING_FROM "auto_setting_from"
        THEME "theme"
        DATA "data"
        CURRENCY "currency"
        AMOUNT "amount"
        MONTHS "months"
        DAYS "days"
        CRYPTO_CURRENCY "crypto_currency"
        CRYPTO_AMOUNT "crypto_amount"
        ICON_COLOR "icon_color"
        ICON_EMOJI_ID "icon_emoji_id"
        HIDDEN "hidden"
        BUTTON_ID "button_id"
        PEERS "peers"
        SAME "same"
        WALLPAPER "wallpaper"
        SETTINGS "settings"
        SHORT_NAME "short_name"
        DESCRIPTION "description"
        DOCUMENT "document"
        HASH "hash"
        CREATOR "creator"
        DEFAULT "default"
        PATTERN "pattern"
        DARK "dark"
        SLUG "slug"
        BLUR "blur"
        MOTION "motion"
        BACKGROUND_COLOR "background_color"
        SECOND_BACKGROUND_COLOR "second_background_color"
        THIRD_BACKGROUND_COLOR "third_background_color"
        FOURTH_BACKGROUND_COLOR "fourth_background_color"
        INTENSITY "intensity"
        ROTATION "rotation"
        QUERY_ID "query_id"
        CHAT_INSTANCE "chat_instance"
        GAME_SHORT_NAME "game_short_name"
        PEER "peer"
        MSG_ID "msg_id"
        DC_ID "dc_id"
        OWNER_ID "owner_id"
        QUERY "query"
        OFFSET "offset"
        PEER_TYPE "peer_type"
        GEO "geo"
        LONG "long"
        LAT "lat"
        ACCURACY_RADIUS "accuracy_radius"
        PROGRESS "progress"
    }
}

/// The fields of one object.
#[derive(Clone, Copy)]
pub(super) struct Fields<'t> {
    table: &'t ZendHashTable,
    /// What the object is called in messages: how it is reached from the argument.
    path: &'static str,
}

impl<'t> Fields<'t> {
    pub(super) fn new(table: &'t ZendHashTable, path: &'static str) -> Self {
        Self { table, path }
    }

    /// The constructor's name; empty where there is none.
    pub(super) fn predicate(&self) -> &'t str {
        let name = names::PREDICATE.of(self.table).and_then(Zval::str);
        name.unwrap_or_default()
    }

    /// The constructor's name, as errors say what was found.
    pub(super) fn described(&self) -> &'t str {
        match self.predicate() {
            "" => "an array without \"_\"",
            name => name,
        }
    }

    pub(super) fn get(&self, name: &Name) -> Option<&'t Zval> {
        name.of(self.table)
    }

    /// A flag; false where it is absent.
    pub(super) fn flag(&self, name: &Name) -> Result<bool, Thrown> {
        Ok(self.read(name, "a bool", Zval::bool)?.unwrap_or_default())
    }

    pub(super) fn int(&self, name: &Name) -> Result<Option<i64>, Thrown> {
        self.read(name, "an int", Zval::long)
    }

    /// An int that is always there.
    pub(super) fn required_int(&self, name: &Name) -> Result<i64, Thrown> {
        self.int(name)?.ok_or_else(|| self.missing(name, "an int"))
    }

    /// A number that is always there; whole ones may be ints, as JSON has them.
    pub(super) fn required_float(&self, name: &Name) -> Result<f64, Thrown> {
        #[expect(clippy::cast_precision_loss, reason = "as PHP does it")]
        let number = |value: &Zval| value.double().or_else(|| Some(value.long()? as f64));
        self.read(name, "a float", number)?
            .ok_or_else(|| self.missing(name, "a float"))
    }

    /// A string, as a value; null where it is absent.
    pub(super) fn text(&self, name: &Name) -> Result<Zval, Thrown> {
        let text = self.read(name, "a string", |value| {
            value.is_string().then(|| value.shallow_clone())
        })?;
        Ok(text.unwrap_or_default())
    }

    /// A string that is always there, as a value.
    pub(super) fn required_text_value(&self, name: &Name) -> Result<Zval, Thrown> {
        let text = self.text(name)?;
        if text.is_null() {
            return Err(self.missing(name, "a string"));
        }
        Ok(text)
    }

    /// A string that is always there.
    pub(super) fn required_text(&self, name: &Name) -> Result<&'t ZendStr, Thrown> {
        self.read(name, "a string", Zval::zend_str)?
            .ok_or_else(|| self.missing(name, "a string"))
    }

    /// An object; `path` is what it is called in messages.
    pub(super) fn object(
        &self,
        name: &Name,
        path: &'static str,
    ) -> Result<Option<Fields<'t>>, Thrown> {
        let table = self.array(name)?;
        Ok(table.map(|table| Fields { table, path }))
    }

    /// An object that is always there.
    pub(super) fn required_object(
        &self,
        name: &Name,
        path: &'static str,
    ) -> Result<Fields<'t>, Thrown> {
        self.object(name, path)?
            .ok_or_else(|| self.missing(name, "an object"))
    }

    /// The objects of a list; none where it is absent.
    pub(super) fn objects(
        &self,
        name: &Name,
        path: &'static str,
    ) -> Result<Vec<Fields<'t>>, Thrown> {
        let list = self.array(name)?;
        list.into_iter()
            .flat_map(values)
            .map(|item| match item.dereference().array() {
                Some(table) => Ok(Fields { table, path }),
                None => Err(Thrown::Exception(format!(
                    "{path}: expected a list of objects, found {} in it",
                    type_name(item.dereference())
                ))),
            })
            .collect()
    }

    /// Bytes that are always there: as an object, or as a string.
    pub(super) fn required_bytes(&self, name: &Name) -> Result<&'t [u8], Thrown> {
        let content = |value: &'t Zval| match value.object() {
            Some(object) => bytes::content(object),
            None => value.zend_str().map(ZendStr::as_bytes),
        };
        self.read(name, "bytes", content)?
            .ok_or_else(|| self.missing(name, "bytes"))
    }

    /// A list, or an object.
    pub(super) fn array(&self, name: &Name) -> Result<Option<&'t ZendHashTable>, Thrown> {
        self.read(name, "an array", Zval::array)
    }

    /// A list, or an object, that is always there.
    pub(super) fn required_array(&self, name: &Name) -> Result<&'t ZendHashTable, Thrown> {
        self.array(name)?
            .ok_or_else(|| self.missing(name, "an array"))
    }

    /// An object of a PHP class that is always there, as a value.
    pub(super) fn required_instance(&self, name: &Name, class: &Class) -> Result<Zval, Thrown> {
        let wanted = format!("a {}", class.name.to_string_lossy());
        self.read(name, &wanted, |value| {
            class.object(value).map(|_| value.shallow_clone())
        })?
        .ok_or_else(|| self.missing(name, &wanted))
    }

    /// The bot API's number of a peer.
    pub(super) fn peer(&self, name: &Name) -> Result<Option<i64>, Thrown> {
        self.read(name, "a peer", peer)
    }

    /// The bot API's number of a peer that is always there.
    pub(super) fn required_peer(&self, name: &Name) -> Result<i64, Thrown> {
        self.peer(name)?.ok_or_else(|| self.missing(name, "a peer"))
    }

    fn read<T>(
        &self,
        name: &Name,
        wanted: &str,
        convert: impl FnOnce(&'t Zval) -> Option<T>,
    ) -> Result<Option<T>, Thrown> {
        let Some(value) = self.get(name) else {
            return Ok(None);
        };
        match convert(value) {
            Some(value) => Ok(Some(value)),
            None => Err(Thrown::Exception(format!(
                "{}.{}: expected {wanted}, found {}",
                self.path,
                name.text(),
                type_name(value)
            ))),
        }
    }

    fn missing(&self, name: &Name, wanted: &str) -> Thrown {
        Thrown::Exception(format!(
            "{}.{}: expected {wanted}, found nothing",
            self.path,
            name.text()
        ))
    }
}

/// The bot API's number of a peer in results: as the number itself, or as releases before 8 have it.
pub(super) fn peer(value: &Zval) -> Option<i64> {
    value.long().or_else(|| call::peer_number(value.array()?))
}

/// A number, or null.
pub(super) fn number(value: impl Into<Option<i64>>) -> Zval {
    let mut number = Zval::new();
    if let Some(value) = value.into() {
        number.set_long(value);
    }
    number
}
