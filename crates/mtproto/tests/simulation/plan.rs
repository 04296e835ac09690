//! What a seed decides in advance: how bad the network is, and what happens when.

use crate::chance::Chance;

/// Virtual time in milliseconds since the beginning.
pub(crate) type Time = u64;

pub(crate) const SECOND: Time = 1000;

/// How a run goes.
pub(crate) struct Plan {
    /// The server's clock minus the client's at the beginning, in seconds.
    pub(crate) skew: i64,
    /// Faults end here.
    pub(crate) calm_at: Time,
    /// Frames take up to this long.
    pub(crate) delay: Time,
    /// One frame in so many is damaged, repeated; 0 for none.
    pub(crate) damage: u64,
    pub(crate) repeat: u64,
    pub(crate) acts: Vec<(Time, Act)>,
}

/// Something that happens to the client, the server or the network.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Act {
    /// The program makes a call.
    Call { repeatable: bool },
    /// The program gives up its last call.
    Cancel,
    /// The server has an update.
    Update,
    /// The connection breaks: of what is under way a part still arrives.
    Break,
    /// Nothing arrives any more, and nobody is told.
    BlackHole,
    /// The server changes the salt.
    Rotate,
    /// The server forgets the session, in the middle of a connection or with all of them.
    Forget { connections: bool },
    /// The client's computer sleeps: the server's clock is ahead afterwards.
    Sleep { seconds: i64 },
}

impl Plan {
    pub(crate) fn new(chance: &mut Chance) -> Self {
        let calm_at = chance.between(5, 60) * SECOND;
        let skew = match chance.below(4) {
            0 => chance.between(0, 60) as i64 - 30,
            1 => chance.between(300, 30_000) as i64,
            2 => -(chance.between(300, 30_000) as i64),
            _ => 0,
        };
        let mut acts = Vec::new();
        let mut plan = |chance: &mut Chance, times: u64, act: &dyn Fn(&mut Chance) -> Act| {
            for _ in 0..times {
                acts.push((chance.below(calm_at), act(chance)));
            }
        };
        let calls = chance.between(1, 40);
        plan(chance, calls, &|chance| Act::Call {
            repeatable: chance.once_in(3),
        });
        let cancels = chance.below(3);
        plan(chance, cancels, &|_| Act::Cancel);
        let updates = chance.below(30);
        plan(chance, updates, &|_| Act::Update);
        let breaks = chance.below(12);
        plan(chance, breaks, &|_| Act::Break);
        let holes = chance.below(6) / 3;
        plan(chance, holes, &|_| Act::BlackHole);
        let rotations = chance.below(8) / 2;
        plan(chance, rotations, &|_| Act::Rotate);
        let forgotten = chance.below(6) / 2;
        plan(chance, forgotten, &|chance| Act::Forget {
            connections: chance.once_in(2),
        });
        let sleeps = chance.below(8) / 6;
        plan(chance, sleeps, &|chance| Act::Sleep {
            seconds: [20, 100, 310, 4000][chance.below(4) as usize],
        });
        acts.sort_by_key(|&(at, _)| at);
        Self {
            skew,
            calm_at,
            delay: [5, 100, 1000, 4000][chance.below(4) as usize],
            damage: [0, 0, 30, 200][chance.below(4) as usize],
            repeat: [0, 0, 10, 50][chance.below(4) as usize],
            acts,
        }
    }
}
