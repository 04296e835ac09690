//! `\danog\MadelineProto\EventHandler\Message\ServiceMessage`: messages that tell what has happened in a chat. These are the
//! ones that methods of messages return.

use ext_php_rs::types::{ZendHashTable, Zval};

use super::classes::ABSTRACT_MESSAGE;
use crate::class::{Base, Class, Literal, Object, Property, Type, c_str};
use crate::exceptions::Thrown;
use crate::zval::{entries, sink};

/// What all of them are.
static SERVICE_MESSAGE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Message\\ServiceMessage",
    flags: Class::ABSTRACT,
    parent: Some(Base::Ours(&ABSTRACT_MESSAGE)),
    ..Class::DEFAULT
};

/// A class, the `MessageAction` it is of, and its properties with their keys; what has no key is an empty list.
pub(super) struct Kind {
    pub(super) class: &'static Class,
    action: &'static str,
    fields: &'static [(&'static str, &'static str)],
}

macro_rules! kinds {
    ($($class:ident $name:literal $action:literal [$($property:literal $key:literal $ty:expr;)*])*) => {
        $(
            #[doc = concat!("`", $action, "`.")]
            static $class: Class = Class {
                name: c_str(concat!("danog\\MadelineProto\\EventHandler\\Message\\Service\\", $name, "\0")),
                flags: Class::FINAL,
                parent: Some(Base::Ours(&SERVICE_MESSAGE)),
                properties: &[$(
                    Property::new(c_str(concat!($property, "\0")), $ty, Literal::Uninitialized).readonly()
                ),*],
                ..Class::DEFAULT
            };
        )*

        static KINDS: &[Kind] = &[$(
            Kind { class: &$class, action: $action, fields: &[$(($property, $key)),*] }
        ),*];

        /// The classes of this module, parents first.
        pub(in crate::types) static CLASSES: &[&Class] = &[&SERVICE_MESSAGE, $(&$class),*];
    };
}

kinds! {
    DIALOG_SET_TTL "DialogSetTTL" "messageActionSetMessagesTTL" [
        "period" "period" Type::INT;
        "autoSettingFrom" "auto_setting_from" Type::INT.nullable();
    ]
    DIALOG_TOPIC_CREATED "DialogTopicCreated" "messageActionTopicCreate" [
        "title" "title" Type::STRING;
        "iconColor" "icon_color" Type::INT;
        "iconEmojiId" "icon_emoji_id" Type::INT.nullable();
    ]
    DIALOG_TOPIC_EDITED "DialogTopicEdited" "messageActionTopicEdit" [
        "title" "title" Type::STRING.nullable();
        "iconEmojiId" "icon_emoji_id" Type::INT.nullable();
        "closed" "closed" Type::BOOL.nullable();
        "hidden" "hidden" Type::BOOL.nullable();
    ]
    DIALOG_SCREENSHOT_TAKEN "DialogScreenshotTaken" "messageActionScreenshotTaken" [
        "ids" "" Type::ARRAY;
    ]
}

/// What a service message with this action is.
pub(super) fn kind(action: Option<&ZendHashTable>) -> Result<&'static Kind, Thrown> {
    let name = action
        .and_then(|action| action.get("_"))
        .and_then(Zval::str);
    let name = name.unwrap_or_default();
    KINDS
        .iter()
        .find(|kind| kind.action == name)
        .ok_or_else(|| {
            Thrown::Exception(if name.is_empty() {
                "wrapMessage(): message.action: a constructor of MessageAction was expected"
                    .to_owned()
            } else {
                format!("wrapMessage(): there are no objects for {name} yet: use the array")
            })
        })
}

impl Kind {
    /// Gives an object what its action says.
    pub(super) fn fill(&self, object: &Object, action: &ZendHashTable) -> Result<(), Thrown> {
        for (property, key) in self.fields {
            let value = if key.is_empty() {
                sink::array(ZendHashTable::new())
            } else {
                let given = entries::present(action, key);
                given.map(Zval::shallow_clone).unwrap_or_default()
            };
            self.class.write(object, property, value)?;
        }
        Ok(())
    }
}
