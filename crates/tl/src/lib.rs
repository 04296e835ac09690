//! The Telegram schema as tables and one codec: no PHP, no network, no clock.
