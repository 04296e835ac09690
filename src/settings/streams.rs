//! The classes of `danog\MadelineProto\Stream`, by whose names settings say how to connect, and what they mean.
//!
//! Nobody makes objects of them: the classes exist so that `SocksProxy::class` and `class_exists()` find them.

use madeline_mtproto::transport::Kind;

use crate::class::{Class, Frame, Method, Type, c_str};

const NAMESPACE: &str = "danog\\MadelineProto\\Stream\\";

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stream {
    /// A framing.
    Framing(Kind),
    /// Plain TCP.
    Tcp,
    /// A SOCKS5 proxy.
    Socks,
    /// An HTTP proxy.
    Http,
    /// An MTProxy.
    MtProxy,
    /// What this release does not speak: MTProto over HTTP or web sockets, sockets that the script opened.
    Unknown,
}

macro_rules! streams {
    ($($class:ident $name:literal $meaning:expr;)*) => {
        $(
            static $class: Class = Class {
                name: c_str(concat!("danog\\MadelineProto\\Stream\\", $name, "\0")),
                flags: Class::FINAL,
                methods: &[
                    Method::new(c"getName", |frame: &mut Frame<'_>| {
                        frame.give(concat!("danog\\MadelineProto\\Stream\\", $name))
                    })
                    .of_class()
                    .returns(Type::STRING),
                ],
                ..Class::DEFAULT
            };
        )*
        /// The classes.
        pub(super) static CLASSES: [&Class; 13] = [$(&$class),*];
        /// Their names below the namespace, and what they mean.
        const MEANINGS: [(&str, Stream); 13] = [$(($name, $meaning)),*];
    };
}

streams! {
    ABRIDGED "MTProtoTransport\\AbridgedStream" Stream::Framing(Kind::Abridged);
    FULL "MTProtoTransport\\FullStream" Stream::Framing(Kind::Full);
    HTTP_STREAM "MTProtoTransport\\HttpStream" Stream::Unknown;
    HTTPS_STREAM "MTProtoTransport\\HttpsStream" Stream::Unknown;
    INTERMEDIATE "MTProtoTransport\\IntermediateStream" Stream::Framing(Kind::Intermediate);
    PADDED "MTProtoTransport\\IntermediatePaddedStream" Stream::Framing(Kind::PaddedIntermediate);
    OBFUSCATED "MTProtoTransport\\ObfuscatedStream" Stream::MtProxy;
    HTTP_PROXY "Proxy\\HttpProxy" Stream::Http;
    SOCKS_PROXY "Proxy\\SocksProxy" Stream::Socks;
    DEFAULT "Transport\\DefaultStream" Stream::Tcp;
    PREMADE "Transport\\PremadeStream" Stream::Unknown;
    WS "Transport\\WsStream" Stream::Unknown;
    WSS "Transport\\WssStream" Stream::Unknown;
}

/// The names of older releases.
const LEGACY: [(&str, &str); 19] = [
    ("abridged", "MTProtoTransport\\AbridgedStream"),
    ("tcp_abridged", "MTProtoTransport\\AbridgedStream"),
    ("intermediate", "MTProtoTransport\\IntermediateStream"),
    ("tcp_intermediate", "MTProtoTransport\\IntermediateStream"),
    (
        "intermediate_padded",
        "MTProtoTransport\\IntermediatePaddedStream",
    ),
    (
        "tcp_intermediate_padded",
        "MTProtoTransport\\IntermediatePaddedStream",
    ),
    (OBFUSCATED2, "MTProtoTransport\\IntermediatePaddedStream"),
    ("full", "MTProtoTransport\\FullStream"),
    ("tcp_full", "MTProtoTransport\\FullStream"),
    ("http", "MTProtoTransport\\HttpStream"),
    ("https", "MTProtoTransport\\HttpsStream"),
    ("tcp", "Transport\\DefaultStream"),
    ("ws", "Transport\\WsStream"),
    ("wss", "Transport\\WssStream"),
    ("Socket", "Transport\\DefaultStream"),
    ("SocksProxy", "Proxy\\SocksProxy"),
    ("HttpProxy", "Proxy\\HttpProxy"),
    ("MTProxySocket", "MTProtoTransport\\ObfuscatedStream"),
    ("ObfuscatedStream", "MTProtoTransport\\ObfuscatedStream"),
];

/// The legacy name of a protocol that is obfuscation at the same time.
pub(super) const OBFUSCATED2: &str = "obfuscated2";

/// What a name means, full or of an older release, with or without a leading backslash; `None`: nothing.
pub(super) fn meaning(name: &str) -> Option<Stream> {
    let name = full_name(name);
    let below = name
        .get(..NAMESPACE.len())
        .filter(|start| start.eq_ignore_ascii_case(NAMESPACE));
    let short = below.and_then(|_| name.get(NAMESPACE.len()..))?;
    MEANINGS
        .iter()
        .find(|(class, _)| class.eq_ignore_ascii_case(short))
        .map(|(_, stream)| *stream)
}

/// The name of the class for a name of an older release; other names as they are, without a leading backslash.
pub(super) fn full_name(name: &str) -> String {
    let bare = name.strip_prefix('\\').unwrap_or(name);
    match LEGACY
        .iter()
        .find(|(legacy, _)| legacy.eq_ignore_ascii_case(bare))
    {
        Some((_, class)) => format!("{NAMESPACE}{class}"),
        None => bare.to_owned(),
    }
}
