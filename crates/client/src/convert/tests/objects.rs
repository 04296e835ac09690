use madeline_tl::{Value, object};

use super::super::Need;
use super::peers::need;
use super::{Resolution, Script, object};

#[tokio::test]
async fn a_password_is_proven_not_sent() {
    let call = |script: &Script| {
        let args = object(&[
            ("peer", object!("inputPeerSelf")),
            ("msg_id", 1.into()),
            ("password", "secret".into()),
        ]);
        script
            .call("messages.getBotCallbackAnswer", &args)
            .map(|call| call.get("password").clone())
    };
    let script = Script::new().await;
    let wanted = Need::Password(b"secret".to_vec());
    assert_eq!(need(call(&script)), wanted);
    let proof = object!("inputCheckPasswordSRP", srp_id: 1, A: b"a", M1: b"m");
    let bytes = madeline_tl::boxed_to_bytes(madeline_tl::Schema::api(), &proof).unwrap();
    assert_eq!(
        call(&script.answered(wanted, Resolution::Password(bytes))).unwrap(),
        proof
    );
}

#[tokio::test]
async fn files_are_not_made_of_anything_else_yet() {
    let script = Script::new().await;
    let media = |media: Value| {
        script
            .call(
                "messages.sendMedia",
                &object(&[("peer", "me".into()), ("media", media)]),
            )
            .unwrap_err()
    };
    assert_eq!(
        media("file id".into()).to_string(),
        "Could not convert object of type InputMedia"
    );
    assert_eq!(
        media(object!("peerUser", user_id: 1)).to_string(),
        "Could not convert media object of type peerUser"
    );
}
