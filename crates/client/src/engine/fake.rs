//! An engine for tests: a function instead of a server.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "tests")]

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use madeline_tl::{Schema, Value, method_from_bytes, to_bytes};
use tempfile::TempDir;

use super::{BoxFuture, Engine, InvokeError, Request, UpdatesStream};
use crate::{AppInfo, Client, Config, DcId, DcList, Session};

type Answers = dyn FnMut(DcId, &Value) -> Result<Value, InvokeError> + Send;

pub(crate) struct FakeEngine {
    answers: Mutex<Box<Answers>>,
    calls: Mutex<Vec<(DcId, Value)>>,
}

impl FakeEngine {
    /// What was asked, in order.
    pub(crate) fn calls(&self) -> Vec<(DcId, Value)> {
        self.calls.lock().unwrap().clone()
    }

    /// The names of the methods that were asked, in order.
    pub(crate) fn methods(&self) -> Vec<String> {
        self.calls()
            .iter()
            .map(|(_, call)| call.name().to_owned())
            .collect()
    }

    fn answer(&self, dc: DcId, body: &[u8]) -> Result<Vec<u8>, InvokeError> {
        let schema = Schema::api();
        let request = method_from_bytes(schema, body).expect("a request that can be read");
        self.calls.lock().unwrap().push((dc, request.clone()));
        let answer = (self.answers.lock().unwrap())(dc, &request)?;
        let ty = schema.method(request.name()).expect("a known method").ty();
        Ok(to_bytes(schema, ty, &answer).expect("an answer of the method's type"))
    }
}

impl Engine for FakeEngine {
    fn invoke(&self, request: Request) -> BoxFuture<'_, Result<Bytes, InvokeError>> {
        let answer = self.answer(request.dc, &request.body).map(Bytes::from);
        Box::pin(async move { answer })
    }

    fn updates(&self) -> UpdatesStream {
        unimplemented!("a function pushes nothing")
    }

    fn listen(&self) {}

    fn set_home(&self, _: DcId) {}

    fn renew(&self, _: DcId) {}

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}

/// The server's error.
pub(crate) fn rpc<T>(code: i32, message: &str) -> Result<T, InvokeError> {
    Err(InvokeError::Rpc {
        code,
        message: message.to_owned(),
    })
}

/// A client of a new session whose server is a function.
pub(crate) async fn client(
    answers: impl FnMut(DcId, &Value) -> Result<Value, InvokeError> + Send + 'static,
) -> (Client, Arc<FakeEngine>, TempDir) {
    let parent = TempDir::new().unwrap();
    let (client, engine) = client_in(&parent, answers).await;
    (client, engine, parent)
}

/// A client of the session in a directory.
pub(crate) async fn client_in(
    parent: &TempDir,
    answers: impl FnMut(DcId, &Value) -> Result<Value, InvokeError> + Send + 'static,
) -> (Client, Arc<FakeEngine>) {
    let dcs = [(DcId(2), "127.0.0.1:1".parse().unwrap())]
        .into_iter()
        .collect();
    client_of(parent, dcs, answers).await
}

/// A client with a list of DCs of its own; an empty one stands for Telegram's.
pub(crate) async fn client_of(
    parent: &TempDir,
    dcs: DcList,
    answers: impl FnMut(DcId, &Value) -> Result<Value, InvokeError> + Send + 'static,
) -> (Client, Arc<FakeEngine>) {
    let app = AppInfo {
        api_id: 17,
        api_hash: "hash".to_owned(),
        ..AppInfo::default()
    };
    let config = Config {
        app,
        dcs,
        ..Config::default()
    };
    let directory = parent.path().join("session.madeline");
    let session = Session::open(&directory, config.default_dc, config.lock_timeout)
        .await
        .unwrap();
    let engine = Arc::new(FakeEngine {
        answers: Mutex::new(Box::new(answers)),
        calls: Mutex::new(Vec::new()),
    });
    (
        Client::with_engine(
            session,
            Arc::new(config),
            Arc::clone(&engine) as Arc<dyn Engine>,
            Arc::default(),
        ),
        engine,
    )
}
