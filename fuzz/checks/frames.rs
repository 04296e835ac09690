//! What must hold for any bytes on a session's socket. The fuzz target calls it, and so does the replay of the corpus in
//! `crates/client/tests/corpus.rs`.
//!
//! The first byte of an input says in which portions the others come.

use madeline_client::engine::Frames;

/// More than the longest frame and what is read beside it.
const ROOM: usize = 40 << 20;
/// The kinds of the two greetings, behind which a later release may say more than this one reads.
const GREETINGS: [u8; 2] = [1, 2];

/// Any bytes: frames that are written as they came, whatever the portions, then an error or an end; no more memory than
/// the longest frame takes.
pub(crate) fn frames(bytes: &[u8]) {
    let Some((&portion, input)) = bytes.split_first() else {
        return;
    };
    let at_once = read(input, input.len().max(1));
    assert_eq!(at_once, read(input, usize::from(portion) + 1));
    let mut rest = input;
    for written in at_once.0 {
        let (head, behind) = rest.split_at(4);
        let length = head
            .iter()
            .rev()
            .fold(0, |all, byte| all << 8 | usize::from(*byte));
        let (content, behind) = behind.split_at(length);
        let (written_head, written) = written.split_at(4);
        if content.first().is_some_and(|kind| GREETINGS.contains(kind)) {
            assert!(content.starts_with(written));
        } else {
            assert_eq!((head, content), (written_head, written));
        }
        rest = behind;
    }
}

/// The frames, and whether what followed is none.
fn read(input: &[u8], portion: usize) -> (Vec<Vec<u8>>, bool) {
    let (mut reader, mut all) = (Frames::default(), Vec::new());
    for portion in input.chunks(portion) {
        reader.feed(portion);
        loop {
            match reader.next_written() {
                Ok(Some(frame)) => all.push(frame),
                Ok(None) => break,
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    return (all, true);
                }
            }
        }
        assert!(reader.capacity() <= ROOM + 2 * input.len());
    }
    (all, false)
}
