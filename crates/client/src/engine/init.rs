//! How a session introduces itself: `invokeWithLayer` and `initConnection` around its first request.
//!
//! <https://core.telegram.org/api/invoking>

use bytes::Bytes;

use crate::AppInfo;

/// `invokeWithLayer layer:int query:!X = X`
const INVOKE_WITH_LAYER: u32 = 0xda9b_0d0d;
/// `initConnection`, whose parameters have been the same since layer 82.
const INIT_CONNECTION: u32 = 0xc1cd_5ea9;
/// `invokeWithoutUpdates query:!X = X`
const INVOKE_WITHOUT_UPDATES: u32 = 0xbf94_59b7;
/// `help.getConfig = Config`
const GET_CONFIG: u32 = 0xc4f9_186b;

/// The introduction that goes in front of a request.
pub(super) fn introduction(app: &AppInfo, layer: i32) -> Vec<u8> {
    let mut request = Vec::with_capacity(256);
    request.extend_from_slice(&INVOKE_WITH_LAYER.to_le_bytes());
    request.extend_from_slice(&layer.to_le_bytes());
    request.extend_from_slice(&INIT_CONNECTION.to_le_bytes());
    let flags = 0_i32; // neither proxy nor params
    request.extend_from_slice(&flags.to_le_bytes());
    request.extend_from_slice(&app.api_id.to_le_bytes());
    let texts = [
        &app.device_model,
        &app.system_version,
        &app.app_version,
        &app.system_lang_code,
        &app.lang_pack,
        &app.lang_code,
    ];
    for text in texts {
        write_string(text.as_bytes(), &mut request);
    }
    request
}

/// The introduction to a server of others, which says of this machine and its user nothing.
pub(super) fn anonymous(app: &AppInfo, layer: i32) -> Vec<u8> {
    let nobody = AppInfo {
        api_id: app.api_id,
        api_hash: String::new(),
        device_model: "n/a".to_owned(),
        system_version: "n/a".to_owned(),
        app_version: app.app_version.clone(),
        lang_code: "en".to_owned(),
        system_lang_code: "en".to_owned(),
        lang_pack: String::new(),
    };
    introduction(&nobody, layer)
}

/// What says that this session is not for updates; goes in front of a request, behind the introduction.
pub(super) fn without_updates() -> [u8; 4] {
    INVOKE_WITHOUT_UPDATES.to_le_bytes()
}

/// The request that the pool's connections send before all others; `None` when the pool's own introduction, whose
/// language pack is empty, is right.
pub(super) fn own_request(app: &AppInfo) -> Option<Bytes> {
    if app.lang_pack.is_empty() {
        return None;
    }
    let mut request = introduction(app, grammers_tl_types::LAYER);
    request.extend_from_slice(&GET_CONFIG.to_le_bytes());
    Some(request.into())
}

/// A TL `string`: <https://core.telegram.org/mtproto/serialize#base-types>.
fn write_string(text: &[u8], out: &mut Vec<u8>) {
    match u8::try_from(text.len()) {
        Ok(length) if length < 254 => out.push(length),
        _ => {
            let [low, middle, high, ..] = text.len().to_le_bytes();
            out.extend_from_slice(&[254, low, middle, high]);
        }
    }
    out.extend_from_slice(text);
    out.resize(out.len().next_multiple_of(4), 0);
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use grammers_tl_types::{self as tl, Serializable};

    use super::*;
    use crate::AppInfo;

    #[test]
    fn the_pools_introduction_is_left_alone_when_it_says_the_same() {
        assert!(own_request(&AppInfo::default()).is_none());
    }

    #[test]
    fn a_session_is_introduced_as_telegram_describes_it() {
        for (layer, lang_pack) in [
            (190, ""),
            (tl::LAYER, "tdesktop"),
            (190, &*"long".repeat(100)),
        ] {
            let app = AppInfo {
                api_id: 17,
                lang_pack: lang_pack.to_owned(),
                ..AppInfo::default()
            };
            let expected = tl::functions::InvokeWithLayer {
                layer,
                query: tl::functions::InitConnection {
                    api_id: 17,
                    device_model: app.device_model.clone(),
                    system_version: app.system_version.clone(),
                    app_version: app.app_version.clone(),
                    system_lang_code: app.system_lang_code.clone(),
                    lang_pack: app.lang_pack.clone(),
                    lang_code: app.lang_code.clone(),
                    proxy: None,
                    params: None,
                    query: tl::functions::InvokeWithoutUpdates {
                        query: tl::functions::help::GetConfig {},
                    },
                },
            };
            let mut request = introduction(&app, layer);
            request.extend_from_slice(&without_updates());
            request.extend_from_slice(&GET_CONFIG.to_le_bytes());
            assert_eq!(request, expected.to_bytes());
        }
    }
}
