//! The server that everything measured talks to: one sandbox, a process of its own.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use serde::Deserialize;

use crate::Failure;
use crate::peer::Peer;
use crate::world;

/// The data centre where everybody lives.
pub(crate) const HOME: i32 = 2;
/// The demo's user.
pub(crate) const PHONE: &str = "9996612001";
/// Everybody's login code.
pub(crate) const CODE: &str = "12345";
/// The application's.
pub(crate) const API_HASH: &str = "0123456789abcdef0123456789abcdef";

/// A running sandbox and a directory for the files of this run; both go when it is dropped.
pub(crate) struct Sandbox {
    process: Child,
    dcs: BTreeMap<i32, String>,
    control: Option<String>,
    pub(crate) directory: PathBuf,
}

#[derive(Deserialize)]
struct Listening {
    dcs: BTreeMap<i32, String>,
    control: Option<String>,
}

impl Sandbox {
    pub(crate) fn start() -> Result<Self, Failure> {
        Self::start_with(&[])
    }

    /// One that takes commands.
    pub(crate) fn start_with_control() -> Result<Self, Failure> {
        Self::start_with(&["--control", "0"])
    }

    fn start_with(options: &[&str]) -> Result<Self, Failure> {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let name = format!("madeline-bench-{}-{number}", std::process::id());
        let directory = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&directory)?;
        let binary = std::env::var("SANDBOX")
            .unwrap_or_else(|_| "target/release/madeline-sandbox".to_owned());
        let world = directory.join("world.json");
        std::fs::write(&world, world::write()?)?;
        let mut process = Command::new(binary)
            // It keeps the memory of parts that it has sent: the kernel would clear it anew for each, on the clients' time.
            .env("MIMALLOC_PURGE_DELAY", "-1")
            .arg("--world")
            .arg(world)
            .args(["--port", "0", "--write-key"])
            .arg(directory.join("server.pem"))
            .args(options)
            .stdout(Stdio::piped())
            .spawn()?;
        let mut line = String::new();
        BufReader::new(process.stdout.take().ok_or("the sandbox has no output")?)
            .read_line(&mut line)?;
        let Listening { dcs, control } = serde_json::from_str(&line)?;
        Ok(Self {
            process,
            dcs,
            control,
            directory,
        })
    }

    /// Microseconds of CPU time that the server has used so far, in steps of 10 000.
    pub(crate) fn cpu_us(&self) -> Result<f64, Failure> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.process.id()))?;
        // Behind the name, which may contain anything: user and system time are the 12th and 13th field.
        let (_, fields) = stat
            .rsplit_once(')')
            .ok_or("the kernel tells no CPU time")?;
        let mut ticks = 0.0;
        for field in fields.split_whitespace().skip(11).take(2) {
            ticks += field.parse::<f64>()?;
        }
        Ok(ticks * 1e4)
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.directory.join("server.pem")
    }

    /// Address of the data centre where everybody lives.
    pub(crate) fn home_address(&self) -> Result<&str, Failure> {
        self.dcs
            .get(&HOME)
            .map(String::as_str)
            .ok_or_else(|| "the sandbox has no DC 2".into())
    }

    /// Where it takes commands.
    pub(crate) fn control(&self) -> Result<&str, Failure> {
        self.control
            .as_deref()
            .ok_or_else(|| "the sandbox takes no commands".into())
    }

    /// A measured Rust program: `grammers`, or ours on the engine `native` or `pool`.
    pub(crate) fn program(&self, name: &str, connections: usize) -> Result<Peer, Failure> {
        let key_file = self.key_file().display().to_string();
        let connections = connections.to_string();
        Peer::role(self, &[name, self.home_address()?, &key_file, &connections])
    }

    /// PHP with the extension, pointed at this sandbox, in this run's directory.
    pub(crate) fn php(&self) -> Command {
        self.php_with(&extension())
    }

    /// The same with another build of the extension.
    pub(crate) fn php_with(&self, extension: &str) -> Command {
        let dc_list: Vec<String> = self
            .dcs
            .iter()
            .map(|(id, address)| format!("{id}={address}"))
            .collect();
        let mut command = plain_php();
        command
            .arg("-d")
            .arg(format!("extension={extension}"))
            .args(["-d", "madelineproto.api_id=1"])
            .arg("-d")
            .arg(format!("madelineproto.api_hash={API_HASH}"))
            .arg("-d")
            .arg(format!("madelineproto.dc_list=\"{}\"", dc_list.join(",")))
            .arg("-d")
            .arg(format!(
                "madelineproto.rsa_keys={}",
                self.key_file().display()
            ))
            .current_dir(&self.directory);
        command
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        // Nothing can be done about a process that is gone already or a directory that stays.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = std::fs::remove_dir_all(&self.directory);
    }
}

/// `php -n`: the floor that the extension's cost is counted from.
pub(crate) fn plain_php() -> Command {
    let mut command = Command::new(std::env::var("PHP").unwrap_or_else(|_| "php".to_owned()));
    command.arg("-n");
    command
}

/// The build of the extension that is measured, by its full path: scripts run in another directory.
pub(crate) fn extension() -> String {
    std::env::var("EXTENSION").unwrap_or_else(|_| absolute("target/release/libmadelineproto.so"))
}

/// A path below the repository's root, where this program is started.
pub(crate) fn absolute(path: &str) -> String {
    std::path::absolute(path).map_or_else(|_| path.to_owned(), |path| path.display().to_string())
}

/// One of the scripts in `benches/php`.
pub(crate) fn script(name: &str) -> Result<PathBuf, Failure> {
    Ok(std::path::absolute(format!("benches/php/{name}"))?)
}
