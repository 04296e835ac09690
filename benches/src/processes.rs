//! Several processes of one session: what a call costs those that send it through another one, how long all wait when that
//! one is killed, and what a web server's request costs that makes a call.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::peer::Peer;
use crate::report::{Goal, Report, median};
use crate::sandbox::{API_HASH, Sandbox, extension};
use crate::task::{Cost, Task};

const ROUNDS: usize = 11;
/// Calls one after the other in a round.
const CALLS: u32 = 1000;
const FOLLOWERS: u32 = 8;
/// Calls in a round of many at a time, of all processes together, and how many one has on their way.
const MANY: u32 = 48_000;
const WIDTH: u32 = 200;
const KILLS: usize = 40;
const REQUESTS: usize = 300;

/// Directory of the session, in the sandbox's.
const SESSION: &str = "shared";

pub(crate) fn measure(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    follow(sandbox, report)?;
    hand_over(sandbox, report)?;
    web(sandbox, report)
}

/// A process of the session: the first leads.
fn member(sandbox: &Sandbox) -> Result<Peer, Failure> {
    let key_file = sandbox.key_file().display().to_string();
    let mut member = Peer::role(
        sandbox,
        &["member", sandbox.home_address()?, &key_file, SESSION],
    )?;
    member.task::<Cost>(Task::Sequential(10))?;
    Ok(member)
}

fn follow(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut leader = member(sandbox)?;
    let mut followers = (0..FOLLOWERS)
        .map(|_| member(sandbox))
        .collect::<Result<Vec<_>, _>>()?;
    let first = followers.first_mut().ok_or("no follower")?;
    let mut extra = Vec::new();
    for _ in 0..ROUNDS {
        let own: Cost = leader.task(Task::Sequential(CALLS))?;
        let through: Cost = first.task(Task::Sequential(CALLS))?;
        extra.push(through.wall_us - own.wall_us);
    }
    report.median("follower_extra_us", extra, "us", Goal::AtMost(60.0));
    let (mut alone, mut ratios, mut narrow) = (Vec::new(), Vec::new(), Vec::new());
    let whole = Task::InFlight {
        width: WIDTH,
        calls: MANY,
    };
    for _ in 0..ROUNDS {
        let began = Instant::now();
        leader.task::<Cost>(whole)?;
        let own = began.elapsed().as_secs_f64();
        alone.push(f64::from(MANY) / own);
        ratios.push(own / together(&mut followers, WIDTH)?);
        narrow.push(own / together(&mut followers, WIDTH / FOLLOWERS)?);
    }
    report.median("followers8.vs_leader", ratios, "x", Goal::AtLeast(0.7));
    report.median("followers8.leader_per_s", alone, "calls/s", Goal::Context);
    report.median("followers8.narrow_vs_leader", narrow, "x", Goal::Context);
    Ok(())
}

/// Seconds that all followers take together for the leader's calls, each with so many of them at a time.
fn together(followers: &mut [Peer], width: u32) -> Result<f64, Failure> {
    let share = Task::InFlight {
        width,
        calls: MANY / FOLLOWERS,
    };
    let began = Instant::now();
    for follower in followers.iter_mut() {
        follower.tell(&share.to_string())?;
    }
    for follower in followers {
        follower.answer()?;
    }
    Ok(began.elapsed().as_secs_f64())
}

/// From the kill of the leader to the answer of the next call of another process.
fn hand_over(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let mut waits = Vec::new();
    let mut leader = member(sandbox)?;
    let mut next = member(sandbox)?;
    for _ in 0..KILLS {
        let late = member(sandbox)?;
        let began = Instant::now();
        leader.kill()?;
        next.task::<Cost>(Task::Sequential(1))?;
        waits.push(began.elapsed().as_secs_f64() * 1e3);
        leader = next;
        next = late;
    }
    waits.sort_by(f64::total_cmp);
    let p95 = waits.get(KILLS * 95 / 100).copied().unwrap_or(f64::NAN);
    report.add("handover_p95_ms", p95, "ms", Goal::AtMost(300.0));
    report.median("handover.median_ms", waits, "ms", Goal::Context);
    Ok(())
}

/// Requests over HTTP to nginx and php-fpm: an empty one, and one that makes a call. Not measured where either is missing.
fn web(sandbox: &Sandbox, report: &mut Report) -> Result<(), Failure> {
    let Some((fpm, nginx)) =
        program(&["php-fpm8.2", "php-fpm8.4", "php-fpm8.3", "php-fpm"]).zip(program(&["nginx"]))
    else {
        eprintln!("fpm_request_ms needs nginx and php-fpm");
        return Ok(());
    };
    let server = Web::start(sandbox, &fpm, &nginx)?;
    let (mut empty, mut call) = (Vec::new(), Vec::new());
    for round in 0..REQUESTS + 20 {
        let floor = server.time("/empty.php", "empty")?;
        let with_call = server.time("/call.php", "nearestDc")?;
        // The first ones open the session.
        if round >= 20 {
            empty.push(floor);
            call.push(with_call);
        }
    }
    let empty = median(empty);
    report.add(
        "fpm_request_ms",
        median(call) - empty,
        "ms",
        Goal::AtMost(3.0),
    );
    report.add("fpm_request.empty_ms", empty, "ms", Goal::Context);
    Ok(())
}

struct Web {
    fpm: Child,
    nginx: Child,
    port: u16,
}

impl Web {
    fn start(sandbox: &Sandbox, fpm: &Path, nginx: &Path) -> Result<Web, Failure> {
        let directory = sandbox.directory.join("web");
        fs::create_dir_all(&directory)?;
        let place = directory.display();
        let session = sandbox.directory.join(SESSION);
        // Logs in.
        drop(member(sandbox)?);
        fs::write(directory.join("empty.php"), "<?php echo 'empty';")?;
        fs::write(
            directory.join("call.php"),
            format!(
                "<?php $api = new \\danog\\MadelineProto\\API('{}');
                echo $api->help->getNearestDc()['_'];",
                session.display()
            ),
        )?;
        let user = if rustix::process::geteuid().is_root() {
            ("user = root\ngroup = root\n", "user root;")
        } else {
            ("", "")
        };
        fs::write(
            directory.join("fpm.conf"),
            format!(
                "[global]\nerror_log = {place}/fpm.log\ndaemonize = no\n[www]\nlisten = {place}/fpm.sock\n{}pm = static\n\
                 pm.max_children = 2\n",
                user.0
            ),
        )?;
        let port = TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port();
        fs::write(
            directory.join("nginx.conf"),
            format!(
                "{} daemon off; worker_processes 1; pid {place}/nginx.pid; error_log {place}/nginx.log; events {{}}
                 http {{ access_log off; client_body_temp_path {place}; proxy_temp_path {place}; fastcgi_temp_path {place};
                 uwsgi_temp_path {place}; scgi_temp_path {place};
                 server {{ listen 127.0.0.1:{port}; root {place}; location / {{ fastcgi_pass unix:{place}/fpm.sock;
                 fastcgi_param SCRIPT_FILENAME {place}$uri; fastcgi_param REQUEST_METHOD $request_method;
                 fastcgi_param QUERY_STRING $query_string; }} }} }}",
                user.1
            ),
        )?;
        let ini = [
            format!("extension={}", extension()),
            "madelineproto.api_id=1".to_owned(),
            format!("madelineproto.api_hash={API_HASH}"),
            format!("madelineproto.dc_list=\"2={}\"", sandbox.home_address()?),
            format!("madelineproto.rsa_keys={}", sandbox.key_file().display()),
        ];
        let mut command = Command::new(fpm);
        command.args(["-n", "-F"]);
        if !user.0.is_empty() {
            command.arg("-R");
        }
        command.arg("-y").arg(directory.join("fpm.conf"));
        for entry in &ini {
            command.args(["-d", entry]);
        }
        let quiet = |command: &mut Command| {
            command
                .stdin(Stdio::null())
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        };
        let fpm = quiet(&mut command)?;
        let nginx = quiet(
            Command::new(nginx)
                .arg("-c")
                .arg(directory.join("nginx.conf")),
        );
        let web = Web {
            fpm,
            nginx: nginx?,
            port,
        };
        for _ in 0..200 {
            if web.time("/empty.php", "empty").is_ok() {
                return Ok(web);
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(format!("nothing answers at port {port}: {place}/nginx.log").into())
    }

    /// Milliseconds from connecting to the end of the answer, which ends with this text.
    fn time(&self, path: &str, text: &str) -> Result<f64, Failure> {
        let began = Instant::now();
        let mut stream = TcpStream::connect(("127.0.0.1", self.port))?;
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )?;
        let mut reader = BufReader::new(stream);
        let mut status = String::new();
        reader.read_line(&mut status)?;
        let mut answer = String::new();
        reader.read_to_string(&mut answer)?;
        let time = began.elapsed().as_secs_f64() * 1e3;
        if status.contains(" 200 ") && answer.contains(text) {
            return Ok(time);
        }
        Err(format!("{path}: {status}{answer}").into())
    }
}

impl Drop for Web {
    fn drop(&mut self) {
        for (process, signal) in [
            (&mut self.nginx, rustix::process::Signal::TERM),
            (&mut self.fpm, rustix::process::Signal::TERM),
        ] {
            // Both end their workers.
            if let Some(pid) = i32::try_from(process.id())
                .ok()
                .and_then(rustix::process::Pid::from_raw)
            {
                let _ = rustix::process::kill_process(pid, signal);
            }
            let _ = process.wait();
        }
    }
}

fn program(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var("PATH").unwrap_or_default() + ":/usr/sbin:/usr/local/sbin";
    names
        .iter()
        .flat_map(|name| std::env::split_paths(&path).map(move |place| place.join(name)))
        .find(|candidate| candidate.is_file())
}
