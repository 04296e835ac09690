//! A simulated network between the client's and the server's side of a session: each seed is a schedule of loss,
//! delay, repetition, damage and forgetfulness that comes out the same in each run.
//!
//! What must hold for each of them is in `world.rs`, the faults in `network.rs` and `plan.rs`. `SIMULATION_SEEDS=N` or
//! `FROM..TO` runs other seeds than those of `cargo test`; `SIMULATION_SEED=N` runs one and tells what happens in it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "tests"
)]

mod chance;
mod client;
mod network;
mod plan;
mod server;
mod world;

use std::env;
use std::ops::Range;
use std::panic;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use world::{Totals, World};

const SEEDS: Range<u64> = 0..1500;

fn seeds() -> Range<u64> {
    let Ok(text) = env::var("SIMULATION_SEEDS") else {
        return SEEDS;
    };
    match text.split_once("..") {
        Some((from, to)) => from.parse().unwrap()..to.parse().unwrap(),
        None => 0..text.parse().unwrap(),
    }
}

fn replay(seed: u64) -> String {
    format!(
        "SIMULATION_SEED={seed} cargo test -p madeline-mtproto --test simulation -- --nocapture"
    )
}

#[test]
fn each_call_has_one_outcome_and_each_update_arrives_once_whatever_the_network_does() {
    if let Ok(seed) = env::var("SIMULATION_SEED") {
        let totals = World::new(seed.parse().unwrap(), true).run();
        println!("{totals:?}");
        return;
    }
    let seeds = seeds();
    let next = AtomicU64::new(seeds.start);
    let all = Mutex::new(Totals::default());
    let failed = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds.end {
                        break;
                    }
                    if let Ok(totals) = panic::catch_unwind(|| World::new(seed, false).run()) {
                        all.lock().unwrap().add(&totals);
                    } else {
                        eprintln!("seed {seed} failed; to see it: {}", replay(seed));
                        failed.lock().unwrap().push(seed);
                    }
                }
            });
        }
    });
    let failed = failed.into_inner().unwrap();
    let totals = all.into_inner().unwrap();
    println!("seeds {seeds:?}: {totals:?}");
    assert!(failed.is_empty(), "seeds that failed: {failed:?}");
    if seeds == SEEDS {
        totals.assert_interesting();
    }
}
