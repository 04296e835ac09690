//! Our client without PHP, on either of its engines.

use std::path::Path;

use madeline_client::convert::{Need, Resolution};
use madeline_client::watch::block_on;
use madeline_client::{AppInfo, Authorization, Call, Client, Config, DcId, DcList, EngineKind};
use madeline_mtproto::RsaKey;
use madeline_tl::{Definition, Schema, Value, from_bytes, method_to_bytes, object};
use tokio::sync::OnceCell;

use crate::Failure;
use crate::data::{PART, checksum};
use crate::program::{Program, UploadPart, serve};
use crate::sandbox::{API_HASH, CODE, HOME, PHONE};
use crate::world::FILE_MESSAGE;

/// Logs in at `address` with a session in the working directory and does what standard input says.
pub(crate) fn run(
    engine: &str,
    address: &str,
    key_file: &str,
    connections: usize,
) -> Result<(), Failure> {
    let runtime = runtime()?;
    // As the extension waits for PHP.
    block_on(runtime.handle(), async {
        let config = config(engine, address, key_file, connections)?;
        let directory = format!("session-{}", std::process::id());
        let client = Client::open(Path::new(&directory), config).await?;
        client.phone_login(PHONE).await?;
        client.complete_phone_login(CODE).await?;
        let program = Ours {
            button: find_button(&client).await?,
            file: OnceCell::new(),
            connections: connections as u64,
            client,
        };
        serve(program).await
    })?
}

/// As [`run`], with a session that other processes use as well, and without files.
pub(crate) fn join(address: &str, key_file: &str, directory: &str) -> Result<(), Failure> {
    let runtime = runtime()?;
    block_on(runtime.handle(), async {
        let config = config("native", address, key_file, 1)?;
        let client = Client::open(Path::new(directory), config).await?;
        if client.authorization() == Authorization::NotLoggedIn {
            client.phone_login(PHONE).await?;
            client.complete_phone_login(CODE).await?;
        }
        let program = Ours {
            button: find_button(&client).await?,
            file: OnceCell::new(),
            connections: 1,
            client,
        };
        serve(program).await
    })?
}

/// As the extension's: one worker.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    Ok(tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?)
}

/// A client of the sandbox.
pub(crate) fn config(
    engine: &str,
    address: &str,
    key_file: &str,
    connections: usize,
) -> Result<Config, Failure> {
    Ok(Config {
        app: AppInfo {
            api_id: 1,
            api_hash: API_HASH.to_owned(),
            ..AppInfo::default()
        },
        dcs: [(DcId(HOME), address.parse()?)]
            .into_iter()
            .collect::<DcList>(),
        engine: match engine {
            "native" => EngineKind::Native,
            _ => EngineKind::Grammers,
        },
        max_media_sockets: connections,
        rsa_keys: vec![RsaKey::from_pem(&std::fs::read_to_string(key_file)?)?],
        ..Config::default()
    })
}

/// Calls a method and reads its result.
pub(crate) async fn ask(client: &Client, request: &Value) -> Result<Value, Failure> {
    let schema = Schema::api();
    let method = request.name();
    let call = Call::new(method, method_to_bytes(schema, request)?);
    let ty = schema.method(method).map(Definition::ty);
    let ty = ty.ok_or_else(|| format!("the schema has no {method}"))?;
    Ok(from_bytes(schema, ty, &client.invoke(call).await?)?)
}

/// `help.getNearestDc`, checked.
pub(crate) async fn nearest_dc(client: &Client) -> Result<(), Failure> {
    let nearest = ask(client, &object!("help.getNearestDc")).await?;
    match nearest.int("nearest_dc")? {
        dc if dc == i64::from(HOME) => Ok(()),
        other => Err(format!("the nearest DC is {HOME}, not {other}").into()),
    }
}

struct Ours {
    client: Client,
    button: Value,
    file: OnceCell<Value>,
    connections: u64,
}

impl Program for Ours {
    async fn press(&self) -> Result<(), Failure> {
        let answer = ask(&self.client, &self.button).await?;
        if answer.is("messages.botCallbackAnswer") {
            Ok(())
        } else {
            Err(format!("not an answer: {answer:?}").into())
        }
    }

    async fn nearest_dc(&self) -> Result<(), Failure> {
        nearest_dc(&self.client).await
    }

    fn connections(&self) -> u64 {
        self.connections
    }

    // Which of its connections a part takes is the client's business.
    async fn get_part(&self, _connection: u64, offset: u64) -> Result<u64, Failure> {
        let file = self
            .file
            .get_or_try_init(|| find_file(&self.client))
            .await?;
        let request = object!(
            "upload.getFile",
            precise: true,
            location: file.clone(),
            offset: offset as i64,
            limit: PART as i64,
        );
        let answer = ask(&self.client, &request).await?;
        Ok(checksum(offset, answer.bytes("bytes")?))
    }

    async fn save_part(&self, _connection: u64, part: UploadPart) -> Result<(), Failure> {
        let request = object!(
            "upload.saveBigFilePart",
            file_id: part.file_id,
            file_part: i64::from(part.number),
            file_total_parts: i64::from(part.total),
            bytes: Value::Bytes(part.bytes),
        );
        match ask(&self.client, &request).await? {
            Value::Bool(true) => Ok(()),
            _ => Err("a part was not stored".into()),
        }
    }
}

async fn find_button(client: &Client) -> Result<Value, Failure> {
    let Resolution::Peer(bot) = client.resolve(&Need::Username("bot".to_owned())).await? else {
        return Err("@bot was not found".into());
    };
    let access_hash = bot.access_hash.ok_or("the bot has no access hash")?;
    Ok(object!(
        "messages.getBotCallbackAnswer",
        peer: object!("inputPeerUser", user_id: bot.id.raw(), access_hash: access_hash),
        msg_id: 42,
        data: Value::Bytes(b"yes".to_vec()),
    ))
}

/// Where the file is that the benchmark's world has in a message.
async fn find_file(client: &Client) -> Result<Value, Failure> {
    let id = object!("inputMessageID", id: i64::from(FILE_MESSAGE));
    let found = ask(client, &object!("messages.getMessages", id: vec![id])).await?;
    let message = found.list("messages")?.first().ok_or("no message")?;
    let document = message.object("media")?.object("document")?;
    Ok(object!(
        "inputDocumentFileLocation",
        id: document.int("id")?,
        access_hash: document.int("access_hash")?,
        file_reference: document.get("file_reference").clone(),
        thumb_size: "",
    ))
}
