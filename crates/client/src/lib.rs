//! A Telegram client without PHP: sessions, login, peers, errors and retry rules.
