//! What scripts wrap around a file: `LocalFile`, `RemoteUrl`, `BotApiFileId`, `FileCallback`.

use crate::class::{Base, Class, Frame, Literal, Method, Object, Param, Property, Type};
use crate::exceptions::Thrown;
use crate::function;
use crate::zval::sink;

use ext_php_rs::types::Zval;

/// A file of this machine.
pub(crate) static LOCAL_FILE: Class = Class {
    name: c"danog\\MadelineProto\\LocalFile",
    flags: Class::FINAL,
    properties: &[Property::new(c"file", Type::STRING, Literal::Uninitialized).readonly()],
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        let file = frame.bytes(0).unwrap_or_default();
        if file.is_empty() {
            return Err(Thrown::InvalidArgument(
                "LocalFile::__construct(): expected the path of a file, found an empty string"
                    .to_owned(),
            ));
        }
        LOCAL_FILE.initialize(frame.this()?, "file", sink::text(file));
        Ok(())
    })
    .params(&[Param::required(c"file", Type::STRING)])],
    ..Class::DEFAULT
};

/// A file of the web.
pub(crate) static REMOTE_URL: Class = Class {
    name: c"danog\\MadelineProto\\RemoteUrl",
    flags: Class::FINAL,
    properties: &[Property::new(c"url", Type::STRING, Literal::Uninitialized).readonly()],
    methods: &[Method::new(c"__construct", |frame: &mut Frame<'_>| {
        let url = frame.bytes(0).unwrap_or_default();
        REMOTE_URL.initialize(frame.this()?, "url", sink::text(url));
        Ok(())
    })
    .params(&[Param::required(c"url", Type::STRING)])],
    ..Class::DEFAULT
};

/// A file of Telegram's, by the bot API's name for it.
pub(crate) static BOT_API_FILE_ID: Class = Class {
    name: c"danog\\MadelineProto\\BotApiFileId",
    flags: Class::FINAL,
    properties: &[
        Property::new(c"fileId", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"size", Type::INT, Literal::Uninitialized).readonly(),
        Property::new(c"fileName", Type::STRING, Literal::Uninitialized).readonly(),
        Property::new(c"protected", Type::BOOL, Literal::Uninitialized).readonly(),
    ],
    methods: &[Method::new(c"__construct", construct_file_id).params(&[
        Param::required(c"fileId", Type::STRING),
        Param::required(c"size", Type::INT),
        Param::required(c"fileName", Type::STRING),
        Param::required(c"protected", Type::BOOL),
    ])],
    ..Class::DEFAULT
};

/// A file and who is told how far it is. Implementations have `__invoke(float $percent, float $speed, float $time)`, too;
/// it is not declared here, because earlier releases told the percentage alone.
pub(crate) static FILE_CALLBACK_INTERFACE: Class = Class {
    name: c"danog\\MadelineProto\\FileCallbackInterface",
    flags: Class::INTERFACE,
    methods: &[Method::without_body(c"getFile")],
    ..Class::DEFAULT
};

/// The interface's implementation: a file and a callable.
pub(crate) static FILE_CALLBACK: Class = Class {
    name: c"danog\\MadelineProto\\FileCallback",
    flags: Class::FINAL | Class::NOT_SERIALIZABLE,
    interfaces: &[Base::Ours(&FILE_CALLBACK_INTERFACE)],
    properties: &[
        Property::new(c"file", Type::MIXED, Literal::Uninitialized).readonly(),
        Property::new(c"callback", Type::MIXED, Literal::Null).private(),
    ],
    methods: &[
        Method::new(c"__construct", |frame: &mut Frame<'_>| {
            let this = frame.this()?;
            for (index, name) in ["file", "callback"].into_iter().enumerate() {
                let value = frame.arg(index).map(Zval::shallow_clone);
                FILE_CALLBACK.initialize(this, name, value.unwrap_or_default());
            }
            Ok(())
        })
        .params(&[
            Param::required(c"file", Type::MIXED),
            Param::required(c"callback", Type::CALLABLE),
        ]),
        Method::new(c"getFile", |frame: &mut Frame<'_>| {
            let file = FILE_CALLBACK.read(frame.this()?, "file");
            frame.give_zval(file);
            Ok(())
        })
        .returns(Type::MIXED),
        Method::new(c"__invoke", |frame: &mut Frame<'_>| {
            let callback = FILE_CALLBACK.read(frame.this()?, "callback");
            let told: Vec<Zval> = (0..frame.count())
                .filter_map(|index| frame.arg(index).map(Zval::shallow_clone))
                .collect();
            let value = function::call_value(&callback, &told)?;
            frame.give_zval(value);
            Ok(())
        })
        .params(&[
            Param::required(c"percent", Type::FLOAT),
            Param::optional(c"speed", Type::FLOAT, c"0.0"),
            Param::optional(c"time", Type::FLOAT, c"0.0"),
        ])
        .returns(Type::MIXED),
    ],
    ..Class::DEFAULT
};

/// The size is told because the id does not say it.
fn construct_file_id(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let this = frame.this()?;
    if let Some(size) = frame.int(1).filter(|size| *size <= 0) {
        return Err(Thrown::Assertion(format!(
            "BotApiFileId::__construct(): expected a positive size, found {size}"
        )));
    }
    for (index, name) in ["fileId", "size", "fileName", "protected"]
        .into_iter()
        .enumerate()
    {
        let value = frame.arg(index).map(Zval::shallow_clone);
        BOT_API_FILE_ID.initialize(this, name, value.unwrap_or_default());
    }
    Ok(())
}

/// What a `FileCallbackInterface` holds: the file, and itself as the callback.
pub(super) fn unwrap(value: &Zval) -> Result<Option<(Zval, Zval)>, Thrown> {
    let Some(object) = value.object() else {
        return Ok(None);
    };
    if !FILE_CALLBACK_INTERFACE.is_class_of(object) {
        return Ok(None);
    }
    let object = Object::of(object);
    let file = function::call_public(object.ce, Some(object), "getfile", &mut [])?;
    Ok(Some((file, value.shallow_clone())))
}
