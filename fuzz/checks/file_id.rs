//! What must hold for any file id of the bot API. The fuzz target calls it, and so does the replay of the corpus in
//! `crates/client/tests/corpus.rs`.

use madeline_client::files::file_id::FileId;

/// Any bytes, as the text of an id and as what such a text stands for: what can be read is written so that it is read again
/// as the same.
pub(crate) fn file_id(bytes: &[u8]) {
    for text in [
        String::from_utf8_lossy(bytes).into_owned(),
        base64url(bytes),
    ] {
        match FileId::parse(&text) {
            Ok(file) => {
                assert_eq!(FileId::parse(&file.text()), Ok(file.clone()));
                assert_ne!(file.unique(), Some(String::new()));
            }
            Err(error) => assert!(!error.to_string().is_empty()),
        }
    }
}

fn base64url(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, index| {
            number << 8 | u32::from(three.get(index).copied().unwrap_or(0))
        });
        for sextet in 0..=three.len() {
            let index = (number >> (18 - 6 * sextet)) & 63;
            text.push(char::from(
                LETTERS.get(index as usize).copied().unwrap_or(b'A'),
            ));
        }
    }
    text
}
