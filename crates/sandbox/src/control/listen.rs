//! The control channel over TCP: a line of JSON in, a line of JSON out.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{AbortHandle, JoinSet};

use super::Control;

/// Longest command in bytes.
const LONGEST: u64 = 1 << 20;

/// Opens the port and serves it.
pub(crate) async fn listen(control: Control, port: u16) -> io::Result<(SocketAddr, AbortHandle)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let task = tokio::spawn(accept(control, listener));
    Ok((address, task.abort_handle()))
}

async fn accept(control: Control, listener: TcpListener) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => if let Ok((stream, _)) = accepted {
                connections.spawn(serve(control.clone(), stream));
            },
            Some(_) = connections.join_next() => {}
        }
    }
}

/// Obeys line after line until the other side has no more.
async fn serve(control: Control, stream: TcpStream) -> io::Result<()> {
    let (read, mut write) = stream.into_split();
    let mut read = BufReader::new(read);
    loop {
        let mut line = String::new();
        if (&mut read).take(LONGEST).read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let mut answer = answer(&control, &line).to_string();
        answer.push('\n');
        write.write_all(answer.as_bytes()).await?;
    }
}

fn answer(control: &Control, line: &str) -> Value {
    let outcome = serde_json::from_str(line)
        .map_err(|error| format!("no JSON: {error}"))
        .and_then(|command| control.ask(command));
    match outcome {
        Ok(Value::Object(mut answer)) => {
            answer.insert("ok".to_owned(), true.into());
            Value::Object(answer)
        }
        Ok(_) => json!({"ok": true}),
        Err(error) => json!({"error": error}),
    }
}
