//! `setWebhook()`: each update is posted as JSON to an address, again and again until it is taken.

use std::fs;
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;

use ext_php_rs::types::Zval;
use tokio::time::sleep;
use ureq::tls::{Certificate, PemItem, RootCerts, TlsConfig, parse_pem};
use ureq::{Agent, Body, http::Response};

use super::account::Wish;
use crate::api::dialect::Dialect;
use crate::api::instance::Instance;
use crate::call;
use crate::exceptions::Thrown;
use crate::function;
use crate::logger::{self, Level};
use crate::runtime::{self, signals};

/// How long one attempt may take.
const TIMEOUT: Duration = Duration::from_secs(60);
/// How long after a failure the next one begins.
const PAUSE: Duration = Duration::from_secs(1);
/// `JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE`
const JSON_FLAGS: i64 = 64 | 0x0010_0000;
/// How much of an answer is looked at.
const ANSWER: u64 = 1 << 20;

/// An address that gets the updates.
pub(super) struct Webhook {
    url: String,
    agent: Agent,
}

/// What came of an attempt: the answer's text, or why it was none.
type Attempt = Result<String, String>;

impl Webhook {
    /// `pem`: a file with the certificates that are trusted, instead of those of the web's authorities.
    pub(super) fn new(url: &str, pem: Option<&str>) -> Result<Self, Thrown> {
        if !url.starts_with("https://") && !url.starts_with("http://") {
            return Err(Thrown::Exception(format!(
                "setWebhook(): the address must begin with https:// or http://, \"{url}\" was given"
            )));
        }
        let mut tls = TlsConfig::builder();
        if let Some(path) = pem {
            tls = tls.root_certs(RootCerts::new_with_certs(&certificates(path)?));
        }
        let config = Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0)
            .tls_config(tls.build())
            .build();
        Ok(Self {
            url: url.to_owned(),
            agent: Agent::new_with_config(config),
        })
    }

    /// Posts an update until the answer is 200, or the loop is to end: then the next one has the update again.
    pub(super) fn post(&self, instance: &Rc<Instance>, update: &Zval) -> Result<(), Thrown> {
        let json = function::call("json_encode", vec![update, &JSON_FLAGS]);
        Thrown::pending()?;
        let json = json.and_then(|json| json.string()).unwrap_or_default();
        loop {
            let attempt = self.attempt(json.clone());
            let done = until_told_to_end(instance, attempt)?;
            match done {
                Some(Ok(answer)) => return perform(instance, &answer),
                Some(Err(error)) => logger::write(Level::Error, || {
                    format!("The webhook {} did not take an update: {error}", self.url)
                }),
                None => {}
            }
            if until_told_to_end(instance, sleep_for(PAUSE))?.is_none() {
                instance.updates().unhandled.set(true);
                return Ok(());
            }
        }
    }

    fn attempt(&self, json: String) -> impl Future<Output = Attempt> + use<> {
        let (agent, url) = (self.agent.clone(), self.url.clone());
        async move {
            // The client blocks: on a thread that has nothing else to do.
            let sent = tokio::task::spawn_blocking(move || send(&agent, &url, &json));
            sent.await.unwrap_or_else(|error| Err(error.to_string()))
        }
    }
}

async fn sleep_for(time: Duration) {
    sleep(time).await;
}

fn send(agent: &Agent, url: &str, json: &str) -> Attempt {
    let sent = agent
        .post(url)
        .header("Content-Type", "application/json")
        .send(json);
    let mut answer: Response<Body> = sent.map_err(|error| error.to_string())?;
    if answer.status().as_u16() != 200 {
        return Err(format!("status {}", answer.status()));
    }
    let body = answer.body_mut().with_config().limit(ANSWER).read_to_vec();
    // It was taken, whatever else was said.
    Ok(String::from_utf8(body.unwrap_or_default()).unwrap_or_default())
}

/// The output of `future`; `None` when the loop is to end first.
fn until_told_to_end<T>(
    instance: &Instance,
    future: impl Future<Output = T>,
) -> Result<Option<T>, Thrown> {
    let mut future = Box::pin(future);
    runtime::wait_until(|context| {
        if let Poll::Ready(value) = future.as_mut().poll(context) {
            return Poll::Ready(Some(value));
        }
        if signals::received().is_some() || instance.updates().wish.get() != Wish::None {
            return Poll::Ready(None);
        }
        Poll::Pending
    })
}

/// Releases 2 to 4 called the method that the answer named, as the bot API does it.
fn perform(instance: &Rc<Instance>, answer: &str) -> Result<(), Thrown> {
    if instance.dialect() != Dialect::V4 || !answer.contains("\"method\"") {
        return Ok(());
    }
    let request = function::call("json_decode", vec![&answer, &true]);
    Thrown::pending()?;
    let Some(request) = request else {
        return Ok(());
    };
    let name = request
        .array()
        .and_then(|request| request.get("method"))
        .and_then(Zval::string);
    match name {
        Some(name) => {
            let method = call::method(instance, &name)?;
            call::check_allowed(method)?;
            call::perform(instance, method, &request).map(drop)
        }
        None => Ok(()),
    }
}

fn certificates(path: &str) -> Result<Vec<Certificate<'static>>, Thrown> {
    let text = fs::read(path)
        .map_err(|error| Thrown::Exception(format!("setWebhook(): cannot read {path}: {error}")))?;
    let found: Vec<_> = parse_pem(&text)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        return Err(Thrown::Exception(format!(
            "setWebhook(): {path} has no certificate in PEM form"
        )));
    }
    Ok(found)
}
