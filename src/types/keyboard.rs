//! `\danog\MadelineProto\EventHandler\Keyboard`: the buttons of a message (specification §3.2, §8.6).

use ext_php_rs::convert::IntoZval;
use ext_php_rs::types::{ZendHashTable, ZendStr, Zval};

use super::button::{self, BUTTON};
use super::fields::{Fields, names};
use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type, type_name};
use crate::exceptions::Thrown;
use crate::zval::entries::values;
use crate::zval::sink;

const WAIT: Param = Param::required(c"waitForResult", Type::BOOL);

/// Either kind.
static KEYBOARD: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Keyboard",
    flags: Class::ABSTRACT,
    properties: &[Property::new(c"buttons", Type::ARRAY, Literal::Uninitialized).readonly()],
    methods: &[
        Method::new(c"__construct", |_: &mut Frame<'_>| Ok(())).protected(),
        Method::new(c"fromRawReplyMarkup", |frame: &mut Frame<'_>| {
            let keyboard = frame.array(0).map(of).transpose()?;
            frame.give_zval(keyboard.unwrap_or_default());
            Ok(())
        })
        .params(&[Param::required(c"rawReplyMarkup", Type::ARRAY)])
        .returns(Type::class(c"self").nullable())
        .of_class(),
        Method::new(c"pressByCoordinates", press_by_coordinates)
            .params(&[
                Param::required(c"row", Type::INT),
                Param::required(c"column", Type::INT),
                WAIT,
            ])
            .returns(Type::MIXED),
        Method::new(c"press", press)
            .params(&[Param::required(c"label", Type::STRING), WAIT])
            .returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// Buttons under a message.
static INLINE_KEYBOARD: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Keyboard\\InlineKeyboard",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&KEYBOARD)),
    ..Class::DEFAULT
};

/// Buttons in place of the letters.
static REPLY_KEYBOARD: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Keyboard\\ReplyKeyboard",
    flags: Class::FINAL,
    parent: Some(Base::Ours(&KEYBOARD)),
    ..Class::DEFAULT
};

/// The classes of this module, parents first.
pub(super) static CLASSES: &[&Class] = &[&KEYBOARD, &INLINE_KEYBOARD, &REPLY_KEYBOARD];

/// The object for a `ReplyMarkup`; null for one without buttons.
pub(super) fn of(markup: &ZendHashTable) -> Result<Zval, Thrown> {
    let markup = Fields::new(markup, "reply_markup");
    let class = match markup.predicate() {
        "replyInlineMarkup" => &INLINE_KEYBOARD,
        "replyKeyboardMarkup" => &REPLY_KEYBOARD,
        _ => return Ok(Zval::new()),
    };
    let mut rows = ZendHashTable::new();
    for row in markup.objects(&names::ROWS, "reply_markup.rows")? {
        row.required_object(&names::BUTTONS, "reply_markup.rows.buttons")?;
        let buttons = row.get(&names::BUTTONS).map(Zval::shallow_clone);
        rows.push(buttons.unwrap_or_default())?;
    }
    let mut object = class.instantiate();
    KEYBOARD.fill(Object::new(&mut object), [sink::array(rows)]);
    Ok(object.into_zval(false)?)
}

/// Presses the button at a place; both numbers begin with 0.
fn press_by_coordinates(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let (row, column) = (
        frame.int(0).unwrap_or_default(),
        frame.int(1).unwrap_or_default(),
    );
    let rows = KEYBOARD.read(frame.this()?, "buttons");
    let found = rows
        .array()
        .and_then(|rows| rows.get_index(row)?.dereference().array())
        .and_then(|row| row.get_index(column));
    let Some(found) = found else {
        return Err(Thrown::Warning(format!(
            "pressByCoordinates(): there is no button in row {row}, column {column}"
        )));
    };
    click(frame, found, 2)
}

/// Presses the first button with a label.
fn press(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let label = frame.bytes(0).unwrap_or_default();
    let rows = KEYBOARD.read(frame.this()?, "buttons");
    let rows = rows.array();
    let buttons = rows
        .into_iter()
        .flat_map(values)
        .filter_map(|row| row.dereference().array())
        .flat_map(values);
    for button in buttons {
        let button = button.dereference();
        let named = BUTTON
            .object(button)
            .map(|button| BUTTON.read(button, "label"));
        if named
            .as_ref()
            .and_then(Zval::zend_str)
            .map(ZendStr::as_bytes)
            == Some(label)
        {
            return click(frame, button, 1);
        }
    }
    Err(Thrown::Assertion(format!(
        "press(): no button has the label '{}'",
        String::from_utf8_lossy(label)
    )))
}

fn click(frame: &mut Frame<'_>, button: &Zval, wait: usize) -> Result<(), Thrown> {
    // A reference that the script has, too, may be to something else before the answer is there.
    let button = &button.dereference().shallow_clone();
    let Some(button) = BUTTON.object(button) else {
        return Err(Thrown::Exception(format!(
            "a keyboard's buttons are objects of type {}, found {}: only messages that a call returned have them",
            BUTTON.name.to_string_lossy(),
            type_name(button)
        )));
    };
    let in_background = !frame.bool(wait).unwrap_or_default();
    let result = button::press(button, Some(in_background))?;
    frame.give_zval(result);
    Ok(())
}
