//! The application's id and hash, which a session needs once and remembers.

use madeline_client::session::APP_SETTING;
use madeline_client::{Config, Session};

use super::{APP_INFO, html_template, part};
use crate::class::Object;
use crate::exceptions::Thrown;
use crate::prompt;

/// Where the session keeps the template of the page that asks for them (`API::setWebApiTemplate()`).
pub(crate) const TEMPLATE: &str = "web_api_template";

/// Fills in the id and hash where neither script nor ini table gave them: from the session, which remembers those it
/// was opened with, else by asking in the terminal. True when `config` changed.
pub(crate) fn complete_app(
    config: &mut Config,
    settings: &Object,
    session: &Session,
) -> Result<bool, Thrown> {
    let stored = session.setting(APP_SETTING)?;
    let known = (config.app.api_id, config.app.api_hash.clone());
    if known.0 != 0 && !known.1.is_empty() {
        store(session, stored.as_deref(), &known)?;
        return Ok(false);
    }
    let (api_id, api_hash) = if let Some(remembered) = stored.as_deref().and_then(parse) {
        remembered
    } else {
        let asks = part(settings, "appInfo")?
            .object()
            .is_none_or(|app| APP_INFO.read(app, "showPrompt").bool().unwrap_or(true));
        let template = match session.setting(TEMPLATE)? {
            Some(own) => String::from_utf8_lossy(&own).into_owned(),
            None => html_template(settings)?,
        };
        let given = prompt::app(asks, &template)?;
        store(session, None, &given)?;
        given
    };
    config.app.api_id = api_id;
    config.app.api_hash = api_hash;
    Ok(true)
}

fn store(
    session: &Session,
    stored: Option<&[u8]>,
    (id, hash): &(i32, String),
) -> Result<(), Thrown> {
    let value = format!("{id}:{hash}");
    if stored != Some(value.as_bytes()) {
        session.set_setting(APP_SETTING, Some(value.as_bytes()))?;
    }
    Ok(())
}

fn parse(stored: &[u8]) -> Option<(i32, String)> {
    let (id, hash) = std::str::from_utf8(stored).ok()?.split_once(':')?;
    Some((id.parse().ok()?, hash.to_owned()))
}
