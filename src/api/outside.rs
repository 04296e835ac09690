//! Clients of the libraries that came along with MadelineProto, where a script has them itself.

use ext_php_rs::types::Zval;

use crate::class::{Frame, Method, Type};
use crate::exceptions::Thrown;
use crate::function;

/// Amp's clients.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getHTTPClient", |frame: &mut Frame<'_>| {
        give(
            frame,
            "Amp\\Http\\Client\\HttpClientBuilder::buildDefault",
            "getHTTPClient() needs the package amphp/http-client, which this script does not load: fileGetContents() reads an address without it",
        )
    })
    .returns(Type::OBJECT),
    Method::new(c"getDNSClient", |frame: &mut Frame<'_>| {
        give(
            frame,
            "Amp\\Dns\\dnsResolver",
            "getDNSClient() needs the package amphp/dns, which this script does not load: names of servers are looked up by the system",
        )
    })
    .returns(Type::OBJECT),
];

/// What a function of a library returns. `missing` says what the library is, where there is none.
fn give(frame: &mut Frame<'_>, function: &str, missing: &str) -> Result<(), Thrown> {
    let callable = function::call("is_callable", vec![&function]).and_then(|is| is.bool());
    Thrown::pending()?;
    let client = match callable {
        Some(true) => function::call(function, vec![]),
        _ => None,
    };
    Thrown::pending()?;
    match client.filter(Zval::is_object) {
        Some(client) => {
            frame.give_zval(client);
            Ok(())
        }
        None => Err(Thrown::Exception(missing.to_owned())),
    }
}
