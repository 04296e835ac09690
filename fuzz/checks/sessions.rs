//! What must hold for any session of another client. The fuzz target calls it, and so does the replay of the corpus in
//! `crates/client/tests/corpus.rs`.

#![allow(dead_code, reason = "each user calls what it needs")]

use madeline_client::session::{login_in, madeline_login};

/// Any file of MadelineProto: a login with the key of its home, nobody, or an error.
pub(crate) fn madeline(bytes: &[u8]) {
    if let Ok(Some(login)) = madeline_login(bytes) {
        assert!(login.keys.iter().any(|(dc, _)| *dc == login.home));
        assert!(login.keys.len() <= bytes.len() / 256);
    }
}

/// Any text: a login with one whole key, or none.
pub(crate) fn string(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Some(login) = login_in(text)
    {
        assert!(
            matches!(login.keys.as_slice(), [(dc, key)] if *dc == login.home && key.len() == 256)
        );
    }
}
