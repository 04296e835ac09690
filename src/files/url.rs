//! Files of the web, read by a thread of its own: the client blocks.

use std::io::Read;

use tokio::sync::mpsc;
use ureq::Agent;

use crate::exceptions::Thrown;
use crate::runtime;

/// Bytes that are read at once.
const CHUNK: usize = 128 << 10;
/// Chunks that may wait.
const AHEAD: usize = 8;
/// How often an address may name another one.
const REDIRECTS: u32 = 10;

/// The contents of an address, as they come.
pub(super) struct Body {
    url: String,
    /// As the server announces it.
    pub(super) size: Option<u64>,
    /// As the server announces it, where it says more than that these are bytes.
    pub(super) mime: Option<String>,
    chunks: mpsc::Receiver<Result<Vec<u8>, String>>,
    rest: Vec<u8>,
}

struct Head {
    size: Option<u64>,
    mime: Option<String>,
}

impl Body {
    /// Asks for an address.
    ///
    /// # Errors
    /// `Exception` where there is no answer, or another status than 200.
    pub(super) fn open(url: &str) -> Result<Self, Thrown> {
        let (to, chunks) = mpsc::channel(AHEAD);
        let (tell, told) = tokio::sync::oneshot::channel();
        let address = url.to_owned();
        let head = runtime::wait(async move {
            drop(tokio::task::spawn_blocking(move || match ask(&address) {
                Ok((head, body)) => {
                    if tell.send(Ok(head)).is_ok() {
                        pump(body, &to);
                    }
                }
                Err(error) => drop(tell.send(Err(error))),
            }));
            told.await.unwrap_or_else(|error| Err(error.to_string()))
        })?;
        let head = head.map_err(Thrown::Exception)?;
        Ok(Self {
            url: url.to_owned(),
            size: head.size,
            mime: head.mime,
            chunks,
            rest: Vec::new(),
        })
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// The next bytes: `wanted` of them, fewer only at the end. Dropping the future loses nothing.
    pub(super) async fn read(&mut self, wanted: usize) -> Result<Vec<u8>, String> {
        while self.rest.len() < wanted {
            match self.chunks.recv().await {
                Some(chunk) => {
                    let chunk =
                        chunk.map_err(|error| format!("cannot read {}: {error}", self.url))?;
                    self.rest.extend(chunk);
                }
                None => break,
            }
        }
        let beyond = self.rest.split_off(wanted.min(self.rest.len()));
        Ok(std::mem::replace(&mut self.rest, beyond))
    }
}

/// Whether a text looks like an address of the web.
pub(super) fn is_url(text: &str) -> bool {
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

fn ask(url: &str) -> Result<(Head, impl Read + use<>), String> {
    let agent = Agent::new_with_config(
        Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(REDIRECTS)
            .build(),
    );
    let answer = agent
        .get(url)
        .call()
        .map_err(|error| format!("cannot read {url}: {error}"))?;
    let status = answer.status();
    if status.as_u16() != 200 {
        return Err(format!("Wrong status code: {status}"));
    }
    let size = answer.body().content_length();
    let mime = answer.body().mime_type().map(str::to_owned);
    let head = Head {
        size: size.filter(|size| *size > 0),
        mime: mime.filter(|mime| mime != super::mime::UNKNOWN),
    };
    Ok((head, answer.into_body().into_reader()))
}

fn pump(mut body: impl Read, to: &mpsc::Sender<Result<Vec<u8>, String>>) {
    loop {
        let chunk = super::local::read(&mut body, CHUNK).map_err(|error| error.to_string());
        let is_last = chunk.as_ref().map_or(true, |chunk| chunk.len() < CHUNK);
        if to.blocking_send(chunk).is_err() || is_last {
            return;
        }
    }
}
