//! A setting with a value that cannot be used.

use std::fmt;

/// Names the setting, says what was expected and what came; becomes a MadelineProto `Exception`.
#[derive(Debug)]
pub(crate) struct Invalid {
    key: String,
    expected: String,
    came: String,
}

impl Invalid {
    /// `key` is written as the user did: `madelineproto.dc_list`, `app_info.api_id`, `Connection::setDcList()[2]`.
    pub(crate) fn new(
        key: impl Into<String>,
        expected: impl Into<String>,
        came: impl Into<String>,
    ) -> Invalid {
        Invalid {
            key: key.into(),
            expected: expected.into(),
            came: came.into(),
        }
    }
}

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "Invalid setting {}: expected {}, got {}",
            self.key, self.expected, self.came
        )
    }
}

impl std::error::Error for Invalid {}
