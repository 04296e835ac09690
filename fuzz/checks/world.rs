//! What must hold for any world file. The fuzz target calls it, and so does the replay of the corpus in
//! `crates/sandbox/tests/corpus.rs`.

use madeline_sandbox::World;

/// Any bytes: a world, or faults that say something; and with another number of data centres the same.
pub(crate) fn parse(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    match World::parse(&text) {
        Ok(world) => {
            assert!((1..=world.dcs).contains(&world.home_dc()));
            drop(world.with_dcs(1));
        }
        Err(error) => assert!(error.faults().iter().all(|fault| !fault.is_empty())),
    }
}
