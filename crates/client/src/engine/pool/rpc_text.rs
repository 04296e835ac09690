//! The text of an `rpc_error` as the server sent it.
//!
//! grammers takes the first number out of the text: `FLOOD_WAIT_30` arrives as the name `FLOOD_WAIT` and the
//! value 30. This puts it back. What cannot be told from the two: leading zeros of a number, and where a number
//! stood in a text that is not in [`INNER`].

/// Texts whose number is not at the end: name as it arrives, what stands before the number, what behind it.
const INNER: &[(&str, &str, &str)] = &[
    ("FILE_PART_MISSING", "FILE_PART_", "_MISSING"),
    ("FILE_PART_INVALID", "FILE_PART_", "_INVALID"),
    ("FILE_REFERENCE_EXPIRED", "FILE_REFERENCE_", "_EXPIRED"),
    ("FILE_REFERENCE_INVALID", "FILE_REFERENCE_", "_INVALID"),
    ("INTERDC_CALL_ERROR", "INTERDC_", "_CALL_ERROR"),
    ("INTERDC_CALL_RICH_ERROR", "INTERDC_", "_CALL_RICH_ERROR"),
    (
        "PREVIOUS_CHAT_IMPORT_ACTIVE_WAITMIN",
        "PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_",
        "MIN",
    ),
];

/// The one text that begins with a number and may end with another.
const CONFIRM_WAIT: &str = "2FA_CONFIRM_WAIT";

/// The raw text of an error.
pub(super) fn raw(name: &str, value: Option<u32>) -> String {
    let Some(value) = value else {
        return name.to_owned();
    };
    if let Some(rest) = name.strip_prefix(CONFIRM_WAIT) {
        // The value is the leading 2; a number that begins with another digit was left in place.
        return if rest.starts_with('_') {
            name.to_owned()
        } else {
            format!("{CONFIRM_WAIT}_{value}{rest}")
        };
    }
    if let Some((_, before, behind)) = INNER.iter().find(|(arrived, ..)| *arrived == name) {
        return format!("{before}{value}{behind}");
    }
    if first_number(name) == Some(value) {
        // Only "_n" is taken out: MD5_CHECKSUM_INVALID arrives whole.
        return name.to_owned();
    }
    format!("{name}_{value}")
}

fn first_number(text: &str) -> Option<u32> {
    text.split(|c: char| !c.is_ascii_digit())
        .find_map(|digits| digits.parse().ok())
}

#[cfg(test)]
mod tests {
    use grammers_mtsender::RpcError;
    use grammers_tl_types::types;

    use super::raw;

    fn through_grammers(text: &str) -> String {
        let error = RpcError::from(types::RpcError {
            error_code: 400,
            error_message: text.to_owned(),
        });
        raw(&error.name, error.value)
    }

    #[test]
    fn texts_come_back_as_the_server_sent_them() {
        for text in [
            "CHANNEL_INVALID",
            "Timeout",
            "FLOOD_WAIT_30",
            "FLOOD_PREMIUM_WAIT_3",
            "PHONE_MIGRATE_2",
            "FILE_PART_5_MISSING",
            "FILE_REFERENCE_0_EXPIRED",
            "INTERDC_2_CALL_ERROR",
            "INTERDC_2_CALL_RICH_ERROR",
            "PREVIOUS_CHAT_IMPORT_ACTIVE_WAIT_5MIN",
            "2FA_CONFIRM_WAIT_28800",
            "2FA_CONFIRM_WAIT_604800",
            "2FA_CONFIRM_WAIT_2",
            "MD5_CHECKSUM_INVALID",
            "No workers running",
        ] {
            assert_eq!(through_grammers(text), text);
        }
    }

    #[test]
    fn leading_zeros_are_lost() {
        assert_eq!(through_grammers("SOMETHING_007"), "SOMETHING_7");
    }
}
