//! `help.*`: what a client asks before it knows anybody.

use madeline_tl::{Value, object};

use super::{Call, Outcome, int};
use crate::error::bad_request;
use crate::state::{CDN_DC, Kind};

/// Longest message, in characters.
pub(super) const MESSAGE_LENGTH_MAX: i32 = 4096;
/// Longest text beside a file, in code points.
pub(super) const CAPTION_LENGTH_MAX: i32 = 1024;
/// Seconds in which a message may be edited.
pub(super) const EDIT_TIME_LIMIT: i32 = 172_800;

/// `help.getConfig`.
pub(super) fn config(call: &mut Call<'_>, _: &Value) -> Outcome {
    let state = &call.state;
    let options: Vec<Value> = state
        .rules
        .ports
        .iter()
        .map(|(dc, port)| {
            object!("dcOption",
                this_port_only: true, media_only: *dc < 0, cdn: *dc == CDN_DC, id: dc.abs(), ip_address: "127.0.0.1", port: i32::from(*port))
        })
        .collect();
    let config = object!("config",
        revoke_pm_inbox: true,
        date: state.now,
        expires: state.now + 3600,
        test_mode: state.rules.test_mode,
        this_dc: call.key.dc,
        dc_options: options,
        dc_txt_domain_name: "",
        chat_size_max: 200,
        megagroup_size_max: 200_000,
        forwarded_count_max: 100,
        online_update_period_ms: 210_000,
        offline_blur_timeout_ms: 5_000,
        offline_idle_timeout_ms: 30_000,
        online_cloud_timeout_ms: 300_000,
        notify_cloud_delay_ms: 30_000,
        notify_default_delay_ms: 1_500,
        push_chat_period_ms: 60_000,
        push_chat_limit: 2,
        edit_time_limit: EDIT_TIME_LIMIT,
        revoke_time_limit: i32::MAX,
        revoke_pm_time_limit: i32::MAX,
        rating_e_decay: 2_419_200,
        stickers_recent_limit: 200,
        channels_read_media_period: 604_800,
        call_receive_timeout_ms: 20_000,
        call_ring_timeout_ms: 90_000,
        call_connect_timeout_ms: 30_000,
        call_packet_timeout_ms: 10_000,
        me_url_prefix: "https://t.me/",
        caption_length_max: CAPTION_LENGTH_MAX,
        message_length_max: MESSAGE_LENGTH_MAX,
        webfile_dc_id: call.key.dc,
    );
    Ok(config.into())
}

/// `help.getNearestDc`.
pub(super) fn nearest_dc(call: &mut Call<'_>, _: &Value) -> Outcome {
    let rules = &call.state.rules;
    Ok(object!("nearestDc",
        country: rules.country.clone(), this_dc: call.key.dc, nearest_dc: rules.default_dc)
    .into())
}

/// `help.getAppConfig`: an empty configuration, always the same.
pub(super) fn app_config(_: &mut Call<'_>, query: &Value) -> Outcome {
    const HASH: i32 = 1;
    if int(query, "hash") == HASH {
        return Ok(object!("help.appConfigNotModified").into());
    }
    let nothing: Vec<Value> = Vec::new();
    Ok(object!("help.appConfig", hash: HASH, config: object!("jsonObject", value: nothing)).into())
}

/// `help.getSupport`, where the world has somebody for it.
pub(super) fn support(call: &mut Call<'_>, _: &Value) -> Outcome {
    let state = &call.state;
    let id = state
        .rules
        .support
        .ok_or_else(|| bad_request("METHOD_INVALID"))?;
    let phone_number = match state.users.get(&id).map(|user| &user.kind) {
        Some(Kind::Person { phone, .. }) => phone.clone(),
        _ => String::new(),
    };
    let user = state
        .user_value(call.user, id)
        .ok_or_else(|| bad_request("METHOD_INVALID"))?;
    Ok(object!("help.support", phone_number: phone_number, user: user).into())
}
