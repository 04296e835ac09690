//! Commands to bots: what stands in a message that begins with a slash, a dot or an exclamation mark.

use ext_php_rs::types::{ZendHashTable, Zval};

use crate::class::{Base, Class, Frame, Literal, Method, Type};
use crate::exceptions::Thrown;
use crate::zval::sink;

/// What a command begins with.
pub(crate) static COMMAND_TYPE: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\CommandType",
    interfaces: &[Base::JsonSerializable],
    cases: &[c"SLASH", c"DOT", c"BANG"],
    case_values: &[Literal::Text("/"), Literal::Text("."), Literal::Text("!")],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let value = COMMAND_TYPE.read(frame.this()?, "value");
        frame.give_zval(value);
        Ok(())
    })
    .returns(Type::MIXED)],
    ..Class::DEFAULT
};

/// A command as a message's properties have it; all null where there is none.
#[derive(Default)]
pub(super) struct Command {
    pub(super) name: Zval,
    pub(super) kind: Zval,
    pub(super) arguments: Zval,
}

impl Command {
    /// The command in a text: up to the first space, and what follows, split at every space. The name of the bot, which may
    /// follow the command's, stays part of it (specification §8.6).
    pub(super) fn of(text: &[u8]) -> Result<Self, Thrown> {
        let Some((first, rest)) = text.split_first() else {
            return Ok(Self::default());
        };
        let case = match first {
            b'/' => c"SLASH",
            b'.' => c"DOT",
            b'!' => c"BANG",
            _ => return Ok(Self::default()),
        };
        let mut words = rest.split(|byte| *byte == b' ');
        let name = words.next().unwrap_or_default();
        let mut arguments = ZendHashTable::new();
        if rest.len() > name.len() + 1 {
            for word in words {
                arguments.push(sink::text(word))?;
            }
        }
        Ok(Self {
            name: sink::text(name),
            kind: COMMAND_TYPE.case(case),
            arguments: sink::array(arguments),
        })
    }
}
