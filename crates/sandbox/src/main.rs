//! `madeline-sandbox`: serves a world until it is told to stop.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use madeline_mtproto::RsaPrivateKey;
use madeline_mtproto::proxy::Login;
use madeline_mtproto::random::OsRandom;
use madeline_sandbox::{Config, Proxy, Sandbox, World};
use madeline_tl::Schema;
use tokio::signal::unix::{SignalKind, signal};

/// Parts of files are half a megabyte each: the system's allocator gives such memory back to the kernel after every
/// one, and gets it again, page by page.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const USAGE: &str = "\
usage: madeline-sandbox --world FILE [options]

A local Telegram: data centres on 127.0.0.1 for the people, bots and chats of a
world file. Prints one line of JSON with their addresses and the server's RSA
key, then serves until SIGTERM or SIGINT.

  --world FILE      the world (docs/sandbox.md)
  --port N          port of data centre 1, the others follow; 0 (default): any
  --dcs N           how many data centres, instead of what the world says
  --rsa-key FILE    the server's private RSA key (PEM); otherwise a new one
  --write-key FILE  write the server's public RSA key (PEM) there
  --schema FILE     speak the layer of this TL file (// LAYER n) instead
  --control PORT    take commands on this port of 127.0.0.1; 0: any
  --socks5[=USER:PASSWORD], --http-proxy[=USER:PASSWORD], --mtproxy SECRET
                    a proxy in front of the data centres; may be repeated
  --verbose         say on standard error what happens
  --help            this text
";

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("madeline-sandbox: {message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let Some(options) = Options::read(std::env::args().skip(1))? else {
        print!("{USAGE}");
        return Ok(());
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| format!("no runtime: {error}"))?;
    runtime.block_on(serve(&options))
}

async fn serve(options: &Options) -> Result<(), String> {
    let mut world = World::load(&options.world).map_err(|error| error.to_string())?;
    if let Some(dcs) = options.dcs {
        world = world.with_dcs(dcs).map_err(|error| error.to_string())?;
    }
    let rsa_key = match &options.rsa_key {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|error| said(path, &error))?;
            RsaPrivateKey::from_pem(&text).map_err(|error| said(path, &error))?
        }
        None => RsaPrivateKey::generate(&mut OsRandom),
    };
    let mut interrupted = signal(SignalKind::interrupt()).map_err(|error| error.to_string())?;
    let mut terminated = signal(SignalKind::terminate()).map_err(|error| error.to_string())?;
    let config = Config {
        world,
        port: options.port,
        rsa_key,
        schema: match &options.schema {
            None => Schema::api(),
            Some(path) => read_schema(path)?,
        },
        verbose: options.verbose,
    };
    let mut sandbox = Sandbox::start(config)
        .await
        .map_err(|error| format!("no port: {error}"))?;
    let control = match options.control {
        None => None,
        Some(port) => Some(
            sandbox
                .listen_control(port)
                .await
                .map_err(|error| format!("no port: {error}"))?,
        ),
    };
    let mut proxies = Vec::new();
    for proxy in &options.proxies {
        let address = sandbox.listen_proxy(proxy.clone()).await;
        let address = address.map_err(|error| format!("no port: {error}"))?;
        proxies.push(address.to_string());
    }
    if let Some(path) = &options.write_key {
        std::fs::write(path, sandbox.rsa_public_key()).map_err(|error| said(path, &error))?;
    }
    let mut line = announcement(&sandbox, options.write_key.as_deref());
    if let (Some(address), Some(line)) = (control, line.as_object_mut()) {
        line.insert("control".to_owned(), address.to_string().into());
    }
    if let (false, Some(line)) = (proxies.is_empty(), line.as_object_mut()) {
        line.insert("proxies".to_owned(), proxies.into());
    }
    println!("{line}");
    tokio::select! {
        _ = interrupted.recv() => {}
        _ = terminated.recv() => {}
    }
    Ok(())
}

/// The line of JSON that says where the data centres are.
fn announcement(sandbox: &Sandbox, key_path: Option<&Path>) -> serde_json::Value {
    let dcs: serde_json::Map<String, serde_json::Value> = sandbox
        .addresses()
        .iter()
        .map(|(dc, address)| {
            let name = match dc {
                ..0 => format!("{}_media", dc.abs()),
                _ => dc.to_string(),
            };
            (name, address.to_string().into())
        })
        .collect();
    serde_json::json!({
        "dcs": dcs,
        "rsa_public_key": sandbox.rsa_public_key(),
        "rsa_public_key_path": key_path.map(|path| path.display().to_string()),
        "fingerprint": sandbox.fingerprint(),
    })
}

/// The schema of a TL file. It is needed until the program ends.
fn read_schema(path: &Path) -> Result<&'static Schema, String> {
    let text = std::fs::read_to_string(path).map_err(|error| said(path, &error))?;
    let schema = Schema::parse(&text, None).map_err(|error| said(path, &error))?;
    Ok(Box::leak(Box::new(schema)))
}

fn said(path: &Path, error: &impl std::fmt::Display) -> String {
    format!("{}: {error}", path.display())
}

struct Options {
    world: PathBuf,
    port: u16,
    dcs: Option<i32>,
    rsa_key: Option<PathBuf>,
    write_key: Option<PathBuf>,
    schema: Option<PathBuf>,
    control: Option<u16>,
    /// In the order in which they are announced.
    proxies: Vec<Proxy>,
    verbose: bool,
}

impl Options {
    /// `None` where only the usage is wanted.
    fn read(mut arguments: impl Iterator<Item = String>) -> Result<Option<Self>, String> {
        let mut world = None;
        let mut options = Options {
            world: PathBuf::new(),
            port: 0,
            dcs: None,
            rsa_key: None,
            write_key: None,
            schema: None,
            control: None,
            proxies: Vec::new(),
            verbose: false,
        };
        while let Some(argument) = arguments.next() {
            let (name, inline) = match argument.split_once('=') {
                Some((name, value)) => (name.to_owned(), Some(value.to_owned())),
                None => (argument, None),
            };
            let mut value = || {
                inline
                    .clone()
                    .or_else(|| arguments.next())
                    .ok_or_else(|| format!("{name} needs a value; see --help"))
            };
            match name.as_str() {
                "--world" => world = Some(PathBuf::from(value()?)),
                "--port" => options.port = number(&name, &value()?)?,
                "--dcs" => options.dcs = Some(number(&name, &value()?)?),
                "--rsa-key" => options.rsa_key = Some(PathBuf::from(value()?)),
                "--write-key" => options.write_key = Some(PathBuf::from(value()?)),
                "--schema" => options.schema = Some(PathBuf::from(value()?)),
                "--control" => options.control = Some(number(&name, &value()?)?),
                "--socks5" => options.proxies.push(Proxy::Socks5 {
                    login: inline
                        .as_deref()
                        .map(|text| login(&name, text))
                        .transpose()?,
                }),
                "--http-proxy" => options.proxies.push(Proxy::Http {
                    login: inline
                        .as_deref()
                        .map(|text| login(&name, text))
                        .transpose()?,
                }),
                "--mtproxy" => options.proxies.push(Proxy::MtProxy {
                    secret: value()?
                        .parse()
                        .map_err(|error| format!("{name}: {error}"))?,
                }),
                "--verbose" => options.verbose = true,
                "--help" | "-h" => return Ok(None),
                _ => return Err(format!("{name} is unknown; see --help")),
            }
        }
        options.world = world.ok_or("--world FILE is wanted; see --help")?;
        Ok(Some(options))
    }
}

fn login(name: &str, text: &str) -> Result<Login, String> {
    text.split_once(':')
        .map(|(user, password)| Login::new(user, password))
        .ok_or_else(|| format!("{name}: USER:PASSWORD is wanted"))
}

fn number<T: std::str::FromStr>(name: &str, text: &str) -> Result<T, String> {
    text.parse()
        .map_err(|_| format!("{name}: `{text}` is no number it can be"))
}
