//! Memory of many accounts in one process: two hundred sessions, each logged in, connected and idle.

use std::path::PathBuf;
use std::time::Duration;

use madeline_client::Client;
use tokio::task::JoinSet;

use crate::Failure;
use crate::ours::{config, nearest_dc, runtime};
use crate::peer::Peer;
use crate::program::{answer, resident_mb};
use crate::report::{Goal, Report};
use crate::sandbox::{CODE, Sandbox, script};
use crate::world::{CROWD, crowd_phone};

/// Logins at a time.
const AT_ONCE: u32 = 8;

/// After this long nothing moves any more: acknowledgements are out, what was fetched ahead is there.
const SETTLE: Duration = Duration::from_secs(5);

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    // The logins happen in another process: what is measured opens sessions that are there.
    for (key, engine) in [("native", "native"), ("pool", "pool")] {
        start(sandbox, engine, "login")?.ask("")?;
        let per_account = growth(&mut start(sandbox, engine, "connect")?)?;
        if key == "native" {
            report.add(
                "idle_kb_per_account",
                per_account,
                "kB",
                Goal::AtMost(200.0),
            );
        } else {
            report.add(
                &format!("idle_kb_per_account.{key}"),
                per_account,
                "kB",
                Goal::Context,
            );
        }
    }
    let php = growth(&mut Peer::start(
        sandbox
            .php()
            .arg(script("accounts.php")?)
            .arg(CROWD.to_string())
            .arg("native"),
    )?)?;
    report.add("idle_kb_per_account.php", php, "kB", Goal::Context);
    Ok(())
}

fn start(sandbox: &Sandbox, engine: &str, what: &str) -> Result<Peer, Failure> {
    let key_file = sandbox.key_file().display().to_string();
    Peer::role(
        sandbox,
        &["accounts", sandbox.home_address()?, &key_file, engine, what],
    )
}

/// Kilobytes for each account: resident memory once all are connected and idle, less that before.
fn growth(process: &mut Peer) -> Result<f64, Failure> {
    let before: f64 = process.ask("")?.trim().parse()?;
    let after: f64 = process.ask("")?.trim().parse()?;
    Ok((after - before) * 1024.0 / f64::from(CROWD))
}

/// The process with the accounts. It answers the first line with its resident memory, or once all accounts are logged
/// in; the second with its memory once all are connected and idle.
pub(crate) fn run(address: &str, key_file: &str, engine: &str, what: &str) -> Result<(), Failure> {
    let runtime = runtime()?;
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    if what == "login" {
        let clients = runtime.block_on(open(address, key_file, engine, true))?;
        for client in clients {
            runtime.block_on(client.close());
        }
        return answer(&"logged in");
    }
    answer(&resident_mb()?)?;
    std::io::stdin().read_line(&mut line)?;
    let clients = runtime.block_on(open(address, key_file, engine, false))?;
    runtime.block_on(async { tokio::time::sleep(SETTLE).await });
    answer(&resident_mb()?)?;
    std::io::stdin().read_line(&mut line)?;
    drop(clients);
    Ok(())
}

/// All accounts, each with a call behind it.
async fn open(
    address: &str,
    key_file: &str,
    engine: &str,
    login: bool,
) -> Result<Vec<Client>, Failure> {
    let config = config(engine, address, key_file, 1)?;
    let mut opening = JoinSet::new();
    let mut clients = Vec::new();
    for number in 0..CROWD {
        if number >= AT_ONCE
            && let Some(opened) = opening.join_next().await
        {
            clients.push(opened??);
        }
        let (config, directory) = (config.clone(), directory(engine, number));
        opening.spawn(async move {
            let client = Client::open(&directory, config).await?;
            if login {
                client.phone_login(&crowd_phone(number)).await?;
                client.complete_phone_login(CODE).await?;
            }
            nearest_dc(&client).await?;
            Ok::<_, Failure>(client)
        });
    }
    while let Some(opened) = opening.join_next().await {
        clients.push(opened??);
    }
    Ok(clients)
}

fn directory(engine: &str, number: u32) -> PathBuf {
    PathBuf::from(format!("{engine}-account-{number}"))
}
