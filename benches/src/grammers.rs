//! The other side of the comparison: grammers-client, used as its own documentation says, pressing the same button.

use std::io::{BufRead, Write};
use std::net::{Ipv6Addr, SocketAddr, SocketAddrV6};
use std::sync::Arc;
use std::time::{Duration, Instant};

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
use rustix::time::{ClockId, clock_gettime};

use crate::Failure;
use crate::peer::Cost;

const HOME: i32 = 2;
const API_HASH: &str = "0123456789abcdef0123456789abcdef";

/// Logs in at `address` and answers each line on standard input with what that many presses cost.
pub(crate) fn serve(address: &str, key_file: &str) -> Result<(), Failure> {
    // One worker, as the extension has.
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(press(address.parse()?, key_file))
}

async fn press(address: SocketAddr, key_file: &str) -> Result<(), Failure> {
    let client = connect(address, key_file).await?;
    sign_in(&client).await?;
    let request = functions::messages::GetBotCallbackAnswer {
        game: false,
        peer: find_bot(&client).await?,
        msg_id: 42,
        data: Some(b"yes".to_vec()),
        password: None,
    };
    for line in std::io::stdin().lock().lines() {
        let repetitions: u32 = line?.trim().parse()?;
        let cpu_before = cpu_us();
        let before = Instant::now();
        for _ in 0..repetitions {
            let enums::messages::BotCallbackAnswer::Answer(_) = client.invoke(&request).await?;
        }
        let times = f64::from(repetitions);
        let cost = Cost {
            wall_us: before.elapsed().as_secs_f64() * 1e6 / times,
            cpu_us: (cpu_us() - cpu_before) / times,
        };
        let mut output = std::io::stdout().lock();
        writeln!(output, "{}", serde_json::to_string(&cost)?)?;
        output.flush()?;
    }
    Ok(())
}

/// grammers knows Telegram's own RSA keys only, so the key comes from our exchange and goes in through its session.
async fn connect(address: SocketAddr, key_file: &str) -> Result<Client, Failure> {
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
    let SenderPool { runner, handle, .. } = SenderPool::new(Arc::new(session), 1);
    tokio::spawn(runner.run());
    Ok(Client::new(handle))
}

async fn sign_in(client: &Client) -> Result<(), Failure> {
    let phone_number = "9996612001".to_owned();
    let sent = client
        .invoke(&functions::auth::SendCode {
            phone_number: phone_number.clone(),
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
            phone_number,
            phone_code_hash: sent.phone_code_hash,
            phone_code: Some("12345".to_owned()),
            email_verification: None,
        })
        .await?;
    Ok(())
}

async fn find_bot(client: &Client) -> Result<enums::InputPeer, Failure> {
    let enums::contacts::ResolvedPeer::Peer(found) = client
        .invoke(&functions::contacts::ResolveUsername {
            username: "bot".to_owned(),
            referer: None,
        })
        .await?;
    match found.users.into_iter().next() {
        Some(enums::User::User(user)) => Ok(types::InputPeerUser {
            user_id: user.id,
            access_hash: user.access_hash.ok_or("the bot has no access hash")?,
        }
        .into()),
        _ => Err("@bot was not found".into()),
    }
}

/// CPU time of this process so far, user and system, in microseconds.
fn cpu_us() -> f64 {
    let used = clock_gettime(ClockId::ProcessCPUTime);
    Duration::new(used.tv_sec as u64, used.tv_nsec as u32).as_secs_f64() * 1e6
}
