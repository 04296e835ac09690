//! The addresses of Telegram's DCs as `help.getConfig` gives them: DCs move, and some networks reach only some.

use std::net::SocketAddr;
use std::time::{SystemTime, UNIX_EPOCH};

use madeline_tl::{Value, object};

use crate::{Client, DcId, DcList, Error};

/// The setting that says until when the stored addresses are good, in Unix time.
const EXPIRES: &str = "dc_addresses.expires";

impl Client {
    /// Fetches the addresses when they are out of date; not where the configuration gives its own.
    pub(crate) async fn refresh_addresses(&self) -> Result<(), Error> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |now| now.as_secs() as i64);
        if !self.config().dcs.is_empty() || self.addresses_expire()? > now {
            return Ok(());
        }
        let answer = self.ask(object!("help.getConfig")).await?;
        let expires = answer.read(|config| config.int("expires"))?;
        let addresses: DcList = answer.read(|config| config.list("dc_options"))?.iter().filter_map(usable).collect();
        if !addresses.is_empty() {
            self.session().set_dc_addresses(&addresses, self.config().test_mode)?;
        }
        self.session().set_setting(EXPIRES, Some(&expires.to_le_bytes()))
    }

    fn addresses_expire(&self) -> Result<i64, Error> {
        let stored = self.session().setting(EXPIRES)?.and_then(|bytes| bytes.try_into().ok());
        Ok(stored.map_or(0, i64::from_le_bytes))
    }
}

/// The address of a `dcOption` that serves any client. Others are for files only, for files of channels, or want
/// obfuscation with a secret.
fn usable(option: &Value) -> Option<(DcId, SocketAddr)> {
    if ["media_only", "cdn", "tcpo_only"].iter().any(|flag| option.flag(flag)) {
        return None;
    }
    let dc = i32::try_from(option.int("id").ok()?).ok()?;
    let port = u16::try_from(option.int("port").ok()?).ok()?;
    let address = option.text("ip_address").ok()?.parse().ok()?;
    Some((DcId(dc), SocketAddr::new(address, port)))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use madeline_tl::object;

    use super::usable;
    use crate::DcId;

    #[test]
    fn only_addresses_for_everything_are_used() {
        let v4 = object!("dcOption", id: 2, ip_address: "149.154.167.51", port: 443);
        assert_eq!(usable(&v4).unwrap(), (DcId(2), "149.154.167.51:443".parse().unwrap()));
        let v6 = object!("dcOption", ipv6: true, id: 4, ip_address: "2001:67c:4e8:f004::a", port: 80);
        assert_eq!(usable(&v6).unwrap(), (DcId(4), "[2001:67c:4e8:f004::a]:80".parse().unwrap()));
        for special in [
            object!("dcOption", media_only: true, id: 2, ip_address: "149.154.167.51", port: 443),
            object!("dcOption", cdn: true, id: 203, ip_address: "149.154.167.51", port: 443),
            object!("dcOption", tcpo_only: true, id: 2, ip_address: "149.154.167.51", port: 443),
        ] {
            assert_eq!(usable(&special), None, "{special:?}");
        }
    }

    #[test]
    fn nonsense_is_left_out() {
        for (address, port) in [("not an address", 443), ("149.154.167.51", 65_536), ("149.154.167.51", -1)] {
            assert_eq!(usable(&object!("dcOption", id: 2, ip_address: address, port: port)), None);
        }
    }
}
