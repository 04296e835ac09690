//! RPC errors, with Telegram's codes and texts.

/// An error as `rpc_error` carries it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RpcError {
    pub(crate) code: i32,
    pub(crate) text: String,
}

impl RpcError {
    pub(crate) fn new(code: i32, text: impl Into<String>) -> Self {
        RpcError {
            code,
            text: text.into(),
        }
    }
}

/// 303: the request belongs to another data centre.
pub(crate) fn migrate(what: &str, dc: i32) -> RpcError {
    RpcError::new(303, format!("{what}_MIGRATE_{dc}"))
}

/// 400: the request is wrong.
pub(crate) fn bad_request(text: &str) -> RpcError {
    RpcError::new(400, text)
}

/// 401: the key is not logged in, or no longer.
pub(crate) fn unauthorized(text: &str) -> RpcError {
    RpcError::new(401, text)
}

/// 403: not allowed to this user.
pub(crate) fn forbidden(text: &str) -> RpcError {
    RpcError::new(403, text)
}

/// 406 `AUTH_KEY_DUPLICATED`: the key was seen in use from two places and is void from now on.
pub(crate) fn auth_key_duplicated() -> RpcError {
    RpcError::new(406, "AUTH_KEY_DUPLICATED")
}
