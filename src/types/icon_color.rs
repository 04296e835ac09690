//! `\danog\MadelineProto\EventHandler\Topic\IconColor`: the color of a topic's icon, where it is no emoji.

use crate::class::{Base, Class, Frame, Literal, Method, Type};

/// The enum. The values are colors as RGB.
pub(crate) static ICON_COLOR: Class = Class {
    name: c"danog\\MadelineProto\\EventHandler\\Topic\\IconColor",
    interfaces: &[Base::JsonSerializable],
    cases: &[
        c"NONE", c"BLUE", c"YELLOW", c"PURPLE", c"GREEN", c"PINK", c"RED",
    ],
    case_values: &[
        Literal::Int(0),
        Literal::Int(0x6f_b9f0),
        Literal::Int(0xff_d67e),
        Literal::Int(0xcb_86db),
        Literal::Int(0x8e_ee98),
        Literal::Int(0xff_93b2),
        Literal::Int(0xfb_6f5f),
    ],
    methods: &[Method::new(c"jsonSerialize", |frame: &mut Frame<'_>| {
        let name = ICON_COLOR.read(frame.this()?, "name");
        frame.give_zval(name);
        Ok(())
    })
    .returns(Type::STRING)],
    ..Class::DEFAULT
};
