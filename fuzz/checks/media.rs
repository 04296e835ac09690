//! What must hold for the header of any picture or film. Music is read by a library that panics, which is caught. The fuzz target calls it, and so does the replay of
//! the corpus in `crates/client/tests/corpus.rs`.

use std::io::Cursor;

use madeline_client::files::media::Facts;

/// Any bytes, as each sort of file: they tell something or nothing, and the size is never nothing.
pub(crate) fn media(bytes: &[u8]) {
    for mime in ["image/png", "video/mp4"] {
        let facts = Facts::read(&mut Cursor::new(bytes), mime);
        assert!(
            facts
                .size
                .is_none_or(|(width, height)| width > 0 && height > 0)
        );
        let beginning = Facts::of_beginning(bytes, mime);
        assert_eq!(beginning, facts);
    }
}
