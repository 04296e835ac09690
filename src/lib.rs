//! The PHP extension: a Telegram MTProto client with MadelineProto's API.
