//! Of a message in a channel: what is said of it elsewhere, who has seen it, and how posts are signed.

use ext_php_rs::types::Zval;

use super::{Subject, give, group};
use crate::class::{Frame, Method, Type};
use crate::exceptions::Thrown;
use crate::types::message::wrap;
use crate::zval::entries::values;

/// All of them.
pub(super) const METHODS: &[Method] = &[
    Method::new(c"getDiscussion", discussion).returns(
        Type::class(c"danog\\MadelineProto\\EventHandler\\Message\\GroupMessage").nullable(),
    ),
    Method::new(c"disableSignatures", |frame: &mut Frame<'_>| {
        sign(&Subject::of(frame, "disableSignatures")?, false)
    })
    .returns(Type::VOID),
    Method::new(c"enableSignatures", |frame: &mut Frame<'_>| {
        sign(&Subject::of(frame, "enableSignatures")?, true)
    })
    .returns(Type::VOID),
    Method::new(c"view", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "view")?;
        subject
            .call(
                "messages.getMessagesViews",
                [
                    ("peer", subject.chat()),
                    ("id", subject.ids()?),
                    ("increment", Zval::from(true)),
                ],
            )
            .map(drop)
    })
    .returns(Type::VOID),
    // As MadelineProto has it: what it calls is of supergroups.
    Method::new(c"hideHistory", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "hideHistory")?;
        group::toggle(&subject, "channels.toggleParticipantsHidden", true)
    })
    .returns(Type::VOID),
    Method::new(c"unhideHistory", |frame: &mut Frame<'_>| {
        let subject = Subject::of(frame, "unhideHistory")?;
        group::toggle(&subject, "channels.toggleParticipantsHidden", false)
    })
    .returns(Type::VOID),
];

/// The copy of the post in the group in which it is discussed.
fn discussion(frame: &mut Frame<'_>) -> Result<(), Thrown> {
    let subject = Subject::of(frame, "getDiscussion")?;
    let result = subject.call(
        "messages.getDiscussionMessage",
        [("peer", subject.chat()), ("msg_id", subject.id())],
    );
    let result = match result {
        // It is not discussed.
        Err(Thrown::Rpc(error)) if error.rpc() == "MSG_ID_INVALID" => return Ok(()),
        result => result?,
    };
    let messages = result.array().and_then(|result| result.get("messages"));
    let copy = messages
        .and_then(|messages| values(messages.dereference().array()?).last())
        .and_then(|copy| copy.dereference().array());
    if let Some(copy) = copy
        && let Some(copy) = wrap(&subject.instance, copy, false)?
    {
        return give(frame, copy);
    }
    Ok(())
}

fn sign(subject: &Subject<'_>, on: bool) -> Result<(), Thrown> {
    let arguments = [
        ("channel", subject.chat()),
        ("signatures_enabled", Zval::from(on)),
    ];
    subject
        .call("channels.toggleSignatures", arguments)
        .map(drop)
}
