//! The other side of the comparisons: grammers-client, used as its own documentation says.

use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::Arc;
use std::time::Duration;

use grammers_client::Client;
use grammers_mtsender::SenderPool;
use grammers_session::Session;
use grammers_session::storages::MemorySession;
use grammers_session::types::DcOption;
use grammers_tl_types::{enums, functions, types};
use madeline_mtproto::RsaKey;
use madeline_mtproto::dial::Route;
use madeline_mtproto::driver::create_auth_key;
use madeline_mtproto::transport::Kind;
use tokio::sync::OnceCell;

use crate::Failure;
use crate::data::{PART, checksum};
use crate::program::{Program, UploadPart, serve};
use crate::sandbox::{API_HASH, CODE, HOME, PHONE};
use crate::world::FILE_MESSAGE;

/// Logs in at `address` and does what standard input says.
///
/// A client of grammers has one connection to a DC. More of them are more clients, each with a pool of its own over one
/// key: the most that somebody can do who wants files faster.
pub(crate) fn run(address: &str, key_file: &str, connections: usize) -> Result<(), Failure> {
    // One worker, as the extension has.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let session = session(address.parse()?, key_file).await?;
        let mut clients = Vec::new();
        for _ in 0..connections {
            let SenderPool { runner, handle, .. } = SenderPool::new(Arc::clone(&session), 1);
            tokio::spawn(runner.run());
            clients.push(Client::new(handle));
        }
        let first = clients.first().ok_or("no connection is wanted")?;
        sign_in(first).await?;
        let button = find_button(first).await?;
        serve(Grammers {
            clients,
            button,
            file: OnceCell::new(),
        })
        .await
    })
}

struct Grammers {
    clients: Vec<Client>,
    button: functions::messages::GetBotCallbackAnswer,
    file: OnceCell<enums::InputFileLocation>,
}

impl Grammers {
    fn client(&self, connection: u64) -> Result<&Client, Failure> {
        let client = self.clients.get(connection as usize);
        client.ok_or_else(|| format!("there is no connection {connection}").into())
    }
}

impl Program for Grammers {
    async fn press(&self) -> Result<(), Failure> {
        let enums::messages::BotCallbackAnswer::Answer(_) =
            self.client(0)?.invoke(&self.button).await?;
        Ok(())
    }

    async fn nearest_dc(&self) -> Result<(), Failure> {
        let enums::NearestDc::Dc(nearest) = self
            .client(0)?
            .invoke(&functions::help::GetNearestDc {})
            .await?;
        match nearest.nearest_dc {
            HOME => Ok(()),
            other => Err(format!("the nearest DC is {HOME}, not {other}").into()),
        }
    }

    fn connections(&self) -> u64 {
        self.clients.len() as u64
    }

    async fn get_part(&self, connection: u64, offset: u64) -> Result<u64, Failure> {
        let client = self.client(connection)?;
        let file = self.file.get_or_try_init(|| find_file(client)).await?;
        let answer = client
            .invoke(&functions::upload::GetFile {
                precise: true,
                cdn_supported: false,
                location: file.clone(),
                offset: offset as i64,
                limit: PART as i32,
            })
            .await?;
        match answer {
            enums::upload::File::File(file) => Ok(checksum(offset, &file.bytes)),
            enums::upload::File::CdnRedirect(_) => Err("the file is elsewhere".into()),
        }
    }

    async fn save_part(&self, connection: u64, part: UploadPart) -> Result<(), Failure> {
        let saved = self
            .client(connection)?
            .invoke(&functions::upload::SaveBigFilePart {
                file_id: part.file_id,
                file_part: part.number,
                file_total_parts: part.total,
                bytes: part.bytes,
            })
            .await?;
        if saved {
            Ok(())
        } else {
            Err("a part was not stored".into())
        }
    }
}

/// grammers knows Telegram's own RSA keys only, so the key comes from our exchange and goes in through its session.
async fn session(address: SocketAddr, key_file: &str) -> Result<Arc<MemorySession>, Failure> {
    let SocketAddr::V4(ipv4) = address else {
        return Err("the sandbox listens on IPv4".into());
    };
    let server_key = RsaKey::from_pem(&std::fs::read_to_string(key_file)?)?;
    let created = create_auth_key(
        address,
        &Route::direct(Kind::Abridged),
        &[server_key],
        HOME as i16,
        None,
        Duration::from_secs(10),
    )
    .await?;
    let session = MemorySession::default();
    session.set_home_dc_id(HOME).await?;
    session
        .set_dc_option(&DcOption {
            id: HOME,
            ipv4,
            ipv6: SocketAddrV6::new(Ipv6Addr::LOCALHOST, ipv4.port(), 0, 0),
            auth_key: Some(*created.key.as_bytes()),
        })
        .await?;
    Ok(Arc::new(session))
}

async fn sign_in(client: &Client) -> Result<(), Failure> {
    let sent = client
        .invoke(&functions::auth::SendCode {
            phone_number: PHONE.to_owned(),
            api_id: 1,
            api_hash: API_HASH.to_owned(),
            settings: types::CodeSettings {
                allow_flashcall: false,
                current_number: false,
                allow_app_hash: false,
                allow_missed_call: false,
                allow_firebase: false,
                unknown_number: false,
                logout_tokens: None,
                token: None,
                app_sandbox: None,
            }
            .into(),
        })
        .await?;
    let enums::auth::SentCode::Code(sent) = sent else {
        return Err("no code was sent".into());
    };
    client
        .invoke(&functions::auth::SignIn {
            phone_number: PHONE.to_owned(),
            phone_code_hash: sent.phone_code_hash,
            phone_code: Some(CODE.to_owned()),
            email_verification: None,
        })
        .await?;
    Ok(())
}

async fn find_button(
    client: &Client,
) -> Result<functions::messages::GetBotCallbackAnswer, Failure> {
    let enums::contacts::ResolvedPeer::Peer(found) = client
        .invoke(&functions::contacts::ResolveUsername {
            username: "bot".to_owned(),
            referer: None,
        })
        .await?;
    let peer = match found.users.into_iter().next() {
        Some(enums::User::User(user)) => types::InputPeerUser {
            user_id: user.id,
            access_hash: user.access_hash.ok_or("the bot has no access hash")?,
        },
        _ => return Err("@bot was not found".into()),
    };
    Ok(functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: peer.into(),
        msg_id: 42,
        data: Some(b"yes".to_vec()),
        password: None,
    })
}

/// Where the file is that the benchmark's world has in a message.
async fn find_file(client: &Client) -> Result<enums::InputFileLocation, Failure> {
    let found = client
        .invoke(&functions::messages::GetMessages {
            id: vec![types::InputMessageId { id: FILE_MESSAGE }.into()],
        })
        .await?;
    let enums::messages::Messages::Messages(found) = found else {
        return Err("not the messages of a private chat".into());
    };
    if let Some(enums::Message::Message(message)) = found.messages.into_iter().next()
        && let Some(enums::MessageMedia::Document(media)) = message.media
        && let Some(enums::Document::Document(document)) = media.document
    {
        return Ok(types::InputDocumentFileLocation {
            id: document.id,
            access_hash: document.access_hash,
            file_reference: document.file_reference,
            thumb_size: String::new(),
        }
        .into());
    }
    Err(format!("message {FILE_MESSAGE} has no file").into())
}
