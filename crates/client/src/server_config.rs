//! The addresses of Telegram's DCs as `help.getConfig` gives them: DCs move, and some networks reach only some.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use madeline_tl::{Value, boxed_from_bytes, object};

use crate::{Client, DcId, DcList, Error};

/// The setting that says until when the stored addresses are good, in Unix time.
const EXPIRES: &str = "dc_addresses.expires";

/// The setting that keeps the whole configuration.
pub(crate) const CONFIG: &str = "server_config";

impl Client {
    /// Fetches the addresses when they are out of date; not where the configuration gives its own.
    pub(crate) async fn refresh_addresses(&self) -> Result<(), Error> {
        if !self.config().dcs.is_empty() || self.addresses_expire()? > now() {
            return Ok(());
        }
        let answer = self.ask(object!("help.getConfig")).await?;
        let expires = answer.read(|config| config.int("expires"))?;
        let addresses: DcList = answer
            .read(|config| config.list("dc_options"))?
            .iter()
            .filter_map(usable)
            .collect();
        if !addresses.is_empty() {
            self.session()
                .set_dc_addresses(&addresses, self.config().test_mode)?;
        }
        self.session()
            .set_setting(EXPIRES, Some(&expires.to_le_bytes()))
    }

    /// What `help.getConfig` said last, asked anew where that has expired. Boxed `config`.
    pub async fn server_config(&self) -> Result<Vec<u8>, Error> {
        let schema = self.config().schema();
        if let Some(stored) = self.session().setting(CONFIG)?
            && let Ok(config) = boxed_from_bytes(schema, &stored)
            && config.int("expires").is_ok_and(|expires| expires > now())
        {
            return Ok(stored);
        }
        let answer = self.ask(object!("help.getConfig")).await?;
        self.session().set_setting(CONFIG, Some(&answer.bytes))?;
        Ok(answer.bytes.into())
    }

    /// The server says that its configuration has changed: it is asked for again when it is needed.
    pub(crate) fn expire_server_config(&self) -> Result<(), Error> {
        self.session().set_setting(EXPIRES, None)?;
        self.session().set_setting(CONFIG, None)
    }

    fn addresses_expire(&self) -> Result<i64, Error> {
        let stored = self
            .session()
            .setting(EXPIRES)?
            .and_then(|bytes| bytes.try_into().ok());
        Ok(stored.map_or(0, i64::from_le_bytes))
    }
}

fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |now| now.as_secs() as i64)
}

/// The address of a `dcOption`, unless it wants obfuscation with a secret. Those for files only are [`DcId::media`]'s; CDNs
/// have numbers of their own, by which nothing asks them but downloads. No other port than the one that is given is ever tried.
fn usable(option: &Value) -> Option<(DcId, SocketAddr)> {
    if option.flag("tcpo_only") {
        return None;
    }
    let dc = DcId(i32::try_from(option.int("id").ok()?).ok()?).main();
    let dc = if option.flag("media_only") {
        dc.media()
    } else {
        dc
    };
    let port = u16::try_from(option.int("port").ok()?).ok()?;
    let address = option.text("ip_address").ok()?.parse().ok()?;
    Some((dc, SocketAddr::new(address, port)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]

    use std::net::SocketAddr;

    use madeline_tl::{Value, object};
    use tempfile::TempDir;

    use super::usable;
    use crate::engine::InvokeError;
    use crate::engine::fake::{client_of, rpc};
    use crate::session::OwnUser;
    use crate::{Client, DcId, DcList};

    fn address(text: &str) -> SocketAddr {
        text.parse().unwrap()
    }

    fn config(expires: i32) -> Value {
        let option = object!("dcOption", id: 2, ip_address: "192.0.2.7", port: 443);
        let mut config = madeline_tl::Object::new("config");
        for number in NUMBERS {
            config.set(*number, 0);
        }
        for text in ["dc_txt_domain_name", "me_url_prefix"] {
            config.set(text, "");
        }
        config.set("test_mode", false);
        config.set("expires", expires);
        let media =
            object!("dcOption", media_only: true, id: 2, ip_address: "192.0.2.8", port: 443);
        config.set("dc_options", vec![option, media]);
        config.into()
    }

    /// What else a `config` must have.
    const NUMBERS: &[&str] = &[
        "date",
        "this_dc",
        "chat_size_max",
        "megagroup_size_max",
        "forwarded_count_max",
        "online_update_period_ms",
        "offline_blur_timeout_ms",
        "offline_idle_timeout_ms",
        "online_cloud_timeout_ms",
        "notify_cloud_delay_ms",
        "notify_default_delay_ms",
        "push_chat_period_ms",
        "push_chat_limit",
        "edit_time_limit",
        "revoke_time_limit",
        "revoke_pm_time_limit",
        "rating_e_decay",
        "stickers_recent_limit",
        "channels_read_media_period",
        "call_receive_timeout_ms",
        "call_ring_timeout_ms",
        "call_connect_timeout_ms",
        "call_packet_timeout_ms",
        "caption_length_max",
        "message_length_max",
        "webfile_dc_id",
    ];

    async fn logged_in(
        dcs: DcList,
        expires: i32,
    ) -> (
        Client,
        std::sync::Arc<crate::engine::fake::FakeEngine>,
        TempDir,
    ) {
        let parent = TempDir::new().unwrap();
        let (client, engine) =
            client_of(&parent, dcs, move |_, request| answer(request, expires)).await;
        client
            .session()
            .set_logged_in(OwnUser {
                id: 1,
                bot: false,
                bytes: vec![1],
            })
            .unwrap();
        (client, engine, parent)
    }

    fn answer(request: &Value, expires: i32) -> Result<Value, InvokeError> {
        match request.name() {
            "help.getConfig" => Ok(config(expires)),
            "users.getUsers" => Ok(vec![object!("user", self: true, id: 1_i64)].into()),
            _ => rpc(400, "METHOD_INVALID"),
        }
    }

    #[tokio::test]
    async fn telegrams_addresses_are_kept_until_they_expire_and_the_built_in_ones_stay_behind_them()
    {
        let (client, engine, _parent) = logged_in(DcList::new(), i32::MAX).await;
        client.full_get_self().await.unwrap();
        client.full_get_self().await.unwrap();
        assert_eq!(
            engine
                .methods()
                .iter()
                .filter(|method| *method == "help.getConfig")
                .count(),
            1
        );
        let addresses = client
            .config()
            .addresses(DcId(2), client.session())
            .unwrap();
        assert_eq!(
            addresses[..2],
            [address("192.0.2.7:443"), address("149.154.167.51:443")]
        );
        let of_files = |dc: DcId| client.config().addresses(dc.media(), client.session());
        assert_eq!(of_files(DcId(2)).unwrap(), [address("192.0.2.8:443")]);
        assert!(of_files(DcId(4)).is_err());
    }

    #[tokio::test]
    async fn expired_addresses_are_asked_for_again() {
        let (client, engine, _parent) = logged_in(DcList::new(), 1).await;
        client.full_get_self().await.unwrap();
        client.full_get_self().await.unwrap();
        assert_eq!(
            engine
                .methods()
                .iter()
                .filter(|method| *method == "help.getConfig")
                .count(),
            2
        );
    }

    #[tokio::test]
    async fn addresses_of_the_configuration_are_the_only_ones() {
        let own: DcList = [(DcId(2), address("127.0.0.1:4431"))].into_iter().collect();
        let (client, engine, _parent) = logged_in(own, i32::MAX).await;
        client.full_get_self().await.unwrap();
        assert_eq!(engine.methods(), ["users.getUsers"]);
        assert_eq!(
            client
                .config()
                .addresses(DcId(2), client.session())
                .unwrap(),
            [address("127.0.0.1:4431")]
        );
        assert!(
            client
                .config()
                .addresses(DcId(1), client.session())
                .is_err()
        );
    }

    #[test]
    fn addresses_for_files_and_for_everything_are_used_as_they_are_meant() {
        let v4 = object!("dcOption", id: 2, ip_address: "149.154.167.51", port: 443);
        assert_eq!(
            usable(&v4).unwrap(),
            (DcId(2), address("149.154.167.51:443"))
        );
        let v6 =
            object!("dcOption", ipv6: true, id: 4, ip_address: "2001:67c:4e8:f004::a", port: 80);
        assert_eq!(
            usable(&v6).unwrap(),
            (DcId(4), address("[2001:67c:4e8:f004::a]:80"))
        );
        let cdn = object!("dcOption", cdn: true, id: 203, ip_address: "192.0.2.1", port: 443);
        assert_eq!(usable(&cdn).unwrap(), (DcId(203), address("192.0.2.1:443")));
        let media =
            object!("dcOption", media_only: true, id: 2, ip_address: "149.154.167.151", port: 443);
        assert_eq!(
            usable(&media).unwrap(),
            (DcId(2).media(), address("149.154.167.151:443"))
        );
        for media_only in [false, true] {
            let secret = object!("dcOption", tcpo_only: true, media_only: media_only,
                id: 2, ip_address: "149.154.167.51", port: 443, secret: vec![1_u8; 16]);
            assert_eq!(usable(&secret), None);
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        for (address, port) in [
            ("not an address", 443),
            ("149.154.167.51", 65_536),
            ("149.154.167.51", -1),
        ] {
            assert_eq!(
                usable(&object!("dcOption", id: 2, ip_address: address, port: port)),
                None
            );
        }
    }

    #[tokio::test]
    async fn the_configuration_is_asked_for_again_when_it_has_expired() {
        for (expires, asked) in [(i32::MAX, 1), (1, 2)] {
            let dcs = [(DcId(2), address("127.0.0.1:1"))].into_iter().collect();
            let (client, engine, _parent) = logged_in(dcs, expires).await;
            let config = client.server_config().await.unwrap();
            assert_eq!(client.server_config().await.unwrap(), config);
            let methods = engine.methods();
            let count = methods
                .iter()
                .filter(|name| *name == "help.getConfig")
                .count();
            assert_eq!(count, asked, "expires {expires}");
        }
    }
}
