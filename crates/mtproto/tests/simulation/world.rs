//! A run: what happens in which order, and what must hold.
//!
//! Each call has one outcome: its own answer, or a failure with a cause. A call that may not be repeated is executed
//! once at most, exactly once when it was answered, and never when its failure says so. Each update arrives once and
//! in order, unless a gap was told. All is over a few minutes after the faults end.

use std::time::Duration;

use madeline_mtproto::AuthKey;
use madeline_mtproto::client::{Count, Failure};

use crate::chance::Chance;
use crate::client::{Client, Outcome};
use crate::network::{ConnectionId, Frame, Network, To};
use crate::plan::{Act, Plan, SECOND, Time};
use crate::server::{Execution, Server};

const BEGINNING: u64 = 1_700_000_000;
/// When everything has to be over after the faults end.
const PATIENCE: Time = 240 * SECOND;

/// What happened in runs.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    runs: u64,
    answered: u64,
    unknown: u64,
    updates: u64,
    gaps: u64,
    connections: u64,
    frames: u64,
    refusals: u64,
    repeated: u64,
    violations: u64,
}

impl Totals {
    pub(crate) fn add(&mut self, other: &Self) {
        self.runs += other.runs;
        self.answered += other.answered;
        self.unknown += other.unknown;
        self.updates += other.updates;
        self.gaps += other.gaps;
        self.connections += other.connections;
        self.frames += other.frames;
        self.refusals += other.refusals;
        self.repeated += other.repeated;
        self.violations += other.violations;
    }

    /// Many runs in which nothing went wrong would show nothing.
    pub(crate) fn assert_interesting(&self) {
        assert!(self.answered > 3 * self.unknown, "{self:?}");
        for (what, times) in [
            ("calls without known outcome", self.unknown),
            ("gaps", self.gaps),
            ("refusals", self.refusals),
            ("repeated messages", self.repeated),
            ("violations", self.violations),
        ] {
            assert!(times > self.runs / 50, "too few {what}: {self:?}");
        }
    }
}

pub(crate) struct World {
    tells: bool,
    chance: Chance,
    plan: Plan,
    now: Time,
    skew: i64,
    network: Network,
    client: Client,
    server: Server,
    connections: ConnectionId,
    /// When the client notices that its connection is gone, and when it connects again.
    notices_at: Option<Time>,
    connects_at: Option<Time>,
    executions: Vec<(Time, Execution)>,
    updates: u64,
    totals: Totals,
}

impl World {
    pub(crate) fn new(seed: u64, tells: bool) -> Self {
        let mut chance = Chance::new(seed);
        let plan = Plan::new(&mut chance);
        let mut bytes = [0; 256];
        madeline_mtproto::Random::fill(&mut chance, &mut bytes);
        let key = AuthKey::from_bytes(bytes);
        let skew = plan.skew;
        let server_now = Duration::from_secs((BEGINNING as i64 + skew) as u64);
        Self {
            tells,
            client: Client::new(key.clone(), &mut chance, tells),
            server: Server::new(key, server_now),
            chance,
            plan,
            now: 0,
            skew,
            network: Network::default(),
            connections: 0,
            notices_at: None,
            connects_at: Some(0),
            executions: Vec::new(),
            updates: 0,
            totals: Totals {
                runs: 1,
                ..Totals::default()
            },
        }
    }

    pub(crate) fn run(mut self) -> Totals {
        let end = self.plan.calm_at + PATIENCE;
        let mut acts = std::mem::take(&mut self.plan.acts).into_iter().peekable();
        let mut last_word = false;
        let mut steps = 0u32;
        loop {
            steps += 1;
            assert!(steps < 100_000, "the machines do not come to rest");
            let next_act = acts.peek().map(|&(at, _)| at);
            if next_act.is_none() && !last_word {
                // In the calm, the last update finds its way.
                if self.now >= self.plan.calm_at + 30 * SECOND && self.server.has_session() {
                    last_word = true;
                    self.update();
                }
            } else if last_word && self.is_over() {
                break;
            }
            let calm_at = self.plan.calm_at + 30 * SECOND;
            let calm = (!last_word && self.now < calm_at).then_some(calm_at);
            let next = [
                next_act,
                self.network.next_at(),
                self.tick_at(),
                self.notices_at,
                self.connects_at,
                self.executions.iter().map(|&(at, _)| at).min(),
                calm,
            ];
            let next = next.into_iter().flatten().min().unwrap_or(end);
            self.now = self.now.max(next);
            assert!(self.now < end, "{}", self.hanging());
            if let Some((_, act)) = acts.next_if(|&(at, _)| at <= self.now) {
                self.act(act);
            }
            self.step();
        }
        self.check()
    }

    fn is_over(&self) -> bool {
        let arrived = self
            .client
            .last_update
            .is_some_and(|last| last + 1 == self.updates);
        self.client.is_done() && arrived
    }

    fn hanging(&self) -> String {
        let open: Vec<_> = self
            .client
            .calls
            .iter()
            .filter(|(_, made)| made.outcome == Outcome::Open)
            .map(|(id, _)| id)
            .collect();
        format!(
            "calls {open:?} hang; the last update is {:?} of {}",
            self.client.last_update, self.updates
        )
    }

    fn check(mut self) -> Totals {
        for (id, made) in &self.client.calls {
            let executed = self.server.executed.get(id).copied().unwrap_or(0);
            assert!(
                made.repeatable || executed <= 1,
                "call {id} was executed {executed} times"
            );
            match &made.outcome {
                Outcome::Answered => {
                    assert!(executed > 0, "call {id} was not executed");
                    self.totals.answered += 1;
                }
                Outcome::Failed(Failure::Unknown(_)) => self.totals.unknown += 1,
                Outcome::Failed(why) => panic!("call {id}: {why}"),
                Outcome::Open | Outcome::Cancelled => {}
            }
        }
        assert_eq!(self.client.session.in_flight(), 0, "calls are kept");
        let violations = self.client.session.violations();
        self.totals.repeated = violations.of(Count::Repeated);
        self.totals.violations = violations.total() - self.totals.repeated;
        self.totals.updates = self.updates;
        self.totals.gaps = self.client.gaps;
        self.totals.connections = self.connections;
        self.totals
    }

    fn tell(&self, what: impl FnOnce() -> String) {
        if self.tells {
            println!("{:5}.{:03} {}", self.now / 1000, self.now % 1000, what());
        }
    }

    fn is_calm(&self) -> bool {
        self.now >= self.plan.calm_at
    }

    fn local(&self) -> Duration {
        Duration::from_secs(BEGINNING) + Duration::from_millis(self.now)
    }

    fn server_time(&self) -> Duration {
        let seconds = BEGINNING as i64 + self.skew;
        Duration::from_secs(seconds as u64) + Duration::from_millis(self.now)
    }

    fn tick_at(&self) -> Option<Time> {
        let beginning = Duration::from_secs(BEGINNING);
        let deadline = self.client.session.deadline()?;
        // Rounded up, so that it is over then.
        Some(
            deadline
                .saturating_sub(beginning)
                .as_micros()
                .div_ceil(1000) as Time,
        )
    }

    fn act(&mut self, act: Act) {
        self.tell(|| format!("{act:?}"));
        let local = self.local();
        match act {
            Act::Call { repeatable } => self.client.call(local, repeatable),
            Act::Cancel => self.client.cancel(local),
            Act::Update => self.update(),
            Act::Break => {
                if let Some(connection) = self.client.connection {
                    self.network.break_off(connection, &mut self.chance);
                    let notices_at = self.now + self.chance.below(2 * SECOND);
                    self.notices_at.get_or_insert(notices_at);
                }
            }
            Act::BlackHole => {
                if let Some(connection) = self.client.connection {
                    self.network.swallow(connection);
                }
            }
            Act::Rotate => self.server.rotate(),
            Act::Forget { .. } if self.would_execute_twice() => {}
            Act::Forget { connections } => {
                self.server.forget();
                // What came over earlier connections is lost with the session. Were it to arrive now, no client could
                // keep the server from executing it once more.
                for connection in 0..=self.connections {
                    if connections || Some(connection) != self.client.connection {
                        self.network.swallow(connection);
                    }
                }
                if connections && self.client.connection.is_some() {
                    self.notices_at.get_or_insert(self.now);
                }
            }
            Act::Sleep { seconds } => self.skew += seconds,
        }
    }

    /// Whether a call that the server said it did not have arrived after all, over an earlier connection, and the
    /// client may have sent it again. Were the server to forget that now, no client could keep it from executing both.
    fn would_execute_twice(&self) -> bool {
        let recently = self.server_time().saturating_sub(Duration::from_secs(15));
        self.server.executed_late.is_some_and(|at| at > recently)
    }

    fn update(&mut self) {
        self.server.update(self.server_time(), self.updates);
        self.updates += 1;
    }

    /// Everything that is due, once.
    fn step(&mut self) {
        let local = self.local();
        if self.notices_at.is_some_and(|at| at <= self.now) {
            self.lose("gone");
        }
        if self.connects_at.is_some_and(|at| at <= self.now) {
            self.connects_at = None;
            self.connections += 1;
            self.tell(|| format!("connection {}", self.connections));
            self.client.connect(local, self.connections);
        }
        if self.tick_at().is_some_and(|at| at <= self.now)
            && let Err(silence) = self.client.session.tick(local)
        {
            self.lose(&silence.to_string());
        }
        while let Some(frame) = self.network.arrival(self.now) {
            match frame.to {
                To::Server => self.at_server(&frame),
                To::Client => self.at_client(&frame),
            }
        }
        let server_time = self.server_time();
        let now = self.now;
        for (_, execution) in self.executions.extract_if(.., |(at, _)| *at <= now) {
            self.server.answer(server_time, &execution);
        }
        self.flush();
    }

    fn lose(&mut self, why: &str) {
        self.tell(|| format!("connection {} is lost: {why}", self.connections));
        self.notices_at = None;
        if self.client.connection.is_some() {
            self.network.break_off(self.connections, &mut self.chance);
            self.client.disconnect(self.local());
            self.connects_at = Some(self.now + self.chance.between(10, 2 * SECOND));
        }
    }

    fn at_server(&mut self, frame: &Frame) {
        // A server that has forgotten the session has no way to know a repetition.
        let may_be_second = frame.is_injected() || Some(frame.connection) != self.client.connection;
        if frame.age != self.server.age && may_be_second {
            return;
        }
        self.repeat(frame);
        let time = self.server_time();
        let received = self
            .server
            .receive(time, frame.connection, &frame.bytes, &mut self.chance);
        match received {
            Ok((executions, refusals)) => {
                self.tell(|| {
                    format!(
                        "    server has {} bytes of {}: {} to execute, refused {refusals:?}",
                        frame.bytes.len(),
                        frame.connection,
                        executions.len()
                    )
                });
                self.totals.refusals += refusals.len() as u64;
                for execution in executions {
                    let longest = if self.chance.once_in(8) { 15 } else { 1 };
                    let at = self.now + self.chance.below(longest * SECOND);
                    self.tell(|| {
                        format!("    executes {} ({})", execution.number, execution.msg_id)
                    });
                    self.executions.push((at, execution));
                }
            }
            Err(error) => {
                self.tell(|| format!("    server closes {}: {error}", frame.connection));
                self.network.break_off(frame.connection, &mut self.chance);
                if Some(frame.connection) == self.client.connection {
                    self.notices_at.get_or_insert(self.now);
                }
            }
        }
    }

    fn at_client(&mut self, frame: &Frame) {
        let comes = frame.is_injected() || self.client.connection == Some(frame.connection);
        if self.client.connection.is_none() || !comes {
            return;
        }
        self.tell(|| format!("    client has {} bytes", frame.bytes.len()));
        match self.client.receive(self.local(), frame.bytes.clone()) {
            Ok(()) => self.repeat(frame),
            Err(violation) => self.lose(&violation.to_string()),
        }
        // Events are looked at before anything else happens, as the driver does it.
        self.flush_client();
    }

    fn flush(&mut self) {
        self.flush_client();
        let time = self.server_time();
        for (connection, frame) in self.server.flush(time, &mut self.chance) {
            self.send((connection, To::Client), frame);
        }
    }

    fn flush_client(&mut self) {
        let frames = self.client.flush(self.local(), &mut self.chance);
        if let Some(connection) = self.client.connection {
            for frame in frames {
                self.send((connection, To::Server), frame);
            }
        }
    }

    fn send(&mut self, way: (ConnectionId, To), mut bytes: Vec<u8>) {
        self.totals.frames += 1;
        let calm = self.is_calm();
        let delay = if calm { 20 } else { self.plan.delay };
        let delay = self.chance.below(delay) + 1;
        let age = self.server.age;
        if !calm && self.plan.damage > 0 && self.chance.once_in(self.plan.damage) {
            let at = self.chance.below(bytes.len() as u64) as usize;
            bytes[at] ^= 1 << self.chance.below(8);
        }
        self.network.send(self.now, delay, way, bytes, age);
    }

    /// An attacker may send again what was taken. (Who holds a frame back and delivers it over another connection can
    /// change the order of updates, which is why they have numbers of their own.)
    fn repeat(&mut self, frame: &Frame) {
        let repeats = !self.is_calm() && self.plan.repeat > 0 && !frame.is_injected();
        if repeats && self.chance.once_in(self.plan.repeat) {
            let at = self.now + self.chance.below(10 * SECOND);
            self.network.inject(at, frame);
        }
    }
}
