//! The program: its line of JSON, its options, its end.

#![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use madeline_mtproto::{RsaKey, RsaPrivateKey};

const WORLD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../examples/world.json");

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_madeline-sandbox"));
    command
        .args(arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// Starts the program and reads its first line.
fn start(arguments: &[&str]) -> (Child, serde_json::Value) {
    let mut child = command(arguments).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap())
        .read_line(&mut line)
        .unwrap();
    (child, serde_json::from_str(&line).unwrap())
}

/// Sends a signal; gives the exit code.
fn end(mut child: Child, signal: &str) -> Option<i32> {
    let pid = child.id().to_string();
    assert!(
        Command::new("kill")
            .args([signal, &pid])
            .status()
            .unwrap()
            .success()
    );
    child.wait().unwrap().code()
}

/// What the program says when it does not start.
fn complaint(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(!output.status.success());
    String::from_utf8(output.stderr).unwrap()
}

#[test]
fn it_says_where_it_is_and_ends_when_told() {
    let key_file =
        std::env::temp_dir().join(format!("madeline-sandbox-test-{}.pem", std::process::id()));
    let path = key_file.to_str().unwrap();
    for signal in ["-TERM", "-INT"] {
        let (child, line) = start(&["--world", WORLD, "--dcs", "3", "--write-key", path]);
        assert_eq!(line["dcs"].as_object().unwrap().len(), 3);
        assert!(line["dcs"]["3"].as_str().unwrap().starts_with("127.0.0.1:"));
        let key = RsaKey::from_pem(line["rsa_public_key"].as_str().unwrap()).unwrap();
        assert_eq!(line["fingerprint"].as_i64(), Some(key.fingerprint()));
        assert_eq!(line["rsa_public_key_path"].as_str(), Some(path));
        assert_eq!(
            RsaKey::from_pem(&std::fs::read_to_string(path).unwrap()).unwrap(),
            key
        );
        assert_eq!(end(child, signal), Some(0));
    }
    std::fs::remove_file(key_file).unwrap();
}

#[test]
fn it_takes_commands_where_it_says() {
    let (child, line) = start(&["--world", WORLD, "--control", "0"]);
    let address = line["control"].as_str().unwrap();
    let mut stream = std::net::TcpStream::connect(address).unwrap();
    stream.write_all(b"{\"do\": \"stats\"}\n").unwrap();
    let mut answer = String::new();
    BufReader::new(stream).read_line(&mut answer).unwrap();
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    assert_eq!(answer["ok"], serde_json::json!(true));
    assert_eq!(answer["accepted"], serde_json::json!(0));
    assert_eq!(end(child, "-TERM"), Some(0));
    let (child, line) = start(&["--world", WORLD]);
    assert!(line.get("control").is_none());
    assert_eq!(end(child, "-TERM"), Some(0));
}

#[test]
fn it_takes_a_key_and_is_quiet() {
    let key_file = std::env::temp_dir().join(format!(
        "madeline-sandbox-test-private-{}.pem",
        std::process::id()
    ));
    let key = RsaPrivateKey::generate(&mut madeline_mtproto::random::OsRandom);
    std::fs::write(&key_file, key.to_pem()).unwrap();
    let (mut child, line) = start(&["--world", WORLD, "--rsa-key", key_file.to_str().unwrap()]);
    std::fs::remove_file(key_file).unwrap();
    assert_eq!(
        line["fingerprint"].as_i64(),
        Some(key.public().fingerprint())
    );
    let mut errors = child.stderr.take().unwrap();
    assert_eq!(end(child, "-TERM"), Some(0));
    let mut said = String::new();
    errors.read_to_string(&mut said).unwrap();
    assert_eq!(said, "");
}

#[test]
fn it_says_what_is_wrong() {
    let missing = complaint(&["--world", "does/not/exist.json"]);
    assert!(missing.contains("does/not/exist.json: "), "{missing}");
    assert!(complaint(&[]).contains("--world FILE is wanted"));
    assert!(complaint(&["--world"]).contains("--world needs a value"));
    assert!(complaint(&["--world", WORLD, "--port", "x"]).contains("--port: `x` is no number"));
    assert!(complaint(&["--nonsense"]).contains("--nonsense is unknown"));
    assert!(complaint(&["--world", WORLD, "--rsa-key", WORLD]).contains("world.json: "));
    assert!(complaint(&["--world", WORLD, "--schema", WORLD]).contains("world.json: line 1"));
    assert!(
        complaint(&["--world", WORLD, "--control", "x"]).contains("--control: `x` is no number")
    );
    assert!(Path::new(WORLD).exists());
}

#[test]
fn it_opens_the_proxies_that_are_asked_for() {
    let secret = "ee000102030405060708090a0b0c0d0e0f6578616d706c652e6f7267";
    let (child, line) = start(&[
        "--world",
        WORLD,
        "--socks5",
        "--http-proxy=me:secret",
        "--mtproxy",
        secret,
    ]);
    let proxies = line["proxies"].as_array().unwrap();
    assert_eq!(proxies.len(), 3);
    assert!(
        proxies
            .iter()
            .all(|proxy| proxy.as_str().unwrap().starts_with("127.0.0.1:"))
    );
    assert_eq!(end(child, "-TERM"), Some(0));
    let refused = complaint(&["--world", WORLD, "--mtproxy", "0011"]);
    assert!(
        refused.contains("--mtproxy: expected 16 bytes, "),
        "{refused}"
    );
    let refused = complaint(&["--world", WORLD, "--socks5=me"]);
    assert!(refused.contains("USER:PASSWORD is wanted"), "{refused}");
}
