//! The soak: four accounts in one process, calls and updates running, while faults strike at random.
//!
//! The updates come through each account's feed: every message once and in order.
//!
//! Nothing may be lost, executed twice, answered wrongly or left hanging; memory stays flat; and when all is over the
//! process rests. `target/soak.log` has every fault and every failed call with its time.

mod account;

mod faults;
mod ledger;

use std::sync::Arc;
use std::time::Duration;

use madeline_client::{Config, Timeouts};
use serde_json::{Value, json};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

use crate::Failure;
use crate::control::Control;
use crate::ours::{config, runtime};
use crate::program::{cpu_time, resident_mb};
use crate::random::Random;
use crate::sandbox::Sandbox;
use account::{Account, message, name};
use ledger::{End, Ended, Ledger, Notes};

/// Accounts in the process.
const ACCOUNTS: usize = 4;
/// Between faults; half of it to one and a half.
const PAUSE: Duration = Duration::from_millis(400);
/// How long calls may take to end when no more faults strike.
const SETTLE: Duration = Duration::from_secs(200);
/// How long the last updates may take: a connection that fell silent is noticed by its ping, after at most 75 s.
const UPDATES: Duration = Duration::from_secs(120);
/// How long the idle process is watched.
const IDLE: Duration = Duration::from_secs(20);
/// Percent of one processor that count as none.
const AT_REST: f64 = 0.5;
/// Between looks at the memory.
const SAMPLE: Duration = Duration::from_secs(10);
/// Megabytes that memory may be above or below its middle.
const FLAT: f64 = 2.0;

/// Runs so many minutes and reports; an error where anything was not as it should be.
pub(crate) fn run(minutes: f64, seed: u64) -> Result<(), Failure> {
    let sandbox = Sandbox::start_with_control()?;
    let mut control = Control::connect(sandbox.control()?)?;
    let duration = Duration::try_from_secs_f64(minutes * 60.0)?;
    let ledger = Arc::new(Ledger::new(duration)?);
    runtime()?.block_on(soak(&sandbox, &mut control, &ledger, duration, seed))
}

async fn soak(
    sandbox: &Sandbox,
    control: &mut Control,
    ledger: &Arc<Ledger>,
    duration: Duration,
    seed: u64,
) -> Result<(), Failure> {
    let config = patient(sandbox)?;
    let (mut calling, mut listening) = (JoinSet::new(), JoinSet::new());
    let mut accounts = Vec::new();
    for number in 0..ACCOUNTS {
        let directory = sandbox.directory.join(format!("soak-{number}"));
        accounts.push(Account::open(number, &directory, config.clone(), ledger).await?);
    }
    for account in &accounts {
        account.listen(&mut listening).await;
    }
    for account in &accounts {
        account.call(&mut calling);
    }
    let memory = strike(control, ledger, duration, seed).await?;

    control.ask(&json!({"do": "clear"}))?;
    control.ask(&json!({"do": "clock", "offset": 0}))?;
    ledger.log("no more faults");
    sleep(Duration::from_secs(5)).await;
    ledger.stop();
    let ended = async { while calling.join_next().await.is_some() {} };
    if timeout(SETTLE, ended).await.is_err() {
        ledger.violation(format!("{} callers do not end", calling.len()));
    }
    wait_for_updates(ledger).await;
    let idle = idle_percent().await;
    ledger.log(&control.ask(&json!({"do": "sessions"}))?.to_string());
    check_executions(control, ledger)?;
    check_received(ledger);
    check_memory(ledger, &memory);
    if idle > AT_REST {
        ledger.violation(format!("{idle:.2} % CPU when idle"));
    }
    for account in &accounts {
        account.close().await;
    }
    let differences = executions(control, "updates.getDifference", None)?;
    print(&ledger.notes(), differences, &memory, idle);
    match ledger.notes().violations.len() {
        0 => Ok(()),
        count => {
            Err(format!("{count} things were not as they should be; see target/soak.log").into())
        }
    }
}

/// The client's configuration, with limits that fit into the time between faults.
fn patient(sandbox: &Sandbox) -> Result<Config, Failure> {
    let key_file = sandbox.key_file().display().to_string();
    Ok(Config {
        timeouts: Timeouts {
            connect: Duration::from_secs(10),
            call: Duration::from_secs(20),
        },
        ping_interval: Duration::from_secs(10),
        ..config("native", sandbox.home_address()?, &key_file, 1)?
    })
}

/// Lets faults strike for that long, and watches the memory.
async fn strike(
    control: &mut Control,
    ledger: &Ledger,
    duration: Duration,
    seed: u64,
) -> Result<Vec<f64>, Failure> {
    let mut random = Random::new(seed);
    let (start, mut sampled, mut memory) = (Instant::now(), Instant::now(), Vec::new());
    while start.elapsed() < duration {
        let fault = faults::draw(&mut random);
        ledger.log(&fault.to_string());
        control.ask(&fault)?;
        let kind = fault.get("do").and_then(Value::as_str);
        *ledger
            .notes()
            .faults
            .entry(kind.unwrap_or_default().to_owned())
            .or_default() += 1;
        let pause = PAUSE.as_millis() as u64;
        sleep(Duration::from_millis(pause / 2 + random.below(pause))).await;
        if sampled.elapsed() >= SAMPLE {
            sampled = Instant::now();
            let resident = resident_mb()?;
            memory.push(resident);
            let answered = ledger.notes().answered;
            ledger.log(&format!("{resident:.1} MB, {answered} calls answered"));
        }
    }
    Ok(memory)
}

/// Waits until every message that was answered has come, but not for long.
async fn wait_for_updates(ledger: &Ledger) {
    let start = Instant::now();
    while start.elapsed() < UPDATES && ledger.notes().missing().next().is_some() {
        sleep(Duration::from_millis(200)).await;
    }
}

/// Percent of one processor that the process uses when nothing happens.
async fn idle_percent() -> f64 {
    sleep(Duration::from_secs(3)).await;
    let before = cpu_time();
    sleep(IDLE).await;
    cpu_time().saturating_sub(before).as_secs_f64() / IDLE.as_secs_f64() * 100.0
}

/// The text that tells an account's numbered call from all others.
type Marker = fn(usize, usize) -> String;

/// Each call that was answered was executed once; each that failed at most once; each that was refused not at all.
fn check_executions(control: &mut Control, ledger: &Ledger) -> Result<(), Failure> {
    let (messages, names) = {
        let notes = ledger.notes();
        (notes.messages.clone(), notes.names.clone())
    };
    for (method, ends, marker) in [
        ("messages.sendMessage", messages, message as Marker),
        ("account.updateProfile", names, name),
    ] {
        let mut expected = 0;
        for (account, ends) in ends.iter().enumerate() {
            for (number, end) in ends.iter().enumerate() {
                if end.end == End::Answered {
                    expected += 1;
                    continue;
                }
                let marker = marker(account, number);
                let count = executions(control, method, Some(&marker))?;
                expected += count;
                if count > u64::from(end.end == End::Unknown) {
                    ledger.violation(format!(
                        "{marker} ended as {:?} and was executed {count} times",
                        end.end
                    ));
                }
            }
        }
        // One query instead of one for each call: who was executed twice makes the sum too large.
        let count = executions(control, method, None)?;
        if count != expected {
            ledger.violation(format!(
                "{method}: {expected} executions were expected, {count} happened"
            ));
        }
    }
    Ok(())
}

fn executions(control: &mut Control, method: &str, marker: Option<&str>) -> Result<u64, Failure> {
    let answer = control.ask(&json!({"do": "executions", "method": method, "marker": marker}))?;
    let count = answer.get("count").and_then(Value::as_u64);
    count.ok_or_else(|| format!("no count: {answer}").into())
}

fn check_received(ledger: &Ledger) {
    let (missing, late): (Vec<_>, Vec<_>) = {
        let notes = ledger.notes();
        (notes.missing().collect(), notes.out_of_order().collect())
    };
    for (from, number) in late {
        ledger.violation(format!(
            "message {number} of person{from} came out of order"
        ));
    }
    for (from, number, sent) in missing {
        let sent = sent.at();
        ledger.violation(format!(
            "message {number} of person{from}, sent after {sent:.1} s, was lost"
        ));
    }
}

/// After the first third of the run memory is flat.
fn check_memory(ledger: &Ledger, memory: &[f64]) {
    let later = memory.get(memory.len() / 3..).unwrap_or_default();
    let lowest = later.iter().copied().fold(f64::INFINITY, f64::min);
    let highest = later.iter().copied().fold(0.0, f64::max);
    if highest - lowest > 2.0 * FLAT {
        ledger.violation(format!("memory went from {lowest:.1} to {highest:.1} MB"));
    }
}

fn print(notes: &Notes, differences: u64, memory: &[f64], idle: f64) {
    let failed: u64 = notes.failed.values().sum();
    let struck: u64 = notes.faults.values().sum();
    println!("faults: {struck} {:?}", notes.faults);
    println!(
        "calls: {} answered, {failed} failed with a cause {:?}",
        notes.answered, notes.failed
    );
    println!(
        "updates: {} messages came, {} of calls without an answer late; {differences} differences",
        notes.came,
        notes.late.len()
    );
    let memory: Vec<String> = memory
        .iter()
        .map(|resident| format!("{resident:.1}"))
        .collect();
    println!(
        "memory every {} s, MB: {}",
        SAMPLE.as_secs(),
        memory.join(" ")
    );
    println!("idle: {idle:.2} % CPU");
    println!("violations: {}", notes.violations.len());
}

impl Notes {
    /// Messages that came behind later ones although their sending was answered before those were sent.
    fn out_of_order(&self) -> impl Iterator<Item = (usize, usize)> {
        let late = self.late.iter().copied();
        late.filter(|(from, number)| {
            let sent = self.messages.get(*from).and_then(|sent| sent.get(*number));
            sent.is_some_and(|sent| sent.end == End::Answered)
        })
    }

    /// Messages whose sending was answered and that did not come.
    fn missing(&self) -> impl Iterator<Item = (usize, usize, Ended)> {
        let accounts = self.messages.iter().zip(&self.received).enumerate();
        accounts.flat_map(|(from, (sent, received))| {
            let numbered = sent.iter().enumerate();
            numbered
                .filter(|(number, end)| {
                    let came = received.get(*number).copied().unwrap_or_default();
                    end.end == End::Answered && !came
                })
                .map(move |(number, end)| (from, number, *end))
        })
    }
}
