//! The loop of a measured Rust program: it reads tasks from standard input and answers with their cost. The loop is the
//! same for every client; only how a client does one thing is its own ([`Program`]).

use std::fs;
use std::io::{BufRead, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rustix::time::{ClockId, clock_gettime};
use serde::Serialize;
use tokio::task::JoinSet;

use crate::Failure;
use crate::data::{PART, Parts, checksum};
use crate::task::{Cost, Task, Transfer};

/// Parts of a file that are asked for or sent at a time, on each connection.
const PARTS_IN_FLIGHT: u64 = 4;

/// A connected, logged-in client, as its users hold it.
pub(crate) trait Program: Send + Sync + 'static {
    /// Presses the demo's button.
    fn press(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// `help.getNearestDc`, its answer read and checked.
    fn nearest_dc(&self) -> impl Future<Output = Result<(), Failure>> + Send;

    /// Connections for files.
    fn connections(&self) -> u64;

    /// Gets the part of the world's file that begins at `offset`, over the connection of that number where the client
    /// lets its user choose, and returns its checksum.
    fn get_part(
        &self,
        connection: u64,
        offset: u64,
    ) -> impl Future<Output = Result<u64, Failure>> + Send;

    /// Stores one part of a file.
    fn save_part(
        &self,
        connection: u64,
        part: UploadPart,
    ) -> impl Future<Output = Result<(), Failure>> + Send;
}

/// The parameters of `upload.saveBigFilePart`.
pub(crate) struct UploadPart {
    pub(crate) file_id: i64,
    pub(crate) number: i32,
    pub(crate) total: i32,
    pub(crate) bytes: Vec<u8>,
}

/// Does what standard input says until it ends.
pub(crate) async fn serve(program: impl Program) -> Result<(), Failure> {
    let program = Arc::new(program);
    for line in std::io::stdin().lock().lines() {
        match line?.parse()? {
            Task::Press(times) => {
                let clock = Clock::start();
                for _ in 0..times {
                    program.press().await?;
                }
                answer(&clock.cost(times))?;
            }
            Task::Sequential(calls) => {
                let clock = Clock::start();
                for _ in 0..calls {
                    program.nearest_dc().await?;
                }
                answer(&clock.cost(calls))?;
            }
            Task::InFlight { width, calls } => {
                let clock = Clock::start();
                in_flight(&program, width.into(), calls.into()).await?;
                answer(&clock.cost(calls))?;
            }
            Task::Download(bytes) => {
                let clock = Clock::start();
                let checksum = download(&program, bytes).await?;
                let cost = clock.cost(1);
                answer(&Transfer { cost, checksum })?;
            }
            Task::Upload(bytes) => {
                let parts = Arc::new(Parts::new());
                let clock = Clock::start();
                let checksum = upload(&program, &parts, bytes).await?;
                let cost = clock.cost(1);
                answer(&Transfer { cost, checksum })?;
            }
            Task::Resident => answer(&resident_mb()?)?,
        }
    }
    Ok(())
}

/// Writes an answer, a line of JSON.
pub(crate) fn answer(answer: &impl Serialize) -> Result<(), Failure> {
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", serde_json::to_string(answer)?)?;
    Ok(output.flush()?)
}

/// Resident memory of this process in megabytes (2^20 bytes).
pub(crate) fn resident_mb() -> Result<f64, Failure> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next());
    let kilobytes: f64 = kilobytes.ok_or("the kernel tells no VmRSS")?.parse()?;
    Ok(kilobytes / 1024.0)
}

/// CPU time of this process so far, user and system.
pub(crate) fn cpu_time() -> Duration {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32)
}

/// When a task began, by the wall's clock and by the processor's.
struct Clock {
    wall: Instant,
    cpu: Duration,
}

impl Clock {
    fn start() -> Self {
        Self {
            wall: Instant::now(),
            cpu: cpu_time(),
        }
    }

    /// What each of so many repetitions took on average.
    fn cost(&self, repetitions: u32) -> Cost {
        let (wall, cpu) = (self.wall.elapsed(), cpu_time().saturating_sub(self.cpu));
        let times = f64::from(repetitions);
        Cost {
            wall_us: wall.as_secs_f64() * 1e6 / times,
            cpu_us: cpu.as_secs_f64() * 1e6 / times,
        }
    }
}

/// `width` tasks, each calling one after the other, until there were `calls` calls.
async fn in_flight(program: &Arc<impl Program>, width: u64, calls: u64) -> Result<(), Failure> {
    let begun = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for _ in 0..width {
        let (program, begun) = (Arc::clone(program), Arc::clone(&begun));
        tasks.spawn(async move {
            while begun.fetch_add(1, Ordering::Relaxed) < calls {
                program.nearest_dc().await?;
            }
            Ok(0)
        });
    }
    sum(tasks).await.map(drop)
}

async fn download(program: &Arc<impl Program>, bytes: u64) -> Result<u64, Failure> {
    let begun = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for worker in 0..program.connections() * PARTS_IN_FLIGHT {
        let (program, begun) = (Arc::clone(program), Arc::clone(&begun));
        tasks.spawn(async move {
            let connection = worker % program.connections();
            let mut sum = 0_u64;
            loop {
                let offset = begun.fetch_add(PART as u64, Ordering::Relaxed);
                if offset >= bytes {
                    return Ok(sum);
                }
                sum = sum.wrapping_add(program.get_part(connection, offset).await?);
            }
        });
    }
    sum(tasks).await
}

async fn upload(
    program: &Arc<impl Program>,
    parts: &Arc<Parts>,
    bytes: u64,
) -> Result<u64, Failure> {
    static UPLOADS: AtomicU64 = AtomicU64::new(0);
    let upload = UPLOADS.fetch_add(1, Ordering::Relaxed);
    let file_id = i64::from(std::process::id()) << 32 | upload as i64;
    let total = bytes.div_ceil(PART as u64);
    let begun = Arc::new(AtomicU64::new(0));
    let mut tasks = JoinSet::new();
    for worker in 0..program.connections() * PARTS_IN_FLIGHT {
        let (program, parts, begun) = (Arc::clone(program), Arc::clone(parts), Arc::clone(&begun));
        tasks.spawn(async move {
            let connection = worker % program.connections();
            let mut sum = 0_u64;
            loop {
                let number = begun.fetch_add(1, Ordering::Relaxed);
                if number >= total {
                    return Ok(sum);
                }
                let bytes = parts.part(number);
                sum = sum.wrapping_add(checksum(number * PART as u64, &bytes));
                let part = UploadPart {
                    file_id,
                    number: i32::try_from(number)?,
                    total: i32::try_from(total)?,
                    bytes,
                };
                program.save_part(connection, part).await?;
            }
        });
    }
    sum(tasks).await
}

/// The sum of what the tasks return, or the first failure.
async fn sum(mut tasks: JoinSet<Result<u64, Failure>>) -> Result<u64, Failure> {
    let mut sum = 0_u64;
    while let Some(ended) = tasks.join_next().await {
        sum = sum.wrapping_add(ended??);
    }
    Ok(sum)
}
