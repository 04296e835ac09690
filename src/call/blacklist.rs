//! Methods that scripts may not call by themselves, because the session's own state hangs on them.

/// What to use instead, by method; sorted by name.
const INSTEAD: &[(&str, &str)] = &[
    ("account.getPasswordSettings", "update2fa()"),
    ("account.updatePasswordSettings", "update2fa()"),
    (
        "auth.bindTempAuthKey",
        "start(): keys are bound by themselves",
    ),
    ("auth.checkPassword", "complete2faLogin()"),
    ("auth.exportAuthorization", "exportAuthorization()"),
    ("auth.importAuthorization", "importAuthorization()"),
    ("auth.importBotAuthorization", "botLogin()"),
    ("auth.logOut", "logout()"),
    ("auth.sendCode", "phoneLogin()"),
    ("auth.signIn", "completePhoneLogin()"),
    ("auth.signUp", "completeSignup()"),
    (
        "channels.getChannels",
        "getInfo(), getFullInfo() or getPwrChat()",
    ),
    ("channels.getFullChannel", "getFullInfo() or getPwrChat()"),
    (
        "contacts.resolveUsername",
        "getInfo(), getFullInfo() or getPwrChat()",
    ),
    ("messages.acceptEncryption", "acceptSecretChat()"),
    ("messages.discardEncryption", "discardSecretChat()"),
    ("messages.getDhConfig", "getDhConfig()"),
    ("messages.getFullChat", "getFullInfo() or getPwrChat()"),
    (
        "messages.receivedQueue",
        "an event handler or getUpdates(): they confirm what they got",
    ),
    ("messages.requestEncryption", "requestSecretChat()"),
    ("phone.acceptCall", "acceptCall()"),
    ("phone.confirmCall", "acceptCall()"),
    ("phone.discardCall", "discardCall()"),
    ("phone.requestCall", "requestCall()"),
    (
        "upload.getCdnFile",
        "downloadToFile(), downloadToDir() or downloadToStream()",
    ),
    (
        "upload.getCdnFileHashes",
        "downloadToFile(), downloadToDir() or downloadToStream()",
    ),
    (
        "upload.getFile",
        "downloadToFile(), downloadToDir() or downloadToStream()",
    ),
    (
        "upload.getFileHashes",
        "downloadToFile(), downloadToDir() or downloadToStream()",
    ),
    (
        "upload.reuploadCdnFile",
        "downloadToFile(), downloadToDir() or downloadToStream()",
    ),
    ("upload.saveBigFilePart", "upload()"),
    ("upload.saveFilePart", "upload()"),
    ("users.getFullUser", "getFullInfo() or getPwrChat()"),
    ("users.getUsers", "getInfo(), getFullInfo() or getPwrChat()"),
];

/// What to use in place of a method; `None` when it may be called.
pub(crate) fn replacement(method: &str) -> Option<&'static str> {
    let index = INSTEAD
        .binary_search_by_key(&method, |(name, _)| name)
        .ok()?;
    INSTEAD.get(index).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_every_method_is_found() {
        for (method, instead) in INSTEAD {
            assert_eq!(replacement(method), Some(*instead), "{method}");
        }
        assert_eq!(replacement("messages.sendMessage"), None);
    }
}
