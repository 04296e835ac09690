//! The RSA keys of CDNs' servers: Telegram's own servers tell them, <https://core.telegram.org/cdn#getting-files-from-a-cdn>.

use madeline_mtproto::RsaKey;
use madeline_tl::{Schema, Value, boxed_from_bytes, object};

use crate::{Client, DcId, Error, Session};

/// The setting that keeps `help.getCdnConfig`.
const CDN_CONFIG: &str = "cdn_config";

impl Client {
    /// Asks for the keys of a CDN where none is known.
    pub(crate) async fn learn_cdn_key(&self, dc: DcId) -> Result<(), Error> {
        if !known(self.session(), self.config().schema(), dc)?.is_empty() {
            return Ok(());
        }
        let answer = self.ask(object!("help.getCdnConfig")).await?;
        self.session().set_setting(CDN_CONFIG, Some(&answer.bytes))
    }

    /// Forgets them: the next file asks anew.
    pub(crate) fn forget_cdn_keys(&self) -> Result<(), Error> {
        self.session().set_setting(CDN_CONFIG, None)
    }
}

/// The keys of a CDN as they were told last.
pub(crate) fn known(session: &Session, schema: &Schema, dc: DcId) -> Result<Vec<RsaKey>, Error> {
    let Some(stored) = session.setting(CDN_CONFIG)? else {
        return Ok(Vec::new());
    };
    let config = boxed_from_bytes(schema, &stored).unwrap_or(Value::Null);
    let keys = config.list("public_keys").unwrap_or_default();
    Ok(keys
        .iter()
        .filter(|key| key.int("dc_id") == Ok(i64::from(dc.0)))
        .filter_map(|key| RsaKey::from_pem(key.text("public_key").ok()?).ok())
        .collect())
}
